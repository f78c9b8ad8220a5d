//! Events: `emit_event`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use dytallix_abi::{GasClass, HostTrap};

use crate::host::frame::{Env, Stop, within};
use crate::limits::CallLimits;
use crate::state::Event;

pub(super) fn emit_event(
    env: &mut Env<'_, '_>,
    topics: u32,
    topics_length: u32,
    data: u32,
    data_length: u32,
) -> Result<(), Stop> {
    let bytes = u64::from(topics_length) + u64::from(data_length);
    env.charge(GasClass::Event, bytes)?;
    env.require_writable()?;
    within(data_length, env.rules.call_limits.event_bytes, HostTrap::EventLength)?;
    if env.overlay.events().len() >= env.rules.call_limits.events as usize {
        return Err(Stop::Trap(HostTrap::EventCount));
    }
    let topics = decode_topics(env.guest.bytes(topics, topics_length)?, &env.rules.call_limits);
    let topics = topics.ok_or(Stop::Trap(HostTrap::MalformedTopics))?;
    let data = env.guest.bytes(data, data_length)?;
    env.overlay.emit(Event::new(env.frame.contract, topics, data.into()));
    Ok(())
}

/// A count, then each topic behind its length, and nothing after: `None` where that is not so.
fn decode_topics(mut bytes: &[u8], limits: &CallLimits) -> Option<Vec<Box<[u8]>>> {
    let count = take_u32(&mut bytes).filter(|&count| count <= limits.topics)?;
    let mut topics = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let length = take_u32(&mut bytes).filter(|&length| length <= limits.topic_bytes)?;
        topics.push(bytes.split_off(..length as usize)?.into());
    }
    bytes.is_empty().then_some(topics)
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u32::from_le_bytes(*number))
}
