//! Every operator in every operand class, on edge values: the engine says what the stepper says.

use std::collections::BTreeSet;

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::ir::{Op, OpKind, Shape, disassemble};
use dytallix::vm::{Config, Dispatch, Engine};
use dytallix::wasm::{Features, ValType};
use dytallix_spec_tests::Value;
use dytallix_spec_tests::backend::{Backend, EngineBackend, Lockstep, StepperBackend};
use dytallix_spec_tests::corpus::encode;
use dytallix_spec_tests::fused::{addressed, combined, steps, waiting_sums};
use dytallix_spec_tests::variants::{Variants, edges, memory, plain};

const GAS: u64 = 10_000;

fn lockstep() -> Lockstep {
    let (limits, schedule) = (Limits::default(), GasSchedule::v1());
    let engine = |dispatch| {
        let (limits, schedule) = (limits.clone(), schedule.clone());
        Box::new(EngineBackend::new(Features::ALL, limits, schedule, dispatch)) as Box<dyn Backend>
    };
    Lockstep::new(vec![
        Box::new(StepperBackend::new(Features::ALL, limits.clone(), schedule.clone())),
        engine(Dispatch::Trampoline),
        engine(Dispatch::Tail),
    ])
}

/// All combinations of edge values.
fn arguments(params: &[ValType]) -> Vec<Vec<Value>> {
    let mut all = vec![Vec::new()];
    for &param in params {
        all = all
            .iter()
            .flat_map(|head| {
                edges(param).into_iter().map(move |value| {
                    let mut args = head.clone();
                    args.push(value);
                    args
                })
            })
            .collect();
    }
    all
}

fn agree(variants: &Variants) -> u64 {
    let wasm = encode(&variants.text).expect("valid text");
    let mut backend = lockstep();
    let (instance, _) = backend.instantiate(&wasm, GAS).expect("instantiates");
    for function in &variants.functions {
        for args in arguments(&function.params) {
            backend.invoke(instance, &function.name, &args, GAS).expect("exported");
        }
        let differences = backend.take_differences();
        assert!(differences.is_empty(), "{}: {differences:#?}", line(variants, &function.name));
    }
    backend.comparisons()
}

fn line<'t>(variants: &'t Variants, name: &str) -> &'t str {
    let needle = format!("(export {name:?})");
    variants.text.lines().find(|l| l.contains(&needle)).unwrap_or("")
}

#[test]
fn plain_operators_agree_in_every_operand_class() {
    assert!(agree(&plain()) > 100_000);
}

#[test]
fn loads_and_stores_agree_in_every_operand_class() {
    assert!(agree(&memory()) > 10_000);
}

#[test]
fn addresses_of_several_pieces_agree() {
    assert!(agree(&addressed()) > 100_000);
}

#[test]
fn operators_on_shifts_and_products_agree() {
    assert!(agree(&combined()) > 100_000);
}

#[test]
fn steps_that_branch_agree() {
    assert!(agree(&steps()) > 50_000);
}

#[test]
fn sums_that_wait_agree_whatever_happens_meanwhile() {
    assert!(agree(&waiting_sums()) > 5_000);
}

/// Shapes whose every variant the modules must reach.
const SHAPES: &[Shape] = &[
    Shape::binary,
    Shape::commutative,
    Shape::shifted,
    Shape::product,
    Shape::step,
    Shape::compare,
    Shape::negated,
    Shape::unary,
    Shape::load,
    Shape::store,
    Shape::store_float,
];

#[test]
fn variants_reach_every_op_of_their_shapes() {
    let engine = Engine::new(Config::default()).expect("the configuration is sound");
    let mut seen = BTreeSet::new();
    for variants in [plain(), memory(), addressed(), combined(), steps()] {
        let program = engine.compile(&encode(&variants.text).expect("valid text")).expect("valid");
        let code = program.listing();
        for function in 0..variants.functions.len() as u32 {
            seen.extend(disassemble(&code, function).iter().map(|l| l.op.number()));
        }
    }
    let missing: Vec<_> = (0..Op::COUNT)
        .filter_map(Op::from_number)
        .filter(|op| SHAPES.contains(&op.kind().shape()) && !seen.contains(&op.number()))
        .map(|op| (op.kind(), op.variant(), op.pattern()))
        .collect();
    let kinds: BTreeSet<OpKind> = missing.iter().map(|m| m.0).collect();
    assert!(missing.is_empty(), "{} of {} kinds: {missing:?}", missing.len(), kinds.len());
}
