//! Values as text for people, close to how Rust writes them.

use alloc::string::String;
use core::fmt;

use super::Value;
use crate::codec::Address;

/// Writes an address as text.
pub(super) type AddressText<'a> = &'a dyn Fn(&Address) -> String;

/// An address in hexadecimal: how one is shown by itself.
pub(super) fn hexadecimal(address: &Address) -> String {
    alloc::format!("{address}")
}

/// A value, to be shown with addresses in the chain's own form.
pub(super) struct Shown<'a>(pub(super) &'a Value, pub(super) AddressText<'a>);

impl Value {
    /// The value as text, with each address as `address` writes it; by itself an address is shown
    /// in hexadecimal.
    pub fn shown<'a>(&'a self, address: &'a dyn Fn(&Address) -> String) -> impl fmt::Display + 'a {
        Shown(self, address)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(self, &hexadecimal).fmt(f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(value, address) = *self;
        match value {
            Value::Bool(value) => write!(f, "{value}"),
            Value::U8(value) => write!(f, "{value}"),
            Value::U16(value) => write!(f, "{value}"),
            Value::U32(value) => write!(f, "{value}"),
            Value::U64(value) => write!(f, "{value}"),
            Value::U128(value) => write!(f, "{value}"),
            Value::I8(value) => write!(f, "{value}"),
            Value::I16(value) => write!(f, "{value}"),
            Value::I32(value) => write!(f, "{value}"),
            Value::I64(value) => write!(f, "{value}"),
            Value::I128(value) => write!(f, "{value}"),
            // Escaped: what a contract stores can not steer a terminal.
            Value::String(text) => write!(f, "{text:?}"),
            Value::Bytes(bytes) => write!(f, "{bytes:?}"),
            Value::Address(value) => f.write_str(&address(value)),
            Value::Hash(hash) => write!(f, "{hash}"),
            Value::Option(None) => f.write_str("None"),
            Value::Option(Some(value)) => write!(f, "Some({})", Shown(value, address)),
            Value::List(items) => {
                f.write_str("[")?;
                separated(f, items, |f, item| Shown(item, address).fmt(f))?;
                f.write_str("]")
            }
            Value::Tuple(items) => {
                f.write_str("(")?;
                separated(f, items, |f, item| Shown(item, address).fmt(f))?;
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Value::Map(pairs) => {
                f.write_str("{")?;
                separated(f, pairs, |f, (key, value)| {
                    write!(f, "{}: {}", Shown(key, address), Shown(value, address))
                })?;
                f.write_str("}")
            }
            Value::Struct { name, fields } | Value::Enum { variant: name, fields, .. } => {
                show_named(f, name, fields, address)
            }
        }
    }
}

/// A name and named fields, as structs, events and errors are shown.
pub(super) fn show_named(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    fields: &[(String, Value)],
    address: AddressText<'_>,
) -> fmt::Result {
    f.write_str(name)?;
    if fields.is_empty() {
        return Ok(());
    }
    f.write_str(" { ")?;
    separated(f, fields, |f, (name, value)| write!(f, "{name}: {}", Shown(value, address)))?;
    f.write_str(" }")
}

fn separated<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    show: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        show(f, item)?;
    }
    Ok(())
}
