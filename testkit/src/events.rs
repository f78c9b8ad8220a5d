//! Events of the last transaction: read, and expected.

use dytallix_abi::Address;
use dytallix_abi::value::EventValue;
use dytallix_sdk::Event;

use crate::Suite;
use crate::text;
use crate::transaction::Transaction;

/// An event as a receipt has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Emitted {
    /// The contract that emitted it.
    pub contract: Address,
    /// Its topics; the first is its name.
    pub topics: Vec<Vec<u8>>,
    /// Its data.
    pub data: Vec<u8>,
}

impl Emitted {
    /// As an event of this type, if it is one.
    #[must_use]
    pub fn read<E: Event>(&self) -> Option<E> {
        E::read(&self.topics, &self.data)
    }

    fn is<E: Event>(&self, event: &E) -> bool {
        self.topics == event.topics() && self.data == event.data()
    }
}

impl Transaction {
    /// Its events, in order; none unless it succeeded.
    #[must_use]
    pub fn events(&self) -> Vec<Emitted> {
        let events = self.receipt.events.iter().map(|event| Emitted {
            contract: event.contract.into(),
            topics: event.topics.iter().map(|topic| topic.to_vec()).collect(),
            data: event.data.to_vec(),
        });
        events.collect()
    }
}

impl Suite {
    /// The events of the last deployment or call, in order; none if it failed.
    #[must_use]
    pub fn events(&self) -> Vec<Emitted> {
        self.last_transaction().map(|transaction| transaction.events()).unwrap_or_default()
    }

    /// The events of one type of the last deployment or call, in order, of whichever contract.
    #[must_use]
    pub fn events_of<E: Event>(&self) -> Vec<E> {
        self.events().iter().filter_map(Emitted::read).collect()
    }

    /// An event by its contract's ABI, if it decodes.
    #[must_use]
    pub fn decode_event(&self, event: &Emitted) -> Option<EventValue> {
        self.find_abi(event.contract)?.decode_event(&event.topics, &event.data).ok()
    }

    /// Expects that the last deployment or call emitted this event, from whichever contract.
    ///
    /// # Panics
    ///
    /// If it did not; the message lists what it emitted.
    #[track_caller]
    pub fn expect_event<E: Event>(&self, event: &E) {
        if !self.events().iter().any(|emitted| emitted.is(event)) {
            self.event_failed("there is no event", event);
        }
    }

    /// Expects that the last deployment or call emitted this event from that contract.
    ///
    /// # Panics
    ///
    /// If it did not.
    #[track_caller]
    pub fn expect_event_from<E: Event>(&self, contract: Address, event: &E) {
        if !self.events().iter().any(|emitted| emitted.contract == contract && emitted.is(event)) {
            self.event_failed(&format!("{} emitted no", self.name(contract)), event);
        }
    }

    /// Expects that the last deployment or call did not emit this event.
    ///
    /// # Panics
    ///
    /// If it did.
    #[track_caller]
    pub fn expect_no_event<E: Event>(&self, event: &E) {
        if self.events().iter().any(|emitted| emitted.is(event)) {
            self.event_failed("there is the event", event);
        }
    }

    /// Expects that the last deployment or call emitted no event at all.
    ///
    /// # Panics
    ///
    /// If it did.
    #[track_caller]
    pub fn expect_no_events(&self) {
        let events = self.events();
        assert!(events.is_empty(), "there are events:{}", self.list(&events));
    }

    /// Expects that the last deployment or call emitted these events and no others, in this order:
    /// `suite.expect_events(&[&Transfer(…), &Transfer(…)])`.
    ///
    /// # Panics
    ///
    /// If it emitted others.
    #[track_caller]
    pub fn expect_events(&self, expected: &[&dyn AnyEvent]) {
        let events = self.events();
        let is_same = |(emitted, expected): (&Emitted, &&dyn AnyEvent)| {
            (&emitted.topics, &emitted.data) == (&expected.all_topics(), &expected.all_data())
        };
        let same = events.len() == expected.len() && events.iter().zip(expected).all(is_same);
        assert!(
            same,
            "other events were expected, {} of them; there are:{}",
            expected.len(),
            self.list(&events)
        );
    }

    #[track_caller]
    fn event_failed<E: Event>(&self, what: &str, event: &E) -> ! {
        let events = self.events();
        // By the ABI of a contract that emitted one of that name; else in bytes.
        let (topics, data) = (event.topics(), event.data());
        let (name, mut shown) = (E::DESCRIPTION.name, None);
        for emitted in &events {
            let alike =
                Emitted { contract: emitted.contract, topics: topics.clone(), data: data.clone() };
            shown = shown.or_else(|| self.decode_event(&alike));
        }
        let shown = match shown {
            Some(event) => event.shown(&|address| self.name(*address)).to_string(),
            None => format!("{name} with {}", bytes(&topics, &data)),
        };
        panic!("{what} {shown}; there are:{}", self.list(&events))
    }

    /// Events, each on a line of its own.
    fn list(&self, events: &[Emitted]) -> String {
        match events {
            [] => " none".into(),
            events => {
                events.iter().map(|event| format!("\n  {}", self.show_event(event))).collect()
            }
        }
    }

    /// An event as `Token: Transfer { 0: alice, 1: bob, 2: 5 }`.
    pub(crate) fn show_event(&self, event: &Emitted) -> String {
        let contract = self.name(event.contract);
        match self.decode_event(event) {
            Some(decoded) => format!("{contract}: {}", decoded.shown(&|a| self.name(*a))),
            None => format!("{contract}: {}", bytes(&event.topics, &event.data)),
        }
    }
}

fn bytes(topics: &[Vec<u8>], data: &[u8]) -> String {
    let topics: Vec<String> = topics.iter().map(|topic| text::hexadecimal(topic)).collect();
    format!("topics [{}], data {}", topics.join(", "), text::hexadecimal(data))
}

/// An [`Event`] of whichever type.
pub trait AnyEvent {
    /// All topics, the name first.
    fn all_topics(&self) -> Vec<Vec<u8>>;
    /// The data.
    fn all_data(&self) -> Vec<u8>;
}

impl<E: Event> AnyEvent for E {
    fn all_topics(&self) -> Vec<Vec<u8>> {
        self.topics()
    }

    fn all_data(&self) -> Vec<u8> {
        self.data()
    }
}
