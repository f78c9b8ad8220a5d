//! [`Genesis`]: how a chain begins.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use super::block::app_hash;
use super::governance::{Parameters, save_parameters, save_protocol};
use super::merkle::merkle_root;
use super::protocol::Protocol;
use super::runtime::{Error, OpenError, Runtime, Tip};
use crate::host::make_system_contract;
use crate::primitives::{Address, Amount, DecodeError, Domain, Hash, Height, Reader, Writer};
use crate::state::{Batch, Overlay, State, StateError, Store, StoreError, StoreErrorKind, Table};

/// How a chain begins: its state at height 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Genesis {
    /// The number of the chain, which every transaction names.
    pub chain_id: u64,
    /// The time, in milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: u64,
    /// The first protocol.
    pub protocol: Protocol,
    /// Governor, signature schemes, analysts, pauses.
    pub parameters: Parameters,
    /// Balances.
    pub balances: BTreeMap<Address, Amount>,
    /// Who decides blocks: opaque to the ledger, and for the consensus engine to read.
    pub validators: Vec<u8>,
}

/// Why a genesis is none for a store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenesisError {
    /// The balances come to more than an amount can be.
    Supply,
    /// The parameters are not in order.
    Parameters,
    /// The store began with another genesis, of this hash.
    Other(Hash),
    /// The store holds state that did not begin with a genesis.
    NoGenesis,
}

/// Version of the encoding.
const VERSION: u8 = 1;

impl Genesis {
    /// A chain of that number under protocol version 1, without accounts and governor.
    #[must_use]
    pub fn new(chain_id: u64) -> Genesis {
        Genesis {
            chain_id,
            time_ms: 0,
            protocol: Protocol::v1(),
            parameters: Parameters::default(),
            balances: BTreeMap::new(),
            validators: Vec::new(),
        }
    }

    /// The same with that balance.
    #[must_use]
    pub fn balance(mut self, account: Address, amount: Amount) -> Self {
        self.balances.insert(account, amount);
        self
    }

    /// The same under another protocol.
    #[must_use]
    pub fn protocol(self, protocol: Protocol) -> Self {
        Genesis { protocol, ..self }
    }

    /// The same with other parameters.
    #[must_use]
    pub fn parameters(self, parameters: Parameters) -> Self {
        Genesis { parameters, ..self }
    }

    /// The same at that time.
    #[must_use]
    pub fn time_ms(self, time_ms: u64) -> Self {
        Genesis { time_ms, ..self }
    }

    /// Its hash: the parent of the first block.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(Domain::Genesis, &[&self.encode()])
    }

    /// Its encoding: `01` ‖ chain id, time as LEB128 ‖ protocol and parameters behind their lengths
    /// ‖ number of balances ‖ each: address, amount ‖ validators behind their length.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let Genesis { chain_id, time_ms, protocol, parameters, balances, validators } = self;
        let mut writer = Writer::new();
        writer.byte(VERSION);
        writer.number((*chain_id).into());
        writer.number((*time_ms).into());
        writer.bytes(&protocol.encode());
        writer.bytes(&parameters.encode());
        writer.number(balances.len() as u128);
        for (account, amount) in balances {
            writer.fixed(account.as_bytes());
            writer.number(amount.units());
        }
        writer.bytes(validators);
        writer.finish()
    }

    /// The genesis that these bytes encode.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a genesis.
    pub fn decode(bytes: &[u8]) -> Result<Genesis, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("a genesis")? != VERSION {
            return Err(DecodeError { offset: 0, expected: "version 1 of a genesis" });
        }
        let (chain_id, time_ms) = (reader.u64("a chain id")?, reader.u64("a time")?);
        let protocol = Protocol::decode(reader.bytes("a protocol")?)?;
        let parameters = Parameters::decode(reader.bytes("parameters")?)?;
        let mut balances = BTreeMap::new();
        for _ in 0..reader.u32("a number of balances")? {
            let start = reader.clone();
            let account = Address::from_bytes(reader.fixed("an account")?);
            if balances.last_key_value().is_some_and(|(last, _)| *last >= account) {
                return Err(start.error("accounts in ascending order"));
            }
            balances.insert(account, Amount::new(reader.u128("an amount")?));
        }
        let validators = reader.bytes("validators")?.to_vec();
        reader.finish()?;
        Ok(Genesis { chain_id, time_ms, protocol, parameters, balances, validators })
    }

    /// Begins the chain in an empty store; makes sure that it has begun so in another one.
    pub(crate) fn begin<S: Store>(&self, state: &mut State<S>) -> Result<(), OpenError> {
        let error = |error| Err(OpenError::Genesis(error));
        if state.head().is_some() {
            return match load_genesis(state.store())? {
                Some(genesis) if genesis == *self => Ok(()),
                Some(genesis) => error(GenesisError::Other(genesis.hash())),
                // A store that was restored from a snapshot has state, and no blocks.
                None if super::governance::load_protocol(&*state)?.is_some() => Ok(()),
                None => error(GenesisError::NoGenesis),
            };
        }
        let supply =
            self.balances.values().try_fold(Amount::ZERO, |sum, more| sum.checked_add(*more));
        if supply.is_none() {
            return error(GenesisError::Supply);
        }
        if !self.parameters.is_sound() {
            return error(GenesisError::Parameters);
        }
        let changes = {
            let mut overlay = Overlay::new(&*state);
            self.fill(&mut overlay).map_err(|error| match error {
                StateError::Store(error) => error,
                error => StoreError::of(StoreErrorKind::Refused, format!("genesis: {error}")),
            })?;
            overlay.changes()
        };
        let height = Height::default();
        let root = state.prepare(height, &changes)?;
        let mut rows = Batch::new();
        rows.put(Table::Blocks, height.number().to_be_bytes(), self.encode());
        let tip = Tip {
            chain_id: self.chain_id,
            height,
            hash: self.hash(),
            time_ms: self.time_ms,
            app_hash: app_hash(&root, &merkle_root([])),
        };
        tip.put(&mut rows);
        state.commit_prepared(&rows)?;
        Ok(())
    }

    fn fill(&self, overlay: &mut Overlay<'_>) -> Result<(), StateError> {
        let height = Height::default();
        make_system_contract(overlay, height)?;
        save_protocol(overlay, height, &self.protocol)?;
        save_parameters(overlay, height, &self.parameters)?;
        for (account, amount) in &self.balances {
            overlay.credit(account, *amount)?;
        }
        Ok(())
    }
}

/// The genesis of a store; none where it has none.
fn load_genesis<S: Store>(store: &S) -> Result<Option<Genesis>, StoreError> {
    let Some(row) = store.get(Table::Blocks, &0_u64.to_be_bytes())? else { return Ok(None) };
    let damaged = |error| StoreError::corrupt(format!("the row of the genesis: {error}"));
    Genesis::decode(&row).map(Some).map_err(damaged)
}

impl<S: Store> Runtime<S> {
    /// The genesis of the chain; none where the store has none.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub fn genesis(&self) -> Result<Option<Genesis>, Error> {
        Ok(load_genesis(self.store())?)
    }
}

impl fmt::Display for GenesisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GenesisError::Supply => f.write_str("the balances of the genesis have no sum"),
            GenesisError::Parameters => {
                f.write_str("a list in the parameters of the genesis is not in order")
            }
            GenesisError::Other(hash) => write!(f, "the store began with the genesis {hash}"),
            GenesisError::NoGenesis => {
                f.write_str("the store holds state that did not begin with a genesis")
            }
        }
    }
}
