//! Every seed, and inputs of fixed random numbers, through the bodies of the targets, on stable.

use std::path::Path;

use dytallix_fuzz::{TARGETS, random, stats};

#[test]
fn seeds_and_random_inputs_find_no_difference() {
    for (name, body) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
        let mut seeds: Vec<_> = std::fs::read_dir(folder)
            .expect("seeds are beside the package")
            .map(|entry| entry.expect("a readable entry").path())
            .collect();
        seeds.sort();
        assert!(seeds.len() >= 10, "{name}: {} seeds", seeds.len());
        for seed in seeds {
            body(&std::fs::read(seed).expect("a readable seed"));
        }
        for seed in 0..100 {
            body(&random(seed, 256));
        }
    }
    let (executions, valid) = (stats::EXECUTIONS.count(), stats::VALID.count());
    assert!(stats::STEPS.count() > 5_000, "histories have steps: {}", stats::STEPS.count());
    assert!(stats::PROOFS.count() > 500, "and proofs: {}", stats::PROOFS.count());
    println!("{}", stats::line());
    assert!(valid * 2 > executions, "most inputs are valid: {valid} of {executions}");
    assert!(stats::LONG.count() * 10 > executions, "many are long: {}", stats::LONG.count());
    assert!(stats::RETURNED.count() > 1_000, "calls return: {}", stats::RETURNED.count());
    assert!(stats::OUT_OF_GAS.count() > 1_000, "gas runs out: {}", stats::OUT_OF_GAS.count());
}
