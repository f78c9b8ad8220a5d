//! The stepper against a peer engine: results, traps, globals and memories of the corpus and of
//! generated modules.
//!
//! The stepper says what is right; that it is not alone with its opinion is shown here.

mod wasmi;

use dytallix::gas::GasSchedule;
use dytallix::wasm::{ExternIndex, Features, Module};
use dytallix_spec_tests::Value;
use dytallix_spec_tests::backend::{
    Backend, InstanceId, InstantiateError, Lockstep, StepperBackend,
};
use dytallix_spec_tests::corpus::{limits, programs};
use dytallix_spec_tests::generate::{Bytes, module};
use dytallix_spec_tests::stepper::Trap;

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
        let mut stepper = StepperBackend::new(Features::ALL, limits, GasSchedule::v1());
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
    // Our limits refuse what the peer's own admit.
    ("tables", "grow_unbounded"),
    ("limited_growth", "grow"),
    ("limited_growth", "memory_twice"),
    ("limited_growth", "memory_in_loop"),
    ("limited_growth", "table"),
    ("limited_growth", "table_twice"),
    ("limited_growth", "beyond_the_limit"),
    ("limited_growth", "big_maximum"),
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

#[test]
fn generated_modules_agree_with_the_peer() {
    let (mut compared, mut trapped) = (0, 0);
    for seed in 0..400 {
        let Some(wasm) = module(seed) else { continue };
        let what = format!("seed {seed}");
        let Some(mut pair) = Pair::new(&what, &wasm, dytallix::Limits::default()) else {
            trapped += 1;
            continue;
        };
        let mut values = Bytes::new(!seed);
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
    let stepper = || StepperBackend::new(Features::ALL, limits(), GasSchedule::v1());
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
