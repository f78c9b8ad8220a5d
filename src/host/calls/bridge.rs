//! The host as the running frame sees it: from the machine's host calls to the bound functions.

use dytallix_abi::{HostFn, IMPORT_MODULE};

use crate::crypto::KeyCache;
use crate::gas::GasUsed;
use crate::host::context::Context;
use crate::host::fns;
use crate::host::frame::{Env, Frame, Stop};
use crate::host::guest::Guest;
use crate::host::interface::type_of;
use crate::host::machine::{Rules, Watcher};
use crate::host::observe::{FrameEvent, FrameObserver};
use crate::host::own::OWN;
use crate::state::Overlay;
use crate::vm::{Host, HostCall, HostError};
use crate::wasm::FuncType;

/// The host as the running frame sees it.
pub(super) struct FrameHost<'a, 's> {
    pub(super) frame: &'a mut Frame,
    pub(super) overlay: &'a mut Overlay<'s>,
    pub(super) rules: &'a Rules,
    pub(super) context: &'a Context,
    pub(super) keys: &'a mut KeyCache,
    pub(super) watcher: Option<&'a mut Watcher>,
    pub(super) observer: Option<&'a mut FrameObserver>,
    pub(super) used: &'a mut GasUsed,
    /// Why execution was suspended.
    pub(super) stop: Option<Stop>,
}

/// As many arguments as any host function takes.
pub(in crate::host) const MOST_ARGUMENTS: usize = 16;

impl Host for FrameHost<'_, '_> {
    fn resolve(&self, module: &str, name: &str) -> Option<(u32, FuncType)> {
        let function = (module == IMPORT_MODULE).then(|| HostFn::from_name(name))??;
        Some((function.number().into(), type_of(function)))
    }

    fn call(&mut self, function: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        match self.observer.take() {
            None => self.serve(function, call).map(|_| ()),
            Some(observer) => {
                let served = self.serve_observed(function, call, observer);
                self.observer = Some(observer);
                served
            }
        }
    }
}

impl FrameHost<'_, '_> {
    /// Runs a function of the ABI's table or of the chain's own. Returns its result, which the
    /// guest has been given.
    #[inline]
    fn serve(&mut self, function: u32, call: &mut HostCall<'_>) -> Result<Option<u64>, HostError> {
        let known = u16::try_from(function).ok().and_then(HostFn::from_number);
        let own = function.checked_sub(OWN).and_then(|at| self.rules.functions.row(at));
        let count = match (known, own) {
            (Some(function), _) => function.params().len(),
            (None, Some(row)) => row.slots(),
            (None, None) => {
                let text = alloc::format!("there is no host function {function}");
                return Err(HostError::Fault(text));
            }
        };
        let mut arguments = [0; MOST_ARGUMENTS];
        let arguments = &mut arguments[..count];
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
            used: self.used,
            rules: self.rules,
            context: self.context,
            keys: self.keys,
            watcher: self.watcher.as_deref_mut(),
        };
        let result = match (known, own) {
            (Some(function), _) => fns::call(function, &mut env, arguments),
            (None, Some(row)) => row.call(&mut env, arguments),
            (None, None) => Ok(None),
        };
        call.charge(before - gas)?;
        match result {
            Ok(result) => {
                if let Some(result) = result {
                    call.set_result(0, result);
                }
                Ok(result)
            }
            Err(Stop::Trap(trap)) => Err(HostError::Trap(trap.code())),
            Err(Stop::OwnTrap(code)) => Err(HostError::Trap(code)),
            Err(Stop::OutOfGas) => Err(HostError::OutOfGas),
            Err(stop) => {
                self.stop = Some(stop);
                Err(HostError::Suspend)
            }
        }
    }

    /// The same, told to an observer. What does not return to the guest, or not yet, is told where
    /// the frame ends or goes on.
    #[cold]
    fn serve_observed(
        &mut self,
        function: u32,
        call: &mut HostCall<'_>,
        observer: &mut FrameObserver,
    ) -> Result<(), HostError> {
        let known = u16::try_from(function).ok().and_then(HostFn::from_number);
        let own = function.checked_sub(OWN).and_then(|at| self.rules.functions.row(at));
        let count = known.map(|function| function.params().len()).or(own.map(|row| row.slots()));
        let mut arguments = [0; MOST_ARGUMENTS];
        let arguments = &mut arguments[..count.unwrap_or(0)];
        for (index, argument) in arguments.iter_mut().enumerate() {
            *argument = call.arg(index);
        }
        let gas = call.gas_left();
        observer(&FrameEvent::Calls { function, arguments, gas, memory: call.memory() });
        let result = self.serve(function, call)?;
        let gas = call.gas_left();
        observer(&FrameEvent::GoesOn { result, gas, memory: call.memory() });
        Ok(())
    }
}
