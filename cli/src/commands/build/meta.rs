//! The section `dytallix.meta`: what a module was made of, and with what.
//!
//! The format is documented in `docs/smart-contracts/building.md`.

use dytallix::abi::{Encode, Hash};

/// Name of the section.
pub(super) const META_SECTION: &str = "dytallix.meta";

/// First byte of the section.
pub(super) const META_FORMAT: u8 = 1;

/// What the section says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Meta {
    /// What built the module: `dytallix` and its version.
    pub(super) builder: String,
    /// The compiler, as `rustc --version` has it.
    pub(super) compiler: String,
    /// SHA3-256 of `Cargo.lock`.
    pub(super) lock: Hash,
    /// SHA3-256 of the sources: see [`sources`](super::sources).
    pub(super) sources: Hash,
}

impl Meta {
    /// The bytes of the section: the format, then the members in order, in canonical encoding.
    pub(super) fn encode(&self) -> Vec<u8> {
        (META_FORMAT, self.builder.clone(), self.compiler.clone(), self.lock, self.sources)
            .to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dytallix::abi::Decode;

    #[test]
    fn every_member_is_in_the_bytes_in_order() {
        let meta = Meta {
            builder: "dytallix 1".to_owned(),
            compiler: "rustc 2".to_owned(),
            lock: Hash::new([3; 32]),
            sources: Hash::new([4; 32]),
        };
        let expected =
            [&[1, 10, 0, 0, 0][..], b"dytallix 1", &[7, 0, 0, 0], b"rustc 2", &[3; 32], &[4; 32]];
        assert_eq!(meta.encode(), expected.concat());
        let decoded = <(u8, String, String, Hash, Hash)>::from_bytes(&meta.encode());
        assert_eq!(decoded, Ok((1, meta.builder, meta.compiler, meta.lock, meta.sources)));
    }
}
