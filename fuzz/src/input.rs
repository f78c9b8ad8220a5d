//! From a fuzzer's bytes to a module, the calls that are made of it, and the limits and prices
//! under which they are.
//!
//! ```text
//!   seed: 8 bytes | choices: 64 bytes | module: the rest, and then what `seed` expands to
//! ```
//!
//! The expansion makes every module long, however short the input; a mutation of the bytes that are
//! there stays local.

use std::sync::{Arc, LazyLock};

use arbitrary::Unstructured;
use dytallix::Limits;
use dytallix::gas::{GasClass, GasSchedule};
use dytallix::wasm::{ErrorClass, ExternIndex, Features, HeapType, Module, ValType};
use dytallix_spec_tests::corpus::encode;
use dytallix_spec_tests::{Ref, Value};
use wasm_smith::{InstructionKind, InstructionKinds};

use crate::canonical::canonicalise_nans;
use crate::{program, stats};

/// An input, decoded.
pub(crate) struct Input {
    pub(crate) wasm: Vec<u8>,
    pub(crate) module: Arc<Module>,
    pub(crate) limits: Limits,
    pub(crate) schedule: GasSchedule,
    /// What every call may use where nothing else is said.
    pub(crate) budget: u64,
    pub(crate) calls: Vec<Call>,
    /// For what is chosen once the outcome of the calls is known.
    pub(crate) dice: Bytes,
}

/// A call of an export.
pub(crate) struct Call {
    pub(crate) export: String,
    pub(crate) args: Vec<Value>,
}

/// What differs between the targets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Small stacks, odd schedules, calls that end soon.
    Gas,
    /// The stack of the bare machine, schedule V1, calls that go on for a while.
    Execute,
}

const CHOICES: usize = 64;
/// Pages and elements that memories and tables may reach.
const MEMORY_PAGES: u32 = 6;
const TABLE_ELEMENTS: u32 = 64;

impl Input {
    /// `None` where the bytes do not suffice for a module.
    pub(crate) fn new(data: &[u8], purpose: Purpose) -> Option<Input> {
        let (seed, rest) = data.split_first_chunk::<8>()?;
        let mut dice = Bytes(u64::from_le_bytes(*seed));
        let (choices, rest) = rest.split_at(rest.len().min(CHOICES));
        let choices = dice.extend(choices, 4 * CHOICES);
        let mut choices = Unstructured::new(&choices);
        let length = rest.len() + choices.int_in_range(0..=12_000usize).ok()?;
        let body = dice.extend(rest, length);
        let wasm = match choices.ratio(1, 2).ok()? {
            true => generate(&mut choices, &body).ok()?,
            false => {
                let text = program::write(&mut Unstructured::new(&body)).ok()?;
                encode(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
            }
        };
        let limits = limits(&mut choices, purpose).ok()?;
        let module = decode(&wasm, &limits)?;
        let (wasm, module) = match purpose {
            Purpose::Gas => (wasm, module),
            Purpose::Execute => {
                let wasm = canonicalise_nans(&module);
                let module = decode(&wasm, &limits)?;
                (wasm, module)
            }
        };
        stats::VALID.add(1);
        let operators = 0..module.functions().len() as u32;
        stats::LONG.note(operators.map(|f| module.operators(f).count()).sum::<usize>() > 1_000);
        let schedule = schedule(&mut choices, purpose).ok()?;
        let budget = match purpose {
            Purpose::Gas => [300, 2_000, 20_000, 60_000],
            Purpose::Execute => [20_000, 100_000, 400_000, 1_000_000],
        };
        let budget = *choices.choose(&budget).ok()?;
        let calls = calls(&mut choices, &mut dice, &module).ok()?;
        Some(Input { wasm, module, limits, schedule, budget, calls, dice })
    }

    /// Panics with the module if `holds` does not.
    pub(crate) fn check(&self, holds: bool, what: impl FnOnce() -> String) {
        if holds {
            return;
        }
        if let Some(path) = std::env::var_os("DYTALLIX_FUZZ_MODULE") {
            std::fs::write(path, &self.wasm).expect("the named file can be written");
        }
        panic!("{} (stack of {} slots, {:?})", what(), self.limits.stack_slots, self.schedule);
    }
}

/// `None` where the module is beyond the limits.
///
/// # Panics
///
/// Where it is refused for another reason: the generator only makes valid modules.
fn decode(wasm: &[u8], limits: &Limits) -> Option<Arc<Module>> {
    match Module::decode(wasm, &Features::ALL, limits) {
        Ok(module) => Some(Arc::new(module)),
        Err(error) if error.class() == ErrorClass::Limit => None,
        Err(error) => panic!("a valid module is refused: {error}: {wasm:02x?}"),
    }
}

/// A generator of bytes: it gives the same everywhere, and need not be more than mixed.
#[derive(Clone)]
pub(crate) struct Bytes(u64);

impl Bytes {
    /// The generator that `seed` stands for.
    pub(crate) fn new(seed: u64) -> Bytes {
        Bytes(seed)
    }

    /// The next bytes.
    pub(crate) fn take(&mut self, length: usize) -> Vec<u8> {
        self.extend(&[], length)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    /// `data`, and then whatever comes up to `length`.
    pub(crate) fn extend(&mut self, data: &[u8], length: usize) -> Vec<u8> {
        let mut bytes = data.to_vec();
        while bytes.len() < length {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}

type Choices<'a> = Unstructured<'a>;

fn generate(choices: &mut Choices<'_>, body: &[u8]) -> arbitrary::Result<Vec<u8>> {
    let mut config = wasm_smith::Config::default();
    config.available_imports = choices.ratio(1, 3)?.then(|| HOST_MODULE.clone());
    config.max_imports = if config.available_imports.is_some() { 8 } else { 0 };
    config.min_types = 4;
    config.min_funcs = choices.int_in_range(1..=6)?;
    config.max_funcs = config.min_funcs + config.max_imports + 6;
    config.max_instructions = *choices.choose(&[40, 200, 1_000, 3_000])?;
    config.min_memories = u32::from(choices.ratio(7, 8)?);
    config.max_memory32_bytes = u64::from(choices.int_in_range(0..=MEMORY_PAGES)?) << 16;
    config.memory_offset_choices = wasm_smith::MemoryOffsetChoices(30, 1, 1);
    config.min_globals = choices.int_in_range(0..=4)?;
    config.max_globals = 12;
    config.max_table_elements = u64::from(TABLE_ELEMENTS);
    config.max_tables = choices.int_in_range(0..=3)?;
    config.min_element_segments = choices.int_in_range(0..=2)?;
    config.max_element_segments = 5;
    config.max_elements = 40;
    config.max_data_segments = 5;
    config.max_type_size = 400;
    config.max_types = 16;
    config.max_exports = 40;
    config.export_everything = true;
    config.allow_start_export = choices.ratio(1, 4)?;
    config.disallow_traps = choices.ratio(1, 2)?;
    config.allow_floats = choices.ratio(3, 4)?;
    config.tail_call_enabled = choices.ratio(1, 2)?;
    if choices.ratio(1, 3)? {
        config.allowed_instructions = InstructionKinds::new(&[
            InstructionKind::Numeric,
            InstructionKind::Parametric,
            InstructionKind::Variable,
            InstructionKind::Control,
        ]);
    }
    config.gc_enabled = false;
    config.exceptions_enabled = false;
    config.simd_enabled = false;
    config.relaxed_simd_enabled = false;
    config.threads_enabled = false;
    config.memory64_enabled = false;
    config.wide_arithmetic_enabled = false;
    config.compact_imports_enabled = false;
    Ok(wasm_smith::Module::new(config, &mut Unstructured::new(body))?.to_bytes())
}

fn limits(choices: &mut Choices<'_>, purpose: Purpose) -> arbitrary::Result<Limits> {
    let mut limits = Limits::default();
    limits.memory_pages = MEMORY_PAGES;
    limits.table_elements = TABLE_ELEMENTS;
    limits.stack_slots = match purpose {
        Purpose::Gas => *choices.choose(&[100, 1_000, 4_000])?,
        Purpose::Execute => 16_000,
    };
    Ok(limits)
}

fn schedule(choices: &mut Choices<'_>, purpose: Purpose) -> arbitrary::Result<GasSchedule> {
    let mut schedule = GasSchedule::v1();
    if purpose == Purpose::Execute {
        return Ok(schedule);
    }
    schedule.grow_page = 40;
    schedule.grow_page_dear = 160;
    match choices.int_in_range(0..=4)? {
        // As drafted.
        0 => {}
        // Neighbours have different prices, and nothing is free.
        1 => {
            for (class, price) in schedule.classes.iter_mut().enumerate() {
                *price = 1 + class as u32 % 5;
            }
            schedule.local = 3;
        }
        // Any small prices.
        2 | 3 => {
            for price in &mut schedule.classes {
                *price = choices.int_in_range(0..=7)?;
            }
            schedule.local = choices.int_in_range(0..=9)?;
            // A loop of free operators would never end.
            schedule.classes[GasClass::Branch as usize] += 1;
            schedule.classes[GasClass::BranchTable as usize] += 1;
            schedule.classes[GasClass::Call as usize] += 1;
            schedule.classes[GasClass::CallIndirect as usize] += 1;
        }
        // One class so dear that a few of them cut a region.
        _ => {
            let class = choices.int_in_range(0..=GasClass::COUNT - 1)?;
            schedule.classes[class] = *choices.choose(&[1 << 30, (1 << 31) - 1, u32::MAX])?;
        }
    }
    Ok(schedule)
}

fn calls(
    choices: &mut Choices<'_>,
    dice: &mut Bytes,
    module: &Module,
) -> arbitrary::Result<Vec<Call>> {
    let functions: Vec<_> = module
        .exports()
        .iter()
        .filter_map(|export| match export.index {
            ExternIndex::Function(index) if index >= module.imported_function_count() => {
                Some((export.name.to_string(), index))
            }
            _ => None,
        })
        .collect();
    let count = choices.int_in_range(1..=5u32)?;
    let mut calls = Vec::new();
    for _ in 0..count {
        let Ok((export, index)) = choices.choose(&functions) else { break };
        let params = module.type_of(*index).params();
        let args = params.iter().map(|ty| argument(choices, dice, *ty));
        let args = args.collect::<arbitrary::Result<_>>()?;
        calls.push(Call { export: export.clone(), args });
    }
    Ok(calls)
}

/// A value of a type: often a special one.
fn argument(choices: &mut Choices<'_>, dice: &mut Bytes, ty: ValType) -> arbitrary::Result<Value> {
    let bits = match choices.arbitrary::<u8>()? % 6 {
        0 => dice.below(16),
        1 => u64::MAX - dice.below(4),
        // Infinities and NaNs of both widths, then the least and the greatest integers.
        2 => 0x7ff0_0000_7f80_0000 | dice.below(2) << 63 | dice.below(2) << 31 | dice.below(2),
        3 => 0x8000_0000_8000_0000u64.wrapping_sub(dice.below(3)),
        4 => choices.arbitrary::<u16>()?.into(),
        _ => dice.next(),
    };
    Ok(match ty {
        ValType::I32 => Value::I32(bits as u32),
        ValType::I64 => Value::I64(bits),
        ValType::F32 => Value::F32(bits as u32),
        ValType::F64 => Value::F64(bits),
        ValType::Ref(r) if r.heap == HeapType::Extern && bits % 2 == 0 => {
            Value::Ref(Ref::Extern(bits as u32 & 0xff))
        }
        ValType::Ref(_) => Value::Ref(Ref::Null),
        ValType::V128 => unreachable!("vectors are not generated"),
    })
}

/// A module with everything that a module may import.
static HOST_MODULE: LazyLock<Vec<u8>> =
    LazyLock::new(|| encode(include_str!("host.wat")).expect("our own text"));

/// Functions of the host: name, parameters, results. Their number is their position.
const HOST: &[(&str, &[ValType], &[ValType])] = &[
    ("none", &[], &[]),
    ("mix", &[ValType::I32, ValType::I64], &[ValType::I64]),
    ("two", &[ValType::F32], &[ValType::F64, ValType::I32]),
    ("stop", &[ValType::I32], &[]),
];

/// Number of a function of the host.
pub(crate) fn host_function(name: &str) -> Option<u32> {
    HOST.iter().position(|(offered, ..)| *offered == name).map(|n| n as u32)
}

/// Parameters and results of a function of the host.
pub(crate) fn host_signature(number: u32) -> (&'static [ValType], &'static [ValType]) {
    let (_, params, results) = HOST[number as usize];
    (params, results)
}

/// Runs a function of the host: its results, or the code of its trap.
pub(crate) fn host_call(number: u32, args: &[Value]) -> Result<Vec<Value>, u32> {
    match (number, args) {
        (0, []) => Ok(Vec::new()),
        (1, [Value::I32(a), Value::I64(b)]) => {
            Ok(vec![Value::I64(u64::from(*a).wrapping_mul(0x9e37_79b9).rotate_left(7) ^ b)])
        }
        (2, [Value::F32(a)]) => Ok(vec![Value::F64(u64::from(*a) << 29), Value::I32(!a)]),
        (3, [Value::I32(a)]) if a % 8 == 7 => Err(*a),
        (3, [Value::I32(_)]) => Ok(Vec::new()),
        _ => unreachable!("validation checked the arguments of {number}: {args:?}"),
    }
}

/// Value of a global of the host.
pub(crate) fn host_global(name: &str) -> Value {
    match name {
        "fixed" => Value::I32(7),
        "counter" => Value::I64(1 << 40),
        "ratio" => Value::F64(1.5f64.to_bits()),
        _ => unreachable!("no global {name} is offered"),
    }
}
