//! The window of versions: what is held, what comes back, what is freed, what fails.

use alloc::collections::BTreeSet;

use super::*;

/// A history: the contents at each version, and the changes to it from the one before.
struct History {
    contents: Vec<Contents>,
    changes: Vec<Vec<Change>>,
}

fn history(seed: u64, versions: usize, keys: u64) -> History {
    let mut numbers = Numbers(seed);
    let mut made = History { contents: Vec::from([Contents::new()]), changes: Vec::new() };
    for _ in 0..versions {
        let mut next = made.contents.last().unwrap().clone();
        let changes = batch(&mut numbers, &next, keys);
        apply(&mut next, &changes);
        made.contents.push(next);
        made.changes.push(changes);
    }
    made
}

/// The nodes that the held versions reach.
fn reached(tree: &Tree) -> usize {
    let mut ids = BTreeSet::new();
    let mut open: Vec<Id> = tree.versions.iter().map(|version| version.root).collect();
    while let Some(id) = open.pop() {
        let is_new = id != Id::EMPTY && ids.insert(id);
        if is_new && let arena::Kind::Inner(index) = id.kind() {
            let node = tree.arena.inner(index);
            open.extend([node.left, node.right]);
        }
    }
    ids.len()
}

fn used(tree: &Tree) -> usize {
    tree.arena.used().iter().sum()
}

/// Checks one version of `tree` against its contents, by root and by proofs.
fn check(tree: &Tree, version: u64, contents: &Contents, numbers: &mut Numbers) {
    let root = StateRoot::from_bytes(subtree_hash(&leaves_of(contents), 0));
    assert_eq!(tree.root_at(version), Some(root));
    for _ in 0..4 {
        let key = key(numbers.below(300));
        let proof = tree.prove(version, &key, contents).unwrap().unwrap();
        proof.check(&root, &key, contents.get(&key));
        let around = tree.neighbours(version, &key, contents).unwrap().unwrap();
        let before = contents.range(..key).next_back().map(|(key, value)| (*key, *value));
        let after = contents.range(key..).find(|(other, _)| **other != key);
        assert_eq!(around.0.map(|leaf| (leaf.key, leaf.value)), before);
        assert_eq!(around.1.map(|leaf| (leaf.key, leaf.value)), after.map(|(k, v)| (*k, *v)));
    }
}

#[test]
fn all_versions_of_a_window_stay_provable_and_no_others() {
    let history = history(11, 400, 300);
    for residence in RESIDENCES {
        let mut numbers = Numbers(12);
        let mut tree = build(residence, 0, &history.contents[0]);
        for (at, changes) in history.changes.iter().enumerate() {
            tree.push(at as u64 + 1, changes, &history.contents[at]).unwrap();
            if at >= 128 {
                assert!(tree.drop_oldest());
            }
            if at % 131 == 0 {
                let held = tree.oldest()..=tree.newest();
                held.for_each(|at| check(&tree, at, &history.contents[at as usize], &mut numbers));
                assert_eq!(used(&tree), reached(&tree));
                let gone = tree.oldest().wrapping_sub(1);
                assert_eq!(tree.prove(gone, &key(1), &history.contents[0]), Ok(None));
                assert_eq!(tree.neighbours(gone, &key(1), &history.contents[0]), Ok(None));
                let range = tree.prove_range(gone, &key(1), &[255; 32], &history.contents[0]);
                assert_eq!(range, Ok(None));
            }
        }
    }
}

#[test]
fn older_versions_come_back_by_changes_applied_backwards() {
    let history = history(21, 120, 300);
    let last = history.contents.len() - 1;
    for residence in RESIDENCES {
        let mut numbers = Numbers(22);
        let mut tree = build(residence, last as u64, &history.contents[last]);
        for at in (0..last).rev() {
            let (to, from) = (&history.contents[at], &history.contents[at + 1]);
            tree.push_oldest(at as u64, &difference(from, to), from).unwrap();
        }
        assert_eq!(used(&tree), reached(&tree));
        for (at, contents) in history.contents.iter().enumerate() {
            check(&tree, at as u64, contents, &mut numbers);
        }
        // The window goes on at both ends.
        for _ in 0..40 {
            assert!(tree.drop_oldest() && tree.pop_newest());
            assert_eq!(used(&tree), reached(&tree));
        }
        let newest = tree.newest() as usize;
        assert_eq!((tree.oldest(), newest), (40, last - 40));
        for at in newest..newest + 20 {
            tree.push(at as u64 + 1, &history.changes[at], &history.contents[at]).unwrap();
            check(&tree, at as u64 + 1, &history.contents[at + 1], &mut numbers);
        }
        assert_eq!(used(&tree), reached(&tree));
    }
}

#[test]
fn a_version_that_is_undone_leaves_nothing() {
    let history = history(31, 200, 300);
    for residence in RESIDENCES {
        let mut tree = build(residence, 0, &history.contents[0]);
        for (at, changes) in history.changes.iter().enumerate() {
            let (root, before) = (tree.root(), tree.arena.used());
            let contents = &history.contents[at];
            let made = tree.push(at as u64 + 7, changes, contents).unwrap();
            assert!(tree.pop_newest());
            assert_eq!((tree.root(), tree.arena.used()), (root, before));
            assert_eq!(tree.push(at as u64 + 7, changes, contents), Ok(made));
            while tree.versions.len() > 5 {
                tree.drop_oldest();
            }
        }
    }
}

#[test]
fn a_long_history_takes_no_more_nodes_than_its_contents() {
    let history = history(41, 300, 300);
    for residence in RESIDENCES {
        let mut tree = build(residence, 0, &history.contents[0]);
        for (at, changes) in history.changes.iter().enumerate() {
            tree.push(at as u64 + 1, changes, &history.contents[at]).unwrap();
        }
        while tree.drop_oldest() {}
        assert!(!tree.pop_newest(), "the last version stays");
        assert_eq!(used(&tree), reached(&tree));
        let fresh = build(residence, 0, history.contents.last().unwrap());
        assert_eq!(tree.root(), fresh.root());
        if residence == Residence::Memory {
            assert_eq!(tree.arena.used(), fresh.arena.used());
        }
        let all = history.contents.last().unwrap();
        let gone: Vec<Change> = all.keys().map(|key| (*key, None)).collect();
        assert_eq!(tree.push(1000, &gone, all), Ok(StateRoot::EMPTY));
        tree.drop_oldest();
        assert_eq!(tree.arena.used(), [0, 0, 0]);
        assert!(tree.memory_bytes() > 0);
    }
}

#[test]
fn changes_that_change_nothing_make_no_nodes() {
    let contents = contents((0..300).map(key));
    for residence in RESIDENCES {
        let mut tree = build(residence, 0, &contents);
        let before = tree.arena.used();
        let same = contents.iter().map(|(key, value)| (*key, Some(*value)));
        let absent = (1000..1300).map(|number| (value(number), None));
        let mut changes: Vec<Change> = same.chain(absent).collect();
        changes.sort();
        assert_eq!(tree.push(1, &changes, &contents), Ok(tree.root()));
        assert_eq!(tree.arena.used(), before);
        assert_eq!(tree.root_at(0), tree.root_at(1));
    }
}

#[test]
fn a_failing_medium_leaves_the_tree_unchanged() {
    let contents = contents((0..1500).map(value));
    let mut numbers = Numbers(51);
    let mut tree = build(Residence::Bounded, 9, &contents);
    let (root, before) = (tree.root(), tree.arena.used());
    let mut changes = BTreeMap::new();
    for number in 0..300 {
        changes.insert(value(numbers.below(2000)), (number % 3 > 0).then(|| value(number)));
    }
    let changes: Vec<Change> = changes.into_iter().collect();
    let mut calls = 0;
    loop {
        let medium = Failing(&contents, Cell::new(calls));
        if tree.push(10, &changes, &medium).is_ok() {
            break;
        }
        assert!(tree.push_oldest(8, &changes, &Failing(&contents, Cell::new(calls))).is_err());
        assert_eq!((tree.root(), tree.arena.used()), (root, before));
        assert_eq!((tree.oldest(), tree.newest()), (9, 9));
        calls += 1;
    }
    assert!(calls > 20, "buckets were read: {calls}");
    let mut after = contents.clone();
    apply(&mut after, &changes);
    assert_eq!(*tree.root().as_bytes(), subtree_hash(&leaves_of(&after), 0));
    let dead = Failing(&contents, Cell::new(0));
    assert!(tree.prove(9, &value(1), &dead).is_err());
    assert!(tree.prove_range(9, &[0; 32], &value(1), &dead).is_err());
    assert!(tree.neighbours(9, &value(1), &dead).is_err());
}

#[test]
fn a_medium_that_contradicts_the_tree_is_found_out() {
    let contents = contents((0..200).map(value));
    let target = value(7);
    let mut fewer = contents.clone();
    fewer.remove(&target);
    let mut other = contents.clone();
    other.insert(target, value(0));
    let tree = build(Residence::Bounded, 0, &contents);
    for wrong in [&fewer, &other] {
        assert!(tree.prove(0, &target, wrong).is_err());
        assert!(tree.prove_range(0, &target, &target, wrong).is_err());
        assert!(tree.prove_range(0, &[0; 32], &[255; 32], wrong).is_err());
    }
    let mut tree = tree;
    let change = [(target, Some(value(1)))];
    assert!(tree.push(1, &change, &fewer).is_err());
    assert!(tree.push(1, &change, &contents).is_ok());
}
