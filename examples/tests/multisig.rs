//! A wallet of several keys: the module in the runtime, with real signatures.

#[path = "../counter.rs"]
mod counter;
#[path = "../multisig.rs"]
mod multisig;
#[path = "multisig/random.rs"]
mod random;
#[path = "support/mod.rs"]
mod support;
#[path = "multisig/mod.rs"]
mod wallet;

use dytallix::crypto::sha3_256;
use dytallix_testkit::sdk::mock::Mock;
use dytallix_testkit::sdk::{Admin, Bytes, CallStatus, Decode, Encode, Scheme};
use dytallix_testkit::{Address, Expect, Hash, Suite, TestResult, assert_reverts};
use multisig::{
    Action, Approved, Attested, Deposited, Error, Executed, LONGEST_DELAY_MS, Multisig, Proposed,
    Ready, Revoked, RulesChanged,
};
use support::{Key, code, failed, module};
use wallet::{World, call, pay};

/// What approvals are for, as the head of the contract's file says.
fn digest(chain_id: u64, wallet: Address, number: u64, action: &Action) -> Hash {
    sha3_256(&(chain_id, wallet, number, action).to_bytes()).into()
}

#[test]
fn enough_owners_approve_by_transaction_or_by_signature() -> TestResult {
    let world = World::new(2, 0)?;
    let World { suite, keys, wallet, .. } = &world;
    let (first, second) = (keys[0].account, keys[1].account);
    let action = world.add(5);
    let number = world.by(&keys[0]).propose(action.clone())?;
    // Who signs computes the digest, and looks at the action.
    let digest = digest(suite.chain_id(), wallet.address, number, &action);
    suite.expect_events(&[&Proposed(number, first, digest)]);
    assert_eq!(wallet.proposal(number)?.map(|(_, action)| action), Some(action));
    world.by(&keys[0]).approve(number, digest)?;
    suite.expect_events(&[&Approved(number, first)]);
    assert_reverts!(wallet.execute(number), Error::TooFewApprovals);

    // Mallory brings what the second owner has signed, and executes.
    let mallory = suite.account("mallory");
    let as_mallory = wallet.with_transport(suite.from(mallory));
    let signature = world.sign(&keys[1], number);
    as_mallory.approve_signed(number, keys[1].public.clone(), signature)?;
    suite.expect_events(&[&Approved(number, second), &Ready(number, suite.time_ms())]);
    let result = as_mallory.execute(number)?;
    assert_eq!(u64::from_bytes(&result), Ok(5));
    let added = counter::Added { by: wallet.address, amount: 5 };
    suite.expect_events(&[&Executed(number, mallory), &added]);
    assert_eq!(world.counter.count()?, 5);
    assert_reverts!(wallet.execute(number), Error::AlreadyExecuted);
    assert_eq!(world.counter.count()?, 5);
    Ok(())
}

#[test]
fn nothing_runs_before_the_delay_has_passed() -> TestResult {
    let world = World::new(2, 60_000)?;
    let World { suite, keys, wallet, .. } = &world;
    let number = world.by(&keys[0]).propose(world.add(5))?;
    world.approve(&keys[0], number)?;
    suite.warp_by(1_000_000);
    // The delay begins with the last approval that is needed, and is not prolonged by more of them.
    world.approve(&keys[1], number)?;
    let ready_at_ms = suite.time_ms() + 60_000;
    suite.expect_event(&Ready(number, ready_at_ms));
    suite.warp_by(59_999);
    world.approve(&keys[2], number)?;
    assert_reverts!(wallet.execute(number), Error::TooEarly { ready_at_ms });
    assert_eq!(world.counter.count()?, 0);
    suite.warp_by(1);
    wallet.execute(number)?;
    assert_eq!(world.counter.count()?, 5);
    Ok(())
}

#[test]
fn a_signature_is_good_for_one_action_of_one_wallet_on_one_chain() -> TestResult {
    let world = World::new(1, 0)?;
    let World { suite, keys, wallet, .. } = &world;
    let number = world.by(&keys[0]).propose(world.add(5))?;
    let (public, signature) = (keys[1].public.clone(), world.sign(&keys[1], number));
    // The same action under another number; the same number of another wallet, or chain.
    let again = world.by(&keys[0]).propose(world.add(5))?;
    let forged = |result| assert_reverts!(result, Error::Forged);
    forged(wallet.approve_signed(again, public.clone(), signature.clone()));
    let other = world.another_wallet(1, 0)?;
    assert_eq!(other.by(&keys[0]).propose(world.add(5))?, number);
    forged(other.wallet.approve_signed(number, public.clone(), signature.clone()));
    let elsewhere = World::on(Suite::builder().chain_id(2).build(), 1, 0)?;
    assert_eq!(elsewhere.wallet.address, wallet.address, "all but the chain is the same");
    elsewhere.by(&keys[0]).propose(world.add(5))?;
    forged(elsewhere.wallet.approve_signed(number, public.clone(), signature.clone()));
    // Another context, another key, other bytes.
    let attested = keys[1].sign(world.digest(number).as_bytes(), b"attest");
    forged(wallet.approve_signed(number, public.clone(), attested));
    forged(wallet.approve_signed(number, keys[2].public.clone(), signature.clone()));
    let mut flipped = signature.to_vec();
    flipped[1_000] ^= 1;
    forged(wallet.approve_signed(number, public.clone(), flipped.into()));
    forged(wallet.approve_signed(number, public.clone(), signature[1..].to_vec().into()));
    forged(wallet.approve_signed(number, public[1..].to_vec().into(), signature.clone()));
    let stranger = Key::new(9);
    let result =
        wallet.approve_signed(number, stranger.public.clone(), world.sign(&stranger, number));
    assert_reverts!(result, Error::NotOwner);
    assert_eq!(world.proposal(number).approvals, 0);

    wallet.approve_signed(number, public.clone(), signature.clone())?;
    let result = wallet.approve_signed(number, public, signature);
    assert_reverts!(result, Error::AlreadyApproved);
    let by_itself = world.by(&keys[1]).approve(number, world.digest(number));
    assert_reverts!(by_itself, Error::AlreadyApproved);
    assert_eq!(world.proposal(number).approvals, 1);
    suite.expect_no_events();
    Ok(())
}

#[test]
fn an_approval_that_was_taken_back_is_not_given_again() -> TestResult {
    let world = World::new(2, 60_000)?;
    let World { suite, keys, wallet, .. } = &world;
    let number = world.by(&keys[0]).propose(world.add(5))?;
    world.approve(&keys[0], number)?;
    world.approve(&keys[1], number)?;
    assert!(world.proposal(number).ready_at_ms.is_some());
    world.by(&keys[1]).revoke(number)?;
    suite.expect_events(&[&Revoked(number, keys[1].account)]);
    let proposal = world.proposal(number);
    assert_eq!((proposal.approvals, proposal.ready_at_ms), (1, None));
    assert!(!wallet.has_approved(number, keys[1].account)?);
    suite.warp_by(60_000);
    assert_reverts!(wallet.execute(number), Error::TooFewApprovals);
    // Its signature is still around.
    assert_reverts!(world.approve(&keys[1], number), Error::AlreadyApproved);
    assert_reverts!(world.by(&keys[1]).revoke(number), Error::NotApproved);
    assert_reverts!(world.by(&keys[2]).revoke(number), Error::NotApproved);
    // With another one, the delay begins anew.
    world.approve(&keys[2], number)?;
    suite.expect_event(&Ready(number, suite.time_ms() + 60_000));
    Ok(())
}

#[test]
fn an_approval_says_what_it_is_for_and_owners_alone_propose() -> TestResult {
    let world = World::new(1, 0)?;
    let World { suite, keys, wallet, .. } = &world;
    let number = world.by(&keys[0]).propose(world.add(5))?;
    let other = world.by(&keys[0]).propose(world.add(6))?;
    let result = world.by(&keys[0]).approve(number, world.digest(other));
    assert_reverts!(result, Error::OtherDigest);
    let stranger = wallet.with_transport(suite.from(suite.account("mallory")));
    assert_reverts!(stranger.propose(world.add(7)), Error::NotOwner);
    assert_reverts!(stranger.approve(number, world.digest(number)), Error::NotOwner);
    assert_reverts!(world.by(&keys[0]).approve(7, world.digest(number)), Error::NoSuchProposal);
    assert_reverts!(wallet.execute(7), Error::NoSuchProposal);
    assert_eq!(wallet.proposal(7)?, None);
    Ok(())
}

#[test]
fn the_wallet_rotates_its_keys_and_voids_what_is_open() -> TestResult {
    let world = World::new(2, 0)?;
    let World { suite, keys, wallet, .. } = &world;
    // One that is ready, approved by an owner that is to go, and one that is not.
    let ready = world.by(&keys[0]).propose(world.add(5))?;
    let open = world.by(&keys[0]).propose(world.add(6))?;
    for key in &keys[..2] {
        world.approve(key, ready)?;
    }
    world.approve(&keys[0], open)?;

    let fresh = Key::new(4);
    let rules = wallet::rules(&[keys[1].clone(), keys[2].clone(), fresh.clone()], 3, 0);
    for outsider in [keys[0].account, suite.account("mallory")] {
        let result = wallet.with_transport(suite.from(outsider)).set_rules(rules.clone());
        assert_reverts!(result, Error::NotWallet);
    }
    let rotation = call(wallet.address, "set_rules", &(rules.clone(),));
    let number = world.approved(rotation, &[0, 1])?;
    wallet.execute(number)?;
    suite.expect_event(&RulesChanged(2, rules));
    assert_eq!((wallet.era()?, wallet.needed()?), (2, 3));
    assert!(!wallet.is_owner(2, keys[0].account)? && wallet.is_owner(2, fresh.account)?);

    assert_reverts!(wallet.execute(ready), Error::Void);
    assert_reverts!(world.approve(&keys[1], open), Error::Void);
    assert_reverts!(world.by(&keys[0]).revoke(open), Error::Void);
    assert_reverts!(world.by(&keys[0]).propose(world.add(7)), Error::NotOwner);
    let number = world.by(&fresh).propose(world.add(8))?;
    assert_reverts!(world.approve(&keys[0], number), Error::NotOwner);
    for key in [&keys[1], &keys[2], &fresh] {
        assert_reverts!(wallet.execute(number), Error::TooFewApprovals);
        world.approve(key, number)?;
    }
    wallet.execute(number)?;
    assert_eq!(world.counter.count()?, 8);
    Ok(())
}

#[test]
fn unsound_rules_are_refused() -> TestResult {
    let world = World::new(1, 0)?;
    let World { suite, keys, wallet, .. } = &world;
    let good = wallet::rules(keys, 2, 5);
    let twice = vec![keys[0].account, keys[1].account, keys[0].account];
    let unsound = [
        multisig::Rules { needed: 0, ..good.clone() },
        multisig::Rules { needed: 4, ..good.clone() },
        multisig::Rules { owners: vec![], ..good.clone() },
        multisig::Rules { owners: twice.clone(), ..good.clone() },
        multisig::Rules { auditors: twice, ..good.clone() },
        multisig::Rules { attestations: 1, ..good.clone() },
        multisig::Rules { delay_ms: LONGEST_DELAY_MS + 1, ..good.clone() },
    ];
    for rules in unsound {
        let deployment = suite.deploy_file(module("multisig"));
        let deployment = deployment.arguments(Multisig::init_arguments(rules.clone()));
        assert_reverts!(deployment.send(), Error::UnsoundRules);
        let number = world.approved(call(wallet.address, "set_rules", &(rules,)), &[0])?;
        let before = suite.storage_rows(wallet.address);
        let error = failed(wallet.execute(number));
        assert_eq!(error.reason(), Some(Error::UnsoundRules));
        assert_eq!(suite.storage_rows(wallet.address), before);
    }
    let longest = multisig::Rules { delay_ms: LONGEST_DELAY_MS, ..good };
    let number = world.approved(call(wallet.address, "set_rules", &(longest,)), &[0])?;
    wallet.execute(number)?;
    assert_eq!(suite.read_as(wallet.address, "delay_ms", &[])?, Some(LONGEST_DELAY_MS));
    Ok(())
}

#[test]
fn code_is_called_that_auditors_have_attested() -> TestResult {
    let auditors = [Key::new(21), Key::new(22)];
    let world = World::audited(&auditors, 2)?;
    let World { suite, keys, wallet, .. } = &world;
    let number = world.approved(world.add(5), &[0])?;
    let code_hash = suite.upload(code("counter"))?;
    assert_reverts!(wallet.execute(number), Error::NotAudited);
    world.attest(&auditors[0], code_hash)?;
    suite.expect_events(&[&Attested(code_hash, auditors[0].account)]);
    assert_reverts!(world.attest(&auditors[0], code_hash), Error::AlreadyAttested);
    assert_reverts!(world.attest(&keys[0], code_hash), Error::NotAuditor);
    assert_reverts!(wallet.execute(number), Error::NotAudited);
    // For other code, or by a signature that approves.
    world.attest(&auditors[1], suite.upload(code("upgrade_v2"))?)?;
    assert_reverts!(wallet.execute(number), Error::NotAudited);
    let message = (suite.chain_id(), wallet.address, code_hash).to_bytes();
    let signature = auditors[1].sign(&message, b"approve");
    let result = wallet.attest(code_hash, auditors[1].public.clone(), signature);
    assert_reverts!(result, Error::Forged);
    world.attest(&auditors[1], code_hash)?;
    assert_eq!(wallet.attestations_of(1, code_hash)?, 2);
    wallet.execute(number)?;
    assert_eq!(world.counter.count()?, 5);
    Ok(())
}

/// What counts is the code at the time of the call, not that of the proposal.
#[test]
fn code_that_changes_has_to_be_attested_again() -> TestResult {
    let auditors = [Key::new(21)];
    let world = World::audited(&auditors, 1)?;
    let World { suite, wallet, .. } = &world;
    let (old, new) = (suite.upload(code("upgrade_v1"))?, suite.upload(code("upgrade_v2"))?);
    let target = suite.deploy_file(module("upgrade_v1")).admin(Admin::Itself).send()?;
    world.attest(&auditors[0], old)?;
    let numbers = [1_u64, 2].map(|amount| world.approved(call(target, "add", &(amount,)), &[0]));
    let [first, second] = numbers;
    wallet.execute(first?)?;
    let owner = suite.call(target, "owner").decode()?;
    let input = Bytes::new(vec![(owner, 1_u64)].to_bytes());
    suite.call(target, "upgrade").from(owner).arguments((new, input).to_bytes()).send()?;
    let second = second?;
    assert_reverts!(wallet.execute(second), Error::NotAudited);
    world.attest(&auditors[0], new)?;
    wallet.execute(second)?;
    Ok(())
}

#[test]
fn new_auditors_attest_anew_and_rotation_needs_none() -> TestResult {
    let auditors = [Key::new(21)];
    let world = World::audited(&auditors, 1)?;
    let World { suite, keys, wallet, .. } = &world;
    let code_hash = suite.upload(code("counter"))?;
    world.attest(&auditors[0], code_hash)?;
    // Without any attestation of the wallet's own code.
    let others = [Key::new(22), auditors[0].clone()].map(|key| key.account).to_vec();
    let rules = multisig::Rules { auditors: others, attestations: 1, ..wallet::rules(keys, 1, 0) };
    let number = world.approved(call(wallet.address, "set_rules", &(rules,)), &[0])?;
    wallet.execute(number)?;
    let number = world.approved(world.add(5), &[0])?;
    assert_reverts!(wallet.execute(number), Error::NotAudited);
    // The old signature may be brought again: its signer is still an auditor.
    world.attest(&auditors[0], code_hash)?;
    wallet.execute(number)?;
    // An account has no code to attest.
    let bob = suite.account("bob");
    suite.deal(wallet.address, 7);
    let before = suite.balance(bob);
    wallet.execute(world.approved(pay(bob, 7), &[0])?)?;
    assert_eq!(suite.balance(bob), before + 7);
    Ok(())
}

#[test]
fn value_comes_in_and_goes_out() -> TestResult {
    let world = World::new(1, 0)?;
    let World { suite, wallet, .. } = &world;
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    wallet.with_value(30).deposit()?;
    suite.expect_events(&[&Deposited(alice, 30)]);
    let number = world.approved(pay(bob, 31), &[0])?;
    assert_eq!(failed(wallet.execute(number)).status, CallStatus::Balance);
    wallet.with_value(1).deposit()?;
    let before = suite.balance(bob);
    // What failed may be tried again.
    wallet.execute(number)?;
    assert_eq!((suite.balance(bob), suite.balance(wallet.address)), (before + 31, 0));

    // With a call, to a method that takes value; from one wallet to another.
    let other = world.another_wallet(1, 0)?;
    suite.deal(wallet.address, 9);
    let mut deposit = call(other.wallet.address, "deposit", &());
    deposit.value = 9;
    wallet.execute(world.approved(deposit, &[0])?)?;
    suite.expect_event_from(other.wallet.address, &Deposited(wallet.address, 9));
    assert_eq!(suite.balance(other.wallet.address), 9);
    // Other methods take none.
    wallet.with_value(1).execute(1).expect_status(CallStatus::NotPermitted);
    Ok(())
}

#[test]
fn who_executes_can_not_starve_the_call() -> TestResult {
    let world = World::new(1, 0)?;
    let World { suite, wallet, .. } = &world;
    let mut action = world.add(5);
    action.gas = 3_000_000;
    let number = world.approved(action, &[0])?;
    let before = suite.storage_rows(wallet.address);
    assert_reverts!(wallet.with_gas(3_000_000).execute(number), Error::TooLittleGas);
    assert_eq!(suite.storage_rows(wallet.address), before);
    let mut endless = world.add(5);
    endless.gas = u64::MAX;
    let endless = world.approved(endless, &[0])?;
    assert_reverts!(wallet.execute(endless), Error::TooLittleGas);
    wallet.with_gas(3_400_000).execute(number)?;
    assert_eq!(world.counter.count()?, 5);
    Ok(())
}

#[test]
fn an_action_that_fails_has_not_happened() -> TestResult {
    let world = World::new(1, 0)?;
    let World { suite, wallet, .. } = &world;
    let number = world.approved(world.add(u64::MAX), &[0])?;
    world.counter.add(1)?;
    let before = suite.storage_rows(wallet.address);
    let error = failed(wallet.execute(number));
    assert_eq!(error, counter::Error::Overflow.into());
    suite.expect_no_events();
    assert_eq!(suite.storage_rows(wallet.address), before);
    let unknown = world.approved(call(world.counter.address, "subtract", &()), &[0])?;
    assert_eq!(failed(wallet.execute(unknown)).status, CallStatus::NotFound);
    Ok(())
}

/// A wallet that another wallet calls while it is executing.
#[test]
fn who_is_called_may_pay_the_wallet_but_not_use_it() -> TestResult {
    let world = World::new(1, 0)?;
    let World { suite, keys, wallet, .. } = &world;
    let other = world.another_wallet(1, 0)?;
    suite.deal(other.wallet.address, 4);
    let call_back = |action| -> TestResult<u64> {
        let back = other.approved(action, &[0])?;
        world.approved(call(other.wallet.address, "execute", &(back,)), &[0])
    };
    let mut deposit = call(wallet.address, "deposit", &());
    deposit.value = 4;
    wallet.execute(call_back(deposit)?)?;
    assert_eq!(suite.balance(wallet.address), 4);

    let ready = world.approved(world.add(5), &[0])?;
    let rules = wallet::rules(keys, 1, 0);
    for (back, status) in [
        (call(wallet.address, "execute", &(ready,)), CallStatus::ReentryRefused),
        (call(wallet.address, "revoke", &(ready,)), CallStatus::ReentryRefused),
        // Open to re-entry, but to the wallet alone.
        (call(wallet.address, "set_rules", &(rules,)), CallStatus::Reverted),
    ] {
        let error = failed(wallet.execute(call_back(back)?));
        assert_eq!(failed::<Bytes>(Err(error)).status, status);
    }
    assert_eq!((wallet.era()?, world.counter.count()?), (1, 0));
    Ok(())
}

#[test]
fn a_wallet_runs_natively() {
    let mock = Mock::new();
    let key = b"the key of an owner".to_vec();
    let owner = mock.cx().account_of(Scheme::MlDsa65, &key);
    let mut owners = vec![Mock::CALLER, owner];
    owners.sort_unstable();
    let rules = multisig::Rules { owners, ..wallet::rules(&[], 2, 100) };
    let address = mock.deploy::<Multisig>(&Multisig::init_arguments(rules)).expect("deployed");
    let wallet = mock.client::<Multisig>(address);
    let target = Address::new([7; 32]);
    mock.stub(target, "ping", |arguments| Ok([b"pong ", arguments].concat()));
    let number = wallet.propose(call(target, "ping", &7_u8)).expect_success();
    let digest = wallet.proposal(number).expect_success().expect("a proposal").0.digest;
    wallet.approve(number, digest).expect_success();
    let forged = wallet.approve_signed(number, key.clone().into(), vec![1].into());
    assert_reverts!(forged, Error::Forged);
    mock.accept_pqc(Scheme::MlDsa65, &key, digest.as_bytes(), b"approve", &[1]);
    wallet.approve_signed(number, key.into(), vec![1].into()).expect_success();
    assert_eq!(mock.emitted::<Ready>(), [Ready(number, 100)]);
    assert_reverts!(wallet.execute(number), Error::TooEarly { ready_at_ms: 100 });
    mock.set_time_ms(100);
    assert_eq!(wallet.execute(number), Ok(b"pong \x07".to_vec().into()));
}
