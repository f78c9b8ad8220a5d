//! Rows of the index: `docs/events.md` says what each is for.
//!
//! ```text
//!   key                                            value
//!   01 ‖ transaction id                            height, index: big-endian, 8 and 4 bytes
//!   02 ‖ contract ‖ position                       01
//!   03 ‖ place of the topic ‖ its hash ‖ position  01
//!   04 ‖ position                                  01
//!   05 ‖ contract ‖ height                         calls so far, last height and time with a change
//! ```
//!
//! A position is that of an event: height, index of the transaction, index of the event in its
//! receipt, big-endian (8, 4 and 4 bytes), so that keys are in the order of events.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use crate::chain::block::Header;
use crate::chain::receipt::Receipt;
use crate::chain::transaction::{AdminOperation, Body, SignedTransaction};
use crate::primitives::{Address, DecodeError, Domain, Hash, Height, Reader, Writer};
use crate::state::{Batch, Bytes, Order, Store, StoreError, Table};

/// First bytes of the kinds of rows.
pub(super) const TRANSACTION: u8 = 1;
pub(super) const CONTRACT: u8 = 2;
pub(super) const TOPIC: u8 = 3;
pub(super) const EVENT: u8 = 4;
pub(super) const ACTIVITY: u8 = 5;

/// Where an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct EventPosition {
    /// The block.
    pub height: Height,
    /// The transaction in it.
    pub transaction: u32,
    /// The event in its receipt.
    pub event: u32,
}

/// What a contract has been doing, as far as transactions tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractActivity {
    /// Calls by transactions, those that failed included and those by other contracts not.
    pub call_count: u64,
    /// The last block in which a transaction that succeeded made, called, upgraded or administered
    /// it, or in which it emitted an event.
    pub last_modified: Height,
    /// The time of that block, in milliseconds.
    pub last_modified_ms: u64,
}

impl EventPosition {
    /// Where that event of that transaction of that block is.
    #[must_use]
    pub const fn new(height: Height, transaction: u32, event: u32) -> Self {
        EventPosition { height, transaction, event }
    }

    /// As keys have it: 16 bytes in the order of events.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.height.number().to_be_bytes());
        bytes[8..12].copy_from_slice(&self.transaction.to_be_bytes());
        bytes[12..].copy_from_slice(&self.event.to_be_bytes());
        bytes
    }

    /// The position that these bytes are.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let number = u128::from_be_bytes(bytes);
        let height = Height::new((number >> 64) as u64);
        EventPosition { height, transaction: (number >> 32) as u32, event: number as u32 }
    }
}

/// The key under which a transaction is found.
pub(super) fn transaction_key(id: &Hash) -> Vec<u8> {
    [&[TRANSACTION], &id.as_bytes()[..]].concat()
}

/// What begins the keys of a contract's events.
pub(super) fn contract_prefix(contract: &Address) -> Vec<u8> {
    [&[CONTRACT], &contract.as_bytes()[..]].concat()
}

/// What begins the keys of events with a topic at a place.
pub(super) fn topic_prefix(place: u8, topic: &[u8]) -> Vec<u8> {
    [&[TOPIC, place], &Hash::of(Domain::Topic, &[topic]).as_bytes()[..]].concat()
}

/// The key of what a contract had been doing after the block of a height.
pub(super) fn activity_key(contract: &Address, height: Height) -> Vec<u8> {
    [&[ACTIVITY], &contract.as_bytes()[..], &height.number().to_be_bytes()].concat()
}

/// The height of a key of activity; none where it is no such key.
pub(super) fn height_of_activity(key: &[u8]) -> Option<Height> {
    let height = key.strip_prefix(&[ACTIVITY])?.get(32..)?;
    height.try_into().ok().map(|height| Height::new(u64::from_be_bytes(height)))
}

/// The place that a row of a transaction says: its block, and which of its transactions it is.
pub(super) fn place_of_row(row: &[u8]) -> Option<(Height, u32)> {
    let (height, index) = row.split_first_chunk::<8>()?;
    let index = u32::from_be_bytes(index.try_into().ok()?);
    Some((Height::new(u64::from_be_bytes(*height)), index))
}

/// Adds the rows of a block that follows what is indexed in `store`.
pub(crate) fn index_rows<S: Store>(
    rows: &mut Batch,
    store: &S,
    header: &Header,
    transactions: &[Bytes],
    receipts: &[Receipt],
) -> Result<(), StoreError> {
    let before = |contract: &Address| activity_before(store, contract, header.height);
    for (contract, activity) in block_rows(rows, header, transactions, receipts, before)? {
        rows.put(Table::Index, activity_key(&contract, header.height), activity.encode());
    }
    Ok(())
}

/// Adds the rows of a block but those of activity; returns what there is to say of the activity of
/// contracts, where `before` knows what they had been doing before the block.
pub(super) fn block_rows(
    rows: &mut Batch,
    header: &Header,
    transactions: &[Bytes],
    receipts: &[Receipt],
    before: impl Fn(&Address) -> Result<Option<ContractActivity>, StoreError>,
) -> Result<Vec<(Address, ContractActivity)>, StoreError> {
    let height = header.height;
    let mut touched: BTreeMap<Address, (u64, bool)> = BTreeMap::new();
    for ((at, raw), receipt) in (0_u32..).zip(transactions).zip(receipts) {
        // What does not decode was rejected, and has no id.
        let Ok(signed) = SignedTransaction::decode(raw) else { continue };
        if receipt.status.is_rejected() {
            continue;
        }
        let place = [&height.number().to_be_bytes()[..], &at.to_be_bytes()].concat();
        rows.put(Table::Index, transaction_key(&signed.id()), place);
        note_bodies(&signed, receipt, &mut touched);
        for (number, event) in (0_u32..).zip(&receipt.events) {
            touched.entry(event.contract).or_default().1 = true;
            let position = EventPosition::new(height, at, number).to_bytes();
            let put = |rows: &mut Batch, prefix: &[u8]| {
                rows.put(Table::Index, [prefix, &position].concat(), [1]);
            };
            put(rows, &contract_prefix(&event.contract));
            for (place, topic) in (0_u8..).zip(&event.topics) {
                put(rows, &topic_prefix(place, topic));
            }
            put(rows, &[EVENT]);
        }
    }
    let activity = |(contract, (calls, changed))| {
        let before = before(&contract)?.unwrap_or_default();
        let call_count = before.call_count.saturating_add(calls);
        let activity = match changed {
            true => ContractActivity {
                call_count,
                last_modified: height,
                last_modified_ms: header.time_ms,
            },
            false => ContractActivity { call_count, ..before },
        };
        Ok((contract, activity))
    };
    touched.into_iter().map(activity).collect()
}

/// Notes which contracts a transaction names, how often it calls them, and whether it succeeded.
fn note_bodies(
    signed: &SignedTransaction,
    receipt: &Receipt,
    touched: &mut BTreeMap<Address, (u64, bool)>,
) {
    let signer = signed.transaction.signer;
    let mut note = |contract: Address, calls: u64| {
        let (count, changed) = touched.entry(contract).or_default();
        *count += calls;
        *changed |= receipt.is_success();
    };
    for body in signed.transaction.body.parts() {
        match body {
            Body::Call { to, .. } => note(*to, 1),
            Body::Deploy(deployment) if receipt.is_success() => {
                note(deployment.address(&signer), 0);
            }
            Body::Upgrade(upgrade) => note(upgrade.contract, 0),
            Body::Admin(AdminOperation::SetAdmin { contract, .. }) => note(*contract, 0),
            _ => {}
        }
    }
}

/// What a contract had been doing before a height.
pub(super) fn activity_before<S: Store>(
    store: &S,
    contract: &Address,
    height: Height,
) -> Result<Option<ContractActivity>, StoreError> {
    let (first, end) = (activity_key(contract, Height::default()), activity_key(contract, height));
    let range = (Bound::Included(&first[..]), Bound::Excluded(&end[..]));
    let mut found = None;
    store.scan(Table::Index, range, Order::Descending, &mut |_, row| {
        found = Some(Bytes::from(row));
        ControlFlow::Break(())
    })?;
    let damaged = |error| StoreError::corrupt(format!("activity of {contract}: {error}"));
    found.map(|row| ContractActivity::decode(&row).map_err(damaged)).transpose()
}

impl ContractActivity {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.number(self.call_count.into());
        writer.number(self.last_modified.number().into());
        writer.number(self.last_modified_ms.into());
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<ContractActivity, DecodeError> {
        let mut reader = Reader::new(bytes);
        let activity = ContractActivity {
            call_count: reader.u64("a number of calls")?,
            last_modified: Height::new(reader.u64("a height")?),
            last_modified_ms: reader.u64("a time")?,
        };
        reader.finish()?;
        Ok(activity)
    }
}
