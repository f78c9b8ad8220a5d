//! The hidden command `state-child`: one contestant in a process of its own.

use super::contestants::{ALL, Contestant, Settings};
use super::measure::{Cost, Start, peak_memory_kib};
use super::workload;
use crate::Error;
use std::io::{BufRead, Write};
use std::path::PathBuf;

/// Runs `load` or `run` for a contestant: see the head of the parent module.
///
/// # Errors
/// Arguments that the parent does not give, or whatever the contestant reports.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    let mut next = || arguments.value().map_err(|_| "use the command `state`");
    let (phase, name, keys, cache) = (next()?, next()?, next()?, next()?);
    let (phase, directory) = (phase.to_string_lossy(), PathBuf::from(next()?));
    let keys: u64 = keys.to_string_lossy().parse()?;
    let cache_bytes = cache.to_string_lossy().parse()?;
    let entry = ALL.iter().find(|entry| name == entry.name).ok_or("no such contestant")?;
    let settings = Settings { directory, cache_bytes, is_loading: phase == "load" };
    let start = Start::now()?;
    let contestant = (entry.open)(&settings)?;
    match phase.as_ref() {
        "load" => load(contestant, keys),
        "run" => run(contestant, keys, start.cost()?),
        other => Err(format!("no phase `{other}`").into()),
    }
}

fn load(mut contestant: Box<dyn Contestant>, keys: u64) -> Result<(), Error> {
    contestant.load(&mut workload::rows(keys))
}

fn run(mut contestant: Box<dyn Contestant>, keys: u64, open: Cost) -> Result<(), Error> {
    println!("{open}");
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["round", first, blocks] => {
                round(contestant.as_mut(), keys, first.parse()?, blocks.parse()?)?;
            }
            ["end", last] => {
                check(contestant.as_mut(), keys, last.parse()?)?;
                println!("peak_kib={}", peak_memory_kib()?);
            }
            ["extras", last] => {
                match contestant.extras(keys, last.parse()?)? {
                    Some(extras) => println!("{extras}"),
                    None => println!("none"),
                }
                return Ok(());
            }
            _ => return Err(format!("no request `{line}`").into()),
        }
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// Runs blocks; the making of their updates is not measured.
fn round(contestant: &mut dyn Contestant, keys: u64, first: u64, blocks: u64) -> Result<(), Error> {
    let mut cost = Cost::default();
    let syncs = contestant.syncs();
    for block in first..first + blocks {
        let updates = workload::updates(keys, block);
        let start = Start::now()?;
        contestant.block(&updates)?;
        cost = cost.plus(start.cost()?);
    }
    println!("{cost} syncs={}", contestant.syncs() - syncs);
    Ok(())
}

/// Reads the last block back: a store that is fast because it loses updates is not a peer.
fn check(contestant: &mut dyn Contestant, keys: u64, last: u64) -> Result<(), Error> {
    for (key, value) in workload::updates(keys, last) {
        if contestant.read(&key)? != Some(value) {
            return Err(format!("a value of block {last} is not the one written").into());
        }
    }
    Ok(())
}
