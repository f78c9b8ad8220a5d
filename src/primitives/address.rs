//! [`Address`]: 32 bytes inside, bech32m text outside. Two spellings of one address are impossible
//! below the command line, because no floor but the outermost sees text.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use super::bech32m;
use super::hash::{Domain, Hash};

/// The human-readable part of an address in text.
const PREFIX: &str = "dyt";

/// The address of an account or a contract.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address([u8; 32]);

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// It is not bech32m: a wrong character, mixed case, no separator, or too long.
    Malformed,
    /// The checksum does not fit: probably a typing error.
    Checksum,
    /// It is bech32m with another prefix than `dyt`.
    Prefix,
    /// It does not hold exactly 32 bytes.
    Length,
}

/// The contract side's type of the same 32 bytes.
#[cfg(feature = "ledger")]
impl From<dytallix_abi::Address> for Address {
    fn from(address: dytallix_abi::Address) -> Self {
        Address(*address.as_bytes())
    }
}

#[cfg(feature = "ledger")]
impl From<Address> for dytallix_abi::Address {
    fn from(address: Address) -> Self {
        dytallix_abi::Address::new(address.0)
    }
}

impl Address {
    /// The address with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Address(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The address of the account that `public_key` of signature scheme `scheme` opens.
    #[must_use]
    pub fn of_account(scheme: u8, public_key: &[u8]) -> Self {
        Address(*Hash::of(Domain::AccountAddress, &[&[scheme], public_key]).as_bytes())
    }

    /// The address of the contract that `deployer` deploys from code `code_hash` with `salt`.
    #[must_use]
    pub fn of_contract(deployer: &Address, code_hash: &Hash, salt: &[u8; 32]) -> Self {
        let parts: [&[u8]; 3] = [deployer.as_bytes(), code_hash.as_bytes(), salt];
        Address(*Hash::of(Domain::ContractAddress, &parts).as_bytes())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        bech32m::encode(PREFIX, &self.0, &mut text);
        f.pad(&text)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (prefix, bytes) = bech32m::decode(text)?;
        if prefix != PREFIX {
            return Err(AddressError::Prefix);
        }
        Ok(Address(bytes.try_into().map_err(|_| AddressError::Length)?))
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AddressError::Malformed => "not an address: expected bech32m text such as dyt1…",
            AddressError::Checksum => "the checksum of the address does not fit: a typing error?",
            AddressError::Prefix => "not an address of this chain: expected the prefix dyt1",
            AddressError::Length => "an address holds 32 bytes, this text does not",
        })
    }
}

impl core::error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn text_and_back() {
        for byte in [0, 1, 0x7f, 0xff] {
            let address = Address::from_bytes([byte; 32]);
            let text = address.to_string();
            assert!(text.starts_with("dyt1"), "{text}");
            assert_eq!(text.parse(), Ok(address));
            assert_eq!(text.to_uppercase().parse(), Ok(address));
        }
    }

    #[test]
    fn every_single_typing_error_is_found() {
        let text = Address::of_account(2, b"key").to_string();
        for at in 4..text.len() {
            for other in "qpzry9x8gf2tvdw0s3jn54khce6mua7l".chars() {
                let typo = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                if typo != text {
                    assert_eq!(typo.parse::<Address>(), Err(AddressError::Checksum));
                }
            }
        }
    }

    #[test]
    fn other_prefixes_and_lengths_are_refused() {
        let mut text = String::new();
        bech32m::encode("btc", &[7; 32], &mut text);
        assert_eq!(text.parse::<Address>(), Err(AddressError::Prefix));
        for length in [0, 20, 31, 33] {
            let mut text = String::new();
            bech32m::encode(PREFIX, &[7; 40][..length], &mut text);
            assert_eq!(text.parse::<Address>(), Err(AddressError::Length));
        }
        for text in ["", "dyt", "dyt1", "Dyt1qqqqqqq", "1qqqqqqqqq", "dyt1bbbbbbbbb"] {
            assert_eq!(text.parse::<Address>(), Err(AddressError::Malformed), "{text}");
        }
    }

    #[test]
    fn contract_addresses_depend_on_each_input() {
        let code = Hash::of(Domain::Code, &[b"code"]);
        let other = Hash::of(Domain::Code, &[b"other"]);
        let (a, b) = (Address::from_bytes([1; 32]), Address::from_bytes([2; 32]));
        let address = Address::of_contract(&a, &code, &[0; 32]);
        assert_eq!(address, Address::of_contract(&a, &code, &[0; 32]));
        assert_ne!(address, Address::of_contract(&b, &code, &[0; 32]));
        assert_ne!(address, Address::of_contract(&a, &other, &[0; 32]));
        assert_ne!(address, Address::of_contract(&a, &code, &[1; 32]));
    }
}
