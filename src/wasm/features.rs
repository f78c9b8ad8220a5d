//! Which proposals a module may use.

use core::fmt;

use super::error::{WasmError, WasmErrorKind};

/// A set of WebAssembly features, as data: what a chain admits is part of its protocol.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Features(u64);

macro_rules! features {
    ($($bit:literal $name:ident $text:literal $doc:literal;)*) => {
        impl Features {
            $(#[doc = $doc] pub const $name: Features = Features(1 << $bit);)*

            /// Name of each single feature, in bit order.
            pub const NAMES: &'static [(&'static str, Features)] = &[$(($text, Features::$name)),*];
        }
    };
}

features! {
    0 MUTABLE_GLOBALS "mutable-globals" "Import and export of mutable globals.";
    1 SIGN_EXTENSION "sign-extension" "`i32.extend8_s` and its kin.";
    2 SATURATING_FLOAT_TO_INT "saturating-float-to-int" "`i32.trunc_sat_f32_s` and its kin.";
    3 MULTI_VALUE "multi-value" "Several results, block parameters.";
    4 BULK_MEMORY "bulk-memory" "`memory.copy`, `memory.fill`, passive segments, data count section.";
    5 REFERENCE_TYPES "reference-types" "`externref`, several tables, `table.get` and its kin.";
    6 EXTENDED_CONST "extended-const" "Integer add, sub and mul in constant expressions.";
    7 TAIL_CALL "tail-call" "`return_call` and `return_call_indirect`.";
    8 FLOATS "floats" "Float types and operators; a chain may refuse them.";
}

impl Features {
    /// No feature at all.
    pub const NONE: Features = Features(0);
    /// WebAssembly 1.0 (with the mutable globals that its final text includes).
    pub const WASM1: Features = Features::FLOATS.with(Features::MUTABLE_GLOBALS);
    /// WebAssembly 2.0 without SIMD.
    pub const WASM2: Features = Features::WASM1
        .with(Features::SIGN_EXTENSION)
        .with(Features::SATURATING_FLOAT_TO_INT)
        .with(Features::MULTI_VALUE)
        .with(Features::BULK_MEMORY)
        .with(Features::REFERENCE_TYPES);
    /// Everything that this version implements.
    pub const ALL: Features =
        Features::WASM2.with(Features::EXTENDED_CONST).with(Features::TAIL_CALL);

    /// Union of two sets.
    #[must_use]
    pub const fn with(self, other: Features) -> Features {
        Features(self.0 | other.0)
    }

    /// This set less another.
    #[must_use]
    pub const fn without(self, other: Features) -> Features {
        Features(self.0 & !other.0)
    }

    /// Whether every feature of `other` is in this set.
    pub const fn contains(self, other: Features) -> bool {
        self.0 & other.0 == other.0
    }

    /// The set as bits, stable across versions: for content ids.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The set with these bits; none where a bit has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Option<Features> {
        if bits & !Features::ALL.0 == 0 { Some(Features(bits)) } else { None }
    }
}

impl Features {
    /// An error that names what `needed` has and this set lacks.
    #[inline]
    pub(super) fn require(self, needed: Features, offset: u32) -> Result<(), WasmError> {
        match self.contains(needed) {
            true => Ok(()),
            false => Err(WasmError::new(WasmErrorKind::Unsupported(needed.without(self)), offset)),
        }
    }
}

/// The names of the features, separated by commas.
impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Features::NAMES.iter().filter(|(_, feature)| self.contains(*feature));
        for (i, (name, _)) in names.enumerate() {
            write!(f, "{}{name}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl Default for Features {
    fn default() -> Self {
        Features::ALL
    }
}
