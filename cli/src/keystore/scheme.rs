//! The schemes that keys can have, and the seeds that keys are made of.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use dytallix::crypto::Scheme;
use zeroize::Zeroizing;

use crate::exit::Exit;
use crate::failure::Failure;

/// The schemes with their names on the command line and in files, the default first. Dilithium3 is
/// not among them: it is there to check old signatures.
pub(super) const SCHEMES: &[(&str, Scheme)] = &[
    ("ml-dsa-65", Scheme::MlDsa65),
    ("ml-dsa-87", Scheme::MlDsa87),
    ("ml-dsa-44", Scheme::MlDsa44),
    ("slh-dsa-sha2-128s", Scheme::SlhDsaSha2_128s),
];

/// The name of a scheme on the command line and in files.
pub(crate) fn label(scheme: Scheme) -> &'static str {
    let found = SCHEMES.iter().find(|(_, one)| *one == scheme);
    found.map_or(scheme.name(), |(label, _)| label)
}

/// The scheme of that name.
pub(super) fn parse(label: &str) -> Option<Scheme> {
    SCHEMES.iter().find(|(one, _)| *one == label).map(|&(_, scheme)| scheme)
}

/// A parser for clap, which shows what is possible.
pub(crate) fn scheme_values() -> impl TypedValueParser<Value = Scheme> {
    let labels = SCHEMES.iter().map(|(label, _)| *label);
    PossibleValuesParser::new(labels)
        .try_map(|label| parse(&label).ok_or("there is no such scheme"))
}

/// The length of a seed, in bytes: ξ of FIPS 204, or `SK.seed ‖ SK.prf ‖ PK.seed` of FIPS 205.
pub(crate) fn seed_bytes(scheme: Scheme) -> usize {
    match scheme {
        Scheme::SlhDsaSha2_128s => 48,
        _ => 32,
    }
}

/// What a key is made of, and all that is secret about it. It is wiped when it is dropped, and is
/// never shown by accident: it has no `Debug`.
pub(crate) struct Seed {
    /// The scheme of the key.
    scheme: Scheme,
    /// As many bytes as the scheme has.
    bytes: Zeroizing<Vec<u8>>,
}

impl Seed {
    /// A seed of these bytes; none if a seed of the scheme has another length.
    pub(super) fn new(scheme: Scheme, bytes: Zeroizing<Vec<u8>>) -> Option<Seed> {
        (bytes.len() == seed_bytes(scheme)).then_some(Seed { scheme, bytes })
    }

    /// A new seed, of the operating system's randomness.
    ///
    /// # Errors
    ///
    /// If it has none.
    pub(crate) fn generate(scheme: Scheme) -> Result<Seed, Failure> {
        let mut bytes = Zeroizing::new(vec![0; seed_bytes(scheme)]);
        fill_with_randomness(&mut bytes)?;
        Ok(Seed { scheme, bytes })
    }

    /// The seed that is written so: digits of hexadecimal, with or without `0x`, and white space
    /// around them.
    ///
    /// # Errors
    ///
    /// If it is written otherwise or has another length. The message does not repeat it.
    pub(crate) fn parse(scheme: Scheme, text: &[u8]) -> Result<Seed, Failure> {
        let expected = seed_bytes(scheme);
        let text = text.trim_ascii();
        let digits = text.strip_prefix(b"0x").unwrap_or(text);
        // Reserved as a whole, so that no part of it is left where a shorter one was.
        let mut bytes = Zeroizing::new(Vec::with_capacity(expected));
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let pairs = digits.chunks_exact(2).take(expected);
        bytes.extend(pairs.map_while(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)));
        if bytes.len() != expected || digits.len() != 2 * expected {
            let cause = format!(
                "a seed of {} is {expected} bytes, written as {} digits of hexadecimal; this is not",
                scheme.name(),
                2 * expected
            );
            return Err(Failure::new(Exit::Usage, cause)
                .way_out("the digits alone, as `dytallix keys show NAME --secret` prints them"));
        }
        Ok(Seed { scheme, bytes })
    }

    /// The scheme of its key.
    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Its bytes, which are secret.
    pub(crate) fn secret_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Fills bytes with the operating system's randomness.
pub(super) fn fill_with_randomness(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| {
        let cause = format!("the operating system gives no randomness: {error}");
        Failure::new(Exit::Failed, cause).way_out("a system with a source of randomness")
    })
}
