//! Values as they are written on the command line and in JSON, by the type that the ABI says.
//!
//! | type | on the command line | in JSON |
//! |---|---|---|
//! | `bool` | `true`, `false` | the same |
//! | integers | `5`, `-5`, `1_000`, `0xff` | a number, or one of these as a string |
//! | text | as it is | a string |
//! | bytes, lists and arrays of `u8`, hashes | `0x…` | a string |
//! | addresses | `dyt1…`, or 64 digits behind `0x` | a string |
//! | options | `none`, or the value | `null`, or the value; `{"some": …}` of an option in one |
//! | variants without fields | the name | a string |
//! | everything else | its JSON | see below |
//!
//! Lists and tuples are arrays, maps are arrays of pairs, structs are objects, and variants with
//! fields are `{"Name": {…}}`: what is printed can be given again.

use std::fmt;

use clap::Args;
use dytallix::Address;
use dytallix::abi::schema::{Field, Type, TypeId};
use dytallix::abi::{Abi, Bytes, Hash, Value};
use serde_json::Value as Json;

use crate::bytes::{parse_hash, parse_hex};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::values;

/// The arguments of a method.
#[derive(Args, Clone, Debug)]
pub(crate) struct GivenArgs {
    /// The arguments, each as its type says: 5, true, dyt1…, 0x…, text, a variant's name, none, or
    /// JSON.
    #[arg(value_name = "ARGS", allow_negative_numbers = true, value_parser = values::unprotect)]
    args: Vec<String>,
    /// The arguments as JSON: an array in order, or an object by name.
    #[arg(long, value_name = "JSON", conflicts_with_all = ["args", "args_hex"])]
    args_json: Option<String>,
    /// The arguments in their encoding, for contracts that do not say what they take.
    #[arg(long, value_name = "HEX", conflicts_with = "args")]
    args_hex: Option<String>,
}

/// How arguments were given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given<'a> {
    /// Each as text.
    Texts(&'a [String]),
    /// All as JSON.
    Json(&'a str),
    /// As their encoding.
    Hex(&'a str),
}

/// Why something is no value of a type.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// Where, from the outermost in: names and numbers.
    place: Vec<String>,
    expected: String,
    found: String,
}

type Read<T> = Result<T, Mismatch>;

impl GivenArgs {
    /// How they were given.
    pub(crate) fn given(&self) -> Given<'_> {
        match (&self.args_json, &self.args_hex) {
            (Some(json), _) => Given::Json(json),
            (_, Some(hex)) => Given::Hex(hex),
            _ => Given::Texts(&self.args),
        }
    }
}

impl Given<'_> {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Given::Texts([]))
    }

    /// Their encoding, for what takes these parameters.
    pub(crate) fn encode(&self, abi: &Abi, params: &[Field]) -> Result<Vec<u8>, Failure> {
        let signature = || {
            let names = params.iter().map(|p| format!("{}: {}", p.name, abi.type_name(p.ty)));
            format!("({})", names.collect::<Vec<_>>().join(", "))
        };
        let wrong = |cause: String| {
            Failure::new(Exit::Usage, cause)
                .note("takes", signature())
                .way_out("arguments of these types; --args-json takes them as JSON")
        };
        let values = match self {
            Given::Hex(text) => {
                return parse_hex(text)
                    .ok_or_else(|| wrong("--args-hex is not hexadecimal".into()));
            }
            Given::Texts(texts) if texts.len() != params.len() => {
                let (given, takes) = (texts.len(), params.len());
                return Err(wrong(format!("there are {given} arguments, and it takes {takes}")));
            }
            Given::Texts(texts) => {
                let read = params.iter().zip(*texts).map(|(param, text)| {
                    from_text(abi, param.ty, text).map_err(|error| error.within(&param.name))
                });
                read.collect::<Read<Vec<Value>>>()
            }
            Given::Json(text) => {
                let json: Json = serde_json::from_str(text)
                    .map_err(|error| wrong(format!("--args-json is no JSON: {error}")))?;
                values_of(abi, params, &json)
            }
        };
        let values = values.map_err(|error| wrong(format!("argument {error}")))?;
        abi.encode_fields(params, &values).map_err(|error| wrong(error.to_string()))
    }

    /// Their encoding where nothing says what is taken.
    pub(crate) fn encode_unknown(&self) -> Result<Vec<u8>, Failure> {
        let hexadecimal = match self {
            Given::Texts([]) => return Ok(Vec::new()),
            Given::Hex(text) => parse_hex(text),
            _ => None,
        };
        hexadecimal.ok_or_else(|| {
            let cause = "the contract does not say what it takes: it has no ABI section";
            Failure::new(Exit::Usage, cause).way_out("--args-hex with the encoded arguments")
        })
    }
}

impl Mismatch {
    fn new(abi: &Abi, ty: TypeId, found: impl fmt::Display) -> Mismatch {
        let (expected, found) = (abi.type_name(ty), found.to_string());
        Mismatch { place: Vec::new(), expected, found }
    }

    fn within(mut self, place: &str) -> Mismatch {
        self.place.insert(0, place.to_owned());
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { place, expected, found } = self;
        let found = crate::report::plain(found);
        write!(f, "{}: {found} is no {expected}", place.join("."))
    }
}

/// The values of fields: an array in order, or an object by name.
fn values_of(abi: &Abi, fields: &[Field], json: &Json) -> Read<Vec<Value>> {
    let missing = |field: &Field| Mismatch::new(abi, field.ty, "nothing").within(&field.name);
    let unknown = |name: &str| Mismatch {
        place: vec![name.to_owned()],
        expected: "parameter".to_owned(),
        found: name.to_owned(),
    };
    match json {
        Json::Array(items) if items.len() <= fields.len() => fields
            .iter()
            .enumerate()
            .map(|(at, field)| {
                let item = items.get(at).ok_or_else(|| missing(field))?;
                from_json(abi, field.ty, item).map_err(|error| error.within(&field.name))
            })
            .collect(),
        Json::Object(members) => {
            let is_field = |name: &String| fields.iter().any(|field| field.name == *name);
            if let Some(name) = members.keys().find(|name| !is_field(name)) {
                return Err(unknown(name));
            }
            let read = fields.iter().map(|field| {
                let item = members.get(&field.name).ok_or_else(|| missing(field))?;
                from_json(abi, field.ty, item).map_err(|error| error.within(&field.name))
            });
            read.collect()
        }
        _ => Err(unknown(&json.to_string())),
    }
}

/// The value that a text on the command line is.
pub(crate) fn from_text(abi: &Abi, ty: TypeId, text: &str) -> Read<Value> {
    let wrong = || Mismatch::new(abi, ty, format!("{text:?}"));
    match abi.ty(ty) {
        Some(Type::String) => Ok(Value::String(text.to_owned())),
        Some(Type::Option(_)) if matches!(text, "none" | "null") => Ok(Value::Option(None)),
        Some(Type::Option(inner)) if !matches!(abi.ty(*inner), Some(Type::Option(_))) => {
            Ok(Value::Option(Some(Box::new(from_text(abi, *inner, text)?))))
        }
        Some(Type::List(_) | Type::Array(..)) if text.starts_with("0x") => {
            from_json(abi, ty, &text.into())
        }
        Some(
            Type::Option(_)
            | Type::List(_)
            | Type::Array(..)
            | Type::Set(_)
            | Type::Map(..)
            | Type::Tuple(_)
            | Type::Struct { .. },
        ) => {
            let json = serde_json::from_str(text).map_err(|_| wrong())?;
            from_json(abi, ty, &json)
        }
        Some(Type::Enum { .. }) => match serde_json::from_str(text) {
            Ok(json) => from_json(abi, ty, &json),
            Err(_) => from_json(abi, ty, &text.into()),
        },
        _ => from_json(abi, ty, &text.into()),
    }
}

/// The value that JSON is, in the form in which values are printed.
pub(crate) fn from_json(abi: &Abi, ty: TypeId, json: &Json) -> Read<Value> {
    let wrong = || Mismatch::new(abi, ty, json);
    let Some(kind) = abi.ty(ty) else { return Err(wrong()) };
    if let Some(value) = primitive(kind, json) {
        return Ok(value);
    }
    match (kind, json) {
        (Type::Option(_), Json::Null) => Ok(Value::Option(None)),
        (Type::Option(inner), json) => {
            let is_nested = matches!(abi.ty(*inner), Some(Type::Option(_)));
            let json = if is_nested { json.get("some").ok_or_else(wrong)? } else { json };
            Ok(Value::Option(Some(Box::new(from_json(abi, *inner, json)?))))
        }
        (Type::List(inner) | Type::Array(inner, _), Json::String(text)) => {
            let bytes = text.starts_with("0x").then(|| parse_hex(text)).flatten();
            let bytes = bytes.filter(|_| abi.ty(*inner) == Some(&Type::U8)).ok_or_else(wrong)?;
            let fits = !matches!(kind, Type::Array(_, count) if *count as usize != bytes.len());
            if fits { Ok(Value::Bytes(Bytes::from(bytes))) } else { Err(wrong()) }
        }
        (Type::List(inner) | Type::Array(inner, _) | Type::Set(inner), Json::Array(items)) => {
            let mut values = elements(abi, *inner, items)?;
            match kind {
                Type::Set(_) => values.sort(),
                Type::Array(_, count) if *count as usize != values.len() => return Err(wrong()),
                _ => {}
            }
            match abi.ty(*inner) {
                Some(Type::U8) => Ok(Value::Bytes(bytes_of(&values))),
                _ => Ok(Value::List(values)),
            }
        }
        (Type::Tuple(parts), Json::Array(items)) if parts.len() == items.len() => {
            let read = parts.iter().zip(items).enumerate().map(|(at, (part, item))| {
                from_json(abi, *part, item).map_err(|error| error.within(&at.to_string()))
            });
            Ok(Value::Tuple(read.collect::<Read<_>>()?))
        }
        (Type::Map(key, value), Json::Array(items)) => {
            let pair = |item: &Json| match item.as_array().map(Vec::as_slice) {
                Some([k, v]) => Ok((from_json(abi, *key, k)?, from_json(abi, *value, v)?)),
                _ => Err(wrong()),
            };
            let mut pairs = items.iter().map(pair).collect::<Read<Vec<_>>>()?;
            pairs.sort();
            Ok(Value::Map(pairs))
        }
        (Type::Struct { name, fields }, Json::Object(_) | Json::Array(_)) => {
            let fields = named(abi, fields, json)?;
            Ok(Value::Struct { name: name.clone(), fields })
        }
        (Type::Enum { variants, .. }, _) => {
            let (name, inner) = match json {
                Json::String(name) => (name, Json::Object(Default::default())),
                Json::Object(members) if members.len() == 1 => {
                    let (name, inner) = members.iter().next().ok_or_else(wrong)?;
                    (name, inner.clone())
                }
                _ => return Err(wrong()),
            };
            let variant = variants.iter().find(|variant| variant.name == *name);
            let variant = variant.ok_or_else(wrong)?;
            let fields = named(abi, &variant.fields, &inner).map_err(|e| e.within(name))?;
            Ok(Value::Enum { index: variant.index, variant: name.clone(), fields })
        }
        _ => Err(wrong()),
    }
}

fn elements(abi: &Abi, ty: TypeId, items: &[Json]) -> Read<Vec<Value>> {
    let read = items
        .iter()
        .enumerate()
        .map(|(at, item)| from_json(abi, ty, item).map_err(|error| error.within(&at.to_string())));
    read.collect()
}

fn bytes_of(values: &[Value]) -> Bytes {
    let byte = |value: &Value| if let Value::U8(byte) = value { Some(*byte) } else { None };
    Bytes::from(values.iter().filter_map(byte).collect::<Vec<u8>>())
}

fn named(abi: &Abi, fields: &[Field], json: &Json) -> Read<Vec<(String, Value)>> {
    let values = values_of(abi, fields, json)?;
    Ok(fields.iter().map(|field| field.name.clone()).zip(values).collect())
}

/// A value without parts.
fn primitive(ty: &Type, json: &Json) -> Option<Value> {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(value) if *ty == Type::Bool => return Some(Value::Bool(*value)),
        _ => return None,
    };
    let is_text = json.is_string();
    Some(match ty {
        Type::Bool => Value::Bool(text.parse().ok()?),
        Type::U8 => Value::U8(unsigned(&text)?),
        Type::U16 => Value::U16(unsigned(&text)?),
        Type::U32 => Value::U32(unsigned(&text)?),
        Type::U64 => Value::U64(unsigned(&text)?),
        Type::U128 => Value::U128(unsigned(&text)?),
        Type::I8 => Value::I8(signed(&text)?),
        Type::I16 => Value::I16(signed(&text)?),
        Type::I32 => Value::I32(signed(&text)?),
        Type::I64 => Value::I64(signed(&text)?),
        Type::I128 => Value::I128(signed(&text)?),
        Type::String if is_text => Value::String(text),
        Type::Bytes if text.starts_with("0x") => Value::Bytes(Bytes::from(parse_hex(&text)?)),
        Type::Hash if is_text => Value::Hash(Hash::new(parse_hash(&text)?)),
        Type::Address if is_text => Value::Address(address(&text)?.into()),
        _ => return None,
    })
}

/// An address as `dyt1…`, or as the values of an ABI are printed: 64 digits behind `0x`.
fn address(text: &str) -> Option<Address> {
    match text.starts_with("0x") {
        true => parse_hash(text).map(Address::from_bytes),
        false => text.parse().ok(),
    }
}

/// An unsigned number, decimal or hexadecimal, whose digits may be set apart by `_`.
fn unsigned<T: TryFrom<u128>>(text: &str) -> Option<T> {
    let digits = text.replace('_', "");
    let number = match digits.strip_prefix("0x") {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
            u128::from_str_radix(digits, 16).ok()?
        }
        None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    T::try_from(number).ok()
}

fn signed<T: TryFrom<i128>>(text: &str) -> Option<T> {
    let number = match text.strip_prefix('-') {
        Some(digits) => {
            let magnitude: u128 = unsigned(digits)?;
            let is_least = magnitude == i128::MIN.unsigned_abs();
            if is_least { i128::MIN } else { -i128::try_from(magnitude).ok()? }
        }
        None => unsigned::<i128>(text)?,
    };
    T::try_from(number).ok()
}

/// A value for programs, with addresses as `dyt1…`.
pub(crate) fn value_json(value: &Value) -> Json {
    let text = value.to_json_with(&|address| Address::from(*address).to_string());
    // It is JSON that was just written.
    serde_json::from_str(&text).unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dytallix::abi::schema::Variant;

    /// Types by number, as the test below names them.
    fn abi() -> Abi {
        let field = |name: &str, ty| Field { name: name.to_owned(), ty: TypeId(ty) };
        let variant = |index, name: &str, fields| Variant { index, name: name.to_owned(), fields };
        let types = vec![
            Type::Bool,                                                     // 0
            Type::U8,                                                       // 1
            Type::U128,                                                     // 2
            Type::I8,                                                       // 3
            Type::I128,                                                     // 4
            Type::String,                                                   // 5
            Type::Bytes,                                                    // 6
            Type::Address,                                                  // 7
            Type::Hash,                                                     // 8
            Type::Option(TypeId(2)),                                        // 9
            Type::Option(TypeId(9)),                                        // 10
            Type::List(TypeId(2)),                                          // 11
            Type::Array(TypeId(1), 2),                                      // 12
            Type::Set(TypeId(2)),                                           // 13
            Type::Map(TypeId(2), TypeId(0)),                                // 14
            Type::Tuple(vec![TypeId(0), TypeId(2)]),                        // 15
            Type::Struct { name: "S".into(), fields: vec![field("a", 2)] }, // 16
            Type::Enum {
                name: "E".into(),
                variants: vec![variant(0, "No", vec![]), variant(1, "Yes", vec![field("by", 2)])],
            }, // 17
        ];
        let (methods, events, errors, storage) = (vec![], vec![], vec![], vec![]);
        let (capabilities, docs) = (Default::default(), String::new());
        Abi {
            name: "X".into(),
            schema: 1,
            capabilities,
            types,
            methods,
            events,
            errors,
            storage,
            docs,
        }
    }

    #[test]
    fn texts_are_values_and_come_back_from_what_is_printed() {
        let abi = abi();
        let address = Address::from_bytes([7; 32]).to_string();
        let hash = format!("0x{}", "ab".repeat(32));
        let least = i128::MIN.to_string();
        for (ty, text, expected) in [
            (0, "true", "true"),
            (1, "255", "255"),
            (2, "1_000", "\"1000\""),
            (2, "0xff", "\"255\""),
            (3, "-128", "-128"),
            (4, least.as_str(), &format!("\"{least}\"")),
            (5, "-5 \"", "\"-5 \\\"\""),
            (6, "0x0aff", "\"0x0aff\""),
            (7, &address, &format!("\"{address}\"")),
            (8, &hash, &format!("\"{hash}\"")),
            (9, "none", "null"),
            (9, "5", "\"5\""),
            (10, "null", "null"),
            (10, "{\"some\": null}", "{\"some\":null}"),
            (11, "[1, \"2\"]", "[\"1\",\"2\"]"),
            (12, "0x0102", "\"0x0102\""),
            (12, "[1, 2]", "\"0x0102\""),
            (13, "[2, 1]", "[\"1\",\"2\"]"),
            (14, "[[2, true], [1, false]]", "[[\"1\",false],[\"2\",true]]"),
            (15, "[true, 5]", "[true,\"5\"]"),
            (16, "{\"a\": 5}", "{\"a\":\"5\"}"),
            (16, "[5]", "{\"a\":\"5\"}"),
            (17, "No", "\"No\""),
            (17, "{\"Yes\": {\"by\": 5}}", "{\"Yes\":{\"by\":\"5\"}}"),
        ] {
            let value = from_text(&abi, TypeId(ty), text).unwrap_or_else(|e| panic!("{text}{e}"));
            assert_eq!(value_json(&value).to_string(), expected, "{text}");
            assert!(abi.encode_value(TypeId(ty), &value).is_ok(), "{text}");
            let again = from_json(&abi, TypeId(ty), &value_json(&value)).expect(text);
            assert_eq!(again, value, "{text}");
        }
    }

    #[test]
    fn what_is_no_value_of_the_type_is_told_with_its_place() {
        let abi = abi();
        for (ty, text, expected) in [
            (0, "yes", ": \"yes\" is no bool"),
            (1, "256", ": \"256\" is no u8"),
            (1, "-1", ": \"-1\" is no u8"),
            (3, "-129", ": \"-129\" is no i8"),
            (2, "0x", ": \"0x\" is no u128"),
            (6, "abc", ": \"abc\" is no Bytes"),
            (7, "dyt1", ": \"dyt1\" is no Address"),
            (8, "0x12", ": \"0x12\" is no Hash"),
            (11, "[1, true]", "1: true is no u128"),
            (12, "0x010203", ": \"0x010203\" is no [u8; 2]"),
            (15, "[true]", ": [true] is no (bool, u128)"),
            (16, "{\"b\": 5}", "b: b is no parameter"),
            (16, "{}", "a: nothing is no u128"),
            (17, "Maybe", ": \"Maybe\" is no E"),
            (17, "{\"Yes\": {}}", "Yes.by: nothing is no u128"),
        ] {
            let error = from_text(&abi, TypeId(ty), text).expect_err(text);
            assert_eq!(error.to_string(), expected);
        }
    }
}
