//! From values to bytes.

use alloc::vec::Vec;

use super::Value;
use super::error::{ValueError, ValueFault};
use crate::codec::{Encode, Expected};
use crate::schema::{Abi, Field, Type, TypeId};
use crate::section::limits;

impl Abi {
    /// The canonical encoding of `value`, which must be of type `ty` exactly; names of structs,
    /// variants and fields included.
    ///
    /// # Errors
    ///
    /// If it is of another type, or the elements of a set or the keys of a map do not ascend.
    pub fn encode_value(&self, ty: TypeId, value: &Value) -> Result<Vec<u8>, ValueError> {
        let mut out = Vec::new();
        Encoder { abi: self, out: &mut out }.value(ty, value, 0)?;
        Ok(out)
    }

    /// The encoding of the values of `fields`, in order: the arguments of a method, for example.
    ///
    /// # Errors
    ///
    /// As [`Abi::encode_value`], and if there are more or fewer values than fields.
    pub fn encode_fields<'v>(
        &self,
        fields: &[Field],
        values: impl IntoIterator<Item = &'v Value>,
    ) -> Result<Vec<u8>, ValueError> {
        let mut out = Vec::new();
        let mut values = values.into_iter();
        for field in fields {
            let value = values.next().ok_or(error(&out, ValueFault::FieldCount))?;
            Encoder { abi: self, out: &mut out }.value(field.ty, value, 0)?;
        }
        match values.next() {
            None => Ok(out),
            Some(_) => Err(error(&out, ValueFault::FieldCount)),
        }
    }
}

fn error(out: &[u8], fault: ValueFault) -> ValueError {
    ValueError::new(u32::try_from(out.len()).unwrap_or(u32::MAX), fault)
}

struct Encoder<'a> {
    abi: &'a Abi,
    out: &'a mut Vec<u8>,
}

impl Encoder<'_> {
    fn fail(&self, fault: ValueFault) -> ValueError {
        error(self.out, fault)
    }

    fn count(&mut self, count: usize) -> Result<(), ValueError> {
        let count = u32::try_from(count).map_err(|_| self.fail(ValueFault::TooMany))?;
        count.encode(self.out);
        Ok(())
    }

    fn value(&mut self, id: TypeId, value: &Value, depth: u8) -> Result<(), ValueError> {
        let Some(ty) = self.abi.ty(id).filter(|_| depth < limits::TYPE_DEPTH) else {
            return Err(self.fail(ValueFault::NoSuchType(id)));
        };
        let depth = depth + 1;
        match (ty, value) {
            (Type::Bool, Value::Bool(value)) => value.encode(self.out),
            (Type::U8, Value::U8(value)) => value.encode(self.out),
            (Type::U16, Value::U16(value)) => value.encode(self.out),
            (Type::U32, Value::U32(value)) => value.encode(self.out),
            (Type::U64, Value::U64(value)) => value.encode(self.out),
            (Type::U128, Value::U128(value)) => value.encode(self.out),
            (Type::I8, Value::I8(value)) => value.encode(self.out),
            (Type::I16, Value::I16(value)) => value.encode(self.out),
            (Type::I32, Value::I32(value)) => value.encode(self.out),
            (Type::I64, Value::I64(value)) => value.encode(self.out),
            (Type::I128, Value::I128(value)) => value.encode(self.out),
            (Type::Address, Value::Address(value)) => value.encode(self.out),
            (Type::Hash, Value::Hash(value)) => value.encode(self.out),
            (Type::String, Value::String(text)) => {
                self.count(text.len())?;
                self.out.extend_from_slice(text.as_bytes());
            }
            (Type::Bytes, Value::Bytes(bytes)) => {
                self.count(bytes.len())?;
                self.out.extend_from_slice(bytes);
            }
            (Type::Option(_), Value::Option(None)) => self.out.push(0),
            (Type::Option(inner), Value::Option(Some(value))) => {
                self.out.push(1);
                self.value(*inner, value, depth)?;
            }
            _ => self.many(id, ty, value, depth)?,
        }
        Ok(())
    }

    /// Types with any number of values.
    fn many(&mut self, id: TypeId, ty: &Type, value: &Value, depth: u8) -> Result<(), ValueError> {
        let mismatch = self.fail(ValueFault::Mismatch(id));
        match (ty, value) {
            (Type::List(inner), _) => {
                let count = self.count_of(*inner, value).ok_or(mismatch)?;
                self.count(count)?;
                self.elements(*inner, value, depth)
            }
            (Type::Array(inner, count), _) => {
                if self.count_of(*inner, value).and_then(|n| u32::try_from(n).ok()) != Some(*count)
                {
                    return Err(mismatch);
                }
                self.elements(*inner, value, depth)
            }
            (Type::Set(inner), Value::List(items)) => {
                self.count(items.len())?;
                for (at, item) in items.iter().enumerate() {
                    if at > 0 && items[at - 1] >= *item {
                        return Err(self.fail(ValueFault::Codec(Expected::Ascending)));
                    }
                    self.value(*inner, item, depth)?;
                }
                Ok(())
            }
            (Type::Map(key_type, value_type), Value::Map(pairs)) => {
                self.count(pairs.len())?;
                for (at, (key, value)) in pairs.iter().enumerate() {
                    if at > 0 && pairs[at - 1].0 >= *key {
                        return Err(self.fail(ValueFault::Codec(Expected::Ascending)));
                    }
                    self.value(*key_type, key, depth)?;
                    self.value(*value_type, value, depth)?;
                }
                Ok(())
            }
            (Type::Tuple(parts), Value::Tuple(values)) if parts.len() == values.len() => {
                parts.iter().zip(values).try_for_each(|(ty, value)| self.value(*ty, value, depth))
            }
            (Type::Struct { name, fields }, Value::Struct { name: own, fields: values })
                if name == own =>
            {
                self.fields(id, fields, values, depth)
            }
            (Type::Enum { variants, .. }, Value::Enum { index, variant: name, fields }) => {
                let variant = variants.iter().find(|v| v.index == *index && v.name == *name);
                let variant = variant.ok_or(mismatch)?;
                self.out.push(*index);
                self.fields(id, &variant.fields, fields, depth)
            }
            _ => Err(mismatch),
        }
    }

    /// How many elements the value of a list or array has: bytes where they are `u8`.
    fn count_of(&self, inner: TypeId, value: &Value) -> Option<usize> {
        match (self.abi.ty(inner), value) {
            (Some(Type::U8), Value::Bytes(bytes)) => Some(bytes.len()),
            (Some(Type::U8), _) => None,
            (_, Value::List(items)) => Some(items.len()),
            _ => None,
        }
    }

    /// The elements of a list or array.
    fn elements(&mut self, inner: TypeId, value: &Value, depth: u8) -> Result<(), ValueError> {
        match value {
            Value::Bytes(bytes) => self.out.extend_from_slice(bytes),
            Value::List(items) => {
                items.iter().try_for_each(|item| self.value(inner, item, depth))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn fields(
        &mut self,
        id: TypeId,
        fields: &[Field],
        values: &[(alloc::string::String, Value)],
        depth: u8,
    ) -> Result<(), ValueError> {
        let same_names = fields.iter().map(|field| &field.name).eq(values.iter().map(|(n, _)| n));
        if !same_names {
            return Err(self.fail(ValueFault::Mismatch(id)));
        }
        fields
            .iter()
            .zip(values)
            .try_for_each(|(field, (_, value))| self.value(field.ty, value, depth))
    }
}
