//! Calls of every kind, new contracts, upgrades: to small modules, to large ones, with the code
//! translated and not.

use crate::calibrate::callees::{Callee, LARGE, MIGRATING};
use crate::calibrate::case::{ADDRESS, AMOUNT, DATA, KEY, OUT, Place, Plan};
use crate::calibrate::world::{CONTRACT_TAIL, CONTRACTS};
use dytallix::abi::HostFn;
use std::fmt::Display;

/// Calls in a run.
const CALLS: u64 = 200;
const KIB_64: u32 = 64 << 10;
/// The hash of the callee's code.
const HASH: u32 = ADDRESS + 128;
/// A salt.
const SALT: u32 = ADDRESS + 192;

pub(super) fn plans(callees: &[Callee]) -> Vec<Plan> {
    let Some(small) = callees.first() else { return Vec::new() };
    let mut plans = vec![
        external(small, "to a small module", CALLS),
        external(small, "to a small module, cold", CALLS)
            .place(Place::Both)
            .fresh_address(CONTRACTS, CONTRACT_TAIL),
        with_arguments(small),
        returning(small),
        statically(small, "to a small module"),
        delegating(small, "to a small module"),
        creating(small, "of a small module", CALLS).place(Place::Both),
        upgrading(small, "asked for, small module", CALLS),
        upgrading(small, "done, small module", 1),
    ];
    for callee in &callees[1..] {
        let name = callee.name;
        if name == MIGRATING {
            continue;
        }
        plans.push(external(callee, &format!("to {name}"), CALLS / 10));
        let untranslated = format!("to {name}, not translated");
        plans.push(external(callee, &untranslated, 1).place(Place::Fresh));
        plans.push(creating(callee, &format!("of {name}"), CALLS / 10));
        plans.push(upgrading(callee, &format!("asked for, {name}"), CALLS / 10));
    }
    let large = callees.iter().find(|callee| callee.name == LARGE);
    plans.extend(large.map(|callee| statically(callee, "to 500 KB of code")));
    plans.extend(large.map(|callee| delegating(callee, "to 500 KB of code")));
    let migrating = callees.iter().find(|callee| callee.name == MIGRATING);
    plans.extend(migrating.map(|callee| upgrading(callee, "done, with a method migrate", 1)));
    plans.push(external(small, "to a small module, code not translated", 1).place(Place::Fresh));
    plans
}

/// With the callee's address, its code hash and the names of its methods at hand.
fn knowing(plan: Plan, callee: &Callee) -> Plan {
    let plan = plan.data(ADDRESS, *callee.address().as_bytes());
    plan.data(HASH, *callee.code_hash().as_bytes()).data(KEY, *b"run").data(KEY + 16, *b"back")
}

fn external(callee: &Callee, what: &str, uses: u64) -> Plan {
    let operands: [&dyn Display; 8] = [&ADDRESS, &KEY, &3, &0, &0, &AMOUNT, &-1, &0];
    knowing(Plan::new(HostFn::ExternalCall, what, uses, &operands), callee)
}

fn with_arguments(callee: &Callee) -> Plan {
    let operands: [&dyn Display; 8] = [&ADDRESS, &KEY, &3, &DATA, &KIB_64, &AMOUNT, &-1, &0];
    let plan = Plan::new(HostFn::ExternalCall, "arguments of 64 KiB", CALLS, &operands);
    knowing(plan, callee).pages(3)
}

fn returning(callee: &Callee) -> Plan {
    let operands: [&dyn Display; 8] = [&ADDRESS, &(KEY + 16), &4, &0, &0, &AMOUNT, &-1, &0];
    let plan = Plan::new(HostFn::ExternalCall, "64 KiB come back", CALLS, &operands);
    knowing(plan, callee)
}

fn statically(callee: &Callee, what: &str) -> Plan {
    let operands: [&dyn Display; 7] = [&ADDRESS, &KEY, &3, &0, &0, &-1, &0];
    knowing(Plan::new(HostFn::StaticCall, what, CALLS, &operands), callee)
}

fn delegating(callee: &Callee, what: &str) -> Plan {
    let operands: [&dyn Display; 7] = [&HASH, &KEY, &3, &0, &0, &-1, &0];
    knowing(Plan::new(HostFn::DelegateCall, what, CALLS, &operands), callee)
}

fn creating(callee: &Callee, what: &str, uses: u64) -> Plan {
    let operands: [&dyn Display; 9] = [&HASH, &SALT, &0, &0, &0, &0, &AMOUNT, &-1, &OUT];
    let plan = Plan::new(HostFn::Instantiate, what, uses, &operands);
    knowing(plan, callee).before(format!("(i64.store (i32.const {SALT}) (local.get $i))"))
}

fn upgrading(callee: &Callee, what: &str, uses: u64) -> Plan {
    knowing(Plan::new(HostFn::UpgradeCode, what, uses, &[&HASH, &0, &0]), callee)
}
