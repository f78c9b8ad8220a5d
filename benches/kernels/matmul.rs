//! 64-bit integer matrix product, three nested loops over 48 × 48 matrices.
#![no_std]
use dytallix_kernels::{Rng, Scratch, mix};

const N: usize = 48;
type Matrix = [[i64; N]; N];
static MATRICES: Scratch<[Matrix; 3]> = Scratch::new([[[0; N]; N]; 3]);

fn product(a: &Matrix, b: &Matrix, c: &mut Matrix) {
    for i in 0..N {
        for j in 0..N {
            let mut sum = 0_i64;
            for k in 0..N {
                sum = sum.wrapping_add(a[i][k].wrapping_mul(b[k][j]));
            }
            c[i][j] = sum;
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let [a, b, c] = MATRICES.borrow();
    let mut rng = Rng::new(7);
    for cell in a.iter_mut().chain(b.iter_mut()).flatten() {
        *cell = rng.next() as i64;
    }
    for _ in 0..n {
        product(a, b, c);
        a[0] = c[N - 1];
    }
    c.iter().flatten().fold(0, |sum, &cell| mix(sum, cell as u64)) as i64
}
