//! SHA-256 compression over a chained message of `n` blocks.
#![no_std]
use dytallix_kernels::mix;

const K: [u32; 64] = {
    // The constants are the fractions of the cube roots of the first 64 primes: found here by
    // integer search.
    let mut k = [0; 64];
    let (mut found, mut candidate) = (0, 2_u128);
    while found < 64 {
        let mut divisor = 2;
        while divisor * divisor <= candidate && candidate % divisor != 0 {
            divisor += 1;
        }
        if divisor * divisor > candidate {
            let (mut low, mut high) = (0_u128, 1 << 40);
            while low + 1 < high {
                let middle = (low + high) / 2;
                if middle * middle * middle <= candidate << 96 {
                    low = middle
                } else {
                    high = middle
                }
            }
            k[found] = low as u32;
            found += 1;
        }
        candidate += 1;
    }
    k
};

fn compress(h: &mut [u32; 8], block: &[u8; 64]) {
    let mut w = [0_u32; 64];
    for (word, bytes) in w.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    for i in 16..64 {
        let (x, y) = (w[i - 15], w[i - 2]);
        let s0 = x.rotate_right(7) ^ x.rotate_right(18) ^ (x >> 3);
        let s1 = y.rotate_right(17) ^ y.rotate_right(19) ^ (y >> 10);
        w[i] = w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut last] = *h;
    for (&word, &constant) in w.iter().zip(&K) {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let t1 =
            last.wrapping_add(s1).wrapping_add(choice).wrapping_add(constant).wrapping_add(word);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        let t2 = s0.wrapping_add(majority);
        (last, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(t1), c, b, a, t1.wrapping_add(t2));
    }
    for (value, step) in h.iter_mut().zip([a, b, c, d, e, f, g, last]) {
        *value = value.wrapping_add(step);
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let mut h = [1, 2, 3, 4, 5, 6, 7, 8];
    let mut block = [0_u8; 64];
    for i in 0..n {
        block[(i & 63) as usize] = (h[0] >> 5) as u8;
        compress(&mut h, &block);
    }
    h.into_iter().fold(0, |sum, word| mix(sum, u64::from(word))) as i64
}
