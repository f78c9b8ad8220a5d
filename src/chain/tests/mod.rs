//! Tests from within: without signatures, so that millions of operations fit into a test.

mod conserved;
mod statuses;

use alloc::sync::Arc;
use alloc::vec::Vec;
use std::collections::BTreeMap;

use dytallix_abi::{HostFn, Status};

use super::admission::{Key, check_form};
use super::execute::Checked;
use super::protocol::{Policy, Protocol};
use super::runtime::run_next;
use super::*;
use crate::crypto::Scheme;
use crate::primitives::{Address, Amount, Hash, Height};
use crate::state::{MemoryStore, StateRow};

/// A generator of random numbers that is the same in every run.
#[derive(Clone)]
pub(super) struct Random(pub(super) u64);

impl Random {
    /// SplitMix64.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

pub(super) const CHAIN: u64 = 7;

pub(super) fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

pub(super) fn policy() -> Policy {
    let policy = Policy::v1();
    Policy { block_gas: u64::MAX, block_bytes: u32::MAX, burn_basis_points: 3_333, ..policy }
}

/// A chain in which these accounts have that much each.
pub(super) fn chain(accounts: &[Address], balance: u128) -> Runtime<MemoryStore> {
    let genesis = Genesis::new(CHAIN).protocol(Protocol::v1().policy(policy()));
    let rich =
        |genesis: Genesis, account: &Address| genesis.balance(*account, Amount::new(balance));
    let genesis = accounts.iter().fold(genesis, rich);
    Runtime::builder().genesis(genesis).build(MemoryStore::new()).expect("a chain")
}

/// Executes transactions as one block, each as if it were signed.
pub(super) fn commit(
    runtime: &mut Runtime<MemoryStore>,
    transactions: impl IntoIterator<Item = Transaction>,
) -> BlockResult {
    let time = runtime.height().expect("a chain").number();
    let mut block = runtime.block(BlockInfo::new(time, address(0xee))).expect("a block");
    for transaction in transactions {
        let signed = transaction.signed(Scheme::MlDsa65, None, [0; 3_309]);
        let bytes = signed.encode().len();
        let checked = check_form(&signed, bytes, &block.rules).map(|scheme| Checked {
            id: signed.id(),
            signed: Arc::new(signed.clone()),
            bytes,
            key: Key::assumed(scheme),
        });
        let OpenBlock { machine, overlay, rules, used, .. } = &mut block;
        let receipt = run_next(machine, overlay, rules, used, &checked).expect("no fault");
        block.add(signed.encode().into(), receipt);
    }
    let finished = block.finish().expect("no fault");
    runtime.commit_block(finished).expect("memory")
}

/// All money that there is: balances, deposits of contracts and of code. Each contract's deposit
/// has to be what its storage costs.
pub(super) fn money(runtime: &Runtime<MemoryStore>) -> u128 {
    let height = runtime.height().expect("a chain");
    let all = (core::ops::Bound::Unbounded, core::ops::Bound::Unbounded);
    let mut sum = 0;
    let view = runtime.state().at(height).expect("the head");
    let order = crate::state::Order::Ascending;
    view.rows(all, order, &mut |key, row| {
        match StateRow::decode(key, row).expect("a row") {
            StateRow::Account(address, account) => {
                sum += account.balance.units();
                if let Some(info) = account.contract {
                    let cost = policy().storage_deposit(info.usage.items, info.usage.bytes);
                    let is_own = address == crate::host::system_address();
                    assert!(is_own || Some(info.deposit) == cost, "{address}: {info:?}");
                    sum += info.deposit.units();
                }
            }
            StateRow::Code(_, info) => sum += info.deposit.units(),
            _ => {}
        }
        core::ops::ControlFlow::Continue(())
    })
    .expect("memory");
    sum
}

/// A contract whose `run` does what its input says: for each three bytes, the first is a key, the
/// second how many bytes to keep under it (none removes it), and the third whether to go on (0),
/// revert (1), trap (2), or turn for ever (3). `init` and `receive` do nothing.
pub(super) fn writer() -> Vec<u8> {
    let text = r#"(module
        (import "env" "input_size" (func $size (result i32)))
        (import "env" "input_copy" (func $copy (param i32 i32 i32)))
        (import "env" "storage_set" (func $set (param i32 i32 i32 i32)))
        (import "env" "storage_remove" (func $remove (param i32 i32) (result i32)))
        (import "env" "revert" (func $revert (param i32 i32)))
        (memory (export "memory") 1)
        (func (export "run") (local $at i32) (local $end i32)
            (local.set $end (call $size))
            (call $copy (i32.const 0) (i32.const 0) (local.get $end))
            (block $done (loop $next
                (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
                (if (i32.load8_u offset=1 (local.get $at))
                    (then (call $set (local.get $at) (i32.const 1)
                        (i32.const 4096) (i32.load8_u offset=1 (local.get $at))))
                    (else (drop (call $remove (local.get $at) (i32.const 1)))))
                (if (i32.eq (i32.load8_u offset=2 (local.get $at)) (i32.const 1))
                    (then (call $revert (i32.const 0) (i32.const 2))))
                (if (i32.eq (i32.load8_u offset=2 (local.get $at)) (i32.const 2))
                    (then unreachable))
                (if (i32.eq (i32.load8_u offset=2 (local.get $at)) (i32.const 3))
                    (then (loop $ever (br $ever))))
                (local.set $at (i32.add (local.get $at) (i32.const 3)))
                (br $next)))))"#;
    assert!(HostFn::from_name("storage_set").is_some());
    wat::parse_str(text).expect("a module")
}

/// How often each status and each kind of transaction came up.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) statuses: BTreeMap<u32, u64>,
    pub(super) kinds: BTreeMap<&'static str, u64>,
}

impl Counts {
    pub(super) fn note(&mut self, kind: &'static str, status: Status) {
        *self.statuses.entry(status.code()).or_default() += 1;
        *self.kinds.entry(kind).or_default() += 1;
    }
}

/// The hash of code.
pub(super) fn hash(code: &[u8]) -> Hash {
    Hash::of(crate::primitives::Domain::Code, &[code])
}

/// The height of the next block.
pub(super) fn next_height(runtime: &Runtime<MemoryStore>) -> Height {
    runtime.height().and_then(Height::next).expect("a chain")
}
