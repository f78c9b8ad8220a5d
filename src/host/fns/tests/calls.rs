//! Calls, new contracts, value and upgrades, as they are handed to the loop of frames.

use alloc::boxed::Box;

use dytallix_abi::{CallFlags, CallStatus, Encode, HostFn, HostTrap};

use super::{CONTRACT, SIGNER, World, store, trap};
use crate::host::frame::{CallRequest, Creation, Stop, Target, Upgrade};
use crate::primitives::{Address, Amount, Hash};
use crate::state::Admin;

#[test]
fn a_call_is_handed_over_as_the_guest_asked() {
    let store = store();
    let mut world = World::new(&store);
    let request = CallRequest {
        target: Target::External(Address::from_bytes([0xdd; 32])),
        method: b"key".to_vec(),
        input: b"value"[..].into(),
        value: Amount::new(5),
        gas: 1234,
        flags: CallFlags::ALLOW_REENTRY,
    };
    let outcome = world.call(HostFn::ExternalCall, &[64, 0, 3, 16, 5, 96, 1234, 1]);
    assert_eq!(outcome, Err(Stop::Call(Box::new(request))));
}

#[test]
fn a_call_is_checked() {
    let store = store();
    let mut world = World::new(&store);
    world.rules.call_limits.argument_bytes = 5;
    for flags in [2, 3, 0xffff_ffff] {
        let outcome = world.call(HostFn::ExternalCall, &[64, 0, 3, 16, 5, 96, 0, flags]);
        assert_eq!(outcome, trap(HostTrap::UnknownFlags), "{flags}");
    }
    let outcome = world.call(HostFn::ExternalCall, &[64, 0, 3, 16, 6, 96, 0, 0]);
    assert_eq!(outcome, trap(HostTrap::ArgumentsLength));
    for (length, kept) in [(64, 64), (65, 0), (0, 0)] {
        match world.call(HostFn::ExternalCall, &[64, 0, length, 16, 5, 96, 0, 0]) {
            Err(Stop::Call(request)) => assert_eq!(request.method.len(), kept, "{length}"),
            outcome => panic!("{length}: {outcome:?}"),
        }
    }
}

#[test]
fn static_and_delegate_calls_are_handed_over_without_value() {
    let store = store();
    let arguments = [64, 0, 3, 16, 5, 1234, 0];
    for (function, target) in [
        (HostFn::StaticCall, Target::Static(Address::from_bytes([0xdd; 32]))),
        (HostFn::DelegateCall, Target::Delegate(Hash::from_bytes([0xdd; 32]))),
    ] {
        let request = CallRequest {
            target,
            method: b"key".to_vec(),
            input: b"value"[..].into(),
            value: Amount::ZERO,
            gas: 1234,
            flags: CallFlags::NONE,
        };
        assert_eq!(
            World::new(&store).call(function, &arguments),
            Err(Stop::Call(Box::new(request)))
        );
    }
}

#[test]
fn value_from_a_read_only_frame_traps_and_a_call_without_value_does_not() {
    let store = store();
    let mut world = World::new(&store);
    world.frame.read_only = true;
    let arguments = [64, 0, 3, 16, 5, 96, 1234, 0];
    assert_eq!(world.call(HostFn::ExternalCall, &arguments), trap(HostTrap::ReadOnly));
    world.memory[96..112].fill(0);
    let outcome = world.call(HostFn::ExternalCall, &arguments);
    assert!(matches!(outcome, Err(Stop::Call(_))), "{outcome:?}");
}

#[test]
fn a_new_contract_is_asked_for_with_its_admin() {
    let store = store();
    let admin = |bytes: &[u8]| {
        let mut world = World::new(&store);
        world.memory[2000..2000 + bytes.len()].copy_from_slice(bytes);
        let arguments = [64, 64, 2000, bytes.len() as u64, 16, 5, 96, 77, 1000];
        world.call(HostFn::Instantiate, &arguments)
    };
    let key = dytallix_abi::Admin::Key(dytallix_abi::Address::new([3; 32])).to_bytes();
    for (bytes, expected) in [
        (&[][..], Admin::None),
        (&[4], Admin::Itself),
        (&key, Admin::Key(Address::from_bytes([3; 32]))),
    ] {
        let creation = Creation {
            code_hash: Hash::from_bytes([0xdd; 32]),
            salt: [0xdd; 32],
            admin: expected,
            out: 1000,
        };
        let Err(Stop::Call(request)) = admin(bytes) else { panic!("no request") };
        assert_eq!(request.target, Target::Create(creation));
        assert_eq!((request.value, request.gas), (Amount::new(5), 77));
    }
    for bytes in [&[5][..], &[1], &[4, 0], &[3, 0, 0, 0, 0, 0, 0, 0, 0]] {
        assert_eq!(admin(bytes), trap(HostTrap::MalformedAdmin), "{bytes:?}");
    }
}

#[test]
fn an_upgrade_is_for_a_contract_that_is_its_own_admin_and_says_so() {
    let store = store();
    let arguments = [64, 16, 5];
    let wanted =
        Upgrade { code_hash: Hash::from_bytes([0xdd; 32]), arguments: b"value"[..].into() };
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::UpgradeCode, &arguments), Err(Stop::Upgrade(wanted)));
    world.frame.permissions.upgrade = false;
    let refused = Ok(Some(CallStatus::NotPermitted.code() as u64));
    assert_eq!(world.call(HostFn::UpgradeCode, &arguments), refused);
    let mut world = World::new(&store);
    world.overlay.set_admin(&CONTRACT, Admin::Key(SIGNER)).expect("sound");
    assert_eq!(world.call(HostFn::UpgradeCode, &arguments), refused);
}

#[test]
fn a_transfer_is_handed_over() {
    let store = store();
    let outcome = World::new(&store).call(HostFn::Transfer, &[64, 96]);
    let to = Address::from_bytes([0xdd; 32]);
    assert_eq!(outcome, Err(Stop::Transfer(to, Amount::new(5))));
}
