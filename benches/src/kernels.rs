//! The programs: checked-in `.wasm` files of `kernels/`, each with the size of one run. Those of
//! others, which are not checked in, are in `foreign`.

use crate::Error;
use crate::engines::{Engine, Imported, Loaded};
use crate::foreign::Driver;
use std::borrow::Cow;

/// One program with the argument that makes a run long enough to time and short enough to repeat.
pub(crate) struct Kernel {
    /// File name without its extension.
    pub(crate) name: &'static str,
    /// What kind of work it stands for; ratios are judged by family.
    pub(crate) family: &'static str,
    /// The module.
    pub(crate) wasm: Cow<'static, [u8]>,
    /// Argument of `run`: 20 to 60 ms on wasmi 2.0 on the machine of the published table.
    pub(crate) size: i32,
    /// What drives a module that we did not write.
    pub(crate) driver: Option<Driver>,
}

impl Kernel {
    /// Makes it ready to run on an engine.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub(crate) fn load(&self, engine: &dyn Engine) -> Result<Box<dyn Loaded>, Error> {
        match self.driver {
            None => engine.load(&self.wasm),
            Some(driver) => driver(engine.open(&self.wasm, &Imported::list(&self.wasm)?)?),
        }
    }
}

macro_rules! kernels {
    ($($name:literal $family:literal $size:literal)*) => {
        /// Every checked-in kernel, in the order of the table.
        pub(crate) fn all() -> Vec<Kernel> {
            vec![$(Kernel {
                name: $name,
                family: $family,
                wasm: Cow::Borrowed(include_bytes!(concat!("../kernels/", $name, ".wasm"))),
                size: $size,
                driver: None,
            }),*]
        }
    };
}

kernels! {
    "fib"           "recursion"        31
    "tak"           "recursion"        24
    "int_loop"      "integer loop"     3000000
    "collatz"       "integer loop"     60000
    "sieve"         "sieve"            30
    "keccak"        "keccak-f"         2500
    "sha256"        "sha-256"          5000
    "crc32"         "table look-up"    1000
    "matmul"        "matrix product"   40
    "edit_distance" "dynamic program"  40
    "sort"          "sort"             45
    "tree"          "pointer chase"    40
    "hashmap"       "hash map"         200
    "bulk"          "bulk memory"      500000
    "bytecode"      "bytecode loop"    60000
    "tokenizer"     "tokenizer"        3000
    "u256"          "u256 mul/mod"     20000
    "indirect"      "call_indirect"    1000
    "nbody"         "f64 n-body"       40000
    "mandelbrot"    "mandelbrot"       280
    "host_calls"    "host calls"       1000000
    "c_sha256"      "sha-256"          400
    "c_machine"     "indirect loop"    12
    "c_lists"       "linked lists"     5
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_checked_in_module_is_a_kernel_and_has_its_source() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernels");
        let mut modules: Vec<String> = std::fs::read_dir(&folder)
            .expect("the kernels' folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".wasm").map(str::to_owned))
            .collect();
        modules.sort();
        let mut names: Vec<&str> = all().iter().map(|kernel| kernel.name).collect();
        names.sort_unstable();
        assert_eq!(modules, names);
        for name in names {
            let source = |ending| folder.join(name).with_extension(ending).is_file();
            let is_in_c = name.starts_with("c_");
            assert!(source(if is_in_c { "c" } else { "rs" }), "the source of {name} is missing");
        }
    }
}
