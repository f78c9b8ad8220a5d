//! Records of accounts and blocks, and value that moves.

use crate::calibrate::callees::{Callee, LARGE};
use crate::calibrate::case::{ADDRESS, AMOUNT, OUT, Place, Plan, call};
use crate::calibrate::world::{ACCOUNT_TAIL, ACCOUNTS, CONTRACT_TAIL, CONTRACTS, NOBODY_TAIL};
use dytallix::abi::HostFn;

/// Uses of what is at hand.
const WARM: u64 = 5_000;
/// Uses of accounts that are touched for the first time.
const COLD: u64 = 1_000;

pub(super) fn plans(callees: &[Callee]) -> Vec<Plan> {
    use HostFn::{BalanceOf, BlockHash, CodeHashOf, ContractBalance, RiskScore};
    let accounts = |plan: Plan| plan.place(Place::Both).fresh_address(ACCOUNTS, ACCOUNT_TAIL);
    let contracts = |plan: Plan| plan.place(Place::Both).fresh_address(CONTRACTS, CONTRACT_TAIL);
    let nobodies = |plan: Plan| plan.place(Place::Both).fresh_address(1 << 40, NOBODY_TAIL);
    let balance = |what, uses| Plan::new(BalanceOf, what, uses, &[&ADDRESS, &OUT]);
    let code = |what, uses| Plan::new(CodeHashOf, what, uses, &[&ADDRESS, &OUT]);
    let risk = |what, uses| Plan::new(RiskScore, what, uses, &[&ADDRESS]);
    let hash = |what, uses, height: u32| Plan::new(BlockHash, what, uses, &[&height, &OUT]);
    let touched = || call(BalanceOf, &[&ADDRESS, &OUT]);
    let mut plans = vec![
        Plan::new(ContractBalance, "", WARM, &[&OUT]),
        balance("warm", WARM).setup(touched()),
        accounts(balance("cold", COLD)),
        nobodies(balance("cold, nobody", COLD)),
        code("warm", WARM).setup(touched()),
        contracts(code("cold", COLD)),
        risk("warm", WARM).setup(touched()),
        contracts(risk("cold", COLD)),
        hash("warm", WARM, 1).setup(call(BlockHash, &[&1, &OUT])),
        // Each height has a key of its own, up to the 256 that are kept.
        Plan::new(BlockHash, "cold", 128, &[&"(local.get $i)", &OUT]).place(Place::Both),
    ];
    plans.extend(transfers(callees));
    plans
}

fn transfers(callees: &[Callee]) -> Vec<Plan> {
    let transfer = |what, uses| {
        Plan::new(HostFn::Transfer, what, uses, &[&ADDRESS, &AMOUNT]).data(AMOUNT, [1])
    };
    let both = |plan: Plan| plan.place(Place::Both);
    let mut plans = vec![
        transfer("warm", 2_000).setup(call(HostFn::Transfer, &[&ADDRESS, &AMOUNT])),
        both(transfer("cold", COLD)).fresh_address(ACCOUNTS, ACCOUNT_TAIL),
        both(transfer("cold, a new account", COLD)).fresh_address(1 << 40, NOBODY_TAIL),
        both(transfer("cold, to a small contract", COLD)).fresh_address(CONTRACTS, CONTRACT_TAIL),
    ];
    let large = callees.iter().find(|callee| callee.name == LARGE);
    plans.extend(large.map(|callee| {
        let to = *callee.address().as_bytes();
        let plan = Plan::new(
            HostFn::Transfer,
            "to a contract of 500 KB, code not translated",
            1,
            &[&ADDRESS, &AMOUNT],
        );
        plan.data(AMOUNT, [1]).data(ADDRESS, to).place(Place::Fresh)
    }));
    plans
}
