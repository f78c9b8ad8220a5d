//! Values decoded by an ABI are what the typed codec reads, refused where it refuses, bounded, and
//! shown as documented.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use dytallix_abi::describe::TypeDesc;
use dytallix_abi::schema::{Abi, Field, Type, TypeId};
use dytallix_abi::value::{VALUES, ValueError, ValueFault};
use dytallix_abi::{Address, Bytes, Decode, Describe, Encode, Expected, Hash, Value};
use support::random_abi::{random_abi, random_fields, random_value};
use support::{Any, Rng};

/// An ABI with these types only; it need not be one that encodes.
fn abi_of(types: Vec<Type>) -> Abi {
    let mut abi = Abi::decode(&support::sample::SECTION).expect("the sample decodes");
    abi.types = types;
    abi
}

/// Adds a described type to the end of a table.
fn add(types: &mut Vec<Type>, ty: &TypeDesc) -> TypeId {
    let entry = match ty {
        TypeDesc::Bool => Type::Bool,
        TypeDesc::U8 => Type::U8,
        TypeDesc::U16 => Type::U16,
        TypeDesc::U32 => Type::U32,
        TypeDesc::U64 => Type::U64,
        TypeDesc::U128 => Type::U128,
        TypeDesc::I8 => Type::I8,
        TypeDesc::I16 => Type::I16,
        TypeDesc::I32 => Type::I32,
        TypeDesc::I64 => Type::I64,
        TypeDesc::I128 => Type::I128,
        TypeDesc::String => Type::String,
        TypeDesc::Bytes => Type::Bytes,
        TypeDesc::Address => Type::Address,
        TypeDesc::Hash => Type::Hash,
        TypeDesc::Option(inner) => Type::Option(add(types, inner)),
        TypeDesc::List(inner) => Type::List(add(types, inner)),
        TypeDesc::Array(inner, count) => Type::Array(add(types, inner), *count),
        TypeDesc::Set(inner) => Type::Set(add(types, inner)),
        TypeDesc::Map(key, value) => Type::Map(add(types, key), add(types, value)),
        TypeDesc::Tuple(parts) => Type::Tuple(parts.iter().map(|ty| add(types, ty)).collect()),
        TypeDesc::Struct { .. } | TypeDesc::Enum { .. } => unreachable!("not in these tests"),
    };
    types.push(entry);
    TypeId(types.len() as u16 - 1)
}

/// Decodes by type and by ABI, and compares: value, place of the error, what was expected.
fn agree<T: Describe + Encode + Decode + Any + Debug>() {
    let mut types = Vec::new();
    let id = add(&mut types, T::TYPE);
    let abi = abi_of(types);
    let mut rng = Rng::new(11);
    for _ in 0..1_000 {
        let bytes = T::any(&mut rng).to_bytes();
        let value = abi.decode_value(id, &bytes).expect("a value of the type");
        assert_eq!(abi.encode_value(id, &value).as_ref(), Ok(&bytes));
        for _ in 0..3 {
            let mut damaged = bytes.clone();
            rng.damage(&mut damaged);
            let typed = T::from_bytes(&damaged).map(|value| value.to_bytes());
            let dynamic = abi.decode_value(id, &damaged);
            let dynamic = dynamic.map(|value| abi.encode_value(id, &value).expect("its type"));
            assert_eq!(dynamic, typed.map_err(ValueError::from), "on {damaged:02x?}");
        }
    }
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
    integers_agree_with_the_typed_codec: ((u8, u16, u32, u64, u128), (i8, i16, i32, i64, i128));
    texts_and_bytes_agree_with_the_typed_codec: (String, Bytes, Vec<u8>, [u8; 4], Vec<String>);
    newtypes_agree_with_the_typed_codec: (Address, Option<Hash>, bool, ());
    lists_agree_with_the_typed_codec: (Vec<u16>, [Option<i8>; 3], Vec<(bool, Vec<bool>)>);
    maps_agree_with_the_typed_codec: (BTreeMap<i16, u8>, BTreeMap<String, ()>);
    // The order is Rust's, not that of the bytes.
    sets_of_signed_numbers_agree_with_the_typed_codec: BTreeSet<i16>;
    sets_of_options_agree_with_the_typed_codec: BTreeSet<Option<u16>>;
    sets_of_tuples_agree_with_the_typed_codec: BTreeSet<(bool, i8, String)>;
    sets_of_lists_agree_with_the_typed_codec: (BTreeSet<Vec<u8>>, BTreeSet<Vec<u16>>);
    sets_of_arrays_agree_with_the_typed_codec: (BTreeSet<[i8; 2]>, BTreeSet<[u8; 2]>);
    sets_of_sets_agree_with_the_typed_codec: BTreeSet<BTreeSet<u8>>;
    sets_of_maps_agree_with_the_typed_codec: BTreeSet<BTreeMap<u8, i8>>;
}

#[test]
fn random_values_are_decoded_without_loss() {
    let mut rng = Rng::new(12);
    for _ in 0..60 {
        let abi = random_abi(&mut rng);
        for at in 0..abi.types.len() as u16 {
            let value = random_value(&mut rng, &abi, TypeId(at));
            let bytes = abi.encode_value(TypeId(at), &value).expect("a value of the type");
            assert_eq!(abi.decode_value(TypeId(at), &bytes).as_ref(), Ok(&value));
            let json: serde_json::Value =
                serde_json::from_str(&value.to_json()).expect("the view is JSON");
            assert_eq!(json.is_null(), value == Value::Option(None));
            let mut damaged = bytes;
            rng.damage(&mut damaged);
            if let Ok(value) = abi.decode_value(TypeId(at), &damaged) {
                assert_eq!(abi.encode_value(TypeId(at), &value), Ok(damaged));
            }
        }
        for method in &abi.methods {
            let values = random_fields(&mut rng, &abi, &method.params);
            let bytes = abi.encode_fields(&method.params, values.iter().map(|(_, value)| value));
            let bytes = bytes.expect("a value for each parameter");
            assert_eq!(abi.decode_fields(&method.params, &bytes), Ok(values));
        }
    }
}

#[test]
fn few_bytes_stand_for_few_values() {
    // Sixty-four nothings in each part of sixty-four parts, and so on: 2^60 values of no bytes.
    let mut types = vec![Type::Tuple(Vec::new())];
    for at in 0..10 {
        types.push(Type::Tuple(vec![TypeId(at); 64]));
    }
    let abi = abi_of(types);
    let too_many = Err(ValueError { offset: 0, fault: ValueFault::TooMany });
    assert_eq!(abi.decode_value(TypeId(10), &[]), too_many);
    assert_eq!(abi.decode_value(TypeId(3), &[]), too_many);
    assert!(abi.decode_value(TypeId(2), &[]).is_ok());
    // A list of as many values as there may be, and of one more.
    let abi = abi_of(vec![Type::Bool, Type::List(TypeId(0))]);
    for (count, fits) in [(VALUES - 1, true), (VALUES, false)] {
        let mut bytes = count.to_le_bytes().to_vec();
        bytes.resize(4 + count as usize, 1);
        let decoded = abi.decode_value(TypeId(1), &bytes);
        assert_eq!(decoded.is_ok(), fits);
        assert!(fits || decoded.is_err_and(|error| error.fault == ValueFault::TooMany));
    }
    // Bytes count as one value, however many there are.
    let abi = abi_of(vec![Type::U8, Type::List(TypeId(0))]);
    let bytes = vec![7_u8; 1 << 20];
    assert_eq!(abi.decode_value(TypeId(1), &bytes.to_bytes()), Ok(Value::Bytes(Bytes::new(bytes))));
}

#[test]
fn a_table_made_by_hand_can_not_send_the_decoder_round_in_circles() {
    let abi = abi_of(vec![Type::Option(TypeId(0)), Type::List(TypeId(0)), Type::Set(TypeId(9))]);
    let error = |offset, id| Err(ValueError { offset, fault: ValueFault::NoSuchType(TypeId(id)) });
    assert_eq!(abi.decode_value(TypeId(0), &[1; 100]), error(16, 0));
    assert_eq!(abi.decode_value(TypeId(9), &[]), error(0, 9));
    assert_eq!(abi.decode_value(TypeId(2), &[1, 0, 0, 0, 0]), error(4, 9));
    let mut deep = Value::Option(None);
    for _ in 0..16 {
        deep = Value::Option(Some(Box::new(deep)));
    }
    assert_eq!(abi.encode_value(TypeId(0), &deep).map(|_| Value::Bool(true)), error(16, 0));
}

#[test]
fn values_of_another_type_are_not_encoded() {
    let named = |name: &str, ty| Field { name: String::from(name), ty: TypeId(ty) };
    let abi = abi_of(vec![
        Type::U8,
        Type::U64,
        Type::List(TypeId(0)),
        Type::Array(TypeId(1), 2),
        Type::Set(TypeId(1)),
        Type::Struct { name: String::from("S"), fields: vec![named("a", 0)] },
        Type::Tuple(vec![TypeId(0), TypeId(1)]),
        Type::Map(TypeId(0), TypeId(1)),
    ]);
    let list = |values: &[u64]| Value::List(values.iter().map(|n| Value::U64(*n)).collect());
    let structure = |name: &str, field: &str| Value::Struct {
        name: String::from(name),
        fields: vec![(String::from(field), Value::U8(1))],
    };
    for (ty, value) in [
        (0, Value::U16(1)),
        (1, Value::U8(1)),
        (2, Value::List(vec![Value::U8(1)])),
        (3, list(&[1])),
        (3, list(&[1, 2, 3])),
        (4, Value::Tuple(vec![])),
        (5, structure("T", "a")),
        (5, structure("S", "b")),
        (6, Value::Tuple(vec![Value::U8(1)])),
        (7, list(&[1])),
    ] {
        let mismatch = ValueError { offset: 0, fault: ValueFault::Mismatch(TypeId(ty)) };
        assert_eq!(abi.encode_value(TypeId(ty), &value), Err(mismatch), "{value:?}");
    }
    let ascending = ValueFault::Codec(Expected::Ascending);
    for values in [[2, 1], [1, 1]] {
        let error = abi.encode_value(TypeId(4), &list(&values));
        assert_eq!(error, Err(ValueError { offset: 12, fault: ascending }));
    }
    assert_eq!(abi.encode_value(TypeId(3), &list(&[1, 2])), Ok([1_u64, 2].to_bytes()));
    assert_eq!(abi.encode_value(TypeId(5), &structure("S", "a")), Ok(vec![1]));
    let fields = [named("x", 0), named("y", 1)];
    let count = |values: &[Value]| abi.encode_fields(&fields, values).map_err(|e| e.fault);
    assert_eq!(count(&[Value::U8(1)]), Err(ValueFault::FieldCount));
    let three = [Value::U8(1), Value::U64(1), Value::U8(1)];
    assert_eq!(count(&three), Err(ValueFault::FieldCount));
    assert_eq!(count(&three[..2]), Ok((1_u8, 1_u64).to_bytes()));
}

#[test]
fn values_are_shown_as_documented() {
    let boxed = |value| Value::Option(Some(Box::new(value)));
    let text = |text: &str| Value::String(String::from(text));
    let address = Address::new([0xAB; 32]);
    let hex = format!("0x{}", "ab".repeat(32));
    let fields = vec![
        (String::from("id"), Value::U64(u64::MAX)),
        (String::from("by"), Value::Address(address)),
    ];
    let variant = |fields| Value::Enum { index: 1, variant: String::from("Filled"), fields };
    let structure = Value::Struct { name: String::from("Order"), fields: fields.clone() };
    for (value, shown, json) in [
        (Value::Bool(true), "true", "true"),
        (Value::U32(u32::MAX), "4294967295", "4294967295"),
        (Value::I32(-5), "-5", "-5"),
        (Value::I64(-5), "-5", "\"-5\""),
        (
            Value::U128(u128::MAX),
            "340282366920938463463374607431768211455",
            "\"340282366920938463463374607431768211455\"",
        ),
        (text("a\"\\\n\u{1b}é\u{202e}"), "\"a\\\"\\\\\\n\\u{1b}é\\u{202e}\"", {
            "\"a\\\"\\\\\\n\\u001bé\\u202e\""
        }),
        (Value::Bytes(Bytes::new(vec![0, 0xFF])), "0x00ff", "\"0x00ff\""),
        (Value::Hash(Hash::new([0xAB; 32])), &hex, &format!("\"{hex}\"")),
        (Value::Option(None), "None", "null"),
        (boxed(Value::U8(1)), "Some(1)", "1"),
        (boxed(Value::Option(None)), "Some(None)", "{\"some\":null}"),
        (boxed(boxed(Value::U8(1))), "Some(Some(1))", "{\"some\":1}"),
        (Value::List(vec![Value::U8(1), Value::U8(2)]), "[1, 2]", "[1,2]"),
        (Value::Tuple(vec![]), "()", "[]"),
        (Value::Tuple(vec![Value::U8(1)]), "(1,)", "[1]"),
        (Value::Map(vec![(text("k"), Value::U8(1))]), "{\"k\": 1}", "[[\"k\",1]]"),
        (
            structure,
            &format!("Order {{ id: 18446744073709551615, by: {hex} }}"),
            &format!("{{\"id\":\"18446744073709551615\",\"by\":\"{hex}\"}}"),
        ),
        (variant(vec![]), "Filled", "\"Filled\""),
        (
            variant(vec![(String::from("0"), Value::U8(1))]),
            "Filled { 0: 1 }",
            "{\"Filled\":{\"0\":1}}",
        ),
    ] {
        assert_eq!(value.to_string(), shown);
        assert_eq!(value.to_json(), json);
    }
    // Addresses as the chain writes them.
    let short = |address: &Address| format!("dyt…{:x}", address.as_bytes()[31]);
    let value = Value::List(vec![Value::Address(address)]);
    assert_eq!(value.shown(&short).to_string(), "[dyt…ab]");
    assert_eq!(value.to_json_with(&short), "[\"dyt…ab\"]");
}
