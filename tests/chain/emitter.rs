//! A contract that emits what it is told to, and random chains of its events.

use dytallix::abi::HostFn;
use dytallix::chain::{Body, CodeSource, Deployment, EventPosition, SignedTransaction};
use dytallix::state::{Event, Store, Table};
use dytallix::{Address, Amount, Hash, Height, MemoryStore, Runtime};

use crate::script::{Op, Script, contract};
use crate::support::{Account, commit, genesis, runtime};

/// Emits the list of events that is its input: for each, length of the topics, length of the data,
/// topics, data.
fn emit_all() -> Script {
    Script::new().read_input().locals("(local $at i32)").code(
        "(block $end (loop $next
            (br_if $end (i32.ge_u (local.get $at) (call $input_size)))
            (call $emit_event
                (i32.add (local.get $at) (i32.const 8))
                (i32.load (local.get $at))
                (i32.add (i32.add (local.get $at) (i32.const 8)) (i32.load (local.get $at)))
                (i32.load offset=4 (local.get $at)))
            (local.set $at (i32.add (i32.add (local.get $at) (i32.const 8))
                (i32.add (i32.load (local.get $at)) (i32.load offset=4 (local.get $at)))))
            (br $next)))",
    )
}

/// The module: `emit`, and `fail`, which emits and traps.
pub(crate) fn module() -> Vec<u8> {
    let fail = emit_all().code("unreachable");
    let log = Script::new().call(HostFn::EmitEvent, &[Op::Bytes(&[0; 4]), Op::Bytes(b"plain")]);
    contract(4, &[("emit", emit_all()), ("fail", fail), ("plain", log)])
}

/// Topics and data, as the module wants them.
pub(crate) fn arguments(events: &[(Vec<&[u8]>, &[u8])]) -> Vec<u8> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).expect("short").to_le_bytes();
    let mut arguments = Vec::new();
    for (topics, data) in events {
        let count = u32::try_from(topics.len()).expect("few");
        let mut encoded = count.to_le_bytes().to_vec();
        for topic in topics {
            encoded.extend([&length(topic)[..], topic].concat());
        }
        arguments.extend([&length(&encoded)[..], &length(data), &encoded, data].concat());
    }
    arguments
}

/// A chain with some contracts of the module, all deployed in its first block.
pub(crate) struct World {
    pub(crate) runtime: Runtime<MemoryStore>,
    pub(crate) alice: Account,
    pub(crate) contracts: Vec<Address>,
}

impl World {
    pub(crate) fn new(contracts: u8) -> World {
        let mut alice = Account::new("alice");
        let mut runtime = runtime(genesis(&[&alice]));
        let deploy = |salt| alice.send(deployment(salt));
        let transactions: Vec<SignedTransaction> = (0..contracts).map(deploy).collect();
        let result = commit(&mut runtime, &transactions);
        let contract = |receipt: &dytallix::Receipt| receipt.contract.expect("deployed");
        let contracts = result.receipts.iter().map(contract).collect();
        World { runtime, alice, contracts }
    }

    pub(crate) fn emit(&mut self, contract: usize, events: &[(Vec<&[u8]>, &[u8])]) -> Body {
        Body::call(self.contracts[contract], "emit", arguments(events))
    }

    /// A block of these bodies, one transaction each.
    pub(crate) fn block(&mut self, bodies: Vec<Body>) -> dytallix::chain::BlockResult {
        let send = |body| self.alice.send(body);
        let transactions: Vec<SignedTransaction> = bodies.into_iter().map(send).collect();
        commit(&mut self.runtime, &transactions)
    }

    /// A block of random transactions: events with few different topics, failures, batches,
    /// transfers, rejected ones, and what does not decode.
    pub(crate) fn random_block(&mut self, random: &mut Random) {
        let count = random.below(4);
        let mut transactions = Vec::new();
        for _ in 0..count {
            let body = match random.below(8) {
                0 => Body::transfer(Address::from_bytes([9; 32]), Amount::new(1)),
                1 => Body::Batch(vec![self.random_call(random), self.random_call(random)]),
                _ => self.random_call(random),
            };
            if random.below(10) == 0 {
                let mut stranger = Account::new("nobody");
                transactions.push(stranger.send(body));
            } else {
                transactions.push(self.alice.send(body));
            }
        }
        commit(&mut self.runtime, &transactions);
    }

    fn random_call(&mut self, random: &mut Random) -> Body {
        let mut events: Vec<(Vec<&[u8]>, &[u8])> = Vec::new();
        for _ in 0..random.below(6) {
            let topics = (0..random.below(5)).map(|_| TOPICS[random.below(TOPICS.len())]);
            events.push((topics.collect(), TOPICS[random.below(TOPICS.len())]));
        }
        let contract = self.contracts[random.below(self.contracts.len())];
        let method = if random.below(8) == 0 { "fail" } else { "emit" };
        Body::call(contract, method, arguments(&events))
    }

    /// Every event, found by reading every receipt.
    pub(crate) fn all_events(&self) -> Vec<(EventPosition, Hash, u64, Event)> {
        let first = self.runtime.state().head().expect("a head").oldest.number().max(1);
        let last = self.runtime.height().expect("a chain").number();
        let mut events = Vec::new();
        for height in (first..=last).map(Height::new) {
            let block = self.runtime.block_at(height).expect("memory").expect("a block");
            let receipts = self.runtime.receipts_at(height).expect("retained");
            for (index, receipt) in (0..).zip(receipts) {
                for (number, event) in (0..).zip(receipt.events) {
                    let position = EventPosition::new(height, index, number);
                    let id = block.transaction(index).expect("it decodes").id();
                    events.push((position, id, block.header.time_ms, event));
                }
            }
        }
        events
    }

    pub(crate) fn index(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        table(self.runtime.store(), Table::Index)
    }
}

/// Few topics, so that they come again: some equal to the beginning of others.
pub(crate) const TOPICS: [&[u8]; 5] = [b"", b"a", b"ab", b"transfer", &[0xff; 64]];

pub(crate) fn deployment(salt: u8) -> Body {
    let code = CodeSource::Module(module().into());
    Body::Deploy(Deployment::new(code).salt([salt; 32]))
}

/// The rows of a table.
pub(crate) fn table(store: &impl Store, table: Table) -> Vec<(Vec<u8>, Vec<u8>)> {
    use core::ops::{Bound, ControlFlow};
    let mut rows = Vec::new();
    let all = (Bound::Unbounded, Bound::Unbounded);
    let scanned = store.scan(table, all, Default::default(), &mut |key, value| {
        rows.push((key.to_vec(), value.to_vec()));
        ControlFlow::Continue(())
    });
    scanned.expect("it can be read");
    rows
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}
