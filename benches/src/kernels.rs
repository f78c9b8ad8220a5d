//! The programs: checked-in `.wasm` files of `kernels/`, each with the size of one run.

/// One program with the argument that makes a run long enough to time and short enough to repeat.
pub(crate) struct Kernel {
    /// File name without its extension.
    pub(crate) name: &'static str,
    /// What kind of work it stands for; ratios are judged by family.
    pub(crate) family: &'static str,
    /// The module.
    pub(crate) wasm: &'static [u8],
    /// Argument of `run`: 20 to 60 ms on wasmi 2.0 on the machine of the published table.
    pub(crate) size: i32,
}

macro_rules! kernels {
    ($($name:literal $family:literal $size:literal)*) => {
        /// Every kernel, in the order of the table.
        pub(crate) const ALL: &[Kernel] = &[$(Kernel {
            name: $name,
            family: $family,
            wasm: include_bytes!(concat!("../kernels/", $name, ".wasm")),
            size: $size,
        }),*];
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
        let mut names: Vec<&str> = ALL.iter().map(|kernel| kernel.name).collect();
        names.sort_unstable();
        assert_eq!(modules, names);
        for name in names {
            assert!(folder.join(format!("{name}.rs")).is_file(), "{name}.rs is missing");
        }
    }
}
