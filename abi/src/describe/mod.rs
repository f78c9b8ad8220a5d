//! What a contract says of itself, as constants, and the bytes of its ABI section at compile time.
//!
//! The SDK's macros write these constants; nothing of this is left in the contract but the section.
//! [`encode`] sorts what the section has sorted, shares equal types, checks all of it as the
//! runtime will, and fails to compile where the runtime would refuse.
//!
//! ```
//! use dytallix_abi::describe::{
//!     ContractDesc, Describe, EventDesc, EventFieldDesc, FieldDesc, MethodDesc, StorageDesc,
//!     StorageKindDesc, encode, encoded_len,
//! };
//! use dytallix_abi::{Abi, Address, Capabilities, MethodKind, Reentry};
//!
//! const COUNTER: ContractDesc = ContractDesc {
//!     name: "Counter",
//!     schema: 1,
//!     capabilities: Capabilities::NONE,
//!     methods: &[
//!         MethodDesc {
//!             name: "value",
//!             kind: MethodKind::View,
//!             payable: false,
//!             reentry: Reentry::Refuse,
//!             params: &[],
//!             returns: u64::TYPE,
//!             docs: "",
//!         },
//!         MethodDesc {
//!             name: "add",
//!             kind: MethodKind::Call,
//!             payable: false,
//!             reentry: Reentry::Refuse,
//!             params: &[FieldDesc { name: "amount", ty: u64::TYPE }],
//!             returns: <()>::TYPE,
//!             docs: "Adds to the counter.",
//!         },
//!     ],
//!     events: &[EventDesc {
//!         name: "Added",
//!         fields: &[
//!             EventFieldDesc { name: "by", ty: Address::TYPE, topic: true },
//!             EventFieldDesc { name: "amount", ty: u64::TYPE, topic: false },
//!         ],
//!         docs: "",
//!     }],
//!     errors: &[],
//!     storage: &[StorageDesc {
//!         handle: "value",
//!         prefix: 0,
//!         kind: StorageKindDesc::Item(u64::TYPE),
//!         docs: "",
//!     }],
//!     docs: "Counts.",
//! };
//!
//! // In a contract: `#[unsafe(link_section = "dytallix.abi")]` on the static.
//! static SECTION: [u8; encoded_len(&COUNTER)] = encode(&COUNTER);
//!
//! let abi = Abi::decode(&SECTION).unwrap();
//! let names: Vec<&str> = abi.methods.iter().map(|method| method.name.as_str()).collect();
//! assert_eq!(names, ["add", "value"]);
//! ```

mod encode;
mod impls;
mod table;
mod writer;

pub use encode::{encode, encoded_len};

use crate::section::{Capabilities, MethodKind, Reentry};

/// A Rust type whose values have a canonical encoding that tools can show.
///
/// A type that contains itself can not implement this, since its constant would contain itself: so
/// the depth of every described type is known where the contract is compiled.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no description for the ABI",
    note = "write `#[data]` above a struct or enum of your own, or derive Encode, Decode and Describe"
)]
pub trait Describe {
    /// What the type is.
    const TYPE: &'static TypeDesc;
}

/// A type. Two types are the same where their descriptions are equal, names included.
#[derive(Clone, Copy, Debug)]
pub enum TypeDesc {
    /// 0 or 1.
    Bool,
    /// An unsigned integer of 8 bits.
    U8,
    /// An unsigned integer of 16 bits.
    U16,
    /// An unsigned integer of 32 bits.
    U32,
    /// An unsigned integer of 64 bits.
    U64,
    /// An unsigned integer of 128 bits.
    U128,
    /// A signed integer of 8 bits.
    I8,
    /// A signed integer of 16 bits.
    I16,
    /// A signed integer of 32 bits.
    I32,
    /// A signed integer of 64 bits.
    I64,
    /// A signed integer of 128 bits.
    I128,
    /// UTF-8 text.
    String,
    /// A string of bytes.
    Bytes,
    /// An address of 32 bytes.
    Address,
    /// A hash of 32 bytes.
    Hash,
    /// Nothing, or a value.
    Option(&'static TypeDesc),
    /// Any number of values.
    List(&'static TypeDesc),
    /// A fixed number of values.
    Array(&'static TypeDesc, u32),
    /// Any number of values in ascending order.
    Set(&'static TypeDesc),
    /// Any number of keys in ascending order, each with a value.
    Map(&'static TypeDesc, &'static TypeDesc),
    /// A value of each of these types. The empty tuple is "nothing".
    Tuple(&'static [&'static TypeDesc]),
    /// A struct; fields of a tuple struct are named by their number.
    Struct {
        /// Its name.
        name: &'static str,
        /// Its fields, in order of encoding.
        fields: &'static [FieldDesc],
    },
    /// An enum, encoded as the index of the variant in one byte, then the variant's fields.
    Enum {
        /// Its name.
        name: &'static str,
        /// Its variants, ascending by index.
        variants: &'static [VariantDesc],
    },
}

/// A field of a struct, a variant or an error, or a parameter of a method.
#[derive(Clone, Copy, Debug)]
pub struct FieldDesc {
    /// Its name; its number where it has none.
    pub name: &'static str,
    /// Its type.
    pub ty: &'static TypeDesc,
}

/// A variant of an enum.
#[derive(Clone, Copy, Debug)]
pub struct VariantDesc {
    /// The byte that stands for it.
    pub index: u8,
    /// Its name.
    pub name: &'static str,
    /// Its fields, in order of encoding.
    pub fields: &'static [FieldDesc],
}

/// A method, under the name of its export.
#[derive(Clone, Copy, Debug)]
pub struct MethodDesc {
    /// Name of the export.
    pub name: &'static str,
    /// What it is.
    pub kind: MethodKind,
    /// Whether value may be sent along.
    pub payable: bool,
    /// Whether it may be entered while the contract is already running.
    pub reentry: Reentry,
    /// Its parameters, in order of encoding.
    pub params: &'static [FieldDesc],
    /// Type of its result.
    pub returns: &'static TypeDesc,
    /// Its doc text.
    pub docs: &'static str,
}

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct EventDesc {
    /// Its name: topic 0.
    pub name: &'static str,
    /// Its fields, in order of declaration.
    pub fields: &'static [EventFieldDesc],
    /// Its doc text.
    pub docs: &'static str,
}

/// A field of an event.
#[derive(Clone, Copy, Debug)]
pub struct EventFieldDesc {
    /// Its name; its number where it has none.
    pub name: &'static str,
    /// Its type.
    pub ty: &'static TypeDesc,
    /// Whether it is a topic; else it is part of the data.
    pub topic: bool,
}

/// A variant of the contract's enum of errors.
#[derive(Clone, Copy, Debug)]
pub struct ErrorDesc {
    /// First byte of the revert data.
    pub index: u8,
    /// Its name.
    pub name: &'static str,
    /// Its fields, in order of encoding.
    pub fields: &'static [FieldDesc],
    /// Its doc text.
    pub docs: &'static str,
}

/// A handle to storage.
#[derive(Clone, Copy, Debug)]
pub struct StorageDesc {
    /// Name of the field.
    pub handle: &'static str,
    /// First byte of its keys.
    pub prefix: u8,
    /// What it holds.
    pub kind: StorageKindDesc,
    /// Its doc text.
    pub docs: &'static str,
}

/// What a storage handle holds.
#[derive(Clone, Copy, Debug)]
pub enum StorageKindDesc {
    /// One value.
    Item(&'static TypeDesc),
    /// A value for each key: the type of keys and of values.
    Map(&'static TypeDesc, &'static TypeDesc),
    /// A list: its length, and a value for each index.
    List(&'static TypeDesc),
}

/// All of a contract.
#[derive(Clone, Copy, Debug)]
pub struct ContractDesc {
    /// Its name.
    pub name: &'static str,
    /// Version of its storage layout, which `migrate` of the next version is told.
    pub schema: u32,
    /// What it may do. That it receives value is added if a method is payable.
    pub capabilities: Capabilities,
    /// Its methods, in any order.
    pub methods: &'static [MethodDesc],
    /// Its events, in any order.
    pub events: &'static [EventDesc],
    /// Its errors, in any order.
    pub errors: &'static [ErrorDesc],
    /// Its storage handles, in any order.
    pub storage: &'static [StorageDesc],
    /// Its doc text.
    pub docs: &'static str,
}
