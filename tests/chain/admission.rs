//! What is not admitted, costs nothing and changes nothing; replays above all.

use std::sync::Arc;

use dytallix::chain::{
    AdminOperation, Body, CodeSource, Deployment, Fee, SignedTransaction, Transaction, Upgrade,
};
use dytallix::state::View;
use dytallix::{Address, Amount, Hash, Height, MemoryStore, Runtime, Status};

use crate::support::{Account, CHAIN, RICH, commit, fee, genesis, run, runtime, succeed};

fn pay() -> Body {
    Body::transfer(Address::from_bytes([5; 32]), Amount::new(1))
}

fn world() -> (Runtime<MemoryStore>, Account) {
    let alice = Account::new("alice");
    (runtime(genesis(&[&alice])), alice)
}

/// The transaction is rejected so, and state has not changed but for the block itself.
#[track_caller]
fn rejected(runtime: &mut Runtime<MemoryStore>, signed: &SignedTransaction, status: Status) {
    let signer = signed.transaction.signer;
    let account =
        |runtime: &Runtime<MemoryStore>| View::account(runtime.state(), &signer).expect("memory");
    let before = account(runtime);
    let receipt = run(runtime, signed);
    assert_eq!(receipt.status, status);
    assert_eq!((receipt.fee, receipt.gas_used), (Amount::ZERO, 0));
    assert_eq!(account(runtime), before);
}

#[test]
fn a_replay_on_another_chain_height_or_nonce_is_refused() {
    let (mut runtime, mut alice) = world();
    let first = alice.send(pay());
    _ = succeed(&mut runtime, &first);
    rejected(&mut runtime, &first, Status::NonceUsed);
    let mut other_chain = alice.clone().next(pay());
    other_chain.chain_id = CHAIN + 1;
    rejected(&mut runtime, &alice.authenticate(other_chain), Status::WrongChain);
    let next = runtime.height().expect("a chain").number() + 1;
    let late = alice.clone().next(pay()).valid_until(Height::new(next - 1));
    rejected(&mut runtime, &alice.authenticate(late), Status::Expired);
    let mut ahead = alice.clone();
    ahead.nonce += 1;
    rejected(&mut runtime, &ahead.send(pay()), Status::NonceAhead);
    let height = runtime.height().expect("a chain").number() + 1;
    let in_time = alice.clone().next(pay()).valid_until(Height::new(height));
    _ = succeed(&mut runtime, &alice.authenticate(in_time));
}

#[test]
fn a_changed_field_or_key_is_refused() {
    let (mut runtime, alice) = world();
    let signed = alice.clone().send(pay());
    let changes: [fn(&mut Transaction); 8] = [
        |t| t.valid_until = Height::new(99),
        |t| t.fee.gas_limit -= 1,
        |t| t.fee.gas_price = Amount::new(2),
        |t| t.fee.tip = Amount::new(2),
        |t| t.fee.deposit_limit = Amount::ZERO,
        |t| t.body = Body::transfer(Address::from_bytes([6; 32]), Amount::new(1)),
        |t| t.body = Body::transfer(Address::from_bytes([5; 32]), Amount::new(2)),
        |t| t.body = Body::Batch(vec![pay()]),
    ];
    for change in changes {
        let mut changed = signed.clone();
        change(&mut changed.transaction);
        rejected(&mut runtime, &changed, Status::BadSignature);
    }
    let mallory = Account::new("mallory");
    let mut substituted = signed.clone();
    substituted.authentication.public_key = Some(mallory.public_key.clone().into());
    rejected(&mut runtime, &substituted, Status::BadSignature);
    // Her own signature does not open alice's account.
    let forged = mallory.authenticate(signed.transaction.clone());
    rejected(&mut runtime, &forged, Status::KeyOfOther);
    let mut other_scheme = signed.clone();
    other_scheme.authentication.scheme = 3;
    rejected(&mut runtime, &other_scheme, Status::BadSignature);
    for scheme in [0, 1, 4, 5, 6, 255] {
        other_scheme.authentication.scheme = scheme;
        rejected(&mut runtime, &other_scheme, Status::SchemeNotAdmitted);
    }
    for at in [0, 100, 3_308] {
        let mut bits = signed.clone();
        let mut signature = bits.authentication.signature.to_vec();
        signature[at] ^= 1;
        bits.authentication.signature = signature.into();
        rejected(&mut runtime, &bits, Status::BadSignature);
    }
    let mut keyless = signed;
    keyless.authentication.public_key = None;
    rejected(&mut runtime, &keyless, Status::KeyMissing);
}

#[test]
fn other_encodings_of_a_transaction_are_malformed() {
    let (mut runtime, mut alice) = world();
    let encoded = alice.send(pay()).encode();
    let mut longer = encoded.clone();
    longer.push(0);
    // The chain id 7 with a superfluous byte.
    let padded = [&[0x87, 0x00][..], &encoded[1..]].concat();
    let shorter = encoded[..encoded.len() - 1].to_vec();
    for bytes in [longer, padded, shorter, Vec::new()] {
        assert!(SignedTransaction::decode(&bytes).is_err());
        let info = dytallix::chain::BlockInfo::new(1_000_000, Address::from_bytes([1; 32]));
        let mut block = runtime.block(info).expect("a block");
        let receipt = block.execute_encoded(bytes.into()).expect("no fault");
        assert_eq!(receipt.status, Status::Malformed);
    }
    assert_eq!(SignedTransaction::decode(&encoded).expect("itself").encode(), encoded);
}

#[test]
fn what_can_not_pay_or_is_too_large_is_refused() {
    let (mut runtime, alice) = world();
    let with_fee = |fee: Fee| {
        let mut transaction = alice.clone().next(pay());
        transaction.fee = fee;
        alice.authenticate(transaction)
    };
    let one = Amount::new(1);
    for (fee, status) in [
        (Fee::new(500_000_001, one), Status::GasLimitTooHigh),
        (Fee::new(1_000, one), Status::GasLimitTooLow),
        (Fee::new(1_000_000, Amount::ZERO), Status::GasPriceTooLow),
        (Fee::new(1_000_000, Amount::MAX), Status::FeeOverflow),
        (Fee::new(1_000_000, one).tip(Amount::MAX), Status::FeeOverflow),
        (Fee::new(1_000_000, Amount::new(RICH)), Status::CannotPay),
    ] {
        rejected(&mut runtime, &with_fee(fee), status);
    }
    let with_body = |body: Body| alice.authenticate(alice.clone().next(body));
    let long: Arc<[u8]> = vec![0; (64 << 10) + 1].into();
    let nobody = Address::from_bytes([9; 32]);
    let attested = |attestations: Vec<Arc<[u8]>>| {
        let mut upgrade = Upgrade::new(nobody, Hash::from_bytes([1; 32]), []);
        upgrade.attestations = attestations;
        Body::Upgrade(upgrade)
    };
    let mut deployment = Deployment::new(CodeSource::Hash(Hash::from_bytes([1; 32])));
    deployment.attestations = vec![[1][..].into()];
    for (body, status) in [
        (Body::call(nobody, "m", long), Status::ArgumentsTooLong),
        (Body::call(nobody, &"m".repeat(65), []), Status::ArgumentsTooLong),
        (attested(vec![[1][..].into(); 8]), Status::Attestations),
        (Body::Deploy(deployment), Status::Attestations),
        (Body::Upload { code: vec![0; 2 << 20].into() }, Status::TooLong),
    ] {
        rejected(&mut runtime, &with_body(body), status);
    }
    // What has no encoding that decodes.
    for body in [
        Body::Batch(Vec::new()),
        Body::Batch(vec![pay(); 65]),
        Body::Batch(vec![Body::Batch(vec![pay()])]),
        attested(vec![[1][..].into(); 9]),
        attested(vec![vec![0; (8 << 10) + 1].into()]),
    ] {
        rejected(&mut runtime, &with_body(body), Status::Malformed);
    }
    let penniless = Account::new("penniless");
    rejected(&mut runtime, &penniless.clone().send(pay()), Status::CannotPay);
}

#[test]
fn a_block_is_full_when_its_gas_is_spoken_for() {
    let mut alice = Account::new("alice");
    let mut genesis = genesis(&[&alice]);
    genesis.protocol.policy.block_gas = 2 * fee().gas_limit;
    let mut runtime = runtime(genesis);
    let transactions = [pay(), pay(), pay()].map(|body| alice.send(body));
    let statuses: Vec<Status> =
        commit(&mut runtime, &transactions).receipts.iter().map(|r| r.status).collect();
    assert_eq!(statuses, [Status::Success, Status::Success, Status::BlockFull]);
    _ = succeed(&mut runtime, &transactions[2]);
}

#[test]
fn a_registered_key_can_be_omitted_from_the_next_block_on() {
    let (mut runtime, mut alice) = world();
    let register = alice.send(Body::Admin(AdminOperation::RegisterKey));
    let transaction = alice.next(pay());
    let keyless = alice.authenticate_without_key(transaction);
    let result = commit(&mut runtime, &[register, keyless.clone()]);
    assert_eq!(result.receipts[0].status, Status::Success);
    assert_eq!(result.receipts[1].status, Status::KeyMissing, "in the same block");
    let receipt = succeed(&mut runtime, &keyless);
    let full = 1_952 / 64 * 200;
    let with_key = succeed(&mut runtime, &alice.send(pay()));
    assert!(with_key.gas_used > receipt.gas_used + full, "the key is paid for where it is sent");
    let forget = alice.next(Body::Admin(AdminOperation::ForgetKey));
    _ = succeed(&mut runtime, &alice.authenticate_without_key(forget));
    let transaction = alice.clone().next(pay());
    rejected(&mut runtime, &alice.authenticate_without_key(transaction), Status::KeyMissing);
}

#[test]
fn a_key_is_rotated_by_both_and_the_old_one_opens_nothing_more() {
    let (mut runtime, mut alice) = world();
    let mut new = Account::new("alice's new key");
    let mut forged = alice.rotate_to(&new);
    if let Body::RotateKey { signature, .. } = &mut forged {
        *signature = vec![0; signature.len()].into();
    }
    assert_eq!(run(&mut runtime, &alice.send(forged)).status, Status::KeyRefused);
    let mut other_scheme = alice.rotate_to(&new);
    if let Body::RotateKey { scheme, .. } = &mut other_scheme {
        *scheme = 4;
    }
    assert_eq!(run(&mut runtime, &alice.send(other_scheme)).status, Status::KeyRefused);
    let rotate = alice.rotate_to(&new);
    _ = succeed(&mut runtime, &alice.send(rotate.clone()));
    rejected(&mut runtime, &alice.clone().send(pay()), Status::KeyOfOther);
    // The new key signs for the old address.
    new.address = alice.address;
    new.nonce = alice.nonce;
    _ = succeed(&mut runtime, &new.send(pay()));
    // The rotation itself is for one nonce.
    assert_eq!(run(&mut runtime, &new.send(rotate)).status, Status::KeyRefused);
}
