//! Frames: every kind of call, value, new contracts, upgrades, re-entry, memory and gas.
//!
//! The contracts are lists of host functions made by `support/script.rs`.

#[path = "../support/script.rs"]
mod script;

mod calls;
mod create;
mod every;
mod lessons;
mod memory;
mod reentry;
mod upgrade;
mod value;

use dytallix::abi::schema::{Abi, Method, Type, TypeId};
use dytallix::abi::{Capabilities, MethodKind, Reentry};
use dytallix::chain::Receipt;
use dytallix::state::View;
use dytallix::{Address, Amount, Call, CallStatus, Deploy, Hash, MemoryStore, Runtime, State};

const GAS: u64 = 1_000_000_000;

/// Every capability.
const ALL: &[Capabilities] = &[
    Capabilities::CALL,
    Capabilities::DELEGATE,
    Capabilities::UPGRADE,
    Capabilities::RECEIVE_VALUE,
    Capabilities::CREATE,
];

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

/// A runtime in which account 1 owns a million.
struct World {
    runtime: Runtime<MemoryStore>,
}

impl World {
    fn new() -> World {
        World::with(Runtime::builder().chain_id(7).build(MemoryStore::new()).expect("an engine"))
    }

    fn with(mut runtime: Runtime<MemoryStore>) -> World {
        runtime
            .edit(|overlay| overlay.credit(&address(1), Amount::new(1_000_000)))
            .expect("memory");
        World { runtime }
    }

    fn deploy(&mut self, code: &[u8]) -> Address {
        self.deploy_with(Deploy::new(address(1), code, GAS))
    }

    fn deploy_with(&mut self, deploy: Deploy) -> Address {
        let receipt = self.runtime.deploy(&deploy).expect("admitted");
        receipt.contract.unwrap_or_else(|| panic!("{receipt:?}"))
    }

    /// Calls a method with an address as its input.
    fn call(&mut self, contract: Address, method: &str, input: Address) -> Receipt {
        let call = Call::new(address(1), contract, method, GAS).arguments(*input.as_bytes());
        self.runtime.call(&call).expect("admitted")
    }

    /// The results that a method kept.
    fn results(&mut self, contract: Address, method: &str, input: Address) -> Vec<i32> {
        let receipt = self.call(contract, method, input);
        assert!(receipt.is_success(), "{method}: {receipt:?}");
        script::results(&receipt.output)
    }

    fn value(&self, contract: Address, key: &[u8]) -> Option<Vec<u8>> {
        self.state().storage(&contract, key).expect("memory").map(|value| value.to_vec())
    }

    fn balance(&self, of: Address) -> u128 {
        let account = self.state().account(&of).expect("memory");
        account.map_or(0, |account| account.balance.units())
    }

    fn code_of(&self, contract: Address) -> Option<Hash> {
        let account = self.state().account(&contract).expect("memory")?;
        account.contract.map(|contract| contract.code_hash)
    }

    fn state(&self) -> &State<MemoryStore> {
        self.runtime.state()
    }
}

/// A method of an ABI.
struct Declared(&'static str, MethodKind, bool, Reentry);

/// An ABI of methods without parameters and results.
fn abi(capabilities: &[Capabilities], schema: u32, methods: &[Declared]) -> Abi {
    let mut methods: Vec<Method> = methods
        .iter()
        .map(|&Declared(name, kind, payable, reentry)| Method {
            name: name.into(),
            kind,
            payable,
            reentry,
            params: Vec::new(),
            returns: TypeId(0),
            docs: String::new(),
        })
        .collect();
    methods.sort_by(|a, b| a.name.cmp(&b.name));
    Abi {
        name: "Test".into(),
        schema,
        capabilities: capabilities.iter().fold(Capabilities::NONE, |all, &one| all.with(one)),
        types: vec![Type::Tuple(Vec::new())],
        methods,
        events: Vec::new(),
        errors: Vec::new(),
        storage: Vec::new(),
        docs: String::new(),
    }
}

fn code(status: CallStatus) -> i32 {
    status.code()
}
