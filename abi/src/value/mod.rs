//! Values whose type is known only from an ABI: arguments, results, events, errors and storage, as
//! tools show and make them.
//!
//! ```
//! use dytallix_abi::schema::{Abi, Type, TypeId};
//! use dytallix_abi::{Encode, Value};
//!
//! # let abi = Abi {
//! #     name: "X".into(), schema: 1, capabilities: Default::default(),
//! #     types: vec![Type::U64, Type::Option(TypeId(0))],
//! #     methods: vec![], events: vec![], errors: vec![], storage: vec![], docs: String::new(),
//! # };
//! // Entry 1 of this ABI's table of types is `Option<u64>`.
//! let value = abi.decode_value(TypeId(1), &Some(7_u64).to_bytes()).unwrap();
//! assert_eq!(value, Value::Option(Some(Box::new(Value::U64(7)))));
//! assert_eq!(value.to_string(), "Some(7)");
//! assert_eq!(value.to_json(), "\"7\"");
//! assert_eq!(abi.encode_value(TypeId(1), &value).unwrap(), Some(7_u64).to_bytes());
//! ```

mod decode;
mod encode;
mod error;
mod event;
mod json;
mod key;
mod revert;
mod show;

pub use error::{ValueError, ValueFault};
pub use event::EventValue;
pub use key::{StorageKey, StorageValue};
pub use revert::Revert;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::codec::{Address, Bytes, Hash};

/// Most values that one decoding makes, those inside of others counted. It bounds memory: a few
/// bytes can stand for many values.
pub const VALUES: u32 = 65_536;

/// A value together with what is needed to show it. The order of two values of one type is that of
/// Rust's derived `Ord`, which is the order of sets and maps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A `bool`.
    Bool(bool),
    /// A `u8`.
    U8(u8),
    /// A `u16`.
    U16(u16),
    /// A `u32`.
    U32(u32),
    /// A `u64`.
    U64(u64),
    /// A `u128`.
    U128(u128),
    /// An `i8`.
    I8(i8),
    /// An `i16`.
    I16(i16),
    /// An `i32`.
    I32(i32),
    /// An `i64`.
    I64(i64),
    /// An `i128`.
    I128(i128),
    /// Text.
    String(String),
    /// A string of bytes; also a list or array of `u8`.
    Bytes(Bytes),
    /// An address.
    Address(Address),
    /// A hash.
    Hash(Hash),
    /// Nothing, or a value.
    Option(Option<Box<Value>>),
    /// The elements of a list, an array or a set, which ascend if it is a set.
    List(Vec<Value>),
    /// The parts of a tuple.
    Tuple(Vec<Value>),
    /// Keys in ascending order, each with its value.
    Map(Vec<(Value, Value)>),
    /// A struct.
    Struct {
        /// Its name.
        name: String,
        /// Its fields by name, in order of encoding.
        fields: Vec<(String, Value)>,
    },
    /// An enum.
    Enum {
        /// Index of the variant.
        index: u8,
        /// Name of the variant.
        variant: String,
        /// Its fields by name, in order of encoding.
        fields: Vec<(String, Value)>,
    },
}
