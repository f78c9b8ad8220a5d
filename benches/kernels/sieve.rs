//! Sieve of Eratosthenes over bytes: strided stores, then a counting pass.
#![no_std]
use dytallix_kernels::Scratch;

const SIZE: usize = 64 * 1024;
static COMPOSITE: Scratch<[u8; SIZE]> = Scratch::new([0; SIZE]);

fn sieve(composite: &mut [u8; SIZE]) -> u32 {
    composite.fill(0);
    let mut p = 2;
    while p * p < SIZE {
        if composite[p] == 0 {
            let mut multiple = p * p;
            while multiple < SIZE {
                composite[multiple] = 1;
                multiple += p;
            }
        }
        p += 1;
    }
    composite[2..].iter().map(|&byte| u32::from(byte == 0)).sum()
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let composite = COMPOSITE.borrow();
    (0..n).map(|_| i64::from(sieve(composite))).sum()
}
