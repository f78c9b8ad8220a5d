//! Every status occurs somewhere in the tests of this crate: those that need no signature, here.

use super::*;
use crate::state::Admin;

fn fee() -> Fee {
    Fee::new(40_000_000, Amount::new(1)).deposit_limit(Amount::new(1 << 40))
}

/// Statuses that need a wrong signature, key or encoding; `tests/chain/admission.rs` has them.
const BY_SIGNATURES: [Status; 6] = [
    Status::Malformed,
    Status::SchemeNotAdmitted,
    Status::KeyMissing,
    Status::KeyOfOther,
    Status::BadSignature,
    Status::KeyRefused,
];

/// Statuses that a call can have and that are tested where the calls are, by the file.
const ELSEWHERE: [(Status, &str); 11] = [
    (Status::ReentryRefused, include_str!("../../../tests/frames/reentry.rs")),
    (Status::CodeInadmissible, include_str!("../../../tests/chain/governance.rs")),
    (Status::Migrating, include_str!("../../../tests/chain/upgrade.rs")),
    (Status::Paused, include_str!("../../../tests/chain/governance.rs")),
    (Status::NoInit, include_str!("../../../tests/chain/upgrade.rs")),
    (Status::TimeLocked, include_str!("../../../tests/chain/upgrade.rs")),
    (Status::TooFewApprovals, include_str!("../../../tests/chain/upgrade.rs")),
    (Status::SchemaRefused, include_str!("../../../tests/chain/upgrade.rs")),
    (Status::NotGovernor, include_str!("../../../tests/chain/governance.rs")),
    (Status::BlockFull, include_str!("../../../tests/chain/admission.rs")),
    (Status::CommandRefused, include_str!("statuses.rs")),
];

#[test]
fn every_status_occurs() {
    let (alice, bob) = (address(1), address(2));
    let mut runtime = chain(&[alice, bob], 1 << 90);
    let code: Arc<[u8]> = writer().into();
    let other: Arc<[u8]> =
        wat::parse_str(r#"(module (memory (export "memory") 1))"#).expect("a module").into();
    let deployment = Deployment::new(CodeSource::Module(code.clone())).admin(Admin::Key(alice));
    let contract = deployment.address(&alice);
    let run = |input: &[u8]| Body::call(contract, "run", input);
    let remove = |code: &[u8]| Body::Admin(AdminOperation::RemoveCode { code_hash: hash(code) });
    let set_admin = Body::Admin(AdminOperation::SetAdmin { contract, admin: Admin::None });
    let command = Command::new(Height::new(1), Change::Schemes([2].into()));
    let cases: Vec<(Address, Body, Status)> = [
        (alice, Body::Deploy(deployment.clone()), Status::Success),
        (alice, Body::Deploy(deployment.clone()), Status::AddressTaken),
        (alice, run(&[1, 9, 0]), Status::Success),
        (alice, run(&[1, 9, 1]), Status::Reverted),
        (alice, run(&[1, 9, 2]), Status::Trapped),
        (alice, run(&[1, 9, 3]), Status::OutOfGas),
        (alice, Body::call(address(9), "run", []), Status::NotFound),
        (alice, Body::transfer(bob, Amount::MAX), Status::Balance),
        (alice, run(&[]).value(Amount::new(1)), Status::NotPermitted),
        (alice, Body::Upload { code: [0; 8][..].into() }, Status::CodeRefused),
        (alice, Body::Upgrade(Upgrade::new(contract, hash(b"none"), [])), Status::NoCode),
        (bob, set_admin, Status::NotAdmin),
        (alice, remove(&code), Status::CodeInUse),
        (alice, Body::Upload { code: other.clone() }, Status::Success),
        (bob, remove(&other), Status::NotUploader),
        (alice, remove(&other), Status::Success),
        (alice, Body::Admin(AdminOperation::Govern(command)), Status::NotGovernor),
    ]
    .into();
    let mut seen: Vec<Status> = Vec::new();
    let mut nonces = [0; 3];
    for (signer, body, expected) in cases {
        let nonce = &mut nonces[signer.as_bytes()[0] as usize];
        let transaction = Transaction::new(CHAIN, *nonce, signer, fee(), body.clone());
        *nonce += 1;
        let result = commit(&mut runtime, [transaction]);
        assert_eq!(result.receipts[0].status, expected, "{body:?}");
        seen.push(expected);
    }
    seen.extend(rejections(&mut runtime, nonces[1]));
    seen.push(deposit_refused(&mut runtime, nonces[1], run(&[2, 200, 0])));
    seen.extend(overflows());
    seen.extend(BY_SIGNATURES);
    for (status, file) in ELSEWHERE {
        let name = alloc::format!("Status::{status:?}");
        assert!(file.contains(&name), "{name}");
        seen.push(status);
    }
    for status in Status::ALL {
        assert!(seen.contains(status), "{status:?} occurs nowhere");
    }
}

fn deposit_refused(runtime: &mut Runtime<MemoryStore>, nonce: u64, body: Body) -> Status {
    let fee = fee().deposit_limit(Amount::ZERO);
    let transaction = Transaction::new(CHAIN, nonce, address(1), fee, body);
    let status = commit(runtime, [transaction]).receipts[0].status;
    assert_eq!(status, Status::Deposit);
    status
}

/// Transactions that are not admitted.
fn rejections(runtime: &mut Runtime<MemoryStore>, nonce: u64) -> Vec<Status> {
    let pay = || Body::transfer(address(3), Amount::new(1));
    let plain = |body| Transaction::new(CHAIN, nonce, address(1), fee(), body);
    let with = |change: &dyn Fn(&mut Transaction)| {
        let mut transaction = plain(pay());
        change(&mut transaction);
        transaction
    };
    let mut upgrade = Upgrade::new(address(1), hash(b""), []);
    upgrade.attestations.push([1][..].into());
    let height = next_height(runtime);
    let cases = [
        (with(&|t| t.chain_id += 1), Status::WrongChain),
        (with(&|t| t.valid_until = Height::new(height.number() - 1)), Status::Expired),
        (with(&|t| t.nonce = crate::primitives::Nonce::new(0)), Status::NonceUsed),
        (with(&|t| t.nonce = crate::primitives::Nonce::new(nonce + 1)), Status::NonceAhead),
        (plain(Body::Upload { code: alloc::vec![0; 3 << 20].into() }), Status::TooLong),
        (with(&|t| t.fee.gas_limit = u64::MAX), Status::GasLimitTooHigh),
        (with(&|t| t.fee.gas_limit = 1), Status::GasLimitTooLow),
        (with(&|t| t.fee.gas_price = Amount::ZERO), Status::GasPriceTooLow),
        (with(&|t| t.fee.gas_price = Amount::new(1 << 80)), Status::CannotPay),
        (with(&|t| t.fee.gas_price = Amount::MAX), Status::FeeOverflow),
        (plain(Body::Batch(Vec::new())), Status::BatchSize),
        (plain(Body::Upgrade(upgrade)), Status::Attestations),
        (plain(Body::call(address(1), "m", alloc::vec![0; 65 << 10])), Status::ArgumentsTooLong),
        (
            Transaction::new(CHAIN, 0, crate::host::system_address(), fee(), pay()),
            Status::SignerIsContract,
        ),
    ];
    let statuses = cases.iter().map(|(_, status)| *status).collect();
    let result = commit(runtime, cases.iter().map(|(transaction, _)| transaction.clone()));
    for (receipt, (transaction, status)) in result.receipts.iter().zip(&cases) {
        assert_eq!(receipt.status, *status, "{transaction:?}");
        assert_eq!((receipt.fee, receipt.gas_used), (Amount::ZERO, 0));
    }
    statuses
}

/// What needs an account at the end of its nonces, and one with all money that there can be.
fn overflows() -> Vec<Status> {
    let mut overlay_of =
        crate::state::State::open(MemoryStore::new(), Default::default()).expect("memory");
    let mut overlay = crate::state::Overlay::new(&overlay_of);
    overlay.credit(&address(1), Amount::MAX).expect("memory");
    let error = overlay.credit(&address(1), Amount::new(1)).expect_err("too much");
    assert_eq!(error, crate::state::StateError::BalanceOverflow);
    let changes = overlay.changes();
    overlay_of.commit(crate::state::Block::new(Height::new(1), &changes)).expect("memory");
    let nonce = crate::primitives::Nonce::new(u64::MAX);
    let account = crate::state::Account { nonce, ..Default::default() };
    let transaction = Transaction::new(CHAIN, u64::MAX, address(1), fee(), Body::Batch(Vec::new()));
    let key = Key::assumed(Scheme::MlDsa65);
    let refused = crate::chain::admission::check_account(&account, &transaction, &key);
    assert_eq!(refused, Err(Status::NonceExhausted));
    [Status::BalanceOverflow, Status::NonceExhausted].into()
}
