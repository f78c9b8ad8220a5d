//! [`Runtime`] as a [`StateMachine`].

use alloc::vec::Vec;

use dytallix_abi::Status;

use super::{
    Answer, CheckTx, Committed, Finalized, Info, Proposal, ProposalRequest, Query, SnapshotOffer,
    StateMachine, Verdict,
};
use crate::chain::admission::check_account;
use crate::chain::block::Block;
use crate::chain::genesis::Genesis;
use crate::chain::governance::load_protocol;
use crate::chain::runtime::{
    BlockError, BlockInfo, Checkable, Error, OpenBlock, OpenError, Runtime,
};
use crate::chain::transaction::SignedTransaction;
use crate::primitives::{Address, Height};
use crate::state::{Bytes, Store, StoreError, StoreErrorKind, View};

/// So many candidates are checked together, on all threads: few enough that little is checked in
/// vain when the block is full.
const WINDOW: usize = 64;

impl<S: Store> StateMachine for Runtime<S> {
    fn info(&self) -> Result<Option<Info>, Error> {
        let Some(tip) = self.tip() else { return Ok(None) };
        let protocol = load_protocol(self.state())?.ok_or(BlockError::NoChain)?.id();
        Ok(Some(Info {
            chain_id: tip.chain_id,
            height: tip.height,
            hash: tip.hash,
            time_ms: tip.time_ms,
            app_hash: tip.app_hash,
            protocol,
        }))
    }

    fn init_genesis(&mut self, genesis: &Genesis) -> Result<Info, OpenError> {
        self.begin_chain(genesis)?;
        let info = StateMachine::info(self);
        let missing = || StoreError::of(StoreErrorKind::Corrupt, "a chain without its last block");
        info.ok().flatten().ok_or_else(|| missing().into())
    }

    fn check_tx(&mut self, transaction: &Bytes) -> Result<CheckTx, Error> {
        let time_ms = self.tip().ok_or(BlockError::NoChain)?.time_ms;
        let open = self.begin(BlockInfo::new(time_ms, Address::from_bytes([0; 32])))?;
        let checked = match open.workers.check(open.state, &open.rules, transaction)? {
            Ok(checked) => checked,
            Err(status) => return Ok(CheckTx::rejected(status)),
        };
        let transaction = &checked.signed.transaction;
        let account = View::account(open.state, &transaction.signer)?;
        let mut account = account.unwrap_or_default();
        // Those between may be on their way; whether they can be waited for is the mempool's say.
        account.nonce = account.nonce.max(transaction.nonce);
        Ok(match check_account(&account, transaction, &checked.key) {
            Err(status) => CheckTx::rejected(status),
            Ok(()) => {
                let fee = &transaction.fee;
                CheckTx { status: Status::Success, gas_limit: fee.gas_limit, priority: fee.tip }
            }
        })
    }

    fn prepare_proposal(
        &mut self,
        request: &ProposalRequest,
        candidates: &[Bytes],
    ) -> Result<Proposal, Error> {
        let open = self.begin(BlockInfo::new(request.time_ms, request.proposer))?;
        if open.height() != request.height {
            let (next, block) = (open.height(), request.height);
            return Err(BlockError::Height { next, block }.into());
        }
        let mut drawing = Drawing { open, left: request.max_bytes, dropped: Vec::new() };
        for (from, window) in (0_u32..).step_by(WINDOW).zip(candidates.chunks(WINDOW)) {
            drawing.draw(from, window)?;
        }
        let Drawing { open, mut dropped, .. } = drawing;
        dropped.sort_unstable_by_key(|(index, _)| *index);
        let header = open.header();
        Ok(Proposal { block: Block::new(header, open.transactions), dropped })
    }

    fn seal(&mut self, info: BlockInfo, transactions: Vec<Bytes>) -> Result<Block, Error> {
        let mut open = self.begin(info)?;
        open.leaves = open.workers.leaves(&transactions);
        let header = open.header();
        Ok(Block::new(header, transactions))
    }

    fn process_proposal(&mut self, block: &Block) -> Result<Verdict, Error> {
        match look_at(self, block) {
            Ok(checked) => {
                self.looked_at = Some((block.header.hash(), checked));
                Ok(Verdict::Accept)
            }
            Err(Error::Block(error)) if error != BlockError::NoChain => Ok(Verdict::Reject(error)),
            Err(error) => Err(error),
        }
    }

    fn finalize_block(&mut self, block: &Block) -> Result<Finalized, Error> {
        let hash = block.header.hash();
        if let Some(prepared) = self.prepared().filter(|prepared| prepared.hash == hash) {
            return match block.is_whole() {
                true => Ok(Finalized::from(prepared)),
                false => Err(BlockError::TransactionsRoot.into()),
            };
        }
        let finished = self.execute_beside(block)?;
        Ok(Finalized::from(self.prepare(finished)?))
    }

    fn commit(&mut self) -> Result<Committed, Error> {
        let result = Runtime::commit(self)?;
        let (height, hash, app_hash) = (result.header.height, result.hash, result.app_hash);
        let retain_height = self.state().head().map_or(height, |head| head.oldest);
        Ok(Committed { height, hash, app_hash, retain_height })
    }

    fn query(
        &mut self,
        query: &Query,
        height: Option<Height>,
        prove: bool,
    ) -> Result<Answer, Error> {
        super::query::answer(self, query, height, prove)
    }

    fn take_snapshot(&mut self, chunk_bytes: usize) -> Result<SnapshotOffer, Error> {
        super::snapshots::take(self, chunk_bytes)
    }

    fn snapshots(&self) -> Vec<SnapshotOffer> {
        self.snapshots.iter().map(|snapshot| snapshot.offer.clone()).collect()
    }

    fn snapshot_chunk(&self, height: Height, number: u32) -> Result<Option<Vec<u8>>, Error> {
        super::snapshots::chunk(self, height, number)
    }

    fn drop_snapshot(&mut self, height: Height) {
        super::snapshots::drop_one(self, height);
    }
}

/// Checks what does not depend on executing the block.
fn look_at<S: Store>(runtime: &mut Runtime<S>, block: &Block) -> Result<Vec<Checkable>, Error> {
    runtime.check_header(block)?;
    let open = runtime.begin_as(block)?;
    open.check_size(&block.transactions)?;
    let checked = open.workers.check_all(open.state, &open.rules, &block.transactions)?;
    let wrong = (0_u32..).zip(&checked).find_map(|(index, checked)| {
        checked.as_ref().err().map(|&status| BlockError::Transaction { index, status })
    });
    wrong.map_or(Ok(checked), |error| Err(error.into()))
}

/// A proposal that is being made.
struct Drawing<'a, S> {
    open: OpenBlock<'a, S>,
    /// Bytes that the request leaves.
    left: u64,
    dropped: Vec<(u32, Status)>,
}

impl<S: Store> Drawing<'_, S> {
    /// Takes of a window of candidates, the first of which has the index `from`, what is admitted.
    fn draw(&mut self, from: u32, window: &[Bytes]) -> Result<(), Error> {
        let (mut places, mut fitting) = (Vec::new(), Vec::new());
        for (index, raw) in (from..).zip(window) {
            match self.may_fit(raw) {
                Ok(()) => {
                    places.push(index);
                    fitting.push(raw.clone());
                }
                Err(status) => self.dropped.push((index, status)),
            }
        }
        let OpenBlock { workers, state, rules, .. } = &mut self.open;
        let checked = workers.check_all(*state, rules, &fitting)?;
        for ((index, raw), checked) in places.into_iter().zip(fitting).zip(&checked) {
            let bytes = raw.len() as u64;
            let Some(left) = self.left.checked_sub(bytes) else {
                self.dropped.push((index, Status::BlockFull));
                continue;
            };
            match self.open.offer_checked(raw, checked)? {
                Ok(_) => self.left = left,
                Err(status) => self.dropped.push((index, status)),
            }
        }
        Ok(())
    }

    /// Whether there may be room for it, before anything is computed.
    fn may_fit(&self, raw: &Bytes) -> Result<(), Status> {
        if !self.open.has_room(0, raw.len()) || raw.len() as u64 > self.left {
            return Err(Status::BlockFull);
        }
        let signed = SignedTransaction::decode(raw).map_err(|_| Status::Malformed)?;
        match self.open.has_room(signed.transaction.fee.gas_limit, raw.len()) {
            true => Ok(()),
            false => Err(Status::BlockFull),
        }
    }
}
