//! Posting lists: positions of events by contract, by topic, or all, read from the index a page at
//! a time and merged in order.
//!
//! A filter is several sets of lists, one set for its contracts and one for each topic that it
//! names; an event that it wants is in each of the sets. So one set is walked, that which promises
//! the fewest positions, and the events that it leads to are asked for the rest.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use super::index::{EVENT, contract_prefix, topic_prefix};
use super::{EventFilter, EventPosition};
use crate::primitives::Height;
use crate::state::{Order, Store, StoreError, Table};

/// Keys that are read at a time, over all lists of a set.
const PAGE: usize = 256;

/// Lists of a set. A place with more values than this is asked of the events alone, which keeps
/// what a filter takes of memory and time within bounds.
const MOST_LISTS: usize = 64;

/// Positions from one to another, both included, as numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    low: u128,
    high: u128,
    order: Order,
}

impl Window {
    /// Where a filter wants to look, of the heights that are retained; none where that is nowhere.
    pub(super) fn of(filter: &EventFilter, oldest: Height, head: Height) -> Option<Window> {
        let (from, to) = (filter.from.max(oldest), filter.to.min(head));
        let mut window = Window {
            low: number(EventPosition::new(from, 0, 0)),
            high: number(EventPosition::new(to, u32::MAX, u32::MAX)),
            order: filter.order,
        };
        let cursor = filter.cursor.map(number);
        match filter.order {
            Order::Ascending => {
                let after = cursor.map_or(Some(0), |cursor| cursor.checked_add(1))?;
                window.low = window.low.max(after);
            }
            Order::Descending => {
                let before = cursor.map_or(Some(u128::MAX), |cursor| cursor.checked_sub(1))?;
                window.high = window.high.min(before);
            }
        }
        (window.low <= window.high).then_some(window)
    }

    /// What is left of it after a position; none where that is nothing.
    fn after(self, position: u128) -> Option<Window> {
        let left = match self.order {
            Order::Ascending => Window { low: position.checked_add(1)?, ..self },
            Order::Descending => Window { high: position.checked_sub(1)?, ..self },
        };
        (left.low <= left.high).then_some(left)
    }

    /// Heights from its beginning to a position.
    fn heights_to(self, position: u128) -> u64 {
        let from = match self.order {
            Order::Ascending => self.low,
            Order::Descending => self.high,
        };
        height(from).abs_diff(height(position)).saturating_add(1)
    }

    fn is_before(self, a: u128, b: u128) -> bool {
        match self.order {
            Order::Ascending => a < b,
            Order::Descending => a > b,
        }
    }
}

fn number(position: EventPosition) -> u128 {
    u128::from_be_bytes(position.to_bytes())
}

fn height(position: u128) -> u64 {
    (position >> 64) as u64
}

/// A set of lists, merged.
#[derive(Debug)]
pub(super) struct Postings {
    lists: Vec<List>,
    window: Window,
}

/// The positions behind one prefix.
#[derive(Debug)]
struct List {
    prefix: Vec<u8>,
    /// What has been read and not been taken.
    page: VecDeque<u128>,
    /// How many keys are read at a time.
    page_keys: usize,
    /// What has not been read; none where everything has.
    left: Option<Window>,
}

impl Postings {
    /// The set of lists of a filter that promises the fewest positions.
    pub(super) fn open<S: Store>(
        store: &S,
        filter: &EventFilter,
        window: Window,
    ) -> Result<Postings, StoreError> {
        let mut best: Option<(u128, Postings)> = None;
        for prefixes in candidates(filter) {
            let postings = Postings::of(store, prefixes, window)?;
            let promised = postings.promised();
            if best.as_ref().is_none_or(|(fewest, _)| promised < *fewest) {
                best = Some((promised, postings));
            }
        }
        match best {
            Some((_, postings)) => Ok(postings),
            None => Postings::of(store, Vec::from([Vec::from([EVENT])]), window),
        }
    }

    /// A set of lists with the first page of each.
    fn of<S: Store>(
        store: &S,
        prefixes: Vec<Vec<u8>>,
        window: Window,
    ) -> Result<Postings, StoreError> {
        let page_keys = (PAGE / prefixes.len().max(1)).max(16);
        let mut lists = Vec::with_capacity(prefixes.len());
        for prefix in prefixes {
            let mut list = List { prefix, page: VecDeque::new(), page_keys, left: Some(window) };
            list.fill(store)?;
            lists.push(list);
        }
        Ok(Postings { lists, window })
    }

    /// About how many positions there are, if the lists go on as they begin.
    fn promised(&self) -> u128 {
        let all = match self.window.order {
            Order::Ascending => self.window.high,
            Order::Descending => self.window.low,
        };
        let heights = u128::from(self.window.heights_to(all));
        let of_list = |list: &List| {
            let seen = list.page.len() as u128;
            match (list.left, list.page.back()) {
                (Some(_), Some(&last)) => {
                    (seen * heights / u128::from(self.window.heights_to(last))).max(seen + 1)
                }
                _ => seen,
            }
        };
        self.lists.iter().map(of_list).sum()
    }

    /// The next position in the order; none at the end. A position that several lists have comes
    /// once.
    pub(super) fn next<S: Store>(
        &mut self,
        store: &S,
    ) -> Result<Option<EventPosition>, StoreError> {
        let mut next = None;
        for list in &mut self.lists {
            if list.page.is_empty() {
                list.fill(store)?;
            }
            let Some(&first) = list.page.front() else { continue };
            if next.is_none_or(|next| self.window.is_before(first, next)) {
                next = Some(first);
            }
        }
        for list in &mut self.lists {
            if list.page.front() == next.as_ref() {
                list.page.pop_front();
            }
        }
        Ok(next.map(|next| EventPosition::from_bytes(next.to_be_bytes())))
    }
}

impl List {
    /// Reads the next page, where there is one.
    fn fill<S: Store>(&mut self, store: &S) -> Result<(), StoreError> {
        let Some(window) = self.left else { return Ok(()) };
        let key = |position: u128| [&self.prefix[..], &position.to_be_bytes()].concat();
        let (first, last) = (key(window.low), key(window.high));
        let range = (Bound::Included(&first[..]), Bound::Included(&last[..]));
        let (page, page_keys) = (&mut self.page, self.page_keys);
        let mut outcome = Ok(());
        store.scan(Table::Index, range, window.order, &mut |key, _| {
            match key[self.prefix.len()..].try_into() {
                Ok(position) => page.push_back(u128::from_be_bytes(position)),
                Err(_) => outcome = Err(StoreError::corrupt("a key of the index is too long")),
            }
            match outcome.is_ok() && page.len() < page_keys {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })?;
        outcome?;
        self.left = match self.page.back() {
            Some(&last) if self.page.len() == page_keys => window.after(last),
            _ => None,
        };
        Ok(())
    }
}

/// The prefixes of each set of lists that leads to all events that a filter wants.
fn candidates(filter: &EventFilter) -> Vec<Vec<Vec<u8>>> {
    let mut sets = Vec::new();
    if !filter.contracts.is_empty() {
        sets.push(filter.contracts.iter().map(contract_prefix).collect());
    }
    for (place, values) in (0..=u8::MAX).zip(&filter.topics) {
        let Some(values) = values else { continue };
        sets.push(values.iter().map(|value| topic_prefix(place, value)).collect());
    }
    sets.iter_mut().for_each(|set: &mut Vec<Vec<u8>>| {
        set.sort_unstable();
        set.dedup();
    });
    sets.retain(|set| set.len() <= MOST_LISTS);
    sets
}
