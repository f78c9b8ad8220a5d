//! What every kernel shares: scratch memory, a small random number generator and a checksum step.
//!
//! The kernels are programs for the guest side, `no_std` and without an allocator, one file each
//! beside this directory. They are a workspace of their own because they build for wasm32 only; the
//! host's workspace reads the checked-in `.wasm` files.
#![no_std]

use core::cell::UnsafeCell;

/// A static buffer that one single-threaded guest borrows at the start of `run`.
pub struct Scratch<T>(UnsafeCell<T>);

// SAFETY: a guest instance has one thread and `run` is never entered twice.
unsafe impl<T> Sync for Scratch<T> {}

impl<T> Scratch<T> {
    /// Wraps the initial contents.
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// The contents; each kernel calls it once per `run` and buffer.
    #[allow(clippy::mut_from_ref, reason = "a kernel is one thread and borrows once")]
    pub fn borrow(&self) -> &mut T {
        // SAFETY: see `Sync` above; a kernel borrows each buffer once per `run`.
        unsafe { &mut *self.0.get() }
    }
}

/// Xorshift64*: enough disorder that neither the compiler nor a branch predictor knows the data.
pub struct Rng(u64);

impl Rng {
    /// Starts a sequence; zero is mapped away because it would stay zero.
    pub const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

/// Folds one value into a checksum.
pub const fn mix(sum: u64, value: u64) -> u64 {
    (sum ^ value).wrapping_mul(0x100_0000_01b3).rotate_left(23)
}

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
