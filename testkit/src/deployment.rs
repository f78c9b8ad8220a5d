//! [`Deployment`]: a contract to deploy.

use dytallix_abi::{Address, Admin, Value};
use dytallix_sdk::Callable;

use crate::failure::Failure;
use crate::run::DeployRequest;
use crate::sender::Sender;
use crate::{Suite, section, text};

/// A contract to deploy: [`Suite::deploy`], [`Suite::deploy_file`], [`Suite::deploy_contract`].
///
/// ```no_run
/// # use dytallix_testkit::{Suite, TestResult, values};
/// # fn test(suite: Suite) -> TestResult {
/// let alice = suite.account("alice");
/// let token = suite.deploy_contract("token").from(alice).values(&values![1000_u128]).send()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is deployed until `send` or `client`"]
pub struct Deployment {
    suite: Suite,
    request: DeployRequest,
    label: Option<String>,
    /// What the test did wrong so far.
    mistake: Option<Failure>,
}

impl Deployment {
    pub(crate) fn new(suite: Suite, code: Result<Vec<u8>, Failure>) -> Deployment {
        let (code, mistake) = match code {
            Ok(code) => (code, None),
            Err(mistake) => (Vec::new(), Some(mistake)),
        };
        let (from, salt, arguments, value, admin, gas) = (None, None, vec![], 0, Admin::None, None);
        let request = DeployRequest { code, from, salt, arguments, value, admin, gas };
        Deployment { suite, request, label: None, mistake }
    }

    /// By that deployer; else by whom [`prank`](Suite::prank) and the default say.
    pub fn from(mut self, address: Address) -> Deployment {
        self.request.from = Some(address);
        self
    }

    /// With that salt; else with the first, counted from 0, whose address is free.
    pub fn salt(mut self, salt: [u8; 32]) -> Deployment {
        self.request.salt = Some(salt);
        self
    }

    /// With these encoded arguments for `init`: `Token::init_arguments(1000)`.
    pub fn arguments(mut self, arguments: impl Into<Vec<u8>>) -> Deployment {
        self.request.arguments = arguments.into();
        self
    }

    /// With these arguments for `init`, which are checked and encoded by the ABI that the module
    /// carries; see [`values!`](crate::values).
    pub fn values(mut self, values: &[Value]) -> Deployment {
        if self.mistake.is_some() {
            return self;
        }
        let encoded = match section::find_abi(&self.request.code) {
            Some(abi) => match abi.method(dytallix_abi::METHOD_INIT) {
                Some(init) => text::encode_arguments(&abi, init, values),
                None => Err("the ABI has no `init`".into()),
            },
            None => Err("the module has no ABI section: give `arguments`".into()),
        };
        match encoded {
            Ok(arguments) => self.request.arguments = arguments,
            Err(message) => self.mistake = Some(Failure::usage("deployment", message)),
        }
        self
    }

    /// With that value sent along; `init` must be payable.
    pub fn value(mut self, value: u128) -> Deployment {
        self.request.value = value;
        self
    }

    /// With that admin, who may upgrade it; nobody where nothing is said.
    pub fn admin(mut self, admin: Admin) -> Deployment {
        self.request.admin = admin;
        self
    }

    /// With that limit of gas.
    pub fn gas(mut self, limit: u64) -> Deployment {
        self.request.gas = Some(limit);
        self
    }

    /// Under that name in texts; else under that of its ABI.
    pub fn label(mut self, label: &str) -> Deployment {
        self.label = Some(label.to_owned());
        self
    }

    /// Deploys it; the address of the contract.
    ///
    /// # Errors
    ///
    /// If the module is not there or can not be a contract, the address is taken, or `init` fails.
    pub fn send(self) -> Result<Address, Failure> {
        let mut world = self.suite.world.borrow_mut();
        if let Some(mistake) = self.mistake {
            return Err(world.fail(mistake));
        }
        let address = world.deploy(self.request)?;
        if let Some(label) = &self.label {
            world.label(address, label);
        }
        Ok(address)
    }

    /// Deploys it; a typed client of the contract.
    ///
    /// # Errors
    ///
    /// As [`Deployment::send`].
    pub fn client<C: Callable>(self) -> Result<C::Client<Sender>, Failure> {
        let suite = self.suite.clone();
        Ok(suite.client::<C>(self.send()?))
    }
}
