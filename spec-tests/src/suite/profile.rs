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

/// Treatment of the file `name` in `group`, which is a version or a proposal.
pub fn profile(group: &str, name: &str) -> Profile {
    match group {
        "wasm-v1" => Profile::Run(Features::WASM1),
        "wasm-v2" => Profile::Run(Features::WASM2),
        "tail-call" | "extended-const" => Profile::Run(Features::ALL),
        "wasm-v3" | "wasm-latest" => match name {
            "return_call.wast" | "return_call_indirect.wast" => Profile::Run(Features::ALL),
            _ => Profile::NotYet("WebAssembly 3.0 is a later step, but for tail calls"),
        },
        "bulk-memory"
        | "multi-value"
        | "mutable-global"
        | "nontrapping-float-to-int-conversions"
        | "reference-types"
        | "sign-extension-ops" => Profile::NotYet("a part of 2.0, whose own files run"),
        "simd" | "relaxed-simd" => Profile::NotYet("vectors are a later step"),
        "gc" | "function-references" | "custom-descriptors" => {
            Profile::NotYet("typed references and garbage collection are a later step")
        }
        "exceptions" => Profile::NotYet("exceptions are a later step"),
        "memory64" | "multi-memory" | "custom-page-sizes" => {
            Profile::NotYet("further kinds of memories are a later step")
        }
        "annotations" => Profile::NotYet("about the text format, of which we have no parser"),
        "threads" => Profile::NotYet("threads are not deterministic"),
        "wide-arithmetic" => Profile::NotYet("not a part of any version yet"),
        _ => Profile::NotYet("unknown to this runner"),
    }
}
