//! [`Mock`]: a contract that answers what a test says, in place of one that is called.

mod module;

use std::collections::BTreeMap;

use dytallix::crypto::sha3_256;
use dytallix_abi::schema::{Method, Type, TypeId};
use dytallix_abi::{
    Abi, Address, Capabilities, Encode, MethodKind, Reentry, SdkError, is_callable_name,
};
use dytallix_sdk::CallError;

use crate::Suite;
use crate::heard::MockCall;
use crate::section::with_abi;

/// The methods with their answers, by name.
type Methods = BTreeMap<String, Answers>;

/// A contract that answers what a test says: a module of its own, that the kit writes and the chain
/// runs like any other.
///
/// It takes value with every method, may be entered while it runs, and tells the test who called it
/// with what, also in read-only frames and in calls that are undone: [`Suite::calls_of`].
///
/// ```
/// # use dytallix_testkit::{Mock, Suite, TestResult};
/// # fn main() -> TestResult {
/// # let suite = Suite::new();
/// let oracle = suite.mock(
///     Mock::new()
///         .returns("price", &1_250_000_u128)
///         .returns_for("price", &("BTC".to_owned(),), &97_000_000_000_u128)
///         .traps("boom"),
/// );
/// let call = |symbol: &str| suite.call(oracle, "price").arguments(symbol.to_owned().to_bytes());
/// assert_eq!(call("DYT").decode::<u128>()?, 1_250_000);
/// assert_eq!(call("BTC").decode::<u128>()?, 97_000_000_000);
/// let calls = suite.calls_of(oracle);
/// assert_eq!(calls.len(), 2);
/// assert_eq!(calls[1].decode::<String>(), "BTC");
/// # use dytallix_testkit::sdk::Encode;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a mock answers nothing until `Suite::mock` or `Suite::mock_at`"]
pub struct Mock {
    /// What it says of itself beside the methods that are answered.
    like: Option<Abi>,
    label: Option<String>,
    methods: Methods,
}

/// What a mock does when a method is called.
#[derive(Clone, Debug)]
enum Action {
    Return(Vec<u8>),
    Revert(Vec<u8>),
    Trap,
    /// Calls a method of another contract and returns the status.
    Call {
        to: Address,
        method: String,
        arguments: Vec<u8>,
    },
}

/// The answers of a method: for some arguments exactly, and for all others.
#[derive(Clone, Debug, Default)]
struct Answers {
    exact: Vec<(Vec<u8>, Action)>,
    other: Option<Action>,
}

impl Mock {
    /// A mock without methods.
    pub fn new() -> Mock {
        Mock::default()
    }

    /// A mock that has the methods of this ABI, with their names and types, and takes value where
    /// they do. Those that are given no answer panic.
    pub fn like(abi: &Abi) -> Mock {
        let mut mock = Mock { like: Some(abi.clone()), ..Mock::default() };
        for method in abi.methods.iter().filter(|method| is_callable_name(&method.name)) {
            mock.methods.entry(method.name.clone()).or_default();
        }
        mock
    }

    /// The name that it has in texts; `Mock`, or that of its ABI, where nothing is said.
    pub fn label(mut self, label: &str) -> Mock {
        self.label = Some(label.to_owned());
        self
    }

    /// The method returns `value`, whatever the arguments.
    #[track_caller]
    pub fn returns<T: Encode + ?Sized>(self, method: &str, value: &T) -> Mock {
        self.answer(method, None, Action::Return(value.to_bytes()))
    }

    /// The method returns `value` where the arguments are exactly these, a tuple of the parameters.
    #[track_caller]
    pub fn returns_for<A: Encode + ?Sized, T: Encode + ?Sized>(
        self,
        method: &str,
        arguments: &A,
        value: &T,
    ) -> Mock {
        self.answer(method, Some(arguments.to_bytes()), Action::Return(value.to_bytes()))
    }

    /// The method reverts with an error of a contract, whatever the arguments:
    /// `.reverts("price", Error::Unknown)`.
    #[track_caller]
    pub fn reverts(self, method: &str, error: impl Into<CallError>) -> Mock {
        self.answer(method, None, Action::Revert(error.into().data))
    }

    /// The method reverts with an error where the arguments are exactly these.
    #[track_caller]
    pub fn reverts_for<A: Encode + ?Sized>(
        self,
        method: &str,
        arguments: &A,
        error: impl Into<CallError>,
    ) -> Mock {
        self.answer(method, Some(arguments.to_bytes()), Action::Revert(error.into().data))
    }

    /// The method reverts with these bytes.
    #[track_caller]
    pub fn reverts_with(self, method: &str, data: impl Into<Vec<u8>>) -> Mock {
        self.answer(method, None, Action::Revert(data.into()))
    }

    /// The method panics as a contract of the SDK does.
    #[track_caller]
    pub fn panics(self, method: &str, message: &str) -> Mock {
        self.answer(method, None, Action::Revert(panic_data(message)))
    }

    /// The method traps.
    #[track_caller]
    pub fn traps(self, method: &str) -> Mock {
        self.answer(method, None, Action::Trap)
    }

    /// The method calls another one, with no value and all gas, and returns the status of that call
    /// as an `i32`: an attacker that comes back while the contract under test is running.
    #[track_caller]
    pub fn calls<A: Encode + ?Sized>(
        self,
        method: &str,
        to: Address,
        called: &str,
        arguments: &A,
    ) -> Mock {
        let (called, arguments) = (called.to_owned(), arguments.to_bytes());
        self.answer(method, None, Action::Call { to, method: called, arguments })
    }

    #[track_caller]
    fn answer(mut self, method: &str, arguments: Option<Vec<u8>>, action: Action) -> Mock {
        assert!(is_callable_name(method), "`{method}` is no name of a method that can be called");
        let answers = self.methods.entry(method.to_owned()).or_default();
        match arguments {
            None => answers.other = Some(action),
            Some(arguments) => {
                answers.exact.retain(|(known, _)| *known != arguments);
                answers.exact.push((arguments, action));
            }
        }
        self
    }

    /// Its module, with an ABI section.
    #[must_use]
    #[track_caller]
    pub fn module(&self) -> Vec<u8> {
        let answers = |name: &String, answers: &Answers| {
            let mut answers = answers.clone();
            let message =
                || panic_data(&format!("the mock has no answer for this call of `{name}`"));
            answers.other.get_or_insert_with(|| Action::Revert(message()));
            (name.clone(), answers)
        };
        let methods = self.methods.iter().map(|(name, known)| answers(name, known)).collect();
        with_abi(&module::write(&methods), &self.abi())
    }

    /// What it says of itself.
    fn abi(&self) -> Abi {
        let mut abi = self.like.clone().unwrap_or_else(|| Abi {
            name: "Mock".into(),
            schema: 0,
            capabilities: Capabilities::NONE,
            types: Vec::new(),
            methods: Vec::new(),
            events: Vec::new(),
            errors: Vec::new(),
            storage: Vec::new(),
            docs: String::new(),
        });
        abi.capabilities =
            abi.capabilities.with(Capabilities::CALL).with(Capabilities::RECEIVE_VALUE);
        abi.methods.retain(|method| is_callable_name(&method.name));
        let unknown: Vec<&String> =
            self.methods.keys().filter(|name| abi.method(name).is_none()).collect();
        if !unknown.is_empty() {
            let unit = unit(&mut abi.types);
            for name in unknown {
                abi.methods.push(Method {
                    name: name.clone(),
                    kind: MethodKind::Call,
                    payable: true,
                    reentry: Reentry::Allow,
                    params: Vec::new(),
                    returns: unit,
                    docs: String::new(),
                });
            }
        }
        for method in &mut abi.methods {
            method.reentry = Reentry::Allow;
        }
        abi.methods.sort_by(|a, b| a.name.cmp(&b.name));
        abi
    }
}

/// The type `()` of a table, added where it is not there.
fn unit(types: &mut Vec<Type>) -> TypeId {
    let unit = Type::Tuple(Vec::new());
    let at = types.iter().position(|ty| *ty == unit).unwrap_or_else(|| {
        types.push(unit);
        types.len() - 1
    });
    // A table has at most 256 entries; one more is refused where the section is written.
    TypeId(at as u16)
}

/// What a contract of the SDK reverts with when it panics.
fn panic_data(message: &str) -> Vec<u8> {
    [&[SdkError::Panic.code()][..], message.as_bytes()].concat()
}

impl Suite {
    /// Puts a mock at an address of its own.
    #[track_caller]
    #[must_use = "the mock has to be known to be called"]
    pub fn mock(&self, mock: Mock) -> Address {
        let number = {
            let mut world = self.world.borrow_mut();
            world.mocks += 1;
            world.mocks
        };
        let tag = b"dytallix/testkit/mock/";
        let address = Address::new(sha3_256(&[&tag[..], &number.to_le_bytes()].concat()));
        self.mock_at(address, mock);
        address
    }

    /// Puts a mock in place of whatever is at an address; storage and balance stay.
    /// [`set_code`](Suite::set_code) or [`revert`](Suite::revert) takes it away again.
    #[track_caller]
    pub fn mock_at(&self, address: Address, mock: Mock) {
        let label = mock.label.clone();
        if let Err(failure) = self.set_code(address, mock.module()) {
            panic!("the mock can not be made: {failure}");
        }
        if let Some(label) = label {
            self.label(address, &label);
        }
    }

    /// The calls that a mock got, in order, since it was made or
    /// [`clear_calls`](Suite::clear_calls); those of views and of transactions that failed are
    /// among them.
    #[must_use]
    pub fn calls_of(&self, mock: Address) -> Vec<MockCall> {
        self.world.borrow().ear.heard().calls.get(&mock).cloned().unwrap_or_default()
    }

    /// Forgets the calls that mocks got so far.
    pub fn clear_calls(&self) {
        self.world.borrow().ear.heard().calls.clear();
    }

    /// Expects that a method of a mock has been called so many times.
    ///
    /// # Panics
    ///
    /// If it has been called less or more often; the message lists all calls.
    #[track_caller]
    pub fn expect_calls(&self, mock: Address, method: &str, times: usize) {
        let calls = self.calls_of(mock);
        let count = calls.iter().filter(|call| call.method == method).count();
        if count != times {
            let abi = self.find_abi(mock);
            let name = |address: &Address| self.name(*address);
            let shown = calls.iter().map(|call| {
                let bytes = &call.arguments;
                let arguments = crate::text::arguments(abi.as_deref(), &call.method, bytes, &name);
                format!("\n  {}({arguments}) by {}", call.method, self.name(call.caller))
            });
            panic!(
                "`{method}` was to be called {times} times and was called {count} times; calls of {}:{}",
                self.name(mock),
                shown.collect::<String>()
            );
        }
    }
}
