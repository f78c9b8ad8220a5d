//! Recursion with three arguments and nested calls (Takeuchi's function).
#![no_std]
use dytallix_kernels as _;

fn tak(x: i32, y: i32, z: i32) -> i32 {
    if y >= x { z } else { tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    i64::from(tak(n, n * 2 / 3, n / 3))
}
