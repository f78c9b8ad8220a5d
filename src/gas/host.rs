//! Prices of host functions: a base and a price per 64 bytes, for each class of the ABI's table.

use alloc::vec::Vec;

use dytallix_abi::GasClass;

/// A price that grows with the bytes that are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostPrice {
    /// Charged for every use.
    pub base: u32,
    /// Charged per started 64 bytes.
    pub per_64_bytes: u32,
}

impl HostPrice {
    /// The price of `bytes` bytes, without the base.
    #[must_use]
    pub const fn bytes(self, bytes: u64) -> u64 {
        (self.per_64_bytes as u64).saturating_mul(bytes.div_ceil(64))
    }

    /// The price of one use that moves `bytes` bytes.
    #[must_use]
    pub const fn total(self, bytes: u64) -> u64 {
        self.bytes(bytes).saturating_add(self.base as u64)
    }
}

/// The price of each class, as data next to the [schedule](super::GasSchedule) of operators.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostPrices {
    /// Facts about the running call.
    pub context: HostPrice,
    /// Bytes between the guest and a buffer of the host.
    pub copy: HostPrice,
    /// Reads of state.
    pub storage_read: HostPrice,
    /// Changes of state.
    pub storage_write: HostPrice,
    /// Events.
    pub event: HostPrice,
    /// Calls of other contracts: what the frame itself costs, beside what its code does.
    pub call: HostPrice,
    /// Deployment; the bytes are those of the module.
    pub deploy: HostPrice,
    /// A fresh instance, which each frame has; the bytes are those of the module. Memory and tables
    /// come on top, at the schedule's prices.
    pub load: HostPrice,
}

impl HostPrices {
    /// The draft: plausible figures that have not been calibrated.
    #[must_use]
    pub const fn draft() -> Self {
        const fn price(base: u32, per_64_bytes: u32) -> HostPrice {
            HostPrice { base, per_64_bytes }
        }
        HostPrices {
            context: price(30, 2),
            copy: price(30, 4),
            storage_read: price(300, 20),
            storage_write: price(500, 60),
            event: price(300, 60),
            call: price(3_000, 10),
            deploy: price(10_000, 2_000),
            load: price(1_000, 4),
        }
    }

    /// The price of a class.
    #[must_use]
    pub const fn of(&self, class: GasClass) -> HostPrice {
        match class {
            GasClass::Context => self.context,
            GasClass::Copy => self.copy,
            GasClass::StorageRead => self.storage_read,
            GasClass::StorageWrite => self.storage_write,
            GasClass::Event => self.event,
            GasClass::Call => self.call,
        }
    }

    /// Canonical encoding: for each class, by number, then for deployment and instances, base and
    /// price per 64 bytes as little-endian `u32`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let prices =
            GasClass::ALL.iter().map(|&class| self.of(class)).chain([self.deploy, self.load]);
        prices.flat_map(|p| [p.base, p.per_64_bytes]).flat_map(u32::to_le_bytes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_priced_by_started_blocks_and_saturate() {
        let price = HostPrice { base: 7, per_64_bytes: 3 };
        for (bytes, expected) in [(0, 7), (1, 10), (64, 10), (65, 13), (128, 13)] {
            assert_eq!(price.total(bytes), expected, "{bytes} bytes");
        }
        let dear = HostPrice { base: 1, per_64_bytes: u32::MAX };
        assert_eq!(dear.total(u64::MAX), u64::MAX);
    }

    #[test]
    fn every_class_has_its_own_price() {
        for (at, &class) in GasClass::ALL.iter().enumerate() {
            let mut prices = HostPrices::draft();
            let before = prices.encode();
            let place = match class {
                GasClass::Context => &mut prices.context,
                GasClass::Copy => &mut prices.copy,
                GasClass::StorageRead => &mut prices.storage_read,
                GasClass::StorageWrite => &mut prices.storage_write,
                GasClass::Event => &mut prices.event,
                GasClass::Call => &mut prices.call,
            };
            place.base += 1;
            let after = prices.encode();
            let differing: Vec<usize> =
                (0..after.len()).filter(|&i| before[i] != after[i]).collect();
            assert!(differing.iter().all(|&i| i / 8 == at), "{class:?} at {differing:?}");
            assert!(!differing.is_empty(), "{class:?}");
        }
    }

    #[test]
    fn no_host_function_is_free() {
        let prices = HostPrices::draft();
        for function in dytallix_abi::HostFn::ALL {
            assert!(prices.of(function.gas_class()).base > 0, "{}", function.name());
        }
    }
}
