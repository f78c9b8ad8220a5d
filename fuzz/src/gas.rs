//! The body of the target `gas`: the engine in both dispatches equals the naive stepper in result,
//! trap, place of the trap, gas used, memory and globals: with gas enough, at limits below what was
//! used, and, for small programs, at each of them.

use dytallix_spec_tests::Value;
use dytallix_spec_tests::stepper::Trap;

use crate::input::{Input, Purpose};
use crate::machine::{Machine, Observed, compare_state};
use crate::ours::{Ours, Running};
use crate::stats;
use crate::stepper::Stepper;

/// Up to so much gas a call is run at every limit.
const EVERY_LIMIT: u64 = 160;
/// Limits that are chosen where it used more.
const CHOSEN_LIMITS: u64 = 6;

/// Runs one input.
///
/// # Panics
///
/// Where the machines differ.
pub fn run(data: &[u8]) {
    stats::begin();
    let Some(mut input) = Input::new(data, Purpose::Gas) else { return };
    let ours = Ours::all(&input);
    let Some(start) = limits_of_start(&mut input, &ours) else { return };
    stats::INSTANTIATED.add(1);
    let budgets: Vec<u64> = input.calls.iter().map(|_| input.budget).collect();
    let Some(used) = replay(&input, &ours, start, &budgets) else { return };
    if used.is_empty() {
        return;
    }
    let call = input.dice.below(used.len() as u64) as usize;
    for limit in limits_below(&mut input, used[call]) {
        // What follows the call that ran short sees whatever it left behind.
        let mut budgets = budgets[..used.len().min(call + 2)].to_vec();
        budgets[call] = limit;
        replay(&input, &ours, start, &budgets);
    }
}

/// Limits at which a call that used so much gas is run again.
fn limits_below(input: &mut Input, used: u64) -> Vec<u64> {
    if used <= EVERY_LIMIT {
        return (0..=used).collect();
    }
    let mut limits = vec![used - 1, used];
    limits.extend((0..CHOSEN_LIMITS).map(|_| input.dice.below(used)));
    limits
}

/// Instantiates at limits below what the start function uses. The gas that suffices, or `None`
/// where none does.
fn limits_of_start(input: &mut Input, ours: &[Ours; 3]) -> Option<u64> {
    let plenty = input.budget;
    let (used, ends_well) = match lockstep(input, ours, plenty) {
        Ok((_, used)) => (used, true),
        Err(end) => (end.gas_used, false),
    };
    for limit in limits_below(input, used) {
        let _ = lockstep(input, ours, limit);
    }
    ends_well.then_some(plenty)
}

/// An instance on each machine.
struct Lockstep {
    stepper: Stepper,
    ours: [Running; 2],
    /// Without metering, as long as gas decides nothing.
    unmetered: Option<Running>,
}

/// A fresh instance on each, and the gas that the start function used; or how all of them ended.
fn lockstep(input: &Input, ours: &[Ours; 3], gas: u64) -> Result<(Lockstep, u64), Observed> {
    let reference = Stepper::instantiate(input, &input.module, gas);
    let [tail, trampoline, unmetered] = ours;
    let (tail, trampoline) = (tail.instantiate(gas), trampoline.instantiate(gas));
    let end = |made: &Result<_, Observed>| match made {
        Ok((_, used)) => Ok(*used),
        Err(end) => Err(Observed::portable(end.clone())),
    };
    let expected = match &reference {
        Ok((_, used)) => Ok(*used),
        Err(end) => Err(end.clone().portable()),
    };
    for (name, made) in [("tail", end(&tail)), ("trampoline", end(&trampoline))] {
        input.check(made == expected, || {
            format!("instantiation with gas {gas}: stepper says {expected:?}, {name} {made:?}")
        });
    }
    match (reference, tail, trampoline) {
        (Ok((stepper, used)), Ok((tail, _)), Ok((trampoline, _))) => {
            let unmetered = unmetered.instantiate(gas);
            input.check(unmetered.is_ok(), || "instantiation fails without metering".into());
            let unmetered = unmetered.ok().map(|(running, _)| running);
            let lockstep = Lockstep { stepper, ours: [tail, trampoline], unmetered };
            compare(input, "after instantiation", &lockstep);
            Ok((lockstep, used))
        }
        (Err(end), ..) => Err(end),
        _ => unreachable!("compared above"),
    }
}

fn compare(input: &Input, what: &str, lockstep: &Lockstep) {
    let Lockstep { stepper, ours: [tail, trampoline], unmetered } = lockstep;
    let mut machines: Vec<&dyn Machine> = vec![stepper, tail, trampoline];
    machines.extend(unmetered.iter().map(|m| m as &dyn Machine));
    compare_state(input, what, &machines);
}

/// Makes the calls, each with its budget, on a fresh instance: the gas that each used.
fn replay(input: &Input, ours: &[Ours; 3], start: u64, budgets: &[u64]) -> Option<Vec<u64>> {
    let (mut lockstep, _) = lockstep(input, ours, start).ok()?;
    let mut used = Vec::new();
    for (number, (call, gas)) in input.calls.iter().zip(budgets).enumerate() {
        let what = format!("call {number} of {:?} {:?} with gas {gas}", call.export, call.args);
        let expected = invoke(&mut lockstep.stepper, &call.export, &call.args, *gas);
        for machine in &mut lockstep.ours {
            let observed = invoke(machine, &call.export, &call.args, *gas);
            input.check(observed == expected, || {
                format!("{what}: stepper says {expected:?}, {} {observed:?}", machine.name())
            });
        }
        if expected.result == Err(Trap::OutOfGas) {
            lockstep.unmetered = None;
        }
        if let Some(machine) = &mut lockstep.unmetered {
            let observed = invoke(machine, &call.export, &call.args, *gas);
            input.check(observed.result == expected.result, || {
                format!("{what}: stepper says {expected:?}, unmetered {observed:?}")
            });
        }
        compare(input, &what, &lockstep);
        stats::CALLS.add(1);
        stats::RETURNED.note(expected.result.is_ok());
        stats::OUT_OF_GAS.note(expected.result == Err(Trap::OutOfGas));
        stats::LONG_CALLS.note(expected.gas_used > 1_000);
        used.push(expected.gas_used);
    }
    Some(used)
}

fn invoke(machine: &mut dyn Machine, export: &str, args: &[Value], gas: u64) -> Observed {
    machine.invoke(export, args, gas).portable()
}
