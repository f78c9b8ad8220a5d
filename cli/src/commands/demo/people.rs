//! Who takes part: accounts with keys that follow from the seed.

use dytallix::Address;
use dytallix::Amount;
use dytallix::chain::{Body, Fee, SIGNING_TAG, SignedTransaction, Transaction};
use dytallix::crypto::{Scheme, sha3_256};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::keystore::{Seed, Signer};

/// Names of the first of them.
const NAMES: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "frank"];

/// The number of the demo's chain.
pub(super) const CHAIN: u64 = 2_026;

/// What every transaction may use.
const GAS: u64 = 30_000_000;

/// What every transaction may take for storage and code.
const DEPOSIT: u128 = 1_000_000;

/// All accounts, the first of which makes the contracts.
pub(super) struct People {
    people: Vec<Person>,
    seed: u64,
}

/// An account with its key.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) address: Address,
    /// The nonce of its next transaction.
    pub(super) nonce: u64,
    signer: Signer,
}

impl People {
    /// That many.
    pub(super) fn new(count: u32, seed: u64) -> Result<People, Failure> {
        let person = |number: u32| {
            let label = format!("dytallix/demo/key/{seed}/{number}");
            let digits = crate::bytes::hex(&sha3_256(label.as_bytes()));
            let key = Seed::parse(Scheme::MlDsa65, digits.as_bytes())?;
            let signer = Signer::of(&key)
                .ok_or_else(|| Failure::new(Exit::Failed, "there are no ML-DSA-65 keys here"))?;
            let name = NAMES.get(number as usize).map(|name| (*name).to_owned());
            let name = name.unwrap_or_else(|| format!("account-{number}"));
            Ok(Person { name, address: signer.address, nonce: 0, signer })
        };
        Ok(People { people: (0..count).map(person).collect::<Result<_, Failure>>()?, seed })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.people.len()
    }

    /// Each of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.people.iter()
    }

    /// Each of them, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.people.iter_mut()
    }

    /// One of them.
    pub(super) fn get(&self, who: usize) -> &Person {
        &self.people[who]
    }

    /// Signs the next transaction of one of them.
    pub(super) fn sign(&mut self, who: usize, body: Body) -> SignedTransaction {
        let person = &mut self.people[who];
        let fee = Fee::new(GAS, Amount::new(1)).deposit_limit(Amount::new(DEPOSIT));
        let transaction = Transaction::new(CHAIN, person.nonce, person.address, fee, body);
        person.nonce += 1;
        let signature = person.signer.sign(&transaction.signing_bytes(), SIGNING_TAG);
        transaction.signed(Scheme::MlDsa65, Some(&person.signer.public_key), signature)
    }

    /// A number below `limit` that follows from the seed and what it is for.
    pub(super) fn draw(&self, what: &str, limit: u128) -> u128 {
        let label = format!("dytallix/demo/draw/{}/{what}", self.seed);
        let hash = sha3_256(label.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        u128::from_le_bytes(bytes) % limit.max(1)
    }
}
