//! The corpus on the stepper alone: that it covers every operator, and that gas behaves as promised
//! at every limit.

use std::collections::BTreeSet;

use dytallix::gas::GasSchedule;
use dytallix::wasm::{Features, Module, OperatorKind};
use dytallix_spec_tests::backend::{Backend, Execution, StepperBackend};
use dytallix_spec_tests::corpus::{Program, Run, limits, programs, schedules};
use dytallix_spec_tests::stepper::Trap;

/// More than any program of the corpus uses.
const PLENTY: u64 = 1 << 20;

fn execute(program: &Program, run: &Run, schedule: &GasSchedule, gas: u64) -> Execution {
    let mut backend = StepperBackend::new(Features::ALL, limits(), schedule.clone());
    let (instance, _) = backend
        .instantiate(&program.wasm, PLENTY)
        .unwrap_or_else(|error| panic!("{}: {error:?}", program.name));
    backend
        .invoke(instance, &run.export, &run.args, gas)
        .unwrap_or_else(|| panic!("{}: no export {:?}", program.name, run.export))
}

#[test]
fn every_operator_occurs_in_the_corpus() {
    let mut found = BTreeSet::new();
    for program in programs() {
        let module =
            Module::decode(&*program.wasm, &Features::ALL, &limits()).expect(&program.name);
        for function in 0..module.functions().len() as u32 {
            found.extend(module.operators(function).map(|(_, operator)| operator.kind()));
        }
    }
    let missing: Vec<_> = OperatorKind::ALL.iter().filter(|kind| !found.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_program_has_runs_and_none_exhausts_plenty() {
    let (_, schedule) = &schedules()[0];
    for program in programs() {
        assert!(!program.runs.is_empty(), "{}", program.name);
        for run in &program.runs {
            let execution = execute(&program, run, schedule, PLENTY);
            assert_ne!(execution.result, Err(Trap::OutOfGas), "{} {}", program.name, run.export);
        }
    }
}

#[test]
fn every_trap_occurs_in_the_corpus() {
    let (_, schedule) = &schedules()[0];
    let mut traps: Vec<Trap> = Vec::new();
    for program in programs() {
        for run in &program.runs {
            traps.extend(execute(&program, run, schedule, PLENTY).result.err());
        }
    }
    for trap in [
        Trap::Unreachable,
        Trap::IntegerDivideByZero,
        Trap::IntegerOverflow,
        Trap::InvalidConversionToInteger,
        Trap::MemoryOutOfBounds,
        Trap::TableOutOfBounds,
        Trap::UndefinedElement,
        Trap::UninitializedElement,
        Trap::IndirectCallTypeMismatch,
        Trap::CallStackExhausted,
    ] {
        assert!(traps.contains(&trap), "{trap:?}");
    }
}

#[test]
fn limit_below_the_need_is_used_up_and_limit_at_the_need_suffices() {
    for (name, schedule) in &schedules() {
        for program in programs() {
            for run in &program.runs {
                let full = execute(&program, run, schedule, PLENTY);
                let need = full.gas_used;
                let what = format!("{} {} {:?} ({name})", program.name, run.export, run.args);
                assert_eq!(execute(&program, run, schedule, need), full, "{what}");
                if let Some(below) = need.checked_sub(1) {
                    let short = execute(&program, run, schedule, below);
                    assert_eq!(short.result, Err(Trap::OutOfGas), "{what}");
                    assert_eq!(short.gas_used, below, "{what}");
                }
            }
        }
    }
}
