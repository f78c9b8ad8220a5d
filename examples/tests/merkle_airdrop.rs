//! The airdrop: the module in the runtime, and the source against the mock.

#[path = "../merkle_airdrop.rs"]
mod merkle_airdrop;
#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use dytallix::crypto::sha3_256;
use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::{CallError, Contract, mock};
use dytallix_testkit::{Address, Hash, Sender, Suite, TestResult, assert_reverts, values};
use merkle_airdrop::{Airdrop, AirdropClient, Claimed, Error, Swept};
use support::module;

/// Somebody in the tree.
#[derive(Clone, Copy, Debug)]
struct Entry {
    number: u32,
    account: Address,
    amount: u128,
}

impl Entry {
    fn leaf(&self) -> Hash {
        let (number, amount) = (self.number.to_le_bytes(), self.amount.to_le_bytes());
        hash(&[&[0], &number, self.account.as_bytes(), &amount])
    }
}

fn hash(parts: &[&[u8]]) -> Hash {
    Hash::new(sha3_256(&parts.concat()))
}

/// All levels of a tree, the leaves first.
struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    fn of(leaves: Vec<Hash>) -> Tree {
        let mut levels = vec![leaves];
        while levels[levels.len() - 1].len() > 1 {
            let level = levels[levels.len() - 1].chunks(2).map(|pair| match pair {
                [one, other] => node(*one, *other),
                alone => alone[0],
            });
            levels.push(level.collect());
        }
        Tree { levels }
    }

    fn root(&self) -> Hash {
        self.levels[self.levels.len() - 1][0]
    }

    /// The siblings from the leaf at that place up.
    fn proof(&self, mut place: usize) -> Vec<Hash> {
        let mut proof = Vec::new();
        for level in &self.levels {
            proof.extend(level.get(place ^ 1));
            place /= 2;
        }
        proof
    }
}

fn node(one: Hash, other: Hash) -> Hash {
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    hash(&[&[1], first.as_bytes(), second.as_bytes()])
}

/// Numbers on both sides of a word of the bitmap, for accounts that there are not yet.
fn entries(count: u32) -> Vec<Entry> {
    let entry = |n: u32| Entry {
        number: n * 43,
        account: Address::new([n as u8 + 1; 32]),
        amount: 10 + u128::from(n),
    };
    (0..count).map(entry).collect()
}

/// An airdrop that is open for an hour.
struct Scene {
    suite: Suite,
    owner: Address,
    airdrop: AirdropClient<Sender>,
    entries: Vec<Entry>,
    tree: Tree,
}

impl Scene {
    fn new(count: u32, funds: u128) -> TestResult<Scene> {
        let (suite, entries) = (Suite::new(), entries(count));
        let tree = Tree::of(entries.iter().map(Entry::leaf).collect());
        let owner = suite.account("alice");
        let arguments = Airdrop::init_arguments(tree.root(), suite.time_ms() + 3_600_000);
        let deployment = suite.deploy_file(module("merkle_airdrop")).from(owner).value(funds);
        let airdrop = deployment.arguments(arguments).client::<Airdrop>()?;
        Ok(Scene { suite, owner, airdrop, entries, tree })
    }

    fn claim(&self, entry: &Entry, proof: Vec<Hash>) -> Result<(), CallError> {
        self.airdrop.claim(entry.number, entry.account, entry.amount, proof)
    }
}

#[test]
fn everybody_in_the_tree_claims_once() -> TestResult {
    for count in [1, 2, 3, 5, 8, 13] {
        let scene = Scene::new(count, 1_000)?;
        let (suite, airdrop) = (&scene.suite, &scene.airdrop);
        let mut given = 0;
        for (place, entry) in scene.entries.iter().enumerate() {
            assert!(!airdrop.is_claimed(entry.number)?);
            scene.claim(entry, scene.tree.proof(place))?;
            let Entry { number, account, amount } = *entry;
            suite.expect_events(&[&Claimed { number, account, amount }]);
            assert_eq!(suite.balance(account), amount);
            given += amount;
            assert!(airdrop.is_claimed(number)?);
            let again = scene.claim(entry, scene.tree.proof(place));
            assert_reverts!(again, Error::AlreadyClaimed);
        }
        assert_eq!(suite.balance(airdrop.address), 1_000 - given);
    }
    Ok(())
}

#[test]
fn another_number_account_or_amount_is_not_in_the_tree() -> TestResult {
    let scene = Scene::new(6, 1_000)?;
    let (entry, proof) = (scene.entries[2], scene.tree.proof(2));
    for wrong in [
        Entry { number: entry.number + 1, ..entry },
        Entry { account: scene.owner, ..entry },
        Entry { amount: entry.amount + 1, ..entry },
        scene.entries[3],
    ] {
        assert_reverts!(scene.claim(&wrong, proof.clone()), Error::NotInTree);
    }
    for wrong in [vec![], proof[1..].to_vec(), [&proof[..], &proof[..1]].concat()] {
        assert_reverts!(scene.claim(&entry, wrong), Error::NotInTree);
    }
    let mut reordered = proof.clone();
    reordered.swap(0, 1);
    assert_reverts!(scene.claim(&entry, reordered), Error::NotInTree);
    Ok(scene.claim(&entry, proof)?)
}

/// Without different first bytes, a node of 64 bytes would be the leaf of an entry of 64 bytes; and
/// a tree of such hashes is not one of ours.
#[test]
fn a_node_is_no_leaf_and_a_leaf_no_node() -> TestResult {
    let (one, other) = (Hash::new([1; 32]), Hash::new([2; 32]));
    let bytes = [&one.as_bytes()[..], other.as_bytes()].concat();
    assert_ne!(hash(&[&[0], &bytes]), hash(&[&[1], &bytes]));

    let (suite, entries) = (Suite::new(), entries(2));
    let untagged = |entry: &Entry| {
        let (number, amount) = (entry.number.to_le_bytes(), entry.amount.to_le_bytes());
        hash(&[&number, entry.account.as_bytes(), &amount])
    };
    let leaves = [untagged(&entries[0]), untagged(&entries[1])];
    let sorted = [leaves[0].min(leaves[1]), leaves[0].max(leaves[1])];
    let roots = [
        untagged(&entries[0]),
        hash(&[sorted[0].as_bytes(), sorted[1].as_bytes()]),
        hash(&[&[0], sorted[0].as_bytes(), sorted[1].as_bytes()]),
        node(leaves[0], leaves[1]),
    ];
    for root in roots {
        let arguments = Airdrop::init_arguments(root, suite.time_ms() + 1);
        let deployment = suite.deploy_file(module("merkle_airdrop")).value(100);
        let airdrop = deployment.arguments(arguments).client::<Airdrop>()?;
        let Entry { number, account, amount } = entries[0];
        for proof in [vec![], vec![leaves[1]], vec![entries[1].leaf()]] {
            assert_reverts!(airdrop.claim(number, account, amount, proof), Error::NotInTree);
        }
    }
    Ok(())
}

#[test]
fn claims_end_and_sweeping_begins_at_the_deadline() -> TestResult {
    let scene = Scene::new(3, 500)?;
    let (suite, airdrop, owner) = (&scene.suite, &scene.airdrop, scene.owner);
    let bob = suite.account("bob");
    let before = suite.balance(bob);
    assert_reverts!(airdrop.sweep(bob), Error::StillOpen);
    suite.warp_by(3_599_999);
    scene.claim(&scene.entries[0], scene.tree.proof(0))?;
    suite.warp_by(1);
    assert_reverts!(scene.claim(&scene.entries[1], scene.tree.proof(1)), Error::Closed);
    assert_reverts!(airdrop.with_transport(suite.from(bob)).sweep(bob), Error::NotOwner);
    assert_eq!(airdrop.with_transport(suite.from(owner)).sweep(bob)?, 490);
    suite.expect_events(&[&Swept(bob, 490)]);
    assert_eq!((suite.balance(bob) - before, suite.balance(airdrop.address)), (490, 0));
    Ok(())
}

#[test]
fn a_claim_without_funds_stays_open() -> TestResult {
    let scene = Scene::new(2, 10)?;
    let (suite, airdrop, entry) = (&scene.suite, &scene.airdrop, scene.entries[1]);
    assert_reverts!(scene.claim(&entry, scene.tree.proof(1)), Error::Unpayable);
    assert!(!airdrop.is_claimed(entry.number)?);
    airdrop.with_value(1).fund()?;
    scene.claim(&entry, scene.tree.proof(1))?;
    assert_eq!(suite.balance(airdrop.address), 0);
    Ok(())
}

#[test]
fn the_bitmap_has_128_numbers_a_word() {
    let mock = mock::Mock::new();
    mock.set_balance(mock::Mock::CONTRACT, 100);
    let cx = mock.cx();
    let mut airdrop = Airdrop::open();
    let last = Entry { number: u32::MAX, account: Address::new([9; 32]), amount: 1 };
    airdrop.new(&cx, last.leaf(), 1);
    airdrop.claim(&cx, last.number, last.account, last.amount, vec![]).expect("it is the tree");
    let key = [&[3], &(u32::MAX / 128).to_be_bytes()[..]].concat();
    assert_eq!(mock.stored(mock::Mock::CONTRACT, &key), Some((1_u128 << 127).to_le_bytes().into()));
    assert!(airdrop.is_claimed(u32::MAX) && !airdrop.is_claimed(u32::MAX - 1));
}

#[test]
fn the_abi_names_what_an_airdrop_does() -> TestResult {
    let scene = Scene::new(1, 0)?;
    let number = scene.suite.invoke(scene.airdrop.address, "is_claimed", &values![7_u32])?;
    assert_eq!(number, values![false][0]);
    Ok(())
}

/// Another hash at a place of a proof, or nothing.
fn damage() -> impl Strategy<Value = Option<(usize, [u8; 32])>> {
    prop::option::of((0..6_usize, any::<[u8; 32]>()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whoever brings whichever proof: nobody is paid twice, nobody who is not in the tree is paid,
    /// and what is left is what was there less what was claimed.
    #[test]
    fn each_entry_is_paid_at_most_once(
        count in 1..20_u32,
        tries in prop::collection::vec(
            (0..20_usize, 0..20_usize, 0..4_u128, damage()),
            1..30,
        ),
    ) {
        let scene = Scene::new(count, 100_000)?;
        let mut paid = BTreeSet::new();
        for (who, whose, more, damage) in tries {
            let (who, whose) = (who % count as usize, whose % count as usize);
            let mut entry = scene.entries[who];
            entry.amount += more / 3;
            let mut proof = scene.tree.proof(whose);
            if let Some((place, hash)) = damage
                && let Some(sibling) = proof.get_mut(place)
            {
                *sibling = Hash::new(hash);
            }
            let is_right = more < 3 && proof == scene.tree.proof(who);
            let expected = is_right && paid.insert(entry.number);
            prop_assert_eq!(scene.claim(&entry, proof).is_ok(), expected);
            let given: u128 =
                scene.entries.iter().filter(|e| paid.contains(&e.number)).map(|e| e.amount).sum();
            prop_assert_eq!(scene.suite.balance(scene.airdrop.address), 100_000 - given);
        }
        for entry in &scene.entries {
            let expected = if paid.contains(&entry.number) { entry.amount } else { 0 };
            prop_assert_eq!(scene.suite.balance(entry.account), expected);
        }
    }
}
