//! Runs a tree of calls to its end, in a loop.
//!
//! A call leaves the machine as a suspension: the caller's activation stays where it is, on the
//! heap, the callee gets its own, and when that has ended the caller is resumed with the status. So
//! no depth that a guest controls is a depth of the native stack.

mod activation;
mod bridge;
mod enter;
mod system;
mod upgrade;

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::{CallFlags, CallStatus};

pub(super) use self::bridge::MOST_ARGUMENTS;

use self::activation::{Activation, Stage};
use self::bridge::FrameHost;
use self::enter::Purpose;
use self::system::SystemResult;
use super::context::Context;
use super::fns;
use super::frame::{CallRequest, Stop, Target, Upgrade};
use super::machine::Machine;
use super::observe::FrameEvent;
use super::outcome::{CallTrap, Fault, Outcome};
use super::tree::{CallTree, FrameEnd, Refusal, callee_gas};
use crate::gas::{GasDimension, GasUsed};
use crate::primitives::{Address, Amount, Hash};
use crate::state::Overlay;
use crate::vm::{ExecError, Outcome as Left, Stack, TrapCode};

/// Where a frame begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A method, by a name that may be anything.
    Method(Vec<u8>),
    /// `init`, where the module has one.
    Init,
    /// `migrate` of that code, where the module has one.
    Migrate(Hash),
}

/// The outermost call.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) caller: Address,
    pub(crate) contract: Address,
    pub(crate) entry: Entry,
    pub(crate) input: Arc<[u8]>,
    pub(crate) value: Amount,
    pub(crate) gas: u64,
    pub(crate) read_only: bool,
    pub(crate) context: Context,
}

impl Machine {
    /// Runs a call and all calls that it makes. What succeeds is left in `overlay`, anything else
    /// is not.
    pub(crate) fn run(&mut self, overlay: &mut Overlay<'_>, root: Root) -> Result<Outcome, Fault> {
        let external = Target::External(root.contract);
        let (method, purpose, target) = match root.entry {
            Entry::Method(name) => (name, Purpose::Method, external),
            Entry::Init => (Vec::new(), Purpose::Init, external),
            Entry::Migrate(code) => {
                (Vec::new(), Purpose::Migrate, Target::Migrate(root.contract, code))
            }
        };
        let prices = &self.rules().prices;
        let price = fns::call_price(prices, method.len(), root.input.len());
        let (mut read, mut write) = (0, 0);
        if !overlay.is_warm_account(&root.contract) {
            read = prices.cold_account.into();
        }
        // Value changes the record of who gets it; that of the signer is paid by the transaction.
        if root.value != Amount::ZERO && !overlay.is_written_account(&root.contract) {
            write = prices.state_write.base.into();
            overlay.mark_written_account(&root.contract)?;
        }
        let price = price.saturating_add(read).saturating_add(write);
        let Some(gas) = root.gas.checked_sub(price) else {
            return Ok(Outcome::refused(CallStatus::OutOfGas, 0));
        };
        let mut used = GasUsed::default();
        used.add(GasDimension::StateRead, read);
        used.add(GasDimension::StateWrite, write);
        let request = CallRequest {
            target,
            method,
            input: root.input,
            value: root.value,
            gas,
            flags: CallFlags::NONE,
        };
        let values = self.values.take().unwrap_or_else(|| self.engine.new_stack());
        let (tree, context) = (CallTree::default(), root.context);
        let activations = Vec::new();
        let mut run = Run { machine: self, overlay, context, tree, activations, values, used };
        let outcome = run.outermost(request, purpose, root.caller, gas, root.read_only)?;
        // Every frame has been closed, so nothing is left on the stack.
        let (values, gas) = (run.values, run.used);
        self.values = Some(values);
        Ok(Outcome { gas, ..outcome })
    }
}

/// A running tree of calls.
struct Run<'m, 'o, 's> {
    machine: &'m mut Machine,
    overlay: &'o mut Overlay<'s>,
    context: Context,
    /// The frames; `activations` has the machine's part of each.
    tree: CallTree,
    activations: Vec<Activation>,
    /// The value stack of the whole tree.
    values: Stack,
    /// What gas has been used for.
    used: GasUsed,
}

/// How a frame ended; with the reason, where it trapped.
type End = (FrameEnd, Option<CallTrap>);

/// What one turn of the running activation came to.
enum Turn {
    /// It has more to do.
    On,
    /// It calls a contract.
    Call(Box<CallRequest>),
    /// It moves value to an account.
    Transfer(Address, Amount),
    /// It wants other code.
    Upgrade(Upgrade),
    /// The frame has ended.
    End(End),
}

impl Run<'_, '_, '_> {
    /// Makes the outermost call and what it leads to.
    fn outermost(
        &mut self,
        request: CallRequest,
        purpose: Purpose,
        caller: Address,
        gas: u64,
        read_only: bool,
    ) -> Result<Outcome, Fault> {
        if let Some(result) = self.call_system(&request, &caller, gas, read_only)? {
            let SystemResult { status, output, left } = result;
            return Ok(Outcome { output, ..Outcome::refused(status, left) });
        }
        let contract = match &request.target {
            Target::External(to) | Target::Migrate(to, _) => *to,
            _ => caller,
        };
        match self.enter(request, purpose, caller, gas, read_only) {
            Ok(()) => self.finish(),
            Err(Refusal::Status(status)) => Ok(Outcome::refused(status, gas)),
            Err(Refusal::Unpaid) => Ok(Outcome::refused(CallStatus::OutOfGas, 0)),
            Err(Refusal::Trap(trap)) => {
                let trap = Some(CallTrap::of_host(contract, trap));
                Ok(Outcome { trap, ..Outcome::refused(CallStatus::Trapped, gas) })
            }
            Err(Refusal::Fault(fault)) => Err(fault),
        }
    }

    /// Takes turns until the outermost frame has ended.
    fn finish(&mut self) -> Result<Outcome, Fault> {
        loop {
            let end = match self.turn()? {
                Turn::On => None,
                Turn::Call(request) => self.call(*request)?,
                Turn::Transfer(to, amount) => self.transfer(&to, amount)?,
                Turn::Upgrade(upgrade) => self.prepare_upgrade(upgrade)?,
                Turn::End(end) => Some(end),
            };
            let Some(end) = end else { continue };
            self.tell_end(&end);
            let end = if end.0 == FrameEnd::Success { self.succeed()? } else { Some(end) };
            if let Some(end) = end
                && let Some(outcome) = self.close(end)
            {
                return Ok(outcome);
            }
        }
    }

    /// Tells who observes frames that the code of the running one has ended.
    fn tell_end(&mut self, (end, trap): &End) {
        let Some(observer) = &mut self.machine.observer else { return };
        let status = match end {
            FrameEnd::Success => CallStatus::Success,
            FrameEnd::Reverted => CallStatus::Reverted,
            FrameEnd::Trapped => CallStatus::Trapped,
            FrameEnd::OutOfGas => CallStatus::OutOfGas,
        };
        let gas = self.activations.last().expect("an activation for each frame").left;
        observer(&FrameEvent::Ends { status, gas, trap: trap.as_ref() });
    }

    /// Closes the running frame, and those below that end with it. Returns the outcome where the
    /// outermost frame was one of them.
    fn close(&mut self, end: End) -> Option<Outcome> {
        loop {
            let (status, output) = self.tree.pop(self.overlay, end.0);
            let mut ended = self.activations.pop().expect("an activation for each frame");
            ended.arena.abandon(&mut self.values);
            self.used.add(GasDimension::Memory, ended.arena.grow_gas());
            let Some(caller) = self.activations.last_mut() else {
                let (gas_left, trap) = (ended.left, end.1);
                // What gas was used for is added where the tree ends.
                let gas = GasUsed::default();
                return Some(Outcome { status, output, gas_left, gas, trap });
            };
            caller.left -= ended.given - ended.left;
            if !caller.migrating {
                self.answer(status, output);
                return None;
            }
            // It was the migration of the frame below, which ends as its migration did.
            match end.0 {
                FrameEnd::Reverted => {
                    self.tree.running().expect("the frame that migrates").output = output;
                }
                FrameEnd::OutOfGas => caller.left = 0,
                FrameEnd::Success | FrameEnd::Trapped => {}
            }
        }
    }

    /// Begins a call of the running frame, or tells it at once why not. Returns how the frame ends
    /// where the refusal is a trap.
    fn call(&mut self, request: CallRequest) -> Result<Option<End>, Fault> {
        let caller = self.tree.running().expect("the frame that calls");
        let (address, read_only) = (caller.contract, caller.read_only);
        let running = self.activations.last_mut().expect("an activation for each frame");
        let gas = callee_gas(running.left, request.gas);
        if let Some(result) = self.call_system(&request, &address, gas, read_only)? {
            let running = self.activations.last_mut().expect("an activation for each frame");
            running.left -= gas - result.left;
            self.answer(result.status, result.output);
            return Ok(None);
        }
        match self.enter(request, Purpose::Method, address, gas, read_only) {
            Ok(()) => {}
            Err(Refusal::Status(status)) => self.answer(status, Vec::new()),
            Err(Refusal::Unpaid) => {
                let running = self.activations.last_mut().expect("an activation for each frame");
                running.left -= gas;
                self.answer(CallStatus::OutOfGas, Vec::new());
            }
            Err(Refusal::Trap(trap)) => {
                let trap = CallTrap::of_host(address, trap);
                return Ok(Some((FrameEnd::Trapped, Some(trap))));
            }
            Err(Refusal::Fault(fault)) => return Err(fault),
        }
        Ok(None)
    }

    /// Hands the running frame what its call came to.
    fn answer(&mut self, status: CallStatus, data: Vec<u8>) {
        self.tree.running().expect("the frame that called").returned = data;
        self.activations.last_mut().expect("an activation for each frame").answer(status);
    }

    /// Moves value from the running contract. A contract gets it only where its code says so.
    fn transfer(&mut self, to: &Address, amount: Amount) -> Result<Option<End>, Fault> {
        let from = self.tree.running().expect("the frame that sends").contract;
        let info = self.overlay.load_account(to)?.contract.as_ref();
        let (code, migrating) =
            info.map_or((None, false), |info| (Some(info.code_hash), info.migrating));
        let paused = self.context.chain.as_ref().is_some_and(|chain| chain.is_paused(to));
        if paused || migrating {
            let status = if paused { CallStatus::Paused } else { CallStatus::Migrating };
            self.activations.last_mut().expect("an activation for each frame").answer(status);
            return Ok(None);
        }
        let status = match code.map(|code| self.load_for_running(code)).transpose() {
            Ok(contract) => {
                let receives = contract.is_none_or(|c| c.interface.permissions().receive);
                if receives { CallStatus::Success } else { CallStatus::NotPermitted }
            }
            Err(Refusal::Status(status)) => status,
            Err(refusal) => return self.end_refused(refusal),
        };
        let status = match status {
            CallStatus::Success => match self.move_value(&from, to, amount) {
                Ok(()) => CallStatus::Success,
                Err(Refusal::Status(status)) => status,
                Err(refusal) => return self.end_refused(refusal),
            },
            status => status,
        };
        self.activations.last_mut().expect("an activation for each frame").answer(status);
        Ok(None)
    }

    /// How the running frame ends for a refusal that is no status.
    fn end_refused(&mut self, refusal: Refusal) -> Result<Option<End>, Fault> {
        let contract = self.tree.running().expect("a frame is open").contract;
        match refusal {
            Refusal::Fault(fault) => Err(fault),
            Refusal::Trap(trap) => {
                Ok(Some((FrameEnd::Trapped, Some(CallTrap::of_host(contract, trap)))))
            }
            Refusal::Unpaid => {
                self.activations.last_mut().expect("an activation for each frame").left = 0;
                Ok(Some((FrameEnd::OutOfGas, None)))
            }
            Refusal::Status(_) => Err(Fault::new("a status is for the guest to see")),
        }
    }

    /// Lets the running activation go on until it ends, calls, or has finished a stage.
    fn turn(&mut self) -> Result<Turn, Fault> {
        let frame = self.tree.running().expect("a frame is open");
        let running = self.activations.last_mut().expect("an activation for each frame");
        // What runs before the method must not write, whatever the method may.
        frame.read_only = running.read_only || running.stage != Stage::Entry;
        let contract = frame.contract;
        let Machine { rules, keys, watcher, observer, .. } = &mut *self.machine;
        let (overlay, context) = (&mut *self.overlay, &self.context);
        let (watcher, observer) = (watcher.as_deref_mut(), observer.as_deref_mut());
        let (used, stop) = (&mut self.used, None);
        let mut host =
            FrameHost { frame, overlay, rules, context, keys, watcher, observer, used, stop };
        let result = running.step(&mut self.values, &mut host);
        let end = match (result, host.stop) {
            (Ok(Left::Returned(_)), _) if running.has_more() => return Ok(Turn::On),
            (Ok(Left::Returned(_)), _) => (FrameEnd::Success, None),
            (Ok(Left::Suspended), Some(Stop::Call(request))) => return Ok(Turn::Call(request)),
            (Ok(Left::Suspended), Some(Stop::Transfer(to, amount))) => {
                return Ok(Turn::Transfer(to, amount));
            }
            (Ok(Left::Suspended), Some(Stop::Upgrade(to))) => return Ok(Turn::Upgrade(to)),
            (Ok(Left::Suspended), Some(Stop::Revert)) => (FrameEnd::Reverted, None),
            (Ok(Left::Suspended), Some(Stop::Fault(error))) => return Err(error.into()),
            (Ok(Left::Suspended), _) => return Err(Fault::new("a suspension without a reason")),
            (Err(ExecError::Trap(trap)), _) if trap.code == TrapCode::OutOfGas => {
                running.left = 0;
                (FrameEnd::OutOfGas, None)
            }
            (Err(ExecError::Trap(trap)), _) => {
                (FrameEnd::Trapped, Some(CallTrap::of_machine(contract, &trap)))
            }
            (Err(error), _) => return Err(Fault::new(alloc::format!("{error}"))),
        };
        Ok(Turn::End(end))
    }
}
