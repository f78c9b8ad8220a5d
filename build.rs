//! Sets `cfg(dytallix_tail)` where the compiler is known to turn sibling calls into jumps.
//!
//! The tail-threaded dispatch of `src/vm/exec` relies on LLVM emitting `jmp` for a call in tail
//! position. It does so from opt-level 1 upwards and with debug assertions off, on the
//! architectures whose calling convention has enough argument registers. Everywhere else the
//! trampoline expansion of the same handlers runs.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DYTALLIX_BECOME");
    println!("cargo::rustc-check-cfg=cfg(dytallix_tail, dytallix_become)");
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let optimised = var("OPT_LEVEL") != "0";
    let assertions = std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_some();
    let arch = var("CARGO_CFG_TARGET_ARCH");
    if optimised && !assertions && matches!(arch.as_str(), "x86_64" | "aarch64") {
        println!("cargo::rustc-cfg=dytallix_tail");
    }
    // A nightly-only check that every dispatch really is a tail call: the compiler proves it.
    if std::env::var_os("DYTALLIX_BECOME").is_some() {
        println!("cargo::rustc-cfg=dytallix_become");
    }
}
