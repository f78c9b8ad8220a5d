//! Asks the runtime whether a chain would take the module.

use std::path::Path;

use dytallix::chain::{Error, Rejection};
use dytallix::gas::HostPrices;
use dytallix::host::{CodeError, InterfaceError, InterfaceErrorKind};
use dytallix::vm::{Config, Engine};
use dytallix::{Address, Hash, Limits, MemoryStore, Runtime};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::module_file::bad_module;

/// What a chain with the prices of version 1 says of a module that it takes.
pub(super) struct Accepted {
    /// The hash by which it knows the code.
    pub(super) hash: Hash,
    /// Gas of a deployment, without what `init` uses.
    pub(super) deploy_gas: u64,
    /// The pages of memory that an instance begins with.
    pub(super) memory_pages: u64,
    /// The names of the host functions that it imports.
    pub(super) imports: Vec<String>,
}

/// Has a runtime with the usual rules take the module; `place` is the file to blame.
pub(super) fn accept(module: &[u8], place: &Path) -> Result<Accepted, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(Exit::Failed, error.to_string());
    let mut runtime = Runtime::new(MemoryStore::new())
        .map_err(|error| failed(&format!("cannot make a ledger in memory: {error:?}")))?;
    let uploaded = runtime.upload(module, Address::from_bytes([0; 32]));
    let hash = uploaded.map_err(|error| match error {
        Error::Rejected(Rejection::Code(CodeError::Module(error))) => bad_module(place, &error),
        Error::Rejected(Rejection::Code(CodeError::Interface(error))) => no_contract(place, &error),
        other => failed(&other),
    })?;
    let config = Config::default().with_limits(Limits::contract());
    let engine = Engine::new(config).map_err(|error| failed(&error))?;
    let program = engine.compile(module).map_err(|error| bad_module(place, &error))?;
    let imports = program.module().imports().iter().map(|import| import.name.to_string());
    Ok(Accepted {
        hash,
        deploy_gas: HostPrices::v1().deploy.total(module.len() as u64),
        memory_pages: program.module().memories().first().map_or(0, |memory| memory.min),
        imports: imports.collect(),
    })
}

/// A valid module that is no contract.
fn no_contract(place: &Path, error: &InterfaceError) -> Failure {
    let way_out = match error.kind() {
        InterfaceErrorKind::UnknownImport { .. } | InterfaceErrorKind::ImportType { .. } => {
            "do without the library that declares this function: it wants an operating system, a \
             browser, or another version of the host"
        }
        InterfaceErrorKind::Start => "do without what runs before `init`, such as constructors",
        InterfaceErrorKind::Memory => "let the linker make the memory and export it",
        InterfaceErrorKind::EntryType { .. } | InterfaceErrorKind::MissingMethod { .. } => {
            "let `#[methods]` export the methods: none is exported by hand"
        }
        InterfaceErrorKind::Abi(_) | InterfaceErrorKind::SecondAbi => {
            "one `#[methods]` in the package, and the SDK of this version of `dytallix`"
        }
        _ => "build with the SDK of this version of `dytallix`",
    };
    Failure::new(Exit::BadModule, format!("no chain would take this module: {error}"))
        .at(format!("{}, offset {:#x}", place.display(), error.offset()))
        .way_out(way_out)
        .fact("class", "interface")
        .fact("offset", error.offset())
}
