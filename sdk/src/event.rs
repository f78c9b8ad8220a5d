//! Events: what `#[event]` writes for a struct.

use alloc::vec::Vec;

use dytallix_abi::describe::{EventDesc, TypeDesc};
use dytallix_abi::{Describe, Encode, Output, limits};

use crate::buffer::{Buffer, KeyBuffer, Short, is_short};
use crate::host;

/// A struct that can be emitted. `#[event]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    note = "write `#[event]` above the struct"
)]
pub trait Event: Sized {
    /// What the ABI section says of it.
    const DESCRIPTION: EventDesc;

    /// Appends the topics behind the name, in order.
    fn write_topics(&self, topics: &mut Topics);

    /// Appends the fields that are no topics, in order.
    fn write_data<O: Output>(&self, data: &mut O);

    /// The event that was emitted with these topics and data, if it is one of this type.
    fn read(topics: &[Vec<u8>], data: &[u8]) -> Option<Self>;

    /// All topics, the name first.
    fn topics(&self) -> Vec<Vec<u8>> {
        encoded(self).list()
    }

    /// The data.
    fn data(&self) -> Vec<u8> {
        let mut data = Vec::new();
        self.write_data(&mut data);
        data
    }
}

/// That an event is in the ABI section of this crate's contract. `#[methods]` implements it for the
/// events that it sees in `emit(…)` and for those that are listed.
#[diagnostic::on_unimplemented(
    message = "the event `{Self}` is not in the contract's ABI",
    label = "emitted where `#[methods]` does not see it",
    note = "list it: `#[methods(events({Self}))]`"
)]
pub trait InAbi {}

/// Topics as the host takes them: a `u32` count, then each with its `u32` length.
#[derive(Clone, Debug)]
pub struct Topics {
    bytes: KeyBuffer,
}

impl Topics {
    /// With the name as topic 0; `count` topics, with the name, will have been added at the end.
    #[inline]
    fn new(name: &str, count: u32) -> Topics {
        let mut topics = Topics { bytes: KeyBuffer::new() };
        topics.bytes.push(&count.to_le_bytes());
        topics.bytes.push(&(name.len() as u32).to_le_bytes());
        topics.bytes.push(name.as_bytes());
        topics
    }

    /// Adds a field.
    #[inline]
    pub fn add<T: Encode + Describe>(&mut self, field: &T) {
        // That there is a length is checked where the event is defined.
        let length = const { fixed_len(T::TYPE) };
        self.bytes.push(&length.unwrap_or_default().to_le_bytes());
        field.encode(&mut self.bytes);
    }

    fn list(&self) -> Vec<Vec<u8>> {
        let mut rest = self.bytes.as_slice().get(4..).unwrap_or_default();
        let mut topics = Vec::new();
        while let Some((length, behind)) = rest.split_first_chunk() {
            let (topic, behind) = behind.split_at(u32::from_le_bytes(*length) as usize);
            topics.push(topic.to_vec());
            rest = behind;
        }
        topics
    }
}

/// The number of topics of an event, its name among them.
const fn topic_count(event: &EventDesc) -> u32 {
    let (mut count, mut field) = (1, 0);
    while field < event.fields.len() {
        count += event.fields[field].topic as u32;
        field += 1;
    }
    count
}

/// Whether the fields that are no topics have one length in all, and a short one.
const fn data_is_short(event: &EventDesc) -> bool {
    let mut types = [&TypeDesc::Tuple(&[]); limits::FIELDS];
    let mut field = 0;
    while field < event.fields.len() {
        if !event.fields[field].topic {
            types[field] = event.fields[field].ty;
        }
        field += 1;
    }
    is_short(&types)
}

fn encoded<E: Event>(event: &E) -> Topics {
    let mut topics =
        Topics::new(const { E::DESCRIPTION.name }, const { topic_count(&E::DESCRIPTION) });
    event.write_topics(&mut topics);
    topics
}

/// Emits an event.
pub(crate) fn emit<E: Event>(event: &E) {
    let topics = encoded(event);
    if const { data_is_short(&E::DESCRIPTION) } {
        let mut data = Short::new();
        event.write_data(&mut data);
        host::emit_event(topics.bytes.as_slice(), data.as_slice());
    } else {
        let mut data = Buffer::new();
        event.write_data(&mut data);
        host::emit_event(topics.bytes.as_slice(), data.as_slice());
    }
}

/// Length of the encoding of every value of a type, in bytes, where all have the same.
#[must_use]
pub const fn fixed_len(ty: &TypeDesc) -> Option<u32> {
    match ty {
        TypeDesc::Bool | TypeDesc::U8 | TypeDesc::I8 => Some(1),
        TypeDesc::U16 | TypeDesc::I16 => Some(2),
        TypeDesc::U32 | TypeDesc::I32 => Some(4),
        TypeDesc::U64 | TypeDesc::I64 => Some(8),
        TypeDesc::U128 | TypeDesc::I128 => Some(16),
        TypeDesc::Address | TypeDesc::Hash => Some(32),
        TypeDesc::Array(part, count) => match fixed_len(part) {
            Some(len) => len.checked_mul(*count),
            None => None,
        },
        TypeDesc::Tuple(parts) => {
            let (mut sum, mut part) = (0, 0);
            while part < parts.len() {
                match fixed_len(parts[part]) {
                    Some(len) => sum += len,
                    None => return None,
                }
                part += 1;
            }
            Some(sum)
        }
        TypeDesc::Struct { fields, .. } => {
            let (mut sum, mut field) = (0, 0);
            while field < fields.len() {
                match fixed_len(fields[field].ty) {
                    Some(len) => sum += len,
                    None => return None,
                }
                field += 1;
            }
            Some(sum)
        }
        TypeDesc::Enum { variants, .. } => {
            let mut variant = 0;
            while variant < variants.len() {
                if !variants[variant].fields.is_empty() {
                    return None;
                }
                variant += 1;
            }
            Some(1)
        }
        _ => None,
    }
}

/// Whether values of a type can be topics: of one length, which is at most 64 bytes.
#[must_use]
pub const fn can_be_topic(ty: &TypeDesc) -> bool {
    match fixed_len(ty) {
        Some(len) => len <= 64,
        None => false,
    }
}
