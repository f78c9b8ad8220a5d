//! What can be asked of a [`Runtime`](super::Runtime).

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::primitives::{Address, Amount, Domain, Hash, Height, Writer};
use crate::state::Admin;

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
    /// What comes along, from the deployer's balance.
    pub value: Amount,
    /// Who may upgrade it.
    pub admin: Admin,
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
    /// What comes along, from the caller's balance.
    pub value: Amount,
    /// At most that much gas.
    pub gas_limit: u64,
}

impl Deploy {
    /// A deployment of `code` by `deployer`, with a salt of zeros, without arguments and value,
    /// which nobody may upgrade.
    #[must_use]
    pub fn new(deployer: Address, code: impl Into<Arc<[u8]>>, gas_limit: u64) -> Self {
        let (code, arguments) = (code.into(), [].into());
        let (value, admin) = (Amount::ZERO, Admin::None);
        Deploy { deployer, code, salt: [0; 32], arguments, value, admin, gas_limit }
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

    /// The same with this value for the new contract; its `init` must be payable.
    #[must_use]
    pub fn value(self, value: Amount) -> Self {
        Deploy { value, ..self }
    }

    /// The same with this admin.
    #[must_use]
    pub fn admin(self, admin: Admin) -> Self {
        Deploy { admin, ..self }
    }

    /// What the hash is made of that contracts see as that of the transaction.
    pub(super) fn encode(&self, height: Height) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(0);
        writer.number(height.number().into());
        writer.fixed(self.deployer.as_bytes());
        writer.fixed(Hash::of(Domain::Code, &[&self.code]).as_bytes());
        writer.fixed(&self.salt);
        writer.bytes(&self.arguments);
        writer.number(self.value.units());
        writer.finish()
    }
}

impl Call {
    /// A call of `method` without arguments and value.
    #[must_use]
    pub fn new(caller: Address, contract: Address, method: &str, gas_limit: u64) -> Self {
        let (method, arguments, value) = (method.into(), [].into(), Amount::ZERO);
        Call { caller, contract, method, arguments, value, gas_limit }
    }

    /// The same with these arguments.
    #[must_use]
    pub fn arguments(self, arguments: impl Into<Arc<[u8]>>) -> Self {
        Call { arguments: arguments.into(), ..self }
    }

    /// The same with this value for the contract; the method must be payable.
    #[must_use]
    pub fn value(self, value: Amount) -> Self {
        Call { value, ..self }
    }

    /// What the hash is made of that contracts see as that of the transaction.
    pub(super) fn encode(&self, height: Height) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(1);
        writer.number(height.number().into());
        writer.fixed(self.caller.as_bytes());
        writer.fixed(self.contract.as_bytes());
        writer.bytes(self.method.as_bytes());
        writer.bytes(&self.arguments);
        writer.number(self.value.units());
        writer.finish()
    }
}
