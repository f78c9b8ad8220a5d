//! From bytes to values.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::{ValueError, ValueFault};
use super::{VALUES, Value};
use crate::codec::{Bytes, Decode, Expected, Input};
use crate::schema::{Abi, Field, Type, TypeId};
use crate::section::limits;

impl Abi {
    /// The value of type `ty` that `bytes` encode, all of them.
    ///
    /// # Errors
    ///
    /// If they are not its canonical encoding, or stand for more than [`VALUES`] values.
    pub fn decode_value(&self, ty: TypeId, bytes: &[u8]) -> Result<Value, ValueError> {
        let mut decoder = Decoder::new(self, bytes);
        let value = decoder.value(ty, 0)?;
        decoder.finish()?;
        Ok(value)
    }

    /// The values of `fields` by name: the arguments of a method, for example.
    ///
    /// # Errors
    ///
    /// As [`Abi::decode_value`].
    pub fn decode_fields(
        &self,
        fields: &[Field],
        bytes: &[u8],
    ) -> Result<Vec<(String, Value)>, ValueError> {
        let mut decoder = Decoder::new(self, bytes);
        let values = decoder.fields(fields, 0)?;
        decoder.finish()?;
        Ok(values)
    }
}

/// Decodes values from one input. It recurses as deep as types nest, which a decoded table bounds
/// and `depth` bounds for others; it makes at most [`VALUES`] values.
pub(super) struct Decoder<'a> {
    pub(super) abi: &'a Abi,
    pub(super) input: Input<'a>,
    left: u32,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(abi: &'a Abi, bytes: &'a [u8]) -> Decoder<'a> {
        Decoder { abi, input: Input::new(bytes), left: VALUES }
    }

    pub(super) fn finish(self) -> Result<(), ValueError> {
        Ok(self.input.finish()?)
    }

    /// The type at depth `depth`, and one value less that may be made.
    pub(super) fn enter(&mut self, id: TypeId, depth: u8) -> Result<&'a Type, ValueError> {
        let offset = self.input.offset();
        let ty = self.abi.ty(id).filter(|_| depth < limits::TYPE_DEPTH);
        let Some(left) = self.left.checked_sub(1) else {
            return Err(ValueError::new(offset, ValueFault::TooMany));
        };
        self.left = left;
        ty.ok_or(ValueError::new(offset, ValueFault::NoSuchType(id)))
    }

    pub(super) fn value(&mut self, id: TypeId, depth: u8) -> Result<Value, ValueError> {
        let ty = self.enter(id, depth)?;
        let depth = depth + 1;
        let input = &mut self.input;
        Ok(match ty {
            Type::Bool => Value::Bool(bool::decode(input)?),
            Type::U8 => Value::U8(u8::decode(input)?),
            Type::U16 => Value::U16(u16::decode(input)?),
            Type::U32 => Value::U32(u32::decode(input)?),
            Type::U64 => Value::U64(u64::decode(input)?),
            Type::U128 => Value::U128(u128::decode(input)?),
            Type::I8 => Value::I8(i8::decode(input)?),
            Type::I16 => Value::I16(i16::decode(input)?),
            Type::I32 => Value::I32(i32::decode(input)?),
            Type::I64 => Value::I64(i64::decode(input)?),
            Type::I128 => Value::I128(i128::decode(input)?),
            Type::String => Value::String(String::decode(input)?),
            Type::Bytes => Value::Bytes(Bytes::decode(input)?),
            Type::Address => Value::Address(Decode::decode(input)?),
            Type::Hash => Value::Hash(Decode::decode(input)?),
            Type::Option(inner) => Value::Option(match input.flag()? {
                false => None,
                true => Some(Box::new(self.value(*inner, depth)?)),
            }),
            Type::List(inner) => {
                let count = input.length()?;
                self.elements(*inner, count, depth)?
            }
            // On a machine of 32 bits a u32 is a usize, too.
            Type::Array(inner, count) => self.elements(*inner, *count as usize, depth)?,
            Type::Set(inner) => Value::List(self.set(*inner, depth)?),
            Type::Map(key, value) => Value::Map(self.map(*key, *value, depth)?),
            Type::Tuple(parts) => Value::Tuple(
                parts.iter().map(|part| self.value(*part, depth)).collect::<Result<_, _>>()?,
            ),
            Type::Struct { name, fields } => {
                Value::Struct { name: name.clone(), fields: self.fields(fields, depth)? }
            }
            Type::Enum { variants, .. } => {
                let start = input.clone();
                let index = input.byte()?;
                let variant = variants.iter().find(|variant| variant.index == index);
                let variant = variant.ok_or(start.error(Expected::Variant))?;
                Value::Enum {
                    index,
                    variant: variant.name.clone(),
                    fields: self.fields(&variant.fields, depth)?,
                }
            }
        })
    }

    pub(super) fn fields(
        &mut self,
        fields: &[Field],
        depth: u8,
    ) -> Result<Vec<(String, Value)>, ValueError> {
        fields.iter().map(|field| Ok((field.name.clone(), self.value(field.ty, depth)?))).collect()
    }

    /// The elements of a list or array, of `u8` as bytes.
    fn elements(&mut self, inner: TypeId, count: usize, depth: u8) -> Result<Value, ValueError> {
        if self.abi.ty(inner) == Some(&Type::U8) {
            return Ok(Value::Bytes(Bytes::from(self.input.take(count)?)));
        }
        // Without a capacity: `left` bounds how far the loop comes.
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.value(inner, depth)?);
        }
        Ok(Value::List(items))
    }

    fn set(&mut self, inner: TypeId, depth: u8) -> Result<Vec<Value>, ValueError> {
        let mut items: Vec<Value> = Vec::new();
        for _ in 0..self.input.length()? {
            let start = self.input.clone();
            let item = self.value(inner, depth)?;
            if items.last().is_some_and(|last| *last >= item) {
                return Err(start.error(Expected::Ascending).into());
            }
            items.push(item);
        }
        Ok(items)
    }

    fn map(
        &mut self,
        key: TypeId,
        value: TypeId,
        depth: u8,
    ) -> Result<Vec<(Value, Value)>, ValueError> {
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        for _ in 0..self.input.length()? {
            let start = self.input.clone();
            let key = self.value(key, depth)?;
            if pairs.last().is_some_and(|(last, _)| *last >= key) {
                return Err(start.error(Expected::Ascending).into());
            }
            pairs.push((key, self.value(value, depth)?));
        }
        Ok(pairs)
    }
}
