//! What committed state tells of itself, through the façade of crate `metrics`: whoever embeds the
//! library chooses the exporter, and without one nothing happens.
//!
//! | name | kind | unit |
//! |---|---|---|
//! | `dytallix_state_height` | gauge | height of the head |
//! | `dytallix_state_oldest_height` | gauge | lowest height that is retained |
//! | `dytallix_state_accounts` | gauge | accounts, those of contracts among them |
//! | `dytallix_state_contracts` | gauge | contracts |
//! | `dytallix_state_items` | gauge | entries of contract storage |
//! | `dytallix_state_bytes` | gauge | bytes of their keys and values |
//! | `dytallix_state_codes` | gauge | code, counted once by hash |
//! | `dytallix_state_code_bytes` | gauge | bytes of that code |
//! | `dytallix_state_tree_bytes` | gauge | bytes of memory that the tree takes |
//! | `dytallix_state_blocks_total` | counter | blocks committed by this process |
//! | `dytallix_state_rows_total` | counter | rows of state that they changed |
//!
//! What a single contract uses is in its record, not here: a label for each contract would grow
//! without end.

use metrics::{counter, gauge};

use super::Head;

/// Tells of a block that was committed.
pub(super) fn committed(head: &Head, rows: usize, tree_bytes: usize) {
    tell(head, tree_bytes);
    counter!("dytallix_state_blocks_total").increment(1);
    counter!("dytallix_state_rows_total").increment(rows as u64);
}

/// Tells what the head is: after a block, and after one was dropped.
pub(super) fn tell(head: &Head, tree_bytes: usize) {
    let totals = &head.totals;
    let gauges = [
        ("dytallix_state_height", head.height.number()),
        ("dytallix_state_oldest_height", head.oldest.number()),
        ("dytallix_state_accounts", totals.accounts),
        ("dytallix_state_contracts", totals.contracts),
        ("dytallix_state_items", totals.items),
        ("dytallix_state_bytes", totals.bytes),
        ("dytallix_state_codes", totals.codes),
        ("dytallix_state_code_bytes", totals.code_bytes),
        ("dytallix_state_tree_bytes", tree_bytes as u64),
    ];
    for (name, value) in gauges {
        gauge!(name).set(value as f64);
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use metrics::with_local_recorder;
    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

    use crate::state::tests::{empty_state, fill};

    #[test]
    fn usage_is_told_exactly_after_every_block() {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        with_local_recorder(&recorder, || {
            let mut state = empty_state();
            for height in 1..=4 {
                fill(&mut state, height);
                let told: Vec<(String, DebugValue)> = snapshotter
                    .snapshot()
                    .into_vec()
                    .into_iter()
                    .map(|(key, _, _, value)| (key.key().name().to_string(), value))
                    .collect();
                let gauge = |name: &str| {
                    let found = told.iter().find(|(told, _)| told == name);
                    match found.expect("it is told").1 {
                        DebugValue::Gauge(value) => value.into_inner() as u64,
                        ref other => panic!("{name}: {other:?}"),
                    }
                };
                let report = state.check(&mut |_| {}).expect("sound");
                assert_eq!(gauge("dytallix_state_height"), height);
                assert_eq!(gauge("dytallix_state_contracts"), report.totals.contracts);
                assert_eq!(gauge("dytallix_state_items"), report.totals.items);
                assert_eq!(gauge("dytallix_state_bytes"), report.totals.bytes);
                assert_eq!(gauge("dytallix_state_code_bytes"), report.totals.code_bytes);
                let blocks = told.iter().find(|(name, _)| name == "dytallix_state_blocks_total");
                assert_eq!(blocks.expect("it is told").1, DebugValue::Counter(1));
            }
        });
    }
}
