//! Calls of the mock: frames that are entered, left, and undone.

use alloc::string::String;
use alloc::vec::Vec;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use dytallix_abi::{Address, CallStatus, Capabilities, Hash, MethodKind, Reentry, SdkError};

use super::world::{Code, Frame, signed, with};
use super::{explain, reverted};
use crate::call::{CallError, CallSpec};
use crate::entry::is_of_arithmetic;

/// How many calls may be inside of each other.
const DEPTH: usize = 64;

/// A contract that ended its call.
struct Revert(Vec<u8>);

/// A contract that did what a host does not allow.
struct Trap;

/// Ends the running call. Outside of a call that catches it, this is a panic that a test shows.
pub(super) fn revert(data: &[u8]) -> ! {
    if with(|world| world.catching) == 0 {
        panic!("{}", explain(data));
    }
    resume_unwind(Box::new(Revert(data.to_vec())))
}

/// Ends the running call as a trap.
pub(super) fn trap(why: &str) -> ! {
    if with(|world| world.catching) == 0 {
        panic!("the contract trapped: {why}");
    }
    with(|world| world.logs.push(alloc::format!("trap: {why}")));
    resume_unwind(Box::new(Trap))
}

fn failure(payload: &(dyn Any + Send)) -> CallError {
    if let Some(Revert(data)) = payload.downcast_ref() {
        return reverted(data.clone());
    }
    if payload.is::<Trap>() {
        return CallError::new(CallStatus::Trapped, Vec::new());
    }
    // A panic of the contract is a revert on chain.
    let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text.as_str(),
        (None, None) => "panic",
    };
    if is_of_arithmetic(message) {
        return reverted(Vec::from([SdkError::ArithmeticOverflow.code()]));
    }
    let mut data = Vec::from([SdkError::Panic.code()]);
    data.extend_from_slice(message.as_bytes());
    reverted(data)
}

/// Runs something; a revert undoes all of it.
pub(super) fn caught<R>(run: impl FnOnce() -> R) -> Result<R, CallError> {
    let (state, depth) = with(|world| {
        world.catching += 1;
        (world.state.clone(), world.frames.len())
    });
    let result = catch_unwind(AssertUnwindSafe(run));
    with(|world| {
        world.catching -= 1;
        world.frames.truncate(depth);
        if result.is_err() {
            world.state = state;
        }
    });
    result.map_err(|payload| failure(&*payload))
}

fn refused(status: CallStatus) -> CallError {
    CallError::new(status, Vec::new())
}

/// Whether `contract` may be entered by a method with that policy.
fn may_enter(contract: Address, reentry: Reentry) -> bool {
    with(|world| {
        let running = world.frames.iter().skip(1).rev().find(|frame| frame.contract == contract);
        running.is_none_or(|frame| frame.is_open || reentry == Reentry::Allow)
    })
}

/// Runs `method` of `code` in a frame, then what an upgrade asks for.
fn run(code: &Code, method: &str, frame: Frame) -> Result<Vec<u8>, CallError> {
    let Some(&(_, entry)) = code.entries.iter().find(|(name, _)| *name == method) else {
        return Err(refused(CallStatus::NotFound));
    };
    let contract = frame.contract;
    caught(|| {
        with(|world| world.frames.push(frame));
        entry();
        let ended = with(|world| world.frames.pop()).expect("the frame that was entered");
        if let Some((hash, arguments)) = ended.upgrade {
            migrate(contract, code, hash, &arguments);
        }
        ended.output
    })
}

/// Gives a contract other code and runs its `migrate`; a failure is one of the running call.
fn migrate(contract: Address, old: &Code, hash: Hash, arguments: &[u8]) {
    let new = with(|world| {
        world.state.contracts.insert(contract, hash);
        world.codes.get(&hash).cloned()
    });
    let Some(new) = new else { trap("an upgrade to code that is gone") };
    if !new.entries.iter().any(|(name, _)| *name == "migrate") {
        return;
    }
    let mut input = Vec::from(old.abi.schema.to_le_bytes());
    input.extend_from_slice(arguments);
    let mut frame = Frame::new(contract, contract, 0, input);
    frame.code = Some(new.clone());
    if let Err(error) = run(&new, "migrate", frame) {
        revert(&error.data);
    }
}

/// A call by `caller` to a contract or a stub.
pub(super) fn call(caller: Address, spec: &CallSpec<'_>) -> Result<Vec<u8>, CallError> {
    let read_only = spec.read_only || with(|world| world.frame().read_only);
    if read_only && spec.value != 0 {
        return Err(refused(CallStatus::NotPermitted));
    }
    if with(|world| world.frames.len()) > DEPTH {
        trap("calls are too deep");
    }
    let Some(code) = with(|world| world.code_of(spec.to)) else {
        return stubbed(caller, spec);
    };
    with(|world| world.frame().is_open = spec.allow_reentry);
    let result = enter(caller, spec, &code, read_only);
    with(|world| world.frame().is_open = false);
    result
}

/// A call of a contract that runs `code`.
fn enter(
    caller: Address,
    spec: &CallSpec<'_>,
    code: &Code,
    read_only: bool,
) -> Result<Vec<u8>, CallError> {
    let Some(method) = code.abi.method(spec.method) else {
        return Err(refused(CallStatus::NotFound));
    };
    match method.kind {
        MethodKind::Init | MethodKind::Migrate => return Err(refused(CallStatus::NotFound)),
        _ if spec.value != 0 && !method.payable => {
            return Err(refused(CallStatus::NotPermitted));
        }
        _ if !may_enter(spec.to, method.reentry) => {
            return Err(refused(CallStatus::ReentryRefused));
        }
        _ => {}
    }
    let mut frame = Frame::new(spec.to, caller, spec.value, spec.arguments.to_vec());
    frame.read_only = read_only || method.kind == MethodKind::View;
    frame.code = Some(code.clone());
    paid(caller, spec.to, spec.value, || run(code, spec.method, frame))
}

/// Moves the value, runs, and moves it back where that failed.
fn paid<R>(
    from: Address,
    to: Address,
    value: u128,
    run: impl FnOnce() -> Result<R, CallError>,
) -> Result<R, CallError> {
    let before = with(|world| world.state.clone());
    if !with(|world| world.state.transfer(from, to, value)) {
        return Err(refused(CallStatus::Balance));
    }
    let result = run();
    if result.is_err() {
        with(|world| world.state = before);
    }
    result
}

fn stubbed(caller: Address, spec: &CallSpec<'_>) -> Result<Vec<u8>, CallError> {
    let stub = with(|world| world.stubs.get(&(spec.to, String::from(spec.method))).cloned());
    let Some(stub) = stub else { return Err(refused(CallStatus::NotFound)) };
    paid(caller, spec.to, spec.value, || stub(spec.arguments).map_err(reverted))
}

/// Runs other code on the storage of the running call's contract.
pub(super) fn delegate(hash: Hash, method: &str, arguments: &[u8]) -> Result<Vec<u8>, CallError> {
    if !declares(Capabilities::DELEGATE) {
        return Err(refused(CallStatus::NotPermitted));
    }
    let Some(code) = with(|world| world.codes.get(&hash).cloned()) else {
        return Err(refused(CallStatus::NotFound));
    };
    let frame = with(|world| {
        let own = world.frame();
        let mut frame = Frame::new(own.contract, own.caller, own.value, arguments.to_vec());
        frame.read_only = own.read_only;
        frame.code = own.code.clone();
        frame
    });
    match code.abi.method(method).map(|method| method.kind) {
        Some(MethodKind::Call | MethodKind::View) => run(&code, method, frame),
        _ => Err(refused(CallStatus::NotFound)),
    }
}

/// Makes a contract and runs its constructor.
pub(super) fn create(
    maker: Address,
    hash: Hash,
    salt: Hash,
    arguments: &[u8],
    value: u128,
) -> Result<Address, CallError> {
    let Some(code) = with(|world| world.codes.get(&hash).cloned()) else {
        return Err(refused(CallStatus::NotFound));
    };
    let place = signed(1, &[maker.as_bytes(), hash.as_bytes(), salt.as_bytes()]);
    let address = Address::new(*place.as_bytes());
    let is_payable = code.abi.method("init").is_some_and(|init| init.payable);
    if with(|world| world.state.contracts.contains_key(&address)) || (value != 0 && !is_payable) {
        return Err(refused(CallStatus::NotPermitted));
    }
    paid(maker, address, value, || {
        with(|world| world.state.contracts.insert(address, hash));
        let mut frame = Frame::new(address, maker, value, arguments.to_vec());
        frame.code = Some(code.clone());
        run(&code, "init", frame).map(|_| address)
    })
}

/// Whether the running contract declares a capability; direct calls may do anything.
pub(super) fn declares(capability: Capabilities) -> bool {
    with(|world| {
        world.frame().code.as_ref().is_none_or(|code| code.abi.capabilities.contains(capability))
    })
}
