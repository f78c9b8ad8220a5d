//! The symbolic operand stack.
//!
//! Each entry knows where its value is: in a local's slot, in the code as a constant, in both as a
//! sum, in an accumulator, or in the slot of its own height. Entries that alias a local are chained
//! per local, so that `local.set` finds them without a scan.

use alloc::vec::Vec;

use crate::ir::op::Class;

/// Where the value of an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// In the slot of a local, which must not be overwritten before the entry is materialised.
    Local(u16),
    /// The 32-bit sum of a local, under the same condition, and a constant: nothing was emitted for
    /// it yet.
    Sum { local: u16, constant: u32 },
    /// Known at translation; bits, zero-extended.
    Const(u64),
    /// In the accumulator of its class.
    Acc,
    /// In the slot of its height.
    Temp,
}

impl Value {
    /// The local whose slot the value depends on.
    fn local(self) -> Option<usize> {
        match self {
            Value::Local(slot) | Value::Sum { local: slot, .. } => Some(usize::from(slot)),
            _ => None,
        }
    }
}

/// One operand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) class: Class,
    /// The slot of its height.
    pub(super) slot: u16,
    /// The next lower entry that aliases the same local.
    below: u32,
}

const NONE: u32 = u32::MAX;

/// The operands of the function at hand.
#[derive(Default)]
pub(super) struct Stack {
    entries: Vec<Entry>,
    /// Topmost entry that aliases the local in this slot, by slot.
    heads: Vec<u32>,
    base: u16,
    height: u32,
    max_height: u32,
    /// Entries below this index alias no local and are in no accumulator.
    flushed: usize,
    /// Entries that are sums, ascending, and some that no longer are.
    sums: Vec<u32>,
}

impl Stack {
    /// Forgets everything; operands begin at slot `base`.
    pub(super) fn reset(&mut self, base: u16) {
        // Only what is still chained is cleared: a function that declares many locals has few
        // bytes.
        for entry in self.entries.drain(..) {
            if let Some(local) = entry.value.local() {
                self.heads[local] = NONE;
            }
        }
        if self.heads.len() < usize::from(base) {
            self.heads.resize(usize::from(base), NONE);
        }
        self.base = base;
        self.height = 0;
        self.max_height = 0;
        self.flushed = 0;
        self.sums.clear();
    }

    pub(super) fn base(&self) -> u16 {
        self.base
    }

    pub(super) fn max_height(&self) -> u32 {
        self.max_height
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The slot that the next pushed value will own.
    pub(super) fn next_slot(&self) -> u16 {
        self.base + self.height as u16
    }

    pub(super) fn entry(&self, index: usize) -> Entry {
        self.entries[index]
    }

    pub(super) fn top(&self) -> Option<&Entry> {
        self.entries.last()
    }

    #[inline]
    pub(super) fn push(&mut self, value: Value, class: Class) {
        let slot = self.next_slot();
        let mut below = NONE;
        if let Some(local) = value.local() {
            let head = &mut self.heads[local];
            below = core::mem::replace(head, self.entries.len() as u32);
        }
        if let Value::Sum { .. } = value {
            self.note_sum();
        }
        self.entries.push(Entry { value, class, slot, below });
        self.height += 1;
        self.max_height = self.max_height.max(self.height);
    }

    /// The next entry is a sum.
    #[inline(never)]
    fn note_sum(&mut self) {
        let index = self.entries.len() as u32;
        while self.sums.last().is_some_and(|&last| last >= index) {
            self.sums.pop();
        }
        self.sums.push(index);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Entry {
        let entry = self.entries.pop().expect("validated code does not underflow");
        if let Some(local) = entry.value.local() {
            self.heads[local] = entry.below;
        }
        self.height -= 1;
        self.flushed = self.flushed.min(self.entries.len());
        entry
    }

    /// Says that the value of an entry is now in its own slot. An entry that aliases a local must
    /// be the topmost that still does.
    pub(super) fn settle(&mut self, index: usize) {
        self.replace(index, Value::Temp);
    }

    /// The same, with the value in the accumulator.
    pub(super) fn hold(&mut self, index: usize) {
        self.replace(index, Value::Acc);
    }

    fn replace(&mut self, index: usize, value: Value) {
        let entry = &mut self.entries[index];
        if let Some(local) = entry.value.local() {
            debug_assert_eq!(self.heads[local], index as u32);
            self.heads[local] = entry.below;
        }
        entry.value = value;
    }

    /// Makes a sum the local that it begins with.
    pub(super) fn drop_constant(&mut self, index: usize) {
        let entry = &mut self.entries[index];
        if let Value::Sum { local, .. } = entry.value {
            entry.value = Value::Local(local);
        }
    }

    /// The topmost entry that is a sum, if there is one.
    pub(super) fn top_sum(&mut self) -> Option<usize> {
        while let Some(&index) = self.sums.last() {
            match self.entries.get(index as usize).map(|e| e.value) {
                Some(Value::Sum { .. }) => return Some(index as usize),
                _ => self.sums.pop(),
            };
        }
        None
    }

    /// The topmost entry that aliases the local in `slot`.
    pub(super) fn alias_of(&self, slot: u16) -> Option<usize> {
        match self.heads[usize::from(slot)] {
            NONE => None,
            index => Some(index as usize),
        }
    }

    /// Entries from this index up may alias locals or be in accumulators.
    pub(super) fn first_unflushed(&self) -> usize {
        self.flushed
    }

    /// All entries are settled or constant.
    pub(super) fn mark_flushed(&mut self) {
        self.flushed = self.entries.len();
    }

    /// Changes the class of the top entry, whose bits stay the same.
    pub(super) fn retype_top(&mut self, class: Class) {
        if let Some(top) = self.entries.last_mut() {
            top.class = class;
        }
    }
}
