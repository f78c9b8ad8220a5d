//! Handles over the mock's storage, against the standard library's collections.

use std::collections::BTreeMap;

use dytallix_sdk::mock::Mock;
use dytallix_sdk::prelude::*;

#[test]
fn maps_iterate_in_key_order_and_within_themselves() {
    let mock = Mock::new();
    let (mut before, mut map, mut behind) =
        (Map::<u8, u8>::at(0), Map::<i32, u64>::at(1), Item::<u8>::at(2));
    before.set(255, 1);
    behind.set(1);
    let mut model = BTreeMap::new();
    for number in [5, -3, 700, 0, i32::MIN, i32::MAX, 6] {
        map.set(number, u64::from(number.unsigned_abs()));
        model.insert(number, u64::from(number.unsigned_abs()));
    }
    map.remove(6);
    model.remove(&6);
    assert_eq!(map.iter().collect::<BTreeMap<_, _>>(), model);
    assert!(map.iter().eq(model.clone()), "in order");
    assert!(map.keys().eq(model.keys().copied()));
    for from in [i32::MIN, -3, -2, 0, 6, 701, i32::MAX] {
        let range = model.range(from..).map(|(key, value)| (*key, *value));
        assert!(map.range_from(from).eq(range), "from {from}");
        let range = model.range(from..).filter(|(key, _)| **key != from);
        assert!(map.range_after(from).eq(range.map(|(key, value)| (*key, *value))), "after {from}");
    }
    // Another contract's storage is its own.
    let elsewhere = mock.inside(Address::new([9; 32]), || map.iter().count());
    assert_eq!(elsewhere, 0);
}

#[test]
fn a_tuple_key_is_walked_by_its_first_part() {
    let _mock = Mock::new();
    let mut map: Map<(Address, String), u8> = Map::at(7);
    let [ann, bob] = [[1; 32], [2; 32]].map(Address::new);
    map.set((bob, "x".into()), 1);
    map.set((ann, "y".into()), 2);
    map.set((ann, String::new()), 3);
    let of_ann: Vec<_> = map.iter_with(ann).collect();
    assert_eq!(of_ann, [((ann, String::new()), 3), ((ann, "y".into()), 2)]);
    assert_eq!(map.iter_with(Address::ZERO).count(), 0);
}

#[test]
fn a_list_is_as_a_vec() {
    let _mock = Mock::new();
    let (mut list, mut model) = (List::<String>::at(3), Vec::<String>::new());
    for step in 0..200_u32 {
        match step * 7 % 5 {
            0..3 => {
                assert_eq!(list.push(step.to_string()) as usize, model.len());
                model.push(step.to_string());
            }
            3 => assert_eq!(list.pop(), model.pop()),
            _ if !model.is_empty() => {
                let index = step as usize % model.len();
                assert_eq!(list.swap_remove(index as u32), Some(model.swap_remove(index)));
            }
            _ => {}
        }
        assert_eq!(list.len() as usize, model.len());
        assert!(list.iter().eq(model.iter().cloned()));
        assert!(list.iter().rev().eq(model.iter().rev().cloned()));
        assert_eq!(list.get(list.len()), None);
    }
    assert!(model.len() > 10);
    assert_eq!(list.swap_remove(u32::MAX), None);
}

#[test]
fn setting_beyond_a_list_is_a_panic() {
    let mock = Mock::new();
    let error = mock.attempt(|| List::<u8>::at(0).set(0, 1)).unwrap_err();
    assert_eq!(error.data[1..], *b"index out of bounds of a List");
}

#[test]
fn defaults_and_zeroes_take_no_storage() {
    let mock = Mock::new();
    let mut map: Map<u8, u128> = Map::at(1);
    map.set_or_remove(5, 9);
    assert_eq!(map.sub_or(5, 9, ()), Ok(0));
    assert_eq!(mock.stored(Mock::CONTRACT, &[1, 5]), None);
    map.set(5, 0);
    assert_eq!(mock.stored(Mock::CONTRACT, &[1, 5]), Some(vec![0; 16]), "unless that is said");
    map.set_or_remove(5, 0);
    assert!(!map.has(5));
    assert_eq!(map.add_or(5, 0, ()), Ok(0));
    assert!(!map.has(5));
    assert_eq!((map.take(5), map.update(5, |old| Ok::<_, ()>(old + 3))), (None, Ok(3)));
    assert_eq!(map.take(5), Some(3));
}

#[test]
fn long_values_and_keys_are_kept_as_short_ones() {
    let mock = Mock::new();
    let mut map: Map<Bytes, Vec<u8>> = Map::at(1);
    for length in [0, 1, 127, 128, 129, 255, 5_000] {
        let key = Bytes::new(vec![7; length.min(255)]);
        map.set(&key, vec![3; length]);
        assert_eq!(map.get(&key), vec![3; length], "{length} bytes");
    }
    assert_eq!(map.keys().last(), Some(Bytes::new(vec![7; 255])));
    let too_long = Bytes::new(vec![7; 300]);
    let error = mock.attempt(|| Map::<Bytes, u8>::at(2).set(&too_long, 1)).unwrap_err();
    assert_eq!(error.data[1..], *b"a key is too long");
}

#[test]
fn stored_bytes_of_another_type_are_refused() {
    let mock = Mock::new();
    Item::<u32>::at(0).set(7);
    let error = mock.attempt(|| Item::<bool>::at(0).get()).unwrap_err();
    assert_eq!(error.sdk_error(), Some(dytallix_sdk::SdkError::StoredBytes));
}

#[test]
fn transient_values_are_beside_the_stored_ones() {
    let mock = Mock::new();
    let (mut item, mut transient) = (Item::<u8>::at(0), Transient::<u8>::at(0));
    item.set(1);
    transient.set(2);
    assert_eq!((item.get(), transient.get()), (1, 2));
    mock.end_transaction();
    assert_eq!((item.get(), transient.find()), (1, None));
}
