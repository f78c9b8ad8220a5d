//! Types in words.

use alloc::string::String;
use core::fmt::Write;

use super::{Abi, Type, TypeId};
use crate::section::limits;

/// Length at which the name of a type is cut off: a type of few entries can have a name that is
/// longer than any memory.
const NAME_LENGTH: usize = 256;

impl Abi {
    /// The type as one writes it in Rust. Structs and enums are named, not spelled out; a name of
    /// more than 256 bytes ends in `…`.
    #[must_use]
    pub fn type_name(&self, id: TypeId) -> String {
        let mut name = String::new();
        self.append_name(id, 0, &mut name);
        if name.len() > NAME_LENGTH {
            let mut end = NAME_LENGTH;
            while !name.is_char_boundary(end) {
                end -= 1;
            }
            name.truncate(end);
            name.push('…');
        }
        name
    }

    /// Appends the name until it is too long. The depth is bounded for tables made by hand.
    fn append_name(&self, id: TypeId, depth: u8, name: &mut String) {
        if name.len() > NAME_LENGTH {
            return;
        }
        let ty = self.ty(id).filter(|_| depth < limits::TYPE_DEPTH);
        let depth = depth + 1;
        match ty {
            None => name.push('?'),
            Some(Type::Option(inner)) => self.append_parts(name, "Option<", &[*inner], ">", depth),
            Some(Type::List(inner)) => self.append_parts(name, "Vec<", &[*inner], ">", depth),
            Some(Type::Set(inner)) => self.append_parts(name, "BTreeSet<", &[*inner], ">", depth),
            Some(Type::Map(key, value)) => {
                self.append_parts(name, "BTreeMap<", &[*key, *value], ">", depth);
            }
            Some(Type::Tuple(parts)) => {
                let end = if parts.len() == 1 { ",)" } else { ")" };
                self.append_parts(name, "(", parts, end, depth);
            }
            Some(Type::Array(inner, count)) => {
                self.append_parts(name, "[", &[*inner], "; ", depth);
                // Writing to a string does not fail.
                let _ = write!(name, "{count}]");
            }
            Some(Type::Struct { name: own, .. } | Type::Enum { name: own, .. }) => {
                name.push_str(own);
            }
            Some(primitive) => name.push_str(primitive.rust_name()),
        }
    }

    fn append_parts(&self, name: &mut String, begin: &str, parts: &[TypeId], end: &str, depth: u8) {
        name.push_str(begin);
        for (at, part) in parts.iter().enumerate() {
            if name.len() > NAME_LENGTH {
                return;
            }
            if at > 0 {
                name.push_str(", ");
            }
            self.append_name(*part, depth, name);
        }
        name.push_str(end);
    }
}

impl Type {
    /// Name of a primitive in Rust; nothing for others.
    fn rust_name(&self) -> &'static str {
        match self {
            Type::String => "String",
            Type::Bytes => "Bytes",
            Type::Address => "Address",
            Type::Hash => "Hash",
            other => other.kind_name(),
        }
    }

    /// What the JSON view calls this kind of type.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::U8 => "u8",
            Type::U16 => "u16",
            Type::U32 => "u32",
            Type::U64 => "u64",
            Type::U128 => "u128",
            Type::I8 => "i8",
            Type::I16 => "i16",
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::I128 => "i128",
            Type::String => "string",
            Type::Bytes => "bytes",
            Type::Address => "address",
            Type::Hash => "hash",
            Type::Option(_) => "option",
            Type::List(_) => "list",
            Type::Array(..) => "array",
            Type::Set(_) => "set",
            Type::Map(..) => "map",
            Type::Tuple(_) => "tuple",
            Type::Struct { .. } => "struct",
            Type::Enum { .. } => "enum",
        }
    }
}
