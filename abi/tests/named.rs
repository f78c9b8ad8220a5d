//! Events, reverts and storage entries are decoded to names, and made from names.

mod support;

use dytallix_abi::schema::{Abi, Storage, StorageKind, TypeId};
use dytallix_abi::value::{EventValue, Revert, StorageKey, ValueError, ValueFault};
use dytallix_abi::{Address, Encode, Expected, SdkError, Value};
use support::random_abi::{random_abi, random_value};
use support::sample::SECTION;
use support::{Any, Rng};

const BY: Address = Address::new([0x11; 32]);

fn sample() -> Abi {
    Abi::decode(&SECTION).expect("the sample decodes")
}

fn codec(offset: u32, expected: Expected) -> ValueError {
    ValueError { offset, fault: ValueFault::Codec(expected) }
}

fn fault(offset: u32, fault: ValueFault) -> ValueError {
    ValueError { offset, fault }
}

/// The order of the sample: `id`, `note`, two legs.
fn order() -> Vec<u8> {
    (7_u64, Some("fast"), [(BY, -1_i128), (BY, 2)]).to_bytes()
}

#[test]
fn an_event_has_its_fields_in_order_of_declaration() {
    let topics = [b"Placed".to_vec(), BY.to_bytes(), 7_u64.to_bytes()];
    let event = sample().decode_event(&topics, &order()).expect("an event of the sample");
    let names: Vec<&str> = event.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((event.name.as_str(), names), ("Placed", vec!["by", "order", "id"]));
    let by = format!("0x{}", "11".repeat(32));
    assert_eq!(
        event.to_string(),
        format!(
            "Placed {{ by: {by}, order: Order {{ id: 7, note: Some(\"fast\"), legs: [Leg {{ 0: \
             {by}, 1: -1 }}, Leg {{ 0: {by}, 1: 2 }}] }}, id: 7 }}"
        )
    );
    let json: serde_json::Value = serde_json::from_str(&event.to_json()).expect("JSON");
    assert_eq!(json["event"], "Placed");
    assert_eq!(json["fields"]["order"]["legs"][0]["1"], "-1");
    let short = |_: &Address| String::from("dyt1");
    assert!(event.shown(&short).to_string().starts_with("Placed { by: dyt1, order"));
    assert!(event.to_json_with(&short).contains("\"by\":\"dyt1\""));
    assert_eq!(sample().encode_event(&event), Ok((topics.to_vec(), order())));
    let closed = sample().decode_event(&[b"Closed"], &[]).expect("an event without fields");
    assert_eq!((closed.to_string().as_str(), closed.fields.len()), ("Closed", 0));
}

#[test]
fn events_that_do_not_fit_are_refused() {
    let abi = sample();
    let topics = [b"Placed".to_vec(), BY.to_bytes(), 7_u64.to_bytes()];
    let none: [&[u8]; 0] = [];
    assert_eq!(abi.decode_event(&none, &[]), Err(fault(0, ValueFault::NoSuchEvent)));
    assert_eq!(abi.decode_event(&[b"Other"], &[]), Err(fault(0, ValueFault::NoSuchEvent)));
    assert_eq!(abi.decode_event(&[[0xFF]], &[]), Err(fault(0, ValueFault::NoSuchEvent)));
    let few = abi.decode_event(&topics[..2], &order());
    assert_eq!(few, Err(fault(0, ValueFault::TopicCount)));
    let many = [&topics[..], &[vec![1]]].concat();
    assert_eq!(abi.decode_event(&many, &order()), Err(fault(0, ValueFault::TopicCount)));
    let mut long = topics.clone();
    long[2].push(0);
    assert_eq!(abi.decode_event(&long, &order()), Err(codec(8, Expected::End)));
    let mut data = order();
    data.push(0);
    let end = Err(codec(data.len() as u32 - 1, Expected::End));
    assert_eq!(abi.decode_event(&topics, &data), end);
    let unnamed = EventValue { name: String::from("Placed"), fields: vec![] };
    assert_eq!(abi.encode_event(&unnamed), Err(fault(0, ValueFault::FieldCount)));
}

#[test]
fn reverts_have_names_and_texts() {
    let abi = sample();
    let shown = |data: &[u8]| abi.decode_revert(data).expect("a revert of the sample");
    let late = shown(&(1_u8, 99_u64).to_bytes());
    assert_eq!((late.name(), late.to_string().as_str()), ("TooLate", "TooLate { deadline: 99 }"));
    assert!(matches!(&late, Revert::Contract { docs, .. } if docs == "The deadline has passed."));
    assert_eq!(late.to_json(), r#"{"by":"contract","error":"TooLate","fields":{"deadline":"99"}}"#);
    assert_eq!(shown(&[0]).to_string(), "NotOwner");
    assert_eq!(shown(&[]), Revert::Empty);
    assert_eq!(shown(&[]).to_json(), r#"{"by":"nobody","error":"Empty","fields":{}}"#);
    assert_eq!(shown(&[0xF0]), Revert::Sdk(SdkError::BadArguments));
    assert_eq!(shown(&[0xF1]).to_string(), "ArithmeticOverflow");
    assert_eq!(shown(b"\xF2at \"x\"").to_string(), "Panic: \"at \\\"x\\\"\"");
    assert_eq!(
        shown(b"\xF2\xFF!").to_json(),
        "{\"by\":\"sdk\",\"error\":\"Panic\",\"fields\":{\"message\":\"\u{FFFD}!\"}}"
    );
    let failed = shown(&[0xF4, 1, 0, 0, 0, 0xAB]);
    assert_eq!(failed.to_string(), "CallFailed: Reverted, data 0xab");
    let fields = r#"{"status":1,"data":"0xab"}"#;
    assert_eq!(
        failed.to_json(),
        format!(r#"{{"by":"sdk","error":"CallFailed","fields":{fields}}}"#)
    );
    assert_eq!(shown(&[0xF4, 77, 0, 0, 0]).to_string(), "CallFailed: status 77");
    for &error in SdkError::ALL {
        let data = [error.code(), 0, 0, 0, 0];
        let fixed = !matches!(error, SdkError::Panic | SdkError::CallFailed);
        assert_eq!(abi.decode_revert(&data).is_err(), fixed, "nothing follows {error:?}");
        let whole = if error == SdkError::CallFailed { &data[..] } else { &data[..1] };
        let name = format!("{error:?}");
        assert_eq!(shown(whole).name(), name);
        assert_eq!(Revert::decode_sdk(whole).expect("without an ABI").name(), name);
    }
}

#[test]
fn reverts_that_nobody_has_are_refused() {
    let abi = sample();
    assert_eq!(abi.decode_revert(&[2]), Err(fault(0, ValueFault::NoSuchError)));
    assert_eq!(abi.decode_revert(&[0xF6]), Err(fault(0, ValueFault::NoSuchError)));
    assert_eq!(abi.decode_revert(&[0, 1]), Err(codec(1, Expected::End)));
    assert_eq!(abi.decode_revert(&[1, 0]), Err(codec(1, Expected::MoreBytes)));
    assert_eq!(abi.decode_revert(&[0xF4, 1]), Err(codec(1, Expected::MoreBytes)));
    assert_eq!(Revert::decode_sdk(&[1]), Err(fault(0, ValueFault::NoSuchError)));
}

#[test]
fn storage_entries_have_handles_keys_and_values() {
    let abi = sample();
    let owner = abi.decode_storage(&[0], BY.as_bytes()).expect("the owner");
    let by = format!("0x{}", "11".repeat(32));
    assert_eq!(owner.to_string(), format!("owner = {by}"));
    let mut key = vec![2];
    key.extend(BY.as_bytes());
    key.extend([0x7F, 0xFE]);
    key.extend("né".as_bytes());
    let name = abi.decode_storage(&key, &5_u128.to_bytes()).expect("a name");
    assert_eq!(name.to_string(), format!("names[({by}, (-2, \"né\"))] = 5"));
    assert_eq!(
        name.to_json(),
        format!("{{\"handle\":\"names\",\"key\":[\"{by}\",[-2,\"né\"]],\"value\":\"5\"}}")
    );
    assert_eq!(abi.storage_key("names", &name.key), Ok(key));
    let length = abi.decode_storage(&[9], &3_u32.to_bytes()).expect("the length");
    assert_eq!((length.to_string().as_str(), length.key), ("log.len = 3", StorageKey::Length));
    let entry = (1_u64, 0_u8).to_bytes();
    let entry = abi.decode_storage(&[9, 0, 0, 1, 0], &entry).expect("an element");
    assert_eq!(entry.to_string(), "log[256] = (1, Open)");
    assert_eq!(abi.storage_key("log", &StorageKey::Index(256)), Ok(vec![9, 0, 0, 1, 0]));
    assert_eq!(abi.storage_key("log", &StorageKey::Length), Ok(vec![9]));
    assert_eq!(abi.storage_key("owner", &StorageKey::Item), Ok(vec![0]));
}

#[test]
fn storage_that_does_not_fit_is_refused() {
    let abi = sample();
    let key = |key: &[u8]| abi.decode_storage_key(key).map(|_| ());
    assert_eq!(key(&[]), Err(fault(0, ValueFault::NoSuchHandle)));
    assert_eq!(key(&[1]), Err(fault(0, ValueFault::NoSuchHandle)));
    assert_eq!(key(&[0, 0]), Err(codec(1, Expected::End)));
    assert_eq!(key(&[9, 0, 0]), Err(codec(1, Expected::MoreBytes)));
    assert_eq!(key(&[9, 0, 0, 0, 0, 0]), Err(codec(5, Expected::End)));
    assert_eq!(key(&[2; 20]), Err(codec(1, Expected::MoreBytes)));
    let text = [&[2][..], &[1; 34], b"ok\xFF"].concat();
    assert_eq!(key(&text), Err(codec(37, Expected::Utf8)));
    assert_eq!(abi.decode_storage(&[0], &[1; 31]), Err(codec(0, Expected::MoreBytes)));
    assert_eq!(abi.decode_storage(&[9], &[1; 5]), Err(codec(4, Expected::End)));
    let made = |handle: &str, key| abi.storage_key(handle, &key).map_err(|error| error.fault);
    assert_eq!(made("other", StorageKey::Item), Err(ValueFault::NoSuchHandle));
    assert_eq!(made("log", StorageKey::Item), Err(ValueFault::NoSuchKey));
    assert_eq!(made("owner", StorageKey::Index(0)), Err(ValueFault::NoSuchKey));
    let wrong = made("names", StorageKey::Map(Value::U8(1)));
    assert!(matches!(wrong, Err(ValueFault::Mismatch(_))), "{wrong:?}");
}

#[test]
fn storage_keys_are_in_the_order_of_their_values() {
    let mut rng = Rng::new(21);
    let mut compared = 0;
    for _ in 0..200 {
        let mut abi = random_abi(&mut rng);
        for at in 0..abi.types.len() as u16 {
            let kind = StorageKind::Map(TypeId(at), TypeId(0));
            let (handle, docs) = (String::from("map"), String::new());
            abi.storage = vec![Storage { handle, prefix: 3, kind, docs }];
            if abi.encode().is_err() {
                // Not a type of keys, or what else refers to it is gone.
                continue;
            }
            let mut entry = || {
                let value = random_value(&mut rng, &abi, TypeId(at));
                let key = StorageKey::Map(value.clone());
                let bytes = abi.storage_key("map", &key).expect("a key of the map");
                let (storage, decoded) = abi.decode_storage_key(&bytes).expect("a key of the map");
                assert_eq!((storage.handle.as_str(), decoded), ("map", key));
                (value, bytes)
            };
            let ((one, one_bytes), (other, other_bytes)) = (entry(), entry());
            assert_eq!(one.cmp(&other), one_bytes.cmp(&other_bytes), "{one} {other}");
            compared += 1;
        }
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn random_events_are_decoded_without_loss() {
    let mut rng = Rng::new(22);
    let mut decoded = 0;
    for _ in 0..200 {
        let abi = random_abi(&mut rng);
        for event in &abi.events {
            let fields = event
                .fields
                .iter()
                .map(|field| (field.name.clone(), random_value(&mut rng, &abi, field.ty)));
            let value = EventValue { name: event.name.clone(), fields: fields.collect() };
            let (topics, mut data) = abi.encode_event(&value).expect("fields of the event");
            assert_eq!(abi.decode_event(&topics, &data).as_ref(), Ok(&value));
            decoded += 1;
            rng.damage(&mut data);
            if let Ok(damaged) = abi.decode_event(&topics, &data) {
                assert_eq!(abi.encode_event(&damaged), Ok((topics, data)));
            }
        }
        // Nothing makes the decoders of reverts and keys panic.
        let noise = <Vec<u8>>::any(&mut rng);
        let _ = (abi.decode_revert(&noise), abi.decode_storage_key(&noise).map(|_| ()));
    }
    assert!(decoded > 200, "{decoded}");
}
