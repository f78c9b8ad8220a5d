//! [`Request`]: a call of a method by its name.

use dytallix_abi::{Address, Decode, MethodKind, Value};

use crate::Suite;
use crate::failure::Failure;
use crate::run::CallRequest;
use crate::text;
use crate::transaction::Mode;

/// A call of a method by its name, to be sent.
///
/// ```no_run
/// # use dytallix_testkit::{Suite, TestResult, values};
/// # use dytallix_testkit::sdk::Encode;
/// # fn test(suite: Suite, token: dytallix_testkit::Address) -> TestResult {
/// let (alice, bob) = (suite.account("alice"), suite.account("bob"));
/// suite.call(token, "transfer").from(alice).arguments((bob, 5_u128).to_bytes()).send()?;
/// suite.call(token, "transfer").from(alice).values(&values![bob, 5_u128]).send()?;
/// let balance: u128 = suite.view(token, "balance_of").values(&values![bob]).decode()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is called until `send`"]
pub struct Request {
    suite: Suite,
    call: CallRequest,
    /// Whether the ABI decides between call and view.
    by_declaration: bool,
    /// What the test did wrong so far.
    mistake: Option<Failure>,
}

impl Request {
    pub(crate) fn new(suite: Suite, mode: Mode, to: Address, method: &str) -> Request {
        let (method, arguments) = (method.to_owned(), Vec::new());
        let call = CallRequest { mode, from: None, to, method, arguments, value: 0, gas: None };
        Request { suite, call, by_declaration: false, mistake: None }
    }

    /// From that sender; else from whom [`prank`](Suite::prank) and the default say.
    pub fn from(mut self, address: Address) -> Request {
        self.call.from = Some(address);
        self
    }

    /// With these encoded arguments: `(bob, 5_u128).to_bytes()`.
    pub fn arguments(mut self, arguments: impl Into<Vec<u8>>) -> Request {
        self.call.arguments = arguments.into();
        self
    }

    /// With these arguments, which are checked and encoded by the contract's ABI; see
    /// [`values!`](crate::values).
    pub fn values(mut self, values: &[Value]) -> Request {
        let encoded = self
            .abi_and_method()
            .and_then(|(abi, at)| text::encode_arguments(&abi, &abi.methods[at], values));
        match encoded {
            Ok(arguments) => self.call.arguments = arguments,
            Err(message) => self.mistake = Some(Failure::usage(self.what(), message)),
        }
        self
    }

    /// With that value sent along.
    pub fn value(mut self, value: u128) -> Request {
        self.call.value = value;
        self
    }

    /// With that limit of gas.
    pub fn gas(mut self, limit: u64) -> Request {
        self.call.gas = Some(limit);
        self
    }

    /// A view of the ABI is called in a read-only frame.
    pub(crate) fn by_declaration(mut self) -> Request {
        self.by_declaration = true;
        self
    }

    /// Sends it; what the method returned, in its encoding.
    ///
    /// # Errors
    ///
    /// If the call fails, or values were given that do not fit the ABI.
    pub fn send(mut self) -> Result<Vec<u8>, Failure> {
        if let Some(mistake) = self.mistake {
            return Err(self.suite.world.borrow_mut().fail(mistake));
        }
        if self.by_declaration
            && let Ok((abi, at)) = self.abi_and_method()
            && abi.methods[at].kind == MethodKind::View
        {
            self.call.mode = Mode::View;
        }
        self.suite.world.borrow_mut().call(self.call)
    }

    /// Sends it; what the method returned.
    ///
    /// # Errors
    ///
    /// As [`Request::send`], and if what the method returned is not a `T`.
    pub fn decode<T: Decode>(self) -> Result<T, Failure> {
        let what = self.what();
        let bytes = self.send()?;
        T::from_bytes(&bytes).map_err(|error| {
            let (ty, shown) = (std::any::type_name::<T>(), text::hexadecimal(&bytes));
            Failure::usage(what, format!("what it returned is no {ty}: {error}: {shown}"))
        })
    }

    /// Sends it; what the method returned, by the contract's ABI.
    ///
    /// # Errors
    ///
    /// As [`Request::send`], and if the contract has no ABI or no such method, or what it returned
    /// is not what the ABI says.
    pub fn value_returned(self) -> Result<Value, Failure> {
        let what = self.what();
        let found = self.abi_and_method();
        let (abi, at) = found.map_err(|message| Failure::usage(what.clone(), message))?;
        let bytes = self.send()?;
        let returns = abi.methods[at].returns;
        abi.decode_value(returns, &bytes).map_err(|error| {
            let (ty, shown) = (abi.type_name(returns), text::hexadecimal(&bytes));
            Failure::usage(what, format!("what it returned is no {ty}: {error}: {shown}"))
        })
    }

    /// The contract's ABI and the place of the method in it.
    fn abi_and_method(&self) -> Result<(std::rc::Rc<dytallix_abi::Abi>, usize), String> {
        let CallRequest { to, method, .. } = &self.call;
        let Some(abi) = self.suite.find_abi(*to) else {
            let name = self.suite.name(*to);
            return Err(format!("{name} is no contract with an ABI section: give `arguments`"));
        };
        match abi.methods.iter().position(|known| known.name == *method) {
            Some(at) => Ok((abi, at)),
            None => {
                let names: Vec<&str> = abi.methods.iter().map(|known| &*known.name).collect();
                Err(format!("the ABI has no method `{method}`; it has: {}", names.join(", ")))
            }
        }
    }

    fn what(&self) -> String {
        format!("{}.{}", self.suite.name(self.call.to), self.call.method)
    }
}
