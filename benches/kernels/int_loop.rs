//! Tight integer loop: a handful of dependent 64-bit operations per iteration, no memory.
#![no_std]
use dytallix_kernels as _;

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let (mut a, mut b) = (0x1234_5678_9abc_def0_u64, 1_u64);
    for i in 0..n as u32 {
        a = a.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(u64::from(i) | 1);
        b = b.rotate_left(5) ^ (a >> 33);
        if b & 7 == 3 {
            b = b.wrapping_add(a);
        }
    }
    (a ^ b) as i64
}
