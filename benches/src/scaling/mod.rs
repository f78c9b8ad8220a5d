//! The command `scaling`: validation and translation take time and memory in proportion to the
//! bytes of a module, whatever is in them. Each trap is measured at five sizes, each twice the one
//! before; a trap whose time or memory per byte grows is an error.

mod binary;
mod cases;

use crate::Error;
use cases::Case;
use cpu_time::ThreadTime;
use dytallix::vm::{Config, Engine};
use dytallix::wasm::Features;
use std::hint::black_box;

/// Sizes of a case, as divisors of the largest number.
const DIVISORS: [u32; 5] = [16, 8, 4, 2, 1];

/// Growth of time or memory per byte over sixteenfold size that is an error. What is quadratic
/// grows by sixteen, its root by four; caches that are left behind and pages that are fresh let
/// what is linear grow by two and more.
const GROWTH: f64 = 3.0;

/// How often a case that grows is measured again before it is an error.
const REPEATS: u32 = 2;

struct Options {
    rounds: u32,
    only: Vec<String>,
}

/// Measures and prints.
///
/// # Errors
/// Where a case grows, and where a module is refused.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    use lexopt::prelude::*;
    let mut options = Options { rounds: 5, only: Vec::new() };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => options.rounds = arguments.value()?.parse()?,
            Long("only") => options.only.push(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let wanted = |case: &&Case| {
        options.only.is_empty() || options.only.iter().any(|part| case.name.contains(part))
    };
    let cases: Vec<&Case> = cases::ALL.iter().filter(wanted).collect();
    if cases.is_empty() || options.rounds == 0 {
        return Err("no such case, or no round".into());
    }
    heading();
    let mut worst = 0_f64;
    let mut grown = Vec::new();
    for case in cases {
        let mut sizes = measure(case, options.rounds)?;
        for _ in 0..REPEATS {
            if growth(&sizes) > GROWTH {
                // A machine that is busy for a while shows the same.
                for (size, again) in sizes.iter_mut().zip(measure(case, options.rounds)?) {
                    size.seconds = size.seconds.min(again.seconds);
                }
            }
        }
        let [time, memory] = row(case, &sizes);
        worst = sizes.iter().fold(worst, |worst, size| worst.max(size.time_per_byte()));
        if time > GROWTH || memory > GROWTH {
            grown.push(case.name);
        }
    }
    println!("\nat most {worst:.0} ns per byte");
    match grown.is_empty() {
        true => Ok(()),
        false => Err(format!("more than linear: {}", grown.join("; ")).into()),
    }
}

/// One module of a case.
struct Size {
    bytes: usize,
    seconds: f64,
    /// Bytes on the heap at the peak, beyond the module itself; none where they are not counted.
    heap: Option<usize>,
}

impl Size {
    /// Nanoseconds.
    fn time_per_byte(&self) -> f64 {
        self.seconds * 1e9 / self.bytes as f64
    }

    fn heap_per_byte(&self) -> Option<f64> {
        Some(self.heap? as f64 / self.bytes as f64)
    }
}

fn measure(case: &Case, rounds: u32) -> Result<Vec<Size>, Error> {
    let config = Config::default().with_features(Features::ALL).with_verification(false);
    let engine = Engine::new(config)?;
    let mut modules = Vec::new();
    for divisor in DIVISORS {
        let module = (case.module)(case.largest / divisor);
        let heap = heap_peak(|| engine.compile(&module).map(|program| drop(black_box(program))));
        let heap = heap.map_err(|error| format!("{}: {error}", case.name))?;
        // Small ones are short: they are measured more often.
        modules.push((module, divisor, Size { bytes: 0, seconds: f64::INFINITY, heap }));
    }
    for _ in 0..rounds {
        for (module, divisor, size) in &mut modules {
            size.bytes = module.len();
            for _ in 0..(*divisor).div_ceil(4) {
                let start = ThreadTime::try_now()?;
                let program = black_box(engine.compile(module)?);
                size.seconds = size.seconds.min(start.try_elapsed()?.as_secs_f64());
                drop(program);
            }
        }
    }
    Ok(modules.into_iter().map(|(_, _, size)| size).collect())
}

/// Bytes that a run has on the heap at its peak.
#[cfg(feature = "heap")]
fn heap_peak<E>(run: impl FnOnce() -> Result<(), E>) -> Result<Option<usize>, E> {
    let before = crate::ALLOCATOR.current_usage();
    crate::ALLOCATOR.reset_peak_usage();
    run()?;
    Ok(Some(crate::ALLOCATOR.peak_usage().saturating_sub(before)))
}

/// Nothing: allocations are not counted in this build.
#[cfg(not(feature = "heap"))]
fn heap_peak<E>(run: impl FnOnce() -> Result<(), E>) -> Result<Option<usize>, E> {
    run()?;
    Ok(None)
}

fn heading() {
    println!("Nanoseconds and bytes of heap per byte of a module, from 1/16 of the largest on.\n");
    let columns = ["largest", "bytes", "ns 1/16", "1/8", "1/4", "1/2", "1", "growth"];
    println!("| what grows | {} | heap 1/16 | 1 |", columns.join(" | "));
    println!("|:--|{}--:|--:|", "--:|".repeat(columns.len()));
}

/// Time per byte at the largest size, as a multiple of that at the smallest.
fn growth(sizes: &[Size]) -> f64 {
    sizes[sizes.len() - 1].time_per_byte() / sizes[0].time_per_byte()
}

/// Prints a row; gives the growth of time and of memory.
fn row(case: &Case, sizes: &[Size]) -> [f64; 2] {
    let (first, last) = (&sizes[0], &sizes[sizes.len() - 1]);
    let growth = growth(sizes);
    let times: Vec<String> =
        sizes.iter().map(|size| format!("{:.1}", size.time_per_byte())).collect();
    let (name, number, times) = (case.name, case.largest, times.join(" | "));
    print!("| {name} | {number} | {} | {times} | {growth:.2} |", last.bytes);
    match (first.heap_per_byte(), last.heap_per_byte()) {
        (Some(small), Some(large)) => {
            println!(" {small:.1} | {large:.1} |");
            [growth, large / small]
        }
        _ => {
            println!(" | |");
            [growth, 1.0]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dytallix::Limits;

    #[test]
    fn every_case_is_valid_and_grows_with_its_number() -> Result<(), Error> {
        let engine = Engine::new(Config::default())?;
        for case in cases::ALL {
            let [small, large] = [64, 32].map(|divisor| (case.module)(case.largest / divisor));
            assert!(small.len() < large.len(), "{}", case.name);
            for module in [small, large] {
                engine.compile(&module).map_err(|error| format!("{}: {error}", case.name))?;
            }
        }
        Ok(())
    }

    #[test]
    fn wide_code_for_contracts_is_what_they_may_have() -> Result<(), Error> {
        let config = Config::default().with_limits(Limits::contract());
        let engine = Engine::new(config)?;
        let cases = cases::ALL.iter().filter(|case| case.name.ends_with("for contracts"));
        for case in cases.filter(|case| !case.name.starts_with("functions")) {
            engine.compile(&(case.module)(case.largest))?;
        }
        Ok(())
    }
}
