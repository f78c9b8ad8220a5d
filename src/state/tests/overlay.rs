//! Corners of the overlay by name. Whole histories against a model that clones everything are run
//! in `spec-tests`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Broken, address, empty_state, state_with_contracts};
use crate::limits::StorageLimits;
use crate::primitives::{Amount, Domain, Hash, Height};
use crate::state::{
    Account, Admin, Analysis, Block, ContractInfo, Event, Order, Overlay, StateError, StoreError,
    Usage, View,
};

fn usage(overlay: &Overlay<'_>, contract: u8) -> Usage {
    let account = overlay.account(&address(contract)).expect("memory").expect("an account");
    account.contract.expect("a contract").usage
}

#[test]
fn revert_restores_balance_nonce_contract_code_storage_usage_deposit_and_events() {
    let state = empty_state();
    let mut overlay = Overlay::new(&state);
    let checkpoint = overlay.checkpoint();
    let (a, b) = (address(1), address(2));
    let hash = Hash::of(Domain::Code, &[b"code"]);
    overlay.credit(&a, Amount::new(5)).expect("small");
    overlay.bump_nonce(&a).expect("small");
    overlay.add_code(hash, b"code"[..].into(), a).expect("memory");
    let info = ContractInfo::deployed(hash, a, Height::new(1));
    overlay.create_contract(&b, info).expect("nothing is there");
    overlay.set_storage(&b, b"k", Some(b"v")).expect("a contract");
    overlay.set_transient(&b, b"t", Some(b"v"));
    overlay.take_deposit(&b, &a, Amount::new(2)).expect("enough");
    overlay.upgrade_contract(&b, hash, 1, Height::new(1), a).expect("a contract");
    overlay.emit(Event::new(b, Vec::new(), Box::default()));
    assert!(!overlay.changes().is_empty());
    overlay.revert(checkpoint);
    assert!(overlay.changes().is_empty());
    assert!(overlay.events().is_empty());
    assert_eq!(overlay.writes(), 0);
    assert_eq!(overlay.load_account(&a), Ok(&Account::default()));
    assert_eq!((overlay.code(&hash), overlay.code_info(&hash)), (Ok(None), Ok(None)));
    assert_eq!(overlay.load_storage(&b, b"k"), Ok(None));
    assert_eq!(overlay.transient(&b, b"t"), None);
    assert_eq!(overlay.history(&b), Ok(Vec::new()));
}

#[test]
fn an_inner_commit_is_undone_by_an_outer_revert() {
    let state = state_with_contracts(&[address(1)]);
    let mut overlay = Overlay::new(&state);
    let outer = overlay.checkpoint();
    let inner = overlay.checkpoint();
    overlay.set_storage(&address(1), b"k", Some(b"v")).expect("a contract");
    overlay.commit(inner);
    assert_eq!(overlay.load_storage(&address(1), b"k"), Ok(Some(b"v"[..].into())));
    overlay.revert(outer);
    assert_eq!(overlay.load_storage(&address(1), b"k"), Ok(None));
}

#[test]
fn a_value_changed_and_changed_back_is_no_change() {
    let mut state = state_with_contracts(&[address(1)]);
    let mut first = Overlay::new(&state);
    first.set_storage(&address(1), b"k", Some(b"v")).expect("a contract");
    let changes = first.changes();
    state.commit(Block::new(Height::new(2), &changes)).expect("it follows");

    let mut overlay = Overlay::new(&state);
    overlay.set_storage(&address(1), b"k", Some(b"other")).expect("a contract");
    overlay.set_storage(&address(1), b"k", Some(b"v")).expect("a contract");
    overlay.set_storage(&address(1), b"gone", Some(b"x")).expect("a contract");
    overlay.set_storage(&address(1), b"gone", None).expect("a contract");
    assert!(overlay.changes().is_empty());
}

#[test]
fn an_empty_value_is_a_value() {
    let state = state_with_contracts(&[address(1)]);
    let mut overlay = Overlay::new(&state);
    overlay.set_storage(&address(1), b"k", Some(b"")).expect("a contract");
    assert_eq!(overlay.load_storage(&address(1), b"k"), Ok(Some(b""[..].into())));
    assert_eq!(overlay.changes().storage.len(), 1);
    assert_eq!(usage(&overlay, 1), Usage::new(1, 1));
}

#[test]
fn a_transfer_that_fails_moves_nothing() {
    let state = empty_state();
    let mut overlay = Overlay::new(&state);
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

/// Pre-funding a predictable address must not prevent what is deployed there (CWA-2022-005).
#[test]
fn a_contract_is_created_at_an_address_that_has_a_balance() {
    let mut state = state_with_contracts(&[]);
    let mut overlay = Overlay::new(&state);
    overlay.credit(&address(5), Amount::new(7)).expect("small");
    let changes = overlay.changes();
    state.commit(Block::new(Height::new(2), &changes)).expect("it follows");
    let mut overlay = Overlay::new(&state);
    let info =
        ContractInfo::deployed(Hash::of(Domain::Code, &[b"code"]), address(1), Height::new(3));
    assert_eq!(overlay.create_contract(&address(5), info.clone()), Ok(()));
    assert_eq!(overlay.load_account(&address(5)).expect("memory").balance, Amount::new(7));
    let again = overlay.create_contract(&address(5), info);
    assert_eq!(again, Err(StateError::ContractExists));
}

#[test]
fn storage_belongs_to_contracts_alone() {
    let state = empty_state();
    let mut overlay = Overlay::new(&state);
    let outcome = overlay.set_storage(&address(1), b"k", Some(b"v"));
    assert_eq!(outcome, Err(StateError::NoContract));
    let hash = Hash::of(Domain::Code, &[b"unknown"]);
    let info = ContractInfo::deployed(hash, address(1), Height::new(1));
    assert_eq!(overlay.create_contract(&address(1), info), Err(StateError::NoCode));
    assert!(overlay.changes().is_empty());
}

/// What would not be read back is not written.
#[test]
fn what_no_decoder_takes_no_overlay_takes() {
    let state = state_with_contracts(&[address(1)]);
    let mut overlay = Overlay::new(&state);
    let hash = Hash::of(Domain::Code, &[b"code"]);
    let info = || ContractInfo::deployed(hash, address(1), Height::new(2));
    let admins = || alloc::vec![address(1), address(2)];
    for admin in [
        Admin::Threshold { needed: 0, admins: admins() },
        Admin::Threshold { needed: 3, admins: admins() },
        Admin::Threshold { needed: 1, admins: alloc::vec![address(2), address(1)] },
        Admin::Threshold { needed: 1, admins: Vec::new() },
    ] {
        let outcome = overlay.create_contract(&address(2), info().admin(admin));
        assert_eq!(outcome, Err(StateError::UnsoundContract));
    }
    let analysis = Analysis::new(1, 10_001, hash);
    let outcome = overlay.create_contract(&address(2), info().analysis(analysis));
    assert_eq!(outcome, Err(StateError::UnsoundContract));
    let outcome = overlay.set_storage(&address(1), b"", Some(b"v"));
    assert_eq!(outcome, Err(StateError::EmptyKey));
    let outcome = overlay.add_code(hash, b"other"[..].into(), address(1));
    assert_eq!(outcome, Err(StateError::OtherCode));
    assert!(overlay.changes().is_empty());
    let analysis = Analysis::new(1, 10_000, hash);
    let outcome = overlay.create_contract(&address(2), info().analysis(analysis));
    assert_eq!(outcome, Ok(()));
}

#[test]
fn a_range_over_much_that_was_removed_is_complete_and_in_order() {
    let mut state = state_with_contracts(&[address(1)]);
    let mut overlay = Overlay::new(&state);
    let key = |n: u16| n.to_be_bytes();
    for n in 0..1_000 {
        overlay.set_storage(&address(1), &key(n), Some(b"below")).expect("a contract");
    }
    let changes = overlay.changes();
    state.commit(Block::new(Height::new(2), &changes)).expect("it follows");
    let mut overlay = Overlay::new(&state);
    for n in (0..1_000).filter(|n| n % 100 != 7) {
        overlay.set_storage(&address(1), &key(n), None).expect("a contract");
    }
    overlay.set_storage(&address(1), &key(107), Some(b"changed")).expect("a contract");
    overlay.set_storage(&address(1), &key(2_000), Some(b"added")).expect("a contract");
    let all = (core::ops::Bound::Unbounded, core::ops::Bound::Unbounded);
    let mut expected: Vec<u16> = (0..10).map(|n| n * 100 + 7).chain([2_000]).collect();
    for order in [Order::Ascending, Order::Descending] {
        for limit in [0, 1, 2, 5, 10, 11, 12, usize::MAX] {
            let found = overlay.storage_range(&address(1), all, order, limit).expect("memory");
            let keys: Vec<u16> = found
                .iter()
                .map(|(k, _)| u16::from_be_bytes(k[..].try_into().expect("2")))
                .collect();
            assert_eq!(keys, expected[..limit.min(expected.len())], "{order:?} {limit}");
        }
        expected.reverse();
    }
}

#[test]
fn items_of_a_contract_are_limited_at_the_limit_and_not_below() {
    let state = state_with_contracts(&[address(1)]);
    let limits = StorageLimits { contract_items: 2, ..StorageLimits::NONE };
    let mut overlay = Overlay::new(&state).with_limits(limits);
    let mut set = |key: &[u8], value| overlay.set_storage(&address(1), key, value).map(|_| ());
    assert_eq!(set(b"1", Some(b"v")), Ok(()));
    assert_eq!(set(b"2", Some(b"v")), Ok(()));
    assert_eq!(set(b"3", Some(b"v")), Err(StateError::TooManyItems));
    assert_eq!(set(b"2", Some(b"longer")), Ok(()), "no further item");
    assert_eq!(set(b"1", None), Ok(()));
    assert_eq!(set(b"3", Some(b"v")), Ok(()));
    assert_eq!(usage(&overlay, 1), Usage::new(2, 9));
}

#[test]
fn bytes_of_a_contract_are_limited_at_the_limit_and_not_below() {
    let state = state_with_contracts(&[address(1)]);
    let limits = StorageLimits { contract_bytes: 10, ..StorageLimits::NONE };
    let mut overlay = Overlay::new(&state).with_limits(limits);
    let mut set = |key: &[u8], value| overlay.set_storage(&address(1), key, value).map(|_| ());
    assert_eq!(set(b"k", Some(&[0; 10])), Err(StateError::TooManyBytes));
    assert_eq!(set(b"k", Some(&[0; 9])), Ok(()));
    assert_eq!(set(b"k", Some(&[0; 10])), Err(StateError::TooManyBytes));
    assert_eq!(set(b"l", Some(&[])), Err(StateError::TooManyBytes), "a key has bytes too");
    assert_eq!(set(b"k", Some(&[0; 8])), Ok(()));
    assert_eq!(set(b"l", Some(&[])), Ok(()));
    assert_eq!(usage(&overlay, 1), Usage::new(2, 10));
}

#[test]
fn a_contract_above_a_limit_that_was_lowered_may_shrink() {
    let mut state = state_with_contracts(&[address(1)]);
    let mut overlay = Overlay::new(&state);
    for key in [b"1", b"2", b"3"] {
        overlay.set_storage(&address(1), key, Some(&[0; 9])).expect("no limits");
    }
    let changes = overlay.changes();
    state.commit(Block::new(Height::new(2), &changes)).expect("it follows");
    let limits = StorageLimits { contract_items: 1, contract_bytes: 5, ..StorageLimits::NONE };
    let mut overlay = Overlay::new(&state).with_limits(limits);
    let mut set = |key: &[u8], value| overlay.set_storage(&address(1), key, value).map(|_| ());
    assert_eq!(set(b"1", Some(&[1; 9])), Ok(()), "as long as before");
    assert_eq!(set(b"1", Some(&[1; 10])), Err(StateError::TooManyBytes));
    assert_eq!(set(b"1", Some(&[1; 3])), Ok(()));
    assert_eq!(set(b"2", None), Ok(()));
}

#[test]
fn writes_of_a_transaction_are_limited_and_those_undone_do_not_count() {
    let state = state_with_contracts(&[address(1)]);
    let limits = StorageLimits { transaction_writes: 2, ..StorageLimits::NONE };
    let mut overlay = Overlay::new(&state).with_limits(limits);
    let contract = address(1);
    overlay.set_storage(&contract, b"1", Some(b"v")).expect("the first write");
    overlay.set_storage(&contract, b"1", Some(b"v")).expect("no write: it is there");
    let checkpoint = overlay.checkpoint();
    overlay.set_storage(&contract, b"2", Some(b"v")).expect("the second write");
    let third = overlay.set_storage(&contract, b"3", Some(b"v"));
    assert_eq!((third, overlay.writes()), (Err(StateError::TooManyWrites), 2));
    overlay.revert(checkpoint);
    assert_eq!(overlay.writes(), 1);
    overlay.set_storage(&contract, b"3", Some(b"v")).expect("the second write again");
    overlay.end_transaction();
    overlay.set_storage(&contract, b"4", Some(b"v")).expect("another transaction");
}

#[test]
fn a_fork_sees_what_was_done_and_leaves_nothing() {
    let state = state_with_contracts(&[address(1)]);
    let mut overlay = Overlay::new(&state);
    overlay.set_storage(&address(1), b"k", Some(b"v")).expect("a contract");
    let before = overlay.changes();
    let mut fork = overlay.fork();
    assert_eq!(fork.load_storage(&address(1), b"k"), Ok(Some(b"v"[..].into())));
    fork.set_storage(&address(1), b"k", None).expect("a contract");
    fork.credit(&address(2), Amount::new(1)).expect("small");
    assert_eq!(fork.changes().storage.len(), 1);
    let mut inner = fork.fork();
    assert_eq!(inner.load_storage(&address(1), b"k"), Ok(None));
    drop(inner);
    drop(fork);
    assert_eq!(overlay.changes(), before);
}

/// Nothing but the entries above the checkpoint is touched: a revert above a large state is as
/// small as what it undoes.
#[test]
fn the_journal_holds_only_what_can_still_be_undone() {
    let state = state_with_contracts(&[address(1)]);
    let mut overlay = Overlay::new(&state);
    let entries = |overlay: &Overlay<'_>| overlay.journal_len();
    for n in 0..100_u8 {
        overlay.set_storage(&address(1), &[n], Some(b"v")).expect("a contract");
    }
    assert_eq!(entries(&overlay), 0, "without a checkpoint nothing is journaled");
    let outer = overlay.checkpoint();
    overlay.set_storage(&address(1), b"aa", Some(b"v")).expect("a contract");
    let inner = overlay.checkpoint();
    overlay.set_storage(&address(1), b"bb", Some(b"v")).expect("a contract");
    assert_eq!(entries(&overlay), 2);
    overlay.revert(inner);
    assert_eq!(entries(&overlay), 1);
    overlay.commit(outer);
    assert_eq!(entries(&overlay), 0);
}

#[test]
fn a_failing_store_is_reported_and_nothing_changes() {
    let mut overlay = Overlay::new(&Broken);
    let fault = |what: &str| StateError::Store(StoreError::new(what));
    let hash = Hash::of(Domain::Code, &[]);
    assert_eq!(overlay.load_account(&address(1)).err(), Some(fault("account")));
    assert_eq!(overlay.credit(&address(1), Amount::new(1)), Err(fault("account")));
    assert_eq!(overlay.load_storage(&address(1), b"k"), Err(fault("storage")));
    assert_eq!(overlay.set_storage(&address(1), b"k", Some(b"v")), Err(fault("account")));
    assert_eq!(overlay.add_code(hash, [].into(), address(1)), Err(fault("code info")));
    assert!(overlay.changes().is_empty());
}
