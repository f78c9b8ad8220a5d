//! Calls and returns.

use core::marker::PhantomData;

use super::cells::{Lane, Metering, Regs, Source};
use super::dispatch::Handler;
use super::{Boundary as Border, Context, Flow, Trapped};
use crate::vm::arena::Function;
use crate::vm::host::{HostCall, HostError};
use crate::wasm::ValType;

/// Returns; the results are in place.
pub(in crate::vm) struct Return<G>(PhantomData<G>);

impl<G: Metering> Handler for Return<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        r.leave::<G>(0)
    }
}

macro_rules! returns {
    ($($name:ident $lane:ty;)*) => {
        $(
            /// Returns one value, which also stays in the accumulator.
            pub(in crate::vm) struct $name<X, G>(PhantomData<(X, G)>);
            impl<X: Source, G: Metering> Handler for $name<X, G> {
                #[inline(always)]
                fn run(r: &mut Regs) -> Flow {
                    let value = X::get::<$lane>(r);
                    r.set_slot_at(0, value.into_slot());
                    <$lane>::set_acc(r, value);
                    r.leave::<G>(0)
                }
            }
        )*
    };
}

returns! {
    Return1 u64;
    FReturn1 f64;
}

/// Calls a function of the running instance.
pub(in crate::vm) struct Call<G>(PhantomData<G>);

impl<G: Metering> Handler for Call<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (sp, caller) = (r.slot_address(0), r.sp);
        r.enter::<G>(r.callee(2), sp, r.after(3), caller)
    }
}

/// Tail call of a function of the running instance.
pub(in crate::vm) struct ReturnCall<G>(PhantomData<G>);

impl<G: Metering> Handler for ReturnCall<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let entry = r.callee(2);
        r.tail_enter::<G>(entry)
    }
}

/// Calls an imported function: of the host, or of another instance.
pub(in crate::vm) struct CallImport<G>(PhantomData<G>);

impl<G: Metering> Handler for CallImport<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let import = r.low(2);
        let address = r.ctx().import(import);
        r.call_outside::<G>(address)
    }
}

/// Tail call of an imported function.
pub(in crate::vm) struct ReturnCallImport<G>(PhantomData<G>);

impl<G: Metering> Handler for ReturnCallImport<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let import = r.low(2);
        let address = r.ctx().import(import);
        r.tail_call_outside::<G>(address)
    }
}

/// Calls through a table.
pub(in crate::vm) struct CallIndirect<G>(PhantomData<G>);

impl<G: Metering> Handler for CallIndirect<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (index, table, ty) = (r.slot(1) as u32, r.low(2), r.high(1));
        match r.ctx().callee(table, index, ty) {
            Ok(address) if r.ctx().is_here(address) => {
                let entry = r.ctx().entry(address);
                let (sp, caller) = (r.slot_address(0), r.sp);
                r.enter::<G>(entry, sp, r.after(3), caller)
            }
            Ok(address) => r.call_outside::<G>(address),
            Err(why) => Flow::Exit(why),
        }
    }
}

/// Tail call through a table.
pub(in crate::vm) struct ReturnCallIndirect<G>(PhantomData<G>);

impl<G: Metering> Handler for ReturnCallIndirect<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (index, table, ty) = (r.slot(1) as u32, r.low(2), r.high(2));
        match r.ctx().callee(table, index, ty) {
            Ok(address) if r.ctx().is_here(address) => {
                let entry = r.ctx().entry(address);
                r.tail_enter::<G>(entry)
            }
            Ok(address) => r.tail_call_outside::<G>(address),
            Err(why) => Flow::Exit(why),
        }
    }
}

/// Returns into another instance.
pub(in crate::vm) struct Boundary<G>(PhantomData<G>);

impl<G: Metering> Handler for Boundary<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        r.ip = r.ctx().cross_back();
        r.reload_memory();
        // The word before the return address carries the gas of the region there.
        let ret = r.ip;
        r.ip = ret.wrapping_sub(1);
        if !r.charge::<G>(0) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        r.ip = ret;
        Flow::Next
    }
}

impl Regs {
    /// Enters a function in the place of the running activation: field 0 names the arguments, field
    /// 2 the header, field 3 counts the argument slots.
    #[inline(always)]
    fn tail_enter<G: Metering>(&mut self, entry: *const u64) -> Flow {
        let (ret, caller) = self.header(2);
        let (from, count) = (self.slot_address(0), usize::from(self.field(3)));
        self.slots_to_start(from, count);
        let sp = self.sp;
        self.enter::<G>(entry, sp, ret, caller)
    }

    #[inline(always)]
    fn call_outside<G: Metering>(&mut self, address: u32) -> Flow {
        let (sp, caller) = (self.slot_address(0), self.sp);
        let ret = self.after(3);
        if !self.ctx().is_host(address) {
            if !self.ctx().fits(address, sp) {
                return Flow::Exit(Trapped::CallStackExhausted);
            }
            self.ctx().cross(address, Some(ret));
            return self.enter_crossed::<G>(address, sp, caller);
        }
        if let Err(why) = self.host_call(address, sp, false) {
            return Flow::Exit(why);
        }
        self.finish_host_call::<G>()
    }

    /// What follows a host call whose results are in place: charges the region after it and goes on
    /// there.
    #[inline(always)]
    pub(in crate::vm) fn finish_host_call<G: Metering>(&mut self) -> Flow {
        self.reload_memory();
        self.load_result(self.slot_address(0));
        if !self.charge::<G>(2) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        self.skip(3);
        Flow::Next
    }

    #[inline(always)]
    fn tail_call_outside<G: Metering>(&mut self, address: u32) -> Flow {
        let from = self.slot_address(0);
        if self.ctx().is_host(address) {
            if let Err(why) = self.host_call(address, from, true) {
                return Flow::Exit(why);
            }
            let results = self.ctx().results(address);
            return self.finish_host_tail_call::<G>(results);
        }
        let (ret, caller) = self.header(2);
        let (count, sp) = (usize::from(self.field(3)), self.sp);
        if !self.ctx().fits(address, sp) {
            return Flow::Exit(Trapped::CallStackExhausted);
        }
        self.slots_to_start(from, count);
        let stub = self.ctx().boundary_stub;
        self.ctx().cross(address, (ret != stub).then_some(ret));
        self.enter_crossed::<G>(address, sp, caller)
    }

    /// What follows a host call in tail position: its results become the activation's.
    #[inline(always)]
    pub(in crate::vm) fn finish_host_tail_call<G: Metering>(&mut self, results: usize) -> Flow {
        self.reload_memory();
        let from = self.slot_address(0);
        self.load_result(from);
        // The header may lie among the slots that the results will take.
        let (ret, caller) = self.header(2);
        self.slots_to_start(from, results);
        self.sp = caller;
        self.ip = ret.wrapping_sub(1);
        if !self.charge::<G>(0) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        self.ip = ret;
        Flow::Next
    }

    #[inline(always)]
    fn enter_crossed<G: Metering>(&mut self, address: u32, sp: *mut u64, caller: *mut u64) -> Flow {
        self.reload_memory();
        let entry = self.ctx().entry(address);
        let stub = self.ctx().boundary_stub;
        self.enter::<G>(entry, sp, stub, caller)
    }

    #[inline(always)]
    fn host_call(&mut self, address: u32, slots: *mut u64, tail: bool) -> Result<(), Trapped> {
        // Gas travels in the context: the address of a local would end tail calls.
        let gas = self.gas;
        self.ctx().gas = gas;
        let result = self.ctx().host_call(address, slots, tail);
        self.gas = self.ctx().gas;
        result
    }
}

/// Handlers name functions by address: a [`Function`] that is passed on to a function would be a
/// local with an address.
impl Context {
    /// Address of an imported function of the running instance.
    #[inline(always)]
    fn import(&mut self, import: u32) -> u32 {
        let instance = self.instance as usize;
        self.arena().instances[instance].imported_functions[import as usize]
    }

    /// Whether a function is the running instance's.
    #[inline(always)]
    fn is_here(&self, address: u32) -> bool {
        self.function(address).instance == self.instance
    }

    #[inline(always)]
    fn is_host(&self, address: u32) -> bool {
        self.function(address).is_host()
    }

    #[inline(always)]
    fn results(&self, address: u32) -> usize {
        self.function(address).results as usize
    }

    /// The function behind an element of a table, its type checked.
    #[inline(always)]
    fn callee(&mut self, table: u32, index: u32, ty: u32) -> Result<u32, Trapped> {
        let element = match table {
            0 => self.element0(index),
            _ => self.table_get(table, index).ok(),
        };
        let Some(reference) = element else { return Err(Trapped::UndefinedElement) };
        if reference == 0 {
            return Err(Trapped::UninitializedElement);
        }
        let address = (reference - 1) as u32;
        let same = match self.is_here(address) {
            true => self.function(address).type_number == ty,
            false => self.same_type(address, ty),
        };
        if same { Ok(address) } else { Err(Trapped::IndirectCallTypeMismatch) }
    }

    #[cold]
    #[inline(never)]
    fn same_type(&mut self, address: u32, ty: u32) -> bool {
        let instance = self.instance as usize;
        let function = *self.function(address);
        let arena = self.arena();
        let expected = &arena.instances[instance].program.module().types()[ty as usize];
        arena.function_type(function) == expected
    }

    /// Whether the stack has room for the frame of a function of another instance.
    #[cold]
    #[inline(never)]
    fn fits(&mut self, address: u32, sp: *mut u64) -> bool {
        let function = *self.function(address);
        let code = self.arena().instances[function.instance as usize].program.code();
        let slots = code.frame_slots(function.index).unwrap_or(0);
        sp.wrapping_add(slots as usize) <= self.stack_end
    }

    /// The callee's instance runs from here; a return through the boundary stub comes back to `ret`
    /// in this one.
    #[cold]
    #[inline(never)]
    fn cross(&mut self, address: u32, ret: Option<*const u64>) {
        if let Some(ip) = ret {
            self.boundaries.push(Border { ip, instance: self.instance });
        }
        self.instance = self.function(address).instance;
        self.refresh();
    }

    /// Comes back to the instance that crossed last.
    #[cold]
    #[inline(never)]
    fn cross_back(&mut self) -> *const u64 {
        let Some(Border { ip, instance }) = self.boundaries.pop() else {
            unreachable!("each return through the stub has its boundary")
        };
        self.instance = instance;
        self.refresh();
        ip
    }

    /// Calls the host on the slots at `first`: arguments in, results out.
    #[inline(never)]
    fn host_call(&mut self, address: u32, first: *mut u64, tail: bool) -> Result<(), Trapped> {
        let function = *self.function(address);
        let count = function.params.max(function.results) as usize;
        let slots = self.host_slots(first, count, tail).ok_or(Trapped::CallStackExhausted)?;
        let (instance, mut gas) = (self.instance as usize, self.gas);
        let (arena, host) = self.arena_and_host();
        let memory = arena.instances[instance].memories.first().copied();
        let memory = memory.map(|m| &mut arena.memories[m as usize]);
        let mut call = HostCall::new(slots, memory, &mut gas);
        let result = guarded(host, function.index, &mut call);
        self.gas = gas;
        self.refresh();
        match result {
            Ok(()) => self.normalise(function, slots).map_err(|error| {
                self.error = Some(error);
                Trapped::Host
            }),
            Err(HostError::OutOfGas) => Err(Trapped::OutOfGas),
            Err(HostError::Suspend) => {
                self.suspended = Some((function, tail));
                Err(Trapped::Suspended)
            }
            Err(error) => {
                self.error = Some(error);
                Err(Trapped::Host)
            }
        }
    }

    /// Calls a host function on behalf of the embedder: no instance runs, so there is no memory.
    pub(in crate::vm) fn host_call_from_outside(
        &mut self,
        function: Function,
        slots: &mut [u64],
        gas: &mut u64,
    ) -> Result<(), HostError> {
        let (_, host) = self.arena_and_host();
        guarded(host, function.index, &mut HostCall::new(slots, None, gas))?;
        self.normalise(function, slots)
    }

    /// Slots hold 32-bit results zero-extended, whatever the host wrote, and references to
    /// functions are the arena's.
    fn normalise(&mut self, function: Function, slots: &mut [u64]) -> Result<(), HostError> {
        let arena = self.arena();
        let functions = arena.functions.len() as u64;
        for (slot, &ty) in slots.iter_mut().zip(arena.function_type(function).results()) {
            if matches!(ty, ValType::I32 | ValType::F32) {
                *slot &= u64::from(u32::MAX);
            }
            if ty == ValType::FUNCREF && *slot > functions {
                let text = "a host function returned a function that does not exist";
                return Err(HostError::Fault(text.into()));
            }
        }
        Ok(())
    }
}

/// Calls the host. A panic in its code is a fault of the embedder, not the guest's doing.
fn guarded(
    host: &mut dyn crate::vm::host::Host,
    function: u32,
    call: &mut HostCall<'_>,
) -> Result<(), HostError> {
    #[cfg(feature = "std")]
    {
        let run = core::panic::AssertUnwindSafe(|| host.call(function, call));
        std::panic::catch_unwind(run)
            .unwrap_or_else(|_| Err(HostError::Fault("a host function panicked".into())))
    }
    #[cfg(not(feature = "std"))]
    host.call(function, call)
}
