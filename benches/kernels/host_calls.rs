//! Host calls: a short loop around one imported function of one parameter and one result.
#![no_std]
use dytallix_kernels as _;

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    safe fn tick(value: i64) -> i64;
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let mut value = 0;
    for i in 0..i64::from(n) {
        value = tick(value ^ i);
    }
    value
}
