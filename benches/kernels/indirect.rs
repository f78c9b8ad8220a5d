//! `call_indirect`: data-driven dispatch over sixteen small functions.
#![no_std]
use dytallix_kernels::{Rng, Scratch};

type Step = fn(u64, u64) -> u64;
static STEPS: [Step; 16] = [
    |a, b| a.wrapping_add(b),
    |a, b| a.wrapping_sub(b),
    |a, b| a.wrapping_mul(b | 1),
    |a, b| a ^ b,
    |a, b| a | (b >> 3),
    |a, b| a & !(b << 7),
    |a, b| a.rotate_left(b as u32 & 63),
    |a, b| if a > b { a - b } else { b - a },
    |a, b| a.wrapping_add(b.rotate_right(9)),
    |a, b| (a ^ 0x5555_5555).wrapping_add(b),
    |a, b| a.wrapping_shl(3).wrapping_add(b),
    |a, b| a.count_ones() as u64 ^ b,
    |a, b| a.max(b).wrapping_add(1),
    |a, b| !a ^ b,
    |a, b| a.swap_bytes().wrapping_add(b),
    |a, b| (a >> 1) ^ (b << 1),
];
static SCRIPT: Scratch<[u8; 1024]> = Scratch::new([0; 1024]);

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let script = SCRIPT.borrow();
    let mut rng = Rng::new(17);
    script.fill_with(|| rng.next() as u8 >> 3);
    let mut value = 1_u64;
    for round in 0..n as u64 {
        for &step in script.iter() {
            value = STEPS[usize::from(step & 15)](value, round);
        }
    }
    value as i64
}
