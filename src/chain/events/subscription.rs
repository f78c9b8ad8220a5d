//! Who wants to hear of events and blocks as they become durable.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::query::indexed;
use super::{EventFilter, EventPosition, IndexedEvent};
use crate::chain::receipt::Receipt;
use crate::chain::runtime::{BlockError, BlockResult, Error, Runtime};
use crate::primitives::Height;
use crate::state::Store;

/// Names a subscription, to end it. It is equal to itself and its clones alone.
#[derive(Clone)]
pub struct SubscriptionId(Arc<()>);

/// Somebody who wants to hear of blocks or events.
pub(crate) struct Subscriber {
    id: SubscriptionId,
    listener: Listener,
}

enum Listener {
    /// Called with every block.
    Blocks(Box<dyn FnMut(&BlockResult) + Send>),
    /// Called with the events that a filter wants.
    Events {
        filter: EventFilter,
        /// The last height that it has heard of.
        told: Height,
        listener: Box<dyn FnMut(&IndexedEvent) + Send>,
    },
}

impl<S: Store> Runtime<S> {
    /// Calls `listener` with every block that becomes durable from now on, in order.
    pub fn subscribe_blocks(
        &mut self,
        listener: impl FnMut(&BlockResult) + Send + 'static,
    ) -> SubscriptionId {
        self.add_subscriber(Listener::Blocks(Box::new(listener)))
    }

    /// Calls `listener` with every event that `filter` wants of the blocks that become durable from
    /// now on, in order. Order, limit and cursor of the filter are not looked at: for the past
    /// there is [`Runtime::events`].
    ///
    /// Listeners are called when everything else is done. One that panics leaves a block that is
    /// durable and a runtime that goes on; it is not told the rest of that block, and other
    /// listeners of events are told of it with the next.
    pub fn subscribe(
        &mut self,
        filter: EventFilter,
        listener: impl FnMut(&IndexedEvent) + Send + 'static,
    ) -> SubscriptionId {
        let (told, listener) = (self.height().unwrap_or_default(), Box::new(listener));
        self.add_subscriber(Listener::Events { filter, told, listener })
    }

    /// Ends a subscription; whether there was one.
    pub fn unsubscribe(&mut self, id: &SubscriptionId) -> bool {
        let before = self.subscribers.len();
        self.subscribers.retain(|subscriber| subscriber.id != *id);
        self.subscribers.len() < before
    }

    fn add_subscriber(&mut self, listener: Listener) -> SubscriptionId {
        let id = SubscriptionId(Arc::new(()));
        self.subscribers.push(Subscriber { id: id.clone(), listener });
        id
    }

    /// Tells everybody of a block that has become durable.
    pub(in crate::chain) fn tell_subscribers(&mut self, result: &BlockResult) {
        let height = result.header.height;
        let first = self.subscribers.iter().filter_map(|one| one.untold(height)).min();
        let blocks = first.map(|first| self.events_from(first, result)).unwrap_or_default();
        for subscriber in &mut self.subscribers {
            let untold = subscriber.untold(height);
            match &mut subscriber.listener {
                Listener::Blocks(listener) => listener(result),
                Listener::Events { filter, told, listener } => {
                    for (at, events) in blocks.iter().filter(|(at, _)| Some(*at) >= untold) {
                        // Before the call: whoever panics has been told.
                        *told = *at;
                        let wanted = events.iter().filter(|one| filter.matches(*at, &one.event));
                        wanted.for_each(&mut *listener);
                    }
                }
            }
        }
    }

    /// The events of the blocks from a height on, up to that which has just become durable. It is
    /// durable whatever comes here, so there is nobody to tell of an error: what can not be read
    /// now is told with the next block.
    fn events_from(&self, first: Height, result: &BlockResult) -> Vec<(Height, Vec<IndexedEvent>)> {
        let height = result.header.height;
        let oldest = self.state().head().map_or(height, |head| head.oldest);
        let heights = (first.max(oldest).number()..=height.number()).map(Height::new);
        let events = |at: Height| {
            let events = match at == height {
                true => self.events_of(at, &result.receipts),
                false => self.receipts_at(at).and_then(|receipts| self.events_of(at, &receipts)),
            };
            events.ok().map(|events| (at, events))
        };
        heights.map_while(events).collect()
    }

    /// The events of a block with these receipts.
    fn events_of(&self, height: Height, receipts: &[Receipt]) -> Result<Vec<IndexedEvent>, Error> {
        if receipts.iter().all(|receipt| receipt.events.is_empty()) {
            return Ok(Vec::new());
        }
        let block = self.block_at(height)?.ok_or(BlockError::Unknown(height))?;
        let mut events = Vec::new();
        for (index, receipt) in (0_u32..).zip(receipts) {
            for (number, event) in (0_u32..).zip(&receipt.events) {
                let position = EventPosition::new(height, index, number);
                events.push(indexed(&block, position, event.clone())?);
            }
        }
        Ok(events)
    }
}

impl Subscriber {
    /// The first height up to `height` whose events it has not heard of. Heights that were told can
    /// come again, where blocks have been dropped.
    fn untold(&self, height: Height) -> Option<Height> {
        match &self.listener {
            Listener::Blocks(_) => None,
            Listener::Events { told, .. } => Some(told.next().map_or(height, |at| at.min(height))),
        }
    }
}

impl PartialEq for SubscriptionId {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SubscriptionId {}

impl fmt::Debug for SubscriptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubscriptionId").finish_non_exhaustive()
    }
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber").finish_non_exhaustive()
    }
}
