//! Hashes and signatures as contracts reach them. What they compute is tested in `tests/crypto`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use dytallix_abi::{GasClass, HostFn, HostTrap};

use super::{World, store, trap};
use crate::crypto::Scheme;
use crate::gas::Signature;

/// Where the tests put keys, messages and signatures.
const KEY: usize = 4096;
const SIGNATURE: usize = 8192;

fn hex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(byte).collect()
}

#[test]
fn each_hash_is_the_one_of_its_name() {
    let store = store();
    for (function, of_nothing) in [
        (HostFn::HashKeccak256, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (HostFn::HashSha3256, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"),
        (HostFn::HashSha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (HostFn::HashBlake3, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
    ] {
        let mut world = World::new(&store);
        assert_eq!(world.call(function, &[0, 0, 1000]), Ok(None));
        let hash: String = world.memory[1000..1032].iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hash, of_nothing);
        // The output may lie over the data.
        assert_eq!(world.call(function, &[16, 5, 2000]), Ok(None));
        assert_eq!(world.call(function, &[16, 5, 10]), Ok(None));
        assert_eq!(world.memory[10..42], world.memory[2000..2032]);
    }
}

#[test]
fn what_is_hashed_or_checked_at_once_is_limited_on_both_sides_of_the_limit() {
    let store = store();
    let mut world = World::new(&store);
    world.rules.call_limits.data_bytes = 4_000;
    let too_long = trap(HostTrap::DataLength);
    for function in
        [HostFn::HashKeccak256, HostFn::HashSha3256, HostFn::HashSha256, HostFn::HashBlake3]
    {
        assert_eq!(world.call(function, &[0, 4_000, 1000]), Ok(None));
        assert_eq!(world.call(function, &[0, 4_001, 1000]), too_long);
    }
    let check = |world: &mut World<'_>, length| {
        world.call(HostFn::PqcVerify, &[2, 4096, 1952, 16, length, 0, 0, 8192, 3309])
    };
    assert_eq!(check(&mut world, 4_000), Ok(Some(0)));
    assert_eq!(check(&mut world, 4_001), too_long);
    assert_eq!(world.call(HostFn::Ed25519Verify, &[4096, 0, 4_001, 8192]), too_long);
}

/// RFC 8032, section 7.1, test 1.
#[test]
fn an_ed25519_signature_is_one_and_with_a_flipped_bit_none() {
    let store = store();
    let mut world = World::new(&store);
    let key = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let signature = hex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9\
         b46bd25bf5f0595bbe24655141438e7a100b",
    );
    world.memory[KEY..KEY + 32].copy_from_slice(&key);
    world.memory[SIGNATURE..SIGNATURE + 64].copy_from_slice(&signature);
    let arguments = [KEY as u64, 0, 0, SIGNATURE as u64];
    assert_eq!(world.call(HostFn::Ed25519Verify, &arguments), Ok(Some(1)));
    for at in [KEY, KEY + 31, SIGNATURE, SIGNATURE + 32, SIGNATURE + 63] {
        world.memory[at] ^= 1;
        assert_eq!(world.call(HostFn::Ed25519Verify, &arguments), Ok(Some(0)), "{at}");
        world.memory[at] ^= 1;
    }
    assert_eq!(
        world.call(HostFn::Ed25519Verify, &[KEY as u64, 0, 1, SIGNATURE as u64]),
        Ok(Some(0))
    );
}

#[test]
fn a_wrong_length_and_an_unknown_scheme_are_no_signature_and_cost_no_check() {
    let store = store();
    let mut world = World::new(&store);
    for scheme in [0, 6, 255, 256, 258, 0xffff_ffff] {
        let arguments = [scheme, 4096, 1952, 16, 5, 0, 3, 8192, 3309];
        assert_eq!(world.call(HostFn::PqcVerify, &arguments), Ok(Some(0)), "{scheme}");
    }
    for (key, signature) in [(0, 0), (1951, 3309), (1953, 3309), (1952, 3308), (1952, 3310)] {
        let arguments = [2, 4096, key, 16, 5, 0, 3, 8192, signature];
        let (outcome, gas) = world.priced(HostFn::PqcVerify, &arguments);
        assert_eq!(outcome, Ok(Some(0)), "{key} {signature}");
        let moved = key + 5 + 3 + signature;
        assert_eq!(gas, world.rules.prices.of(GasClass::Verify).total(moved));
    }
}

#[test]
fn a_check_costs_what_its_scheme_does_whether_the_key_was_seen_before_or_not() {
    let store = store();
    for (scheme, kind) in [
        (Scheme::MlDsa44, Signature::MlDsa44),
        (Scheme::MlDsa65, Signature::MlDsa65),
        (Scheme::MlDsa87, Signature::MlDsa87),
    ] {
        let mut world = World::new(&store);
        let (key, signature) = (scheme.public_key_bytes() as u64, scheme.signature_bytes() as u64);
        let arguments = [scheme as u64, 4096, key, 16, 5, 0, 3, 8192, signature];
        let price = world.rules.prices.of(GasClass::Verify).total(key + signature + 8)
            + world.rules.prices.signature(kind).total(8);
        for _ in 0..3 {
            assert_eq!(world.priced(HostFn::PqcVerify, &arguments), (Ok(Some(0)), price));
        }
    }
}

/// The key of the number 1: the generator of the group (SEC 2, section 2.4.1).
#[test]
fn what_is_no_signature_recovers_nothing() {
    let store = store();
    let mut world = World::new(&store);
    let before = world.memory.clone();
    // r = s = 0, and v that is neither 0 nor 1.
    assert_eq!(world.call(HostFn::RecoverPubkey, &[4096, 8192, 1000]), Ok(Some(0)));
    world.memory[8192 + 64] = 27;
    assert_eq!(world.call(HostFn::RecoverPubkey, &[4096, 8192, 1000]), Ok(Some(0)));
    world.memory[8192 + 64] = 0;
    assert_eq!(world.memory, before);
}

#[test]
fn a_log_costs_the_same_whether_anybody_listens_or_not() {
    let store = store();
    let mut world = World::new(&store);
    let (silent, price) = world.priced(HostFn::DebugLog, &[16, 5]);
    assert_eq!(silent, Ok(None));
    let heard = alloc::sync::Arc::new(core::sync::atomic::AtomicUsize::new(0));
    let counter = heard.clone();
    world.watcher = Some(alloc::boxed::Box::new(move |contract, text| {
        assert_eq!(*contract, super::CONTRACT);
        assert!(b"value".starts_with(text), "{text:?}");
        counter.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
    }));
    assert_eq!(world.priced(HostFn::DebugLog, &[16, 5]), (Ok(None), price));
    assert_eq!(heard.load(core::sync::atomic::Ordering::Relaxed), 1);
    world.rules.call_limits.log_bytes = 4;
    assert_eq!(world.call(HostFn::DebugLog, &[16, 5]), trap(HostTrap::LogLength));
    assert_eq!(world.call(HostFn::DebugLog, &[16, 4]), Ok(None));
}
