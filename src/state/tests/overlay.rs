//! The overlay against a model that clones everything at each checkpoint, and its corners by name.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::primitives::{Address, Amount, Domain, Hash, Height};

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

/// State as plain maps. A checkpoint is a clone of all of it.
#[derive(Clone, Default)]
struct Model {
    accounts: BTreeMap<Address, Account>,
    storage: BTreeMap<(Address, Vec<u8>), Vec<u8>>,
    code: BTreeMap<Hash, Vec<u8>>,
    events: Vec<Event>,
}

impl Model {
    fn account(&mut self, n: u8) -> &mut Account {
        self.accounts.entry(address(n)).or_default()
    }

    /// The same state as a store, for comparison.
    fn store(&self) -> MemoryStore {
        let accounts = self.accounts.iter().filter(|(_, account)| !account.is_default());
        let mut store = MemoryStore::new();
        let changes = ChangeSet {
            accounts: accounts.map(|(a, account)| (*a, Some(account.clone()))).collect(),
            storage: self
                .storage
                .iter()
                .map(|((a, key), value)| (*a, Arc::from(&key[..]), Some(Arc::from(&value[..]))))
                .collect(),
            code: self.code.iter().map(|(hash, code)| (*hash, Arc::from(&code[..]))).collect(),
        };
        store.commit(&changes).expect("memory does not fail");
        store
    }
}

#[derive(Clone, Debug)]
enum Step {
    Checkpoint,
    Commit,
    Revert,
    Set { contract: u8, key: u8, value: Vec<u8> },
    Remove { contract: u8, key: u8 },
    Read { contract: u8, key: u8 },
    Credit { account: u8, amount: u128 },
    Debit { account: u8, amount: u128 },
    Transfer { from: u8, to: u8, amount: u128 },
    BumpNonce { account: u8 },
    SetContract { account: u8, version: Option<u8> },
    AddCode { code: u8 },
    Emit { contract: u8, data: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    // Few places and few values, so that steps meet; amounts at both ends, so that checks are hit.
    let place = 0_u8..4;
    let amount = || prop_oneof![0_u128..100, Just(u128::MAX), Just(u128::MAX - 50)];
    prop_oneof![
        4 => Just(Step::Checkpoint),
        2 => Just(Step::Commit),
        2 => Just(Step::Revert),
        5 => (place.clone(), 0_u8..6, proptest::collection::vec(0_u8..3, 0..3))
            .prop_map(|(contract, key, value)| Step::Set { contract, key, value }),
        3 => (place.clone(), 0_u8..6).prop_map(|(contract, key)| Step::Remove { contract, key }),
        1 => (place.clone(), 0_u8..6).prop_map(|(contract, key)| Step::Read { contract, key }),
        2 => (place.clone(), amount())
            .prop_map(|(account, amount)| Step::Credit { account, amount }),
        2 => (place.clone(), amount())
            .prop_map(|(account, amount)| Step::Debit { account, amount }),
        2 => (place.clone(), place.clone(), amount())
            .prop_map(|(from, to, amount)| Step::Transfer { from, to, amount }),
        1 => place.clone().prop_map(|account| Step::BumpNonce { account }),
        1 => (place.clone(), proptest::option::of(0_u8..2))
            .prop_map(|(account, version)| Step::SetContract { account, version }),
        1 => (0_u8..3).prop_map(|code| Step::AddCode { code }),
        2 => (place, 0_u8..3).prop_map(|(contract, data)| Step::Emit { contract, data }),
    ]
}

/// One step on both; what they answer must agree.
fn apply(overlay: &mut Overlay<'_>, model: &mut Model, step: &Step) {
    match *step {
        Step::Checkpoint | Step::Commit | Step::Revert => unreachable!("the caller's part"),
        Step::Set { contract, key, ref value } => {
            let was = overlay.set_storage(&address(contract), &[key], Some(value)).expect("memory");
            let expected = model.storage.insert((address(contract), vec![key]), value.clone());
            assert_eq!(was.as_deref(), expected.as_deref());
        }
        Step::Remove { contract, key } => {
            let was = overlay.set_storage(&address(contract), &[key], None).expect("memory");
            let expected = model.storage.remove(&(address(contract), vec![key]));
            assert_eq!(was.as_deref(), expected.as_deref());
        }
        Step::Read { contract, key } => {
            let value = overlay.storage(&address(contract), &[key]).expect("memory");
            let expected = model.storage.get(&(address(contract), vec![key]));
            assert_eq!(value.as_deref(), expected.map(|v| &v[..]));
        }
        Step::Credit { account, amount } => {
            let outcome = overlay.credit(&address(account), Amount::new(amount));
            let account = model.account(account);
            match account.balance.units().checked_add(amount) {
                Some(sum) => account.balance = Amount::new(sum),
                None => return assert_eq!(outcome, Err(StateError::BalanceOverflow)),
            }
            assert_eq!(outcome, Ok(()));
        }
        Step::Debit { account, amount } => {
            let outcome = overlay.debit(&address(account), Amount::new(amount));
            let account = model.account(account);
            match account.balance.units().checked_sub(amount) {
                Some(left) => account.balance = Amount::new(left),
                None => return assert_eq!(outcome, Err(StateError::InsufficientBalance)),
            }
            assert_eq!(outcome, Ok(()));
        }
        Step::Transfer { from, to, amount } => {
            let outcome = overlay.transfer(&address(from), &address(to), Amount::new(amount));
            let Some(left) = model.account(from).balance.units().checked_sub(amount) else {
                return assert_eq!(outcome, Err(StateError::InsufficientBalance));
            };
            if from != to {
                let Some(sum) = model.account(to).balance.units().checked_add(amount) else {
                    return assert_eq!(outcome, Err(StateError::BalanceOverflow));
                };
                model.account(from).balance = Amount::new(left);
                model.account(to).balance = Amount::new(sum);
            }
            assert_eq!(outcome, Ok(()));
        }
        Step::BumpNonce { account } => {
            let was = overlay.bump_nonce(&address(account)).expect("far from the end");
            let account = model.account(account);
            assert_eq!(was, account.nonce);
            account.nonce = was.next().expect("far from the end");
        }
        Step::SetContract { account, version } => {
            let info = version.map(|n| {
                let hash = Hash::of(Domain::Code, &[&[n]]);
                ContractInfo::deployed(hash, address(9), Height::new(u64::from(n)))
            });
            overlay.set_contract(&address(account), info).expect("memory");
            model.account(account).contract = info;
        }
        Step::AddCode { code } => {
            let hash = Hash::of(Domain::Code, &[&[code]]);
            overlay.add_code(hash, [code].into()).expect("memory");
            model.code.insert(hash, vec![code]);
        }
        Step::Emit { contract, data } => {
            let event = Event::new(address(contract), vec![Box::from([data])], Box::from([data]));
            overlay.emit(event.clone());
            model.events.push(event);
        }
    }
}

/// The change set is sorted and minimal, and on top of the store it makes the model's state.
fn assert_agrees(overlay: &Overlay<'_>, store: &MemoryStore, model: &Model) {
    let changes = overlay.changes();
    assert!(changes.is_sorted());
    for (address, account) in &changes.accounts {
        assert_ne!(store.account(address).expect("memory"), *account, "a change differs");
    }
    for (contract, key, value) in &changes.storage {
        assert_ne!(store.storage(contract, key).expect("memory"), *value, "a change differs");
    }
    let mut after = store.clone();
    after.commit(&changes).expect("memory does not fail");
    assert_eq!(after, model.store());
    assert_eq!(overlay.events(), &model.events[..]);
}

/// Runs one block of steps, ends by `commit_rest` for each open checkpoint, and commits to the
/// store.
fn run_block(store: &mut MemoryStore, model: &mut Model, steps: &[Step], commit_rest: bool) {
    let mut overlay = Overlay::new(store);
    let mut open: Vec<(Checkpoint, Model)> = Vec::new();
    for step in steps {
        match step {
            Step::Checkpoint => open.push((overlay.checkpoint(), model.clone())),
            Step::Commit => {
                if let Some((checkpoint, _)) = open.pop() {
                    overlay.commit(checkpoint);
                }
            }
            Step::Revert => {
                if let Some((checkpoint, before)) = open.pop() {
                    overlay.revert(checkpoint);
                    *model = before;
                }
            }
            step => apply(&mut overlay, model, step),
        }
        assert_agrees(&overlay, store, model);
    }
    while let Some((checkpoint, before)) = open.pop() {
        if commit_rest {
            overlay.commit(checkpoint);
        } else {
            overlay.revert(checkpoint);
            *model = before;
        }
    }
    assert_agrees(&overlay, store, model);
    assert_eq!(overlay.take_events(), core::mem::take(&mut model.events));
    let changes = overlay.changes();
    store.commit(&changes).expect("memory does not fail");
    assert_eq!(*store, model.store());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn overlay_equals_a_model_that_clones_everything(
        blocks in proptest::collection::vec(
            (proptest::collection::vec(step(), 0..60), any::<bool>()), 1..4)
    ) {
        let (mut store, mut model) = (MemoryStore::new(), Model::default());
        for (steps, commit_rest) in &blocks {
            run_block(&mut store, &mut model, steps, *commit_rest);
        }
    }
}

#[test]
fn revert_restores_balance_nonce_contract_code_storage_and_events() {
    let store = MemoryStore::new();
    let mut overlay = Overlay::new(&store);
    let checkpoint = overlay.checkpoint();
    let hash = Hash::of(Domain::Code, &[b"code"]);
    overlay.credit(&address(1), Amount::new(5)).expect("small");
    overlay.bump_nonce(&address(1)).expect("small");
    overlay
        .set_contract(&address(2), Some(ContractInfo::deployed(hash, address(1), Height::new(1))))
        .expect("memory");
    overlay.add_code(hash, b"code"[..].into()).expect("memory");
    overlay.set_storage(&address(2), b"k", Some(b"v")).expect("memory");
    overlay.emit(Event::new(address(2), Vec::new(), Box::default()));
    assert!(!overlay.changes().is_empty());
    overlay.revert(checkpoint);
    assert!(overlay.changes().is_empty());
    assert!(overlay.events().is_empty());
    assert_eq!(overlay.account(&address(1)), Ok(&Account::default()));
    assert_eq!(overlay.code(&hash), Ok(None));
    assert_eq!(overlay.storage(&address(2), b"k"), Ok(None));
}

#[test]
fn an_inner_commit_is_undone_by_an_outer_revert() {
    let store = MemoryStore::new();
    let mut overlay = Overlay::new(&store);
    let outer = overlay.checkpoint();
    let inner = overlay.checkpoint();
    overlay.set_storage(&address(1), b"k", Some(b"v")).expect("memory");
    overlay.commit(inner);
    assert_eq!(overlay.storage(&address(1), b"k"), Ok(Some(b"v"[..].into())));
    overlay.revert(outer);
    assert_eq!(overlay.storage(&address(1), b"k"), Ok(None));
}

#[test]
fn a_value_changed_and_changed_back_is_no_change() {
    let mut store = MemoryStore::new();
    let mut first = Overlay::new(&store);
    first.set_storage(&address(1), b"k", Some(b"v")).expect("memory");
    let changes = first.changes();
    store.commit(&changes).expect("memory does not fail");

    let mut overlay = Overlay::new(&store);
    overlay.set_storage(&address(1), b"k", Some(b"other")).expect("memory");
    overlay.set_storage(&address(1), b"k", Some(b"v")).expect("memory");
    overlay.set_storage(&address(1), b"gone", Some(b"x")).expect("memory");
    overlay.set_storage(&address(1), b"gone", None).expect("memory");
    assert!(overlay.changes().is_empty());
}

#[test]
fn an_empty_value_is_a_value() {
    let store = MemoryStore::new();
    let mut overlay = Overlay::new(&store);
    overlay.set_storage(&address(1), b"k", Some(b"")).expect("memory");
    assert_eq!(overlay.storage(&address(1), b"k"), Ok(Some(b""[..].into())));
    assert_eq!(overlay.changes().storage.len(), 1);
}

#[test]
fn a_transfer_that_fails_moves_nothing() {
    let store = MemoryStore::new();
    let mut overlay = Overlay::new(&store);
    overlay.credit(&address(1), Amount::new(5)).expect("small");
    overlay.credit(&address(2), Amount::MAX).expect("from nothing");
    let before = overlay.changes();
    let (a, b) = (address(1), address(2));
    assert_eq!(overlay.transfer(&a, &b, Amount::new(6)), Err(StateError::InsufficientBalance));
    assert_eq!(overlay.transfer(&a, &b, Amount::new(5)), Err(StateError::BalanceOverflow));
    assert_eq!(overlay.transfer(&a, &a, Amount::new(6)), Err(StateError::InsufficientBalance));
    assert_eq!(overlay.transfer(&a, &a, Amount::new(5)), Ok(()));
    assert_eq!(overlay.changes(), before);
}

/// Nothing but the entries above the checkpoint is touched: a revert above a large state is as
/// small as what it undoes.
#[test]
fn the_journal_holds_only_what_can_still_be_undone() {
    let store = MemoryStore::new();
    let mut overlay = Overlay::new(&store);
    let entries = |overlay: &Overlay<'_>| overlay.journal_len();
    for n in 0..100_u8 {
        overlay.set_storage(&address(1), &[n], Some(b"v")).expect("memory");
    }
    assert_eq!(entries(&overlay), 0, "without a checkpoint nothing is journaled");
    let outer = overlay.checkpoint();
    overlay.set_storage(&address(1), b"aa", Some(b"v")).expect("memory");
    let inner = overlay.checkpoint();
    overlay.set_storage(&address(1), b"bb", Some(b"v")).expect("memory");
    assert_eq!(entries(&overlay), 2);
    overlay.revert(inner);
    assert_eq!(entries(&overlay), 1);
    overlay.commit(outer);
    assert_eq!(entries(&overlay), 0);
}

/// A store whose medium has failed.
pub(crate) struct Broken;

impl Store for Broken {
    fn account(&self, _: &Address) -> Result<Option<Account>, StoreError> {
        Err(StoreError::new("account"))
    }

    fn storage(&self, _: &Address, _: &[u8]) -> Result<Option<Arc<[u8]>>, StoreError> {
        Err(StoreError::new("storage"))
    }

    fn storage_range(
        &self,
        _: &Address,
        _: core::ops::Bound<&[u8]>,
        _: core::ops::Bound<&[u8]>,
        _: usize,
    ) -> Result<Vec<StorageEntry>, StoreError> {
        Err(StoreError::new("range"))
    }

    fn code(&self, _: &Hash) -> Result<Option<Arc<[u8]>>, StoreError> {
        Err(StoreError::new("code"))
    }

    fn commit(&mut self, _: &ChangeSet) -> Result<(), StoreError> {
        Err(StoreError::new("commit"))
    }
}

#[test]
fn a_failing_store_is_reported_and_nothing_changes() {
    let mut overlay = Overlay::new(&Broken);
    let fault = |what: &str| StateError::Store(StoreError::new(what));
    let hash = Hash::of(Domain::Code, &[]);
    assert_eq!(overlay.account(&address(1)).err(), Some(fault("account")));
    assert_eq!(overlay.credit(&address(1), Amount::new(1)), Err(fault("account")));
    assert_eq!(overlay.storage(&address(1), b"k"), Err(fault("storage")));
    assert_eq!(overlay.set_storage(&address(1), b"k", Some(b"v")), Err(fault("storage")));
    assert_eq!(overlay.add_code(hash, Arc::from([])), Err(fault("code")));
    assert!(overlay.changes().is_empty());
}
