//! The hash of a package's sources: of all that is written by hand and can reach the module.

use std::io;
use std::path::Path;

use dytallix::abi::{Bytes, Encode, Hash};
use dytallix::crypto::sha3_256;

use crate::exit::Exit;
use crate::failure::Failure;

/// Folders of a package that cannot reach the module.
const OUTSIDE: [&str; 4] = ["benches", "examples", "target", "tests"];

/// SHA3-256 of the canonical encoding of a list of (path, contents), ascending by path: of
/// `Cargo.toml` and every `.rs` file of the package. Paths are relative and written with `/`. Left
/// out are hidden folders, other packages, and at the top `benches`, `examples`, `target`, `tests`.
pub(super) fn hash(package: &Path) -> Result<Hash, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    let failed = |error: io::Error, at: &str| {
        let place = package.join(at).display().to_string();
        Failure::new(Exit::Failed, format!("cannot read {place}: {error}"))
            .way_out("check its permissions")
    };
    while let Some(folder) = folders.pop() {
        let entries = package.join(&folder).read_dir().map_err(|error| failed(error, &folder))?;
        for entry in entries {
            let entry = entry.map_err(|error| failed(error, &folder))?;
            let kind = entry.file_type().map_err(|error| failed(error, &folder))?;
            // A name that is no UTF-8 is that of no module.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let is_top = folder.is_empty();
            if kind.is_dir() {
                let left_out = name.starts_with('.')
                    || is_top && OUTSIDE.contains(&name.as_str())
                    || entry.path().join("Cargo.toml").exists();
                if !left_out {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") || is_top && name == "Cargo.toml" {
                let contents = std::fs::read(entry.path()).map_err(|error| failed(error, &path))?;
                files.push((path, Bytes::from(contents)));
            }
        }
    }
    files.sort_unstable();
    Ok(Hash::new(sha3_256(&files.to_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, contents) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, contents).expect("a file");
        }
        folder
    }

    fn hash_of(files: &[(&str, &str)]) -> Hash {
        hash(package(files).path()).expect("readable")
    }

    const BASE: [(&str, &str); 3] =
        [("Cargo.toml", "[package]"), ("src/lib.rs", "mod a;"), ("src/a/mod.rs", "")];

    #[test]
    fn the_hash_is_that_of_paths_and_contents_in_order() {
        let mut bytes = vec![3, 0, 0, 0];
        for (path, contents) in [BASE[0], BASE[2], BASE[1]] {
            for text in [path, contents] {
                bytes.extend((text.len() as u32).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
        }
        assert_eq!(hash_of(&BASE), Hash::new(sha3_256(&bytes)));
    }

    #[test]
    fn whatever_reaches_the_module_changes_the_hash() {
        let base = hash_of(&BASE);
        for more in [("build.rs", ""), ("src/b.rs", ""), ("deep/er/tests/x.rs", "")] {
            assert_ne!(hash_of(&[&BASE[..], &[more]].concat()), base, "{more:?}");
        }
        let mut changed = BASE;
        changed[1].1 = "mod b;";
        assert_ne!(hash_of(&changed), base);
    }

    #[test]
    fn what_cannot_reach_the_module_leaves_the_hash() {
        let base = hash_of(&BASE);
        for more in [
            ("tests/a.rs", ""),
            ("target/release/a.rs", ""),
            (".git/a.rs", ""),
            ("README.md", ""),
            ("src/Cargo.lock", ""),
        ] {
            assert_eq!(hash_of(&[&BASE[..], &[more]].concat()), base, "{more:?}");
        }
        let inner = [("inner/Cargo.toml", ""), ("inner/src/lib.rs", "")];
        assert_eq!(hash_of(&[&BASE[..], &inner].concat()), base);
    }
}
