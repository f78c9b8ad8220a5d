//! Runs a tree of calls to its end, in a loop.
//!
//! A call leaves the machine as a suspension: the caller's activation stays where it is, on the
//! heap, the callee gets its own, and when that has ended the caller is resumed with the status. So
//! no depth that a guest controls is a depth of the native stack.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::{CallFlags, CallStatus, HostFn, HostTrap, IMPORT_MODULE};

use super::fns;
use super::frame::{CallRequest, Env, Frame, Stop};
use super::guest::Guest;
use super::interface::type_of;
use super::machine::{Contract, Machine, Rules};
use super::outcome::{CallTrap, Fault, Outcome};
use super::tree::{CallTree, FrameEnd, Refusal, callee_gas};
use crate::primitives::{Address, Amount};
use crate::state::Overlay;
use crate::vm::{
    Arena, ExecError, Extern, Host, HostCall, HostError, InstanceId, Outcome as Left, Stack, Trap,
    TrapCode, Value,
};
use crate::wasm::{ExternIndex, FuncType};

/// Where a frame begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A method, by a name that may be anything.
    Method(Vec<u8>),
    /// `init`, where the module has one.
    Init,
}

/// The outermost call.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) caller: Address,
    pub(crate) contract: Address,
    pub(crate) entry: Entry,
    pub(crate) input: Arc<[u8]>,
    pub(crate) gas: u64,
    pub(crate) read_only: bool,
}

impl Machine {
    /// Runs a call and all calls that it makes. What succeeds is left in `overlay`, anything else
    /// is not.
    pub(crate) fn run(&mut self, overlay: &mut Overlay<'_>, root: Root) -> Result<Outcome, Fault> {
        let method = match &root.entry {
            Entry::Method(name) => name.clone(),
            Entry::Init => Vec::new(),
        };
        let price = fns::call_price(&self.rules().prices, method.len(), root.input.len());
        let Some(gas) = root.gas.checked_sub(price) else {
            return Ok(Outcome::refused(CallStatus::OutOfGas, 0));
        };
        let request = CallRequest {
            to: root.contract,
            method,
            input: root.input,
            value: Amount::ZERO,
            gas,
            flags: CallFlags::NONE,
        };
        let values = self.engine.new_stack();
        let tree = CallTree::default();
        let mut run = Run { machine: self, overlay, tree, activations: Vec::new(), values };
        let init = root.entry == Entry::Init;
        match run.enter(request, init, root.caller, gas, root.read_only) {
            Ok(()) => run.finish(),
            Err(Refusal::Status(status)) => Ok(Outcome::refused(status, gas)),
            Err(Refusal::Trap(trap)) => {
                let trap = Some(CallTrap::of_host(root.contract, trap));
                Ok(Outcome { trap, ..Outcome::refused(CallStatus::Trapped, gas) })
            }
            Err(Refusal::Fault(fault)) => Err(fault),
        }
    }
}

/// A running tree of calls.
struct Run<'m, 'o, 's> {
    machine: &'m mut Machine,
    overlay: &'o mut Overlay<'s>,
    /// The frames; `activations` has the machine's part of each.
    tree: CallTree,
    activations: Vec<Activation>,
    /// The value stack of the whole tree.
    values: Stack,
}

/// The machine's part of a frame.
struct Activation {
    contract: Arc<Contract>,
    arena: Arena,
    instance: Option<InstanceId>,
    /// How far it has come.
    stage: Stage,
    /// The function to call once the instance is ready; none where that was all.
    entry: Option<u32>,
    /// The status of the call that it waited for, once that has ended.
    answer: Option<CallStatus>,
    /// Whether the method, too, must not change state.
    read_only: bool,
    /// Gas that it was given, and what is left of it.
    given: u64,
    left: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The instance is to be made.
    Instantiate,
    /// `_initialize` is to be called or runs.
    Initialize,
    /// The entry is to be called or runs.
    Entry,
}

/// What one turn of the running activation came to.
enum Turn {
    /// It has more to do.
    On,
    /// It calls a contract.
    Call(CallRequest),
    /// The frame has ended; with the reason, where it trapped.
    End(FrameEnd, Option<CallTrap>),
}

impl Run<'_, '_, '_> {
    /// Takes turns until the outermost frame has ended.
    fn finish(mut self) -> Result<Outcome, Fault> {
        loop {
            let (end, trap) = match self.turn()? {
                Turn::On => continue,
                Turn::Call(request) => match self.call(request)? {
                    None => continue,
                    Some(trap) => (FrameEnd::Trapped, Some(trap)),
                },
                Turn::End(end, trap) => (end, trap),
            };
            let (status, output) = self.tree.pop(self.overlay, end);
            let mut ended = self.activations.pop().expect("an activation for each frame");
            ended.arena.abandon(&mut self.values);
            let Some(caller) = self.activations.last_mut() else {
                return Ok(Outcome { status, output, gas_left: ended.left, trap });
            };
            caller.left -= ended.given - ended.left;
            self.answer(status, output);
        }
    }

    /// Begins a call of the running frame, or tells it at once why not. Returns the trap where the
    /// refusal is one.
    fn call(&mut self, request: CallRequest) -> Result<Option<CallTrap>, Fault> {
        let caller = self.tree.running().expect("the frame that calls");
        let (address, read_only) = (caller.contract, caller.read_only);
        let running = self.activations.last().expect("an activation for each frame");
        let gas = callee_gas(running.left, request.gas);
        match self.enter(request, false, address, gas, read_only) {
            Ok(()) => {}
            Err(Refusal::Status(status)) => self.answer(status, Vec::new()),
            Err(Refusal::Trap(trap)) => return Ok(Some(CallTrap::of_host(address, trap))),
            Err(Refusal::Fault(fault)) => return Err(fault),
        }
        Ok(None)
    }

    /// Hands the running frame what its call came to.
    fn answer(&mut self, status: CallStatus, data: Vec<u8>) {
        let frame = self.tree.running().expect("the frame that called");
        frame.returned = data;
        let running = self.activations.last_mut().expect("an activation for each frame");
        running.answer = Some(status);
    }

    /// Opens a frame, or says why not.
    fn enter(
        &mut self,
        request: CallRequest,
        init: bool,
        caller: Address,
        gas: u64,
        read_only: bool,
    ) -> Result<(), Refusal> {
        let limits = &self.machine.rules().call_limits;
        let (depth_limit, pages_limit) = (limits.depth, u64::from(limits.tree_pages));
        let code = self.tree.admit(self.overlay, &caller, &request, depth_limit)?;
        let contract = self.machine.load(self.overlay, code)?;
        let contract = contract.map_err(|_| Refusal::Status(CallStatus::CodeInadmissible))?;
        let entry = if init {
            contract.interface.init()
        } else {
            let name = core::str::from_utf8(&request.method).ok();
            let method = name.and_then(|name| contract.interface.method(name));
            Some(method.ok_or(Refusal::Status(CallStatus::NotFound))?)
        };
        let pages: u64 = self.activations.iter().map(Activation::pages).sum();
        if pages + contract.initial_pages() > pages_limit {
            return Err(Refusal::Trap(HostTrap::TreeMemory));
        }
        let frame = Frame::new(request.to, caller, request.input, read_only);
        self.tree.push(self.overlay, frame);
        self.activations.push(Activation {
            arena: Arena::new(&self.machine.engine),
            contract,
            instance: None,
            stage: Stage::Instantiate,
            answer: None,
            entry,
            read_only,
            given: gas,
            left: gas,
        });
        Ok(())
    }

    /// Lets the running activation go on until it ends, calls, or has finished a stage.
    fn turn(&mut self) -> Result<Turn, Fault> {
        let frame = self.tree.running().expect("a frame is open");
        let running = self.activations.last_mut().expect("an activation for each frame");
        // What runs before the method must not write, whatever the method may.
        frame.read_only = running.read_only || running.stage != Stage::Entry;
        let contract = frame.contract;
        let rules = self.machine.rules();
        let mut host = FrameHost { frame, overlay: &mut *self.overlay, rules, stop: None };
        let result = running.step(&mut self.values, &mut host);
        match (result, host.stop) {
            (Ok(Left::Returned(_)), _) if running.has_more() => Ok(Turn::On),
            (Ok(Left::Returned(_)), _) => Ok(Turn::End(FrameEnd::Success, None)),
            (Ok(Left::Suspended), Some(Stop::Call(request))) => Ok(Turn::Call(request)),
            (Ok(Left::Suspended), Some(Stop::Revert)) => Ok(Turn::End(FrameEnd::Reverted, None)),
            (Ok(Left::Suspended), Some(Stop::Fault(error))) => Err(error.into()),
            (Ok(Left::Suspended), _) => Err(Fault::new("a suspension without a reason")),
            (Err(ExecError::Trap(trap)), _) if trap.code == TrapCode::OutOfGas => {
                running.left = 0;
                Ok(Turn::End(FrameEnd::OutOfGas, None))
            }
            (Err(ExecError::Trap(trap)), _) => {
                let trap = CallTrap::of_machine(contract, &trap);
                Ok(Turn::End(FrameEnd::Trapped, Some(trap)))
            }
            (Err(error), _) => Err(Fault::new(alloc::format!("{error}"))),
        }
    }
}

impl Activation {
    /// Goes on where it stands.
    fn step(
        &mut self,
        values: &mut Stack,
        host: &mut FrameHost<'_, '_>,
    ) -> Result<Left, ExecError> {
        if let Some(status) = self.answer.take() {
            let status = [Value::I32(status.code())];
            return self.arena.resume(values, host, &status, &mut self.left);
        }
        let function = match (self.stage, self.instance) {
            (Stage::Entry, Some(_)) => self.entry,
            (Stage::Initialize, Some(_)) => self.contract.interface.initialize(),
            _ => return self.instantiate(values, host),
        };
        let (Some(function), Some(instance)) = (function, self.instance) else {
            return Ok(Left::Returned(Vec::new()));
        };
        match self.arena.resolve_index(instance, ExternIndex::Function(function)) {
            Extern::Func(func) => self.arena.invoke(values, host, func, &[], &mut self.left),
            _ => Err(ExecError::Fault("a method is a function".into())),
        }
    }

    /// Makes the instance. Its size is paid before it is made, as `memory.grow` would be.
    fn instantiate(
        &mut self,
        values: &mut Stack,
        host: &mut FrameHost<'_, '_>,
    ) -> Result<Left, ExecError> {
        let price = self.contract.instance_price(host.rules);
        let Some(left) = self.left.checked_sub(price) else {
            return Err(Trap::nowhere(TrapCode::OutOfGas).into());
        };
        self.left = left;
        let functions = self.contract.interface.imports().iter().map(|&function| {
            let number = function.number().into();
            Extern::Func(self.arena.add_host_function(number, type_of(function)))
        });
        let imports: Vec<Extern> = functions.collect();
        let program = &self.contract.program;
        let id = self.arena.instantiate(program, &imports, values, host, &mut self.left)?;
        self.instance = Some(id);
        Ok(Left::Returned(Vec::new()))
    }

    /// Moves on to the next stage, if there is one.
    fn has_more(&mut self) -> bool {
        self.stage = match self.stage {
            Stage::Instantiate => Stage::Initialize,
            Stage::Initialize => Stage::Entry,
            Stage::Entry => return false,
        };
        true
    }

    /// Pages of its memory.
    fn pages(&self) -> u64 {
        let memory = ExternIndex::Memory(0);
        match self.instance.map(|instance| self.arena.resolve_index(instance, memory)) {
            Some(Extern::Memory(memory)) => self.arena.memory(memory).pages().into(),
            _ => self.contract.initial_pages(),
        }
    }
}

/// The host as the running frame sees it.
struct FrameHost<'a, 's> {
    frame: &'a mut Frame,
    overlay: &'a mut Overlay<'s>,
    rules: &'a Rules,
    /// Why execution was suspended.
    stop: Option<Stop>,
}

/// As many arguments as any host function takes.
const MOST_ARGUMENTS: usize = 8;

impl Host for FrameHost<'_, '_> {
    fn resolve(&self, module: &str, name: &str) -> Option<(u32, FuncType)> {
        let function = (module == IMPORT_MODULE).then(|| HostFn::from_name(name))??;
        Some((function.number().into(), type_of(function)))
    }

    fn call(&mut self, function: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        let known = u16::try_from(function).ok().and_then(HostFn::from_number);
        let Some(function) = known else {
            return Err(HostError::Fault(alloc::format!("there is no host function {function}")));
        };
        let mut arguments = [0; MOST_ARGUMENTS];
        let arguments = &mut arguments[..function.params().len()];
        for (index, argument) in arguments.iter_mut().enumerate() {
            *argument = call.arg(index);
        }
        let before = call.gas_left();
        let mut gas = before;
        let mut env = Env {
            frame: self.frame,
            overlay: self.overlay,
            guest: Guest::new(call.memory()),
            gas: &mut gas,
            prices: &self.rules.prices,
            limits: &self.rules.call_limits,
        };
        let result = fns::call(function, &mut env, arguments);
        call.charge(before - gas)?;
        match result {
            Ok(Some(result)) => call.set_result(0, result),
            Ok(None) => {}
            Err(Stop::Trap(trap)) => return Err(HostError::Trap(trap.code())),
            Err(Stop::OutOfGas) => return Err(HostError::OutOfGas),
            Err(stop) => {
                self.stop = Some(stop);
                return Err(HostError::Suspend);
            }
        }
        Ok(())
    }
}
