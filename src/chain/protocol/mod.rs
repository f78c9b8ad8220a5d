//! [`Protocol`]: all that decides what a transaction comes to, as one value with a content id.
//!
//! Every block names the id of the protocol that it was executed under. A protocol is state: the
//! genesis sets the first, the governor sets others at a height, and blocks that are executed again
//! come under the one that they were executed under before.

mod codec;

use alloc::vec::Vec;

use crate::gas::{GasSchedule, HostPrices};
use crate::host::HostTable;
use crate::limits::{CallLimits, Limits};
use crate::primitives::{Amount, DecodeError, Domain, Hash};
use crate::wasm::Features;

/// The semantics of this version: raised by every fix that changes a result.
pub const SEMANTICS: u32 = 1;

/// The rules of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Protocol {
    /// Version of what code makes of these rules; a node executes blocks of [`SEMANTICS`] alone.
    pub semantics: u32,
    /// Features that modules may use.
    pub features: Features,
    /// Limits of modules.
    pub limits: Limits,
    /// Limits of calls and of transactions' effects.
    pub call_limits: CallLimits,
    /// Prices of operators.
    pub schedule: GasSchedule,
    /// Prices of host functions and transactions.
    pub prices: HostPrices,
    /// Whether contracts that declare it may run other code as their own (`delegatecall`).
    pub delegate_calls: bool,
    /// [`HostTable::content_id`] of the chain's own host functions.
    pub functions: Hash,
    /// What blocks may hold, and what things cost in money.
    pub policy: Policy,
}

/// What blocks may hold, and what things cost in money.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The least price of a unit of gas.
    pub min_gas_price: Amount,
    /// The part of the fee, tips apart, that is burnt, in basis points; the rest goes to who
    /// proposes the block.
    pub burn_basis_points: u16,
    /// The deposit for an entry of contract storage.
    pub item_deposit: Amount,
    /// The deposit for a byte of a key or value of contract storage.
    pub byte_deposit: Amount,
    /// The deposit for a byte of code.
    pub code_deposit: Amount,
    /// Bytes of one transaction, its authentication included.
    pub transaction_bytes: u32,
    /// Gas limit of one transaction.
    pub transaction_gas: u64,
    /// Gas limits of all transactions of a block together.
    pub block_gas: u64,
    /// Bytes of all transactions of a block together.
    pub block_bytes: u32,
    /// Transactions of a block.
    pub block_transactions: u32,
    /// Whether deployments and upgrades may carry attestations.
    pub attestations: bool,
}

impl Protocol {
    /// Version 1: limits for contracts, schedule V1 and the prices that go with it.
    #[must_use]
    pub fn v1() -> Protocol {
        Protocol {
            semantics: SEMANTICS,
            features: Features::default(),
            limits: Limits::contract(),
            call_limits: CallLimits::default(),
            schedule: GasSchedule::v1(),
            prices: HostPrices::v1(),
            delegate_calls: true,
            functions: Hash::from_bytes(HostTable::new().content_id()),
            policy: Policy::v1(),
        }
    }

    /// The same with other prices of operators.
    #[must_use]
    pub fn schedule(self, schedule: GasSchedule) -> Self {
        Protocol { schedule, ..self }
    }

    /// The same with other prices of host functions and transactions.
    #[must_use]
    pub fn prices(self, prices: HostPrices) -> Self {
        Protocol { prices, ..self }
    }

    /// The same with another policy.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Protocol { policy, ..self }
    }

    /// The same with host functions of the chain's own.
    #[must_use]
    pub fn functions(self, functions: &HostTable) -> Self {
        Protocol { functions: Hash::from_bytes(functions.content_id()), ..self }
    }

    /// Its encoding: `docs/transactions.md` has the fields.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// The protocol that these bytes encode.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a protocol.
    pub fn decode(bytes: &[u8]) -> Result<Protocol, DecodeError> {
        codec::decode(bytes)
    }

    /// Whether a machine can have these rules: limits that register code can hold, and a part of
    /// fees that is one.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.limits.function_slots <= Limits::MAX_FUNCTION_SLOTS
            && self.limits.results <= Limits::MAX_FUNCTION_SLOTS
            && self.schedule.local <= GasSchedule::MAX_LOCAL
            && self.policy.burn_basis_points <= 10_000
    }

    /// Its content id: the hash of its encoding.
    #[must_use]
    pub fn id(&self) -> Hash {
        Hash::of(Domain::Protocol, &[&self.encode()])
    }
}

impl Policy {
    /// Version 1: a gas price of at least 1 of which all is burnt, deposits of 100 for an entry and
    /// 1 for a byte, blocks of a thousand million gas.
    #[must_use]
    pub const fn v1() -> Policy {
        Policy {
            min_gas_price: Amount::new(1),
            burn_basis_points: 10_000,
            item_deposit: Amount::new(100),
            byte_deposit: Amount::new(1),
            code_deposit: Amount::new(1),
            transaction_bytes: 2 << 20,
            transaction_gas: 500_000_000,
            block_gas: 1_000_000_000,
            block_bytes: 8 << 20,
            block_transactions: 10_000,
            attestations: false,
        }
    }

    /// The deposit for that much storage; none where no amount is so great.
    #[must_use]
    pub fn storage_deposit(&self, items: u64, bytes: u64) -> Option<Amount> {
        let items = self.item_deposit.units().checked_mul(items.into())?;
        let bytes = self.byte_deposit.units().checked_mul(bytes.into())?;
        items.checked_add(bytes).map(Amount::new)
    }

    /// The deposit for code of that length; none where no amount is so great.
    #[must_use]
    pub fn code_deposit_of(&self, bytes: u64) -> Option<Amount> {
        self.code_deposit.units().checked_mul(bytes.into()).map(Amount::new)
    }
}
