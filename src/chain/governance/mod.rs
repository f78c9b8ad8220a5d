//! Governance: what of a chain its governor can change, and how that becomes state.
//!
//! ```text
//!   genesis ─▶ Parameters { governor, schemes, analysts, pauses } and the Protocol
//!                  ▲ at its height, before the first transaction of the block
//!   scheduled changes ◀── Command ◀── the governor: a key or a threshold by a transaction,
//!                                     a contract by a call of `govern` of the system contract
//! ```
//!
//! All of it stands in the storage of the system contract, so that proofs, snapshots and replay
//! cover it like any state.

mod codec;
mod kept;

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::protocol::Protocol;
use crate::crypto::Scheme;
use crate::primitives::{Address, DecodeError, Domain, Hash, Height};

pub(crate) use kept::{
    announce, announced, apply_due, approvals, approve, clear_announcement, clear_approvals,
    forget_key, load_parameters, load_protocol, load_scheduled, register_key, registered_key,
    save_parameters, save_protocol, schedule,
};

/// What the governor can change, the protocol apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameters {
    /// Who governs.
    pub governor: Governor,
    /// The numbers of the signature schemes that transactions may have, ascending.
    pub schemes: Vec<u8>,
    /// Whose attestations count.
    pub analysts: Analysts,
    /// What is paused.
    pub pauses: Pauses,
}

/// Who governs a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Governor {
    /// Nobody: nothing of this can be changed.
    #[default]
    None,
    /// An account: its key signs, or, where it is a contract, it calls `govern` of the system
    /// contract.
    Account(Address),
    /// Any `needed` of some accounts, which are in ascending order.
    Threshold {
        /// How many of them.
        needed: u32,
        /// The accounts, ascending and each once.
        accounts: Vec<Address>,
    },
}

/// Whose attestations on code count, and how many of them it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Analysts {
    /// How many of them.
    pub needed: u32,
    /// Their accounts, ascending and each once.
    pub accounts: Vec<Address>,
}

/// What is paused. What is not named goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pauses {
    /// No code is uploaded, no contract deployed or upgraded.
    pub deployments: bool,
    /// No contract is called from outside, that of the governor apart.
    pub calls: bool,
    /// These contracts run for nobody; ascending and each once, at most [`MOST_PAUSED`].
    pub contracts: Vec<Address>,
}

/// Contracts that can be paused at once.
pub const MOST_PAUSED: usize = 64;

/// Changes that can be scheduled at once.
pub const MOST_SCHEDULED: usize = 64;

/// What a governor wants, from a height on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Command {
    /// The first height at which it is so: above that of the block with the command.
    pub height: Height,
    /// What.
    pub change: Change,
}

/// What a governor can change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The protocol.
    Protocol(Box<Protocol>),
    /// The signature schemes that transactions may have: numbers, ascending.
    Schemes(Vec<u8>),
    /// The analysts.
    Analysts(Analysts),
    /// The pauses.
    Pauses(Pauses),
    /// Who governs.
    Governor(Governor),
}

impl Default for Parameters {
    /// No governor, ML-DSA-65 and ML-DSA-87 admitted, nothing paused.
    fn default() -> Self {
        Parameters {
            governor: Governor::None,
            schemes: [Scheme::MlDsa65.number(), Scheme::MlDsa87.number()].into(),
            analysts: Analysts::default(),
            pauses: Pauses::default(),
        }
    }
}

impl Parameters {
    /// The defaults with this governor.
    #[must_use]
    pub fn governed_by(governor: Governor) -> Self {
        Parameters { governor, ..Parameters::default() }
    }

    /// Its encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode_parameters(self)
    }

    /// The parameters that these bytes encode.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of sound parameters.
    pub fn decode(bytes: &[u8]) -> Result<Parameters, DecodeError> {
        codec::decode_parameters(bytes)
    }

    /// Whether transactions may be signed by that scheme.
    #[must_use]
    pub fn admits(&self, scheme: u8) -> bool {
        self.schemes.contains(&scheme)
    }

    /// The first scheme that is admitted and that this build has no verifier for.
    #[must_use]
    pub fn missing_scheme(&self) -> Option<u8> {
        let available = |number: u8| Scheme::from_number(number).is_some_and(Scheme::is_available);
        self.schemes.iter().copied().find(|&number| !available(number))
    }

    /// Whether every list is in order.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.governor.is_sound()
            && !self.schemes.is_empty()
            && self.schemes.is_sorted_by(|a, b| a < b)
            && self.schemes.iter().all(|&number| Scheme::from_number(number).is_some())
            && self.analysts.is_sound()
            && self.pauses.is_sound()
    }
}

impl Governor {
    /// Any `needed` of `accounts`; none where that is no threshold.
    #[must_use]
    pub fn threshold(needed: u32, mut accounts: Vec<Address>) -> Option<Governor> {
        accounts.sort_unstable();
        let governor = Governor::Threshold { needed, accounts };
        governor.is_sound().then_some(governor)
    }

    fn is_sound(&self) -> bool {
        let Governor::Threshold { needed, accounts } = self else { return true };
        accounts.is_sorted_by(|a, b| a < b) && *needed > 0 && *needed as usize <= accounts.len()
    }
}

impl Analysts {
    /// Any `needed` of `accounts`.
    #[must_use]
    pub fn new(needed: u32, mut accounts: Vec<Address>) -> Analysts {
        accounts.sort_unstable();
        accounts.dedup();
        Analysts { needed, accounts }
    }

    fn is_sound(&self) -> bool {
        self.accounts.is_sorted_by(|a, b| a < b) && self.needed as usize <= self.accounts.len()
    }
}

impl Pauses {
    /// Nothing but these contracts.
    #[must_use]
    pub fn contracts(mut contracts: Vec<Address>) -> Pauses {
        contracts.sort_unstable();
        contracts.dedup();
        Pauses { contracts, ..Pauses::default() }
    }

    fn is_sound(&self) -> bool {
        self.contracts.is_sorted_by(|a, b| a < b) && self.contracts.len() <= MOST_PAUSED
    }
}

impl Command {
    /// That change from that height on.
    #[must_use]
    pub const fn new(height: Height, change: Change) -> Command {
        Command { height, change }
    }

    /// Its encoding, which is the argument of `govern` of the system contract.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode_command(self)
    }

    /// The command that these bytes encode.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a sound command.
    pub fn decode(bytes: &[u8]) -> Result<Command, DecodeError> {
        codec::decode_command(bytes)
    }

    /// The hash that a threshold approves of.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(Domain::Operation, &[&self.encode()])
    }
}

impl Change {
    /// Its name, for people.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Change::Protocol(_) => "protocol",
            Change::Schemes(_) => "schemes",
            Change::Analysts(_) => "analysts",
            Change::Pauses(_) => "pauses",
            Change::Governor(_) => "governor",
        }
    }

    /// Whether its lists are in order, and a machine can have the rules that it asks for. Whether
    /// this build has them all is another question, which must not decide what is state.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match self {
            Change::Protocol(protocol) => protocol.is_sound(),
            Change::Schemes(schemes) => {
                !schemes.is_empty()
                    && Parameters { schemes: schemes.clone(), ..Parameters::default() }.is_sound()
            }
            Change::Analysts(analysts) => analysts.is_sound(),
            Change::Pauses(pauses) => pauses.is_sound(),
            Change::Governor(governor) => governor.is_sound(),
        }
    }
}
