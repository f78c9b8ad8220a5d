//! Memory of an instance that waits: what a thousand of them add to the resident memory.

use crate::Error;
use dytallix::Limits;
use dytallix::abi::{AbiType, HostFn};
use dytallix::vm::{Config, Engine, Host, HostCall, HostError, Instance};
use dytallix::wasm::FuncType;
use dytallix::wasm::ValType;

/// Enough that what else happens in the process does not count.
const INSTANCES: u32 = 2_000;

/// Knows the functions that contracts import, and runs none.
struct Deaf;

impl Host for Deaf {
    fn resolve(&self, _: &str, name: &str) -> Option<(u32, FuncType)> {
        let function = HostFn::from_name(name)?;
        let spell = |ty: &AbiType| match ty {
            AbiType::I32 => ValType::I32,
            AbiType::I64 => ValType::I64,
        };
        let params: Vec<ValType> = function.params().iter().map(|p| spell(&p.ty)).collect();
        let results: Vec<ValType> = function.results().iter().map(spell).collect();
        Some((function.number().into(), FuncType::new(&params, &results)))
    }

    fn call(&mut self, function: u32, _: &mut HostCall<'_>) -> Result<(), HostError> {
        Err(HostError::Fault(format!("host function {function} was called")))
    }
}

/// KiB that an instance of `code` with its value stack keeps resident.
///
/// # Errors
/// Where it can not be instantiated, or the system does not tell its memory.
pub(crate) fn kib_per_instance(code: &[u8]) -> Result<f64, Error> {
    let engine = Engine::new(Config::default().with_limits(Limits::contract()))?;
    let program = engine.compile(code)?;
    let mut kept = Vec::with_capacity(INSTANCES as usize);
    let before = resident_kib()?;
    for _ in 0..INSTANCES {
        let mut gas = u64::MAX;
        kept.push(Instance::new(&program, &mut Deaf, &mut gas)?);
    }
    let after = resident_kib()?;
    drop(kept);
    Ok(after.saturating_sub(before) as f64 / f64::from(INSTANCES))
}

/// KiB of this process that are resident.
///
/// # Errors
/// Where the system does not tell.
pub(crate) fn resident_kib() -> Result<u64, Error> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmRSS in /proc/self/status")?.parse()?)
}
