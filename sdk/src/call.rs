//! Calls of other contracts: [`CallSpec`], [`CallError`], and the [`Transport`] of typed clients.

use alloc::vec::Vec;

use dytallix_abi::describe::{FieldDesc, TypeDesc};
use dytallix_abi::{
    Address, Bytes, CallFlags, CallStatus, CodecError, Decode, Describe, Encode, Expected, Input,
    Output, SdkError,
};

use crate::entry::{ContractError, status};
use crate::host;

/// One call of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSpec<'a> {
    /// The contract that is called.
    pub to: Address,
    /// Name of the method.
    pub method: &'a str,
    /// Canonical encoding of its parameters, one after another.
    pub arguments: &'a [u8],
    /// Value that goes with the call.
    pub value: u128,
    /// Most gas that the callee gets; `None` for all that may be given.
    pub gas: Option<u64>,
    /// Whether nothing below the call may change anything.
    pub read_only: bool,
    /// Whether the caller may be entered again while the call runs.
    pub allow_reentry: bool,
}

impl<'a> CallSpec<'a> {
    /// A call without value, with all gas, that may not re-enter.
    #[must_use]
    pub const fn new(to: Address, method: &'a str, arguments: &'a [u8]) -> CallSpec<'a> {
        CallSpec {
            to,
            method,
            arguments,
            value: 0,
            gas: None,
            read_only: false,
            allow_reentry: false,
        }
    }

    /// With that value.
    #[must_use]
    pub const fn value(mut self, value: u128) -> CallSpec<'a> {
        self.value = value;
        self
    }

    /// With at most that much gas.
    #[must_use]
    pub const fn gas(mut self, limit: u64) -> CallSpec<'a> {
        self.gas = Some(limit);
        self
    }

    /// In a read-only frame.
    #[must_use]
    pub const fn read_only(mut self) -> CallSpec<'a> {
        self.read_only = true;
        self
    }

    /// The caller may be entered again while the call runs.
    #[must_use]
    pub const fn allow_reentry(mut self) -> CallSpec<'a> {
        self.allow_reentry = true;
        self
    }
}

/// Why a call failed.
///
/// A method that returns `Result<_, CallError>` and passes one on with `?` reverts with
/// [`SdkError::CallFailed`], the status and the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// How it ended; never [`CallStatus::Success`].
    pub status: CallStatus,
    /// What the callee reverted with.
    pub data: Vec<u8>,
}

impl CallError {
    /// A failure of that kind.
    #[must_use]
    pub const fn new(status: CallStatus, data: Vec<u8>) -> CallError {
        CallError { status, data }
    }

    /// The callee's own error, if it reverted with one.
    #[must_use]
    pub fn reason<E: Decode>(&self) -> Option<E> {
        match self.status {
            CallStatus::Reverted => E::from_bytes(&self.data).ok(),
            _ => None,
        }
    }

    /// The code of the SDK that the callee reverted with, if it is one.
    #[must_use]
    pub fn sdk_error(&self) -> Option<SdkError> {
        match self.status {
            CallStatus::Reverted => SdkError::from_code(*self.data.first()?),
            _ => None,
        }
    }

    /// What a call of ours that gave this status failed with; `Ok` with the data if it did not.
    pub(crate) fn check(code: i32) -> Result<Vec<u8>, CallError> {
        let data = host::return_data();
        match status(code) {
            CallStatus::Success => Ok(data),
            status => Err(CallError { status, data }),
        }
    }

    /// The same for what gives no data back.
    pub(crate) fn check_status(code: i32) -> Result<(), CallError> {
        match status(code) {
            CallStatus::Success => Ok(()),
            status => Err(CallError { status, data: Vec::new() }),
        }
    }
}

impl Encode for CallError {
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        self.status.code().encode(out);
        self.data.encode(out);
    }
}

impl Describe for CallError {
    const TYPE: &'static TypeDesc = &TypeDesc::Struct {
        name: "CallError",
        fields: &[
            FieldDesc { name: "status", ty: i32::TYPE },
            FieldDesc { name: "data", ty: Bytes::TYPE },
        ],
    };
}

impl Decode for CallError {
    fn decode(input: &mut Input<'_>) -> Result<CallError, CodecError> {
        let start = input.clone();
        let status = match CallStatus::from_code(i32::decode(input)?) {
            None | Some(CallStatus::Success) => return Err(start.error(Expected::Variant)),
            Some(status) => status,
        };
        Ok(CallError { status, data: Vec::decode(input)? })
    }
}

/// What results of calls can be turned into at once.
pub trait OrRevert<T> {
    /// The value; a failure ends this call too, with [`SdkError::CallFailed`] and what it was.
    fn or_revert(self) -> T;
}

impl<T> OrRevert<T> for Result<T, CallError> {
    fn or_revert(self) -> T {
        match self {
            Ok(value) => value,
            Err(error) => error.revert(),
        }
    }
}

/// Carries the calls of a typed client.
///
/// In a contract it is [`Chain`], the host. A test kit has its own, so that a test calls a contract
/// with the same client as another contract does. It is a cheap handle: a client owns one and
/// borrows nothing, so any number of clients live side by side. What it changes, it changes behind
/// a `RefCell`.
pub trait Transport: Clone {
    /// Makes the call; what the method returned, in its encoding.
    ///
    /// # Errors
    ///
    /// If it did not succeed: how it ended, and what the callee reverted with.
    fn call(&self, spec: &CallSpec<'_>) -> Result<Vec<u8>, CallError>;
}

/// The transport of contracts: the host that runs this call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chain;

impl Transport for Chain {
    /// A read-only call that has a value is refused, as [`CallStatus::NotPermitted`].
    fn call(&self, spec: &CallSpec<'_>) -> Result<Vec<u8>, CallError> {
        let (to, method) = (spec.to.as_bytes(), spec.method.as_bytes());
        let gas = spec.gas.unwrap_or(u64::MAX);
        let flags =
            if spec.allow_reentry { CallFlags::ALLOW_REENTRY } else { CallFlags::NONE }.bits();
        let code = match (spec.read_only, spec.value) {
            (false, value) => host::external_call(to, method, spec.arguments, value, gas, flags),
            (true, 0) => host::staticcall(to, method, spec.arguments, gas, flags),
            (true, _) => return Err(CallError::new(CallStatus::NotPermitted, Vec::new())),
        };
        CallError::check(code)
    }
}

/// What has a typed client: a contract, its client, the client of an interface.
pub trait Callable {
    /// The client over a transport.
    type Client<T: Transport>;

    /// A client of the contract at `address` over `transport`.
    fn client<T: Transport>(transport: T, address: Address) -> Self::Client<T>;
}

/// How a generated client calls.
///
/// Authors do not use it; the clients that the macros write are made of it.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct ClientOptions<T> {
    transport: T,
    value: u128,
    gas: Option<u64>,
    read_only: bool,
    allow_reentry: bool,
}

impl<T: Transport> ClientOptions<T> {
    /// Calls over `transport`, without value, with all gas, closed to re-entry.
    #[must_use]
    pub const fn new(transport: T) -> ClientOptions<T> {
        ClientOptions { transport, value: 0, gas: None, read_only: false, allow_reentry: false }
    }

    /// The same over another transport.
    #[must_use]
    pub fn with_transport<U: Transport>(&self, transport: U) -> ClientOptions<U> {
        let ClientOptions { value, gas, read_only, allow_reentry, .. } = *self;
        ClientOptions { transport, value, gas, read_only, allow_reentry }
    }

    /// The same with a value.
    #[must_use]
    pub fn with_value(&self, value: u128) -> ClientOptions<T> {
        ClientOptions { value, ..self.clone() }
    }

    /// The same with a limit of gas.
    #[must_use]
    pub fn with_gas(&self, limit: u64) -> ClientOptions<T> {
        ClientOptions { gas: Some(limit), ..self.clone() }
    }

    /// The same in read-only frames.
    #[must_use]
    pub fn with_read_only(&self) -> ClientOptions<T> {
        ClientOptions { read_only: true, ..self.clone() }
    }

    /// The same, open to re-entry.
    #[must_use]
    pub fn with_reentry(&self) -> ClientOptions<T> {
        ClientOptions { allow_reentry: true, ..self.clone() }
    }

    /// Calls `method` of `to` and reads what it returns.
    ///
    /// # Errors
    ///
    /// If the call fails. A result that does not decode counts as a trap of the callee.
    pub fn call<R: Decode>(
        &self,
        to: Address,
        method: &str,
        arguments: &[u8],
        is_view: bool,
    ) -> Result<R, CallError> {
        let spec = CallSpec {
            to,
            method,
            arguments,
            value: self.value,
            gas: self.gas,
            read_only: self.read_only || is_view,
            allow_reentry: self.allow_reentry,
        };
        let data = self.transport.call(&spec)?;
        R::from_bytes(&data).map_err(|_| CallError::new(CallStatus::Trapped, data))
    }
}
