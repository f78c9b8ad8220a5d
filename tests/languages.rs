//! The counter in C and the counter in AssemblyScript do what the counter in Rust does: the same
//! results, errors, events and storage, whatever is tried.
//!
//! `DYTALLIX_CONTRACTS=DIR` takes the modules that are there from another directory: the build
//! scripts of `examples/` do so when they check what another compiler has made.

use std::path::Path;

use dytallix::chain::{Call, Deploy, Receipt, Runtime};
use dytallix::host::Interface;
use dytallix::limits::Limits;
use dytallix::primitives::{Address, Amount};
use dytallix::state::MemoryStore;
use dytallix::wasm::{Features, Module};
use dytallix_abi::{HostFn, HostTrap, SdkError, Status};
use proptest::prelude::*;

const GAS: u64 = 1_000_000;

/// The counter's one error, by its number.
const OVERFLOW: u8 = 0;

/// What the counter's number is stored under.
const COUNT: &[u8] = &[0];

const RUST: &str = "counter";
const C: &str = "c_counter";
const ASSEMBLYSCRIPT: &str = "as_counter";

fn code(name: &str) -> Vec<u8> {
    let file = format!("{name}.wasm");
    let made =
        std::env::var("DYTALLIX_CONTRACTS").ok().map(|folder| Path::new(&folder).join(&file));
    let checked_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/wasm").join(&file);
    let path = made.filter(|path| path.exists()).unwrap_or(checked_in);
    std::fs::read(path).expect("the module is there")
}

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

/// What can be seen of a call, but for its gas and the counter's address.
#[derive(Debug, PartialEq)]
struct Seen {
    status: Status,
    output: Vec<u8>,
    trap: Option<u32>,
    /// Topics and data.
    events: Vec<(Vec<Vec<u8>>, Vec<u8>)>,
    stored: Option<Vec<u8>>,
}

/// What is tried with a counter.
#[derive(Clone, Debug)]
enum Step {
    Call(u8, &'static str, Vec<u8>),
    View(&'static str, Vec<u8>),
    Pay(u128, &'static str, Vec<u8>),
    Store(Option<Vec<u8>>),
}

/// A counter and its runtime.
struct Counter {
    runtime: Runtime<MemoryStore>,
    contract: Address,
}

impl Counter {
    /// A counter by that module, or the receipt of a deployment that failed.
    fn deploy(name: &str, arguments: &[u8]) -> Result<Counter, Box<Receipt>> {
        let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
        for n in 1..4 {
            let credit = runtime.edit(|overlay| overlay.credit(&address(n), Amount::new(1_000)));
            credit.expect("memory");
        }
        let deploy = Deploy::new(address(1), code(name), GAS).arguments(arguments);
        let receipt = runtime.deploy(&deploy).expect("admitted");
        match receipt.contract {
            Some(contract) => Ok(Counter { runtime, contract }),
            None => Err(Box::new(receipt)),
        }
    }

    fn starting_at(name: &str, start: u64) -> Counter {
        Counter::deploy(name, &start.to_le_bytes()).expect("it starts")
    }

    fn see(&self, receipt: Receipt) -> Seen {
        let topics = |topics: &[Box<[u8]>]| topics.iter().map(|topic| topic.to_vec()).collect();
        for event in &receipt.events {
            assert_eq!(event.contract, self.contract);
        }
        Seen {
            status: receipt.status,
            output: receipt.output,
            trap: receipt.trap.map(|trap| trap.code),
            events: receipt.events.iter().map(|e| (topics(&e.topics), e.data.to_vec())).collect(),
            stored: self.stored(),
        }
    }

    fn stored(&self) -> Option<Vec<u8>> {
        use dytallix::state::View;
        let value = self.runtime.state().storage(&self.contract, COUNT).expect("memory");
        value.map(|value| value.to_vec())
    }

    fn step(&mut self, step: &Step) -> Option<Seen> {
        let call = |caller, method: &str, arguments: &[u8]| {
            Call::new(address(caller), self.contract, method, GAS).arguments(arguments)
        };
        let receipt = match step {
            Step::Call(caller, method, input) => self.runtime.call(&call(*caller, method, input)),
            Step::View(method, input) => self.runtime.view(&call(1, method, input)),
            Step::Pay(value, method, input) => {
                self.runtime.call(&call(1, method, input).value(Amount::new(*value)))
            }
            Step::Store(value) => {
                let contract = self.contract;
                let set = self.runtime.edit(|overlay| {
                    overlay.set_storage(&contract, COUNT, value.as_deref()).map(drop)
                });
                set.expect("memory");
                return None;
            }
        };
        Some(self.see(receipt.expect("admitted")))
    }

    fn call(&mut self, caller: u8, method: &'static str, input: &[u8]) -> Seen {
        self.step(&Step::Call(caller, method, input.to_vec())).expect("a call is seen")
    }
}

fn reverted(data: u8, stored: u64) -> Seen {
    let stored = Some(stored.to_le_bytes().to_vec());
    Seen { status: Status::Reverted, output: vec![data], trap: None, events: vec![], stored }
}

/// All that a counter does, said once, in numbers.
fn counts(name: &str) {
    let mut counter = Counter::starting_at(name, 40);
    let added = vec![b"Added".to_vec(), address(2).as_bytes().to_vec()];
    let expected = Seen {
        status: Status::Success,
        output: 42_u64.to_le_bytes().to_vec(),
        trap: None,
        events: vec![(added, 2_u64.to_le_bytes().to_vec())],
        stored: Some(42_u64.to_le_bytes().to_vec()),
    };
    assert_eq!(counter.call(2, "add", &2_u64.to_le_bytes()), expected);
    let count = counter.step(&Step::View("count", vec![])).expect("a view is seen");
    assert_eq!((count.status, count.events), (Status::Success, vec![]));
    assert_eq!(count.output, 42_u64.to_le_bytes());
    assert_eq!(counter.call(2, "add", &u64::MAX.to_le_bytes()), reverted(OVERFLOW, 42));
    let bad_arguments = SdkError::BadArguments.code();
    assert_eq!(counter.call(2, "add", &[1; 7]), reverted(bad_arguments, 42));
    assert_eq!(counter.call(2, "add", &[1; 9]), reverted(bad_arguments, 42));
    assert_eq!(counter.call(2, "count", &[1]), reverted(bad_arguments, 42));
    let written = counter.step(&Step::View("add", vec![0; 8])).expect("a view is seen");
    assert_eq!(written.trap, Some(HostTrap::ReadOnly.code()));
    for method in ["init", "_initialize", "memory", "adds"] {
        let refused = counter.step(&Step::Call(1, method, vec![0; 8])).expect("a call is seen");
        assert_eq!(refused.status, Status::NotFound, "{method}");
    }
    let paid = counter.step(&Step::Pay(1, "add", vec![0; 8])).expect("a call is seen");
    assert_eq!(paid.status, Status::NotPermitted);
}

#[test]
fn c_counts() {
    counts(C);
}

#[test]
fn assemblyscript_counts() {
    counts(ASSEMBLYSCRIPT);
}

#[test]
fn rust_counts() {
    counts(RUST);
}

#[test]
fn c_and_assemblyscript_refuse_what_does_not_start() {
    for name in [RUST, C, ASSEMBLYSCRIPT] {
        for length in [0, 7, 9] {
            let receipt = Counter::deploy(name, &vec![0; length]).err().expect("it fails");
            assert_eq!(receipt.status, Status::Reverted, "{name}");
            assert_eq!(receipt.output, [SdkError::BadArguments.code()], "{name}");
        }
    }
}

#[test]
fn c_and_assemblyscript_import_nothing_else_and_run_nothing_unasked() {
    for name in [C, ASSEMBLYSCRIPT] {
        let (features, limits) = (Features::default(), Limits::contract());
        let module = Module::decode(code(name), &features, &limits).expect("a module");
        assert_eq!(module.start(), None, "{name}");
        for import in module.imports() {
            assert_eq!(&*import.module, "env", "{name}");
            assert!(HostFn::from_name(&import.name).is_some(), "{name}: {}", import.name);
        }
        let interface = Interface::of(&module, &Default::default()).expect("a contract");
        assert!(interface.has_init());
        assert_eq!(interface.methods().collect::<Vec<_>>(), ["add", "count"], "{name}");
        assert_eq!(interface.initialize().is_some(), name == ASSEMBLYSCRIPT, "{name}");
        assert!(module.custom_sections().is_empty(), "{name} is stripped");
        assert!(code(name).len() < 1024, "{name}: {} bytes", code(name).len());
    }
}

fn number() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => (0_u64..1_000).prop_map(|n| n.to_le_bytes().to_vec()),
        2 => (u64::MAX - 1_000..=u64::MAX).prop_map(|n| n.to_le_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let method = prop_oneof![Just("add"), Just("count"), Just("init"), Just("none")];
    prop_oneof![
        8 => (1_u8..4, number()).prop_map(|(caller, input)| Step::Call(caller, "add", input)),
        2 => (1_u8..4, method.clone(), number()).prop_map(|(c, m, input)| Step::Call(c, m, input)),
        2 => Just(Step::View("count", vec![])),
        1 => (method.clone(), number()).prop_map(|(method, input)| Step::View(method, input)),
        1 => (0_u128..3, method, number()).prop_map(|(value, m, input)| Step::Pay(value, m, input)),
        1 => proptest::option::of(number()).prop_map(Step::Store),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The three cannot be told apart by what they do, be their storage sound or not.
    #[test]
    fn c_and_assemblyscript_equal_rust(
        start in any::<u64>(),
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        let mut counters = [RUST, C, ASSEMBLYSCRIPT].map(|name| Counter::starting_at(name, start));
        for step in &steps {
            let [rust, c, assemblyscript] = counters.each_mut().map(|counter| counter.step(step));
            prop_assert_eq!(&c, &rust, "C: {:?}", step);
            prop_assert_eq!(&assemblyscript, &rust, "AssemblyScript: {:?}", step);
        }
    }
}
