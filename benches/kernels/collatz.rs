//! Tight integer loop with an unpredictable branch: Collatz lengths in 32-bit arithmetic.
#![no_std]
use dytallix_kernels as _;

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let mut total = 0_u32;
    for start in 1..=n as u32 {
        let mut x = start;
        while x != 1 {
            x = if x & 1 == 0 { x >> 1 } else { x.wrapping_mul(3).wrapping_add(1) };
            total += 1;
        }
    }
    i64::from(total)
}
