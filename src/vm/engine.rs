//! The engine: configuration, handler tables, and translation of modules.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::error::EngineError;
use super::exec;
use super::program::Program;
use super::stack::Stack;
use crate::gas::GasSchedule;
use crate::ir::{HandlerTable, Op, OpKind, Translator, VerifyError};
use crate::limits::Limits;
use crate::wasm::{Features, Module, WasmError};

/// How ops reach each other. Results, gas and traps are the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dispatch {
    /// Each handler jumps to the next. Where the build cannot promise that (unoptimised, debug
    /// assertions, other architectures), the trampoline runs instead.
    Tail,
    /// A loop calls one handler after the other.
    Trampoline,
}

impl Dispatch {
    /// The fastest that this build has.
    pub const fn best() -> Dispatch {
        if cfg!(dytallix_tail) { Dispatch::Tail } else { Dispatch::Trampoline }
    }
}

/// What an engine admits and how it runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// Features that modules may use.
    pub features: Features,
    /// Limits of modules and executions.
    pub limits: Limits,
    /// What operators cost.
    pub schedule: GasSchedule,
    /// How ops reach each other.
    pub dispatch: Dispatch,
    /// Whether gas is charged. Without, a guest may run for ever.
    pub metered: bool,
    /// Whether each translation is verified: for tests and fuzzing.
    pub verify: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            features: Features::default(),
            limits: Limits::default(),
            schedule: GasSchedule::v1(),
            dispatch: Dispatch::best(),
            metered: true,
            verify: cfg!(debug_assertions),
        }
    }
}

impl Config {
    /// The same with other features.
    #[must_use]
    pub fn with_features(mut self, features: Features) -> Self {
        self.features = features;
        self
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same with another schedule.
    #[must_use]
    pub fn with_schedule(mut self, schedule: GasSchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// The same with another way of dispatch.
    #[must_use]
    pub fn with_dispatch(mut self, dispatch: Dispatch) -> Self {
        self.dispatch = dispatch;
        self
    }

    /// The same with metering on or off.
    #[must_use]
    pub fn with_metering(mut self, metered: bool) -> Self {
        self.metered = metered;
        self
    }

    /// The same with verification of translations on or off.
    #[must_use]
    pub fn with_verification(mut self, verify: bool) -> Self {
        self.verify = verify;
        self
    }
}

/// Translates modules and holds what their execution shares. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    handlers: HandlerTable,
    /// Code that frames return to: `[0, Exit]`, then `[0, Boundary]`. The zero is the gas of the
    /// region there.
    stubs: Box<[u64]>,
}

/// Dispatches over which the native stack must not move.
const PROBE_DISPATCHES: usize = 64;
/// What frames of the same function may differ by.
const PROBE_SLACK: usize = 512;

impl Engine {
    /// An engine.
    ///
    /// # Errors
    ///
    /// When the configuration is contradictory, or when the native stack moves from op to op: the
    /// compiler did not turn sibling calls into jumps, and [`Dispatch::Trampoline`] is the way out.
    pub fn new(config: Config) -> Result<Engine, EngineError> {
        if config.limits.function_slots > 32_000 {
            return Err(EngineError::FunctionSlots(config.limits.function_slots));
        }
        if config.limits.results > Limits::MAX_FUNCTION_SLOTS {
            return Err(EngineError::Results(config.limits.results));
        }
        if config.schedule.local > GasSchedule::MAX_LOCAL {
            return Err(EngineError::LocalPrice(config.schedule.local));
        }
        let dispatch = match config.dispatch {
            Dispatch::Tail => Dispatch::best(),
            Dispatch::Trampoline => Dispatch::Trampoline,
        };
        let config = Config { dispatch, ..config };
        let handlers = HandlerTable::new(exec::addresses(dispatch, config.metered));
        let exit = handlers.word(Op::fixed(OpKind::Exit));
        let boundary = handlers.word(Op::fixed(OpKind::Boundary));
        let stubs = Box::new([0, exit, 0, boundary]);
        let engine = Engine { inner: Arc::new(Inner { config, handlers, stubs }) };
        engine.probe()?;
        Ok(engine)
    }

    /// Runs some ops between two looks at the native stack.
    fn probe(&self) -> Result<(), EngineError> {
        let word = |kind| self.inner.handlers.word(Op::fixed(kind));
        let mut first = Vec::new();
        first.extend([word(OpKind::Probe), word(OpKind::Exit)]);
        let mut far = Vec::new();
        for _ in 0..PROBE_DISPATCHES {
            far.extend([word(OpKind::Copy), 0]);
        }
        far.extend([word(OpKind::Probe), word(OpKind::Exit)]);
        let mut stack = Stack::new(16, 0);
        let near = super::run::probe(self, &first, &mut stack);
        let distance = near.abs_diff(super::run::probe(self, &far, &mut stack));
        match distance <= PROBE_SLACK {
            true => Ok(()),
            false => Err(EngineError::NativeStackMoves(distance)),
        }
    }

    /// Decodes, validates and translates a module, in one pass over its bytes.
    ///
    /// # Errors
    ///
    /// When the module is malformed, invalid, beyond the limits or uses a feature that is not
    /// admitted: with byte offset, section and function.
    pub fn compile(&self, bytes: &[u8]) -> Result<Program, WasmError> {
        let config = self.config();
        let mut translator = Translator::new(&self.inner.handlers, &config.schedule);
        let module = Module::decode_with(bytes, &config.features, &config.limits, &mut translator)?;
        let (code, _) = translator.finish_module(&module);
        let program = Program::new(self.clone(), module, code);
        if config.verify
            && let Err(error) = program.verify()
        {
            panic!("translation does not verify: {error}");
        }
        Ok(program)
    }

    /// A value stack of the size that the limits say, for one call tree.
    pub fn new_stack(&self) -> Stack {
        let limits = &self.config().limits;
        Stack::new(limits.stack_slots, limits.results)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    pub(super) fn schedule(&self) -> &GasSchedule {
        &self.inner.config.schedule
    }

    pub(crate) fn handlers(&self) -> &HandlerTable {
        &self.inner.handlers
    }

    pub(super) fn exit_stub(&self) -> *const u64 {
        &raw const self.inner.stubs[1]
    }

    pub(super) fn boundary_stub(&self) -> *const u64 {
        &raw const self.inner.stubs[3]
    }

    pub(super) fn is(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

/// A failed verification carries the word of the op.
impl From<VerifyError> for EngineError {
    fn from(error: VerifyError) -> Self {
        EngineError::Verify(error)
    }
}
