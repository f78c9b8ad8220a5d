//! Storage of contracts by the names of its handles.

use std::ops::Bound;

use dytallix::state::{Order, View};
use dytallix_abi::schema::StorageKind;
use dytallix_abi::value::{StorageKey, StorageValue};
use dytallix_abi::{Abi, Address, Decode, Value};

use crate::failure::Failure;
use crate::{IntoValue, Suite};

impl Suite {
    /// What a contract's storage handle holds, by the contract's ABI: `&[]` reads an item or the
    /// length of a list, `&values![key]` the value of a map or the element of a list at a `u32`,
    /// `&values![a, b]` the value of a map whose keys are pairs. `None` where nothing is stored.
    ///
    /// ```no_run
    /// # use dytallix_testkit::{Suite, TestResult, values};
    /// # fn test(suite: Suite, token: dytallix_testkit::Address) -> TestResult {
    /// let supply = suite.read(token, "supply", &[])?;
    /// let balance = suite.read(token, "balances", &values![suite.account("alice")])?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the contract has no ABI, no such handle, the handle no such key, or the bytes that are
    /// stored are not of its type.
    pub fn read(
        &self,
        address: Address,
        handle: &str,
        keys: &[Value],
    ) -> Result<Option<Value>, Failure> {
        let failed = |message| Failure::usage(self.place_name(address, handle, keys), message);
        let (abi, key) = self.storage_key(address, handle, keys).map_err(failed)?;
        let Some(value) = self.storage(address, &key) else { return Ok(None) };
        let decoded = abi.decode_storage(&key, &value).map_err(|error| {
            failed(format!(
                "the bytes do not decode: {error}: {}",
                crate::text::hexadecimal(&value)
            ))
        })?;
        Ok(Some(decoded.value))
    }

    /// The same as a `T`: `suite.read_as::<u128>(token, "balances", &values![bob])`.
    ///
    /// # Errors
    ///
    /// As [`Suite::read`], and if what is stored is not a `T`.
    pub fn read_as<T: Decode>(
        &self,
        address: Address,
        handle: &str,
        keys: &[Value],
    ) -> Result<Option<T>, Failure> {
        let failed = |message| Failure::usage(self.place_name(address, handle, keys), message);
        let (_, key) = self.storage_key(address, handle, keys).map_err(failed)?;
        let Some(value) = self.storage(address, &key) else { return Ok(None) };
        let decoded = T::from_bytes(&value).map_err(|error| {
            let (ty, bytes) = (std::any::type_name::<T>(), crate::text::hexadecimal(&value));
            failed(format!("what is stored is no {ty}: {error}: {bytes}"))
        })?;
        Ok(Some(decoded))
    }

    /// Sets what a contract's storage handle holds; the keys are those of [`Suite::read`]:
    /// `suite.write(token, "balances", &values![bob], 5_u128)`.
    ///
    /// # Errors
    ///
    /// If the contract has no ABI, no such handle, the handle no such key, or the value is of
    /// another type.
    ///
    /// # Panics
    ///
    /// As [`Suite::set_storage`].
    #[track_caller]
    pub fn write(
        &self,
        address: Address,
        handle: &str,
        keys: &[Value],
        value: impl IntoValue,
    ) -> Result<(), Failure> {
        let failed = |message| Failure::usage(self.place_name(address, handle, keys), message);
        let value = value.into_value();
        let (abi, key) = self.storage_key(address, handle, keys).map_err(failed)?;
        let bytes = match abi.handle(handle).map(|storage| storage.kind) {
            Some(StorageKind::List(_)) if keys.is_empty() => {
                return Err(failed("the length of a list can not be set by itself".into()));
            }
            Some(StorageKind::Item(ty) | StorageKind::Map(_, ty) | StorageKind::List(ty)) => {
                abi.encode_value(ty, &value).map_err(|error| {
                    failed(format!("{value:?} is no {}: {error}", abi.type_name(ty)))
                })?
            }
            None => Vec::new(),
        };
        self.set_storage(address, &key, Some(&bytes));
        Ok(())
    }

    /// All that a contract's storage holds, in order of keys, by the contract's ABI. Entries that
    /// the ABI does not explain are left out; [`Suite::storage_rows`] has them.
    #[must_use]
    pub fn stored(&self, address: Address) -> Vec<StorageValue> {
        let Some(abi) = self.find_abi(address) else { return Vec::new() };
        let rows = self.storage_rows(address);
        rows.iter().filter_map(|(key, value)| abi.decode_storage(key, value).ok()).collect()
    }

    /// All keys and values of a contract's storage, in order of keys.
    #[must_use]
    pub fn storage_rows(&self, address: Address) -> Vec<(Vec<u8>, Vec<u8>)> {
        let world = self.world.borrow();
        let (all, order) = ((Bound::Unbounded, Bound::Unbounded), Order::Ascending);
        let rows = world.runtime.state().storage_range(&address.into(), all, order, usize::MAX);
        let rows = rows.expect("a store in memory does not fail");
        rows.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect()
    }

    /// The ABI, and the bytes of a key.
    fn storage_key(
        &self,
        address: Address,
        handle: &str,
        keys: &[Value],
    ) -> Result<(std::rc::Rc<Abi>, Vec<u8>), String> {
        let Some(abi) = self.find_abi(address) else {
            return Err("there is no contract with an ABI section: use `storage`".into());
        };
        let Some(storage) = abi.handle(handle) else {
            let handles: Vec<&str> = abi.storage.iter().map(|storage| &*storage.handle).collect();
            return Err(format!("the ABI has no such handle; it has: {}", handles.join(", ")));
        };
        let key = match (storage.kind, keys) {
            (StorageKind::Item(_), []) => StorageKey::Item,
            (StorageKind::List(_), []) => StorageKey::Length,
            (StorageKind::List(_), [Value::U32(index)]) => StorageKey::Index(*index),
            (StorageKind::Map(..), [key]) => StorageKey::Map(key.clone()),
            (StorageKind::Map(..), [_, _, ..]) => StorageKey::Map(Value::Tuple(keys.to_vec())),
            (StorageKind::Item(_), _) => return Err("an item has no key".into()),
            (StorageKind::List(_), _) => return Err("a list has one `u32` as its key".into()),
            (StorageKind::Map(key, _), []) => {
                return Err(format!("a map needs its key, a {}", abi.type_name(key)));
            }
        };
        let bytes = abi.storage_key(handle, &key).map_err(|error| error.to_string())?;
        Ok((abi, bytes))
    }

    /// A place of storage in words: `Token.balances[alice]`.
    fn place_name(&self, address: Address, handle: &str, keys: &[Value]) -> String {
        let name = |address: &Address| self.name(*address);
        let keys: Vec<String> = keys.iter().map(|key| key.shown(&name).to_string()).collect();
        let contract = self.name(address);
        match keys.is_empty() {
            true => format!("{contract}.{handle}"),
            false => format!("{contract}.{handle}[{}]", keys.join(", ")),
        }
    }
}
