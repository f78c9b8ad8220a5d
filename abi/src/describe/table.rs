//! The flat table of types: equal types share an entry, and each refers to earlier ones only.

use super::writer::Writer;
use super::{ContractDesc, FieldDesc, StorageKindDesc, TypeDesc};
use crate::section::{limits, tag, text};

/// The types of a contract, in the order of their entries.
pub(super) struct Table {
    types: [&'static TypeDesc; limits::TYPES],
    count: usize,
}

impl Table {
    pub(super) const fn new() -> Table {
        Table { types: [&TypeDesc::Bool; limits::TYPES], count: 0 }
    }

    /// Adds the type, after all that it refers to, unless it is there.
    pub(super) const fn add(&mut self, ty: &'static TypeDesc) {
        if self.position(ty).is_some() {
            return;
        }
        match *ty {
            TypeDesc::Option(inner)
            | TypeDesc::List(inner)
            | TypeDesc::Set(inner)
            | TypeDesc::Array(inner, _) => self.add(inner),
            TypeDesc::Map(key, value) => {
                self.add(key);
                self.add(value);
            }
            TypeDesc::Tuple(parts) => {
                let mut at = 0;
                while at < parts.len() {
                    self.add(parts[at]);
                    at += 1;
                }
            }
            TypeDesc::Struct { fields, .. } => self.add_fields(fields),
            TypeDesc::Enum { variants, .. } => {
                let mut at = 0;
                while at < variants.len() {
                    self.add_fields(variants[at].fields);
                    at += 1;
                }
            }
            _ => {}
        }
        assert!(self.count < limits::TYPES, "the contract uses more than 256 different types");
        self.types[self.count] = ty;
        self.count += 1;
    }

    pub(super) const fn add_fields(&mut self, fields: &'static [FieldDesc]) {
        let mut at = 0;
        while at < fields.len() {
            self.add(fields[at].ty);
            at += 1;
        }
    }

    /// Adds the types of storage handles, in the order of `order`.
    pub(super) const fn add_storage(&mut self, contract: &ContractDesc, order: &[u16]) {
        let mut at = 0;
        while at < contract.storage.len() {
            match contract.storage[order[at] as usize].kind {
                StorageKindDesc::Item(ty) | StorageKindDesc::List(ty) => self.add(ty),
                StorageKindDesc::Map(key, value) => {
                    self.add(key);
                    self.add(value);
                }
            }
            at += 1;
        }
    }

    const fn position(&self, ty: &TypeDesc) -> Option<u16> {
        let mut at = 0;
        while at < self.count {
            if same(self.types[at], ty) {
                return Some(at as u16);
            }
            at += 1;
        }
        None
    }

    /// Writes a reference to a type that has been added.
    pub(super) const fn reference<const N: usize>(&self, out: &mut Writer<N>, ty: &TypeDesc) {
        match self.position(ty) {
            Some(index) => out.u16(index),
            None => panic!("a type is added before it is referred to"),
        }
    }

    pub(super) const fn fields<const N: usize>(&self, out: &mut Writer<N>, fields: &[FieldDesc]) {
        out.count(fields.len());
        let mut at = 0;
        while at < fields.len() {
            out.text(fields[at].name);
            self.reference(out, fields[at].ty);
            at += 1;
        }
    }

    /// Writes the table.
    pub(super) const fn write<const N: usize>(&self, out: &mut Writer<N>) {
        out.count(self.count);
        let mut at = 0;
        while at < self.count {
            self.entry(out, self.types[at]);
            at += 1;
        }
    }

    const fn entry<const N: usize>(&self, out: &mut Writer<N>, ty: &TypeDesc) {
        out.byte(tag_of(ty));
        match *ty {
            TypeDesc::Option(inner) | TypeDesc::List(inner) | TypeDesc::Set(inner) => {
                self.reference(out, inner);
            }
            TypeDesc::Array(inner, count) => {
                self.reference(out, inner);
                out.u32(count);
            }
            TypeDesc::Map(key, value) => {
                self.reference(out, key);
                self.reference(out, value);
            }
            TypeDesc::Tuple(parts) => {
                out.count(parts.len());
                let mut at = 0;
                while at < parts.len() {
                    self.reference(out, parts[at]);
                    at += 1;
                }
            }
            TypeDesc::Struct { name, fields } => {
                out.text(name);
                self.fields(out, fields);
            }
            TypeDesc::Enum { name, variants } => {
                out.text(name);
                out.count(variants.len());
                let mut at = 0;
                while at < variants.len() {
                    out.byte(variants[at].index);
                    out.text(variants[at].name);
                    self.fields(out, variants[at].fields);
                    at += 1;
                }
            }
            _ => {}
        }
    }
}

const fn tag_of(ty: &TypeDesc) -> u8 {
    match ty {
        TypeDesc::Bool => tag::BOOL,
        TypeDesc::U8 => tag::U8,
        TypeDesc::U16 => tag::U16,
        TypeDesc::U32 => tag::U32,
        TypeDesc::U64 => tag::U64,
        TypeDesc::U128 => tag::U128,
        TypeDesc::I8 => tag::I8,
        TypeDesc::I16 => tag::I16,
        TypeDesc::I32 => tag::I32,
        TypeDesc::I64 => tag::I64,
        TypeDesc::I128 => tag::I128,
        TypeDesc::String => tag::STRING,
        TypeDesc::Bytes => tag::BYTES,
        TypeDesc::Address => tag::ADDRESS,
        TypeDesc::Hash => tag::HASH,
        TypeDesc::Option(_) => tag::OPTION,
        TypeDesc::List(_) => tag::LIST,
        TypeDesc::Array(..) => tag::ARRAY,
        TypeDesc::Set(_) => tag::SET,
        TypeDesc::Map(..) => tag::MAP,
        TypeDesc::Tuple(_) => tag::TUPLE,
        TypeDesc::Struct { .. } => tag::STRUCT,
        TypeDesc::Enum { .. } => tag::ENUM,
    }
}

/// Whether both descriptions are equal.
const fn same(left: &TypeDesc, right: &TypeDesc) -> bool {
    match (left, right) {
        (TypeDesc::Option(left), TypeDesc::Option(right))
        | (TypeDesc::List(left), TypeDesc::List(right))
        | (TypeDesc::Set(left), TypeDesc::Set(right)) => same(left, right),
        (TypeDesc::Array(left, n), TypeDesc::Array(right, m)) => *n == *m && same(left, right),
        (TypeDesc::Map(key, value), TypeDesc::Map(other_key, other_value)) => {
            same(key, other_key) && same(value, other_value)
        }
        (TypeDesc::Tuple(left), TypeDesc::Tuple(right)) => {
            if left.len() != right.len() {
                return false;
            }
            let mut at = 0;
            while at < left.len() {
                if !same(left[at], right[at]) {
                    return false;
                }
                at += 1;
            }
            true
        }
        (
            TypeDesc::Struct { name, fields },
            TypeDesc::Struct { name: other_name, fields: other_fields },
        ) => same_text(name, other_name) && same_fields(fields, other_fields),
        (
            TypeDesc::Enum { name, variants },
            TypeDesc::Enum { name: other_name, variants: other_variants },
        ) => {
            if !same_text(name, other_name) || variants.len() != other_variants.len() {
                return false;
            }
            let mut at = 0;
            while at < variants.len() {
                let (left, right) = (&variants[at], &other_variants[at]);
                if left.index != right.index
                    || !same_text(left.name, right.name)
                    || !same_fields(left.fields, right.fields)
                {
                    return false;
                }
                at += 1;
            }
            true
        }
        _ => tag_of(left) == tag_of(right),
    }
}

const fn same_fields(left: &[FieldDesc], right: &[FieldDesc]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if !same_text(left[at].name, right[at].name) || !same(left[at].ty, right[at].ty) {
            return false;
        }
        at += 1;
    }
    true
}

const fn same_text(left: &str, right: &str) -> bool {
    text::equal(left.as_bytes(), right.as_bytes())
}
