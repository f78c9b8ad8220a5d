//! The driver: starts, suspends, resumes and ends executions, and settles gas on the cold paths.

use alloc::format;
use alloc::vec::Vec;

use super::arena::{Arena, Function};
use super::engine::Engine;
use super::error::ExecError;
use super::exec::{self, Boundary, Context, Flow, Metered, Regs, Saved, Trapped, Unmetered};
use super::host::{Host, HostError, NoHost};
use super::memory::Memory;
use super::stack::{Stack, Ticket};
use super::trap::{Trap, TrapCode};
use super::value::{Func, Value};
use crate::ir::{unpack, unpack_half};

/// How an execution ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The function returned these results.
    Returned(Vec<Value>),
    /// A host function asked for suspension: go on with [`Arena::resume`].
    Suspended,
}

/// An execution that waits for the results of a host call. Addresses are kept as numbers: they mean
/// something again once the same stack is given back.
#[derive(Debug)]
pub(super) struct Suspension {
    ip: usize,
    sp: usize,
    instance: u32,
    /// Return address and instance of each boundary.
    boundaries: Vec<(usize, u32)>,
    /// The host function that waits, and whether it was called in tail position.
    waiting: Function,
    tail: bool,
    /// The function that was invoked, and its first slot.
    invoked: Function,
    base: usize,
    /// Slots of the stack in use before the invocation.
    used: usize,
    /// Its place on the stack.
    ticket: Ticket,
}

impl Arena {
    /// Calls a function. `gas` is the limit, and afterwards what is left of it: all of it is used
    /// where gas ran out.
    ///
    /// # Errors
    ///
    /// A trap, arguments that do not fit, or a fault.
    pub fn invoke(
        &mut self,
        stack: &mut Stack,
        host: &mut dyn Host,
        func: Func,
        args: &[Value],
        gas: &mut u64,
    ) -> Result<Outcome, ExecError> {
        if self.suspended.is_some() {
            return Err(ExecError::Suspended);
        }
        let function = self.functions[func.0 as usize];
        self.check_arguments(function, args)?;
        let (base, used) = (stack.top(), stack.used());
        let slots = function.params.max(function.results) as usize;
        let fits = slots <= stack.free_slots();
        let Some(first) = stack.slots_mut(base, slots).filter(|_| fits) else {
            return Err(Trap::nowhere(TrapCode::CallStackExhausted).into());
        };
        for (slot, arg) in first.iter_mut().zip(args) {
            *slot = arg.to_slot();
        }
        let mut ctx = self.context(stack, host, function.instance);
        if function.is_host() {
            return self.invoke_host(ctx, stack, function, base, gas);
        }
        ctx.refresh();
        let entry = ctx.code.wrapping_add(function.entry as usize);
        let stub = self.engine.exit_stub();
        let mut regs = ctx.regs(stub, base, *gas);
        let flow = match self.engine.config().metered {
            true => regs.enter::<Metered>(entry, base, stub, base),
            false => regs.enter::<Unmetered>(entry, base, stub, base),
        };
        let why = self.go_on(regs, &mut ctx, flow);
        self.end(ctx, why, stack, function, base, used, gas)
    }

    fn check_arguments(&self, function: Function, args: &[Value]) -> Result<(), ExecError> {
        let params = self.function_type(function).params();
        let fits = params.len() == args.len()
            && params.iter().zip(args).all(|(p, a)| p == &a.ty() && self.knows(a));
        if fits {
            return Ok(());
        }
        let given: Vec<_> = args.iter().map(|a| format!("{}", a.ty())).collect();
        let wanted: Vec<_> = params.iter().map(|p| format!("{p}")).collect();
        Err(ExecError::Arguments(format!("want [{}], got [{}]", wanted.join(" "), given.join(" "))))
    }

    /// Whether a value is no reference to a function that is not in this arena.
    pub(super) fn knows(&self, value: &Value) -> bool {
        !matches!(value, Value::FuncRef(Some(f)) if f.0 as usize >= self.functions.len())
    }

    fn context(&mut self, stack: &mut Stack, host: &mut dyn Host, instance: u32) -> Context {
        Context::new(self, stack, host, instance)
    }

    /// A host function called by the embedder itself.
    fn invoke_host(
        &mut self,
        mut ctx: Context,
        stack: &mut Stack,
        function: Function,
        base: *mut u64,
        gas: &mut u64,
    ) -> Result<Outcome, ExecError> {
        let count = function.params.max(function.results).max(1) as usize;
        let slots = stack.slots_mut(base, count).unwrap_or(&mut []);
        let result = ctx.host_call_from_outside(function, slots, gas);
        match result {
            Ok(()) => Ok(Outcome::Returned(self.results(function, stack, base))),
            Err(HostError::Trap(host)) => {
                Err(Trap { host, ..Trap::nowhere(TrapCode::Host) }.into())
            }
            Err(HostError::OutOfGas) => {
                *gas = 0;
                Err(Trap::nowhere(TrapCode::OutOfGas).into())
            }
            Err(HostError::Suspend) => Err(ExecError::Suspended),
            Err(HostError::Fault(text)) => Err(ExecError::Fault(text)),
        }
    }

    fn results(&self, function: Function, stack: &mut Stack, base: *mut u64) -> Vec<Value> {
        let types = self.function_type(function).results();
        let slots = stack.slots_mut(base, types.len()).unwrap_or(&mut []);
        slots.iter().zip(types).map(|(&bits, &ty)| Value::from_slot(bits, ty)).collect()
    }

    /// Runs on after an op that the driver has done.
    fn go_on(&mut self, regs: Regs, ctx: &mut Context, flow: Flow) -> Trapped {
        match flow {
            Flow::Next => {
                let dispatch = self.engine.config().dispatch;
                // The machine reaches arena and context by these pointers alone: they are made
                // last, and nothing else names either until the machine is left.
                ctx.arena = self;
                exec::run(Regs { ctx, ..regs }, dispatch)
            }
            Flow::Exit(why) => {
                ctx.saved = Saved { ip: regs.ip, sp: regs.sp, gas: regs.gas };
                why
            }
        }
    }

    /// Ends or suspends an execution that left the machine.
    #[allow(clippy::too_many_arguments, reason = "the parts of one execution")]
    fn end(
        &mut self,
        mut ctx: Context,
        why: Trapped,
        stack: &mut Stack,
        invoked: Function,
        base: *mut u64,
        used: usize,
        gas: &mut u64,
    ) -> Result<Outcome, ExecError> {
        *gas = ctx.saved.gas;
        match why {
            Trapped::Done => {
                stack.release(used);
                Ok(Outcome::Returned(self.results(invoked, stack, base)))
            }
            Trapped::Suspended => {
                let Some((waiting, tail)) = ctx.suspended.take() else {
                    return Err(ExecError::Fault("a suspension without its function".into()));
                };
                let first = waiting_slots(&ctx.saved);
                let count = waiting.params.max(waiting.results) as usize;
                let ticket = stack.suspend(first.wrapping_add(count));
                let boundaries = ctx.boundaries.iter().map(|b| (b.ip as usize, b.instance));
                self.suspended = Some(Suspension {
                    ip: ctx.saved.ip as usize,
                    sp: ctx.saved.sp as usize,
                    instance: ctx.instance,
                    boundaries: boundaries.collect(),
                    waiting,
                    tail,
                    invoked,
                    base: base as usize,
                    used,
                    ticket,
                });
                Ok(Outcome::Suspended)
            }
            _ => {
                stack.release(used);
                Err(self.trap(ctx, why, gas))
            }
        }
    }

    /// Resumes the suspended execution: the host call that suspended it returns `results`.
    ///
    /// # Errors
    ///
    /// As [`Arena::invoke`]; arguments do not fit where the results are not what the host
    /// function's type says, or where nothing is suspended.
    pub fn resume(
        &mut self,
        stack: &mut Stack,
        host: &mut dyn Host,
        results: &[Value],
        gas: &mut u64,
    ) -> Result<Outcome, ExecError> {
        let Some(waits) = &self.suspended else {
            return Err(ExecError::Arguments("nothing is suspended".into()));
        };
        if !stack.is_on_top(waits.ticket) {
            let text = "the stack is not the one of the suspended execution, or not on its top";
            return Err(ExecError::Arguments(text.into()));
        }
        let types = self.function_type(waits.waiting).results();
        let fit = types.len() == results.len()
            && types.iter().zip(results).all(|(t, r)| *t == r.ty() && self.knows(r));
        if !fit {
            return Err(ExecError::Arguments("results are not of the host function's type".into()));
        }
        let Some(suspension) = self.suspended.take() else {
            return Err(ExecError::Arguments("nothing is suspended".into()));
        };
        let Suspension { ip, sp, waiting, tail, invoked, base, used, ticket, .. } = suspension;
        let regs = Saved { ip: ip as *const u64, sp: sp as *mut u64, gas: *gas };
        let base = base as *mut u64;
        let slots = stack.slots_mut(waiting_slots(&regs), results.len()).unwrap_or(&mut []);
        for (slot, result) in slots.iter_mut().zip(results) {
            *slot = result.to_slot();
        }
        stack.forget(ticket, used);
        let mut ctx = self.context(stack, host, suspension.instance);
        let boundary = |&(ip, instance): &(usize, u32)| Boundary { ip: ip as *const u64, instance };
        ctx.boundaries = suspension.boundaries.iter().map(boundary).collect();
        ctx.refresh();
        let mut machine = ctx.regs(regs.ip, regs.sp, *gas);
        let slots = waiting.results as usize;
        let flow = match (tail, self.engine.config().metered) {
            (false, true) => machine.finish_host_call::<Metered>(),
            (false, false) => machine.finish_host_call::<Unmetered>(),
            (true, true) => machine.finish_host_tail_call::<Metered>(slots),
            (true, false) => machine.finish_host_tail_call::<Unmetered>(slots),
        };
        let why = self.go_on(machine, &mut ctx, flow);
        self.end(ctx, why, stack, invoked, base, used, gas)
    }

    /// Gives up a suspended execution. Executions of other arenas that were suspended above it on
    /// this stack cannot be resumed any more.
    pub fn abandon(&mut self, stack: &mut Stack) {
        if let Some(suspension) = self.suspended.take() {
            stack.forget(suspension.ticket, suspension.used);
        }
    }

    /// The trap, with its place, and the gas that is left after it.
    fn trap(&mut self, mut ctx: Context, why: Trapped, gas: &mut u64) -> ExecError {
        if let Some(HostError::Fault(text)) = ctx.error {
            return ExecError::Fault(text);
        }
        let host = match ctx.error {
            Some(HostError::Trap(code)) => code,
            _ => 0,
        };
        let program = match self.instances.get(ctx.instance as usize) {
            Some(instance) => instance.program.clone(),
            None => return Trap::nowhere(why.code().unwrap_or(TrapCode::OutOfGas)).into(),
        };
        let located = locate(program.code(), ctx.saved.ip);
        if why == Trapped::OutOfGasRegion {
            let Some((function, word)) = located else {
                return ExecError::Fault("out of gas outside of code".into());
            };
            // What could not be paid was taken off all the same.
            *gas = gas.wrapping_add(unpack_half(program.code().words()[word])[1].into());
            return self.replay(&mut ctx, &program, function, word, gas);
        }
        let code = why.code().unwrap_or(TrapCode::Unreachable);
        let mut trap = Trap { host, ..Trap::nowhere(code) };
        if let Some((function, word)) = located {
            let entry = program.code().entry(function).unwrap_or(0);
            if let Some(site) = program.sites(function).site((word - entry) as u32) {
                trap.function = Some(function);
                trap.offset = Some(site.offset);
                if self.engine.config().metered {
                    *gas += site.end - site.paid;
                }
            }
        }
        if code == TrapCode::OutOfGas && self.engine.config().metered {
            *gas = 0;
        }
        ExecError::Trap(trap)
    }

    /// A region could not be paid: runs it up to the first operator that cannot. Something before
    /// it may trap.
    fn replay(
        &mut self,
        ctx: &mut Context,
        program: &super::program::Program,
        function: u32,
        word: usize,
        gas: &mut u64,
    ) -> ExecError {
        let entry = program.code().entry(function).unwrap_or(0);
        let budget = *gas;
        let after = program.sites(function).region((word - entry) as u32);
        let Some((code, end)) = after.and_then(|a| program.cut(function, a, budget)) else {
            return ExecError::Fault(format!("no region at word {word} of function {function}"));
        };
        let start = code.words()[end.start..].as_ptr();
        let regs = ctx.regs(start, ctx.saved.sp, budget);
        let why = self.go_on(regs, ctx, Flow::Next);
        let stopped = (ctx.saved.ip as usize - code.words().as_ptr() as usize) / 8;
        let site = end.map.site(stopped as u32).copied();
        let code = why.code().unwrap_or(TrapCode::OutOfGas);
        *gas = match (code, site) {
            (TrapCode::OutOfGas, _) | (_, None) => 0,
            (_, Some(site)) => budget - site.paid,
        };
        let offset = site.map(|s| s.offset);
        ExecError::Trap(Trap { code, host: 0, function: Some(function), offset })
    }
}

/// The function and the word at an address, where it is in this code.
fn locate(code: &crate::ir::Code, ip: *const u64) -> Option<(u32, usize)> {
    let word = (ip as usize).checked_sub(code.words().as_ptr() as usize)? / 8;
    code.function_at(word).map(|function| (function, word))
}

/// The slots of the host call that the machine was left at.
fn waiting_slots(saved: &Saved) -> *mut u64 {
    saved.sp.wrapping_add(usize::from(unpack(saved.cell_after_ip())[0]))
}

/// Runs code that does not need an arena; gives where the native stack was.
pub(super) fn probe(engine: &Engine, code: &[u64], stack: &mut Stack) -> usize {
    let mut arena = Arena::new(engine);
    let mut ctx = Context::new(&mut arena, stack, &mut NoHost, 0);
    ctx.memory = Memory::empty_base();
    let regs = ctx.regs(code.as_ptr(), stack.top(), 0);
    exec::run(regs, engine.config().dispatch);
    ctx.probe
}
