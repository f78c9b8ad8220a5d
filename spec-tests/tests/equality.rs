//! Stepper, trampoline and tail dispatch: the same results, gas, traps and memories on everything
//! that can be run.

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::vm::Dispatch;
use dytallix::wasm::{ExternIndex, Features, Module};
use dytallix_spec_tests::backend::{Backend, EngineBackend, Lockstep, StepperBackend};
use dytallix_spec_tests::corpus::{Program, Run, limits, programs, schedules};

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

/// Runs an export on a fresh instance in lockstep with this much gas. Gives what it used, and the
/// number of comparisons.
fn compare(program: &Program, run: &Run, schedule: &GasSchedule, gas: u64) -> (u64, u64) {
    let what = format!("{} {} {:?}", program.name, run.export, run.args);
    let mut backend = lockstep(Features::ALL, &limits(), schedule);
    let (instance, _) = backend.instantiate(&program.wasm, PLENTY).expect("instantiates");
    let execution = backend.invoke(instance, &run.export, &run.args, gas).expect("an export");
    let module = Module::decode(&*program.wasm, &Features::ALL, &limits()).expect("decodes");
    for export in module.exports() {
        if let ExternIndex::Global(_) = export.index {
            backend.global(instance, &export.name);
        }
    }
    let differences = backend.take_differences();
    assert!(differences.is_empty(), "{what}: {differences:#?}");
    (execution.gas_used, backend.comparisons())
}

fn corpus_agrees_at_every_gas_limit(schedule: &GasSchedule) {
    let mut comparisons = 0;
    for program in programs() {
        for run in &program.runs {
            let (need, compared) = compare(&program, run, schedule, PLENTY);
            comparisons += compared;
            for gas in 0..=need {
                comparisons += compare(&program, run, schedule, gas).1;
            }
        }
    }
    println!("{comparisons} comparisons");
    assert!(comparisons > 500_000, "{comparisons}");
}

#[test]
fn corpus_agrees_at_every_gas_limit_of_the_draft_schedule() {
    corpus_agrees_at_every_gas_limit(&schedules()[0].1);
}

#[test]
fn corpus_agrees_at_every_gas_limit_of_a_schedule_without_free_operators() {
    corpus_agrees_at_every_gas_limit(&schedules()[1].1);
}
