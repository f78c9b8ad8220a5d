//! The ledger in a file: what a runtime did is there for the next one, with the same root as in
//! memory, its receipts and its proofs.

use dytallix::chain::{Call, Deploy, Receipt, Runtime};
use dytallix::primitives::{Address, Height};
use dytallix::state::{
    DiskOptions, DiskStore, MemoryStore, Residence, StateKey, StateOptions, Store, StoreErrorKind,
    View,
};

const GAS: u64 = 10_000_000;
const TOKEN: &[u8] = include_bytes!("../examples/wasm/basic_token.wasm");

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

fn arguments(to: u8, amount: u128) -> Vec<u8> {
    [&address(to).as_bytes()[..], &amount.to_le_bytes()].concat()
}

/// Deploys a token. Returns its address and the receipt.
fn deploy<S: Store>(runtime: &mut Runtime<S>) -> (Address, Receipt) {
    let deploy = Deploy::new(address(1), TOKEN, GAS).arguments(1_000_u128.to_le_bytes());
    let receipt = runtime.deploy(&deploy).expect("admitted");
    (receipt.contract.expect("deployed"), receipt)
}

fn transfer<S: Store>(runtime: &mut Runtime<S>, token: Address, to: u8, amount: u128) -> Receipt {
    let call = Call::new(address(1), token, "transfer", GAS).arguments(arguments(to, amount));
    runtime.call(&call).expect("admitted")
}

fn balance<S: Store>(runtime: &mut Runtime<S>, token: Address, of: u8) -> u128 {
    let call = Call::new(address(9), token, "balance_of", GAS).arguments(*address(of).as_bytes());
    let receipt = runtime.view(&call).expect("admitted");
    u128::from_le_bytes(receipt.output.try_into().expect("an amount"))
}

#[test]
fn a_second_runtime_goes_on_where_the_first_one_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state.redb");
    let mut in_memory = Runtime::new(MemoryStore::new()).expect("an engine");
    let (token, _) = deploy(&mut in_memory);
    let mut receipts = Vec::new();
    for n in 2..8 {
        receipts.push(transfer(&mut in_memory, token, n, 10 * u128::from(n)));
    }
    // Each step in a runtime of its own, and the tree held now this way, now that.
    let open = |n: u8| {
        let residence = [Residence::Memory, Residence::Bounded][usize::from(n) % 2];
        let store = DiskStore::open(&path, &DiskOptions::default()).expect("a store");
        let builder = Runtime::builder().state(StateOptions::residence(residence));
        builder.build(store).expect("sound")
    };
    assert_eq!(deploy(&mut open(1)).0, token);
    for n in 2..8 {
        let receipt = transfer(&mut open(n), token, n, 10 * u128::from(n));
        assert_eq!(receipt, receipts[usize::from(n) - 2]);
    }
    let mut last = open(8);
    assert_eq!(last.state().root(), in_memory.state().root());
    assert_eq!(last.state().totals(), in_memory.state().totals());
    assert_eq!((2..8).map(|n| balance(&mut last, token, n)).sum::<u128>(), 270);
    for (height, receipt) in (2..).zip(&receipts) {
        let stored = last.state().receipts(Height::new(height)).expect("retained");
        assert_eq!(stored.len(), 1);
        assert_eq!(Receipt::decode(&stored[0]).as_ref(), Ok(receipt));
    }
    last.state().check(&mut |_| {}).expect("sound");
    let proved = last.state_mut().prove(Height::new(3), StateKey::Account(&token));
    let proved = proved.expect("retained");
    let row = proved.value.expect("the token");
    assert_eq!(proved.proof.verify_inclusion(&proved.root, &proved.key, &row), Ok(()));
}

#[test]
fn a_call_that_fails_commits_no_block() {
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let (token, _) = deploy(&mut runtime);
    let before = (runtime.state().root(), runtime.state().head().copied());
    assert!(!transfer(&mut runtime, token, 2, 1_001).is_success());
    assert_eq!((runtime.state().root(), runtime.state().head().copied()), before);
    assert!(transfer(&mut runtime, token, 2, 1_000).is_success());
    assert_eq!(runtime.state().head().map(|head| head.height), Some(Height::new(2)));
}

#[test]
fn usage_of_a_contract_is_what_its_storage_holds() {
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let (token, _) = deploy(&mut runtime);
    for n in 2..6 {
        assert!(transfer(&mut runtime, token, n, 1).is_success());
    }
    let all = (std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
    let order = dytallix::state::Order::Ascending;
    let entries = runtime.state().storage_range(&token, all, order, usize::MAX).expect("memory");
    let bytes: usize = entries.iter().map(|(key, value)| key.len() + value.len()).sum();
    let account = runtime.state().account(&token).expect("memory").expect("an account");
    let info = account.contract.expect("a contract");
    assert_eq!((info.usage.items, info.usage.bytes), (entries.len() as u64, bytes as u64));
    assert_eq!((info.version, info.deployer), (1, address(1)));
    assert_eq!((info.deployed_height, info.analysis), (Height::new(1), None));
}

#[test]
fn a_receipt_has_one_encoding() {
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let (token, deployed) = deploy(&mut runtime);
    let failed = transfer(&mut runtime, token, 2, 1_001);
    for receipt in [deployed, transfer(&mut runtime, token, 2, 7), failed] {
        let bytes = receipt.encode();
        assert_eq!(Receipt::decode(&bytes), Ok(receipt.clone()));
        for length in 0..bytes.len() {
            assert!(Receipt::decode(&bytes[..length]).is_err(), "cut at {length}");
        }
        assert!(Receipt::decode(&[&bytes[..], &[0]].concat()).is_err(), "a byte too many");
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = Receipt::decode(&changed) {
                assert_ne!(other, receipt);
                assert_eq!(other.encode(), changed);
            }
        }
    }
}

#[test]
fn a_store_that_is_open_is_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state.redb");
    let held = DiskStore::open(&path, &DiskOptions::default()).expect("a store");
    let second = DiskStore::open(&path, &DiskOptions::default()).expect_err("it is open");
    assert_eq!(second.kind(), StoreErrorKind::InUse);
    drop(held);
    DiskStore::open(&path, &DiskOptions::default()).expect("no longer open");
}
