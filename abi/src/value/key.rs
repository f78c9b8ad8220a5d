//! Storage keys and entries by handle.
//!
//! The key encoding keeps order: unsigned integers are big-endian, signed ones big-endian with the
//! sign bit flipped, `bool` is 0 or 1, byte arrays, addresses and hashes are as they are, tuples
//! are their parts one after another, and a string or list of bytes, as the last part only, is as
//! it is.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Value;
use super::decode::Decoder;
use super::error::{ValueError, ValueFault};
use super::json::write_value;
use super::show::{Shown, hexadecimal};
use crate::codec::{Address, Bytes, Decode, Expected, Input};
use crate::json::Json;
use crate::schema::{Abi, Storage, StorageKind, Type, TypeId};

/// What of a storage handle a key names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StorageKey {
    /// The value of an item.
    Item,
    /// The value of a map at this key.
    Map(Value),
    /// The length of a list.
    Length,
    /// The element of a list at this index.
    Index(u32),
}

/// An entry of storage, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StorageValue {
    /// Name of the handle.
    pub handle: String,
    /// What of it.
    pub key: StorageKey,
    /// The value; the length of a list is a `u32`.
    pub value: Value,
}

impl StorageValue {
    /// The entry as text: `handle`, `handle[key]` or `handle.len`, then its value; with each
    /// address as `address` writes it.
    pub fn shown<'a>(&'a self, address: &'a dyn Fn(&Address) -> String) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| {
            f.write_str(&self.handle)?;
            match &self.key {
                StorageKey::Item => {}
                StorageKey::Map(key) => write!(f, "[{}]", Shown(key, address))?,
                StorageKey::Length => f.write_str(".len")?,
                StorageKey::Index(index) => write!(f, "[{index}]")?,
            }
            write!(f, " = {}", Shown(&self.value, address))
        })
    }

    /// The entry as JSON on one line: `{"handle": name, "key": …, "value": …}`, where the key is
    /// `null` for an item and for the length of a list, and a number for an element of one; with
    /// each address as `address` writes it.
    #[must_use]
    pub fn to_json_with(&self, address: &dyn Fn(&Address) -> String) -> String {
        let mut json = Json::compact();
        json.object(|json| {
            json.member("handle").string(&self.handle);
            let place = json.member("key");
            match &self.key {
                StorageKey::Item | StorageKey::Length => place.plain("null"),
                StorageKey::Map(key) => write_value(place, key, address),
                StorageKey::Index(index) => place.plain(index),
            }
            write_value(json.member("value"), &self.value, address);
        });
        json.finish()
    }

    /// The entry as JSON on one line, with addresses in hexadecimal.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_with(&hexadecimal)
    }
}

impl fmt::Display for StorageValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown(&hexadecimal).fmt(f)
    }
}

impl Abi {
    /// The bytes of a key of the handle of this name.
    ///
    /// # Errors
    ///
    /// If there is no such handle, it has no such key, or the key is of another type.
    pub fn storage_key(&self, handle: &str, key: &StorageKey) -> Result<Vec<u8>, ValueError> {
        let Some(storage) = self.handle(handle) else {
            return Err(ValueError::new(0, ValueFault::NoSuchHandle));
        };
        let mut out = Vec::from([storage.prefix]);
        match (storage.kind, key) {
            (StorageKind::Item(_), StorageKey::Item)
            | (StorageKind::List(_), StorageKey::Length) => {}
            (StorageKind::Map(ty, _), StorageKey::Map(value)) => {
                self.write_key(ty, value, true, 0, &mut out)?;
            }
            (StorageKind::List(_), StorageKey::Index(index)) => {
                out.extend_from_slice(&index.to_be_bytes());
            }
            _ => return Err(ValueError::new(1, ValueFault::NoSuchKey)),
        }
        Ok(out)
    }

    /// The handle that a key belongs to, and what of it.
    ///
    /// # Errors
    ///
    /// If no handle has this prefix, or the rest is no key of it.
    pub fn decode_storage_key(&self, key: &[u8]) -> Result<(&Storage, StorageKey), ValueError> {
        let prefix = key.first();
        let storage = self.storage.iter().find(|storage| Some(&storage.prefix) == prefix);
        let storage = storage.ok_or(ValueError::new(0, ValueFault::NoSuchHandle))?;
        let mut decoder = Decoder::new(self, key);
        decoder.input.byte()?;
        let key = match storage.kind {
            StorageKind::Item(_) => StorageKey::Item,
            StorageKind::Map(ty, _) => StorageKey::Map(decoder.key(ty, true, 0)?),
            StorageKind::List(_) if decoder.input.remaining() == 0 => StorageKey::Length,
            StorageKind::List(_) => StorageKey::Index(u32::from_be_bytes(decoder.input.array()?)),
        };
        decoder.finish()?;
        Ok((storage, key))
    }

    /// An entry of storage: handle, key and value.
    ///
    /// # Errors
    ///
    /// As [`Abi::decode_storage_key`], and if the value does not decode.
    pub fn decode_storage(&self, key: &[u8], value: &[u8]) -> Result<StorageValue, ValueError> {
        let (storage, key) = self.decode_storage_key(key)?;
        let value = match (storage.kind, &key) {
            (_, StorageKey::Length) => Value::U32(u32::from_bytes(value)?),
            (StorageKind::Item(ty) | StorageKind::Map(_, ty) | StorageKind::List(ty), _) => {
                self.decode_value(ty, value)?
            }
        };
        Ok(StorageValue { handle: storage.handle.clone(), key, value })
    }

    fn write_key(
        &self,
        id: TypeId,
        value: &Value,
        last: bool,
        depth: u8,
        out: &mut Vec<u8>,
    ) -> Result<(), ValueError> {
        let offset = u32::try_from(out.len()).unwrap_or(u32::MAX);
        let fail = |fault| Err(ValueError::new(offset, fault));
        let ty = self.ty(id).filter(|_| depth < crate::limits::TYPE_DEPTH);
        let Some(ty) = ty else { return fail(ValueFault::NoSuchType(id)) };
        match (ty, value) {
            (Type::Bool, Value::Bool(value)) => out.push(u8::from(*value)),
            (Type::U8, Value::U8(value)) => out.extend_from_slice(&value.to_be_bytes()),
            (Type::U16, Value::U16(value)) => out.extend_from_slice(&value.to_be_bytes()),
            (Type::U32, Value::U32(value)) => out.extend_from_slice(&value.to_be_bytes()),
            (Type::U64, Value::U64(value)) => out.extend_from_slice(&value.to_be_bytes()),
            (Type::U128, Value::U128(value)) => out.extend_from_slice(&value.to_be_bytes()),
            (Type::I8, Value::I8(value)) => signed(out, value.to_be_bytes()),
            (Type::I16, Value::I16(value)) => signed(out, value.to_be_bytes()),
            (Type::I32, Value::I32(value)) => signed(out, value.to_be_bytes()),
            (Type::I64, Value::I64(value)) => signed(out, value.to_be_bytes()),
            (Type::I128, Value::I128(value)) => signed(out, value.to_be_bytes()),
            (Type::Address, Value::Address(value)) => out.extend_from_slice(value.as_bytes()),
            (Type::Hash, Value::Hash(value)) => out.extend_from_slice(value.as_bytes()),
            (Type::String, Value::String(text)) if last => out.extend_from_slice(text.as_bytes()),
            (Type::Bytes, Value::Bytes(bytes)) if last => out.extend_from_slice(bytes),
            (Type::List(inner), Value::Bytes(bytes)) if last && self.is_byte(*inner) => {
                out.extend_from_slice(bytes);
            }
            (Type::Array(inner, count), Value::Bytes(bytes)) if self.is_byte(*inner) => {
                if bytes.len() as u64 != u64::from(*count) {
                    return fail(ValueFault::Mismatch(id));
                }
                out.extend_from_slice(bytes);
            }
            (Type::Tuple(parts), Value::Tuple(values)) if parts.len() == values.len() => {
                for (at, (part, value)) in parts.iter().zip(values).enumerate() {
                    let last = last && at + 1 == parts.len();
                    self.write_key(*part, value, last, depth + 1, out)?;
                }
            }
            _ => return fail(ValueFault::Mismatch(id)),
        }
        Ok(())
    }

    fn is_byte(&self, id: TypeId) -> bool {
        self.ty(id) == Some(&Type::U8)
    }
}

/// Big-endian with the sign bit flipped, so that negative numbers come first.
fn signed<const N: usize>(out: &mut Vec<u8>, mut bytes: [u8; N]) {
    bytes[0] ^= 0x80;
    out.extend_from_slice(&bytes);
}

fn signed_array<const N: usize>(input: &mut Input<'_>) -> Result<[u8; N], ValueError> {
    let mut bytes: [u8; N] = input.array()?;
    bytes[0] ^= 0x80;
    Ok(bytes)
}

impl Decoder<'_> {
    /// A value in key encoding; `last` says that nothing follows it.
    fn key(&mut self, id: TypeId, last: bool, depth: u8) -> Result<Value, ValueError> {
        let ty = self.enter(id, depth)?;
        let input = &mut self.input;
        Ok(match ty {
            Type::Bool => Value::Bool(input.flag()?),
            Type::U8 => Value::U8(input.byte()?),
            Type::U16 => Value::U16(u16::from_be_bytes(input.array()?)),
            Type::U32 => Value::U32(u32::from_be_bytes(input.array()?)),
            Type::U64 => Value::U64(u64::from_be_bytes(input.array()?)),
            Type::U128 => Value::U128(u128::from_be_bytes(input.array()?)),
            Type::I8 => Value::I8(i8::from_be_bytes(signed_array(input)?)),
            Type::I16 => Value::I16(i16::from_be_bytes(signed_array(input)?)),
            Type::I32 => Value::I32(i32::from_be_bytes(signed_array(input)?)),
            Type::I64 => Value::I64(i64::from_be_bytes(signed_array(input)?)),
            Type::I128 => Value::I128(i128::from_be_bytes(signed_array(input)?)),
            Type::Address => Value::Address(Decode::decode(input)?),
            Type::Hash => Value::Hash(Decode::decode(input)?),
            Type::String if last => {
                let start = input.offset();
                let text = core::str::from_utf8(input.take_rest()).map_err(|error| {
                    // Within the key, whose offsets are a u32.
                    let offset = start.saturating_add(error.valid_up_to() as u32);
                    ValueError::new(offset, ValueFault::Codec(Expected::Utf8))
                })?;
                Value::String(String::from(text))
            }
            Type::Bytes if last => Value::Bytes(Bytes::from(input.take_rest())),
            Type::List(inner) if last && self.abi.is_byte(*inner) => {
                Value::Bytes(Bytes::from(input.take_rest()))
            }
            Type::Array(inner, count) if self.abi.is_byte(*inner) => {
                // On a machine of 32 bits a u32 is a usize, too.
                Value::Bytes(Bytes::from(input.take(*count as usize)?))
            }
            Type::Tuple(parts) => {
                let mut values = Vec::with_capacity(parts.len());
                for (at, part) in parts.iter().enumerate() {
                    values.push(self.key(*part, last && at + 1 == parts.len(), depth + 1)?);
                }
                Value::Tuple(values)
            }
            _ => return Err(ValueError::new(input.offset(), ValueFault::NotAKey(id))),
        })
    }
}
