//! The keystore from inside: keys against NIST and a second library, and what opens a file.

use dytallix::crypto::{sha256, verify};
use fips204::traits::{KeyGen, SerDes, Signer as _, Verifier};
use fips204::{ml_dsa_44, ml_dsa_65, ml_dsa_87};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::file::Flaw;
use super::scheme::{SCHEMES, seed_bytes};
use super::*;
use crate::bytes::hex;

fn cheap() -> Kdf {
    Kdf::new(8, 1, 1).expect("within bounds")
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.as_bytes().to_vec())).expect("a passphrase")
}

/// A seed of equal bytes.
fn seed(scheme: Scheme, byte: u8) -> Seed {
    Seed::new(scheme, Zeroizing::new(vec![byte; seed_bytes(scheme)])).expect("its length")
}

fn signer(seed: &Seed) -> Signer {
    Signer::of(seed).expect("a scheme with keys")
}

/// A key in a file, sealed with the passphrase `secret`.
fn sealed(name: &str, byte: u8) -> KeyFile {
    let seed = seed(Scheme::MlDsa44, byte);
    KeyFile::seal(name, &seed, &passphrase("secret"), cheap()).expect("sealed")
}

fn document(key: &KeyFile) -> Json {
    serde_json::from_str(&key.to_json()).expect("JSON")
}

/// The failure of opening what a document says, or that of the document itself.
fn opened(name: &str, document: &Json) -> Result<Signer, String> {
    match KeyFile::from_json(name, document.to_string().as_bytes()) {
        Err(Flaw::Damaged(why)) => Err(format!("damaged: {why}")),
        Err(Flaw::Refused(why)) => Err(format!("refused: {why}")),
        Ok(key) => match key.unlock(&passphrase("secret")) {
            Ok((_, signer)) => Ok(signer),
            Err(failure) => {
                assert_eq!(failure.exit, Exit::Key);
                Err(failure.to_json()["class"].as_str().expect("a class").to_owned())
            }
        },
    }
}

/// The first case of each group of ML-DSA-keyGen-FIPS204 of NIST's ACVP server: scheme, seed,
/// SHA-256 of the public key.
const NIST: [(Scheme, &str, &str); 3] = [
    (
        Scheme::MlDsa44,
        "93EF2E6EF1FB08999D142ABE0295482370D3F43BDB254A78E2B0D5168ECA065F",
        "0x6995b20ecd5cde41719035028a712ccf35b1adf53b913030423d9d6fa188d673",
    ),
    (
        Scheme::MlDsa65,
        "70CEFB9AED5B68E018B079DA8284B9D5CAD5499ED9C265FF73588005D85C225C",
        "0x646b26b8d09dbc9e865b6a006c693a3127b065e62fab5fbe8b159c416462feb6",
    ),
    (
        Scheme::MlDsa87,
        "38359FBCD79582CFFE609E137EE2EFE8A8DBCBAD18BA92BB433AB4F09B49299D",
        "0xea374a09356e5f89be784f28f4ef938e8976cb5c4db00fbacb257663491748d4",
    ),
];

#[test]
fn seeds_of_nist_are_the_public_keys_of_nist() {
    for (scheme, text, expected) in NIST {
        let seed = Seed::parse(scheme, text.as_bytes()).expect("a seed");
        assert_eq!(hex(&sha256(&signer(&seed).public_key)), expected, "{scheme:?}");
    }
}

#[test]
fn keys_and_signatures_are_those_of_a_second_library() {
    macro_rules! check {
        ($scheme:expr, $library:ident) => {
            for byte in [0, 1, 77, 255] {
                let ours = signer(&seed($scheme, byte));
                let (public, secret) = $library::KG::keygen_from_seed(&[byte; 32]);
                assert_eq!(ours.public_key, public.clone().into_bytes());
                for (message, context) in [(&b""[..], &b""[..]), (b"message", &[7; 255])] {
                    let signature = ours.sign(message, context);
                    let theirs = secret.try_sign_with_seed(&[0; 32], message, context);
                    let theirs = theirs.expect("a signature");
                    assert_eq!(signature, theirs, "{:?} {byte}", $scheme);
                    assert!(public.verify(message, &theirs, context));
                }
            }
        };
    }
    check!(Scheme::MlDsa44, ml_dsa_44);
    check!(Scheme::MlDsa65, ml_dsa_65);
    check!(Scheme::MlDsa87, ml_dsa_87);
}

#[test]
fn the_chain_takes_the_signatures_of_every_scheme() {
    for &(label, scheme) in SCHEMES {
        let signer = signer(&seed(scheme, 3));
        assert_eq!(signer.public_key.len(), scheme.public_key_bytes(), "{label}");
        assert_eq!(
            signer.address,
            dytallix::Address::of_account(scheme.number(), &signer.public_key)
        );
        let signature = signer.sign(b"message", b"context");
        let verifies = |message: &[u8], context: &[u8]| {
            verify(scheme, &signer.public_key, message, context, &signature)
        };
        assert!(verifies(b"message", b"context"), "{label}");
        assert!(!verifies(b"massage", b"context") && !verifies(b"message", b""), "{label}");
        assert_eq!(signer.sign(b"message", b"context"), signature, "{label}");
    }
}

#[test]
fn labels_are_the_names_of_the_standards_in_small_letters() {
    for &(label, scheme) in SCHEMES {
        assert_eq!(label, scheme.name().to_ascii_lowercase());
        assert_eq!((super::label(scheme), scheme::parse(label)), (label, Some(scheme)));
    }
    let without: Vec<Scheme> =
        Scheme::ALL.into_iter().filter(|one| SCHEMES.iter().all(|(_, has)| has != one)).collect();
    assert_eq!(without, [Scheme::Dilithium3]);
    assert!(Signer::of(&seed(Scheme::Dilithium3, 1)).is_none());
}

#[test]
fn a_seed_is_read_in_hexadecimal_and_in_its_length_only() {
    let digits = "0123456789abcdefABCDEF0000000000ffffffffffffffff0123456789abcdef";
    let parse = |text: &str| Seed::parse(Scheme::MlDsa65, text.as_bytes());
    let expected = crate::bytes::parse_hex(digits).expect("digits");
    for text in [digits.to_owned(), format!("0x{digits}"), format!(" \n{digits}\r\n")] {
        let seed = parse(&text).expect("a seed");
        assert_eq!(seed.secret_bytes(), expected);
    }
    for text in [
        "",
        "0x",
        &digits[1..],
        &digits[2..],
        &format!("{digits}0"),
        &format!("{digits}00"),
        &format!("{digits}\n{digits}"),
        &digits.replace('c', "g"),
        &digits.replace("01", "+1"),
        &format!("0x0x{}", &digits[4..]),
    ] {
        let failure = parse(text).err().expect("no seed");
        let cause = failure.to_json()["cause"].to_string();
        assert!(!cause.contains("6789"), "the message repeats the seed");
        assert_eq!(failure.exit, Exit::Usage, "{text}");
    }
    assert!(Seed::parse(Scheme::SlhDsaSha2_128s, digits.as_bytes()).is_err());
    assert!(Seed::parse(Scheme::SlhDsaSha2_128s, "ab".repeat(48).as_bytes()).is_ok());
}

#[test]
fn seeds_salts_and_nonces_are_new_each_time() {
    let [one, other] = [(); 2].map(|()| Seed::generate(Scheme::MlDsa65).expect("randomness"));
    assert_ne!(one.secret_bytes(), other.secret_bytes());
    let [one, other] = [(); 2].map(|()| document(&sealed("alice", 1)));
    for pointer in ["/kdf/salt", "/cipher/nonce", "/cipher/ciphertext"] {
        assert_ne!(one.pointer(pointer), other.pointer(pointer), "{pointer}");
    }
    assert_eq!(one["address"], other["address"]);
}

#[test]
fn a_file_is_read_as_it_was_written_whatever_its_layout() {
    let key = sealed("alice", 1);
    let address = key.address();
    assert_eq!(KeyFile::from_json("alice", key.to_json().as_bytes()), Ok(key.clone()));
    // In other letters and another order it says the same.
    let text = document(&key).to_string();
    let (version, rest) = text[1..text.len() - 1].split_once(',').expect("members");
    let public_key = hex(&key.public_key);
    let rest = rest.replace(&public_key, &public_key[2..].to_ascii_uppercase());
    let text = format!("{{{rest},{version}}}");
    let read = KeyFile::from_json("alice", text.as_bytes()).expect("the same");
    let (seed, signer) = read.unlock(&passphrase("secret")).expect("it opens");
    assert_eq!((seed.secret_bytes(), signer.address), (&[1; 32][..], address));
}

/// A file of version 1, which every later program has to open. Its header and its seal were also
/// computed by hand with argon2-cffi and PyNaCl (libsodium), which opened it.
const GOLDEN: &str = r#"{
  "version": 1,
  "name": "golden",
  "scheme": "slh-dsa-sha2-128s",
  "address": "dyt1frka2rumsqwswamtw6pe548vg9zkllv78vhsw0af963nsfutkwuqg0ea53",
  "public_key": "0x202122232425262728292a2b2c2d2e2f990ce6298792b128846a8e4a3a68954c",
  "kdf": {
    "name": "argon2id",
    "memory_kib": 64,
    "iterations": 2,
    "lanes": 1,
    "salt": "0xdbd016c595302b1fcffa76904b6c60da"
  },
  "cipher": {
    "name": "xchacha20-poly1305",
    "nonce": "0x1503706b5547489e5ba078fc6a467541261c0ec3fc3b0d09",
    "ciphertext": "0x83a12e8f66991080356d4dcc4174687ef36540d2beef2b824b3603314ea0efb9ac5f137cdce5f11df8ddfc199c68b23372ad8ee9fcbb5210671a2ce1b0f6fd65"
  }
}
"#;

#[test]
fn a_file_of_version_1_opens_for_ever() {
    let key = KeyFile::from_json("golden", GOLDEN.as_bytes()).expect("a key");
    let (seed, _) = key.unlock(&passphrase("correct horse battery staple")).expect("it opens");
    assert_eq!(seed.secret_bytes(), (0..48).collect::<Vec<u8>>());
    assert_eq!(key.to_json(), GOLDEN);
}

/// Changes one digit of the text at a place.
fn flip(document: &mut Json, pointer: &str) {
    let value = document.pointer_mut(pointer).expect("a member");
    let mut text = value.as_str().expect("text").to_owned();
    let last = if text.pop() == Some('1') { '2' } else { '1' };
    text.push(last);
    *value = text.into();
}

#[test]
fn no_member_can_be_altered() {
    let key = document(&sealed("alice", 1));
    assert!(opened("alice", &key).is_ok());
    for (pointer, expected) in [
        ("/name", "damaged: it is the key"),
        ("/scheme", "refused: there is no scheme"),
        ("/address", "damaged: its address is not"),
        ("/public_key", "damaged: its address is not"),
        ("/kdf/name", "refused: its kdf is"),
        ("/kdf/salt", "locked"),
        ("/cipher/name", "refused: its cipher is"),
        ("/cipher/nonce", "locked"),
        ("/cipher/ciphertext", "locked"),
    ] {
        let mut altered = key.clone();
        flip(&mut altered, pointer);
        let why = opened("alice", &altered).expect_err(pointer);
        assert!(why.starts_with(expected), "{pointer}: {why}");
    }
    for (pointer, value, expected) in [
        ("/version", 2, "refused: it is of version 2, not 1"),
        ("/kdf/memory_kib", 9, "locked"),
        ("/kdf/iterations", 2, "locked"),
        ("/kdf/lanes", 2, "refused: memory_kib of argon2id is 8, and 2 lanes need 16"),
    ] {
        let mut altered = key.clone();
        *altered.pointer_mut(pointer).expect("a member") = value.into();
        assert_eq!(opened("alice", &altered).expect_err(pointer), expected);
    }
}

/// What fits itself in the open is refused because the passphrase's key has sealed something else.
#[test]
fn no_member_can_be_taken_from_another_key() {
    let (alice, mallory) = (document(&sealed("alice", 1)), document(&sealed("mallory", 2)));
    let mut renamed = mallory.clone();
    renamed["name"] = "alice".into();
    assert_eq!(opened("alice", &renamed).expect_err("renamed"), "locked");
    let mut other_account = alice.clone();
    for member in ["public_key", "address"] {
        other_account[member] = mallory[member].clone();
    }
    assert_eq!(opened("alice", &other_account).expect_err("altered"), "locked");
    let mut other_seed = alice.clone();
    for member in ["kdf", "cipher"] {
        other_seed[member] = mallory[member].clone();
    }
    assert_eq!(opened("alice", &other_seed).expect_err("altered"), "locked");
    // Two schemes with public keys of one length there are not; so a file sealed for one.
    let mut other_scheme = alice;
    other_scheme["scheme"] = "ml-dsa-65".into();
    let why = opened("alice", &other_scheme).expect_err("altered");
    assert!(why.contains("\"public_key\" of it is not 1952 bytes"), "{why}");
}

/// As a faulty program could make it: the passphrase is right, and the seed is another.
#[test]
fn a_sealed_seed_of_another_public_key_is_refused() {
    let seed_of = |byte| seed(Scheme::MlDsa44, byte);
    let key = KeyFile::seal_as(
        "alice",
        &signer(&seed_of(1)),
        &seed_of(2),
        &passphrase("secret"),
        cheap(),
    );
    let key = document(&key.expect("sealed"));
    assert_eq!(opened("alice", &key).expect_err("another seed"), "damaged");
}

#[test]
fn what_is_no_file_of_a_key_is_told_and_why() {
    let whole = sealed("alice", 1).to_json();
    for length in 0..whole.trim_end().len() {
        let flaw = KeyFile::from_json("alice", &whole.as_bytes()[..length]);
        assert!(matches!(flaw, Err(Flaw::Damaged(why)) if why.starts_with("it is no JSON")));
    }
    let key: Json = serde_json::from_str(&whole).expect("JSON");
    for (pointer, value, expected) in [
        ("", Json::Null, "it is no object of JSON"),
        ("/version", Json::Null, "the member \"version\" of it is no whole number"),
        ("/version", "1".into(), "the member \"version\" of it is no whole number"),
        ("/name", 7.into(), "the member \"name\" of it is no text"),
        ("/kdf", 7.into(), "its kdf is no object of JSON"),
        ("/cipher", Json::Array(Vec::new()), "its cipher is no object of JSON"),
        ("/kdf/iterations", (-1).into(), "the member \"iterations\" of its kdf is no whole number"),
        ("/kdf/salt", "0x00".into(), "\"salt\" of its kdf is not 16 bytes in hexadecimal"),
        ("/cipher/nonce", "zz".into(), "\"nonce\" of its cipher is not 24 bytes in hexadecimal"),
        ("/cipher/ciphertext", "".into(), "\"ciphertext\" of its cipher is not 48 bytes"),
    ] {
        let mut altered = key.clone();
        *altered.pointer_mut(pointer).expect("a member") = value;
        let why = opened("alice", &altered).expect_err(pointer);
        assert!(why.starts_with("damaged: ") && why.contains(expected), "{pointer}: {why}");
    }
    for object in ["", "/kdf", "/cipher"] {
        let members = key.pointer(object).and_then(Json::as_object).expect("an object");
        for name in members.keys() {
            let mut altered = key.clone();
            let object = altered.pointer_mut(object).and_then(Json::as_object_mut);
            object.expect("an object").remove(name);
            let why = opened("alice", &altered).expect_err(name);
            assert!(why.contains(&format!("has no member \"{name}\"")), "{name}: {why}");
        }
        let mut altered = key.clone();
        altered.pointer_mut(object).expect("an object")["more"] = 1.into();
        let why = opened("alice", &altered).expect_err("one more");
        assert!(why.contains("has a member \"more\", which has no meaning"), "{why}");
    }
}

#[test]
fn parameters_beyond_the_bounds_are_refused_before_they_are_followed() {
    for (values, fits) in [
        ([7, 1, 1], false),
        ([8, 1, 1], true),
        ([1 << 20, 1, 1], true),
        ([(1 << 20) + 1, 1, 1], false),
        ([u64::MAX, 1, 1], false),
        ([8, 0, 1], false),
        ([8, 32, 1], true),
        ([8, 33, 1], false),
        ([8, 1, 0], false),
        ([128, 1, 16], true),
        ([127, 1, 16], false),
        ([1 << 20, 1, 17], false),
    ] {
        let [memory, iterations, lanes] = values;
        assert_eq!(Kdf::new(memory, iterations, lanes).is_ok(), fits, "{values:?}");
    }
    let mut absurd = document(&sealed("alice", 1));
    absurd["kdf"]["memory_kib"] = u64::MAX.into();
    let why = opened("alice", &absurd).expect_err("absurd");
    let expected = "memory_kib of argon2id is 18446744073709551615, not from 8 to 1048576";
    assert_eq!(why, format!("refused: {expected}"));
}

#[test]
fn names_are_such_as_every_file_system_has() {
    let long = "a".repeat(64);
    for name in ["a", "alice", "2nd-key_x", long.as_str()] {
        assert!(check_name(name).is_ok(), "{name}");
    }
    for name in
        ["", "-a", "_a", "Alice", "a b", "a/b", "..", "a.b", "ä", "a\u{7}", &format!("{long}a")]
    {
        let failure = check_name(name).expect_err(name);
        assert_eq!(failure.exit, Exit::Usage, "{name}");
    }
}

#[test]
fn a_signer_comes_back_out_of_its_folder_and_shows_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let keystore = Keystore::open(folder.path().join("keys")).expect("a keystore");
    let secret = passphrase("secret");
    let seed = seed(Scheme::MlDsa65, 9);
    keystore.add("alice", &seed, &secret, cheap()).expect("added");
    let loaded = keystore.load("alice", &secret).expect("loaded");
    assert_eq!(loaded.public_key, signer(&seed).public_key);
    assert_eq!(loaded.sign(b"m", b"c"), signer(&seed).sign(b"m", b"c"));
    assert_eq!(format!("{loaded:?}"), format!("Signer(Address({}))", loaded.address));
    let wrong = keystore.load("alice", &passphrase("Secret")).expect_err("another passphrase");
    assert_eq!((wrong.exit, wrong.to_json()["class"].as_str()), (Exit::Key, Some("locked")));
    let missing = keystore.load("bob", &secret).expect_err("no such key");
    assert_eq!((missing.exit, missing.to_json()["class"].as_str()), (Exit::Key, Some("missing")));
    let files = keystore.folder().read_dir().expect("the folder").count();
    assert_eq!(files, 1, "nothing unfinished is left");
}

/// Who comes second has checked that the name is free before the first one took it.
#[test]
fn of_two_keys_of_one_name_the_first_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("alice.json");
    disk::write_new(&path, b"first").expect("written");
    let error = disk::write_new(&path, b"second").expect_err("it is taken");
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read(&path).expect("a file"), b"first");
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 1);
}
