//! Tests of the schedule.

use alloc::vec;

use super::{GasClass, GasSchedule};

#[test]
fn a_released_schedule_never_changes() {
    let id = GasSchedule::v1().content_id();
    let digits: alloc::string::String =
        id.iter().map(|byte| alloc::format!("{byte:02x}")).collect();
    assert_eq!(digits, "4570a2dd897d6d03cd5d9e248bfd91f935418bc14d98090e74694f35fd4e340f");
}

#[test]
fn classes_are_numbered_without_gaps() {
    assert_eq!(GasClass::ALL.len(), GasClass::COUNT);
    for (i, class) in GasClass::ALL.iter().enumerate() {
        assert_eq!(*class as usize, i, "{}", class.name());
    }
}

#[test]
fn bulk_price_counts_started_blocks() {
    let s = GasSchedule::v1();
    let unit = u64::from(s.bulk_per_64_bytes);
    for (bytes, blocks) in [(0, 0), (1, 1), (63, 1), (64, 1), (65, 2), (1 << 32, 1 << 26)] {
        assert_eq!(s.bulk_price(bytes), unit * blocks, "{bytes} bytes");
    }
    assert_eq!(s.table_price(9), u64::from(s.table_per_8_elements) * 2);
}

#[test]
fn grow_is_dearer_beyond_half_of_the_limit() {
    let s = GasSchedule::v1();
    let (cheap, dear) = (u64::from(s.grow_page), u64::from(s.grow_page_dear));
    assert_eq!(s.grow_price(0, 0, 256), 0);
    assert_eq!(s.grow_price(0, 128, 256), 128 * cheap);
    assert_eq!(s.grow_price(127, 2, 256), cheap + dear);
    assert_eq!(s.grow_price(128, 1, 256), dear);
    assert_eq!(s.grow_price(200, 56, 256), 56 * dear);
}

#[test]
fn dynamic_prices_saturate_instead_of_wrapping() {
    let mut s = GasSchedule::v1();
    s.bulk_per_64_bytes = u32::MAX;
    s.grow_page_dear = u32::MAX;
    assert_eq!(s.bulk_price(u64::MAX), u64::MAX);
    assert_eq!(s.grow_price(0, u64::MAX, 0), u64::MAX);
}

#[test]
fn content_id_depends_on_every_price() {
    let v1 = GasSchedule::v1();
    let fields = v1.encode().len() / 4;
    let mut ids = vec![v1.content_id()];
    for i in 0..GasClass::COUNT {
        let mut s = v1.clone();
        s.classes[i] += 1;
        ids.push(s.content_id());
    }
    let changes: [fn(&mut GasSchedule); 6] = [
        |s| s.version += 1,
        |s| s.local += 1,
        |s| s.grow_page += 1,
        |s| s.grow_page_dear += 1,
        |s| s.bulk_per_64_bytes += 1,
        |s| s.table_per_8_elements += 1,
    ];
    for change in changes {
        let mut s = v1.clone();
        change(&mut s);
        ids.push(s.content_id());
    }
    // One id per field but the class count, and that of V1.
    assert_eq!(ids.len(), fields);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), fields);
}
