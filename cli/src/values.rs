//! Values as they are written on the command line and printed.
//!
//! | type | written as |
//! |---|---|
//! | integers | decimal, signed or unsigned (`-1`, `4294967295`), or hexadecimal (`0xff`, `-0x1`) |
//! | floats | decimal (`1.5`, `-2e9`), `inf`, `nan`, `nan:0x1` (payload), `0x7fc00000` (bits) |
//! | references | `null` |
//!
//! What is printed can be given as an argument again.

use std::ffi::OsString;

use dytallix::vm::Value;
use dytallix::wasm::ValType;

/// Stands before a value that the parser of the command line would take for an option.
const PROTECTED: char = '\u{1}';

/// Protects `-inf`, `-nan` and `-0x…` from being taken for options; negative decimals need no help.
/// What begins like a protected one is protected too, so that [`unprotect`] gives back every text.
pub(crate) fn protect(arg: OsString) -> OsString {
    let is_value = |text: &str| {
        text.starts_with(PROTECTED)
            || ["-inf", "-nan", "-0x"].iter().any(|start| text.starts_with(start))
    };
    match arg.to_str() {
        Some(text) if is_value(text) => format!("{PROTECTED}{text}").into(),
        _ => arg,
    }
}

/// Undoes [`protect`]: a parser for clap, which cannot fail.
pub(crate) fn unprotect(arg: &str) -> Result<String, std::convert::Infallible> {
    Ok(arg.strip_prefix(PROTECTED).unwrap_or(arg).to_owned())
}

/// Reads an argument of a type; `None` where it is none.
pub(crate) fn parse(text: &str, ty: ValType) -> Option<Value> {
    match ty {
        ValType::I32 => integer(text, 32).map(|v| Value::I32(v as u32 as i32)),
        ValType::I64 => integer(text, 64).map(|v| Value::I64(v as i64)),
        ValType::F32 => {
            float(text, &Format { bits: 32, mantissa: 23 }, |t| t.parse().ok().map(f32_bits))
                .map(|bits| Value::F32(bits as u32))
        }
        ValType::F64 => {
            float(text, &Format { bits: 64, mantissa: 52 }, |t| t.parse().ok().map(f64::to_bits))
                .map(Value::F64)
        }
        ValType::Ref(_) => (text == "null").then(|| Value::default_of(ty)),
        ValType::V128 => None,
    }
}

/// What [`parse`] takes for a type, for messages.
pub(crate) fn expected(ty: ValType) -> &'static str {
    match ty {
        ValType::I32 => "an integer from -2147483648 to 4294967295, decimal or 0x…",
        ValType::I64 => {
            "an integer from -9223372036854775808 to 18446744073709551615, decimal or 0x…"
        }
        ValType::F32 => "a number, inf, nan, nan:0x… (payload) or 0x… (32 bits)",
        ValType::F64 => "a number, inf, nan, nan:0x… (payload) or 0x… (64 bits)",
        ValType::Ref(_) => "null",
        ValType::V128 => "nothing: vectors cannot be written",
    }
}

/// A value as text.
pub(crate) fn show(value: &Value) -> String {
    match *value {
        Value::F32(bits) => {
            let payload = bits & 0x7F_FFFF;
            match f32::from_bits(bits).is_nan() {
                true => nan(bits >> 31 != 0, u64::from(payload)),
                false => format!("{:?}", f32::from_bits(bits)),
            }
        }
        Value::F64(bits) => {
            let payload = bits & 0xF_FFFF_FFFF_FFFF;
            match f64::from_bits(bits).is_nan() {
                true => nan(bits >> 63 != 0, payload),
                false => format!("{:?}", f64::from_bits(bits)),
            }
        }
        _ => value.to_string(),
    }
}

fn nan(negative: bool, payload: u64) -> String {
    format!("{}nan:{payload:#x}", if negative { "-" } else { "" })
}

fn f32_bits(value: f32) -> u64 {
    u64::from(value.to_bits())
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn hexadecimal(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    // `from_str_radix` would take a second sign.
    let all_digits = digits.bytes().all(|b| b.is_ascii_hexdigit());
    if all_digits { u64::from_str_radix(digits, 16).ok() } else { None }
}

/// An integer of so many bits, signed or unsigned, in two's complement.
fn integer(text: &str, bits: u32) -> Option<u64> {
    let (negative, digits) = sign(text);
    let magnitude = hexadecimal(digits).or_else(|| {
        let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if all_digits { digits.parse().ok() } else { None }
    })?;
    let limit = if negative { 1_u64 << (bits - 1) } else { u64::MAX >> (64 - bits) };
    let fits = magnitude <= limit;
    fits.then(|| if negative { magnitude.wrapping_neg() } else { magnitude })
}

/// A binary float format.
struct Format {
    bits: u32,
    mantissa: u32,
}

/// Bits of a float.
fn float(text: &str, format: &Format, decimal: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let (negative, magnitude) = sign(text);
    let sign_bit = u64::from(negative) << (format.bits - 1);
    let exponent = ((1_u64 << (format.bits - 1 - format.mantissa)) - 1) << format.mantissa;
    let quiet = 1_u64 << (format.mantissa - 1);
    if magnitude == "nan" {
        return Some(sign_bit | exponent | quiet);
    }
    if let Some(payload) = magnitude.strip_prefix("nan:") {
        let payload = hexadecimal(payload)?;
        let fits = payload != 0 && payload < 1 << format.mantissa;
        return fits.then_some(sign_bit | exponent | payload);
    }
    if let Some(bits) = hexadecimal(magnitude) {
        let fits = !negative && bits <= u64::MAX >> (64 - format.bits);
        return fits.then_some(bits);
    }
    // Rust also takes `infinity` and capital letters; what is documented is enough.
    let plain =
        magnitude == "inf" || magnitude.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if plain { decimal(text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_protected_comes_back_as_it_was() {
        for text in ["-inf", "-nan:0x1", "-0x1", "\u{1}", "\u{1}-inf", "\u{1}\u{1}a", "", "a", "-1"]
        {
            let protected = protect(text.into()).into_string().expect("text");
            assert_eq!(unprotect(&protected).as_deref(), Ok(text));
        }
    }

    #[test]
    fn integers_are_signed_unsigned_or_hexadecimal() {
        let i32 = |text| parse(text, ValType::I32);
        assert_eq!(i32("-1"), Some(Value::I32(-1)));
        assert_eq!(i32("+7"), Some(Value::I32(7)));
        assert_eq!(i32("4294967295"), Some(Value::I32(-1)));
        assert_eq!(i32("0xFF"), Some(Value::I32(255)));
        assert_eq!(i32("-0x80000000"), Some(Value::I32(i32::MIN)));
        assert_eq!(i32("-2147483648"), Some(Value::I32(i32::MIN)));
        for wrong in
            ["", "-", "4294967296", "-2147483649", "1.0", "0x", "0x-1", "--1", "0x100000000"]
        {
            assert_eq!(i32(wrong), None, "{wrong}");
        }
        let i64 = |text| parse(text, ValType::I64);
        assert_eq!(i64("18446744073709551615"), Some(Value::I64(-1)));
        assert_eq!(i64("-9223372036854775808"), Some(Value::I64(i64::MIN)));
        assert_eq!(i64("-9223372036854775809"), None);
        assert_eq!(i64("18446744073709551616"), None);
    }

    #[test]
    fn floats_are_decimal_special_or_bits() {
        let f32 = |text| parse(text, ValType::F32);
        assert_eq!(f32("1.5"), Some(Value::F32(1.5_f32.to_bits())));
        assert_eq!(f32("-0"), Some(Value::F32(0x8000_0000)));
        assert_eq!(f32("nan"), Some(Value::F32(0x7FC0_0000)));
        assert_eq!(f32("-nan:0x1"), Some(Value::F32(0xFF80_0001)));
        assert_eq!(f32("inf"), Some(Value::F32(0x7F80_0000)));
        assert_eq!(f32("0x3f800000"), Some(Value::F32(0x3F80_0000)));
        for wrong in
            ["", "nan:0x0", "nan:0x800000", "0x100000000", "-0x1", "infinity", "NaN", "1.2.3"]
        {
            assert_eq!(f32(wrong), None, "{wrong}");
        }
        let f64 = |text| parse(text, ValType::F64);
        assert_eq!(f64("-inf"), Some(Value::F64(f64::NEG_INFINITY.to_bits())));
        assert_eq!(f64("nan:0x8000000000000"), Some(Value::F64(0x7FF8_0000_0000_0000)));
        assert_eq!(f64("2e300"), Some(Value::F64(2e300_f64.to_bits())));
    }

    #[test]
    fn what_is_shown_is_read_again() {
        let values = [
            Value::I32(-5),
            Value::I64(i64::MIN),
            Value::F32(0xFFC0_0001),
            Value::F32(0x0000_0001),
            Value::F64(f64::MAX.to_bits()),
            Value::F64(0x8000_0000_0000_0000),
            Value::F64(0x7FF0_0000_0000_0001),
            Value::F64(f64::INFINITY.to_bits()),
            Value::FuncRef(None),
            Value::ExternRef(None),
        ];
        for value in values {
            assert_eq!(parse(&show(&value), value.ty()), Some(value), "{}", show(&value));
        }
    }
}
