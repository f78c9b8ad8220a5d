//! Mandelbrot set in f64: a short float loop with an early exit.
#![no_std]
use dytallix_kernels as _;

fn escape_time(x: f64, y: f64) -> u32 {
    let (mut re, mut im) = (0.0, 0.0);
    for step in 0..200 {
        let (re2, im2) = (re * re, im * im);
        if re2 + im2 > 4.0 {
            return step;
        }
        im = 2.0 * re * im + y;
        re = re2 - im2 + x;
    }
    200
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let scale = 3.0 / f64::from(n);
    let mut total = 0_i64;
    for row in 0..n {
        for column in 0..n {
            let x = f64::from(column) * scale - 2.0;
            let y = f64::from(row) * scale - 1.5;
            total = total * 3 % 1_000_003 + i64::from(escape_time(x, y));
        }
    }
    total
}
