//! Keccak-f[1600], plainly written: 24 rounds over 25 lanes, rotations by table.
#![no_std]
use dytallix_kernels::mix;

const ROUND: [u64; 24] = {
    let mut constants = [0; 24];
    let mut state = 1_u32;
    let mut round = 0;
    while round < 24 {
        let mut j = 0;
        while j < 7 {
            if state & 1 != 0 {
                constants[round] |= 1 << ((1 << j) - 1);
            }
            state = if state & 0x80 != 0 { (state << 1) ^ 0x171 } else { state << 1 };
            j += 1;
        }
        round += 1;
    }
    constants
};
const ROTATION: [u32; 24] =
    [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
const LANE: [usize; 24] =
    [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

fn keccak_f(a: &mut [u64; 25]) {
    for constant in ROUND {
        let mut c = [0; 5];
        for x in 0..5 {
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for x in 0..5 {
            let d = c[(x + 4) % 5] ^ c[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                a[x + 5 * y] ^= d;
            }
        }
        let mut carried = a[1];
        for (lane, rotation) in LANE.into_iter().zip(ROTATION) {
            let next = a[lane];
            a[lane] = carried.rotate_left(rotation);
            carried = next;
        }
        for row in a.chunks_exact_mut(5) {
            let old = [row[0], row[1], row[2], row[3], row[4]];
            for x in 0..5 {
                row[x] = old[x] ^ (!old[(x + 1) % 5] & old[(x + 2) % 5]);
            }
        }
        a[0] ^= constant;
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let mut state = [0; 25];
    for _ in 0..n {
        keccak_f(&mut state);
    }
    state.into_iter().fold(0, mix) as i64
}
