//! What `#[contract]` and `#[methods]` say of a contract.

use dytallix_abi::Capabilities;
use dytallix_abi::describe::{ErrorDesc, MethodDesc, StorageDesc, StorageKindDesc, TypeDesc};

/// A contract's struct. `#[contract]` implements it.
pub trait Contract: Sized {
    /// Its name.
    const NAME: &'static str;
    /// Version of its storage layout.
    const SCHEMA: u32;
    /// What it declares that it does.
    const CAPABILITIES: Capabilities;
    /// Its handles.
    const STORAGE: &'static [StorageDesc];
    /// Its doc text.
    const DOCS: &'static str;

    /// The views of its fields.
    const VIEWS: &'static [MethodDesc];

    /// The entry points of those views, by name.
    #[cfg(not(target_arch = "wasm32"))]
    const VIEW_ENTRIES: &'static [(&'static str, fn())];

    /// Its handles, to be used.
    fn open() -> Self;
}

/// A contract that can run natively: `#[methods]` implements it for the [`mock`](crate::mock).
#[cfg(not(target_arch = "wasm32"))]
pub trait Program: Contract {
    /// Its entry points, by name.
    const ENTRIES: &'static [(&'static str, fn())];

    /// The bytes of its ABI section.
    const ABI: &'static [u8];
}

/// How many of the handles are storage.
#[must_use]
pub const fn count_storage(handles: &[Option<StorageDesc>]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < handles.len() {
        count += handles[at].is_some() as usize;
        at += 1;
    }
    count
}

/// The handles that are storage; `N` is their number.
#[must_use]
pub const fn only_storage<const N: usize>(handles: &[Option<StorageDesc>]) -> [StorageDesc; N] {
    const NONE: StorageDesc = StorageDesc {
        handle: "",
        prefix: 0,
        kind: StorageKindDesc::Item(&TypeDesc::Bool),
        docs: "",
    };
    let mut storage = [NONE; N];
    let (mut count, mut at) = (0, 0);
    while at < handles.len() {
        if let Some(handle) = handles[at] {
            storage[count] = handle;
            count += 1;
        }
        at += 1;
    }
    storage
}

/// Both lists, one after the other; `N` is the length of both, and the first is not empty.
#[must_use]
pub const fn joined<T: Copy, const N: usize>(first: &[T], second: &[T]) -> [T; N] {
    let mut all = [first[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}

/// The errors of a contract, from those of each of its methods: none, or those of one enum.
///
/// # Panics
///
/// If two methods return different enums; where it is evaluated by the compiler, that is a compile
/// error.
#[must_use]
pub const fn one_error_enum(all: &[&'static [ErrorDesc]]) -> &'static [ErrorDesc] {
    let mut found: &'static [ErrorDesc] = &[];
    let mut at = 0;
    while at < all.len() {
        if found.is_empty() {
            found = all[at];
        }
        assert!(
            all[at].is_empty() || same_errors(found, all[at]),
            "the methods of a contract return one enum of errors: two are returned here"
        );
        at += 1;
    }
    found
}

const fn same_errors(left: &[ErrorDesc], right: &[ErrorDesc]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        let (left, right) = (left[at].name.as_bytes(), right[at].name.as_bytes());
        if left.len() != right.len() {
            return false;
        }
        let mut byte = 0;
        while byte < left.len() {
            if left[byte] != right[byte] {
                return false;
            }
            byte += 1;
        }
        at += 1;
    }
    true
}
