//! Where the SDK is: a checkout of the repository, as long as its packages are not published.

use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::failure::Failure;

/// The environment variable that names a checkout.
const VARIABLE: &str = "DYTALLIX_SDK";

/// The packages that a contract depends on, and their folders in the checkout.
const PACKAGES: [&str; 2] = ["sdk", "testkit"];

/// The checkout that this program was built from.
const BUILT_FROM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The checkout that is given, else that of the environment, else that which this program was built
/// from; none where that is gone.
pub(super) fn find(given: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    if let Some(path) = given {
        return checkout(path, "--sdk").map(Some);
    }
    match std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        Some(path) => checkout(Path::new(&path), VARIABLE).map(Some),
        None => Ok(checkout(Path::new(BUILT_FROM), "").ok()),
    }
}

/// The absolute path of a checkout, which `source` has named.
fn checkout(path: &Path, source: &str) -> Result<PathBuf, Failure> {
    let wrong = |why: String| {
        Failure::new(Exit::Usage, format!("{} is no checkout of Dytallix: {why}", path.display()))
            .note("from", source)
            .way_out("the folder of the repository, which has the folders sdk and testkit")
    };
    let absolute = path.canonicalize().map_err(|error| wrong(error.to_string()))?;
    for package in PACKAGES {
        let manifest = absolute.join(package).join("Cargo.toml");
        if !manifest.is_file() {
            return Err(wrong(format!("there is no {package}/Cargo.toml in it")));
        }
    }
    Ok(absolute)
}
