//! Walks over the rows of state at a height.

use std::ops::{Bound, ControlFlow};

use dytallix::state::{Order, StateAt, StateKey, StateRow, StoreError, StoreErrorKind};
use dytallix::{Address, DiskStore};

use crate::bytes::hex;

/// Is shown each row, and says whether to go on.
type Visit<'a> = dyn FnMut(StateRow) -> ControlFlow<()> + 'a;

/// Shows all rows, or those of one contract (its account, its storage, its history), in order of
/// their keys.
pub(super) fn walk(
    state: &StateAt<'_, DiskStore>,
    contract: Option<&Address>,
    visit: &mut Visit<'_>,
) -> Result<(), StoreError> {
    let Some(contract) = contract else { return walk_prefix(state, &[], visit).map(drop) };
    let storage = StateKey::Storage(contract, &[]);
    for key in [StateKey::Account(contract), storage, StateKey::History(contract)] {
        if walk_prefix(state, &key.to_bytes(), visit)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Shows the rows whose keys begin so; whether to go on with others.
fn walk_prefix(
    state: &StateAt<'_, DiskStore>,
    prefix: &[u8],
    visit: &mut Visit<'_>,
) -> Result<ControlFlow<()>, StoreError> {
    let mut outcome = Ok(ControlFlow::Continue(()));
    let range = (Bound::Included(prefix), Bound::Unbounded);
    state.rows(range, Order::Ascending, &mut |key, value| {
        if !key.starts_with(prefix) {
            return ControlFlow::Break(());
        }
        outcome = StateRow::decode(key, value).map(&mut *visit).map_err(|error| {
            let message = format!("the row at state key {}: {error}", hex(key));
            StoreError::of(StoreErrorKind::Corrupt, message)
        });
        *outcome.as_ref().unwrap_or(&ControlFlow::Break(()))
    })?;
    outcome
}
