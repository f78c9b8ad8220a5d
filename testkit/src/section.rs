//! The ABI section of a module: read from it, and put into it.

use dytallix_abi::{ABI_SECTION, Abi};

/// Length of the preamble: `\0asm` and the version.
const PREAMBLE: usize = 8;

/// The ABI that a module carries; none where it has no such section, or one that does not decode.
pub(crate) fn find_abi(module: &[u8]) -> Option<Abi> {
    let mut rest = module.get(PREAMBLE..)?;
    while let Some((id, behind)) = rest.split_first() {
        let (payload, behind) = sized(behind)?;
        if *id == 0
            && let Some((name, bytes)) = sized(payload)
            && name == ABI_SECTION.as_bytes()
        {
            return Abi::decode(bytes).ok();
        }
        rest = behind;
    }
    None
}

/// The module with `abi` in a section at its end.
///
/// Contracts that are built with the SDK have theirs. This is for modules that are not: in text
/// form, in C, or changed by a test. The chain believes what is in the section: which methods are
/// views, which take value.
///
/// # Panics
///
/// Where the ABI is none that [`Abi::encode`] accepts.
#[must_use]
#[track_caller]
pub fn with_abi(module: &[u8], abi: &Abi) -> Vec<u8> {
    let bytes = match abi.encode() {
        Ok(bytes) => bytes,
        Err(error) => panic!("the ABI of `{}` can not be written: {error}", abi.name),
    };
    let mut payload = Vec::new();
    number(ABI_SECTION.len(), &mut payload);
    payload.extend_from_slice(ABI_SECTION.as_bytes());
    payload.extend_from_slice(&bytes);
    let mut out = Vec::from(module);
    out.push(0);
    number(payload.len(), &mut out);
    out.extend_from_slice(&payload);
    out
}

/// What a length in LEB128 announces, and what comes behind it.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut length, mut at) = (0_usize, 0);
    loop {
        let byte = *bytes.get(at)?;
        // At most 35 bits, which fit.
        length |= usize::from(byte & 0x7f) << (7 * at);
        at += 1;
        match byte & 0x80 {
            0 => return bytes.get(at..)?.split_at_checked(length),
            _ if at == 5 => return None,
            _ => {}
        }
    }
}

/// Appends a number in LEB128.
fn number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abi(name: &str) -> Abi {
        Abi {
            name: name.into(),
            schema: 1,
            capabilities: Default::default(),
            types: vec![],
            methods: vec![],
            events: vec![],
            errors: vec![],
            storage: vec![],
            docs: "x".repeat(300),
        }
    }

    #[test]
    fn a_section_that_was_put_in_is_found() {
        let module = wat::parse_str("(module (memory (export \"memory\") 1))").expect("a module");
        assert_eq!(find_abi(&module), None);
        let with = with_abi(&module, &abi("Counter"));
        assert_eq!(find_abi(&with), Some(abi("Counter")));
    }

    #[test]
    fn damaged_modules_have_none() {
        let module = with_abi(b"\0asm\x01\0\0\0", &abi("Counter"));
        for end in 0..module.len() {
            assert_eq!(find_abi(&module[..end]), None, "cut at {end}");
        }
        assert_eq!(find_abi(b"\0asm\x01\0\0\0\0\xff\xff\xff\xff\xff\xff"), None);
    }
}
