//! A ledger with a token, made by the library: every call that succeeds is a block of its own.

use std::path::Path;

use dytallix::primitives::Domain;
use dytallix::state::{DiskOptions, StateOptions, View};
use dytallix::{Address, Call, Deploy, DiskStore, Hash, Runtime};

const TOKEN: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wasm/basic_token.wasm"));

const GAS: u64 = 10_000_000;
const ALICE: Address = Address::from_bytes([b'a'; 32]);
const BOB: Address = Address::from_bytes([b'b'; 32]);
const CAROL: Address = Address::from_bytes([b'c'; 32]);

/// Root and height after [`play`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Played {
    pub(crate) root: String,
    pub(crate) height: u64,
}

/// Alice deploys a token of 1,000,000, unless it is there; mints 500 for bob and transfers 250 to
/// carol. The first time three blocks, each other time two.
pub(crate) fn play(folder: &Path, options: StateOptions) -> Played {
    let store = DiskStore::open(folder.join("state.redb"), &DiskOptions::default());
    let builder = Runtime::builder().state(options);
    let mut runtime = builder.build(store.expect("a store")).expect("a runtime");
    let deploy = Deploy::new(ALICE, TOKEN, GAS).arguments(1_000_000_u128.to_le_bytes());
    let code_hash = Hash::of(Domain::Code, &[TOKEN]);
    let token = Address::of_contract(&ALICE, &code_hash, &deploy.salt);
    if View::account(runtime.state(), &token).expect("a store").is_none() {
        assert!(runtime.deploy(&deploy).expect("no fault").is_success());
    }
    for (method, to, amount) in [("mint", BOB, 500_u128), ("transfer", CAROL, 250)] {
        let arguments = [&to.as_bytes()[..], &amount.to_le_bytes()].concat();
        let call = Call::new(ALICE, token, method, GAS).arguments(arguments);
        assert!(runtime.call(&call).expect("no fault").is_success());
    }
    let height = runtime.state().head().expect("blocks").height.number();
    Played { root: runtime.state().root().to_string(), height }
}
