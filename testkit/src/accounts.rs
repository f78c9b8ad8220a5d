//! Accounts by name, and names of addresses for people.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dytallix::crypto::sha3_256;
use dytallix_abi::Address;

/// Names that have been asked for. The address of a name is the same in every suite, so the name of
/// an address is, too.
static NAMES: Mutex<BTreeMap<Address, String>> = Mutex::new(BTreeMap::new());

/// Names whose accounts every suite has from the beginning.
pub const ACCOUNTS: &[&str] = &[
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory",
];

/// The name of the account that sends where a test says nothing.
pub const DEFAULT_SENDER: &str = "alice";

/// The address that stands for a name: the same in every suite. Nobody has its key.
///
/// ```
/// use dytallix_testkit::account;
///
/// assert_eq!(account("alice"), account("alice"));
/// assert_ne!(account("alice"), account("bob"));
/// ```
#[must_use]
pub fn account(name: &str) -> Address {
    let address = Address::new(sha3_256(&[b"dytallix/testkit/account/", name.as_bytes()].concat()));
    names().entry(address).or_insert_with(|| name.to_owned());
    address
}

/// Gives an address that is the same in every suite its name.
pub(crate) fn remember(address: Address, name: String) {
    names().insert(address, name);
}

/// The name that this address was made of, if it has been asked for.
pub(crate) fn name_of(address: &Address) -> Option<String> {
    names().get(address).cloned()
}

/// An address without a name, as the chain spells it: `dyt1…`.
pub(crate) fn spelled(address: &Address) -> String {
    dytallix::Address::from(*address).to_string()
}

/// The name of an address, or how the chain spells it; the zero address is `zero`.
pub(crate) fn shown(address: &Address) -> String {
    match address.is_zero() {
        true => "zero".into(),
        false => name_of(address).unwrap_or_else(|| spelled(address)),
    }
}

fn names() -> MutexGuard<'static, BTreeMap<Address, String>> {
    // A test that panicked elsewhere has left a map that is whole.
    NAMES.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_addresses_and_addresses_have_names() {
        let zoe = account("zoe");
        assert_eq!(shown(&zoe), "zoe");
        let stranger = Address::new([7; 32]);
        assert_eq!(name_of(&stranger), None);
        assert!(shown(&stranger).starts_with("dyt1"));
        assert_eq!(shown(&Address::ZERO), "zero");
    }

    #[test]
    fn the_usual_accounts_differ() {
        let mut all: Vec<Address> = ACCOUNTS.iter().map(|name| account(name)).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), ACCOUNTS.len());
        assert!(ACCOUNTS.contains(&DEFAULT_SENDER));
    }
}
