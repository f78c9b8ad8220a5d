//! A program: a module translated for one engine.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::arena::Function;
use super::engine::Engine;
use crate::ir::{
    Code, HandlerTable, Replay, ReplayEnd, SiteMap, Translator, VerifyError, canonical_types,
    verify,
};
use crate::wasm::Module;

/// A validated module together with its register code. Cheap to clone; instances share it.
#[derive(Clone, Debug)]
pub struct Program {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    engine: Engine,
    module: Module,
    code: Code,
    type_numbers: Vec<u32>,
    /// The functions that it defines, as an instance of number 0 has them.
    functions: Vec<Function>,
}

impl Program {
    pub(super) fn new(engine: Engine, module: Module, code: Code) -> Self {
        let type_numbers = canonical_types(module.types());
        let defined = (0..).zip(module.functions()).skip(module.imported_function_count() as usize);
        let functions = defined.map(|(index, function)| {
            let ty = &module.types()[function.type_index as usize];
            Function {
                instance: 0,
                index,
                entry: code.entry(index).unwrap_or(0) as u32,
                type_number: type_numbers[function.type_index as usize],
                params: ty.param_slots(),
                results: ty.result_slots(),
            }
        });
        let functions = functions.collect();
        Program { inner: Arc::new(Inner { engine, module, code, type_numbers, functions }) }
    }

    /// The engine that it was translated for.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// The module.
    pub fn module(&self) -> &Module {
        &self.inner.module
    }

    /// The register code, with handler addresses in its first cells.
    pub fn code(&self) -> &Code {
        &self.inner.code
    }

    /// The functions that it defines, in index order.
    pub(super) fn functions(&self) -> &[Function] {
        &self.inner.functions
    }

    /// The register code with op numbers in place of addresses: for listings.
    pub fn listing(&self) -> Code {
        let handlers = HandlerTable::identity();
        let module = self.module();
        let mut translator = Translator::new(&handlers, self.engine().schedule());
        for function in module.imported_function_count()..module.functions().len() as u32 {
            walk(module, function, &mut translator);
        }
        translator.finish_module(module).0
    }

    /// Checks the register code.
    ///
    /// # Errors
    ///
    /// A bug of the translator.
    pub fn verify(&self) -> Result<(), VerifyError> {
        verify(&self.listing())
    }

    /// Where the ops and regions of a function came from; words count from the function's header.
    pub fn sites(&self, function: u32) -> SiteMap {
        let handlers = HandlerTable::identity();
        let mut translator = Translator::new(&handlers, self.engine().schedule())
            .with_replay(Replay::record())
            .with_types(&self.inner.type_numbers);
        walk(self.module(), function, &mut translator);
        translator.finish_module(self.module()).1.into_map()
    }

    /// A function translated up to the operator of a region that `budget` does not pay for.
    pub(super) fn cut(&self, function: u32, after: u32, budget: u64) -> Option<(Code, ReplayEnd)> {
        let engine = self.engine();
        let mut translator = Translator::new(engine.handlers(), engine.schedule())
            .with_replay(Replay::cut(after, budget))
            .with_types(&self.inner.type_numbers);
        walk(self.module(), function, &mut translator);
        let (code, replay) = translator.finish_module(self.module());
        replay.into_end().map(|end| (code, end))
    }
}

/// Feeds a body to the translator again.
fn walk(module: &Module, function: u32, translator: &mut Translator<'_>) {
    let walked = module.walk_body(function, translator);
    debug_assert!(walked.is_ok(), "a validated body validates again");
}
