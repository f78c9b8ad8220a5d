//! Finds a compiler for wasm32 among what is installed: one with the target's libraries, else one
//! with the sources of the standard library, as distributions have it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::exit::Exit;
use crate::failure::Failure;

/// What contracts are compiled for.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// Where a compiler has the sources of the standard library, below its other libraries.
const SOURCES: &str = "src/rust";

/// A compiler that can build for [`TARGET`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Toolchain {
    /// The program `cargo`.
    pub(super) cargo: PathBuf,
    /// The program `rustc`.
    pub(super) rustc: PathBuf,
    /// What `rustc --version` says.
    pub(super) version: String,
    /// Whether `core` and `alloc` are compiled from their sources along with the contract.
    pub(super) builds_std: bool,
    /// The linker, where the compiler brings none.
    pub(super) linker: Option<PathBuf>,
    /// Where the sources of the standard library are, if they are there; a link and what it leads
    /// to are two places.
    pub(super) sources: Vec<PathBuf>,
    /// What they are called in a module.
    pub(super) sources_name: String,
}

/// A compiler, whatever it can build for.
struct Compiler {
    cargo: PathBuf,
    rustc: PathBuf,
    version: String,
    host: String,
    commit: String,
    libraries: PathBuf,
}

/// The programs that may be there, in the order of the path.
pub(super) struct Programs {
    folders: Vec<PathBuf>,
    /// What the environment variable RUSTC names.
    rustc: Option<PathBuf>,
}

impl Programs {
    /// Those of the environment.
    pub(super) fn of_environment() -> Programs {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in std::env::split_paths(&path) {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        let rustc = std::env::var_os("RUSTC").filter(|rustc| !rustc.is_empty());
        Programs { folders, rustc: rustc.map(PathBuf::from) }
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        self.folders.iter().find_map(|folder| program(folder, name))
    }

    /// Each `cargo` with the `rustc` beside it.
    fn compilers(&self) -> Vec<(PathBuf, PathBuf)> {
        if let Some(rustc) = &self.rustc {
            return self.find("cargo").map(|cargo| (cargo, rustc.clone())).into_iter().collect();
        }
        let pair = |folder: &PathBuf| Some((program(folder, "cargo")?, program(folder, "rustc")?));
        self.folders.iter().filter_map(pair).collect()
    }

    /// A linker for wasm32: `wasm-ld`, else the newest that has its version in its name.
    fn linker(&self) -> Option<PathBuf> {
        self.find("wasm-ld").or_else(|| {
            let versions = (11..=40).rev();
            versions.into_iter().find_map(|version| self.find(&format!("wasm-ld-{version}")))
        })
    }
}

fn program(folder: &Path, name: &str) -> Option<PathBuf> {
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    program.is_file().then_some(program)
}

/// The first compiler that has the target's libraries; where there is none, the first that can make
/// them. The compiler is asked in the folder of the package, which may choose another version.
pub(super) fn find(programs: &Programs, package: &Path) -> Result<Toolchain, Failure> {
    let pairs = programs.compilers();
    let mut compilers = Vec::new();
    let mut broken = None;
    for (cargo, rustc) in pairs {
        match ask(cargo, rustc, package) {
            Ok(compiler) => compilers.push(compiler),
            Err(failure) => broken = broken.or(Some(failure)),
        }
    }
    let with_target = compilers.iter().find(|compiler| compiler.has_target());
    let with_sources = || compilers.iter().find(|compiler| compiler.has_sources());
    let Some(compiler) = with_target.or_else(with_sources) else {
        return Err(broken.unwrap_or_else(|| absent(programs, compilers.first())));
    };
    let linker = match compiler.has_linker() {
        true => None,
        false => Some(programs.linker().ok_or_else(|| no_linker(compiler))?),
    };
    Ok(Toolchain {
        cargo: compiler.cargo.clone(),
        rustc: compiler.rustc.clone(),
        version: compiler.version.clone(),
        builds_std: !compiler.has_target(),
        linker,
        sources: compiler.sources(),
        sources_name: format!("/rustc/{}", compiler.commit),
    })
}

impl Compiler {
    /// Whether the libraries of the target are there, compiled.
    fn has_target(&self) -> bool {
        let folder = self.libraries.join(TARGET).join("lib");
        let is_core = |name: &OsStr| name.to_string_lossy().starts_with("libcore-");
        let entries = folder.read_dir().into_iter().flatten().flatten();
        entries.into_iter().any(|entry| is_core(&entry.file_name()))
    }

    /// Whether the sources of the standard library are there.
    fn has_sources(&self) -> bool {
        self.libraries.join(SOURCES).join("library/core/src/lib.rs").is_file()
    }

    /// Where those sources are, or would be.
    fn sources(&self) -> Vec<PathBuf> {
        let named = self.libraries.join(SOURCES);
        let real = named.canonicalize().ok().filter(|real| *real != named);
        std::iter::once(named).chain(real).collect()
    }

    /// Whether the linker is there that the compiler calls by itself.
    fn has_linker(&self) -> bool {
        program(&self.libraries.join(&self.host).join("bin"), "rust-lld").is_some()
    }
}

/// What a compiler says of itself.
fn ask(cargo: PathBuf, rustc: PathBuf, package: &Path) -> Result<Compiler, Failure> {
    let said = |arguments: &[&str]| -> Result<String, Failure> {
        let broken = |cause: String| {
            Failure::new(Exit::NoTool, cause)
                .at(rustc.display().to_string())
                .way_out("run `rustc -vV` in the folder of the package: it has to name its version")
        };
        let output = Command::new(&rustc).args(arguments).current_dir(package).output();
        let output = output.map_err(|error| broken(format!("cannot start rustc: {error}")))?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            return Err(broken(format!("rustc does not work: {}", error.trim())));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let about = said(&["-vV"])?;
    let version = about.lines().next().unwrap_or_default().to_owned();
    let member = |name| {
        let member = about.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        member.unwrap_or_default().to_owned()
    };
    let (host, commit) = (member("host"), member("commit-hash"));
    let libraries = Path::new(&said(&["--print", "sysroot"])?).join("lib/rustlib");
    Ok(Compiler { cargo, rustc, version, host, commit, libraries })
}

/// How a distribution's toolchain is installed.
const APT: &str = "apt-get update && apt-get install rustc-web cargo-web rust-web-src lld-19";

/// What to do where no compiler can build contracts.
fn absent(programs: &Programs, compiler: Option<&Compiler>) -> Failure {
    let has = |name: &str| programs.find(name).is_some();
    let by_rustup = format!("rustup target add {TARGET}");
    let way_out = match (has("rustup"), has("apt-get"), compiler) {
        (true, _, _) => by_rustup,
        (false, true, _) => format!("{APT}, or with rustup: {by_rustup}"),
        (false, false, Some(_)) => format!(
            "install the sources of the standard library (often a package rust-src) and LLVM's \
             linker (often lld); or rustup, then {by_rustup}"
        ),
        (false, false, None) => format!("install rustup, then {by_rustup}"),
    };
    let cause = match compiler {
        None => "there is no Rust compiler on the path".to_owned(),
        Some(compiler) => format!("{} cannot build for {TARGET}", compiler.version),
    };
    let mut failure = Failure::new(Exit::NoTool, cause);
    if let Some(compiler) = compiler {
        failure = failure.at(compiler.rustc.display().to_string());
    }
    failure.way_out(way_out).fact("target", TARGET)
}

/// What to do where only the linker is missing.
fn no_linker(compiler: &Compiler) -> Failure {
    let cause = format!("there is no linker for {TARGET}: {} brings none", compiler.version);
    Failure::new(Exit::NoTool, cause)
        .at(compiler.rustc.display().to_string())
        .way_out("apt-get install lld-19, or another package with the program wasm-ld")
        .fact("target", TARGET)
}
