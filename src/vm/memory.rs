//! Linear memory: one allocation with a header just below the first byte, where handlers find the
//! length.
//!
//! ```text
//!   ... padding | length: u64 | byte 0 | byte 1 | ...
//!                              ^ base
//! ```

use core::ptr::NonNull;

use super::region::Region;

/// Bytes in a page.
pub const PAGE_BYTES: usize = 64 << 10;
/// Pages that 32-bit addresses reach.
pub(super) const MAX_PAGES: u32 = 1 << 16;
/// The length stands this far below the base.
pub(super) const HEADER_BYTES: usize = 8;
/// Bytes from the start of the allocation to the base.
const PREFIX: usize = 48;
/// Bytes that are set aside at most for a memory to grow into.
const SET_ASIDE: usize = 64 << 20;

/// A linear memory, bounded by its declared maximum and by the engine's limit.
pub struct Memory {
    base: NonNull<u8>,
    len: usize,
    region: Region,
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
        let mut memory = Memory::with_room(len, limit_pages);
        memory.set_len(len);
        memory
    }

    /// An empty memory with room for `len` bytes, and for more where that costs nothing.
    fn with_room(len: usize, limit_pages: u32) -> Self {
        let most = (limit_pages as usize).saturating_mul(PAGE_BYTES).min(SET_ASIDE).max(len);
        let region = Region::zeroed(PREFIX + len, PREFIX + most);
        // SAFETY: the region has that many bytes and the memory's.
        let base = unsafe { region.start().add(PREFIX) };
        Memory { base, len: 0, region, limit_pages }
    }

    /// Bytes that it may have without moving.
    fn capacity(&self) -> usize {
        self.region.bytes() - PREFIX
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
        if len > self.capacity() {
            let most = (self.limit_pages as usize).saturating_mul(PAGE_BYTES);
            let capacity = len.max(self.capacity().saturating_mul(2)).min(most.max(len));
            let mut grown = Memory::with_room(capacity, self.limit_pages);
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

impl core::fmt::Debug for Memory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Memory({} of {} pages)", self.pages(), self.limit_pages)
    }
}
