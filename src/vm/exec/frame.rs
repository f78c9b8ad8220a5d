//! Activations: entering, leaving, and the raw pointers of a run.
//!
//! The frame layout is drawn in `ir::code`. A header holds the return address and the caller's
//! `sp`; the word before a return address carries, in its high half, the gas of the region that the
//! return enters.

use alloc::vec::Vec;

use super::cells::{Metering, Regs};
use super::{Context, Flow, Saved, Trapped};
use crate::vm::arena::{Arena, Function};
use crate::vm::host::Host;
use crate::vm::memory::Memory;
use crate::vm::stack::Stack;

/// Slots that are cleared at once.
pub(in crate::vm) const CLEARED: usize = 4;

impl Regs {
    /// Copies slots of the frame, which may overlap.
    #[inline(always)]
    pub(super) fn copy_slots(&mut self, to: u16, from: u16, count: u16) {
        // SAFETY: the verifier checks both spans against the frame.
        unsafe {
            let (to, from) = (self.sp.add(usize::from(to)), self.sp.add(usize::from(from)));
            core::ptr::copy(from, to, usize::from(count));
        }
    }

    /// The address of the slot that a field names.
    #[inline(always)]
    pub(super) fn slot_address(&self, field: usize) -> *mut u64 {
        // SAFETY: as `slot_at`; one past the frame's last slot at most.
        unsafe { self.sp.add(usize::from(self.field(field))) }
    }

    /// Memory 0 may have moved, or another instance runs.
    #[inline(always)]
    pub(super) fn reload_memory(&mut self) {
        self.mem = self.ctx().memory;
    }

    /// The header of the function that the low half of a cell leads to.
    #[inline(always)]
    pub(super) fn callee(&self, cell: usize) -> *const u64 {
        let distance = self.low(cell) as i32;
        // SAFETY: the verifier checks that calls lead to function headers.
        unsafe { self.ip.byte_offset(distance as isize) }
    }

    /// The cell `cells` after the op.
    #[inline(always)]
    pub(super) fn after(&self, cells: usize) -> *const u64 {
        // SAFETY: as `skip`.
        unsafe { self.ip.add(cells) }
    }

    /// Enters a function at `entry` with its frame at `sp`, to return to `ret` with the frame at
    /// `caller`. Where the stack has no room, `ip` stays at the call.
    #[inline(always)]
    pub(in crate::vm) fn enter<G: Metering>(
        &mut self,
        entry: *const u64,
        sp: *mut u64,
        ret: *const u64,
        caller: *mut u64,
    ) -> Flow {
        // SAFETY: `entry` is a function header of the running instance's code, so its two cells can
        // be read. The frame, whose size the first gives, is checked against the end of the stack
        // before anything is written to it; header and locals lie inside the frame, and the stack
        // has slots to spare for what is cleared beyond.
        unsafe {
            let frame = *entry.cast::<u32>();
            let end = sp.wrapping_add(frame as usize);
            if end > self.ctx().stack_end {
                return Flow::Exit(Trapped::CallStackExhausted);
            }
            let header = sp.add(usize::from(*entry.add(1).cast::<u16>()));
            let locals = usize::from(*entry.add(1).cast::<u16>().add(1));
            header.write(ret as usize as u64);
            header.add(1).write(caller as usize as u64);
            let mut local = header.add(2);
            let last = local.add(locals);
            while local < last {
                // Some at once, and so up to three operands too, for which the stack has room.
                // Volatile, so that the loop does not become a call of `memset`, around which
                // registers would be saved.
                local.write_volatile(0);
                local.add(1).write_volatile(0);
                local.add(2).write_volatile(0);
                local.add(3).write_volatile(0);
                local = local.add(CLEARED);
            }
            // Nothing is known of it where a function begins: its register is free until then.
            self.acc = locals as u64;
            self.sp = sp;
            self.ip = entry;
            if !self.charge::<G>(0) {
                return Flow::Exit(Trapped::OutOfGasRegion);
            }
            self.ip = entry.add(2);
        }
        Flow::Next
    }

    /// Returns from the activation whose header is at the slot that field `field` names.
    #[inline(always)]
    pub(super) fn leave<G: Metering>(&mut self, field: usize) -> Flow {
        let (ret, caller) = self.header(field);
        self.sp = caller;
        // SAFETY: a word that carries gas stands before each return address.
        self.ip = unsafe { ret.sub(1) };
        if !self.charge::<G>(0) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        self.ip = ret;
        Flow::Next
    }

    /// Return address and caller's frame, from the header at the slot that a field names.
    #[inline(always)]
    pub(super) fn header(&self, field: usize) -> (*const u64, *mut u64) {
        let slot = self.field(field);
        (self.slot_at(slot) as usize as *const u64, self.slot_at(slot + 1) as usize as *mut u64)
    }

    /// Moves `count` slots from `from` to the start of the frame.
    #[inline(always)]
    pub(super) fn slots_to_start(&mut self, from: *const u64, count: usize) {
        // SAFETY: arguments and results lie in the frame or in the slots that the stack check of
        // the call covered.
        unsafe { core::ptr::copy(from, self.sp, count) }
    }

    /// After a host call: the accumulators hold the first result, if there is one.
    #[inline(always)]
    pub(super) fn load_result(&mut self, slot: *const u64) {
        // SAFETY: the slot lies at most one past the frame, where the stack has a slot to spare.
        let bits = unsafe { *slot };
        self.acc = bits;
        self.facc = f64::from_bits(bits);
    }
}

impl Context {
    /// The arena of the run.
    #[inline(always)]
    pub(super) fn arena(&mut self) -> &mut Arena {
        // SAFETY: the driver holds the arena exclusively for the run and lends it by this pointer
        // alone.
        unsafe { &mut *self.arena }
    }

    /// The arena and the host.
    pub(super) fn arena_and_host(&mut self) -> (&mut Arena, &mut dyn Host) {
        // SAFETY: as `arena`; the host is a different object, lent in the same way.
        unsafe { (&mut *self.arena, &mut *self.host) }
    }

    /// A function of the arena.
    #[inline(always)]
    pub(super) fn function(&self, address: u32) -> &Function {
        // SAFETY: addresses come from instances and from references, which the arena alone makes
        // and checks, and functions are never removed.
        unsafe { &*self.functions.add(address as usize) }
    }

    /// An element of table 0 of the running instance.
    #[inline(always)]
    pub(super) fn element0(&self, index: u32) -> Option<u64> {
        // SAFETY: the pointer and length are refreshed whenever the table or the instance changes.
        (index < self.table0_len).then(|| unsafe { *self.table0.add(index as usize) })
    }

    /// The header of a function of the running instance.
    #[inline(always)]
    pub(super) fn entry(&self, address: u32) -> *const u64 {
        // SAFETY: the entry was taken from the instance's code.
        unsafe { self.code.add(self.function(address).entry as usize) }
    }

    /// The slots of a host call, checked against the stack. In tail position its results take the
    /// place of the running activation, which fits: there they may reach into the spare slots.
    pub(super) fn host_slots<'s>(
        &self,
        first: *mut u64,
        count: usize,
        tail: bool,
    ) -> Option<&'s mut [u64]> {
        let end = if tail { self.spare_end } else { self.stack_end };
        let fits = first.wrapping_add(count) <= end;
        // SAFETY: the range lies in the value stack, which outlives the call and which nobody else
        // touches meanwhile: the arguments are operands of a frame that fits, and beyond it are
        // spare slots for as many results as a function may have.
        fits.then(|| unsafe { core::slice::from_raw_parts_mut(first, count) })
    }

    /// Points the cached addresses at the running instance.
    pub(in crate::vm) fn refresh(&mut self) {
        let index = self.instance as usize;
        // SAFETY: as `arena`.
        let arena = unsafe { &mut *self.arena };
        self.functions = arena.functions.as_ptr();
        let Some(instance) = arena.instances.get(index) else { return };
        self.code = instance.program.code().words().as_ptr();
        let globals = instance.globals_start as usize;
        self.globals = arena.globals[globals..].as_mut_ptr();
        self.memory = match instance.memories.first() {
            Some(&memory) => arena.memories[memory as usize].base(),
            None => Memory::empty_base(),
        };
        match instance.tables.first() {
            Some(&table) => {
                let elements = &arena.tables[table as usize].elements;
                self.table0 = elements.as_ptr();
                self.table0_len = elements.len() as u32;
            }
            None => self.table0_len = 0,
        }
    }
}

impl Saved {
    /// The second cell of the op that the machine was left at.
    pub(in crate::vm) fn cell_after_ip(&self) -> u64 {
        // SAFETY: the machine was left at a call, whose second cell follows.
        unsafe { *self.ip.add(1) }
    }
}

impl Context {
    /// A context for a run. The arena, the stack and the host are lent to it until the run has
    /// ended.
    pub(in crate::vm) fn new(
        arena: &mut Arena,
        stack: &mut Stack,
        host: &mut dyn Host,
        instance: u32,
    ) -> Context {
        let boundary_stub = arena.engine.boundary_stub();
        let metered = arena.engine.config().metered;
        // SAFETY: only the lifetime of the trait object changes. The context does not outlive the
        // driver's frame, which holds the borrow.
        let host =
            unsafe { core::mem::transmute::<&mut dyn Host, *mut (dyn Host + 'static)>(host) };
        Context {
            globals: core::ptr::null_mut(),
            stack_end: stack.end(),
            spare_end: stack.spare_end(),
            table0: core::ptr::null(),
            table0_len: 0,
            instance,
            functions: core::ptr::null(),
            code: core::ptr::null(),
            memory: Memory::empty_base(),
            gas: 0,
            metered,
            saved: Saved { ip: core::ptr::null(), sp: core::ptr::null_mut(), gas: 0 },
            arena,
            host,
            boundary_stub,
            boundaries: Vec::new(),
            suspended: None,
            error: None,
            probe: 0,
        }
    }

    /// Registers that begin at `ip`.
    pub(in crate::vm) fn regs(&mut self, ip: *const u64, sp: *mut u64, gas: u64) -> Regs {
        Regs { ip, sp, mem: self.memory, acc: 0, gas, ctx: self, facc: 0.0 }
    }
}
