//! [`EventFilter`]: which events somebody wants, of the past or as they come.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::EventPosition;
use crate::primitives::{Address, Height};
use crate::state::{Event, Order};

/// Events of one page.
pub const MOST_EVENTS: u32 = 1_000;

/// Which events somebody wants. The same filter serves queries of the past and subscriptions.
///
/// ```
/// use dytallix::chain::EventFilter;
/// use dytallix::{Address, Height};
///
/// let token = Address::from_bytes([1; 32]);
/// let bob = Address::from_bytes([2; 32]);
/// // Of the token, events whose first topic is "Transfer" and whose third is Bob.
/// let filter = EventFilter::new()
///     .contract(token)
///     .topic(0, *b"Transfer")
///     .topic(2, *bob.as_bytes())
///     .from(Height::new(100))
///     .limit(50);
/// # assert_eq!(filter.topics[1], None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventFilter {
    /// Of any of these contracts; of all where there is none.
    pub contracts: Vec<Address>,
    /// For each place of a topic: anything, nothing at all included, or any of these values.
    pub topics: Vec<Option<Vec<Box<[u8]>>>>,
    /// From this height on.
    pub from: Height,
    /// Up to this height, itself included.
    pub to: Height,
    /// Which way; ascending is oldest first. Subscriptions do not look at it.
    pub order: Order,
    /// Events of a page: at least 1, at most [`MOST_EVENTS`], and what is outside is taken as the
    /// nearest of these. Subscriptions do not look at it.
    pub limit: u32,
    /// Strictly after this position, in the order. Subscriptions do not look at it.
    pub cursor: Option<EventPosition>,
}

impl EventFilter {
    /// Every event, oldest first, [`MOST_EVENTS`] a page.
    #[must_use]
    pub const fn new() -> EventFilter {
        EventFilter {
            contracts: Vec::new(),
            topics: Vec::new(),
            from: Height::new(0),
            to: Height::new(u64::MAX),
            order: Order::Ascending,
            limit: MOST_EVENTS,
            cursor: None,
        }
    }

    /// The same with events of that contract, beside those that were named before.
    #[must_use]
    pub fn contract(mut self, contract: Address) -> Self {
        self.contracts.push(contract);
        self
    }

    /// The same with that value as the topic at `place`, beside those that were named before for
    /// this place. The first place is 0.
    #[must_use]
    pub fn topic(mut self, place: u8, value: impl Into<Box<[u8]>>) -> Self {
        let place = usize::from(place);
        if self.topics.len() <= place {
            self.topics.resize(place + 1, None);
        }
        self.topics[place].get_or_insert_default().push(value.into());
        self
    }

    /// The same from that height on.
    #[must_use]
    pub fn from(self, from: Height) -> Self {
        EventFilter { from, ..self }
    }

    /// The same up to that height, itself included.
    #[must_use]
    pub fn to(self, to: Height) -> Self {
        EventFilter { to, ..self }
    }

    /// The same in that order.
    #[must_use]
    pub fn order(self, order: Order) -> Self {
        EventFilter { order, ..self }
    }

    /// The same with that many events a page.
    #[must_use]
    pub fn limit(self, limit: u32) -> Self {
        EventFilter { limit, ..self }
    }

    /// The same strictly after that position: [`EventPage::next`](super::EventPage::next) of the
    /// page before.
    #[must_use]
    pub fn after(self, cursor: EventPosition) -> Self {
        EventFilter { cursor: Some(cursor), ..self }
    }

    /// Whether an event of the block of that height is wanted; order, limit and cursor apart.
    #[must_use]
    pub fn matches(&self, height: Height, event: &Event) -> bool {
        let is_wanted = |(place, values): (usize, &Option<Vec<Box<[u8]>>>)| match values {
            None => true,
            Some(values) => event.topics.get(place).is_some_and(|topic| values.contains(topic)),
        };
        (self.from..=self.to).contains(&height)
            && (self.contracts.is_empty() || self.contracts.contains(&event.contract))
            && self.topics.iter().enumerate().all(is_wanted)
    }
}

impl Default for EventFilter {
    fn default() -> Self {
        EventFilter::new()
    }
}
