//! Hashes.

use crate::calibrate::case::{DATA, OUT, Plan};
use dytallix::abi::HostFn;

pub(super) fn plans() -> Vec<Plan> {
    use HostFn::{HashBlake3, HashKeccak256, HashSha256, HashSha3256};
    // A length for each function at which it begins another block of its own.
    let functions =
        [(HashKeccak256, 136), (HashSha3256, 136), (HashSha256, 120), (HashBlake3, 1_025)];
    let mut plans = Vec::new();
    for (function, edge) in functions {
        let hash = |what, uses, length: u32| {
            let pages = 2 + length / (64 << 10);
            Plan::new(function, what, uses, &[&DATA, &length, &OUT]).pages(pages)
        };
        plans.push(hash("0 B", 2_000, 0));
        plans.push(hash("32 B", 2_000, 32));
        plans.push(hash("64 B", 2_000, 64));
        plans.push(hash("just more than a block of its own", 2_000, edge));
        plans.push(hash("1 KiB", 1_000, 1 << 10));
        plans.push(hash("1 MiB", 2, 1 << 20));
    }
    plans
}
