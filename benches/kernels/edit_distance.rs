//! Dynamic programming: edit distance of two byte strings with one row of memory.
#![no_std]
use dytallix_kernels::{Rng, Scratch, mix};

const LEN: usize = 256;
static TEXTS: Scratch<[[u8; LEN]; 2]> = Scratch::new([[0; LEN]; 2]);
static ROW: Scratch<[u32; LEN + 1]> = Scratch::new([0; LEN + 1]);

fn distance(a: &[u8; LEN], b: &[u8; LEN], row: &mut [u32; LEN + 1]) -> u32 {
    for (index, cell) in row.iter_mut().enumerate() {
        *cell = index as u32;
    }
    for (i, &left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i as u32 + 1;
        for (j, &right) in b.iter().enumerate() {
            let replace = diagonal + u32::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[LEN]
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let [a, b] = TEXTS.borrow();
    let row = ROW.borrow();
    let mut rng = Rng::new(29);
    a.fill_with(|| rng.next() as u8 & 7);
    b.fill_with(|| rng.next() as u8 & 7);
    let mut sum = 0;
    for round in 0..n {
        a[round as usize % LEN] ^= 1;
        sum = mix(sum, u64::from(distance(a, b, row)));
    }
    sum as i64
}
