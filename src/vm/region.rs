//! Zeroed bytes from the system, for linear memories and value stacks.
//!
//! Large regions are mapped, so that they cost what is touched of them and not what is asked for: a
//! heap that gives back a piece which was freed before has to clear all of it. Small ones come from
//! the heap, where clearing is cheaper than a system call. A mapped region may also be larger than
//! it has to be, so that a memory grows in its place.

use alloc::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use core::ptr::NonNull;

/// Bytes from which on a region is mapped.
#[cfg(all(feature = "std", any(unix, windows)))]
const MAPPED: usize = 256 << 10;
/// No more than what allocators give anyway: a larger alignment would make them clear every page by
/// hand.
const ALIGN: usize = 16;

/// Bytes that nobody else has.
pub(super) struct Region {
    start: NonNull<u8>,
    bytes: usize,
    #[cfg(all(feature = "std", any(unix, windows)))]
    mapping: Option<memmap2::MmapMut>,
}

// SAFETY: a region owns its bytes alone.
unsafe impl Send for Region {}
// SAFETY: a shared region gives out nothing but its address.
unsafe impl Sync for Region {}

impl Region {
    /// At least `least` zeroed bytes, aligned to 16; `most` where that costs nothing.
    pub(super) fn zeroed(least: usize, most: usize) -> Region {
        #[cfg(all(feature = "std", any(unix, windows)))]
        if least >= MAPPED
            && let Some(region) = Region::mapped(most.max(least))
        {
            return region;
        }
        let _ = most;
        Region::heap(least)
    }

    /// The system gives pages when they are touched. None where it has no addresses left.
    #[cfg(all(feature = "std", any(unix, windows)))]
    fn mapped(bytes: usize) -> Option<Region> {
        let mut mapping =
            memmap2::MmapOptions::new().len(bytes).no_reserve_swap().map_anon().ok()?;
        let start = NonNull::new(mapping.as_mut_ptr())?;
        Some(Region { start, bytes, mapping: Some(mapping) })
    }

    fn heap(bytes: usize) -> Region {
        let layout = layout(bytes);
        // SAFETY: the layout is not empty.
        let start = NonNull::new(unsafe { alloc_zeroed(layout) });
        let Some(start) = start else { handle_alloc_error(layout) };
        Region {
            start,
            bytes,
            #[cfg(all(feature = "std", any(unix, windows)))]
            mapping: None,
        }
    }

    /// Its first byte.
    pub(super) fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// How many bytes it has.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

fn layout(bytes: usize) -> Layout {
    Layout::from_size_align(bytes.max(1), ALIGN).expect("limits stay below isize::MAX")
}

impl Drop for Region {
    fn drop(&mut self) {
        #[cfg(all(feature = "std", any(unix, windows)))]
        if self.mapping.is_some() {
            return;
        }
        // SAFETY: allocated by `heap` with this layout.
        unsafe { dealloc(self.start.as_ptr(), layout(self.bytes)) }
    }
}
