//! State against the model that clones everything, on histories of fixed random numbers.

use dytallix_spec_tests::generate::Bytes;
use dytallix_spec_tests::ledger::{Counts, History, blocks};

#[test]
fn state_equals_a_model_that_clones_everything() {
    let mut all = Counts::default();
    for seed in 0..400 {
        let mut bytes = Bytes::new(seed);
        let length = 100 + (bytes.number() % 3_000) as usize;
        let counts = History::run(&blocks(&bytes.take(length)));
        all.steps += counts.steps;
        all.reverted += counts.reverted;
        all.reentered += counts.reentered;
        all.refused += counts.refused;
        all.heights += counts.heights;
        all.proofs += counts.proofs;
        all.dropped += counts.dropped;
    }
    println!("{all:?}");
    assert!(all.steps > 20_000 && all.reverted > 500 && all.reentered > 200, "{all:?}");
    assert!(all.refused > 1_000 && all.heights > 2_000 && all.proofs > 10_000, "{all:?}");
    assert!(all.dropped > 100, "{all:?}");
}
