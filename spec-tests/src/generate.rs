//! Modules and arguments out of a seed: valid, terminating, the same on every machine.

use arbitrary::Unstructured;
use dytallix::wasm::{HeapType, ValType};
use wasm_smith::Config;

use crate::{Ref, Value};

/// How often a loop may begin anew and a function be entered before a generated module stops
/// itself.
const TERMINATION_FUEL: u32 = 300;

/// A generator of bytes: what it gives must be the same everywhere, and need not be more than
/// mixed.
pub struct Bytes(u64);

impl Bytes {
    /// The generator of this seed.
    pub fn new(seed: u64) -> Self {
        Bytes(seed)
    }

    /// 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = self.0 ^ (self.0 >> 33);
        mixed.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (mixed >> 29)
    }

    /// That many bytes.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.number() as u8).collect()
    }

    /// A value of a type: small, next to the greatest, NaN-like or any.
    pub fn value(&mut self, ty: ValType) -> Value {
        let bits = match self.number() % 4 {
            0 => self.number() % 16,
            1 => u64::MAX - self.number() % 4,
            2 => 0x7ff0_0000_0000_0000 | self.number() >> 13 | 0x7f80_0000,
            _ => self.number(),
        };
        match ty {
            ValType::I32 => Value::I32(bits as u32),
            ValType::I64 => Value::I64(bits),
            ValType::F32 => Value::F32(bits as u32),
            ValType::F64 => Value::F64(bits),
            ValType::Ref(r) if r.heap == HeapType::Extern && bits % 2 == 0 => {
                Value::Ref(Ref::Extern(bits as u32))
            }
            ValType::Ref(_) => Value::Ref(Ref::Null),
            ValType::V128 => unreachable!("vectors are not generated"),
        }
    }
}

/// The module of a seed, if its bytes make one. It imports nothing and exports everything.
pub fn module(seed: u64) -> Option<Vec<u8>> {
    let bytes = Bytes::new(seed).take(6_000);
    let config = Config {
        min_funcs: 2,
        max_funcs: 8,
        max_instructions: 400,
        min_memories: 1,
        max_imports: 0,
        max_memory32_bytes: 4 << 16,
        memory_max_size_required: true,
        max_table_elements: 40,
        table_max_size_required: true,
        max_tables: 3,
        max_type_size: 40,
        export_everything: true,
        gc_enabled: false,
        exceptions_enabled: false,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        memory64_enabled: false,
        wide_arithmetic_enabled: false,
        compact_imports_enabled: false,
        ..Config::default()
    };
    let mut module = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes)).ok()?;
    module.ensure_termination(TERMINATION_FUEL).ok()?;
    Some(module.to_bytes())
}
