//! Calls, bytes and methods in words.

use dytallix_abi::schema::Method;
use dytallix_abi::value::ValueError;
use dytallix_abi::{Abi, Address, Bytes, Value};

/// Most bytes that are shown of a string of bytes.
const SHOWN_BYTES: usize = 64;

/// Bytes in hexadecimal; long ones are cut off.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    match bytes.split_at_checked(SHOWN_BYTES) {
        Some((start, rest)) if !rest.is_empty() => {
            format!("{:?}… ({} bytes)", Bytes::from(start), bytes.len())
        }
        _ => format!("{:?}", Bytes::from(bytes)),
    }
}

/// The arguments of a call as `to: bob, amount: 5`; in hexadecimal where the ABI does not say.
pub(crate) fn arguments(
    abi: Option<&Abi>,
    method: &str,
    bytes: &[u8],
    name: &dyn Fn(&Address) -> String,
) -> String {
    let fields = abi.and_then(|abi| {
        let method = abi.method(method)?;
        abi.decode_fields(&method.params, bytes).ok()
    });
    match fields {
        Some(fields) => {
            let shown =
                |(field, value): &(String, Value)| format!("{field}: {}", value.shown(name));
            fields.iter().map(shown).collect::<Vec<_>>().join(", ")
        }
        None if bytes.is_empty() => String::new(),
        None => hexadecimal(bytes),
    }
}

/// What a method returned.
pub(crate) fn output(
    abi: Option<&Abi>,
    method: &str,
    bytes: &[u8],
    name: &dyn Fn(&Address) -> String,
) -> String {
    let value = abi.and_then(|abi| {
        let method = abi.method(method)?;
        abi.decode_value(method.returns, bytes).ok()
    });
    match value {
        Some(value) => value.shown(name).to_string(),
        None if bytes.is_empty() => "nothing".into(),
        None => hexadecimal(bytes),
    }
}

/// A method as `transfer(to: Address, amount: u128)`.
pub(crate) fn signature(abi: &Abi, method: &Method) -> String {
    let param = |param: &dytallix_abi::schema::Field| {
        format!("{}: {}", param.name, abi.type_name(param.ty))
    };
    let params: Vec<String> = method.params.iter().map(param).collect();
    format!("{}({})", method.name, params.join(", "))
}

/// Encodes values as arguments of a method, or says what does not fit.
pub(crate) fn encode_arguments(
    abi: &Abi,
    method: &Method,
    values: &[Value],
) -> Result<Vec<u8>, String> {
    if values.len() != method.params.len() {
        let signature = signature(abi, method);
        let (count, wanted) = (values.len(), method.params.len());
        return Err(format!("{count} values were given, `{signature}` takes {wanted}"));
    }
    let mut bytes = Vec::new();
    for (param, value) in method.params.iter().zip(values) {
        let wrong = |error: ValueError| {
            let (name, ty) = (&param.name, abi.type_name(param.ty));
            format!("`{name}` of `{}` is of type {ty}, not {value:?}: {error}", method.name)
        };
        bytes.extend(abi.encode_value(param.ty, value).map_err(wrong)?);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::token_abi;
    use dytallix_abi::Encode;

    fn name(address: &Address) -> String {
        format!("@{}", address.as_bytes()[0])
    }

    #[test]
    fn long_bytes_are_cut_off() {
        assert_eq!(hexadecimal(&[1, 255]), "0x01ff");
        assert_eq!(hexadecimal(&[]), "0x");
        let text = hexadecimal(&[0; 65]);
        assert!(text.ends_with("00… (65 bytes)"), "{text}");
        assert_eq!(hexadecimal(&[0; 64]).len(), 2 + 128);
    }

    #[test]
    fn arguments_are_named_where_the_abi_says() {
        let abi = token_abi();
        let bytes = (Address::new([9; 32]), 5_u128).to_bytes();
        assert_eq!(arguments(Some(&abi), "transfer", &bytes, &name), "to: @9, amount: 5");
        assert_eq!(arguments(Some(&abi), "transfer", &[1], &name), "0x01");
        assert_eq!(arguments(None, "transfer", &[], &name), "");
    }

    #[test]
    fn results_are_decoded_where_the_abi_says() {
        let abi = token_abi();
        assert_eq!(output(Some(&abi), "balance_of", &7_u128.to_bytes(), &name), "7");
        assert_eq!(output(Some(&abi), "transfer", &[], &name), "()");
        assert_eq!(output(Some(&abi), "balance_of", &[1], &name), "0x01");
        assert_eq!(output(None, "x", &[], &name), "nothing");
    }

    #[test]
    fn values_are_checked_by_number_and_type() {
        let abi = token_abi();
        let method = abi.method("transfer").expect("a method");
        let (to, amount) = (Address::new([9; 32]), 5_u128);
        let values = [Value::Address(to), Value::U128(amount)];
        assert_eq!(encode_arguments(&abi, method, &values), Ok((to, amount).to_bytes()));
        assert_eq!(
            encode_arguments(&abi, method, &values[..1]),
            Err("1 values were given, `transfer(to: Address, amount: u128)` takes 2".into())
        );
        let error = encode_arguments(&abi, method, &[Value::Address(to), Value::U64(5)]);
        let error = error.expect_err("a value of another type");
        assert!(error.starts_with("`amount` of `transfer` is of type u128, not U64(5)"), "{error}");
    }
}
