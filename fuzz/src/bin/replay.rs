//! Replays inputs on stable: files and folders that are named, or inputs that a seed stands for.
//!
//! `replay TARGET PATH…` · `replay TARGET --random SEED COUNT [BYTES]`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dytallix_fuzz::{TARGETS, random, stats};

fn files(path: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            found.push(entry?.path());
        }
    } else {
        found.push(path.to_path_buf());
    }
    found.sort();
    Ok(())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let target = args.first().and_then(|name| TARGETS.iter().find(|(target, _)| target == name));
    let Some((name, run)) = target else {
        eprintln!("usage: replay TARGET (PATH… | --random SEED COUNT [BYTES])");
        return ExitCode::from(2);
    };
    if args.get(1).is_some_and(|arg| arg == "--random") {
        let number = |at: usize| args.get(at).and_then(|arg| arg.parse::<u64>().ok());
        let (seed, count) = (number(2).unwrap_or(0), number(3).unwrap_or(1_000));
        for input in seed..seed + count {
            let bytes = random(input, number(4).unwrap_or(256) as usize);
            if let Err(panic) = std::panic::catch_unwind(|| run(&bytes)) {
                let file = std::env::temp_dir().join(format!("{name}-{input}.bin"));
                let _ = std::fs::write(&file, &bytes);
                println!("{name}: input of seed {input} fails, kept as {}", file.display());
                drop(panic);
                return ExitCode::FAILURE;
            }
        }
    } else {
        let mut found = Vec::new();
        for path in &args[1..] {
            if let Err(error) = files(Path::new(path), &mut found) {
                eprintln!("{path}: {error}");
                return ExitCode::from(2);
            }
        }
        for file in found {
            match std::fs::read(&file) {
                Ok(bytes) => run(&bytes),
                Err(error) => {
                    eprintln!("{}: {error}", file.display());
                    return ExitCode::from(2);
                }
            }
        }
    }
    println!("{name}: {}", stats::line());
    ExitCode::SUCCESS
}
