//! Arguments and expected results of a script, in its text format's terms.

use wast::core::{HeapType, NanPattern, WastArgCore, WastRetCore};
use wast::{WastArg, WastRet};

use crate::{Ref, Value};

/// The value that an argument denotes.
///
/// # Errors
///
/// A text that names what this runner has no value for.
pub(super) fn argument(arg: &WastArg<'_>) -> Result<Value, String> {
    match arg {
        WastArg::Core(WastArgCore::I32(v)) => Ok(Value::I32(*v as u32)),
        WastArg::Core(WastArgCore::I64(v)) => Ok(Value::I64(*v as u64)),
        WastArg::Core(WastArgCore::F32(v)) => Ok(Value::F32(v.bits)),
        WastArg::Core(WastArgCore::F64(v)) => Ok(Value::F64(v.bits)),
        WastArg::Core(WastArgCore::RefNull(_)) => Ok(Value::Ref(Ref::Null)),
        WastArg::Core(WastArgCore::RefExtern(v)) => Ok(Value::Ref(Ref::Extern(*v))),
        other => Err(format!("argument of unknown kind: {other:?}")),
    }
}

/// Checks results against what is expected of them.
///
/// # Errors
///
/// A text that says what differs.
pub(super) fn check(results: &[Value], expected: &[WastRet<'_>]) -> Result<(), String> {
    if results.len() != expected.len() {
        return Err(format!("{} results, expected {}", results.len(), expected.len()));
    }
    for (value, expected) in results.iter().zip(expected) {
        let WastRet::Core(pattern) = expected else {
            return Err(format!("expectation of unknown kind: {expected:?}"));
        };
        if !matches(*value, pattern)? {
            return Err(format!("{value}, expected {pattern:?}"));
        }
    }
    Ok(())
}

fn matches(value: Value, pattern: &WastRetCore<'_>) -> Result<bool, String> {
    Ok(match (pattern, value) {
        (WastRetCore::I32(expected), Value::I32(v)) => *expected as u32 == v,
        (WastRetCore::I64(expected), Value::I64(v)) => *expected as u64 == v,
        (WastRetCore::F32(expected), Value::F32(v)) => match expected {
            NanPattern::Value(expected) => expected.bits == v,
            NanPattern::CanonicalNan => v & !(1 << 31) == 0x7fc0_0000,
            NanPattern::ArithmeticNan => v & 0x7fc0_0000 == 0x7fc0_0000,
        },
        (WastRetCore::F64(expected), Value::F64(v)) => match expected {
            NanPattern::Value(expected) => expected.bits == v,
            NanPattern::CanonicalNan => v & !(1 << 63) == 0x7ff8_0000_0000_0000,
            NanPattern::ArithmeticNan => v & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        },
        (WastRetCore::RefNull(ty), Value::Ref(v)) => {
            if let Some(HeapType::Concrete(_) | HeapType::Exact(_)) = ty {
                return Err(format!("null of a type that this runner does not know: {ty:?}"));
            }
            v == Ref::Null
        }
        (WastRetCore::RefExtern(expected), Value::Ref(Ref::Extern(v))) => {
            expected.is_none_or(|expected| expected == v)
        }
        (WastRetCore::RefFunc(None), Value::Ref(Ref::Func(_))) => true,
        (WastRetCore::Either(patterns), v) => {
            for pattern in patterns {
                if matches(v, pattern)? {
                    return Ok(true);
                }
            }
            false
        }
        (
            WastRetCore::I32(_)
            | WastRetCore::I64(_)
            | WastRetCore::F32(_)
            | WastRetCore::F64(_)
            | WastRetCore::RefNull(_)
            | WastRetCore::RefExtern(_)
            | WastRetCore::RefFunc(None),
            _,
        ) => false,
        (pattern, _) => return Err(format!("expectation of unknown kind: {pattern:?}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const F32_QUIET: u32 = 0x7fc0_0000;

    fn f32_matches(pattern: NanPattern<wast::token::F32>, bits: u32) -> bool {
        matches(Value::F32(bits), &WastRetCore::F32(pattern)).expect("known")
    }

    #[test]
    fn canonical_nan_has_either_sign_and_no_further_payload() {
        assert!(f32_matches(NanPattern::CanonicalNan, F32_QUIET));
        assert!(f32_matches(NanPattern::CanonicalNan, F32_QUIET | 1 << 31));
        assert!(!f32_matches(NanPattern::CanonicalNan, F32_QUIET | 1));
        assert!(!f32_matches(NanPattern::CanonicalNan, 0x7f80_0001));
    }

    #[test]
    fn arithmetic_nan_has_the_quiet_bit() {
        assert!(f32_matches(NanPattern::ArithmeticNan, F32_QUIET | 1));
        assert!(!f32_matches(NanPattern::ArithmeticNan, 0x7f80_0001));
        assert!(!f32_matches(NanPattern::ArithmeticNan, 1.0f32.to_bits()));
    }

    #[test]
    fn plain_pattern_compares_bits_and_types() {
        let one = || WastRetCore::I32(1);
        assert_eq!(matches(Value::I32(1), &one()), Ok(true));
        assert_eq!(matches(Value::I32(2), &one()), Ok(false));
        assert_eq!(matches(Value::I64(1), &one()), Ok(false));
        let either = WastRetCore::Either(vec![WastRetCore::I32(5), WastRetCore::I32(1)]);
        assert_eq!(matches(Value::I32(1), &either), Ok(true));
        assert_eq!(matches(Value::I32(2), &either), Ok(false));
    }
}
