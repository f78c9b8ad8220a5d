//! A chain with host functions of its own: an oracle that contracts read, and a counter that they
//! raise, beside the functions of the ABI.

use dytallix::abi::{Effect, Status};
use dytallix::gas::HostPrice;
use dytallix::host::{Buffer, HostContext, HostTable, HostTrapped, InterfaceErrorKind, OWN_TRAPS};
use dytallix::host::{CodeError, system_address};
use dytallix::state::View;
use dytallix::{Address, Call, Deploy, MemoryStore, Runtime};

const GAS: u64 = 10_000_000;

type Cx<'c, 'e, 's> = HostContext<'c, 'e, 's>;

/// The chain's own rows of the table.
fn functions(price: u32) -> HostTable {
    let mut table = HostTable::new();
    let read = |_: &mut Cx<'_, '_, '_>, symbol: Vec<u8>, out: Buffer| match &symbol[..] {
        b"DYT" => Ok((out, 1_250_000_u64.to_le_bytes().to_vec())),
        _ => Err(HostTrapped::new(1_404)),
    };
    let raise = |cx: &mut Cx<'_, '_, '_>, by: u64| {
        cx.charge(10 * by)?;
        let contract = cx.contract();
        let state = cx.state_mut()?;
        let before = state.load_storage(&contract, b"counter").ok().flatten();
        let before = before.map_or(0, |bytes| bytes.first().copied().unwrap_or(0).into());
        let value = u8::try_from(before + by).map_err(|_| HostTrapped::new(1_001))?;
        let set = state.set_storage(&contract, b"counter", Some(&[value]));
        set.map_err(|_| HostTrapped::new(1_002))?;
        Ok(i64::from(value))
    };
    table
        .add("oracle_price", HostPrice::new(price, 10), &[Effect::ReadState], read)
        .expect("a new name");
    table
        .add("counter_raise", HostPrice::new(100, 0), &[Effect::WriteState], raise)
        .expect("a new name");
    table
}

fn contract() -> Vec<u8> {
    wat::parse_str(
        r#"(module
            (import "env" "oracle_price" (func $price (param i32 i32 i32 i32) (result i64)))
            (import "env" "counter_raise" (func $raise (param i64) (result i64)))
            (import "env" "set_return" (func $return (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "DYTXYZ")
            (func (export "price")
                (drop (call $price (i32.const 0) (i32.const 3) (i32.const 64) (i32.const 8)))
                (call $return (i32.const 64) (i32.const 8)))
            (func (export "wrong")
                (drop (call $price (i32.const 3) (i32.const 3) (i32.const 64) (i32.const 8))))
            (func (export "raise")
                (i64.store (i32.const 64) (call $raise (i64.const 200)))
                (call $return (i32.const 64) (i32.const 8))))"#,
    )
    .expect("well formed")
}

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

fn deployed(functions: HostTable) -> (Runtime<MemoryStore>, Address) {
    let builder = Runtime::builder().functions(functions);
    let mut runtime = builder.build(MemoryStore::new()).expect("an engine");
    let receipt = runtime.deploy(&Deploy::new(address(1), contract(), GAS)).expect("admitted");
    (runtime, receipt.contract.expect("deployed"))
}

#[test]
fn contracts_use_the_chains_own_functions() {
    let (mut runtime, contract) = deployed(functions(500));
    let mut call = |method: &str| {
        runtime.call(&Call::new(address(1), contract, method, GAS)).expect("admitted")
    };
    assert_eq!(call("price").output, 1_250_000_u64.to_le_bytes());
    assert_eq!(call("raise").output, 200_u64.to_le_bytes());
    // 400 does not fit: a trap of the chain's own, and nothing has changed.
    let receipt = call("raise");
    assert_eq!(receipt.trap.expect("a trap").code, 1_001);
    let wrong = call("wrong");
    assert_eq!((wrong.status, wrong.trap.expect("a trap").code), (Status::Trapped, 1_404));
    const { assert!(OWN_TRAPS == 1_000) };
    let counter = runtime.state().storage(&contract, b"counter").expect("memory");
    assert_eq!(counter.as_deref(), Some(&[200][..]));
}

#[test]
fn their_price_is_the_rows_and_what_they_charge() {
    let gas = |price: u32| {
        let (mut runtime, contract) = deployed(functions(price));
        let call = Call::new(address(1), contract, "price", GAS);
        runtime.call(&call).expect("admitted").gas_used
    };
    assert_eq!(gas(1_500) - gas(500), 1_000);
}

#[test]
fn a_view_cannot_use_a_function_that_writes() {
    let (mut runtime, contract) = deployed(functions(500));
    let view = |method: &str| Call::new(address(1), contract, method, GAS);
    assert!(runtime.view(&view("price")).expect("admitted").is_success());
    assert_eq!(runtime.view(&view("raise")).expect("admitted").status, Status::Trapped);
}

#[test]
fn a_chain_without_them_refuses_the_contract() {
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let error = runtime.deploy(&Deploy::new(address(1), contract(), GAS)).expect_err("refused");
    let dytallix::chain::Error::Rejected(dytallix::chain::Rejection::Code(error)) = error else {
        panic!("{error:?}");
    };
    let CodeError::Interface(error) = error else { panic!("{error:?}") };
    assert!(matches!(error.kind(), InterfaceErrorKind::UnknownImport { .. }), "{error:?}");
}

#[test]
fn nobody_owns_the_systems_address() {
    let system = system_address();
    assert_eq!(&system.as_bytes()[..15], b"dytallix/system");
    assert_eq!(system.as_bytes()[15..], [0; 17]);
}
