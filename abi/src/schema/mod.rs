//! What a contract says of itself, decoded: the owned form of the ABI section.
//!
//! [`Abi::decode`] is strict: a section is accepted only if encoding it again gives the same bytes.
//! The values that a type describes are [`Value`](crate::Value)s.

mod json;
mod names;
mod wire;

use alloc::string::String;
use alloc::vec::Vec;

use crate::codec::Input;
use crate::section::{ABI_FORMAT, AbiError, AbiFault, Capabilities, MethodKind, Reentry, check};
use wire::{Wire, record};

/// Place of a type in the table [`Abi::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u16);

/// A type, which refers to earlier entries of the table only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
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
    Option(TypeId),
    /// Any number of values.
    List(TypeId),
    /// A fixed number of values.
    Array(TypeId, u32),
    /// Any number of values in ascending order.
    Set(TypeId),
    /// Any number of keys in ascending order, each with a value.
    Map(TypeId, TypeId),
    /// A value of each of these types.
    Tuple(Vec<TypeId>),
    /// A struct.
    Struct {
        /// Its name.
        name: String,
        /// Its fields, in order of encoding.
        fields: Vec<Field>,
    },
    /// An enum.
    Enum {
        /// Its name.
        name: String,
        /// Its variants, ascending by index.
        variants: Vec<Variant>,
    },
}

record! {
    /// A field of a struct, a variant or an error, or a parameter of a method.
    Field {
        /// Its name; its number where it has none.
        name: String,
        /// Its type.
        ty: TypeId,
    }
}

record! {
    /// A variant of an enum.
    Variant {
        /// The byte that stands for it.
        index: u8,
        /// Its name.
        name: String,
        /// Its fields, in order of encoding.
        fields: Vec<Field>,
    }
}

record! {
    /// A method, under the name of its export.
    Method {
        /// Name of the export.
        name: String,
        /// What it is.
        kind: MethodKind,
        /// Whether value may be sent along.
        payable: bool,
        /// Whether it may be entered while the contract is already running.
        reentry: Reentry,
        /// Its parameters, in order of encoding.
        params: Vec<Field>,
        /// Type of its result.
        returns: TypeId,
        /// Its doc text.
        docs: String,
    }
}

record! {
    /// An event.
    Event {
        /// Its name: topic 0.
        name: String,
        /// Its fields, in order of declaration.
        fields: Vec<EventField>,
        /// Its doc text.
        docs: String,
    }
}

record! {
    /// A field of an event.
    EventField {
        /// Its name; its number where it has none.
        name: String,
        /// Its type.
        ty: TypeId,
        /// Whether it is a topic; else it is part of the data.
        topic: bool,
    }
}

record! {
    /// A variant of the contract's enum of errors.
    ErrorVariant {
        /// First byte of the revert data.
        index: u8,
        /// Its name.
        name: String,
        /// Its fields, in order of encoding.
        fields: Vec<Field>,
        /// Its doc text.
        docs: String,
    }
}

record! {
    /// A handle to storage.
    Storage {
        /// Name of the field.
        handle: String,
        /// First byte of its keys.
        prefix: u8,
        /// What it holds.
        kind: StorageKind,
        /// Its doc text.
        docs: String,
    }
}

/// What a storage handle holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StorageKind {
    /// One value.
    Item(TypeId),
    /// A value for each key: the type of keys and of values.
    Map(TypeId, TypeId),
    /// A list: its length, and a value for each index.
    List(TypeId),
}

record! {
    /// All that a contract says of itself.
    Abi {
        /// Its name.
        name: String,
        /// Version of its storage layout, which `migrate` of the next version is told.
        schema: u32,
        /// What it may do.
        capabilities: Capabilities,
        /// The table of types.
        types: Vec<Type>,
        /// Its methods, ascending by name.
        methods: Vec<Method>,
        /// Its events, ascending by name.
        events: Vec<Event>,
        /// Its errors, ascending by index.
        errors: Vec<ErrorVariant>,
        /// Its storage handles, ascending by prefix.
        storage: Vec<Storage>,
        /// Its doc text.
        docs: String,
    }
}

impl Abi {
    /// What the bytes of a section say.
    ///
    /// # Errors
    ///
    /// If they are not canonical or beyond a cap: the first place where they are wrong.
    pub fn decode(section: &[u8]) -> Result<Abi, AbiError> {
        check(section)?;
        // The check has seen every length and number, so reading does not fail.
        let mut input = Input::new(section);
        let read = input.byte().and_then(|_| Abi::read(&mut input));
        read.map_err(|error| AbiError { offset: error.offset, fault: AbiFault::Truncated })
    }

    /// The bytes of the section.
    ///
    /// # Errors
    ///
    /// If they are not a section that [`Abi::decode`] accepts, which an ABI that was made or
    /// changed by hand need not be; the offset is that in the bytes that would have been.
    pub fn encode(&self) -> Result<Vec<u8>, AbiError> {
        let mut out = Vec::from([ABI_FORMAT]);
        self.write(&mut out);
        check(&out)?;
        Ok(out)
    }

    /// The type at this place of the table.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> Option<&Type> {
        self.types.get(usize::from(id.0))
    }

    /// The method of this name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == name)
    }

    /// The event of this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.name == name)
    }

    /// The error whose data begins with this byte.
    #[must_use]
    pub fn error(&self, index: u8) -> Option<&ErrorVariant> {
        self.errors.iter().find(|error| error.index == index)
    }

    /// The storage handle of this name.
    #[must_use]
    pub fn handle(&self, name: &str) -> Option<&Storage> {
        self.storage.iter().find(|storage| storage.handle == name)
    }
}
