//! Stepper, trampoline and tail dispatch: the same results, gas, traps and memories on everything
//! that can be run.

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::vm::Dispatch;
use dytallix::wasm::{ExternIndex, Features, Module};
use dytallix_spec_tests::backend::{Backend, EngineBackend, Lockstep, StepperBackend};
use dytallix_spec_tests::corpus::{Program, Run, limits, programs, schedules};
use dytallix_spec_tests::generate;

/// More than any program of the corpus uses.
const PLENTY: u64 = 1 << 20;

fn lockstep(features: Features, limits: &Limits, schedule: &GasSchedule) -> Lockstep {
    let engine = |dispatch| {
        Box::new(EngineBackend::new(features, limits.clone(), schedule.clone(), dispatch))
            as Box<dyn Backend>
    };
    Lockstep::new(vec![
        Box::new(StepperBackend::new(features, limits.clone(), schedule.clone())),
        engine(Dispatch::Trampoline),
        engine(Dispatch::Tail),
    ])
}

/// A program, and what runs it.
struct Subject {
    program: Program,
    backend: Lockstep,
    globals: Vec<String>,
}

impl Subject {
    fn new(program: Program, schedule: &GasSchedule) -> Self {
        let module = Module::decode(&*program.wasm, &Features::ALL, &limits()).expect("decodes");
        let globals = module.exports().iter().filter(|e| matches!(e.index, ExternIndex::Global(_)));
        let globals = globals.map(|export| export.name.to_string()).collect();
        let mut backend = lockstep(Features::ALL, &limits(), schedule);
        backend.instantiate(&program.wasm, PLENTY).expect("instantiates");
        Subject { program, backend, globals }
    }

    /// Runs an export on a fresh instance with this much gas. Gives what it used, and the number of
    /// comparisons.
    fn compare(&self, run: &Run, gas: u64) -> (u64, u64) {
        let mut backend = self.backend.fresh_lockstep();
        let (instance, _) = backend.instantiate(&self.program.wasm, PLENTY).expect("instantiates");
        let execution = backend.invoke(instance, &run.export, &run.args, gas).expect("an export");
        for global in &self.globals {
            backend.global(instance, global);
        }
        let differences = backend.take_differences();
        let what = format!("{} {} {:?}", self.program.name, run.export, run.args);
        assert!(differences.is_empty(), "{what}: {differences:#?}");
        (execution.gas_used, backend.comparisons())
    }
}

fn corpus_agrees_at_every_gas_limit(schedule: &GasSchedule) {
    let mut comparisons = 0;
    for program in programs() {
        let subject = Subject::new(program, schedule);
        for run in &subject.program.runs {
            let (need, compared) = subject.compare(run, PLENTY);
            comparisons += compared;
            for gas in 0..=need {
                comparisons += subject.compare(run, gas).1;
            }
        }
    }
    println!("{comparisons} comparisons");
    assert!(comparisons > 500_000, "{comparisons}");
}

#[test]
fn corpus_agrees_at_every_gas_limit_of_schedule_v1() {
    corpus_agrees_at_every_gas_limit(&schedules()[0].1);
}

#[test]
fn corpus_agrees_at_every_gas_limit_of_a_schedule_without_free_operators() {
    corpus_agrees_at_every_gas_limit(&schedules()[1].1);
}

#[test]
fn start_functions_agree_at_every_gas_limit() {
    let (_, schedule) = &schedules()[1];
    for program in programs() {
        let mut backend = lockstep(Features::ALL, &limits(), schedule);
        let (_, need) = backend.instantiate(&program.wasm, PLENTY).expect("instantiates");
        for gas in 0..=need {
            let mut backend = backend.fresh_lockstep();
            assert_eq!(backend.instantiate(&program.wasm, gas).is_ok(), gas == need);
            let differences = backend.take_differences();
            assert!(differences.is_empty(), "{} {gas}: {differences:#?}", program.name);
        }
    }
}

/// Each generated module, with gas for everything and then with less than that, cut at random.
#[test]
fn generated_modules_agree_whole_and_cut() {
    let limits = Limits::default();
    let (mut invocations, mut cuts) = (0, 0);
    for seed in 1_000..1_400 {
        let Some(wasm) = generate::module(seed) else { continue };
        let schedule = &schedules()[seed as usize % 2].1;
        let mut backend = lockstep(Features::ALL, &limits, schedule);
        let made = backend.instantiate(&wasm, PLENTY);
        let differences = backend.take_differences();
        assert!(differences.is_empty(), "seed {seed}: {differences:#?}");
        let Ok((instance, _)) = made else { continue };
        let module = Module::decode(&*wasm, &Features::ALL, &limits).expect("decodes");
        let mut bytes = generate::Bytes::new(!seed);
        for export in module.exports() {
            let ExternIndex::Function(index) = export.index else { continue };
            let params = module.type_of(index).params();
            let args: Vec<_> = params.iter().map(|ty| bytes.value(*ty)).collect();
            let whole = backend.invoke(instance, &export.name, &args, PLENTY).expect("an export");
            for _ in 0..8 {
                let gas = bytes.number() % (whole.gas_used + 1);
                let mut backend = backend.fresh_lockstep();
                let (instance, _) = backend.instantiate(&wasm, PLENTY).expect("as before");
                backend.invoke(instance, &export.name, &args, gas).expect("an export");
                let differences = backend.take_differences();
                assert!(differences.is_empty(), "seed {seed} gas {gas}: {differences:#?}");
                cuts += 1;
            }
            let differences = backend.take_differences();
            assert!(differences.is_empty(), "seed {seed}: {differences:#?}");
            invocations += 1;
        }
    }
    println!("{invocations} invocations whole, {cuts} cut");
    assert!(invocations > 200, "{invocations}");
}
