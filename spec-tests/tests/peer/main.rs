//! The stepper against a peer engine: results, traps, globals and memories of the corpus and of
//! generated modules.
//!
//! The stepper says what is right; that it is not alone with its opinion is shown here.

mod wasmi;

use arbitrary::Unstructured;
use dytallix::gas::GasSchedule;
use dytallix::wasm::{ExternIndex, Features, Module, ValType};
use dytallix_spec_tests::backend::{
    Backend, InstanceId, InstantiateError, Lockstep, StepperBackend,
};
use dytallix_spec_tests::corpus::{limits, programs};
use dytallix_spec_tests::stepper::Trap;
use dytallix_spec_tests::{Ref, Value};

use self::wasmi::WasmiBackend;

const PLENTY: u64 = 1 << 40;

/// Both engines with one instance of the same module each.
struct Pair {
    stepper: StepperBackend,
    peer: WasmiBackend,
    module: Module,
}

const FIRST: InstanceId = InstanceId(0);

impl Pair {
    /// `None` if both refused to instantiate, for the same reason.
    fn new(what: &str, wasm: &[u8], limits: dytallix::Limits) -> Option<Pair> {
        let module = Module::decode(wasm, &Features::ALL, &limits)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut stepper = StepperBackend::new(Features::ALL, limits, GasSchedule::draft());
        let mut peer = WasmiBackend::new();
        let ours = stepper.instantiate(wasm, PLENTY).map(drop);
        let theirs = peer.instantiate(wasm, PLENTY).map(drop);
        match (ours, theirs) {
            (Ok(()), Ok(())) => Some(Pair { stepper, peer, module }),
            (Err(InstantiateError::Trap(ours)), Err(InstantiateError::Trap(theirs))) => {
                assert_eq!(as_the_peer_tells(ours.result), theirs.result, "{what}");
                None
            }
            (ours, theirs) => panic!("{what}: {ours:?}, the peer {theirs:?}"),
        }
    }

    /// Runs an export on both and compares everything. False once a stack ran out, since stacks
    /// differ in size and the two stores do from then on.
    fn run(&mut self, what: &str, export: &str, args: &[Value]) -> bool {
        let what = format!("{what} {export} {args:?}");
        let ours = self.stepper.invoke(FIRST, export, args, PLENTY).expect("an export").result;
        let theirs = self.peer.invoke(FIRST, export, args, PLENTY).expect("an export").result;
        let ours = as_the_peer_tells(ours);
        let exhausted = Err(Trap::CallStackExhausted);
        if ours == exhausted || theirs == exhausted {
            return false;
        }
        let portable = |values: Vec<Value>| values.into_iter().map(Value::portable).collect();
        let ours: Result<Vec<Value>, Trap> = ours.map(portable);
        assert_eq!(ours, theirs.map(portable), "{what}");
        let exports: Vec<_> = self.module.exports().to_vec();
        for export in exports {
            match export.index {
                ExternIndex::Global(_) => {
                    let ours = self.stepper.global(FIRST, &export.name).map(Value::portable);
                    assert_eq!(ours, self.peer.global(FIRST, &export.name), "{what}");
                }
                ExternIndex::Memory(0) => {
                    assert!(self.stepper.memory(FIRST, 0) == self.peer.memory(FIRST, 0), "{what}");
                }
                _ => {}
            }
        }
        true
    }
}

/// The peer does not tell the two ways apart in which a table can be too short.
fn as_the_peer_tells(result: Result<Vec<Value>, Trap>) -> Result<Vec<Value>, Trap> {
    match result {
        Err(Trap::UndefinedElement) => Err(Trap::TableOutOfBounds),
        other => other,
    }
}

/// Where the peer is wrong, or has another limit: program, export.
const PEER_DIFFERS: &[(&str, &str)] = &[
    // Carries the wrong one of two constants: 3 - 4 and (3 + 4) - 7 are -1 and 0, not -4 and -3.
    ("br_table", "two_values"),
    // `select(10, x, x == 0)` with x = 7 is 7, not 10.
    ("select", "on_eqz"),
    // Our limit of 10,000,000 elements refuses what the peer's own limit admits.
    ("tables", "grow_unbounded"),
];

#[test]
fn corpus_agrees_with_the_peer() {
    let mut compared = 0;
    for program in programs() {
        for run in &program.runs {
            if PEER_DIFFERS.contains(&(program.name.as_str(), run.export.as_str())) {
                continue;
            }
            let mut pair =
                Pair::new(&program.name, &program.wasm, limits()).expect("no start traps");
            compared += u32::from(pair.run(&program.name, &run.export, &run.args));
        }
    }
    assert!(compared > 1_500, "{compared}");
}

/// A generator of bytes: what it gives must be the same everywhere, and need not be more than
/// mixed.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = self.0 ^ (self.0 >> 33);
        mixed.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (mixed >> 29)
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }

    /// A value of a type: often a special one.
    fn value(&mut self, ty: ValType) -> Value {
        let bits = match self.next() % 4 {
            0 => self.next() % 16,
            1 => u64::MAX - self.next() % 4,
            2 => 0x7ff0_0000_0000_0000 | self.next() >> 13 | 0x7f80_0000,
            _ => self.next(),
        };
        match ty {
            ValType::I32 => Value::I32(bits as u32),
            ValType::I64 => Value::I64(bits),
            ValType::F32 => Value::F32(bits as u32),
            ValType::F64 => Value::F64(bits),
            ValType::Ref(r) if r.heap == dytallix::wasm::HeapType::Extern && bits % 2 == 0 => {
                Value::Ref(Ref::Extern(bits as u32))
            }
            ValType::Ref(_) => Value::Ref(Ref::Null),
            ValType::V128 => unreachable!("vectors are not generated"),
        }
    }
}

fn generated(seed: u64) -> Option<Vec<u8>> {
    let bytes = Bytes(seed).take(6_000);
    let mut config = wasm_smith::Config::default();
    config.min_funcs = 2;
    config.max_funcs = 8;
    config.max_instructions = 400;
    config.min_memories = 1;
    config.max_imports = 0;
    config.max_memory32_bytes = 4 << 16;
    config.memory_max_size_required = true;
    config.max_table_elements = 40;
    config.table_max_size_required = true;
    config.max_tables = 3;
    config.max_type_size = 40;
    config.export_everything = true;
    config.allow_start_export = true;
    config.gc_enabled = false;
    config.exceptions_enabled = false;
    config.simd_enabled = false;
    config.relaxed_simd_enabled = false;
    config.threads_enabled = false;
    config.memory64_enabled = false;
    config.wide_arithmetic_enabled = false;
    config.compact_imports_enabled = false;
    let mut module = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes)).ok()?;
    module.ensure_termination(300).ok()?;
    Some(module.to_bytes())
}

#[test]
fn generated_modules_agree_with_the_peer() {
    let (mut compared, mut trapped) = (0, 0);
    for seed in 0..400 {
        let Some(wasm) = generated(seed) else { continue };
        let what = format!("seed {seed}");
        let Some(mut pair) = Pair::new(&what, &wasm, dytallix::Limits::default()) else {
            trapped += 1;
            continue;
        };
        let mut values = Bytes(!seed);
        let exports: Vec<_> = pair.module.exports().to_vec();
        'exports: for export in &exports {
            let ExternIndex::Function(index) = export.index else { continue };
            let params = pair.module.type_of(index).params().to_vec();
            for _ in 0..3 {
                let args: Vec<_> = params.iter().map(|ty| values.value(*ty)).collect();
                if !pair.run(&what, &export.name, &args) {
                    break 'exports;
                }
                compared += 1;
            }
        }
    }
    println!("{compared} invocations compared, {trapped} instantiations trapped");
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn lockstep_notes_what_differs() {
    let wasm = dytallix_spec_tests::corpus::encode(
        r#"(module (func (export "f") (result i32) (i32.const 1)))"#,
    )
    .expect("well-formed");
    let stepper = || StepperBackend::new(Features::ALL, limits(), GasSchedule::draft());
    let mut same = Lockstep::new(vec![Box::new(stepper()), Box::new(stepper())]);
    let (instance, _) = same.instantiate(&wasm, PLENTY).expect("instantiable");
    same.invoke(instance, "f", &[], PLENTY).expect("an export");
    assert_eq!(same.take_differences(), Vec::<String>::new());
    assert!(same.comparisons() >= 2);

    // The peer's gas is always 0.
    let mut other = Lockstep::new(vec![Box::new(stepper()), Box::new(WasmiBackend::new())]);
    let (instance, _) = other.instantiate(&wasm, PLENTY).expect("instantiable");
    other.invoke(instance, "f", &[], PLENTY).expect("an export");
    let differences = other.take_differences();
    assert_eq!(differences.len(), 1, "{differences:?}");
}
