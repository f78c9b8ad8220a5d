//! Storage that lasts and storage that does not.

use alloc::vec::Vec;

use dytallix_abi::{GasClass, HostFn, HostTrap};

use super::{CONTRACT, END, World, store, trap};
use crate::host::frame::Stop;
use crate::limits::StorageLimits;
use crate::primitives::Height;
use crate::state::{Block, Overlay};

#[test]
fn storage_is_set_read_found_and_removed() {
    let store = store();
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::StorageHas, &[0, 3]), Ok(Some(0)));
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 1000, 100]), Ok(Some(-1_i64 as u64)));
    assert_eq!(world.call(HostFn::StorageRemove, &[0, 3]), Ok(Some(0)));
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), Ok(None));
    assert_eq!(world.overlay.load_storage(&CONTRACT, b"key"), Ok(Some(b"value"[..].into())));
    assert_eq!(world.call(HostFn::StorageHas, &[0, 3]), Ok(Some(1)));
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 1000, 5]), Ok(Some(5)));
    assert_eq!(world.memory[1000..1006], *b"value\0");
    assert_eq!(world.call(HostFn::StorageRemove, &[0, 3]), Ok(Some(1)));
    assert_eq!(world.call(HostFn::StorageHas, &[0, 3]), Ok(Some(0)));
}

#[test]
fn a_value_longer_than_the_capacity_is_measured_and_not_written() {
    let store = store();
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), Ok(None));
    let before = world.memory.clone();
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 1000, 4]), Ok(Some(5)));
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, END, 0]), Ok(Some(5)));
    assert_eq!(world.memory, before);
}

#[test]
fn reading_a_value_is_paid_before_it_is_copied() {
    let store = store();
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 0, 1000]), Ok(None));
    let key_only = world.rules.prices.of(GasClass::StorageRead).total(3);
    world.gas = key_only + world.rules.prices.of(GasClass::StorageRead).bytes(1000) - 1;
    let before = world.memory.clone();
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 2000, 2000]), Err(Stop::OutOfGas));
    assert_eq!(world.memory, before);
}

#[test]
fn a_write_beyond_a_limit_of_storage_traps_and_changes_nothing() {
    for (items, bytes, writes, expected) in [
        (0, 8, 1, HostTrap::StorageItems),
        (1, 7, 1, HostTrap::StorageBytes),
        (1, 8, 0, HostTrap::WriteCount),
    ] {
        let store = store();
        let mut limits = StorageLimits::default();
        (limits.contract_items, limits.contract_bytes) = (items, bytes);
        limits.transaction_writes = writes;
        let mut world = World::new(&store);
        world.overlay = Overlay::new(&store).with_limits(limits);
        let before = world.visible();
        assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), trap(expected));
        assert_eq!(world.visible(), before);
    }
    let store = store();
    let mut limits = StorageLimits::default();
    (limits.contract_items, limits.contract_bytes, limits.transaction_writes) = (1, 8, 1);
    let mut world = World::new(&store);
    world.overlay = Overlay::new(&store).with_limits(limits);
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), Ok(None), "just at each limit");
}

#[test]
fn storage_lengths_are_limited_on_both_sides_of_each_limit() {
    let store = store();
    let mut world = World::new(&store);
    world.rules.call_limits.key_bytes = 8;
    world.rules.call_limits.value_bytes = 10;
    for length in [1, 7, 8] {
        assert_eq!(world.call(HostFn::StorageSet, &[0, length, 16, 5]), Ok(None));
        assert_eq!(world.call(HostFn::StorageHas, &[0, length]), Ok(Some(1)));
    }
    for length in [0, 9, u64::from(u32::MAX)] {
        world.gas = u64::MAX;
        for (function, arguments) in [
            (HostFn::StorageGet, &[0, length, 1000, 100][..]),
            (HostFn::StorageSet, &[0, length, 16, 5]),
            (HostFn::StorageRemove, &[0, length]),
            (HostFn::StorageHas, &[0, length]),
        ] {
            assert_eq!(world.call(function, arguments), trap(HostTrap::KeyLength), "{length}");
        }
    }
    for (length, expected) in [(9, Ok(None)), (10, Ok(None)), (11, trap(HostTrap::ValueLength))] {
        assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, length]), expected, "{length}");
    }
}

#[test]
fn the_first_touch_of_a_key_is_dearer_and_so_is_its_first_write() {
    let store = store();
    let mut world = World::new(&store);
    let prices = world.rules.prices.clone();
    let read = prices.of(GasClass::StorageRead).total(3);
    let write = prices.of(GasClass::StorageWrite).total(8);
    let cold = prices.cold_storage.total(0);
    let (has, set) = (&[0, 3][..], &[0, 3, 16, 5][..]);
    assert_eq!(world.priced(HostFn::StorageHas, has), (Ok(Some(0)), read + cold));
    assert_eq!(world.priced(HostFn::StorageHas, has), (Ok(Some(0)), read));
    let first = write + prices.state_write.total(8);
    assert_eq!(world.priced(HostFn::StorageSet, set), (Ok(None), first));
    // The same value is no write; another one pays for its bytes alone.
    assert_eq!(world.priced(HostFn::StorageSet, set), (Ok(None), write));
    let other = prices.of(GasClass::StorageWrite).total(7) + prices.state_write.bytes(7);
    assert_eq!(world.priced(HostFn::StorageSet, &[0, 3, 16, 4]), (Ok(None), other));
    let remove = prices.of(GasClass::StorageWrite).total(3) + prices.state_write.bytes(3);
    assert_eq!(world.priced(HostFn::StorageRemove, has), (Ok(Some(1)), remove));
    let absent = prices.of(GasClass::StorageWrite).total(3);
    assert_eq!(world.priced(HostFn::StorageRemove, has), (Ok(Some(0)), absent));
    // The next transaction begins anew.
    world.overlay.end_transaction();
    assert_eq!(world.priced(HostFn::StorageHas, has), (Ok(Some(0)), read + cold));
}

#[test]
fn what_was_undone_has_been_paid_and_stays_warm() {
    let store = store();
    let mut world = World::new(&store);
    let checkpoint = world.overlay.checkpoint();
    let (_, first) = world.priced(HostFn::StorageSet, &[0, 3, 16, 5]);
    world.overlay.revert(checkpoint);
    let (_, second) = world.priced(HostFn::StorageSet, &[0, 3, 16, 5]);
    let prices = &world.rules.prices;
    assert_eq!(first - second, u64::from(prices.cold_storage.base + prices.state_write.base));
}

/// Walks over the keys that begin with `prefix`, from after `after` on.
fn keys(world: &mut World<'_>, prefix: &[u8], after: &[u8]) -> Vec<Vec<u8>> {
    let (mut found, mut last) = (Vec::new(), after.to_vec());
    loop {
        world.memory[2000..2000 + prefix.len()].copy_from_slice(prefix);
        world.memory[2100..2100 + last.len()].copy_from_slice(&last);
        let (prefix_length, length) = (prefix.len() as u64, last.len() as u64);
        let arguments = [2000, prefix_length, 2100, length, 3000, 64];
        match world.call(HostFn::StorageNext, &arguments) {
            Ok(Some(length)) if length as i64 >= 0 => {
                last = world.memory[3000..3000 + length as usize].to_vec();
                found.push(last.clone());
            }
            outcome => {
                assert_eq!(outcome, Ok(Some(-1_i64 as u64)));
                return found;
            }
        }
    }
}

#[test]
fn keys_are_walked_in_byte_order_over_committed_state_and_changes() {
    let mut store = store();
    let mut overlay = Overlay::new(&store);
    for key in [&b"a1"[..], b"a3", b"b", b"\xff\xff", b"\xff\xff\x01"] {
        overlay.set_storage(&CONTRACT, key, Some(b"v")).expect("memory");
    }
    let changes = overlay.changes();
    store.commit(Block::new(Height::new(3), &changes)).expect("memory");
    let mut world = World::new(&store);
    for (key, value) in
        [(&b"a2"[..], Some(&b"v"[..])), (b"a3", None), (b"a", Some(b"")), (b"a4", None)]
    {
        world.overlay.set_storage(&CONTRACT, key, value).expect("memory");
    }
    let all: [&[u8]; 6] = [b"a", b"a1", b"a2", b"b", b"\xff\xff", b"\xff\xff\x01"];
    assert_eq!(keys(&mut world, b"", b""), all);
    assert_eq!(keys(&mut world, b"a", b""), [&b"a"[..], b"a1", b"a2"]);
    assert_eq!(keys(&mut world, b"a", b"a1"), [b"a2"]);
    assert_eq!(keys(&mut world, b"a", b"0"), [&b"a"[..], b"a1", b"a2"]);
    assert_eq!(keys(&mut world, b"a", b"b"), Vec::<Vec<u8>>::new());
    assert_eq!(keys(&mut world, b"\xff", b""), [&b"\xff\xff"[..], b"\xff\xff\x01"]);
    assert_eq!(keys(&mut world, b"\xff\xff\x01\x01", b""), Vec::<Vec<u8>>::new());
}

#[test]
fn each_removed_key_that_is_passed_over_is_paid() {
    let store = store();
    let mut world = World::new(&store);
    for n in 0..10_u8 {
        world.overlay.set_storage(&CONTRACT, &[b'k', n], Some(b"v")).expect("memory");
    }
    let arguments = [0, 1, 0, 0, 1000, 64];
    let (first, one) = world.priced(HostFn::StorageNext, &arguments);
    assert_eq!(first, Ok(Some(2)));
    for n in 0..9_u8 {
        world.overlay.set_storage(&CONTRACT, &[b'k', n], None).expect("memory");
    }
    let (last, ten) = world.priced(HostFn::StorageNext, &arguments);
    assert_eq!(last, Ok(Some(2)));
    assert_eq!(world.memory[1000..1002], [b'k', 9]);
    let scan = u64::from(world.rules.prices.of(GasClass::StorageScan).base);
    assert_eq!(ten - one, 9 * scan);
    world.gas = ten - 1;
    assert_eq!(world.call(HostFn::StorageNext, &arguments), Err(Stop::OutOfGas));
}

#[test]
fn a_key_longer_than_the_capacity_is_measured_and_not_written() {
    let store = store();
    let mut world = World::new(&store);
    world.overlay.set_storage(&CONTRACT, b"long key", Some(b"v")).expect("memory");
    let before = world.memory.clone();
    assert_eq!(world.call(HostFn::StorageNext, &[0, 0, 0, 0, 1000, 7]), Ok(Some(8)));
    assert_eq!(world.memory, before);
}

#[test]
fn transient_values_live_until_the_transaction_ends_and_are_undone_with_their_frame() {
    let store = store();
    let mut world = World::new(&store);
    let get = [0, 3, 1000, 100];
    assert_eq!(world.call(HostFn::TransientGet, &get), Ok(Some(-1_i64 as u64)));
    assert_eq!(world.call(HostFn::TransientSet, &[0, 3, 16, 5]), Ok(None));
    assert_eq!(world.call(HostFn::TransientGet, &get), Ok(Some(5)));
    assert_eq!(world.memory[1000..1005], *b"value");
    assert_eq!(world.call(HostFn::StorageHas, &[0, 3]), Ok(Some(0)), "apart from storage");
    let checkpoint = world.overlay.checkpoint();
    assert_eq!(world.call(HostFn::TransientSet, &[0, 3, 16, 0]), Ok(None));
    assert_eq!(world.call(HostFn::TransientGet, &get), Ok(Some(-1_i64 as u64)));
    world.overlay.revert(checkpoint);
    assert_eq!(world.call(HostFn::TransientGet, &get), Ok(Some(5)));
    world.overlay.end_transaction();
    assert_eq!(world.call(HostFn::TransientGet, &get), Ok(Some(-1_i64 as u64)));
}

#[test]
fn transient_bytes_are_limited_on_both_sides_of_the_limit() {
    let store = store();
    let mut world = World::new(&store);
    world.rules.call_limits.transient_bytes = 16;
    assert_eq!(world.call(HostFn::TransientSet, &[0, 3, 16, 5]), Ok(None));
    let full = trap(HostTrap::TransientBytes);
    assert_eq!(world.call(HostFn::TransientSet, &[0, 2, 16, 7]), full);
    assert_eq!(world.call(HostFn::TransientSet, &[0, 2, 16, 6]), Ok(None));
    assert_eq!(world.call(HostFn::TransientSet, &[0, 2, 16, 0]), Ok(None));
    assert_eq!(world.overlay.transient_bytes(), 8);
}
