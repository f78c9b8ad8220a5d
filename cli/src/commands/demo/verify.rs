//! What can be checked from outside: proofs, the sum of all money, and a replay.

use std::ops::{Bound, ControlFlow};

use dytallix::chain::{MerkleProof, app_hash, merkle_root};
use dytallix::state::{Order, StateKey, StateRow};
use dytallix::{Address, Hash, Height, MemoryStore, Proof, Receipt, Runtime, StateRoot};

use super::acts::Contracts;
use super::stage::{Stage, genesis, wrong};
use crate::failure::Failure;
use crate::ledger;

/// What was proved.
pub(super) struct Proofs {
    /// The root that everything is proved against.
    pub(super) root: StateRoot,
    /// Bytes of the proof of a contract.
    pub(super) bytes: usize,
}

/// What a replay came to.
pub(super) struct Replayed {
    pub(super) blocks: u64,
    pub(super) root: StateRoot,
    pub(super) app_hash: Hash,
}

/// Proves a contract, an absent account, a transaction and its receipt, and verifies each with
/// nothing but the hashes that headers carry.
pub(super) fn proofs(stage: &mut Stage, contracts: &Contracts) -> Result<Proofs, Failure> {
    let height = Height::new(stage.height());
    // The next header would carry this: what the last block came to.
    let trusted = stage.looking()?.app_hash();
    let Some(last) = stage.blocks.last() else { return Err(wrong("there is no block")) };
    let (root, receipts_root) = (last.result.state_root, last.result.receipts_root);
    if trusted != Some(app_hash(&root, &receipts_root)) {
        return Err(wrong("the app hash is not that of the roots"));
    }
    let folder = stage.folder().map(std::path::Path::to_owned).unwrap_or_default();
    let failed = |error| ledger::failure(&error, &folder);
    let state = stage.runtime()?.state_mut();
    let there = state.prove(height, StateKey::Account(&contracts.counter)).map_err(failed)?;
    let nobody = Address::from_bytes([0x0f; 32]);
    let absent = state.prove(height, StateKey::Account(&nobody)).map_err(failed)?;

    // From here on only bytes, as somebody far away gets them.
    let encoded = there.proof.encode();
    let refused = |error| wrong(format!("a proof is refused: {error}"));
    let proof = Proof::decode(&encoded).map_err(refused)?;
    let Some(row) = &there.value else { return Err(wrong("the counter is not there")) };
    proof.verify_inclusion(&root, &there.key, row).map_err(refused)?;
    let mut other = row.to_vec();
    other[0] ^= 1;
    let other_root = StateRoot::from_bytes([7; 32]);
    if proof.verify_inclusion(&root, &there.key, &other).is_ok()
        || proof.verify_inclusion(&other_root, &there.key, row).is_ok()
    {
        return Err(wrong("a proof is taken for what it does not prove"));
    }
    absent.proof.verify_exclusion(&root, &absent.key).map_err(refused)?;
    match StateRow::decode(&there.key, row) {
        Ok(StateRow::Account(_, account))
            if account.contract.as_ref().is_some_and(|contract| contract.version == 2) => {}
        _ => return Err(wrong("the proved row is not version 2 of the counter")),
    }
    lists(stage, height)?;
    Ok(Proofs { root, bytes: encoded.len() })
}

/// Proves the last transaction of a block and its receipt.
fn lists(stage: &Stage, height: Height) -> Result<(), Failure> {
    let block = stage.looking()?.block_at(height).map_err(|e| stage.failure(&e))?;
    let receipts = stage.looking()?.receipts_at(height).map_err(|e| stage.failure(&e))?;
    let Some(block) = block else { return Err(wrong("the last block is not there")) };
    let receipts: Vec<Vec<u8>> = receipts.iter().map(Receipt::encode).collect();
    let last = block.transactions.len() - 1;
    let prove = |leaves: Vec<&[u8]>, root: &Hash| {
        let leaf = leaves[last];
        let proof = MerkleProof::of(leaves.iter().copied(), last as u32);
        proof.is_some_and(|proof| proof.verify(root, leaf))
    };
    let transactions = block.transactions.iter().map(|bytes| &bytes[..]).collect();
    let receipts_root = merkle_root(receipts.iter().map(Vec::as_slice));
    let is_told = stage.blocks.last().map(|b| b.result.receipts_root) == Some(receipts_root);
    if prove(transactions, &block.header.transactions_root)
        && is_told
        && prove(receipts.iter().map(Vec::as_slice).collect(), &receipts_root)
    {
        return Ok(());
    }
    Err(wrong("a transaction or receipt can not be proved in its list"))
}

/// Adds up all balances and deposits of state: with what was burnt they are what the genesis gave.
pub(super) fn money(stage: &Stage) -> Result<(), Failure> {
    let runtime = stage.looking()?;
    let failed = |error| ledger::failure(&error, stage.folder().unwrap_or("".as_ref()));
    let state = runtime.state().at(Height::new(stage.height())).map_err(failed)?;
    let mut sum = 0_u128;
    let all = (Bound::Unbounded, Bound::Unbounded);
    let mut damaged = false;
    state
        .rows(all, Order::Ascending, &mut |key, row| {
            match StateRow::decode(key, row) {
                Ok(StateRow::Account(_, account)) => {
                    sum += account.balance.units();
                    sum += account.contract.map_or(0, |contract| contract.deposit.units());
                }
                Ok(StateRow::Code(_, info)) => sum += info.deposit.units(),
                Ok(_) => {}
                Err(_) => damaged = true,
            }
            ControlFlow::Continue(())
        })
        .map_err(failed)?;
    // All fees are burnt under version 1. Those of demos before are in the blocks.
    let mut burnt = 0;
    for height in 1..=stage.height() {
        let receipts = runtime.receipts_at(Height::new(height)).map_err(|e| stage.failure(&e))?;
        burnt += receipts.iter().map(|receipt| receipt.fee.units()).sum::<u128>();
    }
    let given: u128 = genesis(&stage.people).balances.values().map(|amount| amount.units()).sum();
    match !damaged && sum + burnt == given {
        true => Ok(()),
        false => Err(wrong(format!("there are {sum} and {burnt} were burnt, of {given}"))),
    }
}

/// Executes all blocks again from the genesis on, over a fresh store: app hash by app hash.
pub(super) fn replay(stage: &Stage) -> Result<Replayed, Failure> {
    let first = stage.looking()?;
    let builder = Runtime::builder().genesis(genesis(&stage.people));
    let fresh = builder.build(MemoryStore::new());
    let mut fresh = fresh.map_err(|error| wrong(error.to_string()))?;
    let other = |height: u64, why: String| {
        wrong(format!("block {height} does not come out the same: {why}"))
    };
    for height in 1..=stage.height() {
        let block = first.block_at(Height::new(height)).map_err(|e| stage.failure(&e))?;
        let block = block.ok_or_else(|| other(height, "it is not there".to_owned()))?;
        // It refuses a block whose header does not carry what came of the one before.
        let finished = fresh.execute_block(&block).map_err(|e| other(height, e.to_string()))?;
        let result = fresh.commit_block(finished).map_err(|e| other(height, e.to_string()))?;
        let receipts = first.receipts_at(Height::new(height)).map_err(|e| stage.failure(&e))?;
        let same = |(a, b): (&Receipt, &Receipt)| a.encode() == b.encode();
        if !result.receipts.iter().zip(&receipts).all(same) {
            return Err(other(height, "a receipt differs".to_owned()));
        }
    }
    let (root, told) = (fresh.state().root(), fresh.app_hash());
    match told.filter(|told| root == first.state().root() && first.app_hash() == Some(*told)) {
        Some(app_hash) => Ok(Replayed { blocks: stage.height(), root, app_hash }),
        None => Err(other(stage.height(), "the roots differ".to_owned())),
    }
}
