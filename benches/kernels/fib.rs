//! Recursion: naive Fibonacci, nothing but calls, one compare and two additions.
#![no_std]
use dytallix_kernels as _;

fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    fib(n as u64) as i64
}
