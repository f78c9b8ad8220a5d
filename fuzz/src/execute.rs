//! The body of the target `execute`: the engine equals a peer engine in results, traps, memory and
//! globals; and both dispatches of the engine equal each other in gas too.

use dytallix_spec_tests::Value;
use dytallix_spec_tests::stepper::Trap;

use crate::input::{Input, Purpose};
use crate::machine::{Machine, Observed, compare_state};
use crate::ours::Ours;
use crate::peer::Peer;
use crate::stats;

/// Runs one input.
///
/// # Panics
///
/// Where the engines differ.
pub fn run(data: &[u8]) {
    stats::begin();
    let Some(input) = Input::new(data, Purpose::Execute) else { return };
    let gas = input.budget;
    let [tail, trampoline, _] = Ours::all(&input);
    let (first, second) = (tail.instantiate(gas), trampoline.instantiate(gas));
    let peer = Peer::instantiate(&input, gas);
    let (mut first, mut second, mut peer) = match (first, second, peer) {
        (Ok((first, used)), Ok((second, same)), Ok(peer)) => {
            input.check(used == same, || format!("start uses {used} gas, on trampoline {same}"));
            (first, second, peer)
        }
        (Err(first), Err(second), Err(peer)) => {
            input.check(first == second, || {
                format!("instantiation: tail says {first:?}, trampoline {second:?}")
            });
            ends_alike(&input, "instantiation", &first, &peer);
            return;
        }
        // Each has its own measure of how far it goes.
        (first, second, peer) => {
            let ends = [first.err(), second.err(), peer.err()];
            let stopped = ends.iter().flatten().any(stops_early);
            input.check(stopped && ends[0] == ends[1], || {
                format!("instantiation: tail, trampoline and peer say {ends:?}")
            });
            stats::UNCOMPARED.add(1);
            return;
        }
    };
    stats::INSTANTIATED.add(1);
    compare_state(&input, "after instantiation", &[&first, &second, &peer]);
    for (number, call) in input.calls.iter().enumerate() {
        let what = format!("call {number} of {:?} {:?}", call.export, call.args);
        let observed = invoke(&mut first, &call.export, &call.args, gas);
        let same = invoke(&mut second, &call.export, &call.args, gas);
        input.check(observed == same, || {
            format!("{what}: tail says {observed:?}, trampoline {same:?}")
        });
        compare_state(&input, &what, &[&first, &second]);
        stats::CALLS.add(1);
        stats::RETURNED.note(observed.result.is_ok());
        stats::OUT_OF_GAS.note(observed.result == Err(Trap::OutOfGas));
        stats::LONG_CALLS.note(observed.gas_used > 1_000);
        let theirs = invoke(&mut peer, &call.export, &call.args, gas);
        if !ends_alike(&input, &what, &observed, &theirs) {
            return;
        }
        compare_state(&input, &what, &[&first, &peer]);
    }
}

fn invoke(machine: &mut dyn Machine, export: &str, args: &[Value], gas: u64) -> Observed {
    machine.invoke(export, args, gas).portable()
}

/// Whether a machine stopped for a reason that is its own: gas, fuel, or the size of its stack.
fn stops_early(end: &Observed) -> bool {
    matches!(end.result, Err(Trap::OutOfGas | Trap::CallStackExhausted))
}

/// Compares with the peer. False if one of them stopped early: then nothing is to be compared any
/// more.
fn ends_alike(input: &Input, what: &str, ours: &Observed, peer: &Observed) -> bool {
    if stops_early(ours) || stops_early(peer) {
        stats::UNCOMPARED.add(1);
        return false;
    }
    let ours_in_its_words = match &ours.result {
        Err(Trap::UndefinedElement) => Err(Trap::TableOutOfBounds),
        other => other.clone(),
    };
    input.check(ours_in_its_words == peer.result, || {
        format!("{what}: we say {:?}, the peer {:?}", ours.result, peer.result)
    });
    true
}
