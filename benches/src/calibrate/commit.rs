//! The commitment's share: what a block costs for each thing that it changes, beside state-write
//! gas.

use super::case::SPREAD;
use super::table::{flag, median};
use super::world::{
    ACCOUNT_TAIL, ACCOUNTS, NOBODY_TAIL, SHARED_CODE, World, address, ballast, code_hash, deployer,
};
use crate::Error;
use cpu_time::ProcessTime;
use dytallix::gas::{HostPrice, HostPrices};
use dytallix::state::{Block, Bytes, ContractInfo, Overlay, StateError};
use dytallix::{Address, Amount, Height, Store};
use std::fmt::Write as _;

/// Blocks of each kind that are measured.
const BLOCKS: u64 = 12;
/// Heights that are kept; a block also drops one.
const RETENTION: u64 = 4;

/// Something that a block does many times.
struct Kind {
    what: &'static str,
    /// How many times a block does it.
    count: u64,
    /// What state-write gas is charged for it.
    gas: fn(HostPrice) -> u64,
    /// Does it for the number: each block has numbers of its own.
    change: fn(&mut Overlay<'_>, number: u64, rows: u64) -> Result<(), StateError>,
    /// Bytes of an encoded receipt that comes along with each.
    receipt: usize,
}

const KINDS: [Kind; 9] = [
    Kind {
        what: "a value of 32 B under a key of 32 B, changed",
        count: 1_000,
        gas: |price| price.total(64),
        change: |overlay, number, rows| put(overlay, ballast(scattered(number, rows)), number, 32),
        receipt: 0,
    },
    Kind {
        what: "the same, new",
        count: 1_000,
        gas: |price| price.total(64),
        change: |overlay, number, rows| put(overlay, unheard(number, rows), number, 32),
        receipt: 0,
    },
    Kind {
        what: "the same, removed",
        count: 1_000,
        gas: |price| price.total(32),
        change: |overlay, number, rows| {
            let (contract, key) = unheard(number, rows);
            overlay.set_storage(&contract, &key, None).map(drop)
        },
        receipt: 0,
    },
    Kind {
        what: "a value of 64 KiB, changed",
        count: 32,
        gas: |price| price.total((64 << 10) + 32),
        change: |overlay, number, rows| put(overlay, ballast(number % 32 % rows), number, 64 << 10),
        receipt: 0,
    },
    Kind {
        what: "a balance, changed",
        count: 1_000,
        gas: |price| price.total(0),
        change: |overlay, number, _| {
            overlay.credit(&address(number % ACCOUNTS, ACCOUNT_TAIL), Amount::new(1))
        },
        receipt: 0,
    },
    Kind {
        what: "a balance, new",
        count: 1_000,
        gas: |price| price.total(0),
        change: |overlay, number, _| overlay.credit(&address(number, NOBODY_TAIL), Amount::new(1)),
        receipt: 0,
    },
    Kind {
        what: "a contract, new",
        count: 1_000,
        gas: |price| price.total(0),
        change: |overlay, number, _| overlay.create_contract(&address(number, 0x7c), unused()),
        receipt: 0,
    },
    Kind {
        what: "a receipt of 200 B",
        count: 1_000,
        gas: |price| price.bytes(200),
        change: |_, _, _| Ok(()),
        receipt: 200,
    },
    Kind {
        what: "a receipt of 16 KiB",
        count: 100,
        gas: |price| price.bytes(16 << 10),
        change: |_, _, _| Ok(()),
        receipt: 16 << 10,
    },
];

/// The record of a contract of code that nobody runs.
fn unused() -> ContractInfo {
    ContractInfo::deployed(code_hash(SHARED_CODE), deployer(), Height::new(1))
}

/// Some row of the load, another one for each number, as good as by chance.
fn scattered(number: u64, rows: u64) -> u64 {
    (number.wrapping_mul(SPREAD) >> 16) % rows
}

/// A key that the load has not, in the contract of some row of it.
fn unheard(number: u64, rows: u64) -> (Address, [u8; 32]) {
    let (contract, _) = ballast(scattered(number, rows));
    let mut key = [2; 32];
    key[..8].copy_from_slice(&number.wrapping_mul(SPREAD).to_le_bytes());
    (contract, key)
}

/// Gives a row of the load another value.
fn put(
    overlay: &mut Overlay<'_>,
    (contract, key): (Address, [u8; 32]),
    number: u64,
    bytes: usize,
) -> Result<(), StateError> {
    let mut value = vec![3; bytes];
    value[..8].copy_from_slice(&number.to_le_bytes());
    overlay.set_storage(&contract, &key, Some(&value)).map(drop)
}

/// The table of a world that was filled with `rows` rows.
///
/// # Errors
/// What the store reports.
pub(super) fn measure<S: Store>(
    world: &mut World<S>,
    place: &str,
    rows: u64,
) -> Result<String, Error> {
    let price = HostPrices::v1().state_write;
    let mut text = format!(
        "| commitment, state in {place} | of a block | gas | median ns | ns per gas | |\n\
         |:--|--:|--:|--:|--:|:--|\n"
    );
    let empty = median(&blocks(world, rows, &KINDS[0], 0)?);
    writeln!(text, "| a block of nothing | 1 | – | {empty:.0} | – | |")?;
    for kind in &KINDS {
        let nanos = blocks(world, rows, kind, kind.count)?;
        let each = (median(&nanos) - empty) / kind.count as f64;
        let Kind { what, count, .. } = kind;
        let gas = (kind.gas)(price);
        let ratio = each / gas as f64;
        let flag = flag(ratio);
        writeln!(text, "| {what} | {count} | {gas} | {each:.0} | {ratio:.2} | {flag} |")?;
    }
    Ok(text)
}

/// CPU of the process for blocks that do something `count` times: what changed, the commit, and the
/// dropping of an old height.
fn blocks<S: Store>(
    world: &mut World<S>,
    rows: u64,
    kind: &Kind,
    count: u64,
) -> Result<Vec<f64>, Error> {
    let receipts: Vec<Bytes> = match kind.receipt {
        0 => Vec::new(),
        bytes => (0..count).map(|_| vec![5; bytes].into()).collect(),
    };
    let mut nanos = Vec::new();
    for block in 0..BLOCKS {
        let state = world.runtime.state_mut();
        let height = state.next_height()?;
        let mut overlay = Overlay::new(state);
        for number in block * count..(block + 1) * count {
            (kind.change)(&mut overlay, number, rows)?;
        }
        let start = ProcessTime::try_now()?;
        let changes = overlay.changes();
        drop(overlay);
        state.commit(Block::new(height, &changes).receipts(&receipts))?;
        state.prune(RETENTION, u64::MAX)?;
        nanos.push(start.try_elapsed()?.as_nanos() as f64);
    }
    Ok(nanos)
}
