//! What a module must look like to be a contract: which host functions it imports, which methods it
//! has.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use dytallix_abi::{
    ABI_SECTION, Abi, AbiError, AbiType, Capabilities, EXPORT_INITIALIZE, EXPORT_MEMORY, HostFn,
    IMPORT_MODULE, METHOD_INIT, METHOD_MIGRATE, MethodKind, Reentry, is_callable_name,
};

use super::own::{HostTable, OWN, func_type};
use crate::wasm::{ExternIndex, FuncType, Import, ImportKind, Module, SectionId};

/// A contract's imports and methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    imports: Box<[HostImport]>,
    methods: BTreeMap<Box<str>, Method>,
    init: Option<Method>,
    migrate: Option<u32>,
    initialize: Option<u32>,
    permissions: Permissions,
    schema: u32,
}

/// A host function that a contract imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostImport {
    /// One of the ABI's table.
    Abi(HostFn),
    /// One of the chain's own, by its position.
    Own(u32),
}

/// A method as the machine enters it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Method {
    /// The function of the module; none where there is nothing to run.
    pub(super) function: Option<u32>,
    /// Whether it runs in a read-only frame whoever calls.
    pub(super) read_only: bool,
    /// Whether it takes value.
    pub(super) payable: bool,
    /// Whether it may be entered while its contract is running.
    pub(super) reentrant: bool,
}

impl Method {
    /// What a contract without `init` begins with.
    pub(super) const NOTHING: Method = Method::of_function(None);

    /// A method of which nothing is declared.
    const fn of_function(function: Option<u32>) -> Method {
        Method { function, read_only: false, payable: false, reentrant: false }
    }
}

/// What code may ask for: what it has declared, or where it declares nothing, calls and new
/// contracts alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permissions {
    /// May call other contracts.
    pub call: bool,
    /// May run other code as its own.
    pub delegate: bool,
    /// May change its own code.
    pub upgrade: bool,
    /// Takes value that is sent to it without a call.
    pub receive: bool,
    /// May make contracts.
    pub create: bool,
}

impl Default for Permissions {
    fn default() -> Self {
        Permissions { call: true, delegate: false, upgrade: false, receive: false, create: true }
    }
}

impl Permissions {
    /// What both may.
    pub(super) fn and(&self, other: &Permissions) -> Permissions {
        Permissions {
            call: self.call && other.call,
            delegate: self.delegate && other.delegate,
            upgrade: self.upgrade && other.upgrade,
            receive: self.receive && other.receive,
            create: self.create && other.create,
        }
    }
}

impl HostImport {
    /// The number by which the machine calls it.
    pub(super) fn number(self) -> u32 {
        match self {
            HostImport::Abi(function) => function.number().into(),
            HostImport::Own(at) => OWN + at,
        }
    }

    /// Its type as a module spells it.
    pub(super) fn ty(self, functions: &HostTable) -> FuncType {
        match self {
            HostImport::Abi(function) => type_of(function),
            HostImport::Own(at) => match functions.row(at) {
                Some(row) => row.ty(),
                None => FuncType::new(&[], &[]),
            },
        }
    }
}

/// Why a valid module is no contract, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceError {
    kind: InterfaceErrorKind,
    offset: u32,
}

/// What is wrong with a module as a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InterfaceErrorKind {
    /// It has a start function, which would run unasked.
    Start,
    /// It imports something that is not a function of the host.
    UnknownImport {
        /// Module name of the import.
        module: Box<str>,
        /// Field name of the import.
        name: Box<str>,
    },
    /// It imports a host function with another type than the table's.
    ImportType {
        /// The function's name.
        function: Box<str>,
        /// The type of the function.
        right: FuncType,
        /// The type that the module asks for.
        found: FuncType,
    },
    /// It does not define exactly one memory and export it as `memory`.
    Memory,
    /// `init`, `migrate` or `_initialize` is exported as something else than a function of type `[]
    /// → []`.
    EntryType {
        /// Which of them.
        name: &'static str,
    },
    /// Its ABI section is none.
    Abi(AbiError),
    /// It has two ABI sections; the offset is that of the second.
    SecondAbi,
    /// Its ABI section names a method that the module does not export as a function of type `[] →
    /// []`.
    MissingMethod {
        /// The method.
        name: Box<str>,
    },
}

impl Interface {
    /// Checks that `module` can be a contract, and finds its methods.
    ///
    /// # Errors
    ///
    /// The first [`InterfaceErrorKind`] that applies, with its place in the module.
    pub fn of(module: &Module, functions: &HostTable) -> Result<Interface, InterfaceError> {
        if module.start().is_some() {
            return Err(error(module, InterfaceErrorKind::Start, SectionId::Start));
        }
        let imports = module.imports().iter().map(|import| bind(module, functions, import));
        let imports = imports.collect::<Result<_, _>>()?;
        let exported = matches!(module.export(EXPORT_MEMORY), Some(ExternIndex::Memory(0)));
        if module.memories().len() != 1 || !exported {
            return Err(error(module, InterfaceErrorKind::Memory, SectionId::Memory));
        }
        let mut interface = Interface {
            imports,
            methods: BTreeMap::new(),
            init: entry(module, METHOD_INIT)?.map(|init| Method::of_function(Some(init))),
            migrate: entry(module, METHOD_MIGRATE)?,
            initialize: entry(module, EXPORT_INITIALIZE)?,
            permissions: Permissions::default(),
            schema: 0,
        };
        match abi_section(module)? {
            Some((abi, start)) => interface.declare(module, &abi, start)?,
            None => interface.methods = exported_methods(module),
        }
        Ok(interface)
    }

    /// What a module says of itself in its section `dytallix.abi`, if it has one.
    ///
    /// # Errors
    ///
    /// Where the section is none, or there are two.
    pub fn abi_of(module: &Module) -> Result<Option<Abi>, InterfaceError> {
        Ok(abi_section(module)?.map(|(abi, _)| abi))
    }

    /// Takes methods and permissions from what the module says of itself.
    fn declare(&mut self, module: &Module, abi: &Abi, offset: u32) -> Result<(), InterfaceError> {
        let has = |capability| abi.capabilities.contains(capability);
        self.permissions = Permissions {
            call: has(Capabilities::CALL),
            delegate: has(Capabilities::DELEGATE),
            upgrade: has(Capabilities::UPGRADE),
            receive: has(Capabilities::RECEIVE_VALUE),
            create: has(Capabilities::CREATE),
        };
        self.schema = abi.schema;
        (self.init, self.migrate) = (None, None);
        for declared in &abi.methods {
            let function = match module.export(&declared.name) {
                Some(ExternIndex::Function(function)) if is_entry(module, function) => function,
                _ => {
                    let kind = InterfaceErrorKind::MissingMethod { name: (*declared.name).into() };
                    return Err(InterfaceError { kind, offset });
                }
            };
            let method = Method {
                function: Some(function),
                read_only: declared.kind == MethodKind::View,
                payable: declared.payable,
                reentrant: declared.reentry == Reentry::Allow,
            };
            match declared.kind {
                MethodKind::Init => self.init = Some(method),
                MethodKind::Migrate => self.migrate = Some(function),
                _ => _ = self.methods.insert((*declared.name).into(), method),
            }
        }
        Ok(())
    }

    /// The host function behind each import, in order of the imports.
    #[must_use]
    pub fn imports(&self) -> &[HostImport] {
        &self.imports
    }

    /// A method that can be called.
    pub(super) fn method(&self, name: &str) -> Option<Method> {
        self.methods.get(name).copied()
    }

    /// What its code may ask for.
    #[must_use]
    pub fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    /// The version of the layout of its storage.
    #[must_use]
    pub fn schema(&self) -> u32 {
        self.schema
    }

    /// The function index of `migrate`, if there is one.
    #[must_use]
    pub fn migrate(&self) -> Option<u32> {
        self.migrate
    }

    /// The names of the methods that can be called, in byte order.
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(|name| &**name)
    }

    /// `init`, if there is one.
    pub(super) fn init(&self) -> Option<Method> {
        self.init
    }

    /// Whether there is an `init`.
    #[must_use]
    pub fn has_init(&self) -> bool {
        self.init.is_some()
    }

    /// The function index of `_initialize`, if there is one.
    #[must_use]
    pub fn initialize(&self) -> Option<u32> {
        self.initialize
    }
}

/// The host function that `import` asks for.
fn bind(
    module: &Module,
    functions: &HostTable,
    import: &Import,
) -> Result<HostImport, InterfaceError> {
    let of_abi = || HostFn::from_name(&import.name).map(HostImport::Abi);
    let own = || functions.position(&import.name).map(HostImport::Own);
    let known = (&*import.module == IMPORT_MODULE).then(|| of_abi().or_else(own)).flatten();
    let (Some(function), ImportKind::Function(ty)) = (known, import.kind) else {
        let (module, name) = (import.module.clone(), import.name.clone());
        let kind = InterfaceErrorKind::UnknownImport { module, name };
        return Err(InterfaceError { kind, offset: import.offset });
    };
    let (found, right) = (&module.types()[ty as usize], function.ty(functions));
    if *found != right {
        let (function, found) = (import.name.clone(), found.clone());
        let kind = InterfaceErrorKind::ImportType { function, right, found };
        return Err(InterfaceError { kind, offset: import.offset });
    }
    Ok(function)
}

/// The type of a host function of the ABI as a module spells it.
pub(super) fn type_of(function: HostFn) -> FuncType {
    let params: Vec<AbiType> = function.params().iter().map(|param| param.ty).collect();
    func_type(&params, function.results())
}

fn is_entry(module: &Module, function: u32) -> bool {
    let ty = module.type_of(function);
    ty.params().is_empty() && ty.results().is_empty()
}

/// What the module says of itself, and where that begins.
fn abi_section(module: &Module) -> Result<Option<(Abi, u32)>, InterfaceError> {
    let mut sections = module.custom_sections().iter().filter(|s| &*s.name == ABI_SECTION);
    let Some(section) = sections.next() else { return Ok(None) };
    if let Some(second) = sections.next() {
        let (kind, offset) = (InterfaceErrorKind::SecondAbi, second.range.start);
        return Err(InterfaceError { kind, offset });
    }
    let start = section.range.start;
    let bytes = &module.bytes()[start as usize..section.range.end as usize];
    let abi = Abi::decode(bytes).map_err(|error| InterfaceError {
        offset: start.saturating_add(error.offset),
        kind: InterfaceErrorKind::Abi(error),
    })?;
    Ok(Some((abi, start)))
}

/// The methods of a module that says nothing of itself: every export that looks like one.
fn exported_methods(module: &Module) -> BTreeMap<Box<str>, Method> {
    let methods = module.exports().iter().filter_map(|export| match export.index {
        ExternIndex::Function(function)
            if is_callable_name(&export.name) && is_entry(module, function) =>
        {
            Some((export.name.clone(), Method::of_function(Some(function))))
        }
        _ => None,
    });
    methods.collect()
}

/// The function exported under a reserved name, which must be one that can be entered.
fn entry(module: &Module, name: &'static str) -> Result<Option<u32>, InterfaceError> {
    match module.export(name) {
        None => Ok(None),
        Some(ExternIndex::Function(function)) if is_entry(module, function) => Ok(Some(function)),
        Some(_) => Err(error(module, InterfaceErrorKind::EntryType { name }, SectionId::Export)),
    }
}

/// An error at the section that it is about; at the end of the module where that section is
/// missing.
fn error(module: &Module, kind: InterfaceErrorKind, section: SectionId) -> InterfaceError {
    let place = module.sections().find(|found| found.id == section);
    let offset = place.map_or(module.bytes().len() as u32, |found| found.range.start);
    InterfaceError { kind, offset }
}

impl InterfaceError {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &InterfaceErrorKind {
        &self.kind
    }

    /// The byte of the module that it is about.
    #[must_use]
    pub fn offset(&self) -> u32 {
        self.offset
    }
}

impl fmt::Display for InterfaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            InterfaceErrorKind::Start => f.write_str("a contract has no start function")?,
            InterfaceErrorKind::UnknownImport { module, name } => {
                write!(f, "there is no host function `{module}.{name}`")?;
            }
            InterfaceErrorKind::ImportType { function, right, found } => {
                write!(f, "the host function `{function}` has the type {right}, not {found}")?;
            }
            InterfaceErrorKind::Memory => {
                write!(f, "a contract defines one memory and exports it as `{EXPORT_MEMORY}`")?;
            }
            InterfaceErrorKind::EntryType { name } => {
                write!(f, "the export `{name}` must be a function of type [] -> []")?;
            }
            InterfaceErrorKind::Abi(error) => write!(f, "the section `{ABI_SECTION}`: {error}")?,
            InterfaceErrorKind::SecondAbi => write!(f, "a second section `{ABI_SECTION}`")?,
            InterfaceErrorKind::MissingMethod { name } => {
                write!(f, "the method `{name}` is declared and not exported as [] -> []")?;
            }
        }
        write!(f, " (offset {:#x})", self.offset)
    }
}

impl core::error::Error for InterfaceError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::wasm::Features;
    use alloc::format;
    use alloc::string::{String, ToString};

    fn interface(wat: &str) -> Result<Interface, InterfaceError> {
        let bytes = wat::parse_str(wat).expect("the text is well formed");
        let module = Module::decode(bytes, &Features::default(), &Limits::contract());
        Interface::of(&module.expect("the module is valid"), &HostTable::new())
    }

    fn kind(wat: &str) -> InterfaceErrorKind {
        interface(wat).expect_err("the module is no contract").kind
    }

    const MEMORY: &str = r#"(memory (export "memory") 1)"#;

    #[test]
    fn the_token_is_a_contract() {
        let bytes = &include_bytes!("../../examples/wasm/basic_token.wasm")[..];
        let module = Module::decode(bytes, &Features::default(), &Limits::contract());
        let interface =
            Interface::of(&module.expect("valid"), &HostTable::new()).expect("a contract");
        let methods: Vec<&str> = interface.methods().collect();
        let expected = [
            "allowance",
            "approve",
            "balance_of",
            "mint",
            "owner",
            "total_supply",
            "transfer",
            "transfer_from",
        ];
        assert_eq!(methods, expected);
        assert!(interface.has_init());
        assert_eq!(interface.initialize(), None);
        assert!(interface.imports().contains(&HostImport::Abi(HostFn::StorageGet)));
    }

    #[test]
    fn methods_are_entries_with_callable_names() {
        let long = "m".repeat(65);
        let wat = format!(
            r#"(module {MEMORY} (func $f) (func $g (param i32)) (func $h (result i32) i32.const 0)
                (export "run" (func $f)) (export "init" (func $f)) (export "migrate" (func $f))
                (export "_initialize" (func $f)) (export "_hidden" (func $f)) (export "" (func $f))
                (export "{long}" (func $f)) (export "{}" (func $f))
                (export "takes" (func $g)) (export "gives" (func $h)))"#,
            &long[1..]
        );
        let interface = interface(&wat).expect("a contract");
        assert_eq!(interface.methods().collect::<Vec<_>>(), [&long[1..], "run"]);
        let run = Method::of_function(Some(0));
        assert_eq!(interface.method("run"), Some(run));
        assert_eq!(interface.method("init"), None);
        assert_eq!(interface.init(), Some(run));
        assert_eq!(interface.migrate(), Some(0));
        assert_eq!(interface.initialize(), Some(0));
    }

    #[test]
    fn every_host_function_binds_with_its_type_and_no_other() {
        let spell = |ty: &AbiType| match ty {
            AbiType::I32 => "i32",
            AbiType::I64 => "i64",
        };
        for &function in HostFn::ALL {
            let name = function.name();
            let params: String =
                function.params().iter().map(|p| format!("(param {})", spell(&p.ty))).collect();
            let results: String =
                function.results().iter().map(|ty| format!("(result {})", spell(ty))).collect();
            let import = |params: &str, results: &str| {
                format!(r#"(module (import "env" "{name}" (func {params} {results})) {MEMORY})"#)
            };
            let bound = interface(&import(&params, &results)).expect("a contract");
            assert_eq!(bound.imports(), [HostImport::Abi(function)]);
            for (params, results) in [
                (format!("{params}(param i32)"), results.clone()),
                (params.clone(), format!("{results}(result i32)")),
                (format!("(param f64){params}"), results.clone()),
            ] {
                match kind(&import(&params, &results)) {
                    InterfaceErrorKind::ImportType { function: found, .. } => {
                        assert_eq!(&*found, name);
                    }
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
    }

    #[test]
    fn imports_that_the_host_does_not_have_are_refused() {
        for import in [
            r#"(import "env" "storage_put" (func))"#,
            r#"(import "wasi_snapshot_preview1" "storage_get" (func))"#,
            r#"(import "env" "storage_get" (global i32))"#,
            r#"(import "env" "memory" (memory 1))"#,
            r#"(import "env" "table" (table 1 funcref))"#,
        ] {
            let memory = if import.contains("memory") { "" } else { MEMORY };
            let kind = kind(&format!("(module {import} {memory})"));
            assert!(matches!(kind, InterfaceErrorKind::UnknownImport { .. }), "{import}: {kind:?}");
        }
    }

    #[test]
    fn start_functions_missing_memories_and_wrong_entries_are_refused() {
        let start = format!("(module {MEMORY} (func $f) (start $f))");
        assert_eq!(kind(&start), InterfaceErrorKind::Start);
        for module in ["(module)", "(module (memory 1))", r#"(module (memory (export "mem") 1))"#] {
            assert_eq!(kind(module), InterfaceErrorKind::Memory, "{module}");
        }
        for (name, export) in [
            ("init", r#"(func (export "init") (param i32))"#),
            ("init", r#"(global (export "init") i32 (i32.const 0))"#),
            ("_initialize", r#"(func (export "_initialize") (result i32) i32.const 0)"#),
        ] {
            let module = format!("(module {MEMORY} {export})");
            assert_eq!(kind(&module), InterfaceErrorKind::EntryType { name }, "{module}");
        }
    }

    #[test]
    fn errors_say_what_and_where() {
        let wat = format!(r#"(module (import "env" "x" (func)) {MEMORY})"#);
        let error = interface(&wat).expect_err("no such function");
        // Preamble 8, type section 6, then the import section: its number, size and count.
        assert_eq!(error.offset(), 17);
        assert_eq!(error.to_string(), "there is no host function `env.x` (offset 0x11)");
        let wat = format!(r#"(module (import "env" "revert" (func)) {MEMORY})"#);
        assert_eq!(
            interface(&wat).expect_err("another type").to_string(),
            "the host function `revert` has the type [i32 i32] -> [], not [] -> [] (offset 0x11)"
        );
    }
}
