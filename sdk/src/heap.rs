//! What a wasm32 module needs of a standard library: an allocator and a panic handler.
//!
//! The allocator only moves forward: an instance lives for one call, so memory that is not given
//! back in time does no harm. The last block is given back, and grows in place, which is what a
//! `Vec` that is being filled does.
#![allow(unsafe_code)]

#[cfg(feature = "allocator")]
mod bump {
    use core::alloc::{GlobalAlloc, Layout};
    use core::cell::Cell;
    use core::ptr;

    /// Length of a page of memory.
    const PAGE: usize = 65536;

    unsafe extern "C" {
        /// The linker's symbol: memory from its address on is free.
        static __heap_base: u8;
    }

    /// Where free memory begins and where memory ends; zero before the first use.
    struct Bump {
        next: Cell<usize>,
        end: Cell<usize>,
    }

    // SAFETY: a contract has one thread.
    unsafe impl Sync for Bump {}

    #[global_allocator]
    static HEAP: Bump = Bump { next: Cell::new(0), end: Cell::new(0) };

    impl Bump {
        /// Makes memory reach to `end`, if the host gives it.
        #[cold]
        fn grow(&self, end: usize) -> bool {
            let pages = (end - self.end.get()).div_ceil(PAGE);
            if core::arch::wasm32::memory_grow(0, pages) == usize::MAX {
                return false;
            }
            self.end.set(self.end.get() + pages * PAGE);
            true
        }

        /// Takes memory from `start` to `start + size`.
        fn take(&self, start: usize, size: usize) -> bool {
            let Some(end) = start.checked_add(size) else { return false };
            if end > self.end.get() && !self.grow(end) {
                return false;
            }
            self.next.set(end);
            true
        }
    }

    // SAFETY: blocks never overlap: each begins where free memory does, and free memory begins
    // behind every block that has not been given back. They are aligned by rounding up.
    unsafe impl GlobalAlloc for Bump {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            if self.end.get() == 0 {
                self.next.set(&raw const __heap_base as usize);
                self.end.set(core::arch::wasm32::memory_size(0) * PAGE);
            }
            let mask = layout.align() - 1;
            let start = (self.next.get() + mask) & !mask;
            if self.take(start, layout.size()) { start as *mut u8 } else { ptr::null_mut() }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            if block as usize + layout.size() == self.next.get() {
                self.next.set(block as usize);
            }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
            let start = block as usize;
            if start + layout.size() == self.next.get() {
                return if self.take(start, new_size) { block } else { ptr::null_mut() };
            }
            if new_size <= layout.size() {
                return block;
            }
            // SAFETY: the caller gives a valid layout; the new block is another one and longer.
            unsafe {
                let new = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
                if !new.is_null() {
                    ptr::copy_nonoverlapping(block, new, layout.size());
                }
                new
            }
        }
    }
}

/// Reverts with the panic's message, as far as it is a plain text: no formatting code is linked in.
#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    crate::entry::panicked(info.message().as_str().unwrap_or("panic"))
}
