//! Functions that a chain adds: typed arguments, price, effects.

use alloc::vec::Vec;

use dytallix_abi::{Effect, HostTrap};

use super::{CALLER, CONTRACT, World, store};
use crate::gas::HostPrice;
use crate::host::frame::Stop;
use crate::host::own::{Buffer, HostContext, HostTable, HostTableError, HostTrapped};
use crate::primitives::{Address, Amount};

type Cx<'c, 'e, 's> = HostContext<'c, 'e, 's>;

const PRICE: HostPrice = HostPrice::new(100, 10);

fn call(
    world: &mut World<'_>,
    table: &HostTable,
    name: &str,
    slots: &[u64],
) -> Result<Option<u64>, Stop> {
    let row = table.position(name).and_then(|at| table.row(at)).expect("it is there");
    world.with_env(|env| row.call(env, slots))
}

#[test]
fn arguments_arrive_typed_and_are_paid_by_their_bytes() {
    let store = store();
    let mut world = World::new(&store);
    let mut table = HostTable::new();
    table
        .add(
            "mix",
            PRICE,
            &[],
            |cx: &mut Cx<'_, '_, '_>,
             a: u32,
             b: i64,
             who: Address,
             data: Vec<u8>,
             amount: Amount| {
                assert_eq!((cx.contract(), cx.caller()), (CONTRACT, CALLER));
                assert_eq!((a, b, who), (u32::MAX, -2, Address::from_bytes([0xdd; 32])));
                assert_eq!((&data[..], amount), (&b"value"[..], Amount::new(5)));
                Ok(-3_i32)
            },
        )
        .expect("new");
    let before = world.gas;
    let slots = [u64::from(u32::MAX), -2_i64 as u64, 64, 16, 5, 96];
    let result = call(&mut world, &table, "mix", &slots);
    assert_eq!(result, Ok(Some(u64::from(-3_i32 as u32))));
    assert_eq!(before - world.gas, PRICE.total(32 + 5 + 16));
    world.gas = PRICE.total(53) - 1;
    assert_eq!(call(&mut world, &table, "mix", &slots), Err(Stop::OutOfGas));
}

#[test]
fn bad_pointers_and_lengths_trap_before_the_function_runs() {
    let store = store();
    let mut world = World::new(&store);
    world.rules.call_limits.data_bytes = 100;
    let mut table = HostTable::new();
    let function = |_: &mut Cx<'_, '_, '_>, _: Vec<u8>, out: Buffer| Ok((out, b"answer".to_vec()));
    table.add("ask", PRICE, &[], function).expect("new");
    let mut ask = |slots: &[u64]| call(&mut world, &table, "ask", slots);
    assert_eq!(ask(&[16, 5, 1000, 10]), Ok(Some(6)));
    assert_eq!(ask(&[16, 5, 2000, 5]), Ok(Some(6)), "measured and not written");
    let out_of_bounds = Err(Stop::Trap(HostTrap::MemoryOutOfBounds));
    assert_eq!(ask(&[16 << 10, 1, 1000, 10]), out_of_bounds);
    assert_eq!(ask(&[16, 5, (16 << 10) - 9, 10]), out_of_bounds);
    assert_eq!(ask(&[16, 101, 1000, 10]), Err(Stop::Trap(HostTrap::DataLength)));
    assert_eq!(world.memory[1000..1007], *b"answer\0");
    assert_eq!(world.memory[2000..2006], [0; 6]);
}

#[test]
fn state_changes_where_the_row_says_so_and_never_in_a_read_only_frame() {
    let store = store();
    let mut world = World::new(&store);
    let mut table = HostTable::new();
    let write = |cx: &mut Cx<'_, '_, '_>| {
        let (contract, state) = (cx.contract(), cx.state_mut()?);
        state.set_storage(&contract, b"own", Some(b"1")).map_err(|_| HostTrapped::new(7))?;
        Ok(())
    };
    table.add("declared", PRICE, &[Effect::WriteState], write).expect("new");
    table.add("undeclared", PRICE, &[Effect::ReadState], write).expect("new");
    let read_only = Err(Stop::Trap(HostTrap::ReadOnly));
    assert_eq!(call(&mut world, &table, "undeclared", &[]), read_only);
    assert!(world.overlay.changes().is_empty());
    assert_eq!(call(&mut world, &table, "declared", &[]), Ok(None));
    assert!(!world.overlay.changes().is_empty());
    world.frame.read_only = true;
    assert_eq!(call(&mut world, &table, "declared", &[]), read_only);
}

#[test]
fn a_trap_of_its_own_has_a_number_of_its_own_and_gas_can_be_charged() {
    let store = store();
    let mut world = World::new(&store);
    let mut table = HostTable::new();
    table
        .add("fail", PRICE, &[], |_: &mut Cx<'_, '_, '_>, code: u32| -> Result<(), HostTrapped> {
            Err(HostTrapped::new(code))
        })
        .expect("new");
    table.add("work", PRICE, &[], |cx: &mut Cx<'_, '_, '_>, gas: u64| cx.charge(gas)).expect("new");
    assert_eq!(call(&mut world, &table, "fail", &[1_234]), Err(Stop::OwnTrap(1_234)));
    assert_eq!(call(&mut world, &table, "fail", &[5]), Err(Stop::OwnTrap(1_005)));
    let before = world.gas;
    assert_eq!(call(&mut world, &table, "work", &[500]), Ok(None));
    assert_eq!(before - world.gas, 600);
    assert_eq!(call(&mut world, &table, "work", &[u64::MAX]), Err(Stop::OutOfGas));
}

#[test]
fn wrong_rows_are_refused_and_the_content_id_names_every_part() {
    let nothing = |_: &mut Cx<'_, '_, '_>| Ok(());
    let mut table = HostTable::new();
    let empty = table.content_id();
    table.add("own", PRICE, &[], nothing).expect("new");
    for name in ["own", "storage_get"] {
        let error = table.add(name, PRICE, &[], nothing);
        assert_eq!(error, Err(HostTableError::Duplicate(name.into())));
    }
    for name in ["", "Big", "a-b", "é", &"n".repeat(65)] {
        let error = table.add(name, PRICE, &[], nothing);
        assert_eq!(error, Err(HostTableError::Name(name.into())));
    }
    let error = table.add("free", HostPrice::new(0, 9), &[], nothing);
    assert_eq!(error, Err(HostTableError::Unpriced("free".into())));
    let id = |name: &str, price, effects: &[Effect], takes: bool| {
        let mut table = HostTable::new();
        let added = match takes {
            true => table.add(name, price, effects, |_: &mut Cx<'_, '_, '_>, _: u32| Ok(())),
            false => table.add(name, price, effects, nothing),
        };
        added.expect("new");
        table.content_id()
    };
    let mut ids = alloc::vec![
        empty,
        table.content_id(),
        id("other", PRICE, &[], false),
        id("own", HostPrice::new(101, 10), &[], false),
        id("own", HostPrice::new(100, 11), &[], false),
        id("own", PRICE, &[Effect::ReadState], false),
        id("own", PRICE, &[], true),
    ];
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 7);
}
