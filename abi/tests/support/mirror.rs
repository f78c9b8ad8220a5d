//! The section as an ordinary borsh value, without a check: to write wrong sections with, and to
//! see that the format is what the documentation says.

use borsh::{BorshDeserialize, BorshSerialize};

use super::sample::SECTION;

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Bool,
    U8,
    U16,
    U32,
    U64,
    U128,
    I8,
    I16,
    I32,
    I64,
    I128,
    String,
    Bytes,
    Address,
    Hash,
    Option(u16),
    List(u16),
    Array(u16, u32),
    Set(u16),
    Map(u16, u16),
    Tuple(Vec<u16>),
    Struct(String, Vec<Field>),
    Enum(String, Vec<Variant>),
    /// There is none of this number.
    Unknown,
}

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) struct Field(pub(crate) String, pub(crate) u16);

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) struct Variant(pub(crate) u8, pub(crate) String, pub(crate) Vec<Field>);

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) kind: u8,
    pub(crate) payable: u8,
    pub(crate) reentry: u8,
    pub(crate) params: Vec<Field>,
    pub(crate) returns: u16,
    pub(crate) docs: String,
}

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) fields: Vec<(String, u16, u8)>,
    pub(crate) docs: String,
}

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) struct Error {
    pub(crate) index: u8,
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) docs: String,
}

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) struct Storage {
    pub(crate) handle: String,
    pub(crate) prefix: u8,
    pub(crate) kind: Kind,
    pub(crate) docs: String,
}

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Item(u16),
    Map(u16, u16),
    List(u16),
    /// There is none of this number.
    Unknown,
}

#[derive(BorshSerialize, BorshDeserialize, Clone, Debug, PartialEq)]
pub(crate) struct Mirror {
    pub(crate) format: u8,
    pub(crate) name: String,
    pub(crate) schema: u32,
    pub(crate) capabilities: u32,
    pub(crate) types: Vec<Type>,
    pub(crate) methods: Vec<Method>,
    pub(crate) events: Vec<Event>,
    pub(crate) errors: Vec<Error>,
    pub(crate) storage: Vec<Storage>,
    pub(crate) docs: String,
}

/// Length of the encoding of `value`.
pub(crate) fn length<T: BorshSerialize>(value: T) -> u32 {
    borsh::to_vec(&value).expect("it has an encoding").len() as u32
}

/// Length of entries one after another.
fn lengths<T: BorshSerialize>(entries: &[T]) -> u32 {
    entries.iter().map(length).sum()
}

impl Mirror {
    /// The sample contract.
    pub(crate) fn sample() -> Mirror {
        borsh::from_slice(&SECTION).expect("the section is a borsh value")
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        borsh::to_vec(self).expect("it has an encoding")
    }

    /// Where the capabilities are.
    pub(crate) fn capabilities_at(&self) -> u32 {
        1 + length(&self.name) + 4
    }

    /// Where type `at` is; the count is four bytes before the first.
    pub(crate) fn type_at(&self, at: usize) -> u32 {
        self.capabilities_at() + 4 + 4 + lengths(&self.types[..at])
    }

    /// Where method `at` is.
    pub(crate) fn method_at(&self, at: usize) -> u32 {
        self.type_at(self.types.len()) + 4 + lengths(&self.methods[..at])
    }

    /// Where event `at` is.
    pub(crate) fn event_at(&self, at: usize) -> u32 {
        self.method_at(self.methods.len()) + 4 + lengths(&self.events[..at])
    }

    /// Where error `at` is.
    pub(crate) fn error_at(&self, at: usize) -> u32 {
        self.event_at(self.events.len()) + 4 + lengths(&self.errors[..at])
    }

    /// Where handle `at` is.
    pub(crate) fn storage_at(&self, at: usize) -> u32 {
        self.error_at(self.errors.len()) + 4 + lengths(&self.storage[..at])
    }

    /// Where the contract's doc text is.
    pub(crate) fn docs_at(&self) -> u32 {
        self.storage_at(self.storage.len())
    }

    /// Place of a type of the table.
    pub(crate) fn place(&self, ty: &Type) -> u16 {
        self.types.iter().position(|entry| entry == ty).expect("the sample has it") as u16
    }
}
