//! Facts about the call, the transaction, the block and accounts.

use dytallix_abi::{GasClass, HostFn};

use super::{CALLER, CONTRACT, GAS, SIGNER, World, store};
use crate::host::context::record_block_hash;
use crate::primitives::{Address, Amount, Domain, Hash, Height};
use crate::state::Analysis;

#[test]
fn addresses_are_those_of_the_frame() {
    let store = store();
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::CallerAddress, &[1000]), Ok(None));
    assert_eq!(world.call(HostFn::SelfAddress, &[1032]), Ok(None));
    assert_eq!(world.memory[1000..1032], *CALLER.as_bytes());
    assert_eq!(world.memory[1032..1064], *CONTRACT.as_bytes());
}

#[test]
fn the_context_is_that_of_block_transaction_and_call() {
    let store = store();
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::SignerAddress, &[1000]), Ok(None));
    assert_eq!(world.memory[1000..1032], *SIGNER.as_bytes());
    assert_eq!(world.call(HostFn::TxHash, &[1000]), Ok(None));
    let hash = Hash::of(Domain::Request, &[b"request"]);
    assert_eq!(world.memory[1000..1032], *hash.as_bytes());
    assert_eq!(world.call(HostFn::CallValue, &[1000]), Ok(None));
    assert_eq!(world.memory[1000..1016], 9_u128.to_le_bytes());
    assert_eq!(world.call(HostFn::BlockHeight, &[]), Ok(Some(300)));
    assert_eq!(world.call(HostFn::BlockTimeMs, &[]), Ok(Some(1_700_000_000_123)));
    assert_eq!(world.call(HostFn::ChainId, &[]), Ok(Some(7)));
}

#[test]
fn the_gas_that_is_left_is_what_is_left_after_asking() {
    let store = store();
    let mut world = World::new(&store);
    let left = world.call(HostFn::GasLeft, &[]);
    assert_eq!(left, Ok(Some(world.gas)));
    assert!(world.gas < GAS);
}

#[test]
fn balances_are_those_of_the_moment() {
    let store = store();
    let mut world = World::new(&store);
    let other = Address::from_bytes([0xdd; 32]);
    world.overlay.credit(&CONTRACT, Amount::new(12)).expect("small");
    world.overlay.credit(&other, Amount::new(u128::MAX)).expect("fits");
    assert_eq!(world.call(HostFn::ContractBalance, &[1000]), Ok(None));
    assert_eq!(world.memory[1000..1016], 12_u128.to_le_bytes());
    assert_eq!(world.call(HostFn::BalanceOf, &[64, 1000]), Ok(None));
    assert_eq!(world.memory[1000..1016], u128::MAX.to_le_bytes());
}

#[test]
fn the_first_touch_of_an_account_is_dearer() {
    let store = store();
    let mut world = World::new(&store);
    let prices = world.rules.prices.clone();
    let account = prices.of(GasClass::Account).total(0);
    let cold = u64::from(prices.cold_account);
    assert_eq!(world.priced(HostFn::BalanceOf, &[64, 1000]), (Ok(None), account + cold));
    assert_eq!(world.priced(HostFn::BalanceOf, &[64, 1000]), (Ok(None), account));
    let absent = (Ok(Some(u64::from(-1_i32 as u32))), account);
    assert_eq!(world.priced(HostFn::CodeHashOf, &[64, 1000]), absent);
    world.overlay.end_transaction();
    assert_eq!(world.priced(HostFn::BalanceOf, &[64, 1000]), (Ok(None), account + cold));
}

#[test]
fn code_hash_and_score_are_those_of_the_contract_and_absent_for_others() {
    let store = store();
    let mut world = World::new(&store);
    world.memory[128..160].copy_from_slice(CONTRACT.as_bytes());
    let absent = Ok(Some(u64::from(-1_i32 as u32)));
    assert_eq!(world.call(HostFn::CodeHashOf, &[64, 1000]), absent);
    assert_eq!(world.call(HostFn::RiskScore, &[64]), Ok(Some(-1_i64 as u64)));
    assert_eq!(world.call(HostFn::CodeHashOf, &[128, 1000]), Ok(Some(0)));
    let code = Hash::of(Domain::Code, &[b"code"]);
    assert_eq!(world.memory[1000..1032], *code.as_bytes());
    assert_eq!(world.call(HostFn::RiskScore, &[128]), Ok(Some(-1_i64 as u64)));
    let analysis = Analysis::new(1, 2_500, Hash::from_bytes([1; 32]));
    world.overlay.set_analysis(&CONTRACT, Some(analysis)).expect("sound");
    assert_eq!(world.call(HostFn::RiskScore, &[128]), Ok(Some(2_500)));
}

#[test]
fn the_last_256_block_hashes_can_be_read_and_no_others() {
    let store = store();
    let mut world = World::new(&store);
    for height in 40..300_u64 {
        let hash = Hash::from_bytes([height as u8; 32]);
        record_block_hash(&mut world.overlay, Height::new(height), &hash).expect("memory");
    }
    let mut read = |height: u64| {
        world.memory[1000..1032].fill(0);
        let result = world.call(HostFn::BlockHash, &[height, 1000]);
        let found = result == Ok(Some(0));
        assert!(found || result == Ok(Some(u64::from(-1_i32 as u32))), "{result:?}");
        found.then(|| world.memory[1000])
    };
    assert_eq!(read(299), Some(299_u64 as u8));
    assert_eq!(read(44), Some(44));
    for height in [43, 40, 0, 300, 301, 556, u64::MAX] {
        assert_eq!(read(height), None, "{height}");
    }
}
