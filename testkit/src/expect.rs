//! What a test expects of a call: that it succeeds, or how it fails.

use std::fmt::Debug;

use dytallix_abi::{CallStatus, SdkError};
use dytallix_sdk::CallError;

use crate::failure::Failure;

/// A failure of a call, of a typed client or of the kit.
pub trait Failed {
    /// How it ended; none where it did not run.
    fn ended(&self) -> Option<CallStatus>;
    /// What it reverted with.
    fn revert_bytes(&self) -> &[u8];
    /// All that is known of it.
    fn explained(&self) -> Failure;
}

impl Failed for Failure {
    fn ended(&self) -> Option<CallStatus> {
        self.status()
    }

    fn revert_bytes(&self) -> &[u8] {
        self.data()
    }

    fn explained(&self) -> Failure {
        self.clone()
    }
}

impl Failed for CallError {
    fn ended(&self) -> Option<CallStatus> {
        Some(self.status)
    }

    fn revert_bytes(&self) -> &[u8] {
        &self.data
    }

    fn explained(&self) -> Failure {
        self.clone().into()
    }
}

/// Expectations of the result of a call, of a typed client or of the kit. Each panics with all that
/// is known of the call if it is not as expected.
///
/// ```
/// use dytallix_testkit::Expect;
/// use dytallix_testkit::sdk::prelude::*;
///
/// # #[error(no_result)]
/// # enum Error { NotOwner }
/// # let minted: Result<u8, CallError> = Err(Error::NotOwner.into());
/// # let read: Result<u8, CallError> = Ok(7);
/// minted.expect_revert(Error::NotOwner);
/// assert_eq!(read.expect_success(), 7);
/// ```
pub trait Expect {
    /// What the call returns.
    type Value;

    /// The value.
    ///
    /// # Panics
    ///
    /// If the call failed.
    #[track_caller]
    fn expect_success(self) -> Self::Value;

    /// The contract reverted with this error.
    ///
    /// # Panics
    ///
    /// If the call succeeded, or failed otherwise.
    #[track_caller]
    fn expect_revert<E: Into<CallError> + Debug>(self, error: E);

    /// The contract reverted with an error of the SDK itself: bad arguments, an overflow, a caller
    /// that is not permitted.
    ///
    /// # Panics
    ///
    /// If the call succeeded, or failed otherwise.
    #[track_caller]
    fn expect_sdk_error(self, error: SdkError);

    /// The contract panicked, with a message that has this text in it.
    ///
    /// # Panics
    ///
    /// If the call succeeded, or failed otherwise.
    #[track_caller]
    fn expect_panic(self, text: &str);

    /// The call ended in this way.
    ///
    /// # Panics
    ///
    /// If it ended in another way.
    #[track_caller]
    fn expect_status(self, status: CallStatus);
}

impl<T: Debug, F: Failed> Expect for Result<T, F> {
    type Value = T;

    #[track_caller]
    fn expect_success(self) -> T {
        match self {
            Ok(value) => value,
            Err(failure) => panic!("{}", failure.explained()),
        }
    }

    #[track_caller]
    fn expect_revert<E: Into<CallError> + Debug>(self, error: E) {
        let failure = failure_of(self, &error);
        let expected = format!("the revert {error:?}");
        let CallError { status, data } = error.into();
        if failure.ended() != Some(status) || failure.revert_bytes() != data {
            other(&failure, &expected);
        }
    }

    #[track_caller]
    fn expect_sdk_error(self, error: SdkError) {
        let failure = failure_of(self, &error);
        if failure.ended() != Some(CallStatus::Reverted)
            || failure.revert_bytes().first() != Some(&error.code())
        {
            other(&failure, &format!("the error {error:?} of the SDK"));
        }
    }

    #[track_caller]
    fn expect_panic(self, text: &str) {
        let what = format!("a panic with {text:?}");
        let failure = failure_of(self, &what);
        let message = match failure.revert_bytes().split_first() {
            Some((code, message)) if *code == SdkError::Panic.code() => message,
            _ => return other(&failure, &what),
        };
        if failure.ended() != Some(CallStatus::Reverted)
            || !String::from_utf8_lossy(message).contains(text)
        {
            other(&failure, &what);
        }
    }

    #[track_caller]
    fn expect_status(self, status: CallStatus) {
        match (self, status) {
            (Ok(_), CallStatus::Success) => {}
            (Ok(value), _) => panic!("expected {status:?}, but the call returned {value:?}"),
            (Err(failure), _) if failure.ended() == Some(status) => {}
            (Err(failure), _) => other(&failure, &format!("the status {status:?}")),
        }
    }
}

#[track_caller]
fn failure_of<T: Debug, F>(result: Result<T, F>, expected: &dyn Debug) -> F {
    match result {
        Ok(value) => panic!("expected {expected:?}, but the call returned {value:?}"),
        Err(failure) => failure,
    }
}

#[track_caller]
fn other(failure: &impl Failed, expected: &str) {
    panic!("expected {expected}, but\n{}", failure.explained());
}

/// Asserts that a call reverted with an error of the contract: `assert_reverts!(token.mint(bob, 5),
/// Error::NotOwner)`. It takes results of typed clients and of the kit.
///
/// ```
/// use dytallix_testkit::assert_reverts;
/// use dytallix_testkit::sdk::prelude::*;
///
/// # #[error(no_result)]
/// # enum Error { NotOwner }
/// # let result: Result<(), CallError> = Err(Error::NotOwner.into());
/// assert_reverts!(result, Error::NotOwner);
/// ```
#[macro_export]
macro_rules! assert_reverts {
    ($result:expr, $error:expr $(,)?) => {
        $crate::Expect::expect_revert($result, $error)
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Error;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// The message of a panic.
    fn message(work: impl FnOnce()) -> String {
        let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("it panics");
        *panic.downcast::<String>().expect("a message")
    }

    fn reverted() -> Result<u8, CallError> {
        Err(Error::Insufficient { balance: 3 }.into())
    }

    fn panicked() -> Result<u8, CallError> {
        let data = [&[SdkError::Panic.code()][..], b"index 7 of 3"].concat();
        Err(CallError::new(CallStatus::Reverted, data))
    }

    #[test]
    fn what_is_expected_passes() {
        reverted().expect_revert(Error::Insufficient { balance: 3 });
        assert_reverts!(reverted(), Error::Insufficient { balance: 3 });
        assert_reverts!(reverted().map_err(Failure::from), Error::Insufficient { balance: 3 });
        panicked().expect_panic("index 7");
        panicked().expect_sdk_error(SdkError::Panic);
        reverted().expect_status(CallStatus::Reverted);
        Ok::<u8, CallError>(1).expect_status(CallStatus::Success);
        assert_eq!(Ok::<u8, Failure>(7).expect_success(), 7);
    }

    #[test]
    fn success_instead_of_a_failure_is_told_with_the_value() {
        let ok = || Ok::<u8, CallError>(7);
        assert_eq!(
            message(|| ok().expect_revert(Error::NotOwner)),
            "expected NotOwner, but the call returned 7"
        );
        assert_eq!(
            message(|| ok().expect_status(CallStatus::Trapped)),
            "expected Trapped, but the call returned 7"
        );
        assert!(message(|| ok().expect_panic("x")).contains("but the call returned 7"));
        assert!(message(|| ok().expect_sdk_error(SdkError::Panic)).contains("returned 7"));
    }

    #[test]
    fn another_failure_is_told_in_full() {
        let text = message(|| reverted().expect_revert(Error::NotOwner));
        assert!(text.starts_with("expected the revert NotOwner, but\na call failed: Reverted"));
        assert!(text.contains("data: 0x0103"), "{text}");
        let text = message(|| reverted().expect_panic("x"));
        assert!(text.starts_with("expected a panic with \"x\", but"), "{text}");
        let text = message(|| panicked().expect_panic("overflow"));
        assert!(text.contains("index 7 of 3"), "{text}");
        assert!(message(|| reverted().expect_sdk_error(SdkError::Panic)).contains("Panic"));
        assert!(message(|| reverted().expect_status(CallStatus::OutOfGas)).contains("OutOfGas"));
        assert!(message(|| _ = reverted().expect_success()).contains("Reverted"));
        let unrun = || Err::<u8, _>(Failure::usage("Token.burn", "there is no such method"));
        assert!(message(|| unrun().expect_revert(Error::NotOwner)).contains("no such method"));
    }
}
