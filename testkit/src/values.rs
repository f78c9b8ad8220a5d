//! [`values!`](crate::values): arguments for methods that are known by their ABI only.

use dytallix_abi::{Address, Bytes, Hash, Value};

/// What can be a [`Value`] of an ABI.
pub trait IntoValue {
    /// The value.
    fn into_value(self) -> Value;
}

macro_rules! into_values {
    ($($ty:ty => $variant:ident,)*) => { $(
        impl IntoValue for $ty {
            fn into_value(self) -> Value {
                Value::$variant(self)
            }
        }
    )* };
}

into_values! {
    bool => Bool,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    u128 => U128,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    i64 => I64,
    i128 => I128,
    String => String,
    Bytes => Bytes,
    Address => Address,
    Hash => Hash,
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::String(self.to_owned())
    }
}

impl<const N: usize> IntoValue for [u8; N] {
    fn into_value(self) -> Value {
        Value::Bytes(Bytes::from(&self[..]))
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        Value::Option(self.map(|value| Box::new(value.into_value())))
    }
}

impl<T: IntoValue> IntoValue for Vec<T> {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(IntoValue::into_value).collect())
    }
}

macro_rules! into_tuples {
    ($( ($($name:ident)+) )*) => { $(
        #[allow(non_snake_case, reason = "named after its type parameter")]
        impl<$($name: IntoValue),+> IntoValue for ($($name,)+) {
            fn into_value(self) -> Value {
                let ($($name,)+) = self;
                Value::Tuple(vec![$($name.into_value()),+])
            }
        }
    )* };
}

into_tuples! { (A) (A B) (A B C) (A B C D) }

/// Values for [`Suite::invoke`](crate::Suite::invoke) and the like, each of its own type. Integers
/// need their type: `5_u128`.
///
/// ```
/// use dytallix_testkit::{account, values};
/// use dytallix_testkit::sdk::abi::Value;
///
/// let values = values![account("bob"), 5_u128, "rent", Some(true)];
/// assert_eq!(values[1], Value::U128(5));
/// assert_eq!(values.len(), 4);
/// ```
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        [$( $crate::IntoValue::into_value($value) ),*] as [$crate::sdk::abi::Value; _]
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_their_types() {
        assert_eq!(7_i8.into_value(), Value::I8(7));
        assert_eq!("x".into_value(), Value::String("x".into()));
        assert_eq!([1_u8, 2].into_value(), Value::Bytes(Bytes::new(vec![1, 2])));
        assert_eq!(None::<u8>.into_value(), Value::Option(None));
        assert_eq!(Some(1_u8).into_value(), Value::Option(Some(Box::new(Value::U8(1)))));
        assert_eq!(vec![true].into_value(), Value::List(vec![Value::Bool(true)]));
        assert_eq!((1_u8, "y").into_value(), Value::Tuple(vec![Value::U8(1), "y".into_value()]));
        assert_eq!(Value::U8(3).into_value(), Value::U8(3));
        let none: [Value; 0] = values![];
        assert!(none.is_empty());
    }
}
