//! What kernels that we did not write need of an engine: calls of any export, and the memory.

use crate::Error;
use dytallix::Limits;
use dytallix::wasm::{Features, FuncType, ImportKind, Module};

/// An argument or a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
}

/// A function that a module imports.
pub(crate) struct Imported {
    /// Module, as the import names it.
    pub(super) module: String,
    /// Name in it.
    pub(super) name: String,
    /// Its type.
    pub(super) ty: FuncType,
}

impl Imported {
    /// The functions that a module imports, in order; ours reads them for every engine.
    ///
    /// # Errors
    /// A module that is refused, or that imports something else.
    pub(crate) fn list(wasm: &[u8]) -> Result<Vec<Imported>, Error> {
        let module = Module::decode(wasm, &Features::ALL, &Limits::default())?;
        let list = module.imports().iter().map(|import| match import.kind {
            ImportKind::Function(ty) => Ok(Imported {
                module: import.module.to_string(),
                name: import.name.to_string(),
                ty: module.types()[ty as usize].clone(),
            }),
            _ => Err(format!("{} is no function", import.name).into()),
        });
        list.collect()
    }
}

/// An instance of a module that we did not write. It has one memory.
pub(crate) trait Machine {
    /// Calls an export; gives its result, where it has one.
    ///
    /// # Errors
    /// A trap, or an export that is not there.
    fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Option<Value>, Error>;

    /// The value of an exported global of type i32.
    ///
    /// # Errors
    /// Where there is none.
    fn global(&mut self, name: &str) -> Result<i32, Error>;

    /// Copies out of the memory that is exported under the name `memory`.
    ///
    /// # Errors
    /// Where that is out of bounds.
    fn read(&mut self, memory: &str, at: u32, bytes: &mut [u8]) -> Result<(), Error>;

    /// Copies into it.
    ///
    /// # Errors
    /// Where that is out of bounds.
    fn write(&mut self, memory: &str, at: u32, bytes: &[u8]) -> Result<(), Error>;
}

/// The part of a memory from `at` on.
///
/// # Errors
/// Where that is out of bounds.
pub(super) fn part(memory: &[u8], at: u32, length: usize) -> Result<&[u8], Error> {
    memory.get(at as usize..).and_then(|rest| rest.get(..length)).ok_or("out of bounds".into())
}

/// The same, to be written.
///
/// # Errors
/// Where that is out of bounds.
pub(super) fn part_mut(memory: &mut [u8], at: u32, length: usize) -> Result<&mut [u8], Error> {
    let rest = memory.get_mut(at as usize..);
    rest.and_then(|rest| rest.get_mut(..length)).ok_or("out of bounds".into())
}
