//! Events by name.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Value;
use super::decode::Decoder;
use super::error::{ValueError, ValueFault};
use super::json::write_fields;
use super::show::{hexadecimal, show_named};
use crate::codec::Address;
use crate::json::Json;
use crate::schema::Abi;

/// An event, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventValue {
    /// Its name.
    pub name: String,
    /// Its fields by name, in order of declaration: topics and data.
    pub fields: Vec<(String, Value)>,
}

impl Abi {
    /// The event that has these topics and this data. The first topic is its name.
    ///
    /// # Errors
    ///
    /// If there is no such event, its topics or its data do not decode as its fields, or something
    /// is left over. The offset is that in the topic or in the data.
    pub fn decode_event<T: AsRef<[u8]>>(
        &self,
        topics: &[T],
        data: &[u8],
    ) -> Result<EventValue, ValueError> {
        let mut topics = topics.iter();
        let name = topics.next().and_then(|topic| core::str::from_utf8(topic.as_ref()).ok());
        let event = name.and_then(|name| self.event(name));
        let event = event.ok_or(ValueError::new(0, ValueFault::NoSuchEvent))?;
        let mut data = Decoder::new(self, data);
        let mut fields = Vec::with_capacity(event.fields.len());
        for field in &event.fields {
            let value = if field.topic {
                let topic = topics.next().ok_or(ValueError::new(0, ValueFault::TopicCount))?;
                self.decode_value(field.ty, topic.as_ref())?
            } else {
                data.value(field.ty, 0)?
            };
            fields.push((field.name.clone(), value));
        }
        if topics.next().is_some() {
            return Err(ValueError::new(0, ValueFault::TopicCount));
        }
        data.finish()?;
        Ok(EventValue { name: event.name.clone(), fields })
    }

    /// Topics and data of an event: what a filter looks for, and what a test expects.
    ///
    /// # Errors
    ///
    /// If there is no such event, or the fields are not the event's by name and type.
    pub fn encode_event(&self, event: &EventValue) -> Result<(Vec<Vec<u8>>, Vec<u8>), ValueError> {
        let described = self.event(&event.name);
        let described = described.ok_or(ValueError::new(0, ValueFault::NoSuchEvent))?;
        let names = described.fields.iter().map(|field| &field.name);
        if !names.eq(event.fields.iter().map(|(name, _)| name)) {
            return Err(ValueError::new(0, ValueFault::FieldCount));
        }
        let mut topics = Vec::from([event.name.clone().into_bytes()]);
        let mut data = Vec::new();
        for (field, (_, value)) in described.fields.iter().zip(&event.fields) {
            let bytes = self.encode_value(field.ty, value)?;
            if field.topic { topics.push(bytes) } else { data.extend_from_slice(&bytes) }
        }
        Ok((topics, data))
    }
}

impl EventValue {
    /// The event as JSON on one line: `{"event": name, "fields": {…}}`, with each address as
    /// `address` writes it.
    #[must_use]
    pub fn to_json_with(&self, address: &dyn Fn(&Address) -> String) -> String {
        let mut json = Json::compact();
        json.object(|json| {
            json.member("event").string(&self.name);
            write_fields(json.member("fields"), &self.fields, address);
        });
        json.finish()
    }

    /// The event as JSON on one line, with addresses in hexadecimal.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_with(&hexadecimal)
    }

    /// The event as text, with each address as `address` writes it.
    pub fn shown<'a>(&'a self, address: &'a dyn Fn(&Address) -> String) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| show_named(f, &self.name, &self.fields, address))
    }
}

impl fmt::Display for EventValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_named(f, &self.name, &self.fields, &hexadecimal)
    }
}
