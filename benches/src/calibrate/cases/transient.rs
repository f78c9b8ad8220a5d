//! Values that live as long as the transaction.

use crate::calibrate::case::{DATA, KEY, OUT, Plan, call};
use dytallix::abi::HostFn;

/// Uses of small values.
const MANY: u64 = 2_000;
/// Uses of values of 64 KiB.
const LARGE: u64 = 200;
const KIB_64: u32 = 64 << 10;

pub(super) fn plans() -> Vec<Plan> {
    let set = |what, uses, key: u32, length: u32| {
        Plan::new(HostFn::TransientSet, what, uses, &[&KEY, &key, &DATA, &length]).pages(2)
    };
    let get = |what, uses, key: u32, capacity: u32| {
        Plan::new(HostFn::TransientGet, what, uses, &[&KEY, &key, &DATA, &capacity]).pages(2)
    };
    let there = |key: u32, length: u32| call(HostFn::TransientSet, &[&KEY, &key, &DATA, &length]);
    // Keys of the longest, as many as there is room for in a transaction.
    let (keys, spread) = (3_500, crate::calibrate::case::SPREAD as i64);
    let full = format!(
        "(loop $each
           (i64.store (i32.const {KEY})
             (i64.mul (i64.extend_i32_u (local.get $n)) (i64.const {spread})))
           {}
           (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if $each (i32.lt_u (local.get $n) (i32.const {keys}))))",
        there(256, 1)
    );
    vec![
        get("32 + 32 B", MANY, 32, 64).setup(there(32, 32)),
        get("absent", MANY, 32, 64),
        get("256 B + 64 KiB", LARGE, 256, KIB_64).setup(there(256, KIB_64)),
        get("among 3,500 keys of 256 B", MANY, 256, 64).setup(&full).fresh_key(2_048),
        set("32 + 32 B, again", MANY, 32, 32),
        set("32 + 32 B, new keys", MANY, 32, 32).fresh_key(1 << 20),
        set("256 B + 64 KiB, again", LARGE, 256, KIB_64),
        set("among 3,500 keys of 256 B", MANY, 256, 1).setup(&full).fresh_key(2_048),
        set("removal of nothing", MANY, 32, 0).data(OUT, [0]),
    ]
}
