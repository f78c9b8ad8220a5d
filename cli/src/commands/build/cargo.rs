//! Runs cargo: asks it about the package, and has it compile the contract.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::toolchain::{TARGET, Toolchain};
use crate::exit::Exit;
use crate::failure::Failure;

/// A package with a library, as cargo sees it.
#[derive(Debug)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Where the lock file is.
    pub(super) workspace: PathBuf,
    /// Where what is built goes.
    pub(super) target: PathBuf,
    /// Name of the library, as rustc names its file.
    pub(super) library: String,
    /// Prefixes of paths that are rewritten in the module, and to what: so that it does not depend
    /// on where things lie, and tells nobody.
    prefixes: Vec<(PathBuf, String)>,
}

/// The package in a folder.
pub(super) fn package(
    toolchain: &Toolchain,
    folder: &Path,
    locked: bool,
) -> Result<Package, Failure> {
    let manifest = folder.join("Cargo.toml");
    if !manifest.is_file() {
        let cause = format!("there is no package in {}: Cargo.toml is missing", folder.display());
        return Err(Failure::new(Exit::Usage, cause).way_out(
            "`dytallix build DIR` with the folder of a package; `dytallix new` makes one",
        ));
    }
    let mut command = command(toolchain, folder);
    command.args(["metadata", "--format-version", "1", "--filter-platform", TARGET]);
    if locked {
        command.arg("--locked");
    }
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| cannot_start(toolchain, &error))?;
    if !output.status.success() {
        return Err(not_built(output.status.code(), folder));
    }
    let metadata = serde_json::from_slice::<Json>(&output.stdout);
    let metadata = metadata.ok().and_then(|metadata| read(&metadata, &manifest));
    metadata.unwrap_or_else(|| {
        let cause = format!("{} answers no question about the package", toolchain.cargo.display());
        Err(Failure::new(Exit::Failed, cause).way_out("another version of cargo"))
    })
}

/// What cargo's answer says; none where it is in no form that is known.
fn read(metadata: &Json, manifest: &Path) -> Option<Result<Package, Failure>> {
    let packages = metadata["packages"].as_array()?;
    let folder_of = |package: &Json| {
        Some(Path::new(package["manifest_path"].as_str()?).parent()?.to_path_buf())
    };
    let folder = manifest.parent()?.canonicalize().ok()?;
    let is_here = |package: &&Json| {
        let of_package = folder_of(package).and_then(|folder| folder.canonicalize().ok());
        of_package.is_some_and(|of_package| of_package == folder)
    };
    let Some(package) = packages.iter().find(is_here) else {
        let cause = format!("{} is a workspace, not a package", manifest.display());
        return Some(Err(Failure::new(Exit::Usage, cause)
            .way_out("`dytallix build DIR` with the folder of one of its packages")));
    };
    let targets = package["targets"].as_array()?;
    let kinds = |target: &Json| target["crate_types"].as_array().cloned().unwrap_or_default();
    let is_library = |target: &&Json| {
        kinds(target)
            .iter()
            .any(|kind| ["lib", "rlib", "cdylib"].contains(&kind.as_str().unwrap_or_default()))
            && target["kind"][0] != "example"
    };
    let Some(library) = targets.iter().find(is_library) else {
        let cause = format!("{} has no library, so there is nothing to build", manifest.display());
        return Some(Err(Failure::new(Exit::Usage, cause).way_out(
            "put the contract into src/lib.rs, and crate-type = [\"cdylib\", \"rlib\"] into [lib]",
        )));
    };
    Some(Ok(Package {
        name: package["name"].as_str()?.to_owned(),
        folder,
        workspace: metadata["workspace_root"].as_str()?.into(),
        target: metadata["target_directory"].as_str()?.into(),
        library: library["name"].as_str()?.replace('-', "_"),
        prefixes: prefixes(packages, folder_of),
    }))
}

/// Folders of packages that are no published ones, and of those that are; the longest come last,
/// since the last that fits counts.
fn prefixes(
    packages: &[Json],
    folder_of: impl Fn(&Json) -> Option<PathBuf>,
) -> Vec<(PathBuf, String)> {
    let local = packages.iter().filter(|package| package["source"].is_null());
    let mut prefixes: Vec<(PathBuf, String)> = local
        .filter_map(|package| {
            let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
            Some((folder_of(package)?, format!("/{name}-{version}")))
        })
        .collect();
    if let Some(home) = cargo_home() {
        prefixes.push((home, "/cargo".to_owned()));
    }
    prefixes.sort_by_key(|(folder, _)| folder.as_os_str().len());
    prefixes
}

/// Where cargo keeps the sources of published packages.
fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty());
    named.map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

/// Compiles the library; the module that came of it. What the compiler says goes to the standard
/// error as it is.
pub(super) fn compile(
    toolchain: &Toolchain,
    package: &Package,
    profile: &str,
    verbose: bool,
) -> Result<PathBuf, Failure> {
    let mut command = command(toolchain, &package.folder);
    command.args(["rustc", "--lib", "--crate-type", "cdylib", "--target", TARGET]);
    command.args(["--profile", profile]);
    // The names and lines stay in: they go into the file beside the module, not into the module.
    for (key, value) in [("strip", "false"), ("debug", "true")] {
        command.args(["--config", &format!("profile.{profile}.{key}={value}")]);
    }
    let standard = toolchain.sources.iter().map(|folder| (folder, &toolchain.sources_name));
    let prefixes = package.prefixes.iter().map(|(folder, to)| (folder, to));
    let flags = prefixes.chain(standard).map(|(folder, to)| {
        let flag = format!("--remap-path-prefix={}={to}", folder.display());
        // Strings of JSON are strings of TOML.
        Json::from(flag).to_string()
    });
    let flags = flags.collect::<Vec<_>>().join(",");
    command.args(["--config", &format!("target.{TARGET}.rustflags=[{flags}]")]);
    if toolchain.builds_std {
        command.args(["-Z", "build-std=core,alloc"]).env("RUSTC_BOOTSTRAP", "1");
    }
    if let Some(linker) = &toolchain.linker {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    if verbose {
        command.arg("--verbose");
        let _ = writeln!(std::io::stderr(), "{command:?}");
    }
    let status = command.stdout(Stdio::from(std::io::stderr())).status();
    let status = status.map_err(|error| cannot_start(toolchain, &error))?;
    if !status.success() {
        return Err(not_built(status.code(), &package.folder));
    }
    let folder = match profile {
        "dev" | "test" => "debug",
        "bench" => "release",
        other => other,
    };
    Ok(package.target.join(TARGET).join(folder).join(format!("{}.wasm", package.library)))
}

/// Cargo in that folder, with no flags but those of the package: a contract does not depend on the
/// environment.
fn command(toolchain: &Toolchain, folder: &Path) -> Command {
    let mut command = Command::new(&toolchain.cargo);
    command.current_dir(folder).env("RUSTC", &toolchain.rustc);
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").stdin(Stdio::null());
    command
}

fn cannot_start(toolchain: &Toolchain, error: &std::io::Error) -> Failure {
    let cargo = toolchain.cargo.display();
    Failure::new(Exit::NoTool, format!("cannot start {cargo}: {error}"))
        .way_out("check that it can be run")
}

/// Cargo has failed, and said why.
fn not_built(code: Option<i32>, folder: &Path) -> Failure {
    let how = match code {
        Some(code) => format!("with code {code}"),
        None => "by a signal".to_owned(),
    };
    Failure::new(Exit::NotBuilt, format!("the contract was not built: cargo ended {how}"))
        .at(folder.display().to_string())
        .way_out("what cargo and the compiler said of it stands above")
        .fact("cargo_exit_code", code)
}
