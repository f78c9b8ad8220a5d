//! What contracts log, and what mocks tell of their calls by logging.
//!
//! A mock logs each call that it gets. Unlike events and storage, a log survives when the call is
//! undone, works in read-only frames, and changes neither state nor the gas of others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dytallix_abi::{Address, Decode};

/// What the first text of a mock's call begins with. No contract logs this by accident.
pub(crate) const MARK: [u8; 8] = *b"\0mocked\0";

/// Most bytes of input that a mock logs at once.
pub(crate) const CHUNK: u32 = 256;

/// Offset of the caller in a mock's first text.
pub(crate) const CALLER: u32 = 8;
/// Offset of the value, 16 bytes little-endian.
pub(crate) const VALUE: u32 = CALLER + 32;
/// Offset of the length of the input, four bytes little-endian, which follows in further texts.
pub(crate) const LENGTH: u32 = VALUE + 16;
/// Offset of the name of the method, which takes the rest.
pub(crate) const NAME: u32 = LENGTH + 4;

/// A text that a contract logged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Log {
    /// The contract.
    pub contract: Address,
    /// The text; what is not UTF-8 in it is replaced.
    pub text: String,
}

/// A call that a mock got.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MockCall {
    /// Who called.
    pub caller: Address,
    /// The method.
    pub method: String,
    /// The encoded arguments.
    pub arguments: Vec<u8>,
    /// The value that came along.
    pub value: u128,
}

impl MockCall {
    /// The arguments, as the tuple of their types: `call.decode::<(Address, u128)>()`.
    ///
    /// # Panics
    ///
    /// If they are of other types.
    #[must_use]
    #[track_caller]
    pub fn decode<T: Decode>(&self) -> T {
        match T::from_bytes(&self.arguments) {
            Ok(arguments) => arguments,
            Err(error) => panic!(
                "the arguments of `{}` are not {}: {error}: {}",
                self.method,
                std::any::type_name::<T>(),
                crate::text::hexadecimal(&self.arguments)
            ),
        }
    }
}

/// What has been heard so far.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) logs: Vec<Log>,
    /// The calls that each mock got.
    pub(crate) calls: BTreeMap<Address, Vec<MockCall>>,
    /// How much input of the last call of a mock is still to come.
    missing: usize,
}

/// A handle to it, for the runtime's watcher and for the suite.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ear(Arc<Mutex<Heard>>);

impl Ear {
    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        // A test that panicked in between has left lists that are whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    /// Takes a text of `debug_log`.
    pub(crate) fn hear(&mut self, contract: Address, text: &[u8]) {
        if self.missing > 0
            && let Some(call) = self.calls.get_mut(&contract).and_then(|calls| calls.last_mut())
        {
            call.arguments.extend_from_slice(text);
            self.missing = self.missing.saturating_sub(text.len());
            return;
        }
        match mock_call(text) {
            Some((call, length)) => {
                self.calls.entry(contract).or_default().push(call);
                self.missing = length;
            }
            None => {
                let text = String::from_utf8_lossy(text).into_owned();
                self.logs.push(Log { contract, text });
            }
        }
    }

    /// Forgets an announced input that did not come: the call ran out of gas in between.
    pub(crate) fn end_of_transaction(&mut self) {
        self.missing = 0;
    }

    /// How many logs and calls of each mock there are.
    pub(crate) fn counts(&self) -> Counts {
        let calls = self.calls.iter().map(|(mock, calls)| (*mock, calls.len())).collect();
        Counts { logs: self.logs.len(), calls }
    }

    /// Forgets what came after `counts` were taken.
    pub(crate) fn forget_after(&mut self, counts: &Counts) {
        self.logs.truncate(counts.logs);
        for (mock, calls) in &mut self.calls {
            calls.truncate(counts.calls.get(mock).copied().unwrap_or(0));
        }
    }
}

/// How much had been heard at some time.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    logs: usize,
    calls: BTreeMap<Address, usize>,
}

/// The call that a text announces, and the length of its input.
fn mock_call(text: &[u8]) -> Option<(MockCall, usize)> {
    let (head, name) = text.split_at_checked(NAME as usize)?;
    let rest = head.strip_prefix(&MARK)?;
    let (caller, rest) = rest.split_first_chunk()?;
    let (value, rest) = rest.split_first_chunk()?;
    let length = u32::from_le_bytes(rest.try_into().ok()?);
    let call = MockCall {
        caller: Address::new(*caller),
        method: String::from_utf8_lossy(name).into_owned(),
        arguments: Vec::new(),
        value: u128::from_le_bytes(*value),
    };
    Some((call, length as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(length: u32) -> Vec<u8> {
        let (caller, value) = ([3; 32], 5_u128.to_le_bytes());
        [&MARK[..], &caller, &value, &length.to_le_bytes(), b"price"].concat()
    }

    #[test]
    fn calls_of_mocks_are_put_together_and_are_no_logs() {
        let (mock, other) = (Address::new([1; 32]), Address::new([2; 32]));
        let mut heard = Heard::default();
        heard.hear(mock, &head(3));
        heard.hear(mock, &[7, 8]);
        heard.hear(mock, &[9]);
        heard.hear(mock, b"a text \xff");
        heard.hear(other, &head(0));
        let call = &heard.calls[&mock][0];
        assert_eq!((call.method.as_str(), call.value), ("price", 5));
        assert_eq!(call.caller, Address::new([3; 32]));
        assert_eq!(call.decode::<(u8, u8, u8)>(), (7, 8, 9));
        assert_eq!(heard.calls[&other].len(), 1);
        assert_eq!(heard.logs, [Log { contract: mock, text: "a text \u{fffd}".into() }]);
    }

    #[test]
    fn a_call_that_was_cut_off_does_not_swallow_the_next_text() {
        let mock = Address::new([1; 32]);
        let mut heard = Heard::default();
        heard.hear(mock, &head(3));
        heard.end_of_transaction();
        heard.hear(mock, b"text");
        assert_eq!(heard.logs.len(), 1);
        assert!(heard.calls[&mock][0].arguments.is_empty());
    }

    #[test]
    fn what_came_later_is_forgotten() {
        let mock = Address::new([1; 32]);
        let mut heard = Heard::default();
        heard.hear(mock, &head(0));
        let counts = heard.counts();
        heard.hear(mock, &head(0));
        heard.hear(mock, b"text");
        heard.hear(Address::new([2; 32]), &head(0));
        heard.forget_after(&counts);
        assert_eq!(heard.calls[&mock].len(), 1);
        assert!(heard.calls[&Address::new([2; 32])].is_empty());
        assert!(heard.logs.is_empty());
    }
}
