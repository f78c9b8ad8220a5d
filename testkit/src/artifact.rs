//! Where the module of a contract is, that `dytallix build` or cargo has built.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::failure::Failure;

/// Folders below cargo's target folder that modules are in.
const FOLDERS: &[&str] =
    &["dytallix", "wasm32-unknown-unknown/release", "wasm32-unknown-unknown/release/examples"];

/// Where to look, and for whom.
#[derive(Clone, Debug, Default)]
struct Places {
    /// A folder of modules, and nothing else.
    contracts: Option<PathBuf>,
    /// The folder of the package under test.
    package: Option<PathBuf>,
    /// The name of the package under test.
    package_name: Option<String>,
    /// Folders that may be cargo's target folder.
    targets: Vec<PathBuf>,
}

impl Places {
    /// Those of this process: cargo sets the variables for tests, and puts them below the target
    /// folder.
    fn of_this_process() -> Places {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let package = variable("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let mut targets: Vec<PathBuf> =
            variable("CARGO_TARGET_DIR").map(PathBuf::from).into_iter().collect();
        if let Ok(program) = std::env::current_exe() {
            // target/debug/deps/test, with a triple and a profile of other names in between.
            targets.extend(program.ancestors().skip(3).take(2).map(Path::to_owned));
        }
        for folder in package.iter().flat_map(|package| package.ancestors()) {
            targets.push(folder.join("target"));
        }
        Places {
            contracts: variable("DYTALLIX_CONTRACTS").map(PathBuf::from),
            package,
            package_name: std::env::var("CARGO_PKG_NAME").ok(),
            targets,
        }
    }

    /// The newest module of that name.
    fn find(&self, name: &str) -> Result<PathBuf, String> {
        let file = format!("{}.wasm", name.replace('-', "_"));
        let folders: Vec<PathBuf> = match &self.contracts {
            Some(folder) => vec![folder.clone()],
            None => {
                let below = |target: &PathBuf| FOLDERS.iter().map(|f| target.join(f)).collect();
                let checked_in = self.package.iter().map(|package| package.join("wasm"));
                checked_in.chain(self.targets.iter().flat_map::<Vec<_>, _>(below)).collect()
            }
        };
        let found = folders.iter().filter_map(|folder| {
            let path = folder.join(&file);
            Some((modified(&path)?, path))
        });
        let Some((built, path)) = found.max_by_key(|(built, _)| *built) else {
            return Err(self.missing(&file));
        };
        match self.newer_source(name, built) {
            Some(source) => Err(format!(
                "{} is older than {}: run `dytallix build` again",
                path.display(),
                source.display()
            )),
            None => Ok(path),
        }
    }

    fn missing(&self, file: &str) -> String {
        match (&self.contracts, &self.package) {
            (Some(folder), _) => format!(
                "there is no {file} in {}, which DYTALLIX_CONTRACTS names",
                folder.display()
            ),
            (None, Some(package)) => format!(
                "there is no {file} in {}, neither in the target folder of {} nor above: run \
                 `dytallix build` first",
                FOLDERS.join(", "),
                package.display()
            ),
            (None, None) => format!(
                "there is no {file}, and CARGO_MANIFEST_DIR is not set: run tests with `cargo \
                 test`, or give the path with `deploy_file`"
            ),
        }
    }

    /// A source of the package under test that has changed after its module was built. Sources of
    /// other packages are not known.
    fn newer_source(&self, name: &str, built: SystemTime) -> Option<PathBuf> {
        let is_same = |package: &String| package.replace('-', "_") == name.replace('-', "_");
        let package = self.package.as_ref()?;
        if self.contracts.is_some() || !self.package_name.as_ref().is_some_and(is_same) {
            return None;
        }
        let is_newer = |path: &PathBuf| modified(path).is_some_and(|changed| changed > built);
        sources(&package.join("src")).into_iter().find(is_newer)
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

/// The files of Rust below a folder, in order of their names.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                _ if path.extension().is_some_and(|extension| extension == "rs") => {
                    found.push(path);
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// The module of the contract of that name.
pub(crate) fn load(name: &str) -> Result<Vec<u8>, Failure> {
    let failed = |message| Failure::usage(format!("deployment of `{name}`"), message);
    let path = Places::of_this_process().find(name).map_err(failed)?;
    let read = std::fs::read(&path);
    read.map_err(|error| failed(format!("{} can not be read: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::time::Duration;

    /// A package `my-token` in a workspace, with a source of that age in seconds.
    fn workspace() -> (tempfile::TempDir, Places) {
        let root = tempfile::tempdir().expect("a folder");
        let package = root.path().join("contracts/my-token");
        fs::create_dir_all(package.join("src/deep")).expect("a folder");
        let targets = package.ancestors().map(|folder| folder.join("target")).collect();
        let (contracts, package_name) = (None, Some("my-token".to_owned()));
        let places = Places { contracts, package: Some(package), package_name, targets };
        (root, places)
    }

    fn put(path: &Path, seconds: u64) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "x").expect("a file");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        fs::File::options()
            .write(true)
            .open(path)
            .and_then(|f| f.set_modified(time))
            .expect("a time");
    }

    #[test]
    fn the_newest_module_upwards_is_taken() {
        let (root, places) = workspace();
        let cargo = root.path().join("target/wasm32-unknown-unknown/release/my_token.wasm");
        let ours = root.path().join("target/dytallix/my_token.wasm");
        put(&cargo, 100);
        assert_eq!(places.find("my-token"), Ok(cargo.clone()));
        put(&ours, 101);
        assert_eq!(places.find("my_token"), Ok(ours));
        put(&cargo, 102);
        assert_eq!(places.find("my-token"), Ok(cargo));
    }

    #[test]
    fn a_missing_module_says_what_to_run() {
        let (_root, places) = workspace();
        let error = places.find("my-token").expect_err("nothing is built");
        assert!(error.starts_with("there is no my_token.wasm in dytallix, "), "{error}");
        assert!(error.ends_with("run `dytallix build` first"), "{error}");
        let error = Places::default().find("token").expect_err("nothing is known");
        assert!(error.contains("CARGO_MANIFEST_DIR is not set"), "{error}");
    }

    #[test]
    fn a_module_that_is_older_than_its_sources_is_refused() {
        let (root, places) = workspace();
        let module = root.path().join("target/dytallix/my_token.wasm");
        let source = root.path().join("contracts/my-token/src/deep/token.rs");
        put(&module, 100);
        put(&source, 99);
        assert_eq!(places.find("my-token"), Ok(module.clone()));
        put(&source, 101);
        let error = places.find("my-token").expect_err("it is stale");
        assert!(error.contains("is older than"), "{error}");
        assert!(error.ends_with("token.rs: run `dytallix build` again"), "{error}");
        put(&module.with_file_name("other.wasm"), 1);
        assert!(places.find("other").is_ok(), "sources of other packages are not known");
    }

    #[test]
    fn a_folder_of_contracts_is_the_only_one_where_it_is_named() {
        let (root, mut places) = workspace();
        put(&root.path().join("target/dytallix/token.wasm"), 100);
        let folder = root.path().join("made");
        places.contracts = Some(folder.clone());
        let error = places.find("token").expect_err("it is not there");
        assert!(error.contains("which DYTALLIX_CONTRACTS names"), "{error}");
        put(&folder.join("token.wasm"), 1);
        assert_eq!(places.find("token"), Ok(folder.join("token.wasm")));
    }

    #[test]
    fn the_message_reaches_the_test() {
        let failure = load("no-such-contract").expect_err("there is none");
        assert!(failure.to_string().contains("there is no no_such_contract.wasm"), "{failure}");
    }
}
