//! Registers of the machine, and reading cells, slots and linear memory through them.
//!
//! Every accessor here is safe to call from a handler because of what the translator guarantees and
//! the verifier checks (`ir::verify`): an op's cells lie in the code buffer, its slots in its
//! frame, its frame in the value stack, its branch targets on ops. Linear memory is checked on
//! every access.

use super::super::memory::HEADER_BYTES;
use super::{Context, Trapped};

/// The machine's registers. Handlers get and give them one by one, so that they live in machine
/// registers.
pub(in crate::vm) struct Regs {
    /// The op at hand.
    pub(in crate::vm) ip: *const u64,
    /// First slot of the frame.
    pub(in crate::vm) sp: *mut u64,
    /// First byte of memory 0; its length in bytes stands just below.
    pub(in crate::vm) mem: *mut u8,
    /// Integer accumulator.
    pub(in crate::vm) acc: u64,
    /// Gas left.
    pub(in crate::vm) gas: u64,
    /// What handlers seldom need.
    pub(in crate::vm) ctx: *mut Context,
    /// Float accumulator: the bits of an f64, or of an f32 in the low half.
    pub(in crate::vm) facc: f64,
}

impl Regs {
    #[inline(always)]
    pub(super) fn ctx(&mut self) -> &mut Context {
        // SAFETY: the driver sets `ctx` to a context that it owns for the whole run and does not
        // touch meanwhile; handlers run one at a time and each drops the borrow before it ends.
        unsafe { &mut *self.ctx }
    }

    /// Moves on by whole cells.
    #[inline(always)]
    pub(super) fn skip(&mut self, cells: usize) {
        // SAFETY: the next op follows within the code buffer: functions end in an op that does not
        // fall through.
        self.ip = unsafe { self.ip.add(cells) };
    }

    /// Moves on by the signed byte distance in the low half of a cell.
    #[inline(always)]
    pub(super) fn jump(&mut self, cell: usize) {
        let distance = self.low(cell) as i32;
        // SAFETY: the verifier checks that branch targets are ops of the same function.
        self.ip = unsafe { self.ip.byte_offset(distance as isize) };
    }

    /// A whole cell of the op.
    #[inline(always)]
    pub(super) fn cell(&self, index: usize) -> u64 {
        // SAFETY: handlers ask only for cells of their own op.
        unsafe { *self.ip.add(index) }
    }

    /// A 16-bit field of the op's second cell.
    #[inline(always)]
    pub(super) fn field(&self, index: usize) -> u16 {
        // SAFETY: as `cell`; the second cell begins four fields behind the first.
        unsafe { *self.ip.cast::<u16>().add(4 + index) }
    }

    /// The low half of a cell.
    #[inline(always)]
    pub(super) fn low(&self, index: usize) -> u32 {
        // SAFETY: as `cell`.
        unsafe { *self.ip.cast::<u32>().add(2 * index) }
    }

    /// The high half of a cell.
    #[inline(always)]
    pub(super) fn high(&self, index: usize) -> u32 {
        // SAFETY: as `cell`.
        unsafe { *self.ip.cast::<u32>().add(2 * index + 1) }
    }

    /// The slot that a field names.
    #[inline(always)]
    pub(super) fn slot(&self, field: usize) -> u64 {
        self.slot_at(self.field(field))
    }

    /// A slot by number.
    #[inline(always)]
    pub(super) fn slot_at(&self, slot: u16) -> u64 {
        // SAFETY: the verifier checks slots against the frame, and frame entry checks the frame
        // against the stack.
        unsafe { *self.sp.add(usize::from(slot)) }
    }

    /// Writes the slot that a field names.
    #[inline(always)]
    pub(super) fn set_slot(&mut self, field: usize, value: u64) {
        self.set_slot_at(self.field(field), value);
    }

    /// Writes a slot by number.
    #[inline(always)]
    pub(super) fn set_slot_at(&mut self, slot: u16, value: u64) {
        // SAFETY: as `slot_at`.
        unsafe { *self.sp.add(usize::from(slot)) = value }
    }

    /// Bytes of memory 0.
    #[inline(always)]
    pub(super) fn memory_len(&self) -> u64 {
        // SAFETY: `mem` is the base of a memory (or of the empty one), whose length stands in the
        // header below it.
        unsafe { *self.mem.sub(HEADER_BYTES).cast::<u64>() }
    }

    /// `N` bytes at `address + offset`, which cannot wrap: both are 32 bits wide.
    #[inline(always)]
    pub(super) fn load<const N: usize>(
        &self,
        address: u32,
        offset: u32,
    ) -> Result<[u8; N], Trapped> {
        let start = u64::from(address) + u64::from(offset);
        if start + N as u64 > self.memory_len() {
            return Err(Trapped::MemoryOutOfBounds);
        }
        // SAFETY: the range was just checked against the memory's length.
        Ok(unsafe { *self.mem.add(start as usize).cast::<[u8; N]>() })
    }

    /// Stores `N` bytes at `address + offset`.
    #[inline(always)]
    pub(super) fn store<const N: usize>(
        &mut self,
        address: u32,
        offset: u32,
        bytes: [u8; N],
    ) -> Result<(), Trapped> {
        let start = u64::from(address) + u64::from(offset);
        if start + N as u64 > self.memory_len() {
            return Err(Trapped::MemoryOutOfBounds);
        }
        // SAFETY: the range was just checked against the memory's length.
        unsafe { *self.mem.add(start as usize).cast::<[u8; N]>() = bytes };
        Ok(())
    }

    /// A global of the running instance.
    #[inline(always)]
    pub(super) fn global(&mut self, index: u32) -> u64 {
        // SAFETY: validation bounds the index by the module's own globals, which lie in one piece
        // from `globals`.
        unsafe { *self.ctx().globals.add(index as usize) }
    }

    /// Sets a global of the running instance.
    #[inline(always)]
    pub(super) fn set_global(&mut self, index: u32, value: u64) {
        // SAFETY: as `global`.
        unsafe { *self.ctx().globals.add(index as usize) = value }
    }

    /// Charges the cost in the high half of a cell. On failure `ip` names that cell, and the gas
    /// has wrapped: who ends the run adds the cost again, which is one instruction less for each
    /// branch that can be paid.
    #[inline(always)]
    pub(super) fn charge<G: Metering>(&mut self, cell: usize) -> bool {
        if !G::METERED {
            return true;
        }
        let (left, short) = self.gas.overflowing_sub(u64::from(self.high(cell)));
        self.gas = left;
        if short {
            self.skip(cell);
        }
        !short
    }
}

/// Whether handlers charge gas: a type, so that code without metering has no trace of it.
pub(in crate::vm) trait Metering {
    /// Whether gas is charged.
    const METERED: bool;
}

/// Gas is charged.
pub(in crate::vm) struct Metered;
/// Gas is not charged.
pub(in crate::vm) struct Unmetered;

impl Metering for Metered {
    const METERED: bool = true;
}

impl Metering for Unmetered {
    const METERED: bool = false;
}

/// A type that register code computes with.
pub(in crate::vm) trait Lane: Copy {
    /// Whether an immediate of this type takes a cell of its own.
    const WIDE: bool;
    fn from_slot(bits: u64) -> Self;
    fn into_slot(self) -> u64;
    fn acc(r: &Regs) -> Self;
    fn set_acc(r: &mut Regs, value: Self);
}

impl Lane for u32 {
    const WIDE: bool = false;
    #[inline(always)]
    fn from_slot(bits: u64) -> Self {
        bits as u32
    }
    #[inline(always)]
    fn into_slot(self) -> u64 {
        u64::from(self)
    }
    #[inline(always)]
    fn acc(r: &Regs) -> Self {
        r.acc as u32
    }
    #[inline(always)]
    fn set_acc(r: &mut Regs, value: Self) {
        r.acc = u64::from(value);
    }
}

impl Lane for u64 {
    const WIDE: bool = true;
    #[inline(always)]
    fn from_slot(bits: u64) -> Self {
        bits
    }
    #[inline(always)]
    fn into_slot(self) -> u64 {
        self
    }
    #[inline(always)]
    fn acc(r: &Regs) -> Self {
        r.acc
    }
    #[inline(always)]
    fn set_acc(r: &mut Regs, value: Self) {
        r.acc = value;
    }
}

impl Lane for f32 {
    const WIDE: bool = false;
    #[inline(always)]
    fn from_slot(bits: u64) -> Self {
        f32::from_bits(bits as u32)
    }
    #[inline(always)]
    fn into_slot(self) -> u64 {
        u64::from(self.to_bits())
    }
    #[inline(always)]
    fn acc(r: &Regs) -> Self {
        f32::from_bits(r.facc.to_bits() as u32)
    }
    #[inline(always)]
    fn set_acc(r: &mut Regs, value: Self) {
        r.facc = f64::from_bits(u64::from(value.to_bits()));
    }
}

impl Lane for f64 {
    const WIDE: bool = true;
    #[inline(always)]
    fn from_slot(bits: u64) -> Self {
        f64::from_bits(bits)
    }
    #[inline(always)]
    fn into_slot(self) -> u64 {
        self.to_bits()
    }
    #[inline(always)]
    fn acc(r: &Regs) -> Self {
        r.facc
    }
    #[inline(always)]
    fn set_acc(r: &mut Regs, value: Self) {
        r.facc = value;
    }
}

/// Where an operand comes from.
pub(in crate::vm) trait Source {
    /// Whether it is an immediate.
    const IMMEDIATE: bool = false;
    fn get<T: Lane>(r: &Regs) -> T;
}

/// The slot that field `F` names.
pub(in crate::vm) struct S<const F: usize>;
/// The accumulator.
pub(in crate::vm) struct A;
/// An immediate: in the high half of the second cell, or in the third cell for wide types.
pub(in crate::vm) struct I;
/// An immediate that fills cell `C`.
pub(in crate::vm) struct Cell<const C: usize>;
/// An immediate in the high half of cell `C`.
pub(in crate::vm) struct High<const C: usize>;
/// A 16-bit immediate in field 1, sign-extended.
pub(in crate::vm) struct Short;
/// A constant address, which is in the offset.
pub(in crate::vm) struct Zero;

impl<const F: usize> Source for S<F> {
    #[inline(always)]
    fn get<T: Lane>(r: &Regs) -> T {
        T::from_slot(r.slot(F))
    }
}

impl Source for A {
    #[inline(always)]
    fn get<T: Lane>(r: &Regs) -> T {
        T::acc(r)
    }
}

impl Source for I {
    const IMMEDIATE: bool = true;
    #[inline(always)]
    fn get<T: Lane>(r: &Regs) -> T {
        T::from_slot(if T::WIDE { r.cell(2) } else { u64::from(r.high(1)) })
    }
}

impl<const C: usize> Source for Cell<C> {
    const IMMEDIATE: bool = true;
    #[inline(always)]
    fn get<T: Lane>(r: &Regs) -> T {
        T::from_slot(r.cell(C))
    }
}

impl<const C: usize> Source for High<C> {
    const IMMEDIATE: bool = true;
    #[inline(always)]
    fn get<T: Lane>(r: &Regs) -> T {
        T::from_slot(u64::from(r.high(C)))
    }
}

impl Source for Short {
    #[inline(always)]
    fn get<T: Lane>(r: &Regs) -> T {
        T::from_slot(r.field(1) as i16 as i64 as u64)
    }
}

impl Source for Zero {
    #[inline(always)]
    fn get<T: Lane>(_: &Regs) -> T {
        T::from_slot(0)
    }
}

/// Where a result goes: always to the accumulator.
pub(in crate::vm) trait Dest {
    fn put<T: Lane>(r: &mut Regs, value: T);
}

/// To the accumulator only.
pub(in crate::vm) struct ToAcc;
/// Also to the slot that field 0 names.
pub(in crate::vm) struct ToSlot;

impl Dest for ToAcc {
    #[inline(always)]
    fn put<T: Lane>(r: &mut Regs, value: T) {
        T::set_acc(r, value);
    }
}

impl Dest for ToSlot {
    #[inline(always)]
    fn put<T: Lane>(r: &mut Regs, value: T) {
        r.set_slot(0, value.into_slot());
        T::set_acc(r, value);
    }
}
