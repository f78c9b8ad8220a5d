//! What state holds for one address.

use crate::primitives::{Address, Amount, Hash, Height, Nonce};

/// An account: of a key, of a contract, or not yet of either.
///
/// The default account (nothing sent, nothing owned, no contract) is the same as no account: stores
/// never hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// How many transactions it has sent.
    pub nonce: Nonce,
    /// What it owns.
    pub balance: Amount,
    /// The contract that lives here, if one does.
    pub contract: Option<ContractInfo>,
}

/// The record of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractInfo {
    /// Hash of its code.
    pub code_hash: Hash,
    /// Counts upgrades; the first code is version 1.
    pub version: u32,
    /// Who deployed it.
    pub deployer: Address,
    /// The block that deployed it.
    pub deployed_height: Height,
}

impl Account {
    /// Whether it is the same as no account.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Account::default()
    }
}

impl ContractInfo {
    /// The record of a contract that has just been deployed.
    #[must_use]
    pub const fn deployed(code_hash: Hash, deployer: Address, height: Height) -> Self {
        ContractInfo { code_hash, version: 1, deployer, deployed_height: height }
    }
}
