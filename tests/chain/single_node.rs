//! One node from the submission of transactions to durable blocks, and when it ends in the middle.

use dytallix::chain::{
    BlockResult, Body, Error, Mempool, MempoolLimits, ProposalRequest, Reason, Refusal, SingleNode,
    StateMachine, SubmitError, Transaction,
};
use dytallix::state::Bytes;
use dytallix::{Address, Amount, Height, MemoryStore, Runtime, Status, Store};

use crate::basics::balance;
use crate::support::{Account, CHAIN, PROPOSER, encoded, fee, genesis, runtime};

fn node<S: Store>(runtime: Runtime<S>) -> SingleNode<S> {
    SingleNode::new(runtime, Mempool::new(MempoolLimits::default()), PROPOSER)
}

fn to(address: Address, value: u128) -> Body {
    Body::transfer(address, Amount::new(value))
}

fn tipped(account: &Account, nonce: u64, tip: u128, body: Body) -> Bytes {
    let fee = fee().tip(Amount::new(tip));
    let transaction = Transaction::new(CHAIN, nonce, account.address, fee, body);
    account.authenticate(transaction).encode().into()
}

#[test]
fn what_is_submitted_is_committed_in_the_next_block_the_highest_tip_first() {
    let (alice, bob) = (Account::new("alice"), Account::new("bob"));
    let mut node = node(runtime(genesis(&[&alice, &bob])));
    let receiver = Address::from_bytes([5; 32]);
    let low = tipped(&alice, 0, 1, to(receiver, 1));
    let behind = tipped(&alice, 1, 50, to(receiver, 2));
    let high = tipped(&bob, 0, 9, to(receiver, 4));
    for raw in [&behind, &low, &high] {
        node.submit(raw.clone()).expect("a transaction");
    }
    let block = node.produce(1_000).expect("a block");
    assert_eq!(block.header.time_ms, 1_000);
    assert!(block.receipts.iter().all(dytallix::Receipt::is_success));
    let stored = node.runtime().block_at(Height::new(1)).expect("memory").expect("a block");
    assert_eq!(stored.transactions, [high, low, behind]);
    assert_eq!(balance(node.runtime().state(), &receiver), 7);
    assert!(node.mempool().is_empty());
    let removed = node.take_removed();
    assert_eq!(removed.len(), 3);
    assert!(removed.iter().all(|removed| removed.reason == Reason::NonceUsed));
    // Nothing waits: an empty block is a block.
    assert_eq!(node.produce(2_000).expect("a block").receipts, []);
}

#[test]
fn a_transaction_with_a_gap_before_it_waits_for_those_between() {
    let alice = Account::new("alice");
    let mut node = node(runtime(genesis(&[&alice])));
    node.submit(tipped(&alice, 1, 0, to(PROPOSER, 1))).expect("it can wait");
    assert_eq!(node.produce(1_000).expect("a block").receipts, []);
    node.submit(tipped(&alice, 0, 0, to(PROPOSER, 1))).expect("a transaction");
    assert_eq!(node.produce(2_000).expect("a block").receipts.len(), 2);
}

#[test]
fn what_is_not_taken_says_why() {
    let (alice, poor) = (Account::new("alice"), Account::new("poor"));
    let mut node = node(runtime(genesis(&[&alice])));
    let first = tipped(&alice, 0, 10, to(PROPOSER, 1));
    let id = node.submit(first.clone()).expect("a transaction");
    assert!(node.mempool().contains(&id));
    let mut forged = alice.clone().send(to(PROPOSER, 1));
    forged.transaction.valid_until = Height::new(77);
    let rejected = |status| SubmitError::Rejected(status);
    let cases = [
        (first, SubmitError::Refused(Refusal::Known)),
        (b"nothing".as_slice().into(), rejected(Status::Malformed)),
        (forged.encode().into(), rejected(Status::BadSignature)),
        (tipped(&poor, 0, 0, to(PROPOSER, 1)), rejected(Status::CannotPay)),
        (tipped(&alice, 0, 10, to(PROPOSER, 2)), SubmitError::Refused(Refusal::Underpriced)),
        (tipped(&alice, 64, 0, to(PROPOSER, 1)), SubmitError::Refused(Refusal::NonceTooFar)),
    ];
    for (raw, expected) in cases {
        assert_eq!(node.submit(raw), Err(expected));
    }
    let replacing = node.submit(tipped(&alice, 0, 11, to(PROPOSER, 2))).expect("a higher tip");
    assert_ne!(replacing, id);
    assert_eq!(node.mempool().len(), 1);
    node.produce(1_000).expect("a block");
    let late = node.submit(tipped(&alice, 0, 99, to(PROPOSER, 3)));
    assert_eq!(late, Err(rejected(Status::NonceUsed)));
}

#[test]
fn what_the_chain_rejects_by_now_leaves_the_mempool() {
    let (mut alice, other) = (Account::new("alice"), Account::new("other"));
    let mut node = node(runtime(genesis(&[&alice])));
    let rotate = alice.rotate_to(&other);
    let rotation = encoded(&[alice.send(rotate)]).remove(0);
    node.submit(rotation).expect("a transaction");
    // By the key that is not the account's any more when it comes to this one.
    let stale = node.submit(tipped(&alice, 1, 0, to(PROPOSER, 1))).expect("a transaction");
    let waiting = node.submit(tipped(&alice, 2, 0, to(PROPOSER, 1))).expect("a transaction");
    let block = node.produce(1_000).expect("a block");
    assert_eq!(block.receipts.len(), 1);
    let rejected = node.take_rejected();
    assert!(rejected.contains(&(stale, Status::KeyOfOther)), "{rejected:?}");
    assert!(!node.mempool().contains(&stale) && !node.mempool().contains(&waiting));
}

#[test]
fn a_node_that_ends_between_finalizing_and_committing_has_lost_nothing_durable() {
    let (mut alice, bob) = (Account::new("alice"), Account::new("bob"));
    let sent: Vec<Bytes> =
        (0..3).map(|value| encoded(&[alice.send(to(bob.address, value + 1))]).remove(0)).collect();
    let mut whole = node(runtime(genesis(&[&alice])));
    let mut ended = node(runtime(genesis(&[&alice])));
    for node in [&mut whole, &mut ended] {
        node.submit(sent[0].clone()).expect("a transaction");
        node.produce(1_000).expect("a block");
        node.submit(sent[1].clone()).expect("a transaction");
        node.submit(sent[2].clone()).expect("a transaction");
    }
    let expected = whole.produce(2_000).expect("a block");

    // The steps of `produce` as far as the commit, and the end.
    let candidates = ended.mempool().candidates(u64::MAX, u64::MAX);
    let request = ProposalRequest::new(Height::new(2), 2_000, PROPOSER);
    let machine = ended.runtime_mut();
    let block = machine.prepare_proposal(&request, &candidates).expect("a block").block;
    let finalized = machine.finalize_block(&block).expect("a block");
    assert_eq!(finalized.app_hash, expected.app_hash);
    let (runtime, mempool) = ended.into_parts();
    let store: MemoryStore = runtime.into_store();

    let runtime = Runtime::builder().build(store.clone()).expect("a chain");
    assert_eq!(runtime.height(), Some(Height::new(1)));
    let mut again = node(runtime);
    for raw in &sent[1..] {
        again.submit(raw.clone()).expect("they are not committed");
    }
    assert_eq!(again.produce(2_000).expect("a block"), expected);

    // Where the mempool has been kept, nobody has to submit again.
    let runtime = Runtime::builder().build(store).expect("a chain");
    let mut kept = SingleNode::new(runtime, mempool, PROPOSER);
    assert_eq!(kept.produce(2_000).expect("a block"), expected);
    assert_eq!(kept.runtime().store(), whole.runtime().store());
}

/// A store in memory that fails to write when it is told to.
#[derive(Clone, Debug, Default)]
struct Failing {
    rows: MemoryStore,
    fails: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Store for Failing {
    fn get(
        &self,
        table: dytallix::state::Table,
        key: &[u8],
    ) -> Result<Option<Bytes>, dytallix::state::StoreError> {
        self.rows.get(table, key)
    }

    fn scan(
        &self,
        table: dytallix::state::Table,
        range: dytallix::state::KeyRange<'_>,
        order: dytallix::state::Order,
        visit: &mut dytallix::state::Visit<'_>,
    ) -> Result<(), dytallix::state::StoreError> {
        self.rows.scan(table, range, order, visit)
    }

    fn write(&mut self, batch: &dytallix::state::Batch) -> Result<(), dytallix::state::StoreError> {
        match self.fails.load(std::sync::atomic::Ordering::Relaxed) {
            true => Err(dytallix::state::StoreError::new("it was told to fail")),
            false => self.rows.write(batch),
        }
    }
}

#[test]
fn a_commit_that_fails_is_no_block_and_the_same_one_comes_next() {
    let mut alice = Account::new("alice");
    let store = Failing::default();
    let fails = store.fails.clone();
    let runtime = Runtime::builder().genesis(genesis(&[&alice])).build(store).expect("a chain");
    let mut node = node(runtime);
    node.submit(encoded(&[alice.send(to(PROPOSER, 1))]).remove(0)).expect("a transaction");
    let before = node.runtime().info();
    let rows = node.runtime().store().rows.clone();
    fails.store(true, std::sync::atomic::Ordering::Relaxed);
    let failed = node.produce(1_000).expect_err("the store fails");
    assert!(matches!(failed, Error::Fault(_)), "{failed}");
    assert_eq!(node.runtime().info(), before);
    assert_eq!(node.runtime().store().rows, rows);
    assert_eq!(node.mempool().len(), 1);
    fails.store(false, std::sync::atomic::Ordering::Relaxed);
    let block: BlockResult = node.produce(1_000).expect("a block");
    assert_eq!(block.header.height, Height::new(1));
    assert_eq!(block.receipts.len(), 1);
    assert!(node.mempool().is_empty());
}

mod disk {
    //! The same in a file, whose disk fails at every operation.

    use dytallix::chain::{BlockResult, SingleNode};
    use dytallix::state::{Bytes, DiskOptions};
    use dytallix::{DiskStore, Height, Runtime};

    use super::{node, to};
    use crate::fault::{Fault, FaultDisk, FaultKind, Kept};
    use crate::support::{Account, PROPOSER, encoded, genesis};

    fn open(disk: &FaultDisk) -> Option<SingleNode<DiskStore>> {
        let mut options = DiskOptions::default();
        options.cache_bytes = 1 << 20;
        let store = DiskStore::with_backend(disk.backend(), &options).ok()?;
        Some(node(Runtime::builder().build(store).ok()?))
    }

    /// Submits what is not committed yet and makes a block of it.
    fn second_block(node: &mut SingleNode<DiskStore>, raw: &Bytes) -> Option<BlockResult> {
        node.submit(raw.clone()).ok()?;
        node.produce(2_000).ok()
    }

    #[test]
    fn after_any_failure_of_the_disk_the_block_is_there_or_is_made_again_as_it_was() {
        let mut alice = Account::new("alice");
        let genesis = genesis(&[&alice]);
        let sent = [alice.send(to(PROPOSER, 1)), alice.send(to(PROPOSER, 2))];
        let sent = encoded(&sent);
        let disk = FaultDisk::new();
        let mut options = DiskOptions::default();
        options.cache_bytes = 1 << 20;
        let store = DiskStore::with_backend(disk.backend(), &options).expect("a sound disk");
        let runtime = Runtime::builder().genesis(genesis).build(store).expect("a chain");
        let mut first = node(runtime);
        first.submit(sent[0].clone()).expect("a transaction");
        first.produce(1_000).expect("a block");
        drop(first);
        let contents = disk.contents();

        let sound = FaultDisk::holding(contents.clone());
        let mut whole = open(&sound).expect("a sound disk");
        let begin = sound.operations().len();
        let expected = second_block(&mut whole, &sent[1]).expect("a sound disk");
        let end = sound.operations().len();
        assert!(end > begin + 2, "a commit writes and syncs");
        drop(whole);

        let (mut kept, mut lost) = (0, 0);
        for at in begin..end {
            for kind in [FaultKind::Error, FaultKind::PowerLoss] {
                let disk = FaultDisk::holding(contents.clone());
                let mut node = open(&disk).expect("it has not failed yet");
                disk.plan(Fault { at, kind });
                let returned = second_block(&mut node, &sent[1]);
                assert!(disk.was_hit(), "{at} {kind:?}");
                drop(node);
                for left in [Kept::Nothing, Kept::Everything, Kept::Sectors(at as u64)] {
                    let mut node = open(&disk.surviving(left)).expect("it can be opened");
                    let height = node.runtime().height();
                    if height == Some(Height::new(2)) {
                        kept += 1;
                    } else {
                        assert_eq!(returned, None, "{at} {kind:?} {left:?}: a block is gone");
                        assert_eq!(height, Some(Height::new(1)));
                        let again = second_block(&mut node, &sent[1]);
                        assert_eq!(again.as_ref(), Some(&expected), "{at} {kind:?} {left:?}");
                        lost += 1;
                    }
                    assert_eq!(node.runtime().app_hash(), Some(expected.app_hash));
                }
            }
        }
        assert!(kept > 0 && lost > 0, "{kept} {lost}");
    }
}
