//! Bytes of the owned form, after the check and for it. This is not `Encode` and `Decode`, so that
//! nobody reads an unchecked section.

use alloc::string::String;
use alloc::vec::Vec;

use super::{StorageKind, Type, TypeId};
use crate::codec::{CodecError, Decode, Encode, Expected, Input};
use crate::section::{Capabilities, MethodKind, Reentry, storage, tag};

/// Reads and writes itself as the section has it.
pub(super) trait Wire: Sized {
    fn read(input: &mut Input<'_>) -> Result<Self, CodecError>;
    fn write(&self, out: &mut Vec<u8>);
}

/// A struct whose fields stand one after another in the section.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$field_meta:meta])* $field:ident: $ty:ty, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        impl $crate::schema::wire::Wire for $name {
            fn read(input: &mut $crate::Input<'_>) -> Result<$name, $crate::CodecError> {
                Ok($name { $( $field: $crate::schema::wire::Wire::read(input)?, )* })
            }

            fn write(&self, out: &mut Vec<u8>) {
                $( $crate::schema::wire::Wire::write(&self.$field, out); )*
            }
        }
    };
}
pub(super) use record;

macro_rules! as_encoded {
    ($($ty:ty),*) => { $(
        impl Wire for $ty {
            fn read(input: &mut Input<'_>) -> Result<$ty, CodecError> {
                <$ty>::decode(input)
            }

            fn write(&self, out: &mut Vec<u8>) {
                self.encode(out);
            }
        }
    )* };
}

as_encoded!(bool, u8, u32, String);

/// What is a number in the section: the type of the number, and both ways.
macro_rules! as_numbers {
    ($($ty:ty: $number:ty, $into:expr, $from:expr;)*) => { $(
        impl Wire for $ty {
            fn read(input: &mut Input<'_>) -> Result<$ty, CodecError> {
                let start = input.clone();
                let number = <$number>::decode(input)?;
                $from(number).ok_or_else(|| start.error(Expected::InRange))
            }

            fn write(&self, out: &mut Vec<u8>) {
                let number: $number = $into(*self);
                number.encode(out);
            }
        }
    )* };
}

as_numbers! {
    TypeId: u16, |id: TypeId| id.0, |id| Some(TypeId(id));
    Capabilities: u32, Capabilities::bits, Capabilities::from_bits;
    MethodKind: u8, MethodKind::code, MethodKind::from_code;
    Reentry: u8, Reentry::code, Reentry::from_code;
}

impl<T: Wire> Wire for Vec<T> {
    fn read(input: &mut Input<'_>) -> Result<Vec<T>, CodecError> {
        (0..input.length()?).map(|_| T::read(input)).collect()
    }

    fn write(&self, out: &mut Vec<u8>) {
        // More than any cap; the check then refuses it.
        u32::try_from(self.len()).unwrap_or(u32::MAX).encode(out);
        self.iter().for_each(|item| item.write(out));
    }
}

impl Wire for StorageKind {
    fn read(input: &mut Input<'_>) -> Result<StorageKind, CodecError> {
        let start = input.clone();
        Ok(match input.byte()? {
            storage::ITEM => StorageKind::Item(Wire::read(input)?),
            storage::MAP => StorageKind::Map(Wire::read(input)?, Wire::read(input)?),
            storage::LIST => StorageKind::List(Wire::read(input)?),
            _ => return Err(start.error(Expected::Variant)),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            StorageKind::Item(ty) => {
                out.push(storage::ITEM);
                ty.write(out);
            }
            StorageKind::Map(key, value) => {
                out.push(storage::MAP);
                key.write(out);
                value.write(out);
            }
            StorageKind::List(ty) => {
                out.push(storage::LIST);
                ty.write(out);
            }
        }
    }
}

impl Type {
    /// First byte of its entry.
    fn tag(&self) -> u8 {
        match self {
            Type::Bool => tag::BOOL,
            Type::U8 => tag::U8,
            Type::U16 => tag::U16,
            Type::U32 => tag::U32,
            Type::U64 => tag::U64,
            Type::U128 => tag::U128,
            Type::I8 => tag::I8,
            Type::I16 => tag::I16,
            Type::I32 => tag::I32,
            Type::I64 => tag::I64,
            Type::I128 => tag::I128,
            Type::String => tag::STRING,
            Type::Bytes => tag::BYTES,
            Type::Address => tag::ADDRESS,
            Type::Hash => tag::HASH,
            Type::Option(_) => tag::OPTION,
            Type::List(_) => tag::LIST,
            Type::Array(..) => tag::ARRAY,
            Type::Set(_) => tag::SET,
            Type::Map(..) => tag::MAP,
            Type::Tuple(_) => tag::TUPLE,
            Type::Struct { .. } => tag::STRUCT,
            Type::Enum { .. } => tag::ENUM,
        }
    }
}

impl Wire for Type {
    fn read(input: &mut Input<'_>) -> Result<Type, CodecError> {
        let start = input.clone();
        Ok(match input.byte()? {
            tag::BOOL => Type::Bool,
            tag::U8 => Type::U8,
            tag::U16 => Type::U16,
            tag::U32 => Type::U32,
            tag::U64 => Type::U64,
            tag::U128 => Type::U128,
            tag::I8 => Type::I8,
            tag::I16 => Type::I16,
            tag::I32 => Type::I32,
            tag::I64 => Type::I64,
            tag::I128 => Type::I128,
            tag::STRING => Type::String,
            tag::BYTES => Type::Bytes,
            tag::ADDRESS => Type::Address,
            tag::HASH => Type::Hash,
            tag::OPTION => Type::Option(Wire::read(input)?),
            tag::LIST => Type::List(Wire::read(input)?),
            tag::ARRAY => Type::Array(Wire::read(input)?, Wire::read(input)?),
            tag::SET => Type::Set(Wire::read(input)?),
            tag::MAP => Type::Map(Wire::read(input)?, Wire::read(input)?),
            tag::TUPLE => Type::Tuple(Wire::read(input)?),
            tag::STRUCT => Type::Struct { name: Wire::read(input)?, fields: Wire::read(input)? },
            tag::ENUM => Type::Enum { name: Wire::read(input)?, variants: Wire::read(input)? },
            _ => return Err(start.error(Expected::Variant)),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(self.tag());
        match self {
            Type::Option(inner) | Type::List(inner) | Type::Set(inner) => inner.write(out),
            Type::Array(inner, count) => {
                inner.write(out);
                count.write(out);
            }
            Type::Map(key, value) => {
                key.write(out);
                value.write(out);
            }
            Type::Tuple(parts) => parts.write(out),
            Type::Struct { name, fields } => {
                name.write(out);
                fields.write(out);
            }
            Type::Enum { name, variants } => {
                name.write(out);
                variants.write(out);
            }
            _ => {}
        }
    }
}
