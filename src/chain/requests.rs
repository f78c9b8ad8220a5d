//! What can be asked of a [`Runtime`](super::Runtime).

use alloc::string::String;
use alloc::sync::Arc;

use crate::primitives::Address;

/// A contract to deploy.
#[derive(Clone, Debug)]
pub struct Deploy {
    /// Who deploys: the caller that `init` sees.
    pub deployer: Address,
    /// The module.
    pub code: Arc<[u8]>,
    /// Tells apart several contracts of the same deployer and code.
    pub salt: [u8; 32],
    /// What `init` is given.
    pub arguments: Arc<[u8]>,
    /// At most that much gas.
    pub gas_limit: u64,
}

/// A method to call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub caller: Address,
    /// The contract.
    pub contract: Address,
    /// The method's name.
    pub method: String,
    /// What the method is given.
    pub arguments: Arc<[u8]>,
    /// At most that much gas.
    pub gas_limit: u64,
}

impl Deploy {
    /// A deployment of `code` by `deployer`, with a salt of zeros and no arguments.
    #[must_use]
    pub fn new(deployer: Address, code: impl Into<Arc<[u8]>>, gas_limit: u64) -> Self {
        let (code, arguments) = (code.into(), [].into());
        Deploy { deployer, code, salt: [0; 32], arguments, gas_limit }
    }

    /// The same with these arguments for `init`.
    #[must_use]
    pub fn arguments(self, arguments: impl Into<Arc<[u8]>>) -> Self {
        Deploy { arguments: arguments.into(), ..self }
    }

    /// The same with this salt.
    #[must_use]
    pub fn salt(self, salt: [u8; 32]) -> Self {
        Deploy { salt, ..self }
    }
}

impl Call {
    /// A call of `method` without arguments.
    #[must_use]
    pub fn new(caller: Address, contract: Address, method: &str, gas_limit: u64) -> Self {
        Call { caller, contract, method: method.into(), arguments: [].into(), gas_limit }
    }

    /// The same with these arguments.
    #[must_use]
    pub fn arguments(self, arguments: impl Into<Arc<[u8]>>) -> Self {
        Call { arguments: arguments.into(), ..self }
    }
}
