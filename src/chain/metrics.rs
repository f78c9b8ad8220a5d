//! What blocks tell of themselves, through the façade of crate `metrics`: whoever embeds the
//! library chooses the exporter, and without one nothing happens.
//!
//! | name | kind | unit |
//! |---|---|---|
//! | `dytallix_chain_height` | gauge | height of the last durable block |
//! | `dytallix_chain_blocks_total` | counter | blocks that this process made durable |
//! | `dytallix_chain_transactions_total{status}` | counter | transactions by number of status |
//! | `dytallix_chain_gas_total{dimension}` | counter | gas by what it was used for |
//! | `dytallix_chain_events_total` | counter | events |
//! | `dytallix_chain_block_gas` | histogram | gas used by the transactions of a block |
//! | `dytallix_chain_block_transactions` | histogram | transactions of a block |
//!
//! Amounts of money are in receipts, not here: they do not fit into the numbers of exporters.

use alloc::string::ToString;

use metrics::{counter, gauge, histogram};

use super::runtime::BlockResult;

/// Tells of a block that has become durable.
pub(super) fn committed(result: &BlockResult) {
    gauge!("dytallix_chain_height").set(result.header.height.number() as f64);
    counter!("dytallix_chain_blocks_total").increment(1);
    let mut block_gas = 0_u64;
    for receipt in &result.receipts {
        let status = receipt.status.code().to_string();
        counter!("dytallix_chain_transactions_total", "status" => status).increment(1);
        for (dimension, gas) in receipt.gas.parts() {
            counter!("dytallix_chain_gas_total", "dimension" => dimension).increment(gas);
        }
        counter!("dytallix_chain_events_total").increment(receipt.events.len() as u64);
        block_gas = block_gas.saturating_add(receipt.gas_used);
    }
    histogram!("dytallix_chain_block_gas").record(block_gas as f64);
    histogram!("dytallix_chain_block_transactions").record(result.receipts.len() as f64);
}

#[cfg(test)]
mod tests {
    use metrics::with_local_recorder;
    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

    use crate::chain::tests::{CHAIN, address, chain, commit};
    use crate::chain::{Body, Fee, Transaction};
    use crate::primitives::Amount;

    #[test]
    fn transactions_and_gas_are_told_when_their_block_is_durable() {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        with_local_recorder(&recorder, || {
            let mut runtime = chain(&[address(1)], 1 << 60);
            let pay = |nonce| {
                let body = Body::transfer(address(2), Amount::new(1));
                let fee = Fee::new(1_000_000, Amount::new(1));
                Transaction::new(CHAIN, nonce, address(1), fee, body)
            };
            let result = commit(&mut runtime, [pay(0), pay(1), pay(1)]);
            let told = snapshotter.snapshot().into_vec();
            let counter = |name: &str, label: &str| {
                let found = told.iter().find(|(key, ..)| {
                    let is_labelled = key.key().labels().any(|l| l.value() == label);
                    key.key().name() == name && (label.is_empty() || is_labelled)
                });
                match found.expect("it is told").3 {
                    DebugValue::Counter(value) => value,
                    ref other => panic!("{name}: {other:?}"),
                }
            };
            assert_eq!(counter("dytallix_chain_transactions_total", "0"), 2);
            assert_eq!(counter("dytallix_chain_transactions_total", "103"), 1);
            assert_eq!(counter("dytallix_chain_blocks_total", ""), 1);
            let crypto: u64 = result.receipts.iter().map(|receipt| receipt.gas.crypto).sum();
            assert_eq!(counter("dytallix_chain_gas_total", "crypto"), crypto);
        });
    }
}
