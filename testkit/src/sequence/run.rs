//! Runs a sequence of calls and checks what has to hold after each.

use dytallix_abi::{Address, CallStatus, SdkError};
use proptest::test_runner::TestCaseError;

use super::{PlannedCall, Sequence};
use crate::failure::Failure;
use crate::run::CallRequest;
use crate::transaction::Mode;
use crate::{Suite, events::Emitted};

/// A call of a sequence that has been made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step<'a> {
    /// The suite, after the call.
    pub suite: &'a Suite,
    /// The contract.
    pub contract: Address,
    /// The place of the call in its sequence, from 0 on.
    pub index: usize,
    /// The call.
    pub call: &'a PlannedCall,
    /// What the method returned, in its encoding, or why it failed.
    pub result: Result<Vec<u8>, Failure>,
}

impl Step<'_> {
    /// The gas that the call used; 0 where it was not admitted.
    #[must_use]
    pub fn gas_used(&self) -> u64 {
        match &self.result {
            Ok(_) => self.suite.last_transaction().map_or(0, |last| last.receipt.gas_used),
            Err(failure) => failure.gas_used().unwrap_or(0),
        }
    }

    /// The events of the call, in order; none if it failed.
    #[must_use]
    pub fn events(&self) -> Vec<Emitted> {
        match self.result {
            Ok(_) => self.suite.events(),
            Err(_) => Vec::new(),
        }
    }

    /// Whether the contract broke instead of refusing: it trapped, panicked, overflowed, or found
    /// bytes in its storage that do not decode.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let Err(failure) = &self.result else { return false };
        let broken = [
            SdkError::Panic,
            SdkError::ArithmeticOverflow,
            SdkError::StoredBytes,
            SdkError::BadArguments,
        ];
        failure.status() == Some(CallStatus::Trapped)
            || failure.sdk_error().is_some_and(|error| broken.contains(&error))
    }
}

/// Makes the calls of a sequence, from the state that the suite is in, and calls `check` after
/// each.
///
/// # Errors
///
/// What `check` says first, with the call that it was said of.
pub fn run_sequence(
    suite: &Suite,
    contract: Address,
    sequence: &Sequence,
    mut check: impl FnMut(&Step<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let count = sequence.calls.len();
    for (index, call) in sequence.calls.iter().enumerate() {
        let request = CallRequest {
            mode: Mode::Call,
            from: Some(call.from),
            to: contract,
            method: call.method.clone(),
            arguments: call.arguments.clone(),
            value: call.value,
            gas: None,
        };
        let result = suite.world.borrow_mut().call(request);
        let step = Step { suite, contract, index, call, result };
        check(&step).map_err(|error| match error {
            TestCaseError::Fail(reason) => {
                let shown = call.shown(&|address| suite.name(*address));
                let outcome = match &step.result {
                    Ok(_) => "it succeeded".to_owned(),
                    Err(failure) => failure.to_string(),
                };
                let place = format!("call {} of {count}, {shown}", index + 1);
                TestCaseError::fail(format!("{reason}\nafter {place}\n{outcome}"))
            }
            rejected => rejected,
        })?;
    }
    Ok(())
}
