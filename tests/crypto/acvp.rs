//! Vectors of NIST's ACVP server for signature verification: all cases of the external interface,
//! pure. Not here: the internal interface and pre-hashed messages, which the library does not have.

use data_encoding::BASE64;
use dytallix::crypto::{KeyCache, Scheme, verify};

use crate::support::oracle;

fn decode(text: &str) -> Vec<u8> {
    if text == "-" { Vec::new() } else { BASE64.decode(text.as_bytes()).expect("base64") }
}

/// Runs a set and says how many cases it has, and how many of them are signatures.
fn run(scheme: Scheme, text: &str) -> (u32, u32) {
    let mut cache = KeyCache::default();
    let (mut cases, mut valid) = (0, 0);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let [number, passes, key, message, context, signature] =
            line.split(' ').collect::<Vec<_>>()[..]
        else {
            panic!("six columns");
        };
        let passes: bool = passes.parse().expect("true or false");
        let [k, m, c, s] = [key, message, context, signature].map(decode);
        let name = scheme.name();
        assert_eq!(verify(scheme, &k, &m, &c, &s), passes, "{name}, case {number}");
        assert_eq!(cache.verify(scheme, &k, &m, &c, &s), passes, "{name}, case {number}, cached");
        if let Some(by_oracle) = oracle(scheme, &k, &m, &c, &s) {
            assert_eq!(by_oracle, passes, "{name}, case {number}, by the oracle");
        }
        cases += 1;
        valid += u32::from(passes);
    }
    println!("ACVP {}: {cases} cases, {valid} of them valid", scheme.name());
    (cases, valid)
}

#[test]
fn acvp_cases_have_the_answers_of_nist() {
    let sets = [
        (Scheme::MlDsa44, include_str!("data/acvp-ml-dsa-44.txt"), (15, 3)),
        (Scheme::MlDsa65, include_str!("data/acvp-ml-dsa-65.txt"), (15, 3)),
        (Scheme::MlDsa87, include_str!("data/acvp-ml-dsa-87.txt"), (15, 3)),
        (Scheme::SlhDsaSha2_128s, include_str!("data/acvp-slh-dsa-sha2-128s.txt"), (14, 2)),
    ];
    for (scheme, text, counts) in sets {
        assert_eq!(run(scheme, text), counts, "{}", scheme.name());
    }
}
