//! The codec agrees with crate `borsh`: on every value, both ways, and on what is no value.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use borsh::{BorshDeserialize, BorshSerialize};
use dytallix_abi::{Address, Bytes, CodecError, Decode, Encode, Expected, Hash, Input, Output};
use support::{Any, Rng};

/// Values per type; each is then damaged four times.
const VALUES: u32 = 2_000;

trait Both: Encode + Decode + BorshSerialize + BorshDeserialize + PartialEq + Debug + Any {}
impl<T: Encode + Decode + BorshSerialize + BorshDeserialize + PartialEq + Debug + Any> Both for T {}

/// Whether both decoders make the same of `bytes`; what is accepted has one form only.
fn agree_on_bytes<T: Both>(bytes: &[u8]) -> bool {
    let ours = T::from_bytes(bytes).ok();
    let theirs = borsh::from_slice::<T>(bytes).ok();
    assert_eq!(ours, theirs, "on {bytes:02x?}");
    if let Some(value) = &ours {
        assert_eq!(value.to_bytes(), bytes, "a second form");
    }
    ours.is_some()
}

/// Compares both codecs on values, on damaged encodings and on noise; some must have been refused.
fn agree<T: Both>() {
    let mut rng = Rng::new(7);
    let mut refused = 0;
    for _ in 0..VALUES {
        let value = T::any(&mut rng);
        let bytes = value.to_bytes();
        assert_eq!(bytes, borsh::to_vec(&value).expect("a value that borsh has a form for"));
        assert_eq!(value.encoded_len(), bytes.len() as u64);
        assert!(agree_on_bytes::<T>(&bytes));
        for _ in 0..4 {
            let mut damaged = bytes.clone();
            rng.damage(&mut damaged);
            refused += u32::from(!agree_on_bytes::<T>(&damaged));
        }
        agree_on_bytes::<T>(&rng.bytes(24));
    }
    assert!(refused > VALUES / 4, "{refused}");
}

macro_rules! agreement {
    ($($name:ident: $ty:ty;)*) => { $(
        #[test]
        fn $name() {
            agree::<$ty>();
        }
    )* };
}

agreement! {
    unsigned_integers_agree_with_borsh: (u8, u16, u32, u64, u128);
    signed_integers_agree_with_borsh: (i8, i16, i32, i64, i128);
    flags_agree_with_borsh: (bool, Option<bool>, Option<Option<u16>>);
    nothing_agrees_with_borsh: ();
    the_longest_tuple_agrees_with_borsh: (u8, i16, u32, i64, u128, bool, String, Option<i8>);
    strings_agree_with_borsh: (String, Vec<String>);
    byte_lists_agree_with_borsh: (Vec<u8>, Vec<Vec<u8>>);
    lists_agree_with_borsh: Vec<(u16, bool)>;
    arrays_agree_with_borsh: ([u8; 5], [u32; 3], [Option<u8>; 2], [u8; 0]);
    sets_agree_with_borsh: (BTreeSet<u8>, BTreeSet<i16>);
    sets_of_strings_agree_with_borsh: BTreeSet<String>;
    maps_agree_with_borsh: BTreeMap<i8, bool>;
    maps_to_nothing_agree_with_borsh: BTreeMap<u8, ()>;
    nested_collections_agree_with_borsh: BTreeMap<(u8, bool), Vec<BTreeSet<Option<u8>>>>;
    enums_agree_with_borsh: Shape;
    lists_of_enums_agree_with_borsh: (Vec<Shape>, Option<Shape>);
}

/// An enum, with what the SDK's macro writes for it.
#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
enum Shape {
    Point,
    Circle { radius: u32 },
    Named(String, bool),
}

impl Any for Shape {
    fn any(rng: &mut Rng) -> Shape {
        match rng.below(3) {
            0 => Shape::Point,
            1 => Shape::Circle { radius: u32::any(rng) },
            _ => Shape::Named(String::any(rng), bool::any(rng)),
        }
    }
}

impl Encode for Shape {
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        match self {
            Shape::Point => out.write(&[0]),
            Shape::Circle { radius } => (1_u8, radius).encode(out),
            Shape::Named(name, flag) => (2_u8, name, flag).encode(out),
        }
    }
}

impl Decode for Shape {
    fn decode(input: &mut Input<'_>) -> Result<Shape, CodecError> {
        let start = input.clone();
        Ok(match input.byte()? {
            0 => Shape::Point,
            1 => Shape::Circle { radius: Decode::decode(input)? },
            2 => Shape::Named(Decode::decode(input)?, Decode::decode(input)?),
            _ => return Err(start.error(Expected::Variant)),
        })
    }
}

#[test]
fn newtypes_have_the_bytes_of_what_they_hold() {
    let mut rng = Rng::new(8);
    for _ in 0..VALUES {
        let (array, list) = <([u8; 32], Vec<u8>)>::any(&mut rng);
        let theirs = borsh::to_vec(&(array, array, list.clone())).expect("a form");
        let ours = (Address::new(array), Hash::new(array), Bytes::new(list));
        assert_eq!(ours.to_bytes(), theirs);
        assert_eq!(<(Address, Hash, Bytes)>::from_bytes(&theirs), Ok(ours));
    }
}

#[test]
fn a_count_without_bytes_reserves_no_memory() {
    // Each would be gigabytes if the count were believed.
    for count in [u32::MAX, 1 << 24, 1 << 16, 5] {
        let mut bytes = count.to_le_bytes().to_vec();
        bytes.extend([0; 4]);
        assert!(Vec::<[u64; 64]>::from_bytes(&bytes).is_err());
        assert!(BTreeSet::<[u8; 4096]>::from_bytes(&bytes).is_err());
        assert!(Vec::<u8>::from_bytes(&bytes).is_err());
        assert!(String::from_bytes(&bytes).is_err());
    }
}
