//! Bytes of each type, and what is refused; `tests/codec.rs` compares with borsh.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{Address, Bytes, CodecError, Decode, Encode, Expected, Hash, Input, Output};

fn refused<T: Decode + core::fmt::Debug>(bytes: &[u8], offset: u32, expected: Expected) {
    assert_eq!(T::from_bytes(bytes).unwrap_err(), CodecError { offset, expected });
}

#[test]
fn values_have_the_bytes_of_the_table() {
    assert_eq!((1_u16, -2_i8, true, ()).to_bytes(), [1, 0, 0xFE, 1]);
    assert_eq!([1_u16, 2].to_bytes(), [1, 0, 2, 0]);
    assert_eq!(vec![3_u16].to_bytes(), [1, 0, 0, 0, 3, 0]);
    assert_eq!("hé".to_bytes(), [3, 0, 0, 0, b'h', 0xC3, 0xA9]);
    assert_eq!(Bytes::new(vec![9, 8]).to_bytes(), [2, 0, 0, 0, 9, 8]);
    assert_eq!([None, Some(5_u8)].to_bytes(), [0, 1, 5]);
    assert_eq!(BTreeSet::from([2_u8, 1]).to_bytes(), [2, 0, 0, 0, 1, 2]);
    assert_eq!(BTreeMap::from([(2_u8, true), (1, false)]).to_bytes(), [2, 0, 0, 0, 1, 0, 2, 1]);
    assert_eq!(Address::new([7; 32]).to_bytes(), [7; 32]);
    assert_eq!(Hash::new([7; 32]).encoded_len(), 32);
}

#[test]
fn flags_are_zero_or_one() {
    refused::<bool>(&[2], 0, Expected::ZeroOrOne);
    refused::<(u8, Option<u8>)>(&[0, 2, 0], 1, Expected::ZeroOrOne);
}

#[test]
fn nothing_may_be_missing_or_left_over() {
    refused::<u32>(&[1, 2, 3], 0, Expected::MoreBytes);
    refused::<(u8, u32)>(&[1, 2, 3, 4], 1, Expected::MoreBytes);
    refused::<u8>(&[1, 2], 1, Expected::End);
    refused::<()>(&[0], 0, Expected::End);
    refused::<Option<u8>>(&[], 0, Expected::MoreBytes);
}

#[test]
fn a_length_beyond_the_input_is_refused_where_it_stands() {
    refused::<Vec<u64>>(&[0xFF; 4], 0, Expected::Length);
    refused::<(u8, Bytes)>(&[0, 2, 0, 0, 0, 1], 1, Expected::Length);
    refused::<BTreeMap<u8, u8>>(&[0xFF, 0xFF, 0xFF, 0xFF, 0], 0, Expected::Length);
    // A count that has a byte for each element, but not two.
    refused::<Vec<u16>>(&[3, 0, 0, 0, 1, 0, 2], 6, Expected::MoreBytes);
}

#[test]
fn strings_are_utf8() {
    refused::<String>(&[3, 0, 0, 0, b'a', 0xFF, b'b'], 5, Expected::Utf8);
    // Cut within a character.
    refused::<String>(&[2, 0, 0, 0, b'a', 0xC3], 5, Expected::Utf8);
    // A surrogate, and an overlong form.
    refused::<String>(&[3, 0, 0, 0, 0xED, 0xA0, 0x80], 4, Expected::Utf8);
    refused::<String>(&[2, 0, 0, 0, 0xC0, 0x80], 4, Expected::Utf8);
}

#[test]
fn sets_and_maps_ascend_strictly() {
    refused::<BTreeSet<u8>>(&[2, 0, 0, 0, 2, 1], 5, Expected::Ascending);
    refused::<BTreeSet<u8>>(&[2, 0, 0, 0, 1, 1], 5, Expected::Ascending);
    refused::<BTreeMap<u8, u8>>(&[2, 0, 0, 0, 1, 0, 1, 0], 6, Expected::Ascending);
    refused::<BTreeMap<i8, u8>>(&[2, 0, 0, 0, 1, 0, 0xFF, 0], 6, Expected::Ascending);
}

/// Has memory but no bytes, which only a hand-written type can have.
#[derive(Debug)]
struct Silent(#[expect(dead_code, reason = "only gives the type a size")] u8);

impl Decode for Silent {
    fn decode(_input: &mut Input<'_>) -> Result<Silent, CodecError> {
        Ok(Silent(0))
    }
}

#[test]
fn elements_without_bytes_make_no_list() {
    refused::<Vec<Silent>>(&[1, 0, 0, 0, 9], 4, Expected::ElementWithBytes);
    refused::<Vec<Silent>>(&[0xFF, 0xFF, 0xFF, 0xFF], 0, Expected::Length);
    assert!(Vec::<Silent>::from_bytes(&[0; 4]).is_ok_and(|list| list.is_empty()));
}

#[test]
fn arrays_may_have_elements_without_bytes() {
    assert_eq!([(); 3].to_bytes(), []);
    assert_eq!(<[(); 3]>::from_bytes(&[]), Ok([(); 3]));
    assert_eq!(<[u32; 0]>::from_bytes(&[]), Ok([]));
    assert_eq!(<[bool; 2]>::from_bytes(&[1, 0]), Ok([true, false]));
}

#[test]
fn an_output_can_be_a_trait_object() {
    let mut bytes = Vec::new();
    let output: &mut dyn Output = &mut bytes;
    (5_u8, "x").encode(output);
    assert_eq!(bytes, [5, 1, 0, 0, 0, b'x']);
}

#[test]
fn addresses_and_bytes_are_shown_in_hexadecimal() {
    let mut bytes = [0; 32];
    bytes[31] = 0xAB;
    let shown = format!("{:?}", Address::new(bytes));
    assert_eq!(shown, format!("0x{}ab", "00".repeat(31)));
    assert_eq!(format!("{:?}", Bytes::new(vec![1, 0xF0])), "0x01f0");
    assert!(Hash::ZERO.is_zero() && !Hash::new(bytes).is_zero());
    assert!(Hash::ZERO < Hash::new(bytes));
}

#[test]
fn input_can_be_read_piecewise() {
    let mut input = Input::new(&[1, 2, 3, 4]);
    assert_eq!(input.byte(), Ok(1));
    assert_eq!(input.take(4).unwrap_err(), CodecError { offset: 1, expected: Expected::MoreBytes });
    assert_eq!((input.offset(), input.remaining()), (1, 3));
    assert_eq!(input.take(1), Ok([2].as_slice()));
    assert_eq!(input.clone().finish(), Err(CodecError { offset: 2, expected: Expected::End }));
    assert_eq!(input.take_rest(), [3, 4]);
    assert_eq!(input.finish(), Ok(()));
}
