//! Bulk memory: `memory.fill` and `memory.copy` of many sizes, small and large, overlapping and
//! not.
#![no_std]
use dytallix_kernels::{Rng, Scratch, mix};

const SIZE: usize = 256 * 1024;
static BUFFER: Scratch<[u8; SIZE]> = Scratch::new([0; SIZE]);

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let buffer = BUFFER.borrow();
    buffer.fill(0);
    let mut rng = Rng::new(13);
    let mut sum = 0;
    for i in 0..n {
        let draw = rng.next();
        // Mostly short runs, as in real programs; every 32nd one is tens of kilobytes.
        let len =
            if i & 31 == 0 { (draw as usize >> 3) & 0xffff } else { (draw as usize >> 3) & 0xff };
        let from = (draw >> 20) as usize & 0x1ffff;
        let to = (draw >> 40) as usize & 0x1ffff;
        buffer.copy_within(from..from + len, to);
        buffer[from..from + len / 2].fill(draw as u8);
        sum = mix(sum, u64::from(buffer[to]));
    }
    sum as i64
}
