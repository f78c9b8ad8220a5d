//! Events and their limits.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use dytallix_abi::{HostFn, HostTrap};

use super::{CONTRACT, World, store, trap};
use crate::state::Event;

#[test]
fn an_event_carries_contract_topics_and_data() {
    let store = store();
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::EmitEvent, &[32, 20, 16, 5]), Ok(None));
    let topics: Vec<Box<[u8]>> = vec![b"first"[..].into(), b"two"[..].into()];
    let event = Event::new(CONTRACT, topics, b"value"[..].into());
    assert_eq!(world.overlay.events(), [event]);
}

#[test]
fn topics_have_one_valid_form() {
    let cases: &[(&[u8], bool)] = &[
        (b"\0\0\0\0", true),
        (b"\x01\0\0\0\0\0\0\0", true),
        (b"\x01\0\0\0\x01\0\0\0a", true),
        (b"", false),
        (b"\0\0\0", false),
        (b"\0\0\0\0x", false),
        (b"\x01\0\0\0", false),
        (b"\x01\0\0\0\x02\0\0\0a", false),
        (b"\x01\0\0\0\x01\0\0\0ab", false),
        (b"\x01\0\0\0\xff\xff\xff\xff", false),
        (b"\xff\xff\xff\xff", false),
    ];
    let store = store();
    for (topics, valid) in cases {
        let mut world = World::new(&store);
        world.memory[2000..2000 + topics.len()].copy_from_slice(topics);
        let outcome = world.call(HostFn::EmitEvent, &[2000, topics.len() as u64, 16, 5]);
        let expected = if *valid { Ok(None) } else { trap(HostTrap::MalformedTopics) };
        assert_eq!(outcome, expected, "{topics:?}");
        assert_eq!(world.overlay.events().len(), usize::from(*valid), "{topics:?}");
    }
}

#[test]
fn events_are_limited_on_both_sides_of_each_limit() {
    let encode = |count: u32, length: u32| {
        let topic = [&length.to_le_bytes()[..], &vec![1; length as usize]].concat();
        [count.to_le_bytes().to_vec(), topic.repeat(count as usize)].concat()
    };
    let store = store();
    let emit = |count: u32, topic: u32, data: u64| {
        let mut world = World::new(&store);
        world.rules.call_limits.event_bytes = 100;
        let topics = encode(count, topic);
        world.memory[2000..2000 + topics.len()].copy_from_slice(&topics);
        world.call(HostFn::EmitEvent, &[2000, topics.len() as u64, 16, data])
    };
    assert_eq!(emit(4, 64, 100), Ok(None));
    assert_eq!(emit(3, 63, 99), Ok(None));
    assert_eq!(emit(5, 1, 1), trap(HostTrap::MalformedTopics));
    assert_eq!(emit(1, 65, 1), trap(HostTrap::MalformedTopics));
    assert_eq!(emit(1, 1, 101), trap(HostTrap::EventLength));

    let mut world = World::new(&store);
    world.rules.call_limits.events = 2;
    for expected in [Ok(None), Ok(None), trap(HostTrap::EventCount)] {
        assert_eq!(world.call(HostFn::EmitEvent, &[32, 20, 16, 5]), expected);
    }
}
