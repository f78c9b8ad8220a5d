//! A chain that begins in the middle, from a snapshot of another node.

use dytallix::chain::{
    Body, Query, RestoreError, SnapshotOffer, SnapshotRestore, StateMachine, Trusted,
};
use dytallix::state::SnapshotError;
use dytallix::{Amount, Hash, Height, MemoryStore, Runtime};

use crate::support::{Account, PROPOSER, commit, genesis, runtime};

/// A chain of three blocks, and who has still something to send.
fn chain() -> (Runtime<MemoryStore>, Account) {
    let mut alice = Account::new("alice");
    let mut runtime = runtime(genesis(&[&alice]));
    for _ in 0..3 {
        commit(&mut runtime, &[alice.send(Body::transfer(PROPOSER, Amount::new(1)))]);
    }
    (runtime, alice)
}

/// What a light client knows of the last block.
fn trusted(runtime: &Runtime<MemoryStore>) -> Trusted {
    let height = runtime.height().expect("a chain");
    let block = runtime.block_at(height).expect("memory").expect("a block");
    Trusted::new(block.header, runtime.app_hash().expect("a chain"))
}

fn restore(
    from: &Runtime<MemoryStore>,
    offer: &SnapshotOffer,
    trusted: &Trusted,
) -> Result<Runtime<MemoryStore>, RestoreError> {
    let mut restore = SnapshotRestore::begin(MemoryStore::new(), offer, trusted)?;
    while let Some(number) = restore.wanted() {
        let chunk = from.snapshot_chunk(offer.manifest.height, number).expect("memory");
        restore.add(number, &chunk.expect("a chunk"))?;
    }
    restore.finish(Runtime::builder(), &mut |_| {})
}

#[test]
fn a_restored_node_goes_on_with_the_blocks_of_the_others() {
    let (mut first, mut alice) = chain();
    let offer = first.take_snapshot(100).expect("a snapshot");
    assert!(offer.manifest.chunks.len() > 2);
    let trusted = trusted(&first);
    // The chain goes on while the snapshot is taken chunk by chunk.
    commit(&mut first, &[alice.send(Body::transfer(PROPOSER, Amount::new(7)))]);
    let mut second = restore(&first, &offer, &trusted).expect("a chain");
    let info = second.info().expect("memory").expect("a chain");
    assert_eq!((info.height, info.hash), (Height::new(3), trusted.header.hash()));
    assert_eq!((info.app_hash, info.time_ms), (trusted.app_hash, trusted.header.time_ms));

    let next = first.block_at(Height::new(4)).expect("memory").expect("a block");
    second.finalize_block(&next).expect("the next block");
    // A crash, since a restored store is one like any other.
    second = Runtime::builder().build(second.into_store()).expect("a chain");
    second.finalize_block(&next).expect("the next block");
    StateMachine::commit(&mut second).expect("durable");
    assert_eq!(first.info(), second.info());
    commit(&mut first, &[]);
    commit(&mut second, &[]);
    assert_eq!(first.info(), second.info());
}

#[test]
fn a_restored_height_is_read_and_has_no_proof_up_to_the_app_hash() {
    let (mut first, alice) = chain();
    let offer = first.take_snapshot(1 << 20).expect("a snapshot");
    let trusted = trusted(&first);
    let mut second = restore(&first, &offer, &trusted).expect("a chain");
    let answer = second.query(&Query::Account(alice.address), None, true).expect("memory");
    // The receipts of the block are not here: against the state root it is proved all the same.
    assert_eq!(answer.receipts_root, None);
    let (proof, value) = (answer.proof.expect("a proof"), answer.value.expect("an account"));
    assert_eq!(proof.verify_inclusion(&offer.manifest.root, &answer.key, &value), Ok(()));
    // For the same reason others can not restore from this node before its next block.
    assert!(second.take_snapshot(1 << 20).is_err());
    commit(&mut second, &[]);
    assert!(second.take_snapshot(1 << 20).is_ok());
}

#[test]
fn an_offer_that_is_not_of_the_trusted_block_is_refused_and_writes_nothing() {
    let (mut first, _) = chain();
    let offer = first.take_snapshot(1 << 20).expect("a snapshot");
    let good = trusted(&first);
    let begin = |offer: &SnapshotOffer, trusted: &Trusted| {
        SnapshotRestore::begin(MemoryStore::new(), offer, trusted).expect_err("not trusted")
    };
    let other = SnapshotOffer::new(offer.manifest.clone(), Hash::from_bytes([1; 32]));
    assert!(matches!(begin(&other, &good), RestoreError::AppHash { .. }));
    let mut wrong = good;
    wrong.app_hash = Hash::from_bytes([1; 32]);
    assert!(matches!(begin(&offer, &wrong), RestoreError::AppHash { .. }));
    let mut wrong = good;
    wrong.header.height = Height::new(2);
    let refused = begin(&offer, &wrong);
    assert!(matches!(refused, RestoreError::Snapshot(SnapshotError::OtherHeight { .. })));
    // A store with a chain stays that chain.
    let store = first.store().clone();
    let refused = SnapshotRestore::begin(store, &offer, &good).expect_err("not empty");
    assert_eq!(refused, RestoreError::Snapshot(SnapshotError::NotEmpty));
}

#[test]
fn a_restore_that_was_interrupted_goes_on_and_one_that_is_given_up_leaves_nothing() {
    let (mut first, _) = chain();
    let offer = first.take_snapshot(100).expect("a snapshot");
    let trusted = trusted(&first);
    let height = offer.manifest.height;
    let chunk = |number| first.snapshot_chunk(height, number).expect("memory").expect("a chunk");
    let mut begun = SnapshotRestore::begin(MemoryStore::new(), &offer, &trusted).expect("empty");
    begun.add(0, &chunk(0)).expect("the first chunk");
    let wrong = begun.add(1, &chunk(0)).expect_err("another chunk");
    assert!(matches!(wrong, RestoreError::Snapshot(SnapshotError::Chunk { number: 1, .. })));
    let store = begun.into_store();
    assert!(Runtime::builder().build(store.clone()).is_err(), "it is not finished");

    let empty = SnapshotRestore::abandon(store.clone()).expect("memory");
    let runtime = Runtime::builder().build(empty).expect("empty");
    assert_eq!(runtime.info(), Ok(None));

    let mut again = SnapshotRestore::begin(store, &offer, &trusted).expect("the same");
    assert_eq!(again.wanted(), Some(1));
    while let Some(number) = again.wanted() {
        again.add(number, &chunk(number)).expect("a chunk");
    }
    let second = again.finish(Runtime::builder(), &mut |_| {}).expect("a chain");
    assert_eq!(first.info(), second.info());
    // There is no restore to give up any more, and the chain stays.
    let store = SnapshotRestore::abandon(second.into_store()).expect("memory");
    let second = Runtime::builder().build(store).expect("a chain");
    assert_eq!(first.info(), second.info());
}

#[test]
fn a_snapshot_keeps_its_height_from_being_pruned_until_it_is_dropped() {
    let (mut runtime, mut alice) = chain();
    let height = runtime.height().expect("a chain");
    runtime.take_snapshot(1 << 20).expect("a snapshot");
    // Taking it again is no second pin.
    runtime.take_snapshot(100).expect("a snapshot");
    assert_eq!(runtime.snapshots().len(), 1);
    for _ in 0..2 {
        commit(&mut runtime, &[alice.send(Body::transfer(PROPOSER, Amount::new(1)))]);
    }
    assert!(runtime.state_mut().prune(1, u64::MAX).is_err());
    runtime.drop_snapshot(height);
    assert_eq!(runtime.snapshots(), []);
    assert!(runtime.state_mut().prune(1, u64::MAX).is_ok());
    assert_eq!(runtime.snapshot_chunk(height, 0), Ok(None));
}

#[test]
fn there_is_no_snapshot_of_the_genesis() {
    let mut runtime = runtime(genesis(&[]));
    assert!(runtime.take_snapshot(1 << 20).is_err());
}
