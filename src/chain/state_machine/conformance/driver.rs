//! [`Driver`]: an engine that does to a state machine whatever engines do.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Debug;

use dytallix_abi::Status;

use super::{ConformanceError, Script};
use crate::chain::block::{Block, Header, app_hash};
use crate::chain::genesis::Genesis;
use crate::chain::merkle::merkle_root;
use crate::chain::runtime::{BlockInfo, OpenError};
use crate::chain::state_machine::{
    Finalized, Info, Proposal, ProposalRequest, Query, StateMachine, Verdict,
};
use crate::chain::transaction::SignedTransaction;
use crate::primitives::{Address, Hash, Height};
use crate::state::{Bytes, Manifest};

type Checked<T> = Result<T, ConformanceError>;
type Restart<'a, M> = dyn FnMut(M) -> Result<M, OpenError> + 'a;

/// What is no transaction.
const GARBAGE: &[u8] = b"no transaction";

/// An engine, and what it has decided.
pub(super) struct Driver<M> {
    machine: M,
    /// What the machine should say of itself.
    info: Info,
    blocks: Vec<Block>,
    results: Vec<Finalized>,
}

fn require(promise: &'static str, holds: bool, detail: impl FnOnce() -> String) -> Checked<()> {
    if holds { Ok(()) } else { Err(ConformanceError::new(promise, detail())) }
}

fn same<T: Debug + PartialEq>(promise: &'static str, found: &T, expected: &T) -> Checked<()> {
    require(promise, found == expected, || {
        format!("{} instead of {}", shown(found), shown(expected))
    })
}

/// A value as far as it can be read: blocks are long.
fn shown(value: &impl Debug) -> String {
    const MOST: usize = 400;
    let mut text = format!("{value:?}");
    if let Some((at, _)) = text.char_indices().nth(MOST) {
        text.truncate(at);
        text.push_str(" …");
    }
    text
}

/// What a machine says of itself, which has a chain.
fn info_of<M: StateMachine>(machine: &M) -> Checked<Info> {
    let missing = ConformanceError::new("a chain that has begun is there", String::new());
    machine.info()?.ok_or(missing)
}

fn begin<M: StateMachine>(machine: &mut M, genesis: &Genesis) -> Checked<Info> {
    same("a fresh machine has no chain", &machine.info()?, &None)?;
    let info = machine.init_genesis(genesis)?;
    same("the chain begins with its genesis", &info.hash, &genesis.hash())?;
    same("the genesis has height 0", &info.height, &Height::default())?;
    same("the chain has the number of its genesis", &info.chain_id, &genesis.chain_id)?;
    same("info tells of the genesis", &info_of(machine)?, &info)?;
    Ok(info)
}

impl<M: StateMachine> Driver<M> {
    /// Begins the chain.
    pub(super) fn begin(script: &Script, machine: M) -> Checked<Driver<M>> {
        let mut machine = machine;
        let info = begin(&mut machine, &script.genesis)?;
        let again = machine.init_genesis(&script.genesis)?;
        same("a chain that has begun with the same genesis stays as it is", &again, &info)?;
        let time_ms = script.genesis.time_ms.wrapping_add(1);
        let other = machine.init_genesis(&script.genesis.clone().time_ms(time_ms));
        require("another genesis is refused", other.is_err(), || format!("{other:?}"))?;
        Ok(Driver { machine, info, blocks: Vec::new(), results: Vec::new() })
    }

    /// One height, with everything that can happen before it is committed.
    pub(super) fn height(
        mut self,
        transactions: &[Bytes],
        restart: &mut Restart<'_, M>,
    ) -> Checked<Driver<M>> {
        require("the script has two transactions for each block", transactions.len() >= 2, || {
            format!("{} for a block", transactions.len())
        })?;
        self.checks(transactions)?;
        let garbage = Bytes::from(GARBAGE);
        // The first round: a block that will not be decided.
        let few = [garbage.clone(), transactions[0].clone()];
        let first = self.propose(1, &few)?;
        same("what does not decode is dropped", &first.dropped, &vec![(0, Status::Malformed)])?;
        same("what is admitted is proposed", &first.block.transactions, &vec![few[1].clone()])?;
        self.vote(&first.block)?;
        self.rejected(&first.block)?;
        self.limits(transactions)?;
        // The second round: another proposer, another time, other transactions.
        let all = [transactions, &[garbage]].concat();
        let second = self.propose(2, &all)?.block;
        let proposed = second.transactions == transactions;
        require("all that is admitted is proposed in order", proposed, || {
            format!("{} of {}", second.transactions.len(), transactions.len())
        })?;
        self.vote(&second)?;
        self = self.decide(&first.block, &second, restart)?;
        self.commit(&second, restart)
    }

    fn checks(&mut self, transactions: &[Bytes]) -> Checked<()> {
        for raw in transactions {
            let checked = self.machine.check_tx(raw)?;
            require("transactions ahead of others pass the check", checked.is_admitted(), || {
                format!("{checked:?}")
            })?;
        }
        let checked = self.machine.check_tx(&Bytes::from(GARBAGE))?;
        same("what does not decode is malformed", &checked.status, &Status::Malformed)?;
        self.untouched("checks change nothing")
    }

    fn untouched(&self, promise: &'static str) -> Checked<()> {
        same(promise, &info_of(&self.machine)?, &self.info)
    }

    /// A proposal of a round; made twice, since making one leaves nothing behind.
    fn propose(&mut self, round: u8, candidates: &[Bytes]) -> Checked<Proposal> {
        let height = self.info.height.next().unwrap_or_default();
        let time_ms = self.info.time_ms + u64::from(round);
        let request = ProposalRequest::new(height, time_ms, Address::from_bytes([round; 32]));
        let proposal = self.machine.prepare_proposal(&request, candidates)?;
        let again = self.machine.prepare_proposal(&request, candidates)?;
        same("the same request gives the same proposal", &again, &proposal)?;
        let header = &proposal.block.header;
        same("the header carries the app hash before", &header.app_hash, &self.info.app_hash)?;
        same("the header has the block before", &header.parent, &self.info.hash)?;
        same("the header has the time that was asked for", &header.time_ms, &time_ms)?;
        let info = BlockInfo::new(time_ms, request.proposer);
        let sealed = self.machine.seal(info, proposal.block.transactions.clone())?;
        same("sealing gives the block of a proposal", &sealed, &proposal.block)?;
        self.untouched("proposing changes nothing")?;
        Ok(proposal)
    }

    fn vote(&mut self, block: &Block) -> Checked<()> {
        for _ in 0..2 {
            let verdict = self.machine.process_proposal(block)?;
            same("what is proposed in good faith is accepted", &verdict, &Verdict::Accept)?;
        }
        self.untouched("processing a proposal changes nothing")
    }

    /// Blocks that nobody may vote for.
    fn rejected(&mut self, block: &Block) -> Checked<()> {
        for (what, wrong) in wrong_blocks(block) {
            let verdict = self.machine.process_proposal(&wrong)?;
            require("a proposal that is not in order is rejected", !verdict.is_accept(), || {
                format!("accepted: {what}")
            })?;
        }
        let garbage = vec![Bytes::from(GARBAGE)];
        let info = BlockInfo::new(block.header.time_ms, block.header.proposer);
        let sealed = self.machine.seal(info, garbage)?;
        let verdict = self.machine.process_proposal(&sealed)?;
        require("a transaction that does not decode is rejected", !verdict.is_accept(), || {
            String::from("accepted")
        })?;
        self.untouched("rejecting a proposal changes nothing")?;
        self.vote(block)
    }

    /// Proposals that have room for none, one and two transactions.
    fn limits(&mut self, transactions: &[Bytes]) -> Checked<()> {
        let height = self.info.height.next().unwrap_or_default();
        let request = ProposalRequest::new(height, self.info.time_ms, Address::from_bytes([3; 32]));
        let one = transactions[0].len() as u64;
        let two = one + transactions[1].len() as u64;
        for (max_bytes, count) in [(0, 0), (one, 1), (two - 1, 1), (two, 2)] {
            let request = request.max_bytes(max_bytes);
            let proposal = self.machine.prepare_proposal(&request, &transactions[..2])?;
            let found = proposal.block.transactions.as_slice();
            let promise = "a proposal has as many bytes as was asked for, and no more";
            require(promise, *found == transactions[..count], || {
                format!("{} transactions instead of {count}", found.len())
            })?;
        }
        Ok(())
    }

    /// Finalizes one block and then another, which is the one that is decided; crashes; and
    /// finalizes again.
    fn decide(
        mut self,
        first: &Block,
        second: &Block,
        restart: &mut Restart<'_, M>,
    ) -> Checked<Driver<M>> {
        let of_first = self.machine.finalize_block(first)?;
        self.check_result(first, &of_first)?;
        self.untouched("finalizing makes nothing durable")?;
        let decided = self.machine.finalize_block(second)?;
        self.check_result(second, &decided)?;
        for (what, wrong) in wrong_blocks(second) {
            let refused = self.machine.finalize_block(&wrong);
            require("a block that is not the next is not finalized", refused.is_err(), || {
                format!("finalized: {what}")
            })?;
        }
        let idempotent = "the same block again gives the same until it is committed";
        same(idempotent, &self.machine.finalize_block(second)?, &decided)?;
        self.untouched("finalizing makes nothing durable")?;
        let pure = "processing and checking leave what is finalized as it is";
        self.vote(first)?;
        self.machine.check_tx(&second.transactions[0])?;
        same(pure, &self.machine.finalize_block(second)?, &decided)?;
        let back = "a block that takes the place of another leaves nothing of it";
        same(back, &self.machine.finalize_block(first)?, &of_first)?;
        same(back, &self.machine.finalize_block(second)?, &decided)?;

        self.machine = restart(self.machine)?;
        self.untouched("a crash before the commit leaves the block before")?;
        let nothing = self.machine.commit();
        require("what was not finalized is not committed", nothing.is_err(), || {
            format!("{nothing:?}")
        })?;
        self.vote(second)?;
        let again = self.machine.finalize_block(second)?;
        same("after a crash the same block comes to the same", &again, &decided)?;
        // A late proposal of the other round, and the mempool's checks, may come before the commit.
        self.vote(first)?;
        self.machine.check_tx(&second.transactions[0])?;
        self.propose(1, &[])?;
        self.results.push(decided);
        Ok(self)
    }

    fn check_result(&self, block: &Block, result: &Finalized) -> Checked<()> {
        let (receipts, count) = (result.receipts.len(), block.transactions.len());
        same("there are as many receipts as transactions", &receipts, &count)?;
        same("a result has the hash of its block", &result.hash, &block.header.hash())?;
        same("a result has the height of its block", &result.height, &block.header.height)?;
        let encoded: Vec<Vec<u8>> = result.receipts.iter().map(|one| one.encode()).collect();
        let root = merkle_root(encoded.iter().map(|receipt| &receipt[..]));
        same("the receipts root is that of the receipts", &result.receipts_root, &root)?;
        let hash = app_hash(&result.state_root, &root);
        same("the app hash is that of both roots", &result.app_hash, &hash)
    }

    /// Commits what is finalized, and crashes.
    fn commit(mut self, block: &Block, restart: &mut Restart<'_, M>) -> Checked<Driver<M>> {
        self.commit_last(block)?;
        self.machine = restart(self.machine)?;
        self.untouched("what was committed is there after a crash")?;
        let again = self.machine.finalize_block(block);
        require("a block that was committed is not the next", again.is_err(), || {
            String::from("finalized again")
        })?;
        self.proved(block)?;
        Ok(self)
    }

    fn commit_last(&mut self, block: &Block) -> Checked<()> {
        let committed = self.machine.commit()?;
        let hash = self.results.last().map_or(self.info.app_hash, |result| result.app_hash);
        same("the app hash of the commit is the one of the block", &committed.app_hash, &hash)?;
        same("the commit is of the block", &committed.hash, &block.header.hash())?;
        let Header { height, time_ms, protocol, .. } = block.header;
        let info = Info { height, hash: committed.hash, time_ms, app_hash: hash, ..self.info };
        self.info = Info { protocol, ..info };
        self.untouched("info tells of the committed block")?;
        let twice = self.machine.commit();
        require("a block is committed once", twice.is_err(), || format!("{twice:?}"))?;
        self.blocks.push(block.clone());
        Ok(())
    }

    /// The accounts of those who signed can be proved against the app hash.
    fn proved(&mut self, block: &Block) -> Checked<()> {
        let signed =
            block.transactions.iter().filter_map(|raw| SignedTransaction::decode(raw).ok());
        let signers = signed.map(|signed| signed.transaction.signer);
        let nobody = Address::from_bytes([0xf0; 32]);
        for account in signers.chain([nobody]) {
            let query = Query::Account(account);
            let answer = self.machine.query(&query, None, true)?;
            let verified = answer.verify(&self.info.app_hash);
            let promise = "what state holds is proved against the app hash";
            require(promise, verified.is_ok(), || format!("{account}: {verified:?}"))?;
            let plain = self.machine.query(&query, Some(self.info.height), false)?;
            same("a query without proof gives the same", &plain.value, &answer.value)?;
        }
        Ok(())
    }

    /// A block that should not have been decided: what is no transaction, and what was committed
    /// before.
    pub(super) fn decided_garbage(mut self, script: &Script) -> Checked<Driver<M>> {
        let Some(used) = script.blocks.first().and_then(|block| block.first()) else {
            return Ok(self);
        };
        let transactions = vec![Bytes::from(GARBAGE), used.clone()];
        let proposer = Address::from_bytes([4; 32]);
        let info = BlockInfo::new(self.info.time_ms, proposer);
        let block = self.machine.seal(info, transactions)?;
        let result = self.machine.finalize_block(&block)?;
        self.check_result(&block, &result)?;
        let statuses: Vec<Status> = result.receipts.iter().map(|receipt| receipt.status).collect();
        let expected = vec![Status::Malformed, Status::NonceUsed];
        same("what is not admitted has a receipt that says so", &statuses, &expected)?;
        self.results.push(result);
        self.commit_last(&block)?;
        Ok(self)
    }

    /// A snapshot, which can be taken chunk by chunk.
    pub(super) fn snapshot(&mut self) -> Checked<()> {
        let offer = self.machine.take_snapshot(256)?;
        let height = offer.manifest.height;
        same("a snapshot is of the last block", &height, &self.info.height)?;
        let hash = app_hash(&offer.manifest.root, &offer.receipts_root);
        same("the roots of a snapshot make the app hash", &hash, &self.info.app_hash)?;
        same(
            "a snapshot that was taken is offered",
            &self.machine.snapshots(),
            &vec![offer.clone()],
        )?;
        // Others ask in any order.
        for (number, expected) in offer.manifest.chunks.iter().enumerate().rev() {
            let number = number as u32;
            let chunk = self.machine.snapshot_chunk(height, number)?.unwrap_or_default();
            let found = Manifest::hash_of_chunk(number, &chunk);
            same("a chunk is the one that the manifest names", &found, expected)?;
        }
        let count = offer.manifest.chunks.len() as u32;
        let none = self.machine.snapshot_chunk(height, count)?;
        same("there are as many chunks as the manifest names", &none, &None)?;
        self.machine.drop_snapshot(height);
        same("a snapshot that was dropped is offered no more", &self.machine.snapshots(), &vec![])
    }

    /// All blocks again, on a machine that sees nothing else, and which crashes before every second
    /// commit.
    pub(super) fn replay(
        self,
        script: &Script,
        machine: M,
        restart: &mut Restart<'_, M>,
    ) -> Checked<()> {
        let mut machine = machine;
        let mut app_hash = begin(&mut machine, &script.genesis)?.app_hash;
        for (number, (block, expected)) in self.blocks.iter().zip(&self.results).enumerate() {
            let promise = "the header carries the app hash of the block before";
            same(promise, &block.header.app_hash, &app_hash)?;
            if number % 2 == 1 {
                machine.finalize_block(block)?;
                machine = restart(machine)?;
            }
            let result = machine.finalize_block(block)?;
            same("replay comes to the same", &result, expected)?;
            app_hash = machine.commit()?.app_hash;
        }
        same("replay comes to the same end", &info_of(&machine)?, &self.info)
    }
}

/// Blocks that differ from a good one in one thing, and what it is.
fn wrong_blocks(block: &Block) -> Vec<(&'static str, Block)> {
    let header = &block.header;
    let height = header.height.number();
    let other = Hash::from_bytes([0xab; 32]);
    let headers = [
        ("another chain", Header { chain_id: header.chain_id.wrapping_add(1), ..*header }),
        ("a height too high", Header { height: Height::new(height + 1), ..*header }),
        ("a height too low", Header { height: Height::new(height - 1), ..*header }),
        ("another parent", Header { parent: other, ..*header }),
        ("another app hash", Header { app_hash: other, ..*header }),
        ("another protocol", Header { protocol: other, ..*header }),
        ("another root of transactions", Header { transactions_root: other, ..*header }),
    ];
    let of = |(what, header)| (what, Block::new(header, block.transactions.clone()));
    let mut wrong: Vec<(&'static str, Block)> = headers.map(of).into();
    let mut transactions = block.transactions.clone();
    transactions.pop();
    wrong.push(("a transaction less", Block::new(*header, transactions)));
    wrong
}
