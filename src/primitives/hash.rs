//! [`Hash`] and the one way to make one: SHA3-256 (FIPS 202) behind a [`Domain`].

use core::fmt;

use sha3::{Digest, Sha3_256};

/// A 32-byte hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// What a hash is for. Each domain has a tag that is hashed first, behind its own length, so that
/// no input of one domain can equal an input of another. Tags are never changed and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Domain {
    /// Code of a contract: the bytes of its module.
    Code,
    /// Address of an account: scheme ‖ public key.
    AccountAddress,
    /// Address of a contract: deployer ‖ code hash ‖ salt.
    ContractAddress,
    /// A call or deployment that no transaction carries: its encoding.
    Request,
    /// A chunk of a snapshot: its number, four bytes little-endian ‖ the chunk.
    SnapshotChunk,
    /// The manifest of a snapshot, without this hash at its end.
    SnapshotManifest,
    /// A transaction: the bytes that are signed.
    Transaction,
    /// A public key: scheme ‖ key.
    PublicKey,
    /// A leaf of a Merkle tree: what is hashed (RFC 6962, section 2.1).
    MerkleLeaf,
    /// An inner node of a Merkle tree: left hash ‖ right hash.
    MerkleNode,
    /// The header of a block: its encoding.
    Header,
    /// What a block came to: state root ‖ receipts root.
    AppHash,
    /// A protocol: its encoding.
    Protocol,
    /// A genesis: its encoding.
    Genesis,
    /// What admins approve of or announce: contract ‖ version, four bytes little-endian ‖ admin
    /// behind its length ‖ body; or a command of the governor.
    Operation,
    /// A topic of an event, as the index has it.
    Topic,
    /// A record of the audit trail: hash of the record before ‖ the record.
    Audit,
}

impl Domain {
    /// The tag that is hashed before the input.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Domain::Code => "dytallix/code/v1",
            Domain::AccountAddress => "dytallix/address/account/v1",
            Domain::ContractAddress => "dytallix/address/contract/v1",
            Domain::Request => "dytallix/request/v1",
            Domain::SnapshotChunk => "dytallix/snapshot/chunk/v1",
            Domain::SnapshotManifest => "dytallix/snapshot/manifest/v1",
            Domain::Transaction => "dytallix/transaction/v1",
            Domain::PublicKey => "dytallix/public-key/v1",
            Domain::MerkleLeaf => "dytallix/merkle/leaf/v1",
            Domain::MerkleNode => "dytallix/merkle/node/v1",
            Domain::Header => "dytallix/header/v1",
            Domain::AppHash => "dytallix/app-hash/v1",
            Domain::Protocol => "dytallix/protocol/v1",
            Domain::Genesis => "dytallix/genesis/v1",
            Domain::Operation => "dytallix/operation/v1",
            Domain::Topic => "dytallix/topic/v1",
            Domain::Audit => "dytallix/audit/v1",
        }
    }
}

impl Hash {
    /// A hash with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Hash(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// SHA3-256 of: length of the tag (one byte) ‖ tag ‖ `parts` one after the other.
    ///
    /// Parts are not delimited: all but one of them must have a fixed length.
    #[must_use]
    pub fn of(domain: Domain, parts: &[&[u8]]) -> Self {
        let tag = domain.tag().as_bytes();
        let mut hasher = Sha3_256::new();
        // Tags are literals of this file and far below 256 bytes: the test below looks.
        hasher.update([tag.len() as u8]);
        hasher.update(tag);
        for part in parts {
            hasher.update(part);
        }
        Hash(hasher.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const ALL: [Domain; 17] = [
        Domain::Code,
        Domain::AccountAddress,
        Domain::ContractAddress,
        Domain::Request,
        Domain::SnapshotChunk,
        Domain::SnapshotManifest,
        Domain::Transaction,
        Domain::PublicKey,
        Domain::MerkleLeaf,
        Domain::MerkleNode,
        Domain::Header,
        Domain::AppHash,
        Domain::Protocol,
        Domain::Genesis,
        Domain::Operation,
        Domain::Topic,
        Domain::Audit,
    ];

    #[test]
    fn tags_differ_and_fit_their_length_byte() {
        for (i, a) in ALL.iter().enumerate() {
            assert!(a.tag().len() < 256);
            for b in &ALL[i + 1..] {
                assert_ne!(a.tag(), b.tag());
            }
        }
    }

    #[test]
    fn a_hash_is_sha3_of_length_tag_and_parts() {
        let whole = Sha3_256::digest(b"\x10dytallix/code/v1abc");
        let hash = Hash::of(Domain::Code, &[b"a", b"", b"bc"]);
        assert_eq!(hash.as_bytes()[..], whole[..]);
        assert_eq!(format!("{hash}").len(), 64);
    }

    #[test]
    fn the_same_input_differs_between_domains() {
        for (i, &a) in ALL.iter().enumerate() {
            for &b in &ALL[i + 1..] {
                assert_ne!(Hash::of(a, &[b"x"]), Hash::of(b, &[b"x"]));
            }
        }
    }

    #[test]
    fn hashes_of_version_one_have_not_moved() {
        // Computed once with a different SHA3-256 implementation.
        let cases: [(Domain, &[u8], &str); 2] = [
            (Domain::Code, b"", "dc9df8ce6a4354ecd94522de2a4e0ba4b2a9966c017351b3192f360b588c0add"),
            (
                Domain::AccountAddress,
                b"\x02key",
                "9bbfcf33be2ad1c9a8f2ac93182b68b18cfc4d1cdd130a01ea1042c17ade4522",
            ),
        ];
        for (domain, input, expected) in cases {
            assert_eq!(format!("{}", Hash::of(domain, &[input])), expected);
        }
    }
}
