//! What a wasm32 module needs of a standard library: an allocator and a panic handler.
//!
//! The allocator only moves forward: an instance lives for one call, so memory that is not given
//! back in time does no harm. The last block is given back, and grows in place, which is what a
//! `Vec` that is being filled does.
#![allow(unsafe_code, reason = "an allocator has no safe form")]

use alloc::boxed::Box;
use core::alloc::Layout;

#[cfg(feature = "allocator")]
mod bump {
    use core::alloc::{GlobalAlloc, Layout};
    use core::cell::Cell;
    use core::{hint, ptr};

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
        /// Makes memory reach to `end`, or ends the call.
        #[cold]
        #[inline(never)]
        fn grow(&self, end: usize) {
            if self.end.get() == 0 {
                self.end.set(core::arch::wasm32::memory_size(0).wrapping_mul(PAGE));
            }
            if end > self.end.get() {
                let pages = end.wrapping_sub(self.end.get()).div_ceil(PAGE);
                if core::arch::wasm32::memory_grow(0, pages) == usize::MAX {
                    crate::entry::panicked("out of memory");
                }
                self.end.set(self.end.get().wrapping_add(pages.wrapping_mul(PAGE)));
            }
        }

        /// Takes memory from `start` to `start + size`.
        fn take(&self, start: usize, size: usize) {
            // Beyond the end of the address space is out of memory as well.
            let end = start.saturating_add(size);
            if end > self.end.get() {
                self.grow(end);
            }
            self.next.set(end);
        }
    }

    // SAFETY: blocks never overlap: each begins where free memory does, and free memory begins
    // behind every block that has not been given back. They are aligned by rounding up.
    unsafe impl GlobalAlloc for Bump {
        // SAFETY: as above.
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            let next = match self.next.get() {
                0 => &raw const __heap_base as usize,
                next => next,
            };
            let mask = layout.align().wrapping_sub(1);
            let start = next.wrapping_add(mask) & !mask;
            self.take(start, layout.size());
            // SAFETY: free memory begins behind the stack. That this never is null spares a
            // contract the code that says how much memory there was not.
            unsafe { hint::assert_unchecked(start != 0) };
            start as *mut u8
        }

        // SAFETY: as above.
        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            if (block as usize).wrapping_add(layout.size()) == self.next.get() {
                self.next.set(block as usize);
            }
        }

        // SAFETY: as above.
        unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
            let start = block as usize;
            if start.wrapping_add(layout.size()) == self.next.get() {
                self.take(start, new_size);
                return block;
            }
            if new_size <= layout.size() {
                return block;
            }
            // SAFETY: the caller gives a valid layout; the new block is another one and longer.
            unsafe {
                let new = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
                ptr::copy_nonoverlapping(block, new, layout.size());
                new
            }
        }
    }
}

/// That many bytes. `vec![0; count]` does the same and links in what it says where there is no
/// memory, formatting code and all; here, the allocator ends the call then.
#[cold]
#[inline(never)]
pub(crate) fn zeros(count: usize) -> Box<[u8]> {
    let Ok(layout) = Layout::array::<u8>(count) else { crate::entry::panicked("out of memory") };
    if count == 0 {
        return Box::default();
    }
    // SAFETY: the layout has a size; the bytes are zero, and the box is the only one that has them.
    unsafe {
        let bytes = alloc::alloc::alloc_zeroed(layout);
        if bytes.is_null() {
            crate::entry::panicked("out of memory");
        }
        Box::from_raw(core::ptr::slice_from_raw_parts_mut(bytes, count))
    }
}

/// Reverts with the panic's message, as far as it is a plain text: no formatting code is linked in.
#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    crate::entry::panicked(info.message().as_str().unwrap_or("panic"))
}
