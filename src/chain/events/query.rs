//! [`Runtime::events`]: events of the past.

use alloc::format;
use alloc::vec::Vec;

use super::lookup::require_whole_index;
use super::postings::{Postings, Window};
use super::{EventFilter, EventPosition, MOST_EVENTS};
use crate::chain::block::Block;
use crate::chain::receipt::Receipt;
use crate::chain::runtime::{Error, Runtime};
use crate::chain::transaction::SignedTransaction;
use crate::primitives::{Hash, Height};
use crate::state::{Event, Store, StoreError, Table};

/// Events that are looked at for one page, whether they are wanted or not.
pub const MOST_EXAMINED: u32 = 10_000;

/// An event and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexedEvent {
    /// Where it is.
    pub position: EventPosition,
    /// The id of the transaction.
    pub transaction: Hash,
    /// The time of the block, in milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: u64,
    /// The event.
    pub event: Event,
}

/// Some of the events that a filter wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventPage {
    /// The events, in the order of the filter.
    pub events: Vec<IndexedEvent>,
    /// The cursor of the next page; none where there is nothing after this one. A page can have
    /// fewer events than the limit, or none, and a next one: see [`Runtime::events`].
    pub next: Option<EventPosition>,
}

impl<S: Store> Runtime<S> {
    /// The events that a filter wants, a page at a time, of the heights that are retained.
    ///
    /// One page looks at [`MOST_EXAMINED`] events at most: where few of many are wanted it ends
    /// before it is full, and the next one goes on.
    ///
    /// # Errors
    ///
    /// Where the store fails or is damaged, or the index is not whole: see [`Runtime::reindex`].
    pub fn events(&self, filter: &EventFilter) -> Result<EventPage, Error> {
        let mut page = EventPage::default();
        let store = self.store();
        let Some(head) = self.state().head() else { return Ok(page) };
        require_whole_index(store)?;
        let Some(window) = Window::of(filter, head.oldest, head.height) else { return Ok(page) };
        let mut postings = Postings::open(store, filter, window)?;
        let mut reader = EventReader { runtime: self, receipt: None, block: None };
        let limit = filter.limit.clamp(1, MOST_EVENTS) as usize;
        let mut examined = 0;
        while let Some(position) = postings.next(store)? {
            let event = reader.event(position)?;
            if filter.matches(position.height, event) {
                if page.events.len() == limit {
                    page.next = page.events.last().map(|last| last.position);
                    return Ok(page);
                }
                let event = event.clone();
                page.events.push(reader.indexed(position, event)?);
            }
            examined += 1;
            if examined == MOST_EXAMINED {
                page.next = Some(position);
                break;
            }
        }
        Ok(page)
    }
}

/// Reads events from receipts and blocks. Those that are near each other are often in the same.
struct EventReader<'a, S> {
    runtime: &'a Runtime<S>,
    /// The receipt that was read last.
    receipt: Option<((Height, u32), Receipt)>,
    /// The block that was read last.
    block: Option<Block>,
}

impl<S: Store> EventReader<'_, S> {
    fn event(&mut self, position: EventPosition) -> Result<&Event, StoreError> {
        let EventPosition { height, transaction, event } = position;
        let place = (height, transaction);
        if self.receipt.as_ref().is_none_or(|(cached, _)| *cached != place) {
            self.receipt = Some((place, read_receipt(self.runtime.store(), height, transaction)?));
        }
        let receipt = self.receipt.as_ref().map(|(_, receipt)| receipt);
        receipt.and_then(|receipt| receipt.events.get(event as usize)).ok_or_else(|| {
            StoreError::corrupt(format!("the index has an event of {height} that is not there"))
        })
    }

    fn indexed(&mut self, position: EventPosition, event: Event) -> Result<IndexedEvent, Error> {
        let height = position.height;
        if self.block.as_ref().is_none_or(|block| block.header.height != height) {
            self.block = self.runtime.block_at(height)?;
        }
        let missing = || StoreError::corrupt(format!("the block {height} of an event is missing"));
        let block = self.block.as_ref().ok_or_else(missing)?;
        Ok(indexed(block, position, event)?)
    }
}

/// An event of a block.
pub(super) fn indexed(
    block: &Block,
    position: EventPosition,
    event: Event,
) -> Result<IndexedEvent, StoreError> {
    let transaction = id_at(block, position.transaction)?;
    Ok(IndexedEvent { position, transaction, time_ms: block.header.time_ms, event })
}

/// The id of a transaction of a block.
fn id_at(block: &Block, index: u32) -> Result<Hash, StoreError> {
    let transaction = block.transaction(index).as_ref().map(SignedTransaction::id);
    let height = block.header.height;
    transaction
        .ok_or_else(|| StoreError::corrupt(format!("block {height} has no transaction {index}")))
}

/// The receipt of a transaction that the index names.
pub(super) fn read_receipt<S: Store>(
    store: &S,
    height: Height,
    index: u32,
) -> Result<Receipt, StoreError> {
    // Keys of receipts are what positions begin with: height and index.
    let key = EventPosition::new(height, index, 0).to_bytes();
    let row = store.get(Table::Receipts, &key[..12])?;
    let row = row.ok_or_else(|| {
        StoreError::corrupt(format!("the index names receipt {index} of {height}: it is missing"))
    })?;
    Receipt::decode(&row)
        .map_err(|error| StoreError::corrupt(format!("receipt {index} of {height}: {error}")))
}
