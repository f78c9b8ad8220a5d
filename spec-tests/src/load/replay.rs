//! Plays a recording back: the host answers as it did, and the stepper runs in between.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use dytallix::abi::HostFn;
use dytallix::gas::GasSchedule;
use dytallix::vm::TrapCode;
use dytallix::wasm::{Features, ImportKind, Module, ValType};
use dytallix::{CallStatus, Limits};

use super::record::{FrameRecording, RecordedCall, fingerprint};
use crate::Value;
use crate::stepper::{Execution, Extern, HostCall, InstantiateError, Store, Trap};

/// In what a replay differs from its recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch(String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Replays recordings under the rules of one protocol.
pub struct Replayer {
    features: Features,
    limits: Limits,
    schedule: GasSchedule,
    /// Decoded modules by their bytes.
    modules: HashMap<Arc<[u8]>, Arc<Module>>,
}

/// How far a playback has come.
struct Playback {
    calls: Vec<RecordedCall>,
    next: usize,
    /// Gas that is left where the frame ends, in case the host ends it.
    end_gas: u64,
    /// The first thing that was not as recorded.
    mismatch: Option<String>,
    /// Whether the host ended the frame.
    ended: bool,
}

/// What unwinds the stepper where the host ends the frame, or something is not as recorded. The
/// playback knows which.
const STOP: Trap = Trap::Host(u32::MAX);

/// How the stepper ended a frame.
struct Ended {
    result: Result<(), Trap>,
    gas: u64,
    location: Option<(u32, u32)>,
}

impl Replayer {
    /// A replayer with these rules.
    #[must_use]
    pub fn new(features: Features, limits: Limits, schedule: GasSchedule) -> Replayer {
        Replayer { features, limits, schedule, modules: HashMap::new() }
    }

    /// Runs a frame on the stepper. Returns how many calls of the host it made.
    ///
    /// # Errors
    ///
    /// The first thing that differs.
    ///
    /// # Panics
    ///
    /// Where the module is none, or imports what there is not: it would not have run.
    pub fn replay(&mut self, frame: &FrameRecording) -> Result<usize, Mismatch> {
        let Some(gas) = frame.gas.checked_sub(frame.instance_price) else {
            let empty = frame.calls.is_empty();
            let unpaid = (CallStatus::OutOfGas, 0) == (frame.end.status, frame.end.gas);
            let text = "an instance that is not paid ends the frame";
            return if empty && unpaid { Ok(0) } else { Err(Mismatch(text.into())) };
        };
        let playback = Rc::new(RefCell::new(Playback {
            calls: frame.calls.clone(),
            next: 0,
            end_gas: frame.end.gas,
            mismatch: None,
            ended: false,
        }));
        let ended = self.run(frame, gas, &playback);
        let mut playback = playback.borrow_mut();
        let difference = playback.mismatch.take().or_else(|| compare(frame, &playback, &ended));
        match difference {
            None => Ok(playback.next),
            Some(text) => Err(Mismatch(text)),
        }
    }

    /// Makes the instance, initialises it, and runs the entry, as far as it comes.
    fn run(&mut self, frame: &FrameRecording, gas: u64, playback: &Rc<RefCell<Playback>>) -> Ended {
        let module = self.module(&frame.module);
        let mut limits = self.limits.clone();
        limits.stack_slots = frame.stack_slots as u32;
        let mut store = Store::new(limits, self.schedule.clone());
        store.set_memory_budget(frame.held_pages, frame.limit_pages);
        let functions = host_functions(&mut store, &module, playback);
        let resolve = |_: &str, name: &str| functions.get(name).copied();
        let (instance, used) = match store.instantiate(module, resolve, gas) {
            Ok(made) => made,
            Err(InstantiateError::Trap(execution)) => return Ended::of(execution, gas),
            Err(InstantiateError::Link(error)) => panic!("{error}"),
        };
        let mut ended = Ended { result: Ok(()), gas: gas - used, location: None };
        for function in [frame.initialize, frame.entry].into_iter().flatten() {
            let address = store.function(instance, function);
            ended = Ended::of(store.invoke(address, &[], ended.gas), ended.gas);
            if ended.result.is_err() {
                break;
            }
        }
        ended
    }

    fn module(&mut self, bytes: &Arc<[u8]>) -> Arc<Module> {
        let decode = || Module::decode(&bytes[..], &self.features, &self.limits);
        let decoded = || Arc::new(decode().expect("a module that ran"));
        self.modules.entry(bytes.clone()).or_insert_with(decoded).clone()
    }
}

impl Ended {
    fn of(execution: Execution, gas: u64) -> Ended {
        let Execution { result, gas_used, location } = execution;
        Ended { result: result.map(|_| ()), gas: gas - gas_used, location }
    }
}

/// The imports of a module, each answered from the recording.
fn host_functions(
    store: &mut Store,
    module: &Module,
    playback: &Rc<RefCell<Playback>>,
) -> HashMap<String, Extern> {
    let mut functions = HashMap::new();
    for import in module.imports() {
        let ImportKind::Function(ty) = import.kind else {
            unreachable!("contracts import functions")
        };
        let ty = module.types()[ty as usize].clone();
        let number = HostFn::from_name(&import.name).expect("a function of the ABI").number();
        let (playback, result) = (playback.clone(), ty.results().first().copied());
        let function = store.host_function_with(ty, move |call| {
            playback.borrow_mut().answer(number.into(), call, result)
        });
        functions.insert(import.name.to_string(), function);
    }
    functions
}

impl Playback {
    /// Answers a call as the host did, if it is the one that was recorded.
    fn answer(
        &mut self,
        function: u32,
        call: &mut HostCall<'_>,
        result: Option<ValType>,
    ) -> Result<Vec<Value>, Trap> {
        let Some(recorded) = self.calls.get(self.next) else {
            return self.differ(format!("call {} of {function} was not made", self.next));
        };
        let arguments = call.args.iter().zip(&recorded.arguments);
        let arguments: Vec<u64> = arguments.map(|(value, bits)| bits_of(*value, *bits)).collect();
        let gas = call.meter.left();
        let made = (function, &arguments, call.args.len(), gas, fingerprint(call.memory));
        let RecordedCall { function, arguments, gas: before, memory, answer } = recorded;
        let expected = (*function, arguments, arguments.len(), *before, *memory);
        if made != expected {
            let text = format!("call {}: stepper {made:?}, engine {expected:?}", self.next);
            return self.differ(text);
        }
        self.next += 1;
        let Some(answer) = answer else {
            self.ended = true;
            call.meter.charge(before - self.end_gas.min(*before))?;
            return Err(STOP);
        };
        call.meter.charge(before - answer.gas)?;
        for (at, bytes) in &answer.writes {
            call.memory[*at..][..bytes.len()].copy_from_slice(bytes);
        }
        Ok(match (result, answer.result) {
            (Some(ValType::I32), Some(bits)) => vec![Value::I32(bits as u32)],
            (Some(ValType::I64), Some(bits)) => vec![Value::I64(bits)],
            (None, None) => Vec::new(),
            other => unreachable!("a result that the function has not: {other:?}"),
        })
    }

    fn differ(&mut self, text: String) -> Result<Vec<Value>, Trap> {
        self.mismatch = Some(text);
        Err(STOP)
    }
}

/// The bits of an argument. Only the low half of what was recorded counts for half a slot.
fn bits_of(value: Value, recorded: u64) -> u64 {
    match value {
        Value::I32(bits) | Value::F32(bits) => recorded >> 32 << 32 | u64::from(bits),
        Value::I64(bits) | Value::F64(bits) => bits,
        Value::Ref(_) => unreachable!("no host function takes references"),
    }
}

/// In what the end of a frame differs from the recorded one.
fn compare(frame: &FrameRecording, playback: &Playback, ended: &Ended) -> Option<String> {
    let end = &frame.end;
    if playback.next != frame.calls.len() {
        return Some(format!("{} of {} calls were made", playback.next, frame.calls.len()));
    }
    let status = match ended.result {
        Ok(()) => CallStatus::Success,
        // The host's decision, which only the recording knows.
        Err(STOP) if playback.ended => end.status,
        Err(Trap::OutOfGas) => CallStatus::OutOfGas,
        Err(_) => CallStatus::Trapped,
    };
    let trap = ended.result.err().filter(|_| status == CallStatus::Trapped && !playback.ended);
    let code = trap.map(|trap| code_of(trap).number());
    let recorded = end.trap.as_ref();
    let recorded_code = recorded.filter(|_| !playback.ended).map(|trap| trap.code);
    let recorded_place = recorded.and_then(|trap| trap.function.zip(trap.offset));
    // The host's traps have the place of the call, unless they came after it.
    let place = trap.or(recorded_place.map(|_| STOP)).and(ended.location);
    let stepper = (status, ended.gas, code, place);
    let engine = (end.status, end.gas, recorded_code, recorded_place);
    (stepper != engine).then(|| format!("end: stepper {stepper:?}, engine {engine:?}"))
}

fn code_of(trap: Trap) -> TrapCode {
    match trap {
        Trap::Unreachable => TrapCode::Unreachable,
        Trap::IntegerDivideByZero => TrapCode::IntegerDivideByZero,
        Trap::IntegerOverflow => TrapCode::IntegerOverflow,
        Trap::InvalidConversionToInteger => TrapCode::InvalidConversionToInteger,
        Trap::MemoryOutOfBounds => TrapCode::MemoryOutOfBounds,
        Trap::TableOutOfBounds => TrapCode::TableOutOfBounds,
        Trap::UndefinedElement => TrapCode::UndefinedElement,
        Trap::UninitializedElement => TrapCode::UninitializedElement,
        Trap::IndirectCallTypeMismatch => TrapCode::IndirectCallTypeMismatch,
        Trap::CallStackExhausted => TrapCode::CallStackExhausted,
        Trap::OutOfGas => TrapCode::OutOfGas,
        Trap::Host(_) => TrapCode::Host,
    }
}
