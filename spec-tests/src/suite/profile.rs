//! Which files run, with which features, and why the others do not yet.

use dytallix::wasm::Features;

/// How a file is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Its script runs with these features admitted.
    Run(Features),
    /// It is counted and not run.
    NotYet(&'static str),
}

/// Files of version 3.0 that use typed references, tags, 64-bit or several memories, or vectors.
const THREE_NOT_YET: &[&str] = &[
    "address.wast",
    "align.wast",
    "br_if.wast",
    "br_on_non_null.wast",
    "br_on_null.wast",
    "br_table.wast",
    "call_ref.wast",
    "data.wast",
    "elem.wast",
    "exports.wast",
    "func.wast",
    "global.wast",
    "imports.wast",
    "instance.wast",
    "linking.wast",
    "local_init.wast",
    "local_tee.wast",
    "memory.wast",
    "ref.wast",
    "ref_as_non_null.wast",
    "ref_is_null.wast",
    "ref_null.wast",
    "return_call_ref.wast",
    "select.wast",
    "table.wast",
    "type-canon.wast",
    "type-equivalence.wast",
    "type-rec.wast",
    "unreached-invalid.wast",
    "unreached-valid.wast",
];

/// Treatment of the file `name` in `group`, which is a version or a proposal.
pub fn profile(group: &str, name: &str) -> Profile {
    let three = "WebAssembly 3.0 beyond tail calls and extended constants is a later step";
    match (group, name) {
        ("wasm-v1", _) => Profile::Run(Features::WASM1),
        ("wasm-v2", _) => Profile::Run(Features::WASM2),
        ("wasm-v3" | "wasm-latest", name) if THREE_NOT_YET.contains(&name) => {
            Profile::NotYet(three)
        }
        ("wasm-latest", "return_call.wast" | "return_call_indirect.wast") => Profile::NotYet(three),
        ("bulk-memory", "table-sub.wast" | "table_init.wast") => Profile::NotYet(three),
        ("mutable-global", "linking.wast") => {
            Profile::NotYet("older than 2.0: wants all segments checked before one is copied")
        }
        ("reference-types", "unreached-invalid.wast") => Profile::NotYet(
            "older than 2.0: refuses labels of several types in dead code (line 539)",
        ),
        ("annotations", "simd_lane.wast") | ("simd" | "relaxed-simd", _) => {
            Profile::NotYet("vectors are a later step")
        }
        (
            "wasm-v3"
            | "wasm-latest"
            | "annotations"
            | "bulk-memory"
            | "extended-const"
            | "multi-value"
            | "mutable-global"
            | "nontrapping-float-to-int-conversions"
            | "reference-types"
            | "sign-extension-ops"
            | "tail-call",
            _,
        ) => Profile::Run(Features::ALL),
        ("gc" | "function-references" | "custom-descriptors", _) => {
            Profile::NotYet("typed references and garbage collection are a later step")
        }
        ("exceptions", _) => Profile::NotYet("exceptions are a later step"),
        ("memory64" | "multi-memory" | "custom-page-sizes", _) => {
            Profile::NotYet("further kinds of memories are a later step")
        }
        ("threads", _) => Profile::NotYet("threads are not deterministic"),
        ("wide-arithmetic", _) => Profile::NotYet("not a part of any version yet"),
        _ => Profile::NotYet("unknown to this runner"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::files;

    #[test]
    fn every_file_of_one_and_two_runs() {
        for file in files() {
            if matches!(file.parent(), "wasm-v1" | "wasm-v2") {
                let treatment = profile(file.parent(), file.name());
                assert!(matches!(treatment, Profile::Run(_)), "{file:?}");
            }
        }
    }

    #[test]
    fn every_exception_names_a_file_that_exists() {
        for name in THREE_NOT_YET {
            assert!(files().iter().any(|f| f.parent() == "wasm-v3" && f.name() == *name), "{name}");
        }
    }

    #[test]
    fn every_group_is_known() {
        for file in files() {
            let treatment = profile(file.parent(), file.name());
            assert_ne!(treatment, Profile::NotYet("unknown to this runner"), "{file:?}");
        }
    }
}
