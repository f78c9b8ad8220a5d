//! Linear memory: one allocation with a header just below the first byte, where handlers find the
//! length.
//!
//! ```text
//!   ... padding | length: u64 | byte 0 | byte 1 | ...
//!                              ^ base
//! ```

use alloc::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use core::ptr::NonNull;

/// Bytes in a page.
pub const PAGE_BYTES: usize = 64 << 10;
/// Pages that 32-bit addresses reach.
pub(super) const MAX_PAGES: u32 = 1 << 16;
/// The length stands this far below the base.
pub(super) const HEADER_BYTES: usize = 8;
/// Bytes from the start of the allocation to the base.
const PREFIX: usize = 48;
/// No more than what allocators give anyway: a larger alignment would make them clear every page by
/// hand, where fresh pages come cleared from the system.
const ALIGN: usize = 16;

/// A linear memory, bounded by its declared maximum and by the engine's limit.
pub struct Memory {
    base: NonNull<u8>,
    len: usize,
    capacity: usize,
    limit_pages: u32,
}

// SAFETY: a memory owns its allocation alone.
unsafe impl Send for Memory {}
// SAFETY: shared references only read.
unsafe impl Sync for Memory {}

/// The header of no memory, aligned for the length.
#[repr(align(8))]
struct Empty {
    _bytes: [u8; PREFIX],
}
static EMPTY: Empty = Empty { _bytes: [0; PREFIX] };

impl Memory {
    /// A zeroed memory of `pages`, which may grow up to `limit_pages`.
    pub(super) fn new(pages: u32, limit_pages: u32) -> Self {
        let len = pages as usize * PAGE_BYTES;
        let mut memory = Memory { base: allocate(len), len: 0, capacity: len, limit_pages };
        memory.set_len(len);
        memory
    }

    /// The base of no memory: its length is 0.
    pub(super) fn empty_base() -> *mut u8 {
        // Never written: stores are checked against the length.
        (&raw const EMPTY).cast::<u8>().wrapping_add(PREFIX).cast_mut()
    }

    pub(super) fn base(&mut self) -> *mut u8 {
        self.base.as_ptr()
    }

    fn set_len(&mut self, len: usize) {
        self.len = len;
        // SAFETY: the header lies inside the allocation, aligned to 8.
        unsafe { self.base.as_ptr().sub(HEADER_BYTES).cast::<u64>().write(len as u64) }
    }

    /// Size in pages of 64 KiB.
    pub fn pages(&self) -> u32 {
        (self.len / PAGE_BYTES) as u32
    }

    /// The greatest size that it may reach, in pages.
    pub fn limit_pages(&self) -> u32 {
        self.limit_pages
    }

    /// Grows to `pages`, which the limit allows. False where the machine's address space does not.
    pub(super) fn grow_to(&mut self, pages: u32) -> bool {
        let Some(len) = (pages as usize).checked_mul(PAGE_BYTES) else { return false };
        if len > self.capacity {
            let most = (self.limit_pages as usize).saturating_mul(PAGE_BYTES);
            let capacity = len.max(self.capacity.saturating_mul(2)).min(most.max(len));
            let mut grown = Memory {
                base: allocate(capacity),
                len: 0,
                capacity,
                limit_pages: self.limit_pages,
            };
            grown.set_len(len);
            grown.bytes_mut()[..self.len].copy_from_slice(self.bytes());
            *self = grown;
        } else {
            self.set_len(len);
        }
        true
    }

    /// The contents.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `len` bytes from the base belong to the allocation and are initialised (zeroed at
        // first).
        unsafe { core::slice::from_raw_parts(self.base.as_ptr(), self.len) }
    }

    /// The contents, to write to.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as `bytes`; the exclusive borrow of `self` makes it the only access.
        unsafe { core::slice::from_raw_parts_mut(self.base.as_ptr(), self.len) }
    }
}

fn layout(capacity: usize) -> Layout {
    Layout::from_size_align(PREFIX + capacity, ALIGN).expect("memory limits stay below isize::MAX")
}

fn allocate(capacity: usize) -> NonNull<u8> {
    let layout = layout(capacity);
    // SAFETY: the layout is not empty; the base lies `PREFIX` bytes into the allocation.
    unsafe {
        match NonNull::new(alloc_zeroed(layout)) {
            Some(start) => start.add(PREFIX),
            None => handle_alloc_error(layout),
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: allocated by `allocate` with this capacity.
        unsafe { dealloc(self.base.as_ptr().sub(PREFIX), layout(self.capacity)) }
    }
}

impl core::fmt::Debug for Memory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Memory({} of {} pages)", self.pages(), self.limit_pages)
    }
}
