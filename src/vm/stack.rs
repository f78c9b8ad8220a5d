//! The value stack of a call tree: 64-bit slots, allocated once, handed out zeroed by the system
//! page by page.

use alloc::vec::Vec;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::exec::CLEARED;
use super::region::Region;

/// Slots for the activations of one call tree.
pub struct Stack {
    base: NonNull<u64>,
    /// Where the slots lie.
    _region: Region,
    slots: usize,
    /// Slots beyond them for the results of a host function in tail position: its results belong to
    /// an activation that has been paid for, but they first stand where its arguments were.
    spare: usize,
    /// Slots in use by suspended executions.
    used: usize,
    /// The suspended executions whose slots these are, lowest first.
    suspended: Vec<Ticket>,
}

/// Names a suspended execution, whatever stack and arena it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ticket(usize);

static NEXT_TICKET: AtomicUsize = AtomicUsize::new(0);

// SAFETY: a stack owns its allocation alone.
unsafe impl Send for Stack {}

impl Stack {
    /// A stack of `slots` slots of 8 bytes, for functions of at most `results` results.
    pub(super) fn new(slots: u32, results: u32) -> Self {
        let (slots, spare) = (slots as usize, results as usize);
        // A few slots more than asked for: the slot after a full frame is read, and some behind its
        // locals are cleared with them.
        let bytes = (slots + spare + CLEARED) * size_of::<u64>();
        let region = Region::zeroed(bytes, bytes);
        let base = region.start().cast();
        Stack { base, _region: region, slots, spare, used: 0, suspended: Vec::new() }
    }

    /// The first free slot.
    pub(super) fn top(&mut self) -> *mut u64 {
        // SAFETY: `used` is at most `slots`.
        unsafe { self.base.as_ptr().add(self.used) }
    }

    /// One past the last slot.
    pub(super) fn end(&mut self) -> *mut u64 {
        // SAFETY: one past the end of the allocation's slots; a spare slot follows it.
        unsafe { self.base.as_ptr().add(self.slots) }
    }

    /// One past the last spare slot. Less than an engine's functions may need where the stack was
    /// made by another engine.
    pub(super) fn spare_end(&mut self) -> *mut u64 {
        self.base.as_ptr().wrapping_add(self.slots + self.spare)
    }

    /// Free slots.
    pub fn free_slots(&self) -> usize {
        self.slots - self.used
    }

    /// An execution is suspended that takes all slots below this address.
    pub(super) fn suspend(&mut self, top: *mut u64) -> Ticket {
        let bytes = (top as usize).saturating_sub(self.base.as_ptr() as usize);
        self.used = (bytes / 8).min(self.slots);
        let ticket = Ticket(NEXT_TICKET.fetch_add(1, Ordering::Relaxed));
        self.suspended.push(ticket);
        ticket
    }

    /// Whether this execution is the one that was suspended last, so that its slots are as it left
    /// them and nothing lies above.
    pub(super) fn is_on_top(&self, ticket: Ticket) -> bool {
        self.suspended.last() == Some(&ticket)
    }

    /// Frees the slots of a suspended execution, from `used` on, and of all that were suspended
    /// above it: those cannot be resumed any more. Nothing where it is not on this stack.
    pub(super) fn forget(&mut self, ticket: Ticket, used: usize) {
        if let Some(index) = self.suspended.iter().position(|&t| t == ticket) {
            self.suspended.truncate(index);
            self.release(used);
        }
    }

    /// Slots in use.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// Frees the slots from `used` on.
    pub(super) fn release(&mut self, used: usize) {
        self.used = used.min(self.used);
    }

    /// `count` slots from an address inside the stack; the last may be spare ones.
    pub(super) fn slots_mut(&mut self, first: *mut u64, count: usize) -> Option<&mut [u64]> {
        let start = (first as usize).checked_sub(self.base.as_ptr() as usize)? / 8;
        if start.checked_add(count)? > self.slots + self.spare {
            return None;
        }
        // SAFETY: the range was just checked against the allocation, which is initialised.
        Some(unsafe { core::slice::from_raw_parts_mut(self.base.as_ptr().add(start), count) })
    }
}

impl core::fmt::Debug for Stack {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Stack({} of {} slots)", self.used, self.slots)
    }
}
