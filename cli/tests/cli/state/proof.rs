//! `dytallix state proof` and `verify-proof`: what is proved is verified without the ledger, and
//! whatever was changed is refused.

use std::path::{Path, PathBuf};

use dytallix::Address;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{assert_fails, balance_key, document, ledger, root, state, text, token};
use crate::support::{Ran, dytallix};

/// A ledger, its token's address, and a proof of what is there at a key.
fn proved(key: &[&str]) -> (TempDir, PathBuf, String) {
    let folder = ledger(1);
    let (token, root) = (token(folder.path()), root(folder.path()));
    let path = folder.path().join("proof.json");
    let args = [&["proof", &token], key, &["--out", text(&path)]].concat();
    let json = document(folder.path(), &args);
    let written: Json = serde_json::from_str(&std::fs::read_to_string(&path).expect("the proof"))
        .expect("a document");
    assert_eq!(written, json, "the file is what --json prints");
    assert_eq!((&json["schema"], &json["root"]), (&json!("dytallix.state-proof/1"), &json!(root)));
    (folder, path, root)
}

fn verify(path: &Path, root: &str) -> Ran {
    dytallix(["state", "verify-proof", text(path), "--root", root])
}

/// The document of a proof that was verified.
fn verified(path: &Path, root: &str) -> Json {
    dytallix(["state", "verify-proof", text(path), "--root", root, "--json"]).json()
}

/// The file with another text in one of its members.
fn changed(path: &Path, member: &str, value: impl Into<Json>) -> PathBuf {
    let mut json: Json =
        serde_json::from_slice(&std::fs::read(path).expect("the proof")).expect("a document");
    json[member] = value.into();
    let changed = path.with_extension("changed");
    std::fs::write(&changed, json.to_string()).expect("it can be written");
    changed
}

fn member(path: &Path, name: &str) -> String {
    let json: Json =
        serde_json::from_slice(&std::fs::read(path).expect("the proof")).expect("a document");
    json[name].as_str().expect("text").to_owned()
}

#[test]
fn presence_is_proved_and_verified() {
    for key in [vec![], vec!["0x00"], vec![&*balance_key(b'c')]] {
        let (_folder, path, root) = proved(&key);
        let ran = verify(&path, &root);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{key:?}: {ran:?}");
        assert!(ran.out.starts_with("proved: "), "{ran:?}");
        assert!(ran.out.contains(" is present in the state of that root"), "{ran:?}");
        let upper = format!("0x{}", root.to_uppercase());
        assert_eq!(verify(&path, &upper).code, 0, "a root may be written so too");
    }
    let (folder, path, root) = proved(&["0x00"]);
    let json = verified(&path, &root);
    assert_eq!(json["schema"], "dytallix.state-verify-proof/1");
    assert_eq!((&json["verified"], &json["outcome"]), (&json!(true), &json!("present")));
    // What is proved is the row; what it holds is shown, without its first byte.
    let (token, owner) = (token(folder.path()), format!("0x{}", "61".repeat(32)));
    assert_eq!(json["value"], json!(owner.replace("0x", "0x01")));
    let row = json!({
        "kind": "storage",
        "contract": token,
        "key": { "hex": "0x00", "text": null },
        "value": { "hex": owner, "text": "a".repeat(32) },
    });
    assert_eq!(json["row"], row);
    for ran in [verify(&path, &root), state(folder.path(), &["proof", &token, "0x00"])] {
        assert!(ran.out.contains(&format!(" {owner} \"aaa")), "{ran:?}");
    }
}

#[test]
fn what_is_proved_of_an_account_is_shown_as_get_shows_it() {
    let (folder, path, root) = proved(&[]);
    let token = token(folder.path());
    let row = &verified(&path, &root)["row"];
    let account = &document(folder.path(), &["get", &token])["account"];
    assert_eq!((&row["kind"], &row["account"]), (&json!("account"), account));
    for ran in [verify(&path, &root), state(folder.path(), &["proof", &token])] {
        assert!(ran.out.contains("  5 items, 197 bytes"), "{ran:?}");
    }
}

#[test]
fn absence_is_proved_and_verified() {
    let (folder, path, root) = proved(&["nothing"]);
    let ran = verify(&path, &root);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("0x6e6f7468696e67 \"nothing\" is absent"), "{ran:?}");
    let json = verified(&path, &root);
    assert_eq!((&json["value"], &json["row"]), (&Json::Null, &Json::Null));
    let nobody = Address::from_bytes([9; 32]).to_string();
    let json = document(folder.path(), &["proof", &nobody]);
    assert_eq!(json["value"], Json::Null);
    // What is absent does not become present by naming a value, nor the other way round.
    let ran = verify(&changed(&path, "value", "0x00"), &root);
    assert_eq!(ran.code, 1, "{ran:?}");
    let (_folder, path, root) = proved(&["0x00"]);
    let ran = verify(&changed(&path, "value", Json::Null), &root);
    assert!(ran.err.contains("ProofError::Present"), "{ran:?}");
}

#[test]
fn every_changed_digit_is_refused() {
    let (_folder, path, root) = proved(&["0x00"]);
    for name in ["key", "value", "proof"] {
        let hex = member(&path, name);
        let step = if name == "proof" { 7 } else { 5 };
        for at in (2..hex.len()).step_by(step) {
            let mut digits = hex.clone().into_bytes();
            let digit = char::from(digits[at]).to_digit(16).expect("a digit") ^ 1 << (at % 4);
            digits[at] = char::from_digit(digit, 16).expect("a digit") as u8;
            let flipped = String::from_utf8(digits).expect("digits");
            let ran = verify(&changed(&path, name, flipped), &root);
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{name} at {at}: {ran:?}");
            assert!(ran.err.contains("ProofError::"), "{name} at {at}: {ran:?}");
        }
    }
}

#[test]
fn digits_of_a_proof_of_absence_are_refused_too() {
    let (_folder, path, root) = proved(&["nothing"]);
    let hex = member(&path, "proof");
    for at in (2..hex.len()).step_by(5) {
        let mut digits = hex.clone().into_bytes();
        digits[at] = if digits[at] == b'0' { b'1' } else { b'0' };
        let flipped = String::from_utf8(digits).expect("digits");
        let ran = verify(&changed(&path, "proof", flipped), &root);
        assert_eq!(ran.code, 1, "digit {at}: {ran:?}");
    }
}

#[test]
fn another_root_is_refused_whatever_the_file_says() {
    let (folder, path, root) = proved(&["0x00"]);
    let other = "11".repeat(32);
    let ran = verify(&path, &other);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("ProofError::Root"), "{ran:?}");
    assert!(ran.err.contains(&format!("it is of the root {root}")), "{ran:?}");
    // The file cannot make a root trusted, nor take the trust away.
    assert_eq!(verify(&changed(&path, "root", other.clone()), &other).code, 1);
    let ran = verify(&changed(&path, "root", other), &root);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("the file names another root, which was not used"), "{ran:?}");
    // An older root is another one.
    let older = document(folder.path(), &["root", "--height", "1"]);
    let ran = dytallix([
        "state",
        "verify-proof",
        text(&path),
        "--root",
        older["root"].as_str().expect("a root"),
        "--json",
    ]);
    assert_eq!((ran.code, &ran.json()["proof_error"]), (1, &json!("Root")));
}

#[test]
fn older_heights_are_proved_against_their_root() {
    let folder = ledger(2);
    let token = token(folder.path());
    let path = folder.path().join("proof.json");
    let key = balance_key(b'b');
    for (height, is_present) in [("1", false), ("2", true), ("5", true)] {
        let root = document(folder.path(), &["root", "--height", height]);
        let root = root["root"].as_str().expect("a root").to_owned();
        let args = ["proof", &token, &key, "--height", height, "--out", text(&path)];
        assert_eq!(document(folder.path(), &args)["value"].is_string(), is_present);
        assert_eq!(verify(&path, &root).code, 0, "{height}");
    }
}

#[test]
fn ics23_is_added_where_it_is_asked_for() {
    let folder = ledger(1);
    let token = token(folder.path());
    for key in ["0x00", "nothing"] {
        let json = document(folder.path(), &["proof", &token, key]);
        assert!(json.get("ics23").is_none());
        let path = folder.path().join("proof.json");
        let args = ["proof", &token, key, "--ics23", "--out", text(&path)];
        let json = document(folder.path(), &args);
        assert!(json["ics23"].as_str().is_some_and(|hex| hex.len() > 100), "{json}");
        let ran = verify(&path, json["root"].as_str().expect("a root"));
        assert!(ran.out.contains("the ICS-23 proof in the file was not verified"), "{ran:?}");
    }
}

#[test]
fn without_a_file_the_proof_is_shown() {
    let folder = ledger(1);
    let token = token(folder.path());
    let proof = document(folder.path(), &["proof", &token, "0x00"]);
    let ran = state(folder.path(), &["proof", &token, "0x00"]);
    assert!(ran.out.contains("0x00 is present\n"), "{ran:?}");
    assert!(ran.out.contains(proof["proof"].as_str().expect("a proof")), "{ran:?}");
}

#[test]
fn what_is_no_proof_is_told() {
    let (folder, path, root) = proved(&["0x00"]);
    let verify =
        |path: &Path| dytallix(["state", "verify-proof", text(path), "--root", &root, "--json"]);
    assert_fails(&verify(&folder.path().join("none")), 1, "missing");
    for (name, value) in [("key", "0x0"), ("value", "x"), ("proof", "0xyz"), ("schema", "other")] {
        assert_fails(&verify(&changed(&path, name, value)), 1, "malformed");
    }
    std::fs::write(&path, "{").expect("it can be written");
    assert_fails(&verify(&path), 1, "malformed");
    let ran = dytallix(["state", "verify-proof", text(&path), "--root", "12"]);
    assert_eq!(ran.code, 64, "{ran:?}");
}
