//! The validator against `wasmparser`: for any bytes and each feature set, both accept or both
//! refuse.
//!
//! The body of the fuzz target `validate`, and of the tests that run it over the suite's modules
//! and over generated ones.

use arbitrary::Unstructured;
use dytallix::Limits;
use dytallix::wasm::{
    CodeSink, ErrorClass, Features, Module, Operator, ValType, WasmError, WasmErrorKind,
};
use wasmparser::{Validator, WasmFeatures};

/// The feature sets that are compared.
pub const FEATURE_SETS: [(&str, Features); 8] = [
    ("none", Features::NONE),
    ("1.0", Features::WASM1),
    ("2.0", Features::WASM2),
    ("all", Features::ALL),
    ("all without floats", Features::ALL.without(Features::FLOATS)),
    ("1.0 and bulk memory", Features::WASM1.with(Features::BULK_MEMORY)),
    ("1.0 and reference types", Features::WASM1.with(Features::REFERENCE_TYPES)),
    ("1.0, multi-value, tail calls", {
        Features::WASM1.with(Features::MULTI_VALUE).with(Features::TAIL_CALL)
    }),
];

/// What became of one input.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Number of feature sets under which the module was accepted.
    pub accepted: u32,
    /// Number of operators in bodies that were validated, under the widest set.
    pub operators: u64,
}

/// Validates `module` under each feature set with both validators.
///
/// # Panics
///
/// If they disagree on any of them.
pub fn accepts_like_wasmparser(module: &[u8]) -> Outcome {
    let mut outcome = Outcome::default();
    for (name, features) in FEATURE_SETS.into_iter().chain([("its own set", own_features(module))])
    {
        let mut counter = Counter(0);
        let ours = Module::decode_with(module, &features, &Limits::default(), &mut counter);
        outcome.operators = outcome.operators.max(counter.0);
        outcome.accepted += u32::from(ours.is_ok());
        let theirs =
            Validator::new_with_features(peer_features(features)).validate_all(module).map(drop);
        match (&ours, &theirs) {
            (Ok(module), Ok(())) => check_read_again(module, counter.0),
            (Err(_), Err(_)) => {}
            // Limits of two implementations differ: they are no verdict on the module.
            (Err(ours), Ok(())) if ours.class() == ErrorClass::Limit => {}
            (Ok(_), Err(theirs)) if is_peer_limit(theirs.message()) => {}
            // We refuse every float operator; it lets those in dead code pass that give an integer.
            (Err(ours), Ok(())) if lacks_only_floats(ours) => {}
            _ => {
                let ours = ours.map(drop);
                panic!("under {name}: we say {ours:?}, wasmparser says {theirs:?}: {module:02x?}")
            }
        }
    }
    outcome
}

/// A set of features that the bytes choose, so that in the end every set is compared.
fn own_features(module: &[u8]) -> Features {
    let sum = module.iter().fold(0xA5A5_u32, |sum, byte| sum.rotate_left(5) ^ u32::from(*byte));
    let chosen = Features::NAMES.iter().enumerate().filter(|(i, _)| sum >> (i * 3) & 1 == 1);
    chosen.fold(Features::NONE, |set, (_, (_, feature))| set.with(*feature))
}

fn lacks_only_floats(error: &WasmError) -> bool {
    *error.kind() == WasmErrorKind::Unsupported(Features::FLOATS)
}

/// Counts operators.
struct Counter(u64);

impl CodeSink for Counter {
    fn begin(&mut self, _: &Module, _: u32, _: &[(u32, ValType)]) -> Result<(), WasmError> {
        Ok(())
    }

    fn operator(&mut self, _: &Module, _: &Operator<'_>, _: u32) -> Result<(), WasmError> {
        self.0 += 1;
        Ok(())
    }

    fn finish(&mut self, _: &Module) -> Result<(), WasmError> {
        Ok(())
    }
}

/// A validated module gives the same operators when it is read again, and only features that were
/// admitted.
fn check_read_again(module: &Module, operators: u64) {
    let functions = 0..module.functions().len() as u32;
    let again: usize = functions.map(|function| module.operators(function).count()).sum();
    assert_eq!(again as u64, operators, "operators read again");
    assert!(module.features().contains(module.features_used()), "features used");
    let used = module.features_used();
    let again = Module::decode(module.bytes(), &used, &Limits::default());
    assert!(again.is_ok(), "a module needs no more than the features it uses: {again:?}");
}

/// Our feature set in `wasmparser`'s terms.
fn peer_features(features: Features) -> WasmFeatures {
    let pairs = [
        (Features::MUTABLE_GLOBALS, WasmFeatures::MUTABLE_GLOBAL),
        (Features::SIGN_EXTENSION, WasmFeatures::SIGN_EXTENSION),
        (Features::SATURATING_FLOAT_TO_INT, WasmFeatures::SATURATING_FLOAT_TO_INT),
        (Features::MULTI_VALUE, WasmFeatures::MULTI_VALUE),
        (Features::BULK_MEMORY, WasmFeatures::BULK_MEMORY),
        (Features::REFERENCE_TYPES, WasmFeatures::REFERENCE_TYPES),
        (Features::EXTENDED_CONST, WasmFeatures::EXTENDED_CONST),
        (Features::TAIL_CALL, WasmFeatures::TAIL_CALL),
        (Features::FLOATS, WasmFeatures::FLOATS),
    ];
    // Not a feature of WebAssembly: without it, `wasmparser` refuses every reference type.
    let base = WasmFeatures::GC_TYPES;
    pairs
        .into_iter()
        .filter(|(ours, _)| features.contains(*ours))
        .fold(base, |set, (_, theirs)| set.union(theirs))
}

/// Whether `wasmparser` refused a module for one of its own limits.
fn is_peer_limit(message: &str) -> bool {
    ["too many locals", "count exceeds limit", "size is out of bounds", "is out of bounds"]
        .iter()
        .any(|part| message.contains(part))
}

/// A module from a fuzzer's bytes: generated from them, then changed in a few bytes, or not at all.
///
/// `None` if the bytes do not suffice.
pub fn module_from(data: &[u8]) -> Option<Vec<u8>> {
    let mut source = Unstructured::new(data);
    let changes = source.int_in_range(0..=6u32).ok()?.saturating_sub(2);
    let config = generator_config(&mut source).ok()?;
    let changes: Vec<(u32, u8)> =
        (0..changes).map(|_| source.arbitrary()).collect::<Result<_, _>>().ok()?;
    let mut bytes = wasm_smith::Module::new(config, &mut source).ok()?.to_bytes();
    for (at, value) in changes {
        let at = at as usize % bytes.len();
        match value {
            // Most changes replace a byte or a bit; some cut the module short or move what follows.
            0 => bytes.truncate(at),
            1 => bytes.insert(at, value),
            2 => drop(bytes.remove(at)),
            3..=100 => bytes[at] ^= 1 << (value % 8),
            _ => bytes[at] = value,
        }
        if bytes.is_empty() {
            return None;
        }
    }
    Some(bytes)
}

fn generator_config(source: &mut Unstructured<'_>) -> arbitrary::Result<wasm_smith::Config> {
    let mut config = wasm_smith::Config {
        // What this version does not implement is refused by both, and soon.
        simd_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        memory64_enabled: false,
        gc_enabled: false,
        exceptions_enabled: false,
        wide_arithmetic_enabled: false,
        compact_imports_enabled: false,
        max_memories: 1,
        max_tables: 4,
        max_instructions: 2_000,
        min_funcs: 8,
        min_types: 4,
        ..wasm_smith::Config::default()
    };
    config.allow_floats = source.ratio(7, 8)?;
    config.bulk_memory_enabled = source.ratio(3, 4)?;
    config.reference_types_enabled = source.ratio(3, 4)?;
    config.multi_value_enabled = source.ratio(3, 4)?;
    config.tail_call_enabled = source.ratio(1, 2)?;
    config.extended_const_enabled = source.ratio(1, 2)?;
    config.saturating_float_to_int_enabled = source.ratio(3, 4)?;
    config.sign_extension_ops_enabled = source.ratio(3, 4)?;
    config.allow_invalid_funcs = source.ratio(1, 8)?;
    config.generate_custom_sections = source.ratio(1, 8)?;
    config.min_uleb_size = source.int_in_range(1..=5)?;
    if !config.reference_types_enabled {
        config.max_tables = 1;
    }
    Ok(config)
}
