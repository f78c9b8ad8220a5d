//! Revert data by name.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Value;
use super::decode::Decoder;
use super::error::{ValueError, ValueFault};
use super::json::write_fields;
use super::show::{AddressText, hexadecimal, show_named};
use crate::codec::{Address, Bytes, Input};
use crate::codes::{CallStatus, SdkError};
use crate::json::Json;
use crate::schema::Abi;

/// Revert data, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Revert {
    /// The contract reverted without data.
    Empty,
    /// An error of the contract.
    Contract {
        /// Its name.
        name: String,
        /// Its fields by name.
        fields: Vec<(String, Value)>,
        /// Its doc text.
        docs: String,
    },
    /// The contract panicked.
    Panic(String),
    /// A call failed whose success the contract relied on.
    CallFailed {
        /// Number of the [`CallStatus`].
        status: i32,
        /// What the callee returned or reverted with; its own ABI says what that is.
        data: Bytes,
    },
    /// Another error of the SDK, which has no data.
    Sdk(SdkError),
}

impl Abi {
    /// What revert data says.
    ///
    /// # Errors
    ///
    /// If neither the contract nor the SDK has this error, or its fields do not decode.
    pub fn decode_revert(&self, data: &[u8]) -> Result<Revert, ValueError> {
        let Some(&index) = data.first() else { return Ok(Revert::Empty) };
        if index >= SdkError::FIRST {
            return Revert::decode_sdk(data);
        }
        let error = self.error(index);
        let error = error.ok_or(ValueError::new(0, ValueFault::NoSuchError))?;
        let mut decoder = Decoder::new(self, data);
        decoder.input.byte()?;
        let fields = decoder.fields(&error.fields, 0)?;
        decoder.finish()?;
        Ok(Revert::Contract { name: error.name.clone(), fields, docs: error.docs.clone() })
    }
}

impl Revert {
    /// What revert data says without an ABI: only errors of the SDK.
    ///
    /// # Errors
    ///
    /// If it is another error, or its fields do not decode.
    pub fn decode_sdk(data: &[u8]) -> Result<Revert, ValueError> {
        if data.is_empty() {
            return Ok(Revert::Empty);
        }
        let mut input = Input::new(data);
        let code = SdkError::from_code(input.byte()?);
        let revert = match code.ok_or(ValueError::new(0, ValueFault::NoSuchError))? {
            SdkError::Panic => {
                Revert::Panic(String::from_utf8_lossy(input.take_rest()).into_owned())
            }
            SdkError::CallFailed => Revert::CallFailed {
                status: i32::from_le_bytes(input.array()?),
                data: Bytes::from(input.take_rest()),
            },
            error => Revert::Sdk(error),
        };
        input.finish()?;
        Ok(revert)
    }

    /// The name of the error: that of the contract's variant or of the [`SdkError`].
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Revert::Empty => "Empty",
            Revert::Contract { name, .. } => name,
            Revert::Panic(_) => "Panic",
            Revert::CallFailed { .. } => "CallFailed",
            Revert::Sdk(SdkError::BadArguments) => "BadArguments",
            Revert::Sdk(SdkError::ArithmeticOverflow) => "ArithmeticOverflow",
            Revert::Sdk(SdkError::StoredBytes) => "StoredBytes",
            Revert::Sdk(SdkError::NotPermitted) => "NotPermitted",
            Revert::Sdk(SdkError::Panic | SdkError::CallFailed) => "Malformed",
        }
    }

    /// The error as JSON on one line, with each address as `address` writes it: `{"by": "contract"
    /// or "sdk" or "nobody", "error": name, "fields": {…}}`.
    #[must_use]
    pub fn to_json_with(&self, address: &dyn Fn(&Address) -> String) -> String {
        let mut json = Json::compact();
        json.object(|json| {
            json.member("by").string(match self {
                Revert::Empty => "nobody",
                Revert::Contract { .. } => "contract",
                _ => "sdk",
            });
            json.member("error").string(self.name());
            let fields = json.member("fields");
            match self {
                Revert::Contract { fields: own, .. } => write_fields(fields, own, address),
                Revert::Panic(message) => {
                    fields.object(|json| json.member("message").string(message));
                }
                Revert::CallFailed { status, data } => fields.object(|json| {
                    json.member("status").plain(status);
                    json.member("data").quoted(format_args!("{data:?}"));
                }),
                Revert::Empty | Revert::Sdk(_) => fields.object(|_| {}),
            }
        });
        json.finish()
    }

    /// The error as JSON on one line, with addresses in hexadecimal.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_with(&hexadecimal)
    }

    /// The error as text, with each address as `address` writes it.
    pub fn shown<'a>(&'a self, address: &'a dyn Fn(&Address) -> String) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| self.show(f, address))
    }

    fn show(&self, f: &mut fmt::Formatter<'_>, address: AddressText<'_>) -> fmt::Result {
        match self {
            Revert::Empty => f.write_str("reverted without data"),
            Revert::Contract { name, fields, .. } => show_named(f, name, fields, address),
            Revert::Panic(message) => write!(f, "Panic: {message:?}"),
            Revert::CallFailed { status, data } => {
                match CallStatus::from_code(*status) {
                    Some(known) => write!(f, "CallFailed: {known:?}")?,
                    None => write!(f, "CallFailed: status {status}")?,
                }
                if data.is_empty() { Ok(()) } else { write!(f, ", data {data:?}") }
            }
            Revert::Sdk(_) => f.write_str(self.name()),
        }
    }
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f, &hexadecimal)
    }
}
