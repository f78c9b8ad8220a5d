//! [`Sender`]: carries the calls of typed clients.

use std::fmt;

use dytallix_abi::{Address, CallStatus};
use dytallix_sdk::{CallError, CallSpec, Transport};

use crate::Suite;
use crate::failure::Failure;
use crate::run::CallRequest;
use crate::transaction::Mode;

/// The transport of typed clients: a call of a method that changes something is a transaction, one
/// of a view is a view.
#[derive(Clone)]
pub struct Sender {
    suite: Suite,
    from: Option<Address>,
}

impl Sender {
    pub(crate) fn new(suite: Suite, from: Option<Address>) -> Sender {
        Sender { suite, from }
    }

    /// The suite that it sends to.
    #[must_use]
    pub fn suite(&self) -> &Suite {
        &self.suite
    }
}

impl Transport for Sender {
    /// A read-only call that has a value is refused, as [`CallStatus::NotPermitted`]. Whether the
    /// caller may be entered again means nothing for an account.
    fn call(&self, spec: &CallSpec<'_>) -> Result<Vec<u8>, CallError> {
        if spec.read_only && spec.value > 0 {
            return Err(CallError::new(CallStatus::NotPermitted, Vec::new()));
        }
        let request = CallRequest {
            mode: if spec.read_only { Mode::View } else { Mode::Call },
            from: self.from,
            to: spec.to,
            method: spec.method.into(),
            arguments: spec.arguments.to_vec(),
            value: spec.value,
            gas: spec.gas,
        };
        self.suite.world.borrow_mut().call(request).map_err(Failure::into_call_error)
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = self.from.map_or("whoever sends".into(), |from| self.suite.name(from));
        f.debug_tuple("Sender").field(&from).finish()
    }
}
