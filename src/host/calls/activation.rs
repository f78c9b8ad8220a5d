//! The machine's part of a frame: an instance of the code, and how far it has come.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::CallStatus;

use super::bridge::FrameHost;
use crate::host::machine::Contract;
use crate::host::observe::FrameEvent;
use crate::primitives::Address;
use crate::vm::{
    Arena, Engine, ExecError, Extern, InstanceId, MemoryAddr, MemoryBudget, Outcome as Left, Stack,
    Trap, TrapCode, Value,
};
use crate::wasm::ExternIndex;

/// The machine's part of a frame.
pub(super) struct Activation {
    contract: Arc<Contract>,
    pub(super) arena: Arena,
    instance: Option<InstanceId>,
    /// How far it has come.
    pub(super) stage: Stage,
    /// The function to call once the instance is ready; none where that was all.
    entry: Option<u32>,
    /// What the call that it waited for came to, once that has ended.
    answer: Option<Answer>,
    /// What the call that it waits for wants written on success: an address, and where.
    pub(super) created: Option<(u32, Address)>,
    /// Whether the method, too, must not change state.
    pub(super) read_only: bool,
    /// Whether it has ended well and waits for the `migrate` of its new code.
    pub(super) migrating: bool,
    /// Pages that the frames below hold, and what all may hold.
    budget: MemoryBudget,
    /// Gas that it was given, and what is left of it.
    pub(super) given: u64,
    pub(super) left: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The instance is to be made.
    Instantiate,
    /// `_initialize` is to be called or runs.
    Initialize,
    /// The entry is to be called or runs.
    Entry,
}

/// What a guest that waits goes on with.
struct Answer {
    status: CallStatus,
    /// An address to write first, and where to.
    written: Option<(u32, Address)>,
}

impl Activation {
    /// A frame's machine that has not begun: it will call `entry` of `contract`.
    pub(super) fn new(
        engine: &Engine,
        contract: Arc<Contract>,
        entry: Option<u32>,
        read_only: bool,
        budget: MemoryBudget,
        (given, left): (u64, u64),
    ) -> Self {
        let mut arena = Arena::new(engine);
        arena.set_memory_budget(budget);
        Activation {
            contract,
            arena,
            instance: None,
            stage: Stage::Instantiate,
            entry,
            answer: None,
            created: None,
            read_only,
            migrating: false,
            budget,
            given,
            left,
        }
    }

    /// Remembers what the call that the guest waits for came to.
    pub(super) fn answer(&mut self, status: CallStatus) {
        let created = self.created.take().filter(|_| status == CallStatus::Success);
        self.answer = Some(Answer { status, written: created });
    }

    /// Goes on where it stands.
    pub(super) fn step(
        &mut self,
        values: &mut Stack,
        host: &mut FrameHost<'_, '_>,
    ) -> Result<Left, ExecError> {
        if let Some(Answer { status, written }) = self.answer.take() {
            if let Some((out, address)) = written {
                self.write(out, address.as_bytes())?;
            }
            let code = status.code();
            let status = [Value::I32(code)];
            if let Some(observer) = &mut host.observer {
                let (result, gas) = (Some(u64::from(code as u32)), self.left);
                observer(&FrameEvent::GoesOn { result, gas, memory: self.memory()? });
            }
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

    /// Makes the instance. Its memory is paid before it is made, as `memory.grow` would be.
    fn instantiate(
        &mut self,
        values: &mut Stack,
        host: &mut FrameHost<'_, '_>,
    ) -> Result<Left, ExecError> {
        let price = self.contract.instance_price(host.rules, self.budget);
        let Some(left) = self.left.checked_sub(price) else {
            return Err(Trap::nowhere(TrapCode::OutOfGas).into());
        };
        self.left = left;
        let functions =
            self.contract.imports.iter().map(|(number, ty)| {
                Extern::Func(self.arena.add_host_function(*number, ty.clone()))
            });
        let imports: Vec<Extern> = functions.collect();
        let program = &self.contract.program;
        let id = self.arena.instantiate(program, &imports, values, host, &mut self.left)?;
        self.instance = Some(id);
        Ok(Left::Returned(Vec::new()))
    }

    /// Writes to the guest's memory, in a range that was checked when the guest asked: memories do
    /// not shrink.
    fn write(&mut self, out: u32, bytes: &[u8]) -> Result<(), ExecError> {
        let memory = self.memory_address()?;
        let target = self.arena.memory_mut(memory).bytes_mut().get_mut(out as usize..);
        match target.and_then(|target| target.get_mut(..bytes.len())) {
            Some(target) => target.copy_from_slice(bytes),
            None => return Err(ExecError::Fault("a checked range is out of bounds".into())),
        }
        Ok(())
    }

    /// The guest's memory.
    fn memory(&self) -> Result<&[u8], ExecError> {
        Ok(self.arena.memory(self.memory_address()?).bytes())
    }

    fn memory_address(&self) -> Result<MemoryAddr, ExecError> {
        match self.instance.map(|id| self.arena.resolve_index(id, MEMORY)) {
            Some(Extern::Memory(memory)) => Ok(memory),
            _ => Err(ExecError::Fault("a contract has a memory".into())),
        }
    }

    /// Moves on to the next stage, if there is one.
    pub(super) fn has_more(&mut self) -> bool {
        self.stage = match self.stage {
            Stage::Instantiate => Stage::Initialize,
            Stage::Initialize => Stage::Entry,
            Stage::Entry => return false,
        };
        true
    }

    /// Pages of its memory.
    pub(super) fn pages(&self) -> u32 {
        match self.instance.map(|instance| self.arena.resolve_index(instance, MEMORY)) {
            Some(Extern::Memory(memory)) => self.arena.memory(memory).pages(),
            _ => self.contract.initial_pages(),
        }
    }
}

/// Contracts have one memory.
const MEMORY: ExternIndex = ExternIndex::Memory(0);
