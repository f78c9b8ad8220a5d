//! The process that kills, and looks at what is left.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use dytallix::primitives::Height;
use dytallix::state::{
    DiskStore, Manifest, Residence, Restore, SnapshotError, SnapshotWriter, State, StateOptions,
    StoreErrorKind,
};
use dytallix_spec_tests::generate::Bytes as Random;

use super::blocks::{Model, commit};
use super::child::{Files, Job, name_of, open_store, other};

/// What children do, one after the other.
const JOBS: [Job; 10] = [
    Job::Blocks,
    Job::Convert,
    Job::Restore,
    Job::Prune,
    Job::Blocks,
    Job::Restore,
    Job::Convert,
    Job::Blocks,
    Job::Restore,
    Job::Blocks,
];
/// The height of the snapshot that is restored.
const SNAPSHOT_HEIGHT: u64 = 3;
/// Every store is checked in full after so many kills, then after one kill of ten.
const CHECKED: u32 = 50;
/// How long a child may take to open its store before something must be wrong with it.
const PATIENCE: Duration = Duration::from_secs(60);

type Outcome<T> = Result<T, Box<dyn Error>>;

pub(crate) struct Options {
    pub(crate) kills: u32,
    pub(crate) seed: u64,
    pub(crate) folder: PathBuf,
}

/// What was seen.
#[derive(Debug, Default)]
struct Tally {
    kills: u32,
    /// Blocks that children acknowledged.
    blocks: u64,
    checks: u32,
    /// Kills after which the block that was in progress was there.
    there: u32,
    /// And those after which it was not.
    not_there: u32,
    fresh: u32,
    restored: u32,
    /// What was in progress when the kill came.
    cut_off: BTreeMap<&'static str, u32>,
}

pub(crate) struct Driver {
    files: Files,
    folder: PathBuf,
    random: Random,
    model: Model,
    manifest: Manifest,
    tally: Tally,
    /// The last height of the ledger that is known to be durable.
    height: u64,
    /// How the ledger was opened last.
    residence: Residence,
    /// Chunks of the restore that are known to be durable.
    chunks: u32,
}

/// What a child said before it was killed.
#[derive(Debug, Default)]
struct Said {
    /// The last block and the number of them.
    block: Option<u64>,
    blocks: u64,
    chunk: Option<u32>,
    is_restored: bool,
    last: String,
}

impl Driver {
    /// Kills as often as it is asked to.
    pub(crate) fn run(options: Options) -> Outcome<()> {
        fs::create_dir_all(&options.folder)?;
        let files = Files::within(&options.folder);
        let manifest = write_snapshot(&files)?;
        let mut driver = Driver {
            files,
            folder: options.folder.clone(),
            random: Random::new(options.seed),
            model: Model::new()?,
            manifest,
            tally: Tally::default(),
            height: 0,
            residence: Residence::Memory,
            chunks: 0,
        };
        for number in 0..options.kills {
            let job = JOBS[number as usize % JOBS.len()];
            let done = driver.round(job);
            done.map_err(|error| format!("kill {number}, {job:?}: {error}"))?;
        }
        println!("{}", driver.tally.line());
        fs::remove_dir_all(&options.folder)?;
        Ok(())
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.random.number().is_multiple_of(many)
    }

    fn round(&mut self, job: Job) -> Outcome<()> {
        if job == Job::Blocks && self.one_in(10) {
            // What a kill leaves of a file that was being made is left for the next making.
            _ = fs::remove_file(&self.files.ledger);
            self.height = 0;
            self.tally.fresh += 1;
        }
        let is_other = self.one_in(4);
        let residence = if is_other { other(self.residence) } else { self.residence };
        let said = self.kill(job, residence)?;
        self.tally.count(&said);
        match job {
            Job::Restore => self.verify_restore(&said),
            _ => self.verify_ledger(&said),
        }
    }

    /// Starts a child, kills it after a while, and returns what it said.
    fn kill(&mut self, job: Job, residence: Residence) -> Outcome<Said> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["child", job.name()])
            .arg(&self.folder)
            .arg(name_of(residence))
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = lines_of(&mut child)?;
        let mut said = Said::default();
        // Half of the time, opening is not what is cut off.
        let mut is_late = false;
        if job != Job::Restore && self.one_in(2) {
            while said.last != "open" && !is_late {
                match lines.recv_timeout(PATIENCE) {
                    Ok(line) => said.hear(line),
                    Err(_) => is_late = true,
                }
            }
        }
        thread::sleep(Duration::from_millis(5 + self.random.number() % 146));
        let ended = child.try_wait()?;
        child.kill()?;
        child.wait()?;
        match ended {
            Some(status) => return Err(format!("the child ended by itself: {status}").into()),
            None if is_late => return Err("the child does not open its store".into()),
            None => {}
        }
        lines.iter().for_each(|line| said.hear(line));
        Ok(said)
    }

    fn verify_ledger(&mut self, said: &Said) -> Outcome<()> {
        let is_other = self.one_in(4);
        self.residence = if is_other { other(self.residence) } else { self.residence };
        let options = StateOptions::residence(self.residence);
        let mut state = State::open(open_store(&self.files.ledger)?, options)?;
        let acknowledged = said.block.unwrap_or(self.height);
        let height = self.verify_head(&state, acknowledged)?;
        if ["open", "block"].contains(&said.last.as_str()) {
            self.tally.in_progress(height > acknowledged);
        }
        self.height = height;
        if height == 0 && self.one_in(2) {
            // The first block is the longest; a slow machine might never get past it.
            commit(&mut state)?;
            self.height = 1;
        }
        state.into_store().close()?;
        Ok(())
    }

    /// The head is the block that was acknowledged last or the next one, and sound.
    fn verify_head(&mut self, state: &State<DiskStore>, acknowledged: u64) -> Outcome<u64> {
        let head = state.head().map_or(Height::default(), |head| head.height);
        if !(acknowledged..=acknowledged + 1).contains(&head.number()) {
            return Err(format!("the head is {head}, and {acknowledged} was acknowledged").into());
        }
        let expected = self.model.root(head)?;
        if state.root() != expected {
            return Err(format!("{} is the root of {head}, not {expected}", state.root()).into());
        }
        if self.tally.kills <= CHECKED || self.tally.kills.is_multiple_of(10) {
            state.check(&mut |_| {})?;
            self.tally.checks += 1;
        }
        Ok(head.number())
    }

    /// The restore resumes after the chunk that was acknowledged last or the next one, or state is
    /// there.
    fn verify_restore(&mut self, said: &Said) -> Outcome<()> {
        let store = open_store(&self.files.restored)?;
        let options = StateOptions::residence(self.residence);
        let Manifest { height, root, .. } = self.manifest;
        match Restore::begin(store, self.manifest.clone(), height, &root) {
            Ok(restore) => {
                let taken = restore.wanted().unwrap_or(self.manifest.chunks.len() as u32);
                let least = said.chunk.map_or(self.chunks, |chunk| chunk + 1);
                if said.is_restored || !(least..=least + 1).contains(&taken) {
                    return Err(format!("{taken} chunks are there, and child said {said:?}").into());
                }
                self.chunks = taken;
                match State::open(restore.into_store(), options) {
                    Err(error) if error.kind() == StoreErrorKind::Unfinished => Ok(()),
                    Err(error) => Err(error.into()),
                    Ok(_) => Err("an unfinished restore is opened as state".into()),
                }
            }
            Err(SnapshotError::NotEmpty) => {
                let mut state = State::open(open_store(&self.files.restored)?, options)?;
                let height = self.verify_head(&state, said.block.unwrap_or(SNAPSHOT_HEIGHT))?;
                let next = Height::new(height + 1);
                if commit(&mut state)? != self.model.root(next)? {
                    return Err("what was restored goes on to another root".into());
                }
                drop(state);
                fs::remove_file(&self.files.restored)?;
                self.chunks = 0;
                self.tally.restored += 1;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Writes the snapshot that children restore.
fn write_snapshot(files: &Files) -> Outcome<Manifest> {
    let mut model = Model::new()?;
    let height = Height::new(SNAPSHOT_HEIGHT);
    model.root(height)?;
    let mut writer = SnapshotWriter::new(model.state(), height, 8 << 10)?;
    let mut number = 0;
    while let Some(chunk) = writer.next_chunk(model.state())? {
        write(&files.chunk(number), &chunk)?;
        number += 1;
    }
    files.write_manifest(&writer.manifest())?;
    Ok(writer.manifest())
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    Ok(fs::write(path, bytes)?)
}

/// The lines that a child says, read by a thread so that the child never waits for a reader. A
/// line that was cut off was not said.
fn lines_of(child: &mut Child) -> Outcome<Receiver<String>> {
    let output = child.stdout.take().ok_or("the child has no output")?;
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(output);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|length| length > 0) {
            let Some(whole) = line.strip_suffix('\n') else { break };
            if sender.send(whole.to_owned()).is_err() {
                break;
            }
            line.clear();
        }
    });
    Ok(receiver)
}

impl Said {
    fn hear(&mut self, line: String) {
        let (word, number) = line.split_once(' ').unwrap_or((&line, ""));
        match word {
            "block" => {
                self.block = number.parse().ok();
                self.blocks += 1;
            }
            "chunk" => self.chunk = number.parse().ok(),
            "restored" => self.is_restored = true,
            _ => {}
        }
        self.last = word.to_owned();
    }
}

impl Tally {
    fn count(&mut self, said: &Said) {
        self.kills += 1;
        self.blocks += said.blocks;
        let stage = match said.last.as_str() {
            "" => "starting",
            "opening" => "opening",
            "open" | "block" | "pruned" | "restored" => "a block",
            "converting" => "converting",
            "pruning" => "pruning",
            "finishing" => "finishing a restore",
            _ => "restoring",
        };
        *self.cut_off.entry(stage).or_default() += 1;
    }

    fn in_progress(&mut self, is_there: bool) {
        *(if is_there { &mut self.there } else { &mut self.not_there }) += 1;
    }

    fn line(&self) -> String {
        let stages = self.cut_off.iter().map(|(stage, count)| format!("{stage} {count}"));
        let stages: Vec<String> = stages.collect();
        format!(
            "{} kills, {} blocks committed, the block in progress was there {} times and not {} \
             times; {} full checks, {} fresh stores, {} snapshots restored; cut off: {}",
            self.kills,
            self.blocks,
            self.there,
            self.not_there,
            self.checks,
            self.fresh,
            self.restored,
            stages.join(", ")
        )
    }
}
