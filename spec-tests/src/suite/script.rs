//! Runs a script: a file of the suite, directive by directive, on one backend.

use std::collections::BTreeMap;

use dytallix::Limits;
use dytallix::wasm::{ErrorClass, Features, Module};
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, Wat};

use super::{Transcript, expected};
use crate::Value;
use crate::backend::{Backend, Execution, InstanceId, InstantiateError};
use crate::stepper::Trap;

/// Gas of each invocation: more than any script uses.
const GAS: u64 = 1 << 40;

/// A directive that did not come out as the script says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Line of the directive, from 1.
    pub line: usize,
    /// What happened.
    pub reason: String,
}

/// What came of a script.
#[derive(Clone)]
pub struct Outcome {
    /// Number of directives.
    pub count: u64,
    /// Those that failed.
    pub failures: Vec<Failure>,
    /// What the backend said.
    pub transcript: Transcript,
}

/// A script being run.
pub struct Script<'b> {
    backend: &'b mut dyn Backend,
    transcript: Transcript,
    /// Every instance that there is.
    instances: Vec<InstanceId>,
    features: Features,
    limits: Limits,
    /// The instance that directives mean if they name none.
    current: Option<InstanceId>,
    named: BTreeMap<String, InstanceId>,
    /// Modules that were defined and not instantiated, by name; the last one also under the empty
    /// name.
    definitions: BTreeMap<String, Vec<u8>>,
}

/// What a directive comes to: nothing to say, or what went wrong.
type Verdict = Result<(), String>;

/// Number of directives in a script.
///
/// # Errors
///
/// The script cannot be parsed.
pub(super) fn count(text: &str) -> Result<u64, String> {
    with_directives(text, |directives| directives.len() as u64)
}

/// Parses a script and hands over its directives.
fn with_directives<T>(
    text: &str,
    f: impl FnOnce(Vec<WastDirective<'_>>) -> T,
) -> Result<T, String> {
    let mut lexer = wast::lexer::Lexer::new(text);
    // Names of the suite deliberately contain what confuses readers.
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(|error| error.to_string())?;
    let script: Wast<'_> = parser::parse(&buffer).map_err(|error| error.to_string())?;
    Ok(f(script.directives))
}

impl<'b> Script<'b> {
    /// A script to be run on `backend`, whose modules are decoded with these features and limits.
    pub fn new(backend: &'b mut dyn Backend, features: Features, limits: Limits) -> Self {
        Script {
            backend,
            transcript: Transcript::default(),
            instances: Vec::new(),
            features,
            limits,
            current: None,
            named: BTreeMap::new(),
            definitions: BTreeMap::new(),
        }
    }

    /// Runs every directive of `text` in order.
    ///
    /// # Errors
    ///
    /// The script cannot be parsed.
    pub fn run(mut self, text: &str) -> Result<Outcome, String> {
        with_directives(text, |directives| {
            let count = directives.len() as u64;
            let mut failures = Vec::new();
            for directive in directives {
                let line = directive.span().linecol_in(text).0 + 1;
                let verdict = self.directive(directive);
                let differences = self.backend.take_differences();
                // One failure per directive at most, since failures and passes are counted in
                // directives.
                let reason = match verdict {
                    Err(reason) => Some(reason),
                    Ok(()) if differences.is_empty() => None,
                    Ok(()) => Some(differences.join("; ")),
                };
                self.transcript.verdict(line, reason.is_none());
                failures.extend(reason.map(|reason| Failure { line, reason }));
            }
            self.memories();
            Outcome { count, failures, transcript: self.transcript }
        })
    }

    /// Memories as the script leaves them.
    fn memories(&mut self) {
        for instance in &self.instances {
            let memories = (0..).map_while(|index| self.backend.memory(*instance, index));
            memories.for_each(|memory| self.transcript.bytes(memory));
        }
    }

    fn directive(&mut self, directive: WastDirective<'_>) -> Verdict {
        match directive {
            WastDirective::Module(module) => self.module(module),
            WastDirective::ModuleDefinition(module) => self.definition(module),
            WastDirective::ModuleInstance { instance, module, .. } => {
                let name = module.map_or("", |id| id.name());
                let wasm = self.definitions.get(name).ok_or("unknown module definition")?.clone();
                self.instantiate(instance.map(|id| id.name()), &wasm)
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.instance(module.map(|id| id.name()))?;
                self.backend.register(name, instance);
                Ok(())
            }
            WastDirective::Invoke(invoke) => {
                self.invoke(&invoke)?.result.map(drop).map_err(trapped)
            }
            WastDirective::AssertReturn { exec, results, .. } => {
                let values = self.execute(exec)?.map_err(trapped)?;
                expected::check(&values, &results)
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                check_trap(self.execute(exec)?, message)
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                check_trap(self.invoke(&call)?.result, message)
            }
            WastDirective::AssertMalformed { module, .. } => self.assert_malformed(module),
            WastDirective::AssertInvalid { module, .. } => self.assert_invalid(module),
            WastDirective::AssertUnlinkable { module, message, .. } => {
                self.assert_unlinkable(module, message)
            }
            other => Err(format!("directive of unknown kind: {other:?}")),
        }
    }

    fn module(&mut self, mut module: QuoteWat<'_>) -> Verdict {
        let wasm = module.encode().map_err(not_encoded)?;
        self.instantiate(module.name().map(|id| id.name()), &wasm)
    }

    fn definition(&mut self, mut module: QuoteWat<'_>) -> Verdict {
        let wasm = module.encode().map_err(not_encoded)?;
        self.decode(&wasm).map_err(|error| error.to_string())?;
        if let Some(id) = module.name() {
            self.definitions.insert(id.name().to_string(), wasm.clone());
        }
        self.definitions.insert(String::new(), wasm);
        Ok(())
    }

    fn instantiate(&mut self, name: Option<&str>, wasm: &[u8]) -> Verdict {
        // A module that fails leaves no instance that later directives could mean by mistake.
        self.current = None;
        let instance = self.instance_of(wasm).map_err(not_instantiated)?;
        self.current = Some(instance);
        if let Some(name) = name {
            self.named.insert(name.to_string(), instance);
        }
        Ok(())
    }

    fn instance_of(&mut self, wasm: &[u8]) -> Result<InstanceId, InstantiateError> {
        let outcome = self.backend.instantiate(wasm, GAS);
        self.transcript.instantiated(outcome.as_ref().map(|(_, gas)| *gas));
        let (instance, _) = outcome?;
        self.instances.push(instance);
        Ok(instance)
    }

    /// The instance of this name, or the current one.
    fn instance(&self, name: Option<&str>) -> Result<InstanceId, String> {
        match name {
            Some(name) => self.named.get(name).copied().ok_or(format!("no instance ${name}")),
            None => self.current.ok_or("no current instance".to_string()),
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Execution, String> {
        let instance = self.instance(invoke.module.map(|id| id.name()))?;
        let args = invoke.args.iter().map(expected::argument).collect::<Result<Vec<_>, _>>()?;
        let execution = self.backend.invoke(instance, invoke.name, &args, GAS);
        let execution =
            execution.ok_or_else(|| format!("no exported function {:?}", invoke.name))?;
        self.transcript.executed(&execution);
        Ok(execution)
    }

    /// Runs what an assertion is about: results or trap of an invocation, value of a global,
    /// outcome of an instantiation.
    fn execute(&mut self, exec: WastExecute<'_>) -> Result<Result<Vec<Value>, Trap>, String> {
        match exec {
            WastExecute::Invoke(invoke) => Ok(self.invoke(&invoke)?.result),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module.map(|id| id.name()))?;
                let value = self.backend.global(instance, global);
                self.transcript.global(value);
                value.map(|v| Ok(vec![v])).ok_or_else(|| format!("no exported global {global:?}"))
            }
            WastExecute::Wat(mut module) => {
                let wasm = module.encode().map_err(not_encoded)?;
                match self.instance_of(&wasm) {
                    Ok(_) => Ok(Ok(Vec::new())),
                    Err(InstantiateError::Trap(execution)) => Ok(execution.result),
                    Err(error) => Err(not_instantiated(error)),
                }
            }
        }
    }

    fn decode(&mut self, wasm: &[u8]) -> Result<Module, dytallix::wasm::WasmError> {
        let module = Module::decode(wasm, &self.features, &self.limits);
        let error = module.as_ref().err().map(ToString::to_string);
        self.transcript.decoded(error.as_deref());
        module
    }

    /// The text cannot be encoded, or the bytes cannot be decoded.
    ///
    /// Validation runs as bytes are decoded, so that it may find fault with an operator before the
    /// malformed byte is read: "invalid" is accepted too, a limit or a missing feature is not.
    fn assert_malformed(&mut self, mut module: QuoteWat<'_>) -> Verdict {
        let Ok(wasm) = module.encode() else { return Ok(()) };
        match self.decode(&wasm) {
            Err(error) if matches!(error.class(), ErrorClass::Malformed | ErrorClass::Invalid) => {
                Ok(())
            }
            Err(error) => Err(format!("refused, but not as malformed: {error}")),
            Ok(_) => Err("decoded".into()),
        }
    }

    /// The text can be encoded and the bytes decoded, but they do not validate.
    fn assert_invalid(&mut self, mut module: QuoteWat<'_>) -> Verdict {
        let wasm = module.encode().map_err(not_encoded)?;
        match self.decode(&wasm) {
            Err(error) if error.class() == ErrorClass::Invalid => Ok(()),
            Err(error) => Err(format!("refused, but not as invalid: {error}")),
            Ok(_) => Err("validated".into()),
        }
    }

    fn assert_unlinkable(&mut self, mut module: Wat<'_>, message: &str) -> Verdict {
        let wasm = module.encode().map_err(not_encoded)?;
        match self.instance_of(&wasm) {
            Err(InstantiateError::Link(error)) if error.starts_with(message) => Ok(()),
            Err(InstantiateError::Link(error)) => Err(format!("{error}, expected {message}")),
            Err(error) => Err(not_instantiated(error)),
            Ok(_) => Err("linked".into()),
        }
    }
}

fn check_trap(result: Result<Vec<Value>, Trap>, message: &str) -> Verdict {
    match result {
        Err(trap) if trap.matches(message) => Ok(()),
        Err(trap) => Err(format!("trap {trap:?}, expected {message:?}")),
        Ok(values) => Err(format!("returned {values:?}, expected the trap {message:?}")),
    }
}

fn trapped(trap: Trap) -> String {
    format!("trap {trap:?}")
}

fn not_encoded(error: wast::Error) -> String {
    format!("the text cannot be encoded: {}", error.message())
}

fn not_instantiated(error: InstantiateError) -> String {
    match error {
        InstantiateError::Module(error) => format!("not a module: {error}"),
        InstantiateError::Link(error) => format!("unlinkable: {error}"),
        InstantiateError::Trap(execution) => format!("instantiation: {:?}", execution.result),
    }
}
