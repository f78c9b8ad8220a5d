//! The chain behind a channel: a future that is dropped loses nothing, and breaks nothing.

use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use dytallix::state::View;
use dytallix::{DiskStore, Runtime, Status};

#[path = "../examples/async_chain.rs"]
mod async_chain;

use async_chain::{AsyncChain, Signer, open};

/// How many transactions the signer has sent, and how many blocks there are.
fn reached(chain: &Runtime<DiskStore>, signer: &Signer) -> (u64, u64) {
    let account = View::account(chain.state(), &signer.address).expect("the store");
    let height = chain.height().expect("a chain").number();
    (account.expect("rich").nonce.number(), height)
}

#[test]
fn the_example_runs() -> Result<(), Box<dyn Error>> {
    async_chain::main()
}

/// Asks a future once, so that it gets as far as it can, and drops it.
fn ask_once_and_drop(future: impl Future) {
    _ = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
}

#[test]
fn a_dropped_future_leaves_a_block_that_is_durable_or_has_not_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let signer = Signer::new(1);
    let open = || open(folder.path(), signer.address).expect("the chain");

    // Never asked: the request was not sent, and nothing has happened.
    let (chain, thread) = AsyncChain::start(open());
    drop(chain.process_contract_transaction(signer.pay(0)));
    drop(chain);
    let closed = thread.join().expect("the thread");
    assert_eq!(reached(&closed, &signer), (0, 0));
    drop(closed);

    // Asked once and dropped, while the thread is somewhere in the block: it goes on to its end.
    for nonce in 0..8 {
        let (chain, thread) = AsyncChain::start(open());
        ask_once_and_drop(chain.process_contract_transaction(signer.pay(nonce)));
        drop(chain);
        // The file is closed with the runtime, and what is read then is what is durable.
        drop(thread.join().expect("the thread"));
        let reopened = open();
        assert_eq!(reached(&reopened, &signer), (nonce + 1, nonce + 1));
        let height = reopened.height().expect("a chain");
        let receipts = reopened.receipts_at(height).expect("the last block's");
        assert_eq!(receipts.len(), 1);
        assert_eq!(receipts[0].status, Status::Success);
        reopened.state().check(&mut |_| {}).expect("every row is in order");
    }
}

#[test]
fn dropped_one_after_the_other_each_has_happened_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let signer = Signer::new(1);
    let (chain, thread) = AsyncChain::start(open(folder.path(), signer.address).expect("a chain"));
    for nonce in 0..16 {
        ask_once_and_drop(chain.process_contract_transaction(signer.pay(nonce)));
    }
    drop(chain);
    drop(thread.join().expect("the thread"));
    let reopened = open(folder.path(), signer.address).expect("the chain");
    assert_eq!(reached(&reopened, &signer), (16, 16));
}
