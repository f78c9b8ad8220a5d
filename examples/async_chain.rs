//! The synchronous core, driven from asynchronous code: one thread owns the chain, requests and
//! answers go through channels.
//!
//! ```text
//!   tasks ── process_contract_transaction ──▶ channel ──▶ thread with the Runtime
//!     ▲                                                     block, prepare, commit
//!     └────────────── receipt ◀── one-shot channel ◀───────────┘ durable by then
//! ```
//!
//! A future that is dropped loses nothing: before its request is in the channel nothing has
//! happened, and afterwards the thread goes on to the end of the block whether anybody waits for
//! the answer or not. Run it with `cargo run --example async_chain`;
//! `docs/decisions/0009-a-synchronous-core.md` says why the core is like this.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::thread::JoinHandle;

use dytallix::chain::{
    self, BlockInfo, Body, Fee, Genesis, SIGNING_TAG, SignedTransaction, Transaction,
};
use dytallix::crypto::Scheme;
use dytallix::state::{DiskOptions, View};
use dytallix::{Address, Amount, DiskStore, Height, Receipt, Runtime, Status};
use ml_dsa::{MlDsa65, SigningKey};
use tokio::sync::{mpsc, oneshot};

const CHAIN_ID: u64 = 2_026;
const PROPOSER: Address = Address::from_bytes([0xee; 32]);
/// Requests that wait at most: whoever sends more waits too.
const WAITING: usize = 64;

/// Why there is no receipt.
#[derive(Debug)]
pub(crate) enum ProcessError {
    /// A fault of the chain: it has stopped, and the store has to be opened anew.
    Chain(chain::Error),
    /// The chain has stopped before it came to this.
    Stopped,
}

impl fmt::Display for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProcessError::Chain(error) => error.fmt(f),
            ProcessError::Stopped => f.write_str("the chain has stopped"),
        }
    }
}

impl Error for ProcessError {}

struct Request {
    transaction: SignedTransaction,
    answer: oneshot::Sender<Result<Receipt, ProcessError>>,
}

/// A chain for asynchronous callers. Clones are the same chain.
#[derive(Clone)]
pub(crate) struct AsyncChain {
    requests: mpsc::Sender<Request>,
}

impl AsyncChain {
    /// Hands the chain to a thread of its own. The thread ends, and gives the chain back, when the
    /// last clone of this is gone and what was asked for before is done.
    pub(crate) fn start(chain: Runtime<DiskStore>) -> (AsyncChain, JoinHandle<Runtime<DiskStore>>) {
        let (requests, waiting) = mpsc::channel(WAITING);
        (AsyncChain { requests }, std::thread::spawn(move || serve(chain, waiting)))
    }

    /// Executes a transaction as a block and gives its receipt, once the block is durable.
    ///
    /// # Cancellation
    ///
    /// Dropped before its request is accepted, nothing happens; dropped later, the block is made
    /// all the same and only its receipt is not told.
    pub(crate) async fn process_contract_transaction(
        &self,
        transaction: SignedTransaction,
    ) -> Result<Receipt, ProcessError> {
        let (answer, receipt) = oneshot::channel();
        let request = Request { transaction, answer };
        self.requests.send(request).await.map_err(|_| ProcessError::Stopped)?;
        receipt.await.map_err(|_| ProcessError::Stopped)?
    }
}

/// What the thread does: block after block, until nobody can ask any more or there is a fault.
fn serve(
    mut chain: Runtime<DiskStore>,
    mut waiting: mpsc::Receiver<Request>,
) -> Runtime<DiskStore> {
    while let Some(Request { transaction, answer }) = waiting.blocking_recv() {
        let made = make_block(&mut chain, &transaction).map_err(ProcessError::Chain);
        let has_failed = made.is_err();
        // Nobody may be waiting any more: the block is there all the same.
        _ = answer.send(made);
        if has_failed {
            break;
        }
    }
    chain
}

/// A chain with more than one user fills its blocks: here a block has one transaction.
fn make_block(
    chain: &mut Runtime<DiskStore>,
    transaction: &SignedTransaction,
) -> Result<Receipt, chain::Error> {
    let time_ms = chain.height().map_or(0, Height::number) * 1_000;
    let mut open = chain.block(BlockInfo::new(time_ms, PROPOSER))?;
    let receipt = open.execute(transaction)?;
    let finished = open.finish()?;
    chain.commit_block(finished)?;
    Ok(receipt)
}

/// Opens the chain in a folder, in which one account is rich.
pub(crate) fn open(folder: &Path, rich: Address) -> Result<Runtime<DiskStore>, Box<dyn Error>> {
    let genesis = Genesis::new(CHAIN_ID).balance(rich, Amount::new(1_000_000_000_000));
    let store = DiskStore::open(folder.join("chain.redb"), &DiskOptions::default())?;
    Ok(Runtime::builder().genesis(genesis).build(store)?)
}

/// A key, and its account.
pub(crate) struct Signer {
    secret: Box<SigningKey<MlDsa65>>,
    public_key: Vec<u8>,
    pub(crate) address: Address,
}

impl Signer {
    pub(crate) fn new(seed: u8) -> Signer {
        let secret = Box::new(SigningKey::<MlDsa65>::from_seed(&[seed; 32].into()));
        let public_key = secret.expanded_key().verifying_key().encode().to_vec();
        let address = Address::of_account(Scheme::MlDsa65.number(), &public_key);
        Signer { secret, public_key, address }
    }

    /// A movement of one unit to nobody in particular.
    pub(crate) fn pay(&self, nonce: u64) -> SignedTransaction {
        let body = Body::transfer(Address::from_bytes([5; 32]), Amount::new(1));
        let fee = Fee::new(2_000_000, Amount::new(1));
        let transaction = Transaction::new(CHAIN_ID, nonce, self.address, fee, body);
        let message = transaction.signing_bytes();
        let signature = self.secret.expanded_key().sign_deterministic(&message, SIGNING_TAG);
        let signature = signature.expect("a tag is a short context").encode().to_vec();
        transaction.signed(Scheme::MlDsa65, Some(&self.public_key), signature)
    }
}

async fn run(chain: AsyncChain, alice: Signer) -> Result<(), ProcessError> {
    // One that is waited for.
    let receipt = chain.process_contract_transaction(alice.pay(0)).await?;
    println!("{:?} for {} gas", receipt.status, receipt.gas_used);
    // One that nobody waits for: the future is asked once, which sends the request, and dropped.
    let forgotten = tokio::spawn({
        let (chain, transaction) = (chain.clone(), alice.pay(1));
        async move { chain.process_contract_transaction(transaction).await }
    });
    tokio::task::yield_now().await;
    forgotten.abort();
    // It happened all the same: its nonce is used.
    let receipt = chain.process_contract_transaction(alice.pay(1)).await?;
    assert_eq!(receipt.status, Status::NonceUsed);
    println!("the forgotten one is part of the chain");
    Ok(())
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let (folder, alice) = (tempfile::tempdir()?, Signer::new(1));
    let address = alice.address;
    let (chain, thread) = AsyncChain::start(open(folder.path(), address)?);
    let tasks = tokio::runtime::Builder::new_current_thread().build()?;
    tasks.block_on(run(chain, alice))?;
    let chain = thread.join().map_err(|_| "the thread of the chain has panicked")?;
    let account = View::account(chain.state(), &address)?.ok_or("Alice has an account")?;
    assert_eq!(account.nonce.number(), 2);
    Ok(())
}
