//! Prices of host functions: a base and a price per 64 bytes, for each class of the ABI's table,
//! and what comes on top where state is touched for the first time.

use alloc::vec::Vec;

use dytallix_abi::GasClass;

/// A price that grows with the bytes that are moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostPrice {
    /// Charged for every use.
    pub base: u32,
    /// Charged per started 64 bytes.
    pub per_64_bytes: u32,
}

impl HostPrice {
    /// The price of that base and that much per 64 bytes.
    #[must_use]
    pub const fn new(base: u32, per_64_bytes: u32) -> HostPrice {
        HostPrice { base, per_64_bytes }
    }

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

/// The prices of host functions and calls, as data next to the [schedule](super::GasSchedule) of
/// operators.
///
/// What one use costs is the price of its class, plus what is named here where it applies. The
/// formulae stand in `docs/gas.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostPrices {
    /// By [`GasClass`], in order of number.
    pub classes: [HostPrice; GasClass::ALL.len()],
    /// A check of a signature, by kind, in order of [`Signature`]: the base is the check, the bytes
    /// are the message's.
    pub signatures: [HostPrice; Signature::COUNT],
    /// Deployment; the bytes are those of the module.
    pub deploy: HostPrice,
    /// A fresh instance, which each frame has; the bytes are those of the module. Memory and tables
    /// come on top, at the schedule's prices.
    pub load: HostPrice,
    /// What a key of storage costs on top when the transaction touches it for the first time; the
    /// bytes are those of the value that is loaded.
    pub cold_storage: HostPrice,
    /// What an account costs on top when the transaction touches it for the first time.
    pub cold_account: u32,
    /// What code costs on top when the transaction loads it for the first time: it may have to be
    /// read and translated, whatever is at hand. The bytes are those of the module.
    pub cold_code: HostPrice,
    /// What each segment of a frame's code costs on top of loading it.
    pub load_segment: u32,
    /// What each function of a frame's code costs on top of loading it.
    pub load_function: u32,
    /// What each global of a frame's code costs on top of loading it.
    pub load_global: u32,
    /// What each import of a frame's code costs on top of loading it.
    pub load_import: u32,
    /// What a frame costs on top of loading its code, by the bytes of its longest function: where
    /// gas ends or a trap comes, that function is translated once more.
    pub replay: HostPrice,
    /// State-write gas: the share of a changed key or account in the commitment and in the block's
    /// durable write. The base is paid once for each key or account and transaction, the bytes (key
    /// and value, or what becomes part of the receipt) by every write.
    pub state_write: HostPrice,
    /// What every transaction costs: its place in the block, the record of its signer and its
    /// receipt; the bytes are those of the whole transaction, its authentication included. The
    /// check of its signature comes on top.
    pub transaction: HostPrice,
}

/// A kind of signature that a host function checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Signature {
    /// Dilithium3, round 3.
    Dilithium3 = 0,
    /// ML-DSA-65.
    MlDsa65 = 1,
    /// ML-DSA-87.
    MlDsa87 = 2,
    /// ML-DSA-44.
    MlDsa44 = 3,
    /// SLH-DSA-SHA2-128s.
    SlhDsaSha2_128s = 4,
    /// Ed25519.
    Ed25519 = 5,
    /// Recovery of a secp256k1 key.
    Secp256k1 = 6,
}

impl Signature {
    /// How many kinds there are.
    pub const COUNT: usize = 7;

    /// Every kind, in order of number.
    pub const ALL: [Signature; Signature::COUNT] = [
        Signature::Dilithium3,
        Signature::MlDsa65,
        Signature::MlDsa87,
        Signature::MlDsa44,
        Signature::SlhDsaSha2_128s,
        Signature::Ed25519,
        Signature::Secp256k1,
    ];
}

impl HostPrices {
    /// Version 1: measured with `dytallix-benches -- calibrate` and rounded up. It never changes.
    #[must_use]
    pub const fn v1() -> Self {
        const fn price(base: u32, per_64_bytes: u32) -> HostPrice {
            HostPrice { base, per_64_bytes }
        }
        HostPrices {
            classes: [
                price(30, 2),     // Context
                price(30, 4),     // Copy
                price(200, 10),   // StorageRead
                price(250, 20),   // StorageWrite
                price(300, 230),  // Event
                price(1_500, 10), // Call
                price(120, 0),    // Account
                price(4_500, 20), // StorageScan
                price(300, 12),   // Transient
                price(6_000, 60), // Create
                price(300, 0),    // Transfer
                price(450, 220),  // Keccak
                price(150, 120),  // Sha256
                price(200, 100),  // Blake3
                price(100, 10),   // Verify
                price(300, 4),    // EndFrame
            ],
            signatures: [
                price(150_000, 230),   // Dilithium3
                price(240_000, 230),   // MlDsa65
                price(360_000, 230),   // MlDsa87
                price(160_000, 230),   // MlDsa44
                price(1_200_000, 120), // SlhDsaSha2_128s, for processors without SHA-256
                price(70_000, 240),    // Ed25519
                price(160_000, 0),     // Secp256k1
            ],
            deploy: price(10_000, 2_000),
            load: price(500, 2),
            cold_storage: price(4_000, 40),
            cold_account: 4_000,
            cold_code: price(0, 192),
            load_segment: 45,
            load_function: 6,
            load_global: 40,
            load_import: 40,
            replay: price(0, 256),
            state_write: price(30_000, 200),
            transaction: price(45_000, 200),
        }
    }

    /// The price of a class.
    #[must_use]
    pub const fn of(&self, class: GasClass) -> HostPrice {
        // Classes are numbered from 1 on without gaps: a test looks.
        self.classes[class as usize - 1]
    }

    /// The price of a class, to change it.
    #[must_use]
    pub const fn of_mut(&mut self, class: GasClass) -> &mut HostPrice {
        &mut self.classes[class as usize - 1]
    }

    /// The price of a check of a signature, on top of that of its class.
    #[must_use]
    pub const fn signature(&self, kind: Signature) -> HostPrice {
        self.signatures[kind as usize]
    }

    /// The price of having code of `bytes` bytes at hand, that of its instance apart.
    #[must_use]
    pub const fn load_of(&self, bytes: u64, is_warm: bool) -> u64 {
        let load = self.load.total(bytes);
        if is_warm { load } else { load.saturating_add(self.cold_code.total(bytes)) }
    }

    /// Canonical encoding: for each class by number, each kind of signature by number, deployment,
    /// instances, state writes, cold storage, cold code, replay, transactions: base and price per
    /// 64 bytes; then cold accounts, segments, functions, globals and imports. Each a little-endian
    /// `u32`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let HostPrices {
            classes,
            signatures,
            deploy,
            load,
            cold_storage,
            cold_account,
            cold_code,
            load_segment,
            load_function,
            load_global,
            load_import,
            replay,
            state_write,
            transaction,
        } = self;
        let others = [deploy, load, state_write, cold_storage, cold_code, replay, transaction];
        let prices = classes.iter().chain(signatures).chain(others);
        let numbers = prices.flat_map(|price| [price.base, price.per_64_bytes]);
        let single = [*cold_account, *load_segment, *load_function, *load_global, *load_import];
        numbers.chain(single).flat_map(u32::to_le_bytes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn bytes_are_priced_by_started_blocks_and_saturate() {
        let price = HostPrice::new(7, 3);
        for (bytes, expected) in [(0, 7), (1, 10), (64, 10), (65, 13), (128, 13)] {
            assert_eq!(price.total(bytes), expected, "{bytes} bytes");
        }
        let dear = HostPrice::new(1, u32::MAX);
        assert_eq!(dear.total(u64::MAX), u64::MAX);
    }

    #[test]
    fn classes_and_signatures_are_numbered_without_gaps() {
        for (at, &class) in GasClass::ALL.iter().enumerate() {
            assert_eq!(class as usize, at + 1, "{class:?}");
        }
        for (at, &kind) in Signature::ALL.iter().enumerate() {
            assert_eq!(kind as usize, at, "{kind:?}");
        }
    }

    #[test]
    fn every_price_is_in_the_encoding() {
        let v1 = HostPrices::v1();
        let mut seen = BTreeSet::from([v1.encode()]);
        let mut changed = Vec::new();
        for &class in GasClass::ALL {
            let mut prices = v1.clone();
            prices.of_mut(class).base += 1;
            changed.push(prices.clone());
            prices.of_mut(class).per_64_bytes += 1;
            changed.push(prices);
        }
        for at in 0..Signature::COUNT {
            let mut prices = v1.clone();
            prices.signatures[at].base += 1;
            changed.push(prices);
        }
        let changes: [fn(&mut HostPrices); 12] = [
            |p| p.deploy.base += 1,
            |p| p.load.base += 1,
            |p| p.state_write.base += 1,
            |p| p.cold_storage.base += 1,
            |p| p.load_segment += 1,
            |p| p.load_function += 1,
            |p| p.load_global += 1,
            |p| p.load_import += 1,
            |p| p.cold_code.base += 1,
            |p| p.replay.base += 1,
            |p| p.cold_account += 1,
            |p| p.transaction.per_64_bytes += 1,
        ];
        for change in changes {
            let mut prices = v1.clone();
            change(&mut prices);
            changed.push(prices);
        }
        let count = changed.len();
        seen.extend(changed.iter().map(HostPrices::encode));
        assert_eq!(seen.len(), count + 1);
    }

    #[test]
    fn no_host_function_is_free() {
        let prices = HostPrices::v1();
        for function in dytallix_abi::HostFn::ALL {
            assert!(prices.of(function.gas_class()).base > 0, "{}", function.name());
        }
    }
}
