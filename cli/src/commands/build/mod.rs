//! `dytallix build`: has stock cargo compile a contract, and makes of it what is deployed.

mod accept;
mod cargo;
mod meta;
mod module;
mod show;
mod sources;
mod toolchain;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use dytallix::abi::{Abi, Hash};
use dytallix::crypto::sha3_256;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::report::Report;
use accept::Accepted;
use meta::Meta;
use toolchain::{Programs, TARGET, Toolchain};

/// Builds a contract: NAME.wasm in target/dytallix, with NAME.abi.json and NAME.debug.wasm beside.
///
/// Stock cargo compiles the package for wasm32-unknown-unknown, with the target of rustup or with
/// the sources of the standard library that a distribution has. The module then loses the names,
/// lines and marks that tools leave in it, which stay in NAME.debug.wasm, and gets a section that
/// says what it was made of. It is checked as a chain checks it when it is deployed.
#[derive(Args, Debug)]
pub(crate) struct Build {
    /// Folder of the package.
    #[arg(default_value = ".", hide_default_value = true)]
    dir: PathBuf,
    /// The profile of Cargo.toml to build with.
    #[arg(long, value_name = "NAME", default_value = "release")]
    profile: String,
    /// Where to write the module; what belongs to it is written beside it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Fail where Cargo.lock would have to change.
    #[arg(long)]
    locked: bool,
    /// Show how the compiler is called.
    #[arg(long)]
    verbose: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
    /// What is done anyway.
    #[arg(long, hide = true, conflicts_with = "profile")]
    release: bool,
}

/// A contract that was built.
struct Built {
    package: String,
    toolchain: Toolchain,
    meta: Meta,
    files: Files,
    bytes: usize,
    debug_bytes: usize,
    accepted: Accepted,
    abi: Option<Abi>,
    compiling: Duration,
    finishing: Duration,
}

/// The files of a contract.
struct Files {
    module: PathBuf,
    abi: PathBuf,
    debug: PathBuf,
    /// Where a module goes that no chain would take, to be looked at.
    refused: PathBuf,
}

impl Files {
    /// Those beside a module.
    fn beside(module: PathBuf) -> Files {
        let with = |extension| module.with_extension(extension);
        let (abi, debug) = (with("abi.json"), with("debug.wasm"));
        Files { abi, debug, refused: with("refused.wasm"), module }
    }

    /// Removes what an earlier build has left, so that nobody takes it for this one's.
    fn clear(&self) -> Result<(), Failure> {
        let all = [&self.module, &self.abi, &self.debug, &self.refused];
        all.into_iter().try_for_each(|file| files::remove(file))
    }
}

impl Build {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        if !self.dir.is_dir() {
            let cause = format!("there is no folder {}", self.dir.display());
            return Err(Failure::new(Exit::Usage, cause).way_out("give the folder of a package"));
        }
        let start = Instant::now();
        let toolchain = toolchain::find(&Programs::of_environment(), &self.dir)?;
        let package = cargo::package(&toolchain, &self.dir, self.locked)?;
        let files = Files::beside(self.module(&package));
        if let Some(folder) = files.module.parent().filter(|f| !f.as_os_str().is_empty()) {
            files::make_folder(folder)?;
        }
        files.clear()?;
        let compiled = cargo::compile(&toolchain, &package, &self.profile, self.verbose)?;
        let compiled = needed(&compiled)?;
        let compiling = start.elapsed();
        let meta = Meta {
            builder: concat!("dytallix ", env!("CARGO_PKG_VERSION")).to_owned(),
            compiler: toolchain.version.clone(),
            lock: Hash::new(sha3_256(&needed(&package.workspace.join("Cargo.lock"))?)),
            sources: sources::hash(&package.folder)?,
        };
        let Some(finished) = module::finished(&compiled, &meta) else {
            let cause = format!("what the compiler made of {} is no module", package.name);
            return Err(Failure::new(Exit::BadModule, cause)
                .way_out("build with --verbose, and look at what the linker is told"));
        };
        let accepted = match accept::accept(&finished, &files.refused) {
            Ok(accepted) => accepted,
            Err(failure) => {
                files::write_whole(&files.refused, &finished)?;
                return Err(failure);
            }
        };
        // The section has just been accepted, if it is there.
        let abi = module::abi(&finished).and_then(|section| Abi::decode(section).ok());
        files::write_whole(&files.debug, &compiled)?;
        if let Some(abi) = &abi {
            files::write_whole(&files.abi, abi.to_json().as_bytes())?;
        }
        files::write_whole(&files.module, &finished)?;
        let built = Built {
            package: package.name,
            toolchain,
            meta,
            files,
            bytes: finished.len(),
            debug_bytes: compiled.len(),
            accepted,
            abi,
            compiling,
            finishing: start.elapsed() - compiling,
        };
        Ok(built.report())
    }

    /// Where the module goes.
    fn module(&self, package: &cargo::Package) -> PathBuf {
        self.out.clone().unwrap_or_else(|| {
            package.target.join("dytallix").join(format!("{}.wasm", package.library))
        })
    }
}

/// A file that cargo must have made.
fn needed(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read(path)?.ok_or_else(|| {
        let cause = format!("cargo has built the contract for {TARGET}, but where is it?");
        Failure::new(Exit::Failed, cause)
            .at(format!("{} is not there", path.display()))
            .way_out("build with --verbose, and look for settings that move what is built")
    })
}
