//! [`GasUsed`]: gas by what it was used for.

use dytallix_abi::GasClass;

/// What gas is used for. There is one limit for all of it; the parts say where it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GasDimension {
    /// Operators, calls, data that is moved, and what was left when gas ran out.
    Compute,
    /// Linear memory: of new frames and of `memory.grow`.
    Memory,
    /// Reads of storage, accounts and code.
    StateRead,
    /// Changes of storage and accounts, and what becomes part of a block.
    StateWrite,
    /// Events.
    Events,
    /// Hashes and signatures, that of the transaction included.
    Crypto,
}

/// Gas by what it was used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GasUsed {
    /// See [`GasDimension::Compute`].
    pub compute: u64,
    /// See [`GasDimension::Memory`].
    pub memory: u64,
    /// See [`GasDimension::StateRead`].
    pub state_read: u64,
    /// See [`GasDimension::StateWrite`].
    pub state_write: u64,
    /// See [`GasDimension::Events`].
    pub events: u64,
    /// See [`GasDimension::Crypto`].
    pub crypto: u64,
}

impl GasDimension {
    /// What the functions of a class use gas for.
    #[must_use]
    pub const fn of(class: GasClass) -> GasDimension {
        match class {
            GasClass::StorageRead | GasClass::StorageScan | GasClass::Account => {
                GasDimension::StateRead
            }
            GasClass::StorageWrite | GasClass::Create | GasClass::Transfer => {
                GasDimension::StateWrite
            }
            GasClass::Event => GasDimension::Events,
            GasClass::Keccak | GasClass::Sha256 | GasClass::Blake3 | GasClass::Verify => {
                GasDimension::Crypto
            }
            _ => GasDimension::Compute,
        }
    }
}

impl GasUsed {
    /// The names of the parts and their gas, in the order of their encoding.
    #[must_use]
    pub const fn parts(&self) -> [(&'static str, u64); 6] {
        let GasUsed { compute, memory, state_read, state_write, events, crypto } = *self;
        [
            ("compute", compute),
            ("memory", memory),
            ("state_read", state_read),
            ("state_write", state_write),
            ("events", events),
            ("crypto", crypto),
        ]
    }

    /// The same with the parts as [`GasDimension`]s.
    pub(crate) const fn dimensions(&self) -> [(GasDimension, u64); 6] {
        [
            (GasDimension::Compute, self.compute),
            (GasDimension::Memory, self.memory),
            (GasDimension::StateRead, self.state_read),
            (GasDimension::StateWrite, self.state_write),
            (GasDimension::Events, self.events),
            (GasDimension::Crypto, self.crypto),
        ]
    }

    /// All of it.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.parts().iter().fold(0, |sum, (_, gas)| sum.saturating_add(*gas))
    }

    /// Adds gas that was used for something.
    pub(crate) fn add(&mut self, dimension: GasDimension, gas: u64) {
        let part = match dimension {
            GasDimension::Compute => &mut self.compute,
            GasDimension::Memory => &mut self.memory,
            GasDimension::StateRead => &mut self.state_read,
            GasDimension::StateWrite => &mut self.state_write,
            GasDimension::Events => &mut self.events,
            GasDimension::Crypto => &mut self.crypto,
        };
        *part = part.saturating_add(gas);
    }

    /// The same with `total` gas in all: what is not accounted for was computed with.
    pub(crate) fn of_total(self, total: u64) -> GasUsed {
        let known = GasUsed { compute: 0, ..self }.total();
        GasUsed { compute: total.saturating_sub(known), ..self }
    }
}
