//! What a module must look like to be a contract: which host functions it imports, which methods it
//! has.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use dytallix_abi::{
    AbiType, EXPORT_INITIALIZE, EXPORT_MEMORY, HostFn, IMPORT_MODULE, METHOD_INIT, is_callable_name,
};

use crate::wasm::{ExternIndex, FuncType, Import, ImportKind, Module, SectionId, ValType};

/// A contract's imports and methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    imports: Box<[HostFn]>,
    methods: BTreeMap<Box<str>, u32>,
    init: Option<u32>,
    initialize: Option<u32>,
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
        /// The function.
        function: HostFn,
        /// The type that the module asks for.
        found: FuncType,
    },
    /// It does not define exactly one memory and export it as `memory`.
    Memory,
    /// `init` or `_initialize` is exported as something else than a function of type `[] → []`.
    EntryType {
        /// Which of them.
        name: &'static str,
    },
}

impl Interface {
    /// Checks that `module` can be a contract, and finds its methods.
    ///
    /// # Errors
    ///
    /// The first [`InterfaceErrorKind`] that applies, with its place in the module.
    pub fn of(module: &Module) -> Result<Interface, InterfaceError> {
        if module.start().is_some() {
            return Err(error(module, InterfaceErrorKind::Start, SectionId::Start));
        }
        let imports = module.imports().iter().map(|import| bind(module, import));
        let imports = imports.collect::<Result<_, _>>()?;
        let exported = matches!(module.export(EXPORT_MEMORY), Some(ExternIndex::Memory(0)));
        if module.memories().len() != 1 || !exported {
            return Err(error(module, InterfaceErrorKind::Memory, SectionId::Memory));
        }
        let methods = module.exports().iter().filter_map(|export| match export.index {
            ExternIndex::Function(function)
                if is_callable_name(&export.name) && is_entry(module, function) =>
            {
                Some((export.name.clone(), function))
            }
            _ => None,
        });
        Ok(Interface {
            imports,
            methods: methods.collect(),
            init: entry(module, METHOD_INIT)?,
            initialize: entry(module, EXPORT_INITIALIZE)?,
        })
    }

    /// The host function behind each import, in order of the imports.
    #[must_use]
    pub fn imports(&self) -> &[HostFn] {
        &self.imports
    }

    /// The function index of a method that can be called.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<u32> {
        self.methods.get(name).copied()
    }

    /// The names of the methods that can be called, in byte order.
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(|name| &**name)
    }

    /// The function index of `init`, if there is one.
    #[must_use]
    pub fn init(&self) -> Option<u32> {
        self.init
    }

    /// The function index of `_initialize`, if there is one.
    #[must_use]
    pub fn initialize(&self) -> Option<u32> {
        self.initialize
    }
}

/// The host function that `import` asks for.
fn bind(module: &Module, import: &Import) -> Result<HostFn, InterfaceError> {
    let known = (&*import.module == IMPORT_MODULE).then(|| HostFn::from_name(&import.name));
    let (Some(Some(function)), ImportKind::Function(ty)) = (known, import.kind) else {
        let (module, name) = (import.module.clone(), import.name.clone());
        let kind = InterfaceErrorKind::UnknownImport { module, name };
        return Err(InterfaceError { kind, offset: import.offset });
    };
    let found = &module.types()[ty as usize];
    if *found != type_of(function) {
        let kind = InterfaceErrorKind::ImportType { function, found: found.clone() };
        return Err(InterfaceError { kind, offset: import.offset });
    }
    Ok(function)
}

/// The type of a host function as a module spells it.
pub(super) fn type_of(function: HostFn) -> FuncType {
    let value = |ty: AbiType| match ty {
        AbiType::I32 => ValType::I32,
        AbiType::I64 => ValType::I64,
    };
    let params: Vec<ValType> = function.params().iter().map(|param| value(param.ty)).collect();
    let results: Vec<ValType> = function.results().iter().map(|&ty| value(ty)).collect();
    FuncType::new(&params, &results)
}

fn is_entry(module: &Module, function: u32) -> bool {
    let ty = module.type_of(function);
    ty.params().is_empty() && ty.results().is_empty()
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
            InterfaceErrorKind::ImportType { function, found } => {
                let (name, right) = (function.name(), type_of(*function));
                write!(f, "the host function `{name}` has the type {right}, not {found}")?;
            }
            InterfaceErrorKind::Memory => {
                write!(f, "a contract defines one memory and exports it as `{EXPORT_MEMORY}`")?;
            }
            InterfaceErrorKind::EntryType { name } => {
                write!(f, "the export `{name}` must be a function of type [] -> []")?;
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
        Interface::of(&module.expect("the module is valid"))
    }

    fn kind(wat: &str) -> InterfaceErrorKind {
        interface(wat).expect_err("the module is no contract").kind
    }

    const MEMORY: &str = r#"(memory (export "memory") 1)"#;

    #[test]
    fn the_token_is_a_contract() {
        let bytes = &include_bytes!("../../examples/token.wasm")[..];
        let module = Module::decode(bytes, &Features::default(), &Limits::contract());
        let interface = Interface::of(&module.expect("valid")).expect("a contract");
        let methods: Vec<&str> = interface.methods().collect();
        assert_eq!(methods, ["balance_of", "mint", "total_supply", "transfer"]);
        assert!(interface.init().is_some());
        assert_eq!(interface.initialize(), None);
        assert!(interface.imports().contains(&HostFn::StorageGet));
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
        assert_eq!(interface.method("run"), Some(0));
        assert_eq!(interface.method("init"), None);
        assert_eq!(interface.init(), Some(0));
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
            assert_eq!(bound.imports(), [function]);
            for (params, results) in [
                (format!("{params}(param i32)"), results.clone()),
                (params.clone(), format!("{results}(result i32)")),
                (format!("(param f64){params}"), results.clone()),
            ] {
                match kind(&import(&params, &results)) {
                    InterfaceErrorKind::ImportType { function: found, .. } => {
                        assert_eq!(found, function);
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
