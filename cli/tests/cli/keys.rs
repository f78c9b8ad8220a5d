//! `dytallix keys`: keys are made, listed, shown, imported and sign, and nothing else opens them.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use dytallix::Address;
use dytallix::crypto::{Scheme, verify};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::support::{Ran, ran};

/// A folder of keys, and one beside it for other files.
struct Keys {
    folder: TempDir,
}

impl Keys {
    fn new() -> Keys {
        Keys { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file of a key.
    fn file(&self, name: &str) -> PathBuf {
        self.path("keys").join(format!("{name}.json"))
    }

    /// A file beside the keys, with these contents.
    fn write(&self, name: &str, contents: &str) -> String {
        std::fs::write(self.path(name), contents).expect("written");
        self.path(name).display().to_string()
    }

    /// `dytallix keys` with these arguments and standard input; the passphrase is in the
    /// environment, so that nobody is asked.
    fn run_with(&self, passphrase: Option<&str>, args: &[&str], input: &[u8]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dytallix"));
        command.arg("keys").args(args).env("DYTALLIX_KEYSTORE", self.path("keys"));
        command.env_remove("DYTALLIX_PASSPHRASE").env_remove("CLICOLOR_FORCE");
        command.envs(passphrase.map(|passphrase| ("DYTALLIX_PASSPHRASE", passphrase)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        // Whoever does not read its input may be gone already.
        let _ = child.stdin.take().expect("a pipe").write_all(input);
        ran(&child.wait_with_output().expect("the binary ends"))
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.run_with(Some("secret"), args, b"")
    }

    /// `keys new` or `keys import` with a key derivation that takes no time.
    fn add(&self, args: &[&str], input: &str) -> Ran {
        let cheap = ["--kdf-memory", "8", "--kdf-iterations", "1"];
        self.run_with(Some("secret"), &[args, &cheap].concat(), input.as_bytes())
    }

    /// The document of a run that went well.
    fn json(&self, args: &[&str]) -> Json {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        ran.json()
    }

    /// Class and cause of the failure of a run, which is of kind `key`.
    fn refusal(&self, args: &[&str]) -> (String, String) {
        refusal(&self.run(&[args, &["--json"]].concat()))
    }
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
}

fn refusal(ran: &Ran) -> (String, String) {
    assert_eq!((ran.code, ran.err.as_str()), (8, ""), "{ran:?}");
    let json = ran.json();
    assert_eq!((&json["schema"], &json["kind"]), (&"dytallix.failure/1".into(), &"key".into()));
    assert!(json["way_out"].is_string(), "{json}");
    (text(&json["class"]), text(&json["cause"]))
}

/// Cause of a command line that is wrong.
fn usage(ran: &Ran) -> String {
    assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{ran:?}");
    ran.err.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

fn bytes(hex: &Json) -> Vec<u8> {
    let text = text(hex);
    let digits = text.strip_prefix("0x").expect("hexadecimal");
    data(digits)
}

fn data(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("a digit")).collect()
}

const SCHEMES: [(&str, Scheme); 4] = [
    ("ml-dsa-44", Scheme::MlDsa44),
    ("ml-dsa-65", Scheme::MlDsa65),
    ("ml-dsa-87", Scheme::MlDsa87),
    ("slh-dsa-sha2-128s", Scheme::SlhDsaSha2_128s),
];

#[test]
fn a_key_of_each_scheme_is_made_shown_and_signs_and_comes_back_from_its_seed() {
    let keys = Keys::new();
    for (label, scheme) in SCHEMES {
        let made = keys.add(&["new", label, "--scheme", label, "--json"], "").json();
        assert_eq!(made["schema"], "dytallix.keys-new/1");
        assert_eq!((&made["name"], &made["scheme"]), (&label.into(), &label.into()));
        assert_eq!(text(&made["file"]), keys.file(label).display().to_string());
        let public_key = bytes(&made["public_key"]);
        let address = Address::of_account(scheme.number(), &public_key).to_string();
        assert_eq!(made["address"], address.as_str());

        let signed = keys.json(&["sign", label, "--message", "-0x1", "--context", "a use"]);
        assert_eq!(signed["schema"], "dytallix.keys-sign/1");
        assert_eq!(
            (&signed["message_bytes"], &signed["context"], &signed["address"]),
            (&4.into(), &"0x6120757365".into(), &made["address"]),
        );
        let signature = bytes(&signed["signature"]);
        assert!(verify(scheme, &public_key, b"-0x1", b"a use", &signature), "{label}");

        let shown = keys.json(&["show", label, "--secret"]);
        for member in ["name", "scheme", "address", "public_key", "file"] {
            assert_eq!(shown[member], made[member], "{member}");
        }
        let again = Keys::new();
        let import = ["import", "again", "--scheme", label, "--json"];
        let imported = again.add(&import, &format!("{}\n", text(&shown["seed"]))).json();
        assert_eq!(imported["schema"], "dytallix.keys-import/1");
        for member in ["scheme", "address", "public_key"] {
            assert_eq!(imported[member], made[member], "{member}");
        }
    }
    let listed = keys.json(&["list"]);
    assert_eq!(listed["schema"], "dytallix.keys-list/1");
    let names: Vec<String> =
        listed["keys"].as_array().expect("keys").iter().map(|key| text(&key["name"])).collect();
    assert_eq!(names, SCHEMES.map(|(label, _)| label));
    assert_eq!(listed["damaged"], Json::Array(Vec::new()));
}

#[test]
fn people_read_the_same() {
    let keys = Keys::new();
    assert!(keys.run(&["list"]).out.starts_with("there are no keys in "));
    assert!(!keys.path("keys").exists(), "looking makes no folder");
    let made = keys.add(&["new", "alice"], "");
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    assert!(made.out.starts_with("made the key alice\naddress  dyt1"), "{made:?}");
    assert!(made.out.contains("ML-DSA-65") && made.out.contains("keep a copy"), "{made:?}");
    let address = text(&keys.json(&["show", "alice"])["address"]);
    assert_eq!(keys.run(&["list"]).out, format!("alice  ML-DSA-65  {address}\n"));
    let shown = keys.run(&["show", "alice"]);
    assert!(shown.out.contains(&address) && !shown.out.contains("seed"), "{shown:?}");
    let file = keys.write("message", "a message");
    let of_text = keys.run(&["sign", "alice", "--message", "a message"]);
    let of_file = keys.run(&["sign", "alice", "--file", &file]);
    assert_eq!((of_text.code, of_text.err.as_str()), (0, ""));
    assert_eq!(of_text.out, of_file.out);
    let signature = data(of_text.out.trim_end().trim_start_matches("0x"));
    let public_key = bytes(&keys.json(&["show", "alice"])["public_key"]);
    assert!(verify(Scheme::MlDsa65, &public_key, b"a message", b"", &signature));
}

#[test]
fn a_seed_of_nist_is_its_key() {
    let keys = Keys::new();
    let seed = "70CEFB9AED5B68E018B079DA8284B9D5CAD5499ED9C265FF73588005D85C225C";
    let file = keys.write("seed", seed);
    let ran = keys.add(&["import", "nist", "--seed-file", &file, "--json"], "");
    let public_key = bytes(&ran.json()["public_key"]);
    let expected = data("646b26b8d09dbc9e865b6a006c693a3127b065e62fab5fbe8b159c416462feb6");
    assert_eq!(dytallix::crypto::sha256(&public_key)[..], expected);
    let shown = keys.json(&["show", "nist", "--secret"]);
    assert_eq!(text(&shown["seed"]), format!("0x{}", seed.to_ascii_lowercase()));
}

#[test]
fn what_is_no_seed_makes_no_key_and_is_not_repeated() {
    let keys = Keys::new();
    for seed in ["", "ab", &"ab".repeat(31), &"ab".repeat(33), &"xy".repeat(32), &"a".repeat(999)] {
        let ran = keys.add(&["import", "alice"], seed);
        let cause = usage(&ran);
        assert!(cause.starts_with("a seed of ML-DSA-65 is 32 bytes"), "{cause}");
        assert!(!ran.err.contains("abab") && !ran.err.contains("xyxy"), "{ran:?}");
    }
    let ran = keys.add(&["import", "alice", "--seed-file", "/no/such/file"], "");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(!keys.path("keys").exists());
}

#[test]
fn a_name_is_taken_once() {
    let keys = Keys::new();
    assert_eq!(keys.add(&["new", "alice"], "").code, 0);
    let before = std::fs::read(keys.file("alice")).expect("the file");
    for args in [["new", "alice"], ["import", "alice"]] {
        let (class, cause) = keys.refusal(&args);
        assert_eq!(class, "taken");
        assert!(cause.starts_with("there is a key \"alice\" in "), "{cause}");
    }
    assert_eq!(std::fs::read(keys.file("alice")).expect("the file"), before);
    let (class, _) = keys.refusal(&["sign", "bob", "--message", "m"]);
    assert_eq!(class, "missing");
    for name in ["Alice", "../alice", "", "a.b"] {
        let cause = usage(&keys.run(&["new", name]));
        assert!(cause.contains("is no name for a key"), "{cause}");
    }
}

#[test]
fn only_the_passphrase_opens_a_key() {
    let keys = Keys::new();
    let file = keys.write("passphrase", "correct horse\n");
    let made = keys.add(&["new", "alice", "--passphrase-file", &file], "");
    assert_eq!(made.code, 0, "{made:?}");
    let sign = ["sign", "alice", "--message", "m", "--json"];
    let signed = |passphrase: &str| keys.run_with(Some(passphrase), &sign, b"");
    assert_eq!(signed("correct horse").code, 0);
    for wrong in ["correct horse\n", "Correct horse", "c", "correct horse battery"] {
        let (class, cause) = refusal(&signed(wrong));
        assert_eq!(class, "locked");
        assert_eq!(cause, "the passphrase does not open the key \"alice\"");
    }
    // The file goes before the environment, whose passphrase is another.
    assert_eq!(keys.run(&["sign", "alice", "--message", "m", "--passphrase-file", &file]).code, 0);
    assert_eq!(keys.refusal(&["show", "alice", "--secret"]).0, "locked");
    let empty = keys.write("empty", "\n");
    let cause = usage(&keys.run(&["new", "bob", "--passphrase-file", &empty]));
    assert_eq!(cause, "the passphrase is empty");
    assert!(!keys.file("bob").exists());
    assert_eq!(keys.run(&["new", "bob", "--passphrase-file", "/no/such/file"]).code, 1);
}

/// Each member, and what becomes of a key where it is another.
#[test]
fn a_file_that_was_altered_does_not_sign() {
    let keys = Keys::new();
    assert_eq!(keys.add(&["new", "alice"], "").code, 0);
    assert_eq!(keys.add(&["new", "mallory"], "").code, 0);
    let read = |name| -> Json {
        serde_json::from_slice(&std::fs::read(keys.file(name)).expect("the file")).expect("JSON")
    };
    let (whole, other) = (read("alice"), read("mallory"));
    for (member, value, expected) in [
        ("/version", 2.into(), "refused"),
        ("/name", "bob".into(), "damaged"),
        ("/scheme", "ml-dsa-66".into(), "refused"),
        ("/scheme", "ml-dsa-44".into(), "damaged"),
        ("/address", other["address"].clone(), "damaged"),
        ("/public_key", other["public_key"].clone(), "damaged"),
        ("/kdf/name", "scrypt".into(), "refused"),
        ("/kdf/memory_kib", 16.into(), "locked"),
        ("/kdf/memory_kib", u64::from(u32::MAX).into(), "refused"),
        ("/kdf/iterations", 2.into(), "locked"),
        ("/kdf/iterations", 1_000_000.into(), "refused"),
        ("/kdf/lanes", 255.into(), "refused"),
        ("/kdf/salt", other["kdf"]["salt"].clone(), "locked"),
        ("/cipher/name", "none".into(), "refused"),
        ("/cipher/nonce", other["cipher"]["nonce"].clone(), "locked"),
        ("/cipher/ciphertext", other["cipher"]["ciphertext"].clone(), "locked"),
    ] {
        let mut altered = whole.clone();
        *altered.pointer_mut(member).expect("a member") = value;
        std::fs::write(keys.file("alice"), altered.to_string()).expect("written");
        let (class, cause) = keys.refusal(&["sign", "alice", "--message", "m"]);
        assert_eq!(class, expected, "{member}: {cause}");
    }
    let mut swapped = whole.clone();
    for member in ["public_key", "address"] {
        swapped[member] = other[member].clone();
    }
    std::fs::write(keys.file("alice"), swapped.to_string()).expect("written");
    assert_eq!(keys.refusal(&["sign", "alice", "--message", "m"]).0, "locked");
    std::fs::write(keys.file("alice"), whole.to_string()).expect("written");
    assert_eq!(keys.run(&["sign", "alice", "--message", "m"]).code, 0);
}

#[test]
fn damaged_files_are_told_and_the_others_listed() {
    let keys = Keys::new();
    assert_eq!(keys.add(&["new", "alice"], "").code, 0);
    let whole = std::fs::read(keys.file("alice")).expect("the file");
    std::fs::write(keys.file("half"), &whole[..whole.len() / 2]).expect("written");
    std::fs::write(keys.file("huge"), vec![b' '; 70_000]).expect("written");
    std::fs::write(keys.file("copy"), &whole).expect("written");
    std::fs::write(keys.file("Bad Name"), &whole).expect("written");
    std::fs::write(keys.path("keys").join("notes.txt"), "no key").expect("written");
    let (class, cause) = keys.refusal(&["show", "half"]);
    assert_eq!(class, "damaged");
    assert!(cause.contains("half.json is no key that can be used: it is no JSON"), "{cause}");
    let (_, cause) = keys.refusal(&["show", "copy"]);
    assert!(cause.ends_with("it is the key \"alice\" and not \"copy\""), "{cause}");
    assert_eq!(keys.run(&["show", "huge"]).code, 1);
    let listed = keys.json(&["list"]);
    assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1));
    let damaged: Vec<String> = listed["damaged"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| text(&file["file"]).rsplit('/').next().expect("a name").to_owned())
        .collect();
    assert_eq!(damaged, ["Bad Name.json", "copy.json", "half.json", "huge.json"]);
    let text = keys.run(&["list"]).out;
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(text.lines().skip(1).all(|line| line.starts_with("damaged: ")), "{text}");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_a_key() {
    use std::os::unix::fs::PermissionsExt;
    let keys = Keys::new();
    let folder = keys.path("keys").join("deep");
    let folder_text = folder.display().to_string();
    let made = keys.add(&["new", "alice", "--keystore", &folder_text], "");
    assert_eq!(made.code, 0, "{made:?}");
    let mode = |path: &PathBuf| path.metadata().expect("metadata").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.join("alice.json")), 0o600);
    assert_eq!((mode(&folder), mode(&keys.path("keys"))), (0o700, 0o700));
    let files = folder.read_dir().expect("the folder").count();
    assert_eq!(files, 1, "nothing unfinished is left");
}

#[test]
fn keys_are_made_as_slow_as_they_should_be() {
    let keys = Keys::new();
    let made = keys.run(&["new", "alice"]);
    assert_eq!(made.code, 0, "{made:?}");
    let kdf = &keys.json(&["show", "alice"])["kdf"];
    assert_eq!(
        (&kdf["name"], &kdf["memory_kib"], &kdf["iterations"], &kdf["lanes"]),
        (&"argon2id".into(), &65_536.into(), &3.into(), &1.into()),
    );
    assert_eq!(keys.run(&["sign", "alice", "--message", "m"]).code, 0);
    for (option, value) in [
        ("--kdf-memory", "7"),
        ("--kdf-memory", "1048577"),
        ("--kdf-iterations", "0"),
        ("--kdf-iterations", "33"),
    ] {
        let cause = usage(&keys.run(&["new", "bob", option, value]));
        assert!(cause.contains(&format!("of argon2id is {value}, not from ")), "{cause}");
    }
}

#[test]
fn wrong_command_lines_are_told() {
    let keys = Keys::new();
    let cause = usage(&keys.run(&["new", "alice", "--scheme", "ed25519"]));
    assert!(cause.contains("invalid value 'ed25519' for '--scheme <SCHEME>'"), "{cause}");
    let ran = keys.run(&["new", "alice", "--scheme", "dilithium3"]);
    assert!(ran.err.contains("ml-dsa-65, ml-dsa-87, ml-dsa-44, slh-dsa-sha2-128s"), "{ran:?}");
    assert_eq!(keys.run(&["sign", "alice"]).code, 64);
    assert_eq!(keys.run(&["sign", "alice", "--message", "m", "--file", "f"]).code, 64);
    assert_eq!(keys.run(&["new", "alice", "--passphrase", "secret"]).code, 64);
    assert_eq!(keys.add(&["new", "alice"], "").code, 0);
    let sign = |length: usize| {
        keys.run(&["sign", "alice", "--message", "", "--context", &"c".repeat(length)])
    };
    assert_eq!((sign(255).code, sign(256).code), (0, 64));
    assert_eq!(usage(&sign(256)), "the context has 256 bytes");
    let file = keys.write("file", "");
    let cause = usage(&keys.run(&["list", "--keystore", &file]));
    assert!(cause.ends_with("is no folder"), "{cause}");
    let ran = keys.run(&["sign", "alice", "--file", "/no/such/file"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
}
