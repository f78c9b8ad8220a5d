//! Bytes as text: in hexadecimal, and as they are where that can be read.

use std::fmt::Write;

/// Bytes in hexadecimal, with `0x` before them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes that are written so, with or without `0x`; none where they are not.
pub(crate) fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some((digit(*high)? << 4 | digit(*low)?) as u8),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

/// The 32 bytes that are written so: a hash or a root.
pub(crate) fn parse_hash(text: &str) -> Option<[u8; 32]> {
    parse_hex(text)?.try_into().ok()
}

/// The bytes as text, where they are some and all of them can be printed.
pub(crate) fn printable(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_and_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(parse_hex(&hex(&bytes)), Some(bytes));
        assert_eq!(hex(&[]), "0x");
        assert_eq!(parse_hex("0x"), Some(Vec::new()));
        assert_eq!(parse_hex("Ff"), Some(vec![255]));
        for wrong in ["0x1", "0x+1", "0x 1", "0xgg", "0xä", "0x0x00"] {
            assert_eq!(parse_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_hash_has_32_bytes() {
        assert_eq!(parse_hash(&"ab".repeat(32)), Some([0xab; 32]));
        assert_eq!(parse_hash(&"ab".repeat(31)), None);
        assert_eq!(parse_hash(&"ab".repeat(33)), None);
    }

    #[test]
    fn only_what_a_terminal_may_see_is_printable() {
        assert_eq!(printable("Grüße".as_bytes()), Some("Grüße"));
        for not in [&b""[..], b"\x1b[2J", b"a\n", b"\xff"] {
            assert_eq!(printable(not), None, "{not:?}");
        }
    }
}
