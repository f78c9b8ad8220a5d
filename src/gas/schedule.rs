//! The gas schedule: a price per operator class, and the parameters of the dynamic prices.

use alloc::vec::Vec;

use sha3::{Digest, Sha3_256};

macro_rules! gas_classes {
    ($($(#[doc = $doc:literal])+ $number:literal $name:ident = $v1:literal;)*) => {
        /// What an operator costs is decided by its class. Numbers are never reused: they are part
        /// of a schedule's id.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum GasClass {
            $($(#[doc = $doc])+ $name = $number,)*
        }

        impl GasClass {
            /// Every class, in the order of their numbers.
            pub const ALL: &'static [GasClass] = &[$(GasClass::$name),*];

            /// Name of the class.
            pub const fn name(self) -> &'static str {
                match self {
                    $(GasClass::$name => stringify!($name),)*
                }
            }
        }

        /// Prices of schedule V1, by class number.
        const V1: [u32; GasClass::COUNT] = [$($v1),*];
    };
}

gas_classes! {
    /// Operators that only shape the code: `block`, `loop`, `else`, `end`, `nop`, `drop`.
    0 Free = 0;
    /// Constants.
    1 Const = 1;
    /// `local.get`.
    2 LocalGet = 1;
    /// `local.set` and `local.tee`.
    3 LocalSet = 1;
    /// `global.get` and `global.set`.
    4 Global = 2;
    /// Integer add, sub, and, or, xor, extension and wrapping.
    5 IntSimple = 1;
    /// Integer shifts and rotations.
    6 IntShift = 1;
    /// Leading zeros, trailing zeros, population count.
    7 IntCount = 3;
    /// Integer multiplication.
    8 IntMul = 2;
    /// Integer division and remainder.
    9 IntDiv = 6;
    /// Integer comparisons.
    10 Compare = 1;
    /// Float comparisons.
    11 FloatCompare = 2;
    /// Float abs, neg, copysign.
    12 FloatSign = 1;
    /// Float addition and subtraction.
    13 FloatAdd = 2;
    /// Float multiplication.
    14 FloatMul = 12;
    /// Float division.
    15 FloatDiv = 15;
    /// Float square root.
    16 FloatSqrt = 15;
    /// Float min and max.
    17 FloatMinMax = 3;
    /// Rounding to an integral float.
    18 FloatRound = 6;
    /// Float to integer, trapping or saturating.
    19 FloatToInt = 4;
    /// Integer to float.
    20 IntToFloat = 4;
    /// Between the float types.
    21 FloatToFloat = 4;
    /// Reinterpretation of bits.
    22 Reinterpret = 1;
    /// `select`, typed or not.
    23 Select = 2;
    /// Loads from a linear memory.
    24 Load = 2;
    /// Stores to a linear memory.
    25 Store = 2;
    /// `br`, `br_if`, `if`.
    26 Branch = 3;
    /// `br_table`.
    27 BranchTable = 6;
    /// Direct calls, tail calls included.
    28 Call = 14;
    /// Calls through a table, tail calls included.
    29 CallIndirect = 20;
    /// `return`.
    30 Return = 1;
    /// `unreachable`.
    31 Unreachable = 1;
    /// `ref.null`, `ref.is_null`, `ref.func`.
    32 Ref = 3;
    /// `table.get` and `table.set`.
    33 TableAccess = 10;
    /// `table.size`.
    34 TableSize = 2;
    /// Base price of `table.grow`.
    35 TableGrow = 50;
    /// Base price of `table.copy`, `table.fill`, `table.init`.
    36 BulkTable = 60;
    /// `memory.size`.
    37 MemorySize = 2;
    /// Base price of `memory.grow`.
    38 MemoryGrow = 100;
    /// Base price of `memory.copy`, `memory.fill`, `memory.init`.
    39 BulkMemory = 20;
    /// `data.drop` and `elem.drop`.
    40 SegmentDrop = 5;
}

impl GasClass {
    /// Number of classes.
    pub const COUNT: usize = 41;
}

/// Prices, as data. One gas is meant to be about one nanosecond on the reference machine.
///
/// A released schedule never changes; a change is a new version. What an operator costs in all is
/// the price of its class plus, for the operators that say so, one of the dynamic prices
/// ([`bulk_price`](Self::bulk_price) and its kin).
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct GasSchedule {
    /// Version of the schedule; 0 is a schedule of a chain's own.
    pub version: u32,
    /// Price of each class, indexed by the class's number.
    pub classes: [u32; GasClass::COUNT],
    /// Price per declared local of a function (parameters are not declared locals), paid when it is
    /// entered.
    pub local: u32,
    /// Price per page that `memory.grow` adds, up to half of the limit.
    pub grow_page: u32,
    /// Price per page that `memory.grow` adds beyond half of the limit.
    pub grow_page_dear: u32,
    /// Price per started 64 bytes of `memory.copy`, `memory.fill`, `memory.init`.
    pub bulk_per_64_bytes: u32,
    /// Price per started 8 elements of `table.copy`, `table.fill`, `table.init`, `table.grow`.
    pub table_per_8_elements: u32,
}

impl GasSchedule {
    /// The greatest price of a declared local that register code can hold.
    pub const MAX_LOCAL: u32 = 1 << 16;

    /// Version 1: calibrated with `dytallix-benches -- calibrate`, see `docs/performance.md`. It
    /// never changes.
    pub fn v1() -> GasSchedule {
        GasSchedule {
            version: 1,
            classes: V1,
            local: 1,
            grow_page: 4_000,
            grow_page_dear: 16_000,
            bulk_per_64_bytes: 3,
            table_per_8_elements: 4,
        }
    }

    /// Price of a class.
    #[inline]
    pub const fn price(&self, class: GasClass) -> u32 {
        self.classes[class as usize]
    }

    /// Price of entering a function with this many declared locals.
    pub const fn locals_price(&self, declared_locals: u32) -> u64 {
        self.local as u64 * declared_locals as u64
    }

    /// Price of the bytes that a bulk memory operator touches, above the base price of its class.
    pub const fn bulk_price(&self, bytes: u64) -> u64 {
        (self.bulk_per_64_bytes as u64).saturating_mul(bytes.div_ceil(64))
    }

    /// Price of the elements that a bulk table operator or `table.grow` touches, above the base
    /// price of its class.
    pub const fn table_price(&self, elements: u64) -> u64 {
        (self.table_per_8_elements as u64).saturating_mul(elements.div_ceil(8))
    }

    /// Price of the pages that a successful `memory.grow` adds, above the base price of its class:
    /// `delta` pages on top of `pages`, each dearer beyond half of `limit`.
    pub const fn grow_price(&self, pages: u64, delta: u64, limit: u64) -> u64 {
        let half = limit / 2;
        let room = half.saturating_sub(pages);
        let cheap = if delta < room { delta } else { room };
        let dear = delta - cheap;
        (self.grow_page as u64)
            .saturating_mul(cheap)
            .saturating_add((self.grow_page_dear as u64).saturating_mul(dear))
    }

    /// Canonical encoding: version, number of classes, then every price, each as a little-endian
    /// `u32`.
    pub fn encode(&self) -> Vec<u8> {
        let GasSchedule {
            version,
            classes,
            local,
            grow_page,
            grow_page_dear,
            bulk_per_64_bytes,
            table_per_8_elements,
        } = self;
        let dynamic = [local, grow_page, grow_page_dear, bulk_per_64_bytes, table_per_8_elements];
        [version, &(GasClass::COUNT as u32)]
            .into_iter()
            .chain(classes)
            .chain(dynamic)
            .flat_map(|price| price.to_le_bytes())
            .collect()
    }

    /// SHA3-256 over a domain tag and the canonical encoding: two schedules with the same id charge
    /// the same.
    pub fn content_id(&self) -> [u8; 32] {
        let mut hash = Sha3_256::new();
        hash.update(b"dytallix/gas-schedule/1\0");
        hash.update(self.encode());
        hash.finalize().into()
    }
}
