//! The context over the mock.
#![allow(missing_docs, reason = "the contracts here are for these tests")]

use dytallix_sdk::mock::Mock;
use dytallix_sdk::prelude::*;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

#[test]
fn the_context_tells_what_the_world_is() {
    let mock = Mock::new();
    let (cx, ann) = (mock.cx(), Address::new([1; 32]));
    mock.set_caller(ann);
    mock.set_value(5);
    mock.set_balance(Mock::CONTRACT, 12);
    mock.set_height(300);
    mock.set_time_ms(1_700_000_000_000);
    mock.set_chain_id(42);
    mock.set_tx_hash(Hash::new([3; 32]));
    mock.set_block_hash(299, Hash::new([4; 32]));
    mock.set_gas_left(9);
    mock.set_risk(ann, 2_500);
    assert_eq!((cx.caller(), cx.signer(), cx.self_address()), (ann, ann, Mock::CONTRACT));
    assert_eq!((cx.value(), cx.balance(), cx.balance_of(ann)), (5, 12, 0));
    assert_eq!((cx.height(), cx.time_ms(), cx.chain_id()), (300, 1_700_000_000_000, 42));
    assert_eq!((cx.tx_hash(), cx.gas_left()), (Hash::new([3; 32]), 9));
    assert_eq!((cx.block_hash(299), cx.block_hash(298)), (Some(Hash::new([4; 32])), None));
    assert_eq!((cx.risk_score(ann), cx.risk_score(Mock::CONTRACT)), (Some(2_500), None));
    assert_eq!(cx.code_hash_of(ann), None);
    cx.log("hello");
    assert_eq!(mock.logs(), ["hello"]);
}

#[test]
fn hashes_are_those_of_their_standards() {
    let cx = Mock::new().cx();
    let is = |hash: Hash, text: &str| assert_eq!(hash.as_bytes().to_vec(), hex(text));
    // The hashes of "abc": FIPS 202, FIPS 180-4, and the test vectors of Keccak and BLAKE3.
    is(cx.sha3_256(b"abc"), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
    is(cx.sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    is(cx.keccak256(b"abc"), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    is(cx.blake3(b"abc"), "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
}

#[test]
fn the_address_of_an_account_is_the_hash_that_the_chain_takes() {
    let cx = Mock::new().cx();
    // Length and name of the domain, number of the scheme, public key.
    let hashed = [b"\x1bdytallix/address/account/v1", &[2][..], &[7; 1952]].concat();
    let expected = *cx.sha3_256(&hashed).as_bytes();
    assert_eq!(cx.account_of(Scheme::MlDsa65, &[7; 1952]), Address::new(expected));
    assert_ne!(cx.account_of(Scheme::MlDsa87, &[7; 1952]), Address::new(expected));
}

#[test]
fn only_signatures_that_the_mock_was_told_of_are_valid() {
    let mock = Mock::new();
    let cx = mock.cx();
    let check = |message: &[u8]| cx.verify_pqc(Scheme::MlDsa44, b"key", message, b"", b"signature");
    assert_eq!(check(b"message"), Err(BadSignature));
    mock.accept_pqc(Scheme::MlDsa44, b"key", b"message", b"", b"signature");
    assert_eq!(check(b"message"), Ok(()));
    assert_eq!(check(b"massage"), Err(BadSignature));
    assert_eq!(cx.verify_ed25519(&[1; 32], b"m", &[2; 64]), Err(BadSignature));
    mock.accept_ed25519(&[1; 32], b"m", &[2; 64]);
    assert_eq!(cx.verify_ed25519(&[1; 32], b"m", &[2; 64]), Ok(()));
    assert_eq!(cx.recover_secp256k1(Hash::ZERO, &[1; 65]), None);
    mock.accept_secp256k1(Hash::ZERO, &[1; 65], [8; 64]);
    assert_eq!(cx.recover_secp256k1(Hash::ZERO, &[1; 65]), Some([8; 64]));
}

#[event]
pub struct Long {
    #[topic]
    pub first: [u8; 64],
    #[topic]
    pub second: (Address, Hash),
    #[topic]
    pub third: [u8; 64],
    pub text: String,
}

#[test]
fn the_longest_topics_fit_and_are_read_back() {
    let mock = Mock::new();
    let event = Long {
        first: [1; 64],
        second: (Address::new([2; 32]), Hash::new([3; 32])),
        third: [4; 64],
        text: "x".repeat(1_000),
    };
    mock.cx().emit_unlisted(event.clone());
    let emitted = &mock.events()[0];
    assert_eq!(emitted.topics, event.topics());
    assert_eq!(emitted.topics[0], b"Long");
    assert_eq!(emitted.data, event.data());
    assert_eq!(mock.emitted::<Long>(), [event]);
}

#[test]
fn a_panic_message_is_shortened_between_characters() {
    let mock = Mock::new();
    let message =
        |text: String| mock.attempt(|| dytallix_sdk::entry::panicked(&text)).unwrap_err().data;
    assert_eq!(message("short".into()), b"\xf2short");
    let long = message("ä".repeat(61));
    assert_eq!((long.len(), core::str::from_utf8(&long[1..])), (121, Ok("ä".repeat(60).as_str())));
    let odd = message(format!("a{}", "ä".repeat(60)));
    assert_eq!((odd.len(), core::str::from_utf8(&odd[1..]).is_ok()), (120, true));
}
