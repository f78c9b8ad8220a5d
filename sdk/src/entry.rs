//! How a method is entered and left: the calls that the generated entry points make.
//!
//! Authors do not use this module; it is public because generated code lives in their crates.

use alloc::vec::Vec;

use dytallix_abi::describe::ErrorDesc;
use dytallix_abi::{Address, CallStatus, Decode, Describe, Encode, Input, Output, SdkError};

use crate::buffer::encoded;
use crate::call::CallError;
use crate::host;
use crate::storage::Authority;

pub use crate::buffer::{Buffer, KeyBuffer, Room};
pub use crate::host::input;

/// Bytes on the heap, by a name that generated code can rely on.
pub type Bytes = Vec<u8>;

/// Reads one parameter; reverts with [`SdkError::BadArguments`] where the bytes are none.
pub fn argument<T: Decode>(input: &mut Input<'_>) -> T {
    match T::decode(input) {
        Ok(value) => value,
        Err(_) => fail_with(SdkError::BadArguments),
    }
}

/// The arguments must have been read to their end.
pub fn end_of_arguments(input: Input<'_>) {
    if input.finish().is_err() {
        fail_with(SdkError::BadArguments)
    }
}

/// Whether the caller is who `authority` names.
pub fn caller_is(authority: &impl Authority) -> bool {
    authority.permits(&Address::new(host::caller_address()))
}

/// Whether the caller is who `authority` names; reverts with [`SdkError::NotPermitted`] otherwise.
pub fn require_caller(authority: &impl Authority) {
    if !caller_is(authority) {
        fail_with(SdkError::NotPermitted)
    }
}

/// Sets the result of a method that can not fail.
pub fn return_value<T: Encode + Describe>(value: &T) {
    encoded(value, |bytes| {
        if !bytes.is_empty() {
            host::set_return(bytes);
        }
    });
}

/// Sets the result of a method, or reverts with its error.
pub fn return_result<T: Encode + Describe, E: ContractError>(result: Result<T, E>) {
    match result {
        Ok(value) => return_value(&value),
        Err(error) => error.revert(),
    }
}

/// Reverts with the encoding of an error.
#[cold]
pub fn fail<E: Encode + Describe>(error: &E) -> ! {
    encoded(error, |data| host::revert(data))
}

/// Reverts with one of the SDK's own codes.
#[cold]
#[inline(never)]
pub fn fail_with(error: SdkError) -> ! {
    host::revert(&[error.code()])
}

/// Whether a panic is one of arithmetic: what the compiler's own checks say begins alike.
pub(crate) fn is_of_arithmetic(message: &str) -> bool {
    message.starts_with("attempt to ")
}

/// Reverts with [`SdkError::ArithmeticOverflow`] for arithmetic that does not fit or divides by
/// zero, else with the message of the panic, shortened to 120 bytes.
#[cold]
pub fn panicked(message: &str) -> ! {
    if is_of_arithmetic(message) {
        fail_with(SdkError::ArithmeticOverflow)
    }
    let mut data = [0; 121];
    let (code, text) = data.split_at_mut(1);
    code.fill(SdkError::Panic.code());
    let mut length = 0;
    // A character that does not fit ends the message: it stays UTF-8.
    for (place, byte) in text.iter_mut().zip(message.bytes()) {
        *place = byte;
        length += 1;
    }
    while !message.is_char_boundary(length) {
        length -= 1;
    }
    host::revert(data.get(..=length).unwrap_or_default())
}

/// What a method may fail with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be the error of a method",
    note = "write `#[error]` above the enum"
)]
pub trait ContractError {
    /// The variants, for the ABI section; none where it is not an enum of the contract.
    const ERRORS: &'static [ErrorDesc];

    /// What a call that ends with this error reverts with.
    fn revert_data(&self) -> Buffer;

    /// Ends the call with this error.
    #[cold]
    fn revert(&self) -> ! {
        host::revert(self.revert_data().as_slice())
    }
}

impl ContractError for CallError {
    const ERRORS: &'static [ErrorDesc] = &[];

    /// [`SdkError::CallFailed`], the status, and what the callee gave back.
    fn revert_data(&self) -> Buffer {
        let mut data = Buffer::new();
        data.write(&[SdkError::CallFailed.code()]);
        data.write(&self.status.code().to_le_bytes());
        data.write(&self.data);
        data
    }
}

/// The two types of a `Result`, of whichever name.
pub trait MethodResult {
    /// What the method returns.
    type Value;
    /// What it fails with.
    type Error;
}

impl<T, E> MethodResult for Result<T, E> {
    type Value = T;
    type Error = E;
}

/// The status that a number from the host is; one that this SDK does not know counts as a trap.
pub(crate) fn status(code: i32) -> CallStatus {
    CallStatus::from_code(code).unwrap_or(CallStatus::Trapped)
}
