//! The machine as contracts use it: its rules, and translated code by hash.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

use super::code_cache::CodeCache;
use super::interface::{Interface, InterfaceError};
use super::observe::FrameObserver;
use super::outcome::Fault;
use super::own::HostTable;
use crate::crypto::KeyCache;
use crate::gas::HostPrices;
use crate::limits::{CallLimits, Limits};
use crate::primitives::{Address, Hash};
use crate::state::{Overlay, View};
use crate::vm::{Config, Engine, EngineError, MemoryBudget, Program, Stack};
use crate::wasm::{ElementItems, FuncType, WasmError};

/// What contracts may do, and what it costs.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Features, limits of modules, prices of operators.
    pub(crate) config: Config,
    /// Limits of calls.
    pub(crate) call_limits: CallLimits,
    /// Prices of host functions.
    pub(crate) prices: HostPrices,
    /// The chain's own host functions.
    pub(crate) functions: Arc<HostTable>,
    /// Whether contracts that declare it may run other code as their own.
    pub(crate) delegate_calls: bool,
}

/// Who listens to what contracts log: told the contract and the text.
pub(crate) type Watcher = dyn FnMut(&Address, &[u8]) + Send;

impl Default for Rules {
    fn default() -> Self {
        Rules {
            config: Config::default().with_limits(Limits::contract()),
            call_limits: CallLimits::default(),
            prices: HostPrices::v1(),
            functions: Arc::new(HostTable::new()),
            delegate_calls: true,
        }
    }
}

/// An engine for contracts. What it remembers saves time and changes nothing else.
pub(crate) struct Machine {
    pub(super) rules: Rules,
    pub(super) engine: Engine,
    /// Translated code by hash.
    contracts: CodeCache,
    /// Public keys that have been decoded, only ever looked up.
    pub(super) keys: KeyCache,
    /// Who listens to what contracts log.
    pub(super) watcher: Option<Box<Watcher>>,
    /// Who observes frames.
    pub(super) observer: Option<Box<FrameObserver>>,
    /// The value stack of the last tree of calls, free again: a new one would have to be zeroed.
    pub(super) values: Option<Stack>,
}

/// Modules of that many bytes in all are remembered. A transaction under protocol version 1 cannot
/// pay for loading more: what it has loaded stays at hand until it ends.
const REMEMBERED_BYTES: usize = 192 << 20;

/// A translated module that can be a contract.
#[derive(Debug)]
pub(crate) struct Contract {
    pub(super) program: Program,
    pub(super) interface: Interface,
    /// Number and type of each import, in order.
    pub(super) imports: Box<[(u32, Arc<FuncType>)]>,
    /// Bytes of its longest function.
    largest_body: u64,
}

/// Why code can not be a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeError {
    /// It is no admissible module.
    Module(WasmError),
    /// The module does not look like a contract.
    Interface(InterfaceError),
}

impl Machine {
    /// A machine with these rules. Contracts are always metered.
    pub(crate) fn new(mut rules: Rules) -> Result<Self, EngineError> {
        rules.config.metered = true;
        let engine = Engine::new(rules.config.clone())?;
        Ok(Machine {
            rules,
            engine,
            contracts: CodeCache::new(REMEMBERED_BYTES),
            keys: KeyCache::default(),
            watcher: None,
            observer: None,
            values: None,
        })
    }

    /// Tells `watcher` what contracts log, or nobody. Nothing but what is told depends on it.
    pub(crate) fn watch(&mut self, watcher: Option<Box<Watcher>>) {
        self.watcher = watcher;
    }

    /// Tells `observer` what happens to frames, or nobody. Nothing but what is told depends on it.
    pub(crate) fn observe(&mut self, observer: Option<Box<FrameObserver>>) {
        self.observer = observer;
    }

    /// Lets those who listen to `before`, whose place this machine takes, listen to it.
    pub(crate) fn in_place_of(mut self, before: &mut Machine) -> Machine {
        (self.watcher, self.observer) = (before.watcher.take(), before.observer.take());
        self
    }

    /// Whether somebody listens to what contracts log or observes frames.
    #[cfg(feature = "std")]
    pub(crate) fn is_watched(&self) -> bool {
        self.watcher.is_some() || self.observer.is_some()
    }

    /// Its rules.
    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Translates a module and checks that it can be a contract.
    pub(crate) fn compile(&self, code: &[u8]) -> Result<Arc<Contract>, CodeError> {
        let program = self.engine.compile(code).map_err(CodeError::Module)?;
        let interface =
            Interface::of(program.module(), &self.rules.functions).map_err(CodeError::Interface)?;
        let functions = &self.rules.functions;
        let imports = interface.imports().iter();
        let imports = imports.map(|import| (import.number(), Arc::new(import.ty(functions))));
        let imports = imports.collect();
        let bodies = program.module().functions().iter().map(|function| function.body.len());
        let largest_body = bodies.max().unwrap_or(0) as u64;
        Ok(Arc::new(Contract { program, interface, imports, largest_body }))
    }

    /// Remembers the translation of the code of that hash.
    pub(crate) fn remember(&mut self, hash: Hash, contract: Arc<Contract>) {
        self.contracts.insert(hash, contract);
    }

    /// The translation of the code of that hash, which state holds.
    pub(crate) fn load(
        &mut self,
        overlay: &Overlay<'_>,
        hash: Hash,
    ) -> Result<Result<Arc<Contract>, CodeError>, Fault> {
        if let Some(contract) = self.contracts.get(&hash) {
            return Ok(Ok(contract));
        }
        let code = View::code(overlay, &hash)?;
        let code = code.ok_or_else(|| Fault::new("the code of a contract is missing"))?;
        let contract = self.compile(&code);
        if let Ok(contract) = &contract {
            self.remember(hash, contract.clone());
        }
        Ok(contract)
    }
}

impl Contract {
    /// Bytes of its module.
    pub(super) fn code_bytes(&self) -> usize {
        self.program.module().bytes().len()
    }

    /// Its imports and methods.
    pub(crate) fn interface(&self) -> &Interface {
        &self.interface
    }

    /// What a fresh instance costs, loading apart: as if its memory and tables had been grown to
    /// where they begin, and for each segment, element, function, global and import, and for
    /// the translation of its longest function, which it takes again where a trap or the end of the
    /// gas comes in between two points at which gas is charged.
    pub(super) fn instance_price(&self, rules: &Rules, budget: MemoryBudget) -> u64 {
        let module = self.program.module();
        let schedule = &rules.config.schedule;
        let segments = module.element_segments();
        let elements: u64 = module.tables().iter().map(|table| table.ty.min).sum();
        let items = segments.iter().map(|segment| match &segment.items {
            ElementItems::Functions(items) => items.len() as u64,
            ElementItems::Expressions(items) => items.len() as u64,
        });
        let items: u64 = items.sum();
        let parts = (segments.len() + module.data_segments().len()) as u64;
        let prices = &rules.prices;
        let counted = [
            (prices.load_segment, parts),
            (prices.load_function, module.functions().len() as u64),
            (prices.load_global, module.globals().len() as u64),
            (prices.load_import, module.imports().len() as u64),
        ];
        let counted = counted.iter().fold(0_u64, |sum, &(price, count)| {
            sum.saturating_add(u64::from(price).saturating_mul(count))
        });
        let (held, limit) = (budget.held_pages.into(), budget.limit_pages.into());
        schedule
            .grow_price(held, self.initial_pages().into(), limit)
            .saturating_add(schedule.table_price(elements.saturating_add(items)))
            .saturating_add(counted)
            .saturating_add(prices.replay.total(self.largest_body))
    }

    /// The pages that its memory begins with.
    pub(super) fn initial_pages(&self) -> u32 {
        let pages = self.program.module().memories().first().map_or(0, |memory| memory.min);
        // A valid 32-bit memory has at most 65,536.
        pages as u32
    }
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodeError::Module(error) => error.fmt(f),
            CodeError::Interface(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CodeError {}
