//! `dytallix run`: calls an export of any module, and says what came of it, for how much gas, in
//! what time.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use dytallix::vm::{
    Config, Engine, ExecError, Instance, LinkErrorKind, NoHost, Program, Trap, TrapCode, Value,
};
use dytallix::wasm::{ExternIndex, FuncType, ImportKind, Module};
use serde_json::{Value as Json, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::module_file;
use crate::names::Names;
use crate::report::{Paint, Report, grouped, plain};
use crate::values;

/// Calls an exported function of a module.
///
/// Any module in binary (.wasm) or text form (.wat) will do, as long as it imports nothing: there
/// is no host here that could answer. A contract, which imports the ledger, runs in `dytallix
/// demo`.
#[derive(Args, Debug)]
pub(crate) struct Run {
    /// The module, in binary or text form.
    file: PathBuf,
    /// The export to call; without it the module is instantiated (which runs its start function)
    /// and its functions are listed.
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,
    /// Arguments by the parameters' types: integers as 5, -5 or 0x5; floats as 1.5, inf, nan,
    /// nan:0x1 (payload) or 0x… (bits); references as null.
    #[arg(value_name = "ARGS", requires = "invoke", allow_negative_numbers = true,
        value_parser = values::unprotect)]
    args: Vec<String>,
    /// Gas limit of instantiation and call together. Without it the guest runs until it ends; gas
    /// is counted anyway.
    #[arg(long, value_name = "GAS")]
    gas: Option<u64>,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How long each step took.
#[derive(Clone, Copy, Default)]
struct Times {
    compile: Duration,
    instantiate: Duration,
    execute: Duration,
}

/// What explains a failure of the guest.
struct Context<'a> {
    run: &'a Run,
    module: &'a Module,
    names: Names,
    gas_limit: u64,
}

impl Run {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let bytes = module_file::read(&self.file)?;
        let engine = Engine::new(Config::default())
            .map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
        let mut times = Times::default();
        let program =
            timed(&mut times.compile, || module_file::compile(&engine, &self.file, &bytes))?;
        let module = program.module();
        let call = self.invoke.as_deref().map(|name| self.call(module, name)).transpose()?;
        let gas_limit = self.gas.unwrap_or(u64::MAX);
        let context = Context { run: self, module, names: Names::of(module), gas_limit };
        let mut gas = gas_limit;
        let mut instance =
            timed(&mut times.instantiate, || Instance::new(&program, &mut NoHost, &mut gas))
                .map_err(|error| context.explain(error, gas, "while it was instantiated"))?;
        let Some((name, args)) = call else {
            return Ok(self.instantiated(&program, gas_limit - gas, times));
        };
        let results =
            timed(&mut times.execute, || instance.call(&mut NoHost, name, &args, &mut gas))
                .map_err(|error| {
                    context.explain(error, gas, &format!("in the call of \"{name}\""))
                })?;
        Ok(self.returned(&results, gas_limit - gas, times))
    }

    /// The export of that name and its arguments.
    fn call<'a>(&self, module: &Module, name: &'a str) -> Result<(&'a str, Vec<Value>), Failure> {
        let wrong = |cause: String| Failure::new(Exit::Usage, cause);
        let callable = || match callable(module).as_slice() {
            [] => "another module: this one exports no function".to_owned(),
            names => format!("--invoke with one of: {}", plain(&names.join(", "))),
        };
        let index = match module.export(name) {
            Some(ExternIndex::Function(index)) => index,
            Some(other) => {
                let cause = format!("export \"{name}\" is a {}, not a function", kind(other));
                return Err(wrong(cause).way_out(callable()));
            }
            None => {
                let cause = format!("{} has no export \"{name}\"", self.file.display());
                return Err(wrong(cause).way_out(callable()));
            }
        };
        let ty = module.type_of(index);
        let usage = format!("\"{name}\" takes {}", signature(ty));
        if self.args.len() != ty.params().len() {
            let (expected, found) = (ty.params().len(), self.args.len());
            return Err(wrong(format!(
                "\"{name}\" takes {}, not {found}",
                match expected {
                    1 => "1 argument".to_owned(),
                    n => format!("{n} arguments"),
                }
            ))
            .way_out(usage));
        }
        let mut args = Vec::with_capacity(self.args.len());
        for (i, (text, &param)) in self.args.iter().zip(ty.params()).enumerate() {
            let value = values::parse(text, param).ok_or_else(|| {
                wrong(format!("argument {} is \"{text}\", which is no {param}", i + 1))
                    .way_out(format!("{}; {usage}", values::expected(param)))
                    .fact("argument", i + 1)
                    .fact("expected", param.to_string())
            })?;
            args.push(value);
        }
        Ok((name, args))
    }

    fn returned(&self, results: &[Value], used: u64, times: Times) -> Report {
        let mut text = String::new();
        for value in results {
            let _ =
                writeln!(text, "{} {}", Paint.dim(&value.ty().to_string()), values::show(value));
        }
        if results.is_empty() {
            let _ = writeln!(text, "{}", Paint.dim("no results"));
        }
        text.push_str(&footer(used, times));
        let results: Vec<Json> = results.iter().map(value_json).collect();
        let mut json = self.json_head("returned", used, times);
        json["results"] = results.into();
        Report { text, json }
    }

    fn instantiated(&self, program: &Program, used: u64, times: Times) -> Report {
        let module = program.module();
        let mut text = format!("{} {}\n", self.file.display(), Paint.good("instantiated"));
        for export in module.exports() {
            if let ExternIndex::Function(index) = export.index {
                let ty = signature(module.type_of(index));
                let _ = writeln!(text, "  --invoke {} {}", plain(&export.name), Paint.dim(&ty));
            }
        }
        text.push_str(&footer(used, times));
        let mut json = self.json_head("instantiated", used, times);
        json["functions"] = callable(module).into();
        Report { text, json }
    }

    fn json_head(&self, outcome: &str, used: u64, times: Times) -> Json {
        json!({
            "schema": "dytallix.run/1",
            "file": self.file.display().to_string(),
            "invoke": self.invoke,
            "outcome": outcome,
            "gas": { "limit": self.gas, "used": used },
            "time_ns": {
                "compile": times.compile.as_nanos() as u64,
                "instantiate": times.instantiate.as_nanos() as u64,
                "execute": times.execute.as_nanos() as u64,
            },
        })
    }
}

impl Context<'_> {
    /// An error of the machine, by blame. `left` is the gas that is left.
    fn explain(&self, error: ExecError, left: u64, when: &str) -> Failure {
        match error {
            ExecError::Trap(trap) => self.explain_trap(&trap, left, when),
            ExecError::Link(error) => {
                let what = match error.kind {
                    LinkErrorKind::Unknown => "nothing here provides",
                    LinkErrorKind::IncompatibleType => "what is provided is of another type than",
                };
                let import = self.module.imports().iter().find(|i| i.offset == error.offset);
                let kind = import.map_or("import", |import| import_kind(&import.kind));
                let name = format!("\"{}\" \"{}\"", plain(&error.module), plain(&error.name));
                Failure::new(Exit::BadModule, format!("cannot link: {what} the {kind} {name}"))
                    .at(format!("{}, offset {:#x}", self.run.file.display(), error.offset))
                    .way_out(
                        "a module without imports; `dytallix inspect` lists all that this one has",
                    )
                    .fact("class", "link")
                    .fact("offset", error.offset)
                    .fact("import", json!({ "module": error.module, "name": error.name }))
            }
            ExecError::Limit(what, size, limit) => {
                let cause = format!("{what} of {size} is beyond the limit of {limit}");
                Failure::new(Exit::BadModule, cause)
                    .at(self.run.file.display().to_string())
                    .way_out("declare it smaller")
                    .fact("class", "limit")
            }
            ExecError::UnknownExport(_) | ExecError::Arguments(_) => {
                Failure::new(Exit::Usage, error.to_string())
            }
            other => Failure::new(Exit::Failed, other.to_string()).way_out(
                "report it with the module: this is a fault of the runtime, not of the guest",
            ),
        }
    }

    fn explain_trap(&self, trap: &Trap, left: u64, when: &str) -> Failure {
        let used = self.gas_limit - left;
        let mut failure = Failure::new(Exit::Trap, format!("{} {when}", trap.code));
        let name = trap.function.and_then(|function| self.names.get(function));
        let operator = self.operator(trap);
        if let Some(function) = trap.function {
            let mut place = self.names.describe(function);
            if let Some(offset) = trap.offset {
                place.push_str(&format!(", offset {offset:#x}"));
            }
            if let Some(operator) = &operator {
                place.push_str(&format!(": {operator}"));
            }
            failure = failure.at(place);
        }
        let limit = match self.run.gas {
            Some(limit) => format!(" of {}", grouped(limit)),
            None => String::new(),
        };
        failure
            .note("gas", format!("{}{limit}", grouped(used)))
            .way_out(way_out(trap.code))
            .fact(
                "trap",
                json!({
                    "code": trap.code.number(),
                    "text": trap.code.text(),
                    "host": trap.host,
                    "function": trap.function,
                    "function_name": name,
                    "offset": trap.offset,
                    "operator": operator,
                }),
            )
            .fact("gas", json!({ "limit": self.run.gas, "used": used }))
    }

    /// Text of the operator that trapped.
    fn operator(&self, trap: &Trap) -> Option<String> {
        let (function, offset) = (trap.function?, trap.offset?);
        let mut operators = self.module.operators(function);
        operators.find(|(at, _)| *at == offset).map(|(_, operator)| operator.to_string())
    }
}

/// What to do about a trap.
fn way_out(code: TrapCode) -> &'static str {
    match code {
        TrapCode::Unreachable => {
            "the guest gave up on purpose: in Rust a panic, in C an abort; look at that function"
        }
        TrapCode::OutOfGas => "a greater --gas, or less work",
        TrapCode::CallStackExhausted => "less recursion: the calls are nested too deep",
        TrapCode::IntegerDivideByZero
        | TrapCode::IntegerOverflow
        | TrapCode::InvalidConversionToInteger => "check the operands before the operation",
        TrapCode::MemoryOutOfBounds | TrapCode::TableOutOfBounds => {
            "check the address and the length before the access"
        }
        _ => "`dytallix inspect FILE --ir` shows the code around the offset",
    }
}

fn timed<T>(time: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    *time = start.elapsed();
    value
}

fn footer(used: u64, times: Times) -> String {
    let total = times.instantiate + times.execute;
    let line = format!("gas {} · time {total:.2?} · compile {:.2?}", grouped(used), times.compile);
    format!("{}\n", Paint.dim(&line))
}

fn value_json(value: &Value) -> Json {
    let mut json = json!({ "type": value.ty().to_string(), "value": values::show(value) });
    match *value {
        Value::F32(bits) => json["bits"] = format!("{bits:#010x}").into(),
        Value::F64(bits) => json["bits"] = format!("{bits:#018x}").into(),
        _ => {}
    }
    json
}

fn callable(module: &Module) -> Vec<String> {
    let exports = module.exports().iter();
    let functions = exports.filter(|export| matches!(export.index, ExternIndex::Function(_)));
    functions.map(|export| export.name.to_string()).collect()
}

fn kind(index: ExternIndex) -> &'static str {
    match index {
        ExternIndex::Function(_) => "function",
        ExternIndex::Table(_) => "table",
        ExternIndex::Memory(_) => "memory",
        ExternIndex::Global(_) => "global",
    }
}

fn import_kind(kind: &ImportKind) -> &'static str {
    match kind {
        ImportKind::Function(_) => "function",
        ImportKind::Table(_) => "table",
        ImportKind::Memory(_) => "memory",
        ImportKind::Global(_) => "global",
    }
}

/// `(i32 i64) -> (f64)`.
fn signature(ty: &FuncType) -> String {
    let list = |types: &[dytallix::wasm::ValType]| {
        types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    format!("({}) -> ({})", list(ty.params()), list(ty.results()))
}
