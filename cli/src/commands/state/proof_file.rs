//! Proofs in files: one JSON document with what is proved and the proof of it.

use std::path::Path;

use dytallix::Proof;
use dytallix::state::{KeyProof, ProofError};
use serde_json::{Value as Json, json};

use crate::bytes::{hex, parse_hex};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// The form of the document.
const SCHEMA: &str = "dytallix.state-proof/1";

/// What a file claims. Nothing of it is to be believed before the proof has been verified against a
/// root that comes from elsewhere; height and root of the file are never verified.
pub(super) struct ProofFile {
    /// The root that the file names.
    pub(super) root: Option<String>,
    /// The state key.
    pub(super) key: Vec<u8>,
    /// The row there, in its bytes; none where it is claimed to be absent.
    pub(super) value: Option<Vec<u8>>,
    /// The proof.
    pub(super) proof: Proof,
    /// Whether there is an ICS-23 proof too.
    pub(super) has_ics23: bool,
}

/// The document of a proof.
pub(crate) fn document(proof: &KeyProof, ics23: Option<&[u8]>) -> Json {
    let mut document = json!({
        "schema": SCHEMA,
        "height": proof.height.number(),
        "root": proof.root.to_string(),
        "key": hex(&proof.key),
        "value": proof.value.as_deref().map(hex),
        "proof": hex(&proof.proof.encode()),
    });
    if let Some(ics23) = ics23 {
        document["ics23"] = hex(ics23).into();
    }
    document
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<ProofFile, Failure> {
    let malformed = |what: &str| {
        Failure::new(Exit::Failed, format!("{} is no proof: {what}", path.display()))
            .way_out("the file that `dytallix state proof --out FILE` has written, unchanged")
            .fact("class", "malformed")
    };
    let bytes = files::read(path)?.ok_or_else(|| {
        Failure::new(Exit::Failed, format!("there is no file {}", path.display()))
            .way_out("the file that `dytallix state proof --out FILE` has written")
            .fact("class", "missing")
    })?;
    let json: Json = serde_json::from_slice(&bytes)
        .map_err(|error| malformed(&format!("it is not JSON: {error}")))?;
    if json["schema"] != SCHEMA {
        return Err(malformed(&format!("its schema is not {SCHEMA}")));
    }
    let bytes = |name: &str| json[name].as_str().and_then(parse_hex);
    let key = bytes("key").ok_or_else(|| malformed("its key is not hexadecimal"))?;
    // A value that is left out is no claim of absence: that takes a `null`.
    let value = match json.get("value") {
        Some(Json::Null) => None,
        _ => Some(bytes("value").ok_or_else(|| malformed("its value is not hexadecimal"))?),
    };
    let proof = bytes("proof").ok_or_else(|| malformed("its proof is not hexadecimal"))?;
    let proof = Proof::decode(&proof).map_err(|error| refused(error, path))?;
    let root = json["root"].as_str().map(str::to_owned);
    Ok(ProofFile { root, key, value, proof, has_ics23: json.get("ics23").is_some() })
}

/// A proof that does not prove what it should.
pub(super) fn refused(error: ProofError, path: &Path) -> Failure {
    Failure::new(Exit::Failed, format!("the proof is refused: {error}"))
        .at(path.display().to_string())
        .note("error", format!("ProofError::{error:?}"))
        .way_out("a proof made at the height of that root: do not believe what this one claims")
        .fact("proof_error", format!("{error:?}"))
}
