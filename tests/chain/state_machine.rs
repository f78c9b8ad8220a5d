//! The runtime as a state machine under a consensus engine.

use dytallix::chain::{
    Answer, Block, BlockError, BlockInfo, Body, CheckTx, CodeSource, Committed, Deployment, Error,
    Fee, Finalized, Genesis, Header, Info, OpenError, Proposal, ProposalRequest, Query,
    SnapshotOffer, StateMachine, Transaction, Verdict, conformance,
};
use dytallix::state::{Bytes, StateRow};
use dytallix::{Address, Amount, Height, MemoryStore, Runtime, Status, Store};

use crate::support::{Account, CHAIN, PROPOSER, commit, encoded, fee, genesis, policy, runtime};

const TOKEN: &[u8] = include_bytes!("../../examples/wasm/basic_token.wasm");

/// Three blocks: transfers, a deployment and what fails.
fn script() -> conformance::Script {
    let (mut alice, mut bob) = (Account::new("alice"), Account::new("bob"));
    let genesis = genesis(&[&alice, &bob]);
    let to = |account: &Account, value| Body::transfer(account.address, Amount::new(value));
    let code = CodeSource::Module(TOKEN.into());
    let token = Deployment::new(code).arguments(1_000_u128.to_le_bytes());
    let address = token.address(&alice.address);
    let first = [alice.send(to(&bob, 5)), bob.send(to(&alice, 2)), alice.send(to(&bob, 1))];
    let second = [alice.send(Body::Deploy(token)), bob.send(to(&alice, u128::MAX))];
    let arguments = [&bob.address.as_bytes()[..], &7_u128.to_le_bytes()].concat();
    let third = [
        alice.send(Body::call(address, "transfer", arguments)),
        alice.send(Body::call(address, "no_method", [])),
    ];
    conformance::Script::new(genesis, vec![encoded(&first), encoded(&second), encoded(&third)])
}

fn open<S: Store>(store: S) -> Result<Runtime<S>, OpenError> {
    Runtime::builder().build(store)
}

#[test]
fn the_runtime_keeps_every_promise_over_memory() {
    let mut fresh = || open(MemoryStore::new());
    let mut restart = |runtime: Runtime<MemoryStore>| open(runtime.into_store());
    conformance::check(&script(), &mut fresh, &mut restart).expect("every promise");
}

#[test]
fn the_runtime_keeps_every_promise_on_further_threads() {
    let build = |store| Runtime::builder().threads(3).build(store);
    let mut fresh = || build(MemoryStore::new());
    let mut restart = |runtime: Runtime<MemoryStore>| build(runtime.into_store());
    conformance::check(&script(), &mut fresh, &mut restart).expect("every promise");
}

#[test]
fn the_runtime_keeps_every_promise_in_a_file() {
    use dytallix::DiskStore;
    use dytallix::state::DiskOptions;

    let folder = tempfile::tempdir().expect("a folder");
    let number = std::cell::Cell::new(0);
    let open_file = || -> Result<Runtime<DiskStore>, OpenError> {
        let path = folder.path().join(format!("{}.redb", number.get()));
        open(DiskStore::open(path, &DiskOptions::default())?)
    };
    let mut fresh = || {
        number.set(number.get() + 1);
        open_file()
    };
    let mut restart = |runtime: Runtime<DiskStore>| {
        // As a process that ends: the file is opened anew, not handed over.
        drop(runtime);
        open_file()
    };
    conformance::check(&script(), &mut fresh, &mut restart).expect("every promise");
}

/// What a machine does wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    AcceptsEverything,
    ForgetsAReceipt,
    CommitsEarly,
    GoesOnFromTheProposal,
    ProposesAnything,
    ProposesTooMuch,
    ChecksNothing,
    KnowsAnyGenesis,
    SaysSomethingElseTheSecondTime,
    KeepsTheFirstBlock,
}

/// Each with the promise that it breaks first.
const FAULTS: [(Fault, &str); 10] = [
    (Fault::AcceptsEverything, "a proposal that is not in order is rejected"),
    (Fault::ForgetsAReceipt, "there are as many receipts as transactions"),
    (Fault::CommitsEarly, "finalizing makes nothing durable"),
    (Fault::GoesOnFromTheProposal, "what is proposed in good faith is accepted"),
    (Fault::ProposesAnything, "what is admitted is proposed"),
    (Fault::ProposesTooMuch, "a proposal has as many bytes as was asked for, and no more"),
    (Fault::ChecksNothing, "what does not decode is malformed"),
    (Fault::KnowsAnyGenesis, "another genesis is refused"),
    (
        Fault::SaysSomethingElseTheSecondTime,
        "the same block again gives the same until it is committed",
    ),
    (Fault::KeepsTheFirstBlock, "there are as many receipts as transactions"),
];

/// A runtime that does one thing wrong.
struct Broken {
    inner: Runtime<MemoryStore>,
    fault: Fault,
    calls: u64,
    first: Option<Finalized>,
}

type Answered<T> = Result<T, Error>;

impl StateMachine for Broken {
    fn info(&self) -> Answered<Option<Info>> {
        self.inner.info()
    }

    fn init_genesis(&mut self, genesis: &Genesis) -> Result<Info, OpenError> {
        match (self.fault, self.inner.info()) {
            (Fault::KnowsAnyGenesis, Ok(Some(info))) => Ok(info),
            _ => self.inner.init_genesis(genesis),
        }
    }

    fn check_tx(&mut self, transaction: &Bytes) -> Answered<CheckTx> {
        if self.fault == Fault::ChecksNothing {
            let mut checked = CheckTx::rejected(Status::Malformed);
            checked.status = Status::Success;
            return Ok(checked);
        }
        self.inner.check_tx(transaction)
    }

    fn prepare_proposal(
        &mut self,
        request: &ProposalRequest,
        candidates: &[Bytes],
    ) -> Answered<Proposal> {
        let request = match self.fault {
            Fault::ProposesTooMuch => request.max_bytes(u64::MAX),
            _ => *request,
        };
        let mut proposal = self.inner.prepare_proposal(&request, candidates)?;
        if self.fault == Fault::ProposesAnything {
            let info = BlockInfo::new(request.time_ms, request.proposer);
            proposal.block = self.inner.seal(info, candidates.to_vec())?;
        }
        Ok(proposal)
    }

    fn seal(&mut self, info: BlockInfo, transactions: Vec<Bytes>) -> Answered<Block> {
        self.inner.seal(info, transactions)
    }

    fn process_proposal(&mut self, block: &Block) -> Answered<Verdict> {
        let verdict = self.inner.process_proposal(block)?;
        match self.fault {
            Fault::AcceptsEverything => Ok(Verdict::Accept),
            Fault::GoesOnFromTheProposal if verdict.is_accept() => {
                self.inner.finalize_block(block)?;
                StateMachine::commit(&mut self.inner)?;
                Ok(verdict)
            }
            _ => Ok(verdict),
        }
    }

    fn finalize_block(&mut self, block: &Block) -> Answered<Finalized> {
        let mut finalized = self.inner.finalize_block(block)?;
        self.calls += 1;
        match self.fault {
            Fault::ForgetsAReceipt => _ = finalized.receipts.pop(),
            Fault::CommitsEarly => _ = StateMachine::commit(&mut self.inner)?,
            Fault::SaysSomethingElseTheSecondTime => {
                finalized.validator_updates = self.calls.to_le_bytes().into();
            }
            Fault::KeepsTheFirstBlock => {
                let height = block.header.height;
                let first = self.first.take().filter(|first| first.height == height);
                finalized = self.first.insert(first.unwrap_or(finalized)).clone();
            }
            _ => {}
        }
        Ok(finalized)
    }

    fn commit(&mut self) -> Answered<Committed> {
        StateMachine::commit(&mut self.inner)
    }

    fn query(&mut self, query: &Query, height: Option<Height>, prove: bool) -> Answered<Answer> {
        self.inner.query(query, height, prove)
    }

    fn take_snapshot(&mut self, chunk_bytes: usize) -> Answered<SnapshotOffer> {
        self.inner.take_snapshot(chunk_bytes)
    }

    fn snapshots(&self) -> Vec<SnapshotOffer> {
        self.inner.snapshots()
    }

    fn snapshot_chunk(&self, height: Height, number: u32) -> Answered<Option<Vec<u8>>> {
        self.inner.snapshot_chunk(height, number)
    }

    fn drop_snapshot(&mut self, height: Height) {
        self.inner.drop_snapshot(height);
    }
}

#[test]
fn a_machine_that_breaks_one_promise_is_found() {
    let script = script();
    for (fault, promise) in FAULTS {
        let with = |inner| Broken { inner, fault, calls: 0, first: None };
        let mut fresh = || open(MemoryStore::new()).map(with);
        let mut restart = |broken: Broken| open(broken.inner.into_store()).map(with);
        let found = conformance::check(&script, &mut fresh, &mut restart);
        let found = found.expect_err(&format!("{fault:?}"));
        assert_eq!(found.promise(), promise, "{fault:?}: {found}");
        assert!(found.detail().len() < 2_000, "a text to be read");
    }
}

#[test]
fn a_check_says_what_is_wrong_and_lets_nonces_ahead_pass() {
    let (mut alice, poor) = (Account::new("alice"), Account::new("poor"));
    let mut runtime = runtime(genesis(&[&alice]));
    commit(&mut runtime, &[alice.send(Body::transfer(poor.address, Amount::new(1)))]);
    let body = || Body::transfer(poor.address, Amount::new(1));
    let of = |account: &Account, nonce, fee| {
        account.authenticate(Transaction::new(CHAIN, nonce, account.address, fee, body()))
    };
    let tipped = of(&alice, 1, fee().tip(Amount::new(9)));
    let mut forged = of(&alice, 1, fee());
    forged.transaction.nonce = dytallix::primitives::Nonce::new(2);
    let cases = [
        (tipped, Status::Success),
        (of(&alice, 1_000, fee()), Status::Success),
        (of(&alice, 0, fee()), Status::NonceUsed),
        (of(&poor, 0, fee()), Status::CannotPay),
        (of(&poor, 5, fee()), Status::CannotPay),
        (of(&alice, 1, Fee::new(u64::MAX, Amount::new(1))), Status::GasLimitTooHigh),
        (forged, Status::BadSignature),
    ];
    let before = runtime.info().expect("memory");
    for (signed, status) in cases {
        let checked = runtime.check_tx(&signed.encode().into()).expect("memory");
        assert_eq!(checked.status, status);
        assert_eq!(checked.is_admitted(), status == Status::Success);
        if checked.is_admitted() {
            assert_eq!(checked.gas_limit, fee().gas_limit);
            assert_eq!(checked.priority, signed.transaction.fee.tip);
        }
    }
    assert_eq!(runtime.info().expect("memory"), before);
}

fn request(runtime: &Runtime<MemoryStore>) -> ProposalRequest {
    let height = runtime.height().and_then(Height::next).expect("a chain");
    ProposalRequest::new(height, height.number() * 1_000, PROPOSER)
}

#[test]
fn a_proposal_has_as_much_as_the_policy_allows_and_says_why_the_rest_is_not_in_it() {
    let mut alice = Account::new("alice");
    let body = || Body::transfer(Address::from_bytes([5; 32]), Amount::new(1));
    let sent: Vec<_> = (0..5).map(|_| alice.send(body())).collect();
    let sent = encoded(&sent);
    let bytes = sent[0].len() as u32;
    let limits: [(&str, u64, u32, u32); 3] = [
        ("gas", 3 * fee().gas_limit + 1, u32::MAX, u32::MAX),
        ("bytes", u64::MAX, 3 * bytes, u32::MAX),
        ("transactions", u64::MAX, u32::MAX, 3),
    ];
    for (what, gas, bytes, transactions) in limits {
        let mut policy = policy();
        (policy.block_gas, policy.block_bytes) = (gas, bytes);
        policy.block_transactions = transactions;
        let mut genesis = genesis(&[&alice]);
        genesis.protocol = genesis.protocol.policy(policy);
        let mut runtime = runtime(genesis);
        let request = request(&runtime);
        let proposal = runtime.prepare_proposal(&request, &sent).expect("a block");
        assert_eq!(proposal.block.transactions, sent[..3], "{what}");
        let full = |index| (index, Status::BlockFull);
        assert_eq!(proposal.dropped, [full(3), full(4)], "{what}");
        let verdict = runtime.process_proposal(&proposal.block).expect("memory");
        assert_eq!(verdict, Verdict::Accept, "{what}");
        // One more is too many for those who vote; decided all the same, it is rejected.
        let info = BlockInfo::new(request.time_ms, PROPOSER);
        let block = runtime.seal(info, sent[..4].to_vec()).expect("a block");
        let verdict = runtime.process_proposal(&block).expect("memory");
        assert_eq!(verdict, Verdict::Reject(BlockError::TooLarge), "{what}");
        let decided = runtime.finalize_block(&block).expect(what);
        let statuses: Vec<Status> = decided.receipts.iter().map(|r| r.status).collect();
        assert_eq!(statuses[..3], [Status::Success; 3], "{what}");
        assert_eq!(statuses[3..], [Status::BlockFull], "{what}");
    }
}

#[test]
fn candidates_that_depend_on_a_dropped_one_are_dropped_and_others_are_not() {
    let (mut alice, mut bob) = (Account::new("alice"), Account::new("bob"));
    let mut runtime = runtime(genesis(&[&alice, &bob]));
    let body = || Body::transfer(PROPOSER, Amount::new(1));
    _ = alice.send(body());
    let ahead = alice.send(body());
    let mut forged = bob.clone().send(body());
    forged.transaction.fee.gas_limit += 1;
    let candidates = encoded(&[ahead, forged, bob.send(body()), bob.send(body())]);
    let proposal = runtime.prepare_proposal(&request(&runtime), &candidates).expect("a block");
    assert_eq!(proposal.block.transactions, candidates[2..]);
    assert_eq!(proposal.dropped, [(0, Status::NonceAhead), (1, Status::BadSignature)]);
}

#[test]
fn a_proposal_for_another_height_or_before_the_last_block_is_refused() {
    let mut alice = Account::new("alice");
    let mut runtime = runtime(genesis(&[&alice]));
    commit(&mut runtime, &[alice.send(Body::transfer(PROPOSER, Amount::new(1)))]);
    let right = request(&runtime);
    for height in [right.height.number() - 1, right.height.number() + 1] {
        let mut request = right;
        request.height = Height::new(height);
        let refused = runtime.prepare_proposal(&request, &[]).expect_err("another height");
        assert!(matches!(refused, Error::Block(BlockError::Height { .. })), "{refused}");
    }
    let mut early = right;
    early.time_ms = 999;
    let refused = runtime.prepare_proposal(&early, &[]).expect_err("too early");
    assert_eq!(refused, Error::Block(BlockError::Time { parent_ms: 1_000 }));
}

#[test]
fn a_proposal_is_rejected_for_the_reason_that_it_has() {
    let mut alice = Account::new("alice");
    let mut runtime = runtime(genesis(&[&alice]));
    let signed = alice.send(Body::transfer(PROPOSER, Amount::new(1)));
    commit(&mut runtime, &[signed]);
    let mut forged = alice.send(Body::transfer(PROPOSER, Amount::new(1)));
    forged.transaction.fee.gas_limit += 1;
    let info = BlockInfo::new(2_000, PROPOSER);
    let transactions = vec![forged.encode().into()];
    let block = runtime.seal(info, transactions).expect("a block");
    let verdict = runtime.process_proposal(&block).expect("memory");
    let expected = BlockError::Transaction { index: 0, status: Status::BadSignature };
    assert_eq!(verdict, Verdict::Reject(expected));
    // Decided all the same, it is a block: with a receipt, and without a fee.
    let finalized = runtime.finalize_block(&block).expect("a block");
    assert_eq!(finalized.receipts.len(), 1);
    assert_eq!(finalized.receipts[0].status, Status::BadSignature);
    assert_eq!(finalized.receipts[0].fee, Amount::ZERO);

    let early = Block::new(with_time(&block.header, 999), block.transactions.clone());
    let verdict = runtime.process_proposal(&early).expect("memory");
    assert_eq!(verdict, Verdict::Reject(BlockError::Time { parent_ms: 1_000 }));
}

fn with_time(header: &Header, time_ms: u64) -> Header {
    let mut header = *header;
    header.time_ms = time_ms;
    header
}

#[test]
fn a_block_with_the_hash_of_the_finalized_one_and_other_transactions_is_refused() {
    let mut alice = Account::new("alice");
    let mut runtime = runtime(genesis(&[&alice]));
    let candidates = encoded(&[alice.send(Body::transfer(PROPOSER, Amount::new(1)))]);
    let block = runtime.prepare_proposal(&request(&runtime), &candidates).expect("a block").block;
    let finalized = runtime.finalize_block(&block).expect("a block");
    let other = Block::new(block.header, Vec::new());
    let refused = runtime.finalize_block(&other).expect_err("other transactions");
    assert_eq!(refused, Error::Block(BlockError::TransactionsRoot));
    // What was finalized before still is.
    let committed = StateMachine::commit(&mut runtime).expect("durable");
    assert_eq!(committed.app_hash, finalized.app_hash);
    assert_eq!(committed.retain_height, Height::new(0));
}

#[test]
fn a_machine_without_a_chain_says_so_and_begins_one() {
    let alice = Account::new("alice");
    let mut runtime = open(MemoryStore::new()).expect("empty");
    assert_eq!(runtime.info(), Ok(None));
    let no_chain = Error::Block(BlockError::NoChain);
    let raw: Bytes = b"".as_slice().into();
    assert_eq!(runtime.check_tx(&raw), Err(no_chain.clone()));
    let any = ProposalRequest::new(Height::new(1), 0, PROPOSER);
    assert_eq!(runtime.prepare_proposal(&any, &[]), Err(no_chain.clone()));
    let mut other = crate::support::runtime(genesis(&[&alice]));
    let block = other.prepare_proposal(&any, &[]).expect("a block").block;
    assert_eq!(runtime.process_proposal(&block), Err(no_chain.clone()));
    assert_eq!(runtime.finalize_block(&block), Err(no_chain));
    runtime.init_genesis(&genesis(&[&alice])).expect("a chain");
    assert_eq!(runtime.process_proposal(&block), Ok(Verdict::Accept));
}

#[test]
fn a_genesis_that_this_build_can_not_run_is_not_written() {
    let alice = Account::new("alice");
    let mut runtime = open(MemoryStore::new()).expect("empty");
    let mut wrong = genesis(&[&alice]);
    wrong.protocol.semantics += 1;
    let refused = runtime.init_genesis(&wrong).expect_err("other semantics");
    assert!(matches!(refused, OpenError::Semantics(_)), "{refused}");
    assert_eq!(runtime.info(), Ok(None));
    assert_eq!(runtime.into_store(), MemoryStore::new());
}

#[test]
fn a_query_reads_older_heights_and_its_proof_leads_to_the_app_hash_of_that_height() {
    let (mut alice, bob) = (Account::new("alice"), Account::new("bob"));
    let mut runtime = runtime(genesis(&[&alice]));
    let mut hashes = vec![runtime.app_hash().expect("a chain")];
    for _ in 0..3 {
        let sent = alice.send(Body::transfer(bob.address, Amount::new(1)));
        hashes.push(commit(&mut runtime, &[sent]).app_hash);
    }
    let query = Query::Account(bob.address);
    for (height, app_hash) in (0_u64..).zip(&hashes) {
        let answer = runtime.query(&query, Some(Height::new(height)), true).expect("retained");
        assert_eq!(answer.verify(app_hash), Ok(()), "{height}");
        let balance = match answer.row().expect("a row") {
            Some(StateRow::Account(_, account)) => account.balance.units(),
            _ => 0,
        };
        assert_eq!(balance, u128::from(height));
        let other = &hashes[(height as usize + 1) % hashes.len()];
        assert!(answer.verify(other).is_err(), "{height}");
        let mut wrong = answer.clone();
        wrong.value = Some([1_u8, 2, 99].as_slice().into());
        assert!(wrong.verify(app_hash).is_err(), "{height}");
    }
    assert!(runtime.query(&query, Some(Height::new(9)), true).is_err());
}

#[test]
fn a_query_for_code_gives_its_bytes() {
    let mut alice = Account::new("alice");
    let mut runtime = runtime(genesis(&[&alice]));
    commit(&mut runtime, &[alice.send(Body::Upload { code: TOKEN.into() })]);
    let hash = Deployment::new(CodeSource::Module(TOKEN.into())).code_hash();
    let module = runtime.query(&Query::Module(hash), None, false).expect("memory");
    assert_eq!(module.value.as_deref(), Some(TOKEN));
    let record = runtime.query(&Query::Code(hash), None, true).expect("memory");
    assert!(record.verify(&runtime.app_hash().expect("a chain")).is_ok());
}

#[test]
fn stored_blocks_are_finalized_to_the_same_after_a_restart() {
    let script = script();
    let mut first = runtime(script.genesis.clone());
    for transactions in &script.blocks {
        let request = request(&first);
        let block = first.prepare_proposal(&request, transactions).expect("a block").block;
        first.finalize_block(&block).expect("a block");
        StateMachine::commit(&mut first).expect("durable");
    }
    // A node that is behind gets the blocks from another one.
    let mut second = open(MemoryStore::new()).expect("empty");
    second.init_genesis(&script.genesis).expect("a chain");
    for block in crate::support::blocks(&first) {
        second.finalize_block(&block).expect("the next");
        second = open(second.into_store()).expect("the block before");
        second.finalize_block(&block).expect("the next");
        StateMachine::commit(&mut second).expect("durable");
    }
    assert_eq!(first.info(), second.info());
    assert_eq!(first.into_store(), second.into_store());
}
