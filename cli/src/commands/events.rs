//! `dytallix events`: what contracts have told.

use std::fmt::Write;

use clap::Args;
use dytallix::chain::{EventFilter, EventPosition, IndexedEvent, MOST_EVENTS};
use dytallix::state::Order;
use dytallix::{Address, Height};
use serde_json::{Value as Json, json};

use crate::bytes::parse_hex;
use crate::chain::{Abis, DataArgs, event_json, event_text};
use crate::failure::Failure;
use crate::report::{Paint, Report};

/// Lists events, oldest first, by contract and topics.
///
/// Where there are more, the last line and `next` in the document say with which --after they go
/// on.
#[derive(Args, Debug)]
pub(crate) struct Events {
    /// Of this contract; as often as there are some.
    #[arg(long, value_name = "ADDRESS")]
    contract: Vec<Address>,
    /// Of this name, which is topic 0; as often as there are some.
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
    /// With this topic at that place: text, dyt1… or 0x…. Place 0 is the name.
    #[arg(long, value_name = "PLACE=TOPIC", value_parser = topic)]
    topic: Vec<(u8, Box<[u8]>)>,
    /// From this height on.
    #[arg(long, value_name = "HEIGHT", default_value_t = 0, hide_default_value = true)]
    from: u64,
    /// Up to this height.
    #[arg(long, value_name = "HEIGHT", default_value_t = u64::MAX, hide_default_value = true)]
    to: u64,
    /// Newest first.
    #[arg(long)]
    newest: bool,
    /// At most that many.
    #[arg(long, value_name = "COUNT", default_value_t = 100,
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_EVENTS)))]
    limit: u32,
    /// Those behind this place: HEIGHT/TRANSACTION/EVENT.
    #[arg(long, value_name = "PLACE", value_parser = position)]
    after: Option<EventPosition>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

impl Events {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let chain = self.data.open()?;
        let mut filter = self.filter();
        let mut events: Vec<IndexedEvent> = Vec::new();
        // A page may end before it is full, where few of many events are wanted.
        let next = loop {
            let page = chain.runtime.events(&filter).map_err(|error| chain.failure(&error))?;
            events.extend(page.events);
            let missing = (self.limit as usize).saturating_sub(events.len());
            match page.next {
                Some(next) if missing > 0 => filter = filter.after(next).limit(missing as u32),
                next => break next,
            }
        };
        let abis = Abis::new(chain.state());
        let mut text = String::new();
        for found in &events {
            let place = Paint.dim(&place(&found.position));
            let contract = found.event.contract;
            let _ = writeln!(text, "{place}  {contract}\n  {}", event_text(&found.event, &abis));
        }
        if events.is_empty() {
            text.push_str("there are no such events\n");
        }
        if let Some(next) = &next {
            let _ = writeln!(text, "{} --after {}", Paint.dim("more"), place(next));
        }
        let json = json!({
            "schema": "dytallix.events/1",
            "data": self.data.name(),
            "height": chain.height().number(),
            "events": events.iter().map(|found| found_json(found, &abis)).collect::<Vec<_>>(),
            "next": next.as_ref().map(place),
        });
        Ok(Report { text, json })
    }

    fn filter(&self) -> EventFilter {
        let mut filter = EventFilter::new()
            .from(Height::new(self.from))
            .to(Height::new(self.to))
            .limit(self.limit)
            .order(if self.newest { Order::Descending } else { Order::Ascending });
        for contract in &self.contract {
            filter = filter.contract(*contract);
        }
        for name in &self.name {
            filter = filter.topic(0, name.as_bytes());
        }
        for (place, topic) in &self.topic {
            filter = filter.topic(*place, topic.clone());
        }
        match self.after {
            Some(after) => filter.after(after),
            None => filter,
        }
    }
}

fn found_json(found: &IndexedEvent, abis: &Abis<'_>) -> Json {
    let mut json = event_json(&found.event, abis);
    json["place"] = place(&found.position).into();
    json["height"] = found.position.height.number().into();
    json["transaction"] = found.transaction.to_string().into();
    json["time_ms"] = found.time_ms.into();
    json
}

/// A place as it is written: `HEIGHT/TRANSACTION/EVENT`.
fn place(position: &EventPosition) -> String {
    format!("{}/{}/{}", position.height, position.transaction, position.event)
}

/// Reads a place, for clap.
fn position(text: &str) -> Result<EventPosition, String> {
    let numbers: Option<Vec<u64>> = text.split('/').map(|part| part.parse().ok()).collect();
    let small = |number: u64| u32::try_from(number).ok();
    let read = match numbers.as_deref() {
        Some([height, transaction, event]) => {
            small(*transaction).zip(small(*event)).map(|(transaction, event)| {
                EventPosition::new(Height::new(*height), transaction, event)
            })
        }
        _ => None,
    };
    read.ok_or_else(|| "it is written HEIGHT/TRANSACTION/EVENT".to_owned())
}

/// Reads `PLACE=TOPIC`, for clap.
fn topic(text: &str) -> Result<(u8, Box<[u8]>), String> {
    let (place, topic) = text.split_once('=').ok_or("it is written PLACE=TOPIC")?;
    let place = place.parse::<u8>().ok().filter(|place| *place < MOST_TOPICS);
    let place = place.ok_or_else(|| format!("places of topics are 0 to {}", MOST_TOPICS - 1))?;
    if topic.starts_with("0x") {
        let bytes = parse_hex(topic).ok_or("0x has to be followed by pairs of digits")?;
        return Ok((place, bytes.into()));
    }
    match topic.parse::<Address>() {
        Ok(address) => Ok((place, Box::from(&address.as_bytes()[..]))),
        Err(_) => Ok((place, topic.as_bytes().into())),
    }
}

/// Far more topics than an event may have, and few enough to list.
const MOST_TOPICS: u8 = 16;
