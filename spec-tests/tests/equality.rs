//! Stepper, trampoline and tail dispatch: the same results, gas, traps and memories on everything that can be run.

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::vm::Dispatch;
use dytallix::wasm::Features;
use dytallix_spec_tests::backend::{Backend, EngineBackend, Lockstep, StepperBackend};
use dytallix_spec_tests::corpus::{limits, programs, schedules};

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

#[test]
fn corpus_agrees_at_every_gas_limit() {
    let mut comparisons = 0;
    for (name, schedule) in &schedules() {
        for program in programs() {
            for run in &program.runs {
                let what = format!("{} {} {:?} ({name})", program.name, run.export, run.args);
                let mut need = PLENTY;
                let mut limit = PLENTY;
                loop {
                    let mut backend = lockstep(Features::ALL, &limits(), schedule);
                    let (instance, _) =
                        backend.instantiate(&program.wasm, PLENTY).expect("instantiates");
                    let run =
                        backend.invoke(instance, &run.export, &run.args, limit).expect("export");
                    assert!(
                        backend.differences().is_empty(),
                        "{what}: {:#?}",
                        backend.differences()
                    );
                    comparisons += backend.comparisons();
                    if limit == PLENTY {
                        need = run.gas_used.min(3_000);
                        limit = 0;
                    } else {
                        limit += 1;
                    }
                    if limit > need {
                        break;
                    }
                }
            }
        }
    }
    println!("{comparisons} comparisons");
}
