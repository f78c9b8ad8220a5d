//! The examples of the library are compiled and run: what they show is so.

use std::error::Error;

use dytallix::chain::{BlockInfo, Genesis};
use dytallix::state::Bytes;
use dytallix::{Address, Amount, MemoryStore, Runtime, Status};

#[path = "../examples/mini_chain.rs"]
mod mini_chain;

#[test]
fn the_mini_chain_runs_restarts_proves_and_replays() -> Result<(), Box<dyn Error>> {
    mini_chain::main()
}

#[test]
fn a_block_is_made_as_the_page_on_embedding_shows_it() -> Result<(), Box<dyn Error>> {
    let (rich, proposer) = (Address::from_bytes([1; 32]), Address::from_bytes([2; 32]));
    let waiting: [Bytes; 1] = [Bytes::from([1, 2, 3])];
    let mut refused = Vec::new();
    // Shown from here
    let genesis = Genesis::new(7).balance(rich, Amount::new(1_000_000_000));
    let mut chain = Runtime::builder().genesis(genesis).threads(4).build(MemoryStore::new())?;
    // Due commands of the governor have taken effect.
    let mut block = chain.block(BlockInfo::new(1_000, proposer))?;
    for transaction in waiting {
        // Only what is admitted gets in.
        if let Err(status) = block.offer(transaction)? {
            refused.push(status);
        }
    }
    // Executed to the end; fees are where they belong.
    let finished = block.finish()?;
    // Roots are known, nothing is written.
    let app_hash = chain.prepare(finished)?.app_hash;
    // One durable batch.
    let result = chain.commit()?;
    assert_eq!(result.app_hash, app_hash);
    // to here.
    assert_eq!(refused, [Status::Malformed]);
    Ok(())
}

#[test]
fn the_page_on_embedding_shows_what_is_compiled() {
    let page = include_str!("../docs/embedding.md");
    let shown = page.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
    let own = include_str!("mini_chain.rs").split("    // Shown from here\n").nth(1);
    let own = own.and_then(|rest| rest.split("    // to here.").next()).expect("the marks");
    let own: String = own
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line)))
        .collect();
    assert_eq!(shown.expect("a block of Rust"), own);
}
