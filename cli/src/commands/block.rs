//! `dytallix block`: a block, its transactions, and empty ones to come.

use std::fmt::Write;

use clap::Args;
use dytallix::chain::Block as ChainBlock;
use dytallix::{Address, Height, Receipt};
use serde_json::{Value as Json, json};

use crate::chain::{
    Abis, Chain, DataArgs, body_text, genesis_json, receipt_json, status_name, transaction_json,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Paint, Report, facts, grouped};

/// Shows a block with its transactions and receipts, the last one where no height is given.
///
/// With --make it makes empty blocks first: votes, time locks and scheduled changes wait for
/// heights.
#[derive(Args, Debug)]
pub(crate) struct Block {
    /// The height; 0 is the genesis.
    height: Option<u64>,
    /// Make that many empty blocks first.
    #[arg(long, value_name = "COUNT", conflicts_with = "height",
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    make: Option<u32>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

impl Block {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let mut chain = self.data.open()?;
        for _ in 0..self.make.unwrap_or(0) {
            let open = chain.next_block(Address::from_bytes([0; 32]))?;
            let finished = open.finish();
            let folder = self.data.data.clone();
            let failed = |error| crate::chain::failure(&error, &folder);
            chain.runtime.commit_block(finished.map_err(failed)?).map_err(failed)?;
        }
        let height = self.height.map_or(chain.height(), Height::new);
        if height == Height::default() {
            return self.genesis(&chain);
        }
        let block = chain.runtime.block_at(height).map_err(|e| chain.failure(&e))?;
        let Some(block) = block else {
            let cause = format!("there is no block {height}");
            return Err(Failure::new(Exit::Absent, cause)
                .at(format!("the last one is {}", chain.height()))
                .way_out("a height up to that, which has not been pruned"));
        };
        let receipts = chain.runtime.receipts_at(height).map_err(|e| chain.failure(&e))?;
        Ok(self.report(&chain, &block, &receipts))
    }

    fn genesis(&self, chain: &Chain) -> Result<Report, Failure> {
        let genesis = chain.runtime.genesis().map_err(|e| chain.failure(&e))?;
        let Some(genesis) = genesis else {
            return Err(Failure::new(Exit::Absent, "the genesis has been pruned")
                .way_out("a --height above 0"));
        };
        let document = genesis_json(&genesis);
        let text = facts(&[
            ("genesis", genesis.hash().to_string()),
            ("chain", genesis.chain_id.to_string()),
            ("time", format!("{} ms", genesis.time_ms)),
            ("accounts", genesis.balances.len().to_string()),
            ("protocol", genesis.protocol.id().to_string()),
        ]);
        let json = json!({
            "schema": "dytallix.block/1",
            "data": self.data.name(),
            "height": 0,
            "hash": genesis.hash().to_string(),
            "genesis": document,
        });
        Ok(Report { text, json })
    }

    fn report(&self, chain: &Chain, block: &ChainBlock, receipts: &[Receipt]) -> Report {
        let header = &block.header;
        let gas: u64 = receipts.iter().map(|receipt| receipt.gas_used).sum();
        let mut text = facts(&[
            ("block", header.hash().to_string()),
            ("height", header.height.to_string()),
            ("time", format!("{} ms", header.time_ms)),
            ("parent", header.parent.to_string()),
            ("app hash before", header.app_hash.to_string()),
            ("protocol", header.protocol.to_string()),
            ("proposer", header.proposer.to_string()),
            ("transactions", block.transactions.len().to_string()),
            ("gas", grouped(gas)),
        ]);
        let mut transactions: Vec<Json> = Vec::new();
        for (index, receipt) in (0_u32..).zip(receipts) {
            let Some(signed) = block.transaction(index) else {
                let status = status_name(receipt.status);
                let _ = writeln!(text, "\n{index}  {}", Paint.bad(&status));
                transactions.push(json!({ "transaction": null, "receipt": { "status": status } }));
                continue;
            };
            let transaction = &signed.transaction;
            let abis = Abis::with(chain.state(), &transaction.body);
            let status = status_name(receipt.status).replace('_', " ");
            let status = match receipt.is_success() {
                true => Paint.good(&status),
                false => Paint.bad(&status),
            };
            let what = body_text(&transaction.body, &transaction.signer);
            let gas = grouped(receipt.gas_used);
            let id = transaction.id();
            let _ = writeln!(text, "\n{index}  {what}\n   {status}, gas {gas}, {id}");
            transactions.push(json!({
                "transaction": transaction_json(transaction, &abis),
                "receipt": receipt_json(receipt, &abis, &transaction.body),
            }));
        }
        let json = json!({
            "schema": "dytallix.block/1",
            "data": self.data.name(),
            "height": header.height.number(),
            "hash": header.hash().to_string(),
            "chain_id": header.chain_id,
            "time_ms": header.time_ms,
            "parent": header.parent.to_string(),
            "transactions_root": header.transactions_root.to_string(),
            "app_hash": header.app_hash.to_string(),
            "protocol": header.protocol.to_string(),
            "proposer": header.proposer.to_string(),
            "gas_used": gas,
            "transactions": transactions,
        });
        Report { text, json }
    }
}
