//! Storage: warm and cold, small and as large as it may be, and keys that were removed.

use crate::calibrate::case::{DATA, KEY, OUT, Plan, Rows, call};
use dytallix::abi::HostFn;

const KIB_64: u32 = 64 << 10;
/// A value of 32 bytes, of which the first eight count turns.
const VALUE: u32 = OUT;
/// Uses of what is at hand.
const WARM: u64 = 5_000;
/// Uses of keys that are touched for the first time.
const COLD: u64 = 1_000;
/// Uses of values of 64 KiB.
const LARGE: u64 = 64;

pub(super) fn plans() -> Vec<Plan> {
    let mut plans = gets();
    plans.extend(sets());
    plans.extend(removals());
    plans.extend(scans());
    plans
}

/// The key that has no value: its last byte is none that is stored.
fn absent(plan: Plan, rows: Rows) -> Plan {
    plan.fresh_key(rows.count).data(KEY + 31, [1])
}

fn gets() -> Vec<Plan> {
    let get = |what, uses, key: u32, capacity: u32| {
        Plan::new(HostFn::StorageGet, what, uses, &[&KEY, &key, &DATA, &capacity]).pages(2)
    };
    let has = |what, uses| Plan::new(HostFn::StorageHas, what, uses, &[&KEY, &32]);
    let touched = || call(HostFn::StorageHas, &[&KEY, &32]);
    let fresh = |plan: Plan, rows: Rows| plan.rows(rows).fresh_key(rows.count);
    vec![
        get("warm, 32 + 32 B", WARM, 32, 64).rows(Rows::MANY).setup(touched()),
        fresh(get("cold, 32 + 32 B", COLD, 32, 64), Rows::MANY),
        absent(get("cold, absent", COLD, 32, 64), Rows::MANY).rows(Rows::MANY),
        fresh(get("cold, key of 256 B", COLD, 256, 64), Rows::LONG),
        get("warm, 64 KiB", LARGE, 32, KIB_64).rows(Rows::LARGE).setup(touched()),
        fresh(get("cold, 64 KiB", LARGE, 32, KIB_64), Rows::LARGE),
        has("warm", WARM).rows(Rows::MANY).setup(touched()),
        fresh(has("cold", COLD), Rows::MANY),
        fresh(has("cold, of 64 KiB", LARGE), Rows::LARGE),
    ]
}

fn sets() -> Vec<Plan> {
    let set = |what, uses, key: u32, value: u32, length: u32| {
        Plan::new(HostFn::StorageSet, what, uses, &[&KEY, &key, &value, &length]).pages(2)
    };
    // Another value each time, so that each is a write.
    let counted = |plan: Plan, value: u32| {
        plan.before(format!(
            "(i64.store (i32.const {value}) (i64.add (local.get $i) (i64.const 1)))"
        ))
    };
    let fresh = |plan: Plan, rows: Rows| plan.rows(rows).fresh_key(rows.count);
    let written = || call(HostFn::StorageSet, &[&KEY, &32, &VALUE, &32]);
    vec![
        counted(set("warm, 32 + 32 B", WARM, 32, VALUE, 32).rows(Rows::MANY), VALUE)
            .setup(written()),
        set("warm, what is there", WARM, 32, VALUE, 32).rows(Rows::MANY).setup(written()),
        counted(fresh(set("cold, 32 + 32 B", COLD, 32, VALUE, 32), Rows::MANY), VALUE),
        absent(set("cold, a new key", COLD, 32, VALUE, 32), Rows::MANY).rows(Rows::MANY),
        counted(fresh(set("cold, key of 256 B", COLD, 256, VALUE, 32), Rows::LONG), VALUE),
        counted(set("warm, 64 KiB", LARGE, 32, DATA, KIB_64).rows(Rows::LARGE), DATA),
        counted(fresh(set("cold, 64 KiB", LARGE, 32, DATA, KIB_64), Rows::LARGE), DATA),
        fresh(set("cold, 1 B over 64 KiB", LARGE, 32, VALUE, 1), Rows::LARGE),
    ]
}

fn removals() -> Vec<Plan> {
    let remove = |what, uses, key: u32| Plan::new(HostFn::StorageRemove, what, uses, &[&KEY, &key]);
    vec![
        remove("cold, 32 + 32 B", COLD, 32).rows(Rows::MANY).fresh_key(Rows::MANY.count),
        absent(remove("cold, absent", COLD, 32), Rows::MANY).rows(Rows::MANY),
        remove("cold, of 64 KiB", LARGE, 32).rows(Rows::LARGE).fresh_key(Rows::LARGE.count),
    ]
}

fn scans() -> Vec<Plan> {
    // The place to go on from is where the key before was written to.
    let next = |what, uses, key: u32| {
        let operands: [&dyn std::fmt::Display; 6] = [&0, &0, &KEY, &key, &KEY, &256];
        Plan::new(HostFn::StorageNext, what, uses, &operands)
    };
    // All of few rows are removed, then looked for.
    let few = Rows { count: 1 << 10, ..Rows::MANY };
    let removed = |rows: Rows| {
        let remove = call(HostFn::StorageRemove, &[&KEY, &32]);
        let (count, spread) = (rows.count, crate::calibrate::case::SPREAD as i64);
        format!(
            "(loop $each
               (i64.store (i32.const {KEY})
                 (i64.mul (i64.extend_i32_u (local.get $n)) (i64.const {spread})))
               {remove}
               (local.set $n (i32.add (local.get $n) (i32.const 1)))
               (br_if $each (i32.lt_u (local.get $n) (i32.const {count}))))
             (memory.fill (i32.const {KEY}) (i32.const 0) (i32.const 256))"
        )
    };
    let large = Rows { count: 1 << 6, ..Rows::LARGE };
    vec![
        next("from key to key, 32 + 32 B", COLD, 32).rows(Rows::MANY),
        next("from key to key, keys of 256 B", COLD, 256).rows(Rows::LONG),
        next("from key to key, values of 64 KiB", LARGE, 32).rows(Rows::LARGE),
        next("past 1,024 removed keys", 2, 32).rows(few).setup(removed(few)),
        next("past 64 removed values of 64 KiB", 2, 32).rows(large).setup(removed(large)),
    ]
}
