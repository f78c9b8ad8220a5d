//! [`Failure`]: why a deployment or a call failed, in words.

use std::cell::RefCell;
use std::fmt;

use dytallix::chain::{CallTrap, Error as ChainError};
use dytallix_abi::value::Revert;
use dytallix_abi::{CallStatus, Decode, SdkError};
use dytallix_sdk::CallError;

/// Why a deployment or a call failed: what was called by whom, how it ended, the contract's error
/// with its doc text, the trap with its meaning, and the gas.
///
/// `Debug` shows the same text as `Display`, so `unwrap` and `?` in a test say what happened. A
/// failure equals the contract's error that it reverted with:
///
/// ```
/// # use dytallix_sdk::prelude::*;
/// # #[error]
/// # #[derive(Debug)]
/// # pub enum Error { NotOwner, TooLate }
/// # fn check(failure: dytallix_testkit::Failure) {
/// assert_eq!(failure, Error::NotOwner);
/// assert_ne!(failure, Error::TooLate);
/// # }
/// # check(CallError::from(Error::NotOwner).into());
/// ```
#[derive(Clone)]
pub struct Failure(Box<Inner>);

#[derive(Clone)]
struct Inner {
    /// What was tried, as `Token.transfer(to: bob, amount: 5) by alice`.
    what: String,
    cause: Cause,
    /// What may be the reason, or the way out.
    hint: Option<String>,
}

/// Why it failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// It ran, and did not succeed.
    Ended(Ended),
    /// The runtime did not admit it, or failed itself: nothing was charged.
    NotAdmitted(ChainError),
    /// It was not even tried: the test asks for something that is not there, or values do not fit
    /// the contract's ABI.
    Usage(String),
}

/// How a call ended that did not succeed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ended {
    /// How; never [`CallStatus::Success`].
    pub status: CallStatus,
    /// What it reverted with.
    pub data: Vec<u8>,
    /// The same by the contract's ABI, if it decodes.
    pub revert: Option<Revert>,
    /// Why and where it trapped, if it did.
    pub trap: Option<CallTrap>,
    /// Gas that was used, and the limit; none where a typed client's error was turned into a
    /// failure and nothing more is known of it.
    pub gas: Option<(u64, u64)>,
    /// The revert with addresses by their names.
    pub(crate) shown: Option<String>,
    /// The name of the contract that trapped.
    pub(crate) trapped: Option<String>,
}

impl Ended {
    pub(crate) fn new(status: CallStatus, data: Vec<u8>) -> Ended {
        let (revert, trap, gas, shown, trapped) = (None, None, None, None, None);
        Ended { status, data, revert, trap, gas, shown, trapped }
    }
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>, cause: Cause) -> Failure {
        Failure(Box::new(Inner { what: what.into(), cause, hint: None }))
    }

    /// The test's own mistake.
    pub(crate) fn usage(what: impl Into<String>, message: impl Into<String>) -> Failure {
        Failure::new(what, Cause::Usage(message.into()))
    }

    pub(crate) fn hint(mut self, hint: Option<String>) -> Failure {
        self.0.hint = hint;
        self
    }

    /// What was tried, in words.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// Why it failed.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    fn ended(&self) -> Option<&Ended> {
        match &self.0.cause {
            Cause::Ended(ended) => Some(ended),
            _ => None,
        }
    }

    /// How it ended, if it ran.
    #[must_use]
    pub fn status(&self) -> Option<CallStatus> {
        self.ended().map(|ended| ended.status)
    }

    /// What it reverted with; empty where it did not.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.ended().map_or(&[], |ended| &ended.data)
    }

    /// The contract's error, if it reverted with one of this type.
    #[must_use]
    pub fn reason<E: Decode>(&self) -> Option<E> {
        match self.status() {
            Some(CallStatus::Reverted) => E::from_bytes(self.data()).ok(),
            _ => None,
        }
    }

    /// What it reverted with, by the contract's ABI.
    #[must_use]
    pub fn revert(&self) -> Option<&Revert> {
        self.ended()?.revert.as_ref()
    }

    /// The error of the SDK that it reverted with, if it is one.
    #[must_use]
    pub fn sdk_error(&self) -> Option<SdkError> {
        match self.status() {
            Some(CallStatus::Reverted) => SdkError::from_code(*self.data().first()?),
            _ => None,
        }
    }

    /// Why and where it trapped, if it did.
    #[must_use]
    pub fn trap(&self) -> Option<&CallTrap> {
        self.ended()?.trap.as_ref()
    }

    /// Gas that was used, if it ran.
    #[must_use]
    pub fn gas_used(&self) -> Option<u64> {
        self.ended()?.gas.map(|(used, _)| used)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { what, cause, hint } = &*self.0;
        match cause {
            Cause::Ended(ended) => {
                write!(f, "{what} failed: {:?}", ended.status)?;
                show_ended(f, ended)?;
            }
            Cause::NotAdmitted(error) => write!(f, "{what} was not admitted: {error}")?,
            Cause::Usage(message) => write!(f, "{what}: {message}")?,
        }
        match hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

fn show_ended(f: &mut fmt::Formatter<'_>, ended: &Ended) -> fmt::Result {
    match (&ended.shown, &ended.revert) {
        (Some(shown), _) => write!(f, "\n  error: {shown}")?,
        (None, Some(revert)) => write!(f, "\n  error: {revert}")?,
        (None, None) if !ended.data.is_empty() => {
            write!(f, "\n  data: {}", crate::text::hexadecimal(&ended.data))?;
        }
        (None, None) => {}
    }
    for line in ended.revert.as_ref().map(meaning).unwrap_or_default().lines() {
        write!(f, "\n    {}", line.trim())?;
    }
    if let Some(trap) = &ended.trap {
        let contract = ended.trapped.as_deref().unwrap_or("a contract");
        write!(f, "\n  {trap}, in {contract}")?;
    }
    match ended.gas {
        Some((used, limit)) => write!(f, "\n  gas: {used} of {limit}"),
        None => Ok(()),
    }
}

/// The doc text of an error.
pub(crate) fn meaning(revert: &Revert) -> String {
    let docs = match revert {
        Revert::Contract { docs, .. } => return docs.clone(),
        Revert::Panic(_) => SdkError::Panic.docs(),
        Revert::CallFailed { .. } => SdkError::CallFailed.docs(),
        Revert::Sdk(error) => error.docs(),
        _ => &[],
    };
    docs.join("\n")
}

/// As `Display` shows it.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}

/// A failure equals the error that the contract reverted with, and what a typed client returns.
impl<E: Clone + Into<CallError>> PartialEq<E> for Failure {
    fn eq(&self, error: &E) -> bool {
        let CallError { status, data } = error.clone().into();
        self.status() == Some(status) && self.data() == data
    }
}

/// Two failures are equal if the same was tried and failed in the same way; gas and hints are not
/// compared.
impl PartialEq for Failure {
    fn eq(&self, other: &Failure) -> bool {
        let ended = |failure: &Failure| Some((failure.status()?, failure.data().to_vec()));
        self.0.what == other.0.what
            && match (ended(self), ended(other)) {
                (None, None) => self.0.cause == other.0.cause,
                (ours, theirs) => ours == theirs && self.trap() == other.trap(),
            }
    }
}

thread_local! {
    /// The last failure that a typed client turned into a [`CallError`].
    static LAST: RefCell<Option<Failure>> = const { RefCell::new(None) };
}

impl Failure {
    /// The error that a typed client returns. It has a status and data only; what else is known is
    /// kept until the next failure, and comes back where the error is turned into a failure again.
    pub(crate) fn into_call_error(self) -> CallError {
        let error = match &self.0.cause {
            Cause::Ended(ended) => CallError::new(ended.status, ended.data.clone()),
            _ => CallError::new(CallStatus::NotPermitted, Vec::new()),
        };
        LAST.with_borrow_mut(|last| *last = Some(self));
        error
    }
}

/// The failure with all that the kit knows, where the error is that of the last call of a typed
/// client; so `?` works in a test that returns [`TestResult`](crate::TestResult).
impl From<CallError> for Failure {
    fn from(error: CallError) -> Failure {
        let known = LAST.with_borrow(Clone::clone).filter(|failure| match &failure.0.cause {
            Cause::Ended(ended) => (ended.status, &ended.data) == (error.status, &error.data),
            _ => error.status == CallStatus::NotPermitted && error.data.is_empty(),
        });
        known.unwrap_or_else(|| {
            let mut ended = Ended::new(error.status, error.data);
            ended.revert = Revert::decode_sdk(&ended.data).ok().filter(|_| !ended.data.is_empty());
            // A trap has no data: so does a client say that it can not read a result.
            let is_unread = ended.status == CallStatus::Trapped && !ended.data.is_empty();
            let hint = "the call succeeded, and what it returned is not of the client's type";
            Failure::new("a call", Cause::Ended(ended)).hint(is_unread.then(|| hint.into()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dytallix_sdk::prelude::*;

    /// What can go wrong.
    #[error(no_result)]
    enum Error {
        /// Only the owner does this.
        NotOwner,
        TooMuch {
            most: u64,
        },
    }

    fn reverted(error: Error) -> Failure {
        let ended = Ended::new(CallStatus::Reverted, error.to_bytes());
        Failure::new("Token.mint() by bob", Cause::Ended(ended))
    }

    #[test]
    fn a_failure_equals_the_error_of_the_contract_and_no_other() {
        let failure = reverted(Error::TooMuch { most: 7 });
        assert_eq!(failure, Error::TooMuch { most: 7 });
        assert_ne!(failure, Error::TooMuch { most: 8 });
        assert_ne!(failure, Error::NotOwner);
        assert_eq!(failure, CallError::from(Error::TooMuch { most: 7 }));
        assert_eq!(failure.reason::<Error>(), Some(Error::TooMuch { most: 7 }));
        let trapped = Failure::new("x", Cause::Ended(Ended::new(CallStatus::Trapped, vec![0])));
        assert_ne!(trapped, Error::NotOwner, "the data of a trap is no error");
        assert_eq!(trapped.reason::<Error>(), None);
    }

    #[test]
    fn failures_are_compared_by_what_and_how() {
        assert_eq!(reverted(Error::NotOwner), reverted(Error::NotOwner).hint(Some("x".into())));
        assert_ne!(reverted(Error::NotOwner), reverted(Error::TooMuch { most: 1 }));
        assert_eq!(Failure::usage("x", "y"), Failure::usage("x", "y"));
        assert_ne!(Failure::usage("x", "y"), Failure::usage("x", "z"));
        assert_ne!(Failure::usage("x", "y"), reverted(Error::NotOwner));
    }

    #[test]
    fn a_client_s_error_comes_back_with_all_that_is_known() {
        let failure = reverted(Error::NotOwner).hint(Some("ask the owner".into()));
        let error = failure.clone().into_call_error();
        assert_eq!(error, CallError::from(Error::NotOwner));
        assert_eq!(Failure::from(error).to_string(), failure.to_string());
        let other = Failure::from(CallError::from(Error::TooMuch { most: 258 }));
        assert_eq!(other.to_string(), "a call failed: Reverted\n  data: 0x010201000000000000");
    }

    #[test]
    fn errors_of_the_sdk_are_named_without_an_abi() {
        let data = [&[SdkError::Panic.code()][..], b"index 3"].concat();
        let failure = Failure::from(CallError::new(CallStatus::Reverted, data));
        let text = failure.to_string();
        assert!(text.starts_with("a call failed: Reverted\n  error: Panic: \"index 3\""), "{text}");
        assert!(text.contains("The contract panicked."), "{text}");
        assert_eq!(failure.sdk_error(), Some(SdkError::Panic));
        assert_eq!(format!("{failure:?}"), text);
    }

    #[test]
    fn usage_is_told_with_its_hint() {
        let failure = Failure::usage("Token.burn()", "there is no such method");
        let failure = failure.hint(Some("it has: mint".into()));
        assert_eq!(
            failure.to_string(),
            "Token.burn(): there is no such method\n  hint: it has: mint"
        );
        assert_eq!((failure.status(), failure.gas_used()), (None, None));
        assert!(matches!(failure.cause(), Cause::Usage(_)));
        assert_eq!(failure.what(), "Token.burn()");
    }
}
