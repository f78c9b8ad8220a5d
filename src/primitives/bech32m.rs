//! Bech32m (BIP-350): text with a checksum that finds any four wrong characters.
//!
//! The text is `prefix 1 data checksum`, each data character worth five bits.

use alloc::string::String;
use alloc::vec::Vec;

use super::address::AddressError;

const CHARACTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// What tells bech32m from bech32.
const CONSTANT: u32 = 0x2bc8_30a3;
const CHECKSUM_LENGTH: usize = 6;
/// BIP-173: the whole text is at most 90 characters.
const LONGEST: usize = 90;

/// Appends `bytes` in bech32m with the lower-case `prefix` to `out`.
pub(super) fn encode(prefix: &str, bytes: &[u8], out: &mut String) {
    let mut groups = Vec::with_capacity(bytes.len() * 2);
    let (mut buffer, mut bits) = (0_u32, 0);
    for &byte in bytes {
        buffer = (buffer << 8 | u32::from(byte)) & 0xfff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            groups.push((buffer >> bits & 31) as u8);
        }
    }
    if bits > 0 {
        groups.push((buffer << (5 - bits) & 31) as u8);
    }
    let mut state = absorb_prefix(prefix);
    for &group in groups.iter().chain(&[0; CHECKSUM_LENGTH]) {
        state = absorb(state, group);
    }
    state ^= CONSTANT;
    groups.extend((0..CHECKSUM_LENGTH).rev().map(|at| (state >> (5 * at) & 31) as u8));
    out.push_str(prefix);
    out.push('1');
    out.extend(groups.iter().map(|&group| char::from(CHARACTERS[usize::from(group)])));
}

/// The prefix, in lower case, and the bytes of a bech32m text.
pub(super) fn decode(text: &str) -> Result<(String, Vec<u8>), AddressError> {
    let mixed = text.bytes().any(|b| b.is_ascii_lowercase())
        && text.bytes().any(|b| b.is_ascii_uppercase());
    let graphic = text.bytes().all(|b| b.is_ascii_graphic());
    if mixed || !graphic || text.len() > LONGEST {
        return Err(AddressError::Malformed);
    }
    let text = text.to_ascii_lowercase();
    let (prefix, data) = text.rsplit_once('1').ok_or(AddressError::Malformed)?;
    if prefix.is_empty() || data.len() < CHECKSUM_LENGTH {
        return Err(AddressError::Malformed);
    }
    let mut groups = Vec::with_capacity(data.len());
    for character in data.bytes() {
        let group = CHARACTERS.iter().position(|&c| c == character);
        groups.push(group.ok_or(AddressError::Malformed)? as u8);
    }
    let state = groups.iter().fold(absorb_prefix(prefix), |state, &group| absorb(state, group));
    if state != CONSTANT {
        return Err(AddressError::Checksum);
    }
    groups.truncate(groups.len() - CHECKSUM_LENGTH);
    Ok((prefix.into(), bytes_of_groups(&groups)?))
}

/// Five-bit groups to bytes; fewer than five bits may be left over, and they must be zero.
fn bytes_of_groups(groups: &[u8]) -> Result<Vec<u8>, AddressError> {
    let mut bytes = Vec::with_capacity(groups.len());
    let (mut buffer, mut bits) = (0_u32, 0);
    for &group in groups {
        buffer = (buffer << 5 | u32::from(group)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits & 0xff) as u8);
        }
    }
    let left_over = buffer & ((1 << bits) - 1);
    if bits >= 5 || left_over != 0 { Err(AddressError::Malformed) } else { Ok(bytes) }
}

fn absorb_prefix(prefix: &str) -> u32 {
    let high = prefix.bytes().map(|b| b >> 5);
    let low = prefix.bytes().map(|b| b & 31);
    high.chain([0]).chain(low).fold(1, absorb)
}

/// One step of the checksum: a division in GF(32)[x] by the code's generator.
fn absorb(state: u32, group: u8) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let top = state >> 25;
    let shifted = (state & 0x1ff_ffff) << 5 ^ u32::from(group);
    GENERATOR.iter().enumerate().fold(shifted, |state, (bit, generator)| {
        if top >> bit & 1 == 1 { state ^ generator } else { state }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_texts_of_bip_350_pass_their_checksum() {
        // Some of them hold a number of groups that is no number of bytes: the checksum still fits.
        for text in [
            "A1LQFN3A",
            "a1lqfn3a",
            "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
            "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
            "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
            "?1v759aa",
        ] {
            assert_ne!(decode(text), Err(AddressError::Checksum), "{text}");
        }
        assert_eq!(decode("A1LQFN3A"), Ok(("a".into(), Vec::new())));
        let (prefix, bytes) =
            decode("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx").expect("20 bytes");
        assert_eq!((prefix.as_str(), bytes.len()), ("abcdef", 20));
        assert_eq!(bytes[..2], [0xff, 0xbb]);
    }

    #[test]
    fn invalid_texts_of_bip_350_are_refused() {
        for text in [
            "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",
            "qyrz8wqd2c9m",
            "1qyrz8wqd2c9m",
            "y1b0jsk6g",
            "lt1igcx5c0",
            "in1muywd",
            "mm1crxm3i",
            "au1s5cgom",
            "M1VUXWEZ",
            "16plkw9",
            "1p2gdwpf",
        ] {
            assert!(decode(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bech32_without_m_is_refused() {
        assert_eq!(decode("A12UEL5L"), Err(AddressError::Checksum));
    }
}
