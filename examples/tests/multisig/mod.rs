//! A suite with a wallet of three keys and a counter for it to call.

use dytallix_testkit::sdk::{Bytes, CallError, Encode};
use dytallix_testkit::{Address, Hash, Sender, Suite, TestResult};

use crate::counter::{Counter, CounterClient};
use crate::multisig::{Action, Multisig, MultisigClient, Proposal, Rules};
use crate::support::{Key, module};

pub struct World {
    pub suite: Suite,
    /// The owners.
    pub keys: Vec<Key>,
    pub wallet: MultisigClient<Sender>,
    pub counter: CounterClient<Sender>,
}

impl World {
    /// A wallet that acts on the word of `needed` of three owners, after a delay.
    pub fn new(needed: u32, delay_ms: u64) -> TestResult<World> {
        World::on(Suite::new(), needed, delay_ms)
    }

    /// The same on a suite that is given.
    pub fn on(suite: Suite, needed: u32, delay_ms: u64) -> TestResult<World> {
        let keys: Vec<Key> = (1..=3).map(Key::new).collect();
        let counter = suite.deploy_file(module("counter")).arguments(Counter::init_arguments(0));
        let counter = counter.client::<Counter>()?;
        let rules = rules(&keys, needed, delay_ms);
        Ok(World { wallet: deploy(&suite, rules)?, suite, keys, counter })
    }

    /// One that acts on the word of one owner, and calls what so many of the auditors have
    /// attested.
    pub fn audited(auditors: &[Key], attestations: u32) -> TestResult<World> {
        let world = World::new(1, 0)?;
        let auditors = auditors.iter().map(|key| key.account).collect();
        let rules = Rules { auditors, attestations, ..rules(&world.keys, 1, 0) };
        Ok(World { wallet: deploy(&world.suite, rules)?, ..world })
    }

    /// Another wallet of the same owners in the same suite.
    pub fn another_wallet(&self, needed: u32, delay_ms: u64) -> TestResult<World> {
        let World { suite, keys, counter, .. } = self;
        let wallet = deploy(suite, rules(keys, needed, delay_ms))?;
        let counter = counter.with_transport(suite.from(suite.account("alice")));
        Ok(World { suite: suite.clone(), keys: keys.clone(), wallet, counter })
    }

    /// The wallet as an owner calls it.
    pub fn by(&self, key: &Key) -> MultisigClient<Sender> {
        self.wallet.with_transport(self.suite.from(key.account))
    }

    /// To add to the counter.
    pub fn add(&self, amount: u64) -> Action {
        call(self.counter.address, "add", &(amount,))
    }

    pub fn proposal(&self, number: u64) -> Proposal {
        self.wallet.proposal(number).expect("a view").expect("a proposal").0
    }

    pub fn digest(&self, number: u64) -> Hash {
        self.proposal(number).digest
    }

    /// The signature by which the owner of a key approves a proposal.
    pub fn sign(&self, key: &Key, number: u64) -> Bytes {
        key.sign(self.digest(number).as_bytes(), b"approve")
    }

    /// Brings that signature.
    pub fn approve(&self, key: &Key, number: u64) -> Result<(), CallError> {
        self.wallet.approve_signed(number, key.public.clone(), self.sign(key, number))
    }

    /// Proposes an action and approves it by some of the owners; the number of the proposal.
    pub fn approved(&self, action: Action, owners: &[usize]) -> TestResult<u64> {
        let number = self.by(&self.keys[owners[0]]).propose(action)?;
        for &owner in owners {
            self.approve(&self.keys[owner], number)?;
        }
        Ok(number)
    }

    /// Brings an auditor's signature over the hash of code.
    pub fn attest(&self, key: &Key, code_hash: Hash) -> Result<(), CallError> {
        let message = (self.suite.chain_id(), self.wallet.address, code_hash).to_bytes();
        self.wallet.attest(code_hash, key.public.clone(), key.sign(&message, b"attest"))
    }
}

fn deploy(suite: &Suite, rules: Rules) -> TestResult<MultisigClient<Sender>> {
    let deployment = suite.deploy_file(module("multisig"));
    deployment.arguments(Multisig::init_arguments(rules)).client::<Multisig>()
}

/// Rules without auditors.
pub fn rules(owners: &[Key], needed: u32, delay_ms: u64) -> Rules {
    let owners = owners.iter().map(|key| key.account).collect();
    Rules { owners, needed, delay_ms, auditors: Vec::new(), attestations: 0 }
}

/// A call without value.
pub fn call(target: Address, method: &str, arguments: &impl Encode) -> Action {
    let (method, arguments) = (method.to_owned(), arguments.to_bytes().into());
    Action { target, method, arguments, value: 0, gas: 0 }
}

/// A payment.
pub fn pay(target: Address, value: u128) -> Action {
    Action { value, ..call(target, "", &()) }
}
