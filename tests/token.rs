//! The token contract through the runtime, as a chain would use it.
//!
//! `DYTALLIX_CONTRACTS=DIR` takes the module from another directory: `examples/build.sh --check`
//! does so.

#[path = "support/prices.rs"]
mod prices;

use std::collections::BTreeMap;

use dytallix::chain::{Call, Deploy, Receipt, Runtime};
use dytallix::primitives::Address;
use dytallix::state::MemoryStore;
use dytallix_abi::{CallStatus, HostTrap, SdkError};
use proptest::prelude::*;

const GAS: u64 = 10_000_000;

// The token's errors, by number.
const NOT_OWNER: u8 = 0;
const INSUFFICIENT_BALANCE: u8 = 1;
const OVERFLOW: u8 = 3;

fn code() -> Vec<u8> {
    let checked_in = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wasm");
    let folder = std::env::var("DYTALLIX_CONTRACTS").unwrap_or_else(|_| checked_in.into());
    std::fs::read(format!("{folder}/basic_token.wasm")).expect("the module is there")
}

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

/// A token and its runtime. The owner is `address(1)`.
struct Token {
    runtime: Runtime<MemoryStore>,
    contract: Address,
}

impl Token {
    fn with_supply(supply: u128) -> Self {
        Token::with(Runtime::new(MemoryStore::new()).expect("an engine"), supply)
    }

    fn with(mut runtime: Runtime<MemoryStore>, supply: u128) -> Self {
        let deploy = Deploy::new(address(1), code(), GAS).arguments(supply.to_le_bytes());
        let receipt = runtime.deploy(&deploy).expect("admitted");
        assert!(receipt.is_success(), "{receipt:?}");
        let contract = receipt.contract.expect("a new contract");
        Token { runtime, contract }
    }

    fn request(&self, caller: u8, method: &str, arguments: Vec<u8>) -> Call {
        Call::new(address(caller), self.contract, method, GAS).arguments(arguments)
    }

    fn call(&mut self, caller: u8, method: &str, arguments: Vec<u8>) -> Receipt {
        let call = self.request(caller, method, arguments);
        self.runtime.call(&call).expect("admitted")
    }

    fn view(&mut self, method: &str, arguments: Vec<u8>) -> u128 {
        let call = self.request(99, method, arguments);
        let receipt = self.runtime.view(&call).expect("admitted");
        assert!(receipt.is_success(), "{receipt:?}");
        u128::from_le_bytes(receipt.output.try_into().expect("an amount"))
    }

    fn balance(&mut self, of: u8) -> u128 {
        self.view("balance_of", address(of).as_bytes().to_vec())
    }
}

fn arguments(to: u8, amount: u128) -> Vec<u8> {
    [&address(to).as_bytes()[..], &amount.to_le_bytes()].concat()
}

/// Topics and data of each event of a receipt.
fn events(receipt: &Receipt) -> Vec<(Vec<Vec<u8>>, Vec<u8>)> {
    let topics = |topics: &[Box<[u8]>]| topics.iter().map(|topic| topic.to_vec()).collect();
    receipt.events.iter().map(|event| (topics(&event.topics), event.data.to_vec())).collect()
}

#[test]
fn init_gives_the_supply_to_the_owner() {
    let mut token = Token::with_supply(1000);
    assert_eq!(token.view("total_supply", vec![]), 1000);
    assert_eq!(token.balance(1), 1000);
    assert_eq!(token.balance(2), 0);
}

#[test]
fn transfer_moves_and_says_so() {
    let mut token = Token::with_supply(1000);
    let receipt = token.call(1, "transfer", arguments(2, 300));
    assert!(receipt.is_success(), "{receipt:?}");
    assert_eq!(receipt.output, b"");
    let (from, to) = (address(1).as_bytes().to_vec(), address(2).as_bytes().to_vec());
    let transfer = (vec![b"Transfer".to_vec(), from, to], 300_u128.to_le_bytes().to_vec());
    assert_eq!(events(&receipt), [transfer]);
    assert_eq!(receipt.events[0].contract, token.contract);
    assert_eq!((token.balance(1), token.balance(2)), (700, 300));
    assert_eq!(token.view("total_supply", vec![]), 1000);
}

#[test]
fn a_transfer_to_oneself_changes_nothing_but_is_an_event() {
    let mut token = Token::with_supply(1000);
    let before = token.runtime.state().root();
    let receipt = token.call(1, "transfer", arguments(1, 300));
    assert!(receipt.is_success());
    assert_eq!(receipt.events.len(), 1);
    assert_eq!(token.runtime.state().root(), before);
}

#[test]
fn only_the_owner_mints() {
    let mut token = Token::with_supply(10);
    let receipt = token.call(1, "mint", arguments(2, 5));
    assert!(receipt.is_success());
    let topics = vec![b"Transfer".to_vec(), vec![0; 32], address(2).as_bytes().to_vec()];
    assert_eq!(events(&receipt), [(topics, 5_u128.to_le_bytes().to_vec())]);
    assert_eq!((token.balance(2), token.view("total_supply", vec![])), (5, 15));

    let before = token.runtime.store().clone();
    let receipt = token.call(2, "mint", arguments(2, 5));
    assert_eq!(receipt.status, CallStatus::Reverted);
    assert_eq!(receipt.output, [NOT_OWNER]);
    assert_eq!((receipt.events, receipt.contract, receipt.trap), (vec![], None, None));
    assert_eq!(*token.runtime.store(), before);
}

#[test]
fn an_overdraft_reverts_and_leaves_no_trace() {
    let mut token = Token::with_supply(1000);
    let before = token.runtime.store().clone();
    for (from, amount) in [(1, 1001), (1, u128::MAX), (2, 1)] {
        let receipt = token.call(from, "transfer", arguments(3, amount));
        assert_eq!(receipt.status, CallStatus::Reverted);
        assert_eq!(receipt.output, [INSUFFICIENT_BALANCE]);
        assert!(receipt.events.is_empty());
        assert_eq!(*token.runtime.store(), before);
    }
}

#[test]
fn the_supply_has_an_end() {
    let mut token = Token::with_supply(u128::MAX);
    let receipt = token.call(1, "mint", arguments(2, 1));
    assert_eq!(receipt.status, CallStatus::Reverted);
    assert_eq!(receipt.output, [OVERFLOW]);
    let receipt = token.call(1, "transfer", arguments(2, u128::MAX));
    assert!(receipt.is_success());
    assert_eq!((token.balance(1), token.balance(2)), (0, u128::MAX));
}

#[test]
fn arguments_of_another_length_are_refused() {
    let mut token = Token::with_supply(10);
    for (method, length) in [
        ("transfer", 0),
        ("transfer", 47),
        ("transfer", 49),
        ("balance_of", 31),
        ("total_supply", 1),
    ] {
        let receipt = token.call(1, method, vec![0; length]);
        assert_eq!(receipt.status, CallStatus::Reverted, "{method} {length}");
        assert_eq!(receipt.output, [SdkError::BadArguments.code()], "{method} {length}");
    }
}

#[test]
fn a_view_cannot_transfer() {
    let mut token = Token::with_supply(10);
    let before = token.runtime.store().clone();
    let call = token.request(1, "transfer", arguments(2, 1));
    let receipt = token.runtime.view(&call).expect("admitted");
    assert_eq!(receipt.status, CallStatus::Trapped);
    assert_eq!(receipt.trap.expect("a trap").code, HostTrap::ReadOnly.code());
    assert_eq!(*token.runtime.store(), before);
}

/// With every gas limit below what a transfer needs, it runs out of gas, pays all of it and leaves
/// state as it was, byte by byte; with what it needs, it succeeds and uses exactly that.
#[test]
fn out_of_gas_at_every_limit_leaves_no_trace() {
    let cheap = || Token::with(prices::cheap().build(MemoryStore::new()).expect("an engine"), 1000);
    let mut token = cheap();
    let before = token.runtime.store().clone();
    let mut call = token.request(1, "transfer", arguments(2, 300));
    let needed = cheap().runtime.call(&call).expect("admitted").gas_used;
    assert!(needed > 1000, "{needed}");
    for gas in 0..needed {
        call.gas_limit = gas;
        let receipt = token.runtime.call(&call).expect("admitted");
        assert_eq!(receipt.status, CallStatus::OutOfGas, "{gas}");
        assert_eq!(receipt.gas_used, gas);
        assert_eq!((receipt.output, receipt.events), (vec![], vec![]), "{gas}");
        assert_eq!(*token.runtime.store(), before, "{gas}");
    }
    call.gas_limit = needed;
    let receipt = token.runtime.call(&call).expect("admitted");
    assert!(receipt.is_success(), "{receipt:?}");
    assert_eq!(receipt.gas_used, needed);
    assert_eq!((token.balance(1), token.balance(2)), (700, 300));
}

#[test]
fn the_same_calls_give_the_same_receipts_and_state() {
    let run = || {
        let mut token = Token::with_supply(1000);
        let receipts: Vec<Receipt> = [(1, 2, 500), (2, 3, 200), (3, 1, 201), (3, 1, 200)]
            .map(|(from, to, amount)| token.call(from, "transfer", arguments(to, amount)))
            .into();
        (receipts, token.runtime.store().clone())
    };
    assert_eq!(run(), run());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Balances, supply and outcomes equal those of a model, whatever is tried.
    #[test]
    fn the_token_equals_a_model(
        supply in 0_u128..1000,
        steps in proptest::collection::vec(
            (any::<bool>(), 1_u8..5, 1_u8..5, prop_oneof![0_u128..400, Just(u128::MAX)]), 1..40)
    ) {
        let mut token = Token::with_supply(supply);
        let mut balances = BTreeMap::from([(1, supply)]);
        let mut total = supply;
        for (mint, caller, to, amount) in steps {
            let method = if mint { "mint" } else { "transfer" };
            let receipt = token.call(caller, method, arguments(to, amount));
            let from = balances.get(&caller).copied().unwrap_or(0);
            let possible = if mint {
                caller == 1 && total.checked_add(amount).is_some()
            } else {
                from >= amount
            };
            let expected = if possible { CallStatus::Success } else { CallStatus::Reverted };
            prop_assert_eq!(receipt.status, expected);
            prop_assert_eq!(receipt.events.len(), usize::from(possible));
            if possible {
                match mint {
                    true => total += amount,
                    false => *balances.entry(caller).or_default() -= amount,
                }
                *balances.entry(to).or_default() += amount;
            }
            for account in 1..5 {
                let expected = balances.get(&account).copied().unwrap_or(0);
                prop_assert_eq!(token.balance(account), expected);
            }
            prop_assert_eq!(token.view("total_supply", vec![]), total);
        }
    }
}
