//! The process that is killed: it changes a store as fast as it can, and says on its standard
//! output what is about to happen and what has become durable.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use dytallix::state::{DiskOptions, DiskStore, Manifest, Residence, Restore, State, StateOptions};

use super::blocks::commit;

/// What a child does until it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// Commits blocks, and prunes now and then.
    Blocks,
    /// Opens state in memory, bounded, in memory: each opening makes or removes the leaves.
    Convert,
    /// Prunes after each block, height by height.
    Prune,
    /// Restores a snapshot, and goes on with blocks.
    Restore,
}

impl Job {
    pub(crate) const ALL: [Job; 4] = [Job::Blocks, Job::Convert, Job::Prune, Job::Restore];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Job::Blocks => "blocks",
            Job::Convert => "convert",
            Job::Prune => "prune",
            Job::Restore => "restore",
        }
    }
}

/// The name of a residence in arguments.
pub(crate) fn name_of(residence: Residence) -> &'static str {
    if residence == Residence::Bounded { "bounded" } else { "memory" }
}

pub(crate) fn other(residence: Residence) -> Residence {
    if residence == Residence::Bounded { Residence::Memory } else { Residence::Bounded }
}

/// The files of a run.
pub(crate) struct Files {
    /// The store that blocks go to.
    pub(crate) ledger: PathBuf,
    /// The store that the snapshot is restored into.
    pub(crate) restored: PathBuf,
    manifest: PathBuf,
    folder: PathBuf,
}

impl Files {
    pub(crate) fn within(folder: &Path) -> Self {
        let [ledger, restored, manifest] =
            ["ledger", "restored", "manifest"].map(|name| folder.join(name));
        Files { ledger, restored, manifest, folder: folder.to_owned() }
    }

    pub(crate) fn write_manifest(&self, manifest: &Manifest) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(&self.manifest, manifest.encode())?)
    }

    pub(crate) fn manifest(&self) -> Result<Manifest, Box<dyn Error>> {
        Ok(Manifest::decode(&fs::read(&self.manifest)?)?)
    }

    /// The file of a chunk.
    pub(crate) fn chunk(&self, number: u32) -> PathBuf {
        self.folder.join(format!("chunk.{number}"))
    }
}

pub(crate) fn open_store(path: &Path) -> Result<DiskStore, Box<dyn Error>> {
    let mut options = DiskOptions::default();
    options.cache_bytes = 8 << 20;
    Ok(DiskStore::open(path, &options)?)
}

/// Works until it is killed.
pub(crate) fn run(job: &str, folder: &Path, residence: &str) -> Result<(), Box<dyn Error>> {
    let job = Job::ALL.into_iter().find(|known| known.name() == job).ok_or("no such job")?;
    let bounded = residence == name_of(Residence::Bounded);
    let residence = if bounded { Residence::Bounded } else { Residence::Memory };
    let files = Files::within(folder);
    println!("opening");
    match job {
        Job::Blocks => blocks(open(&files.ledger, residence)?, 12, 8),
        Job::Prune => blocks(open(&files.ledger, residence)?, 4, 1),
        Job::Convert => convert(open(&files.ledger, residence)?, residence),
        Job::Restore => blocks(restore(&files, residence)?, 12, 8),
    }
}

fn open(path: &Path, residence: Residence) -> Result<State<DiskStore>, Box<dyn Error>> {
    let state = State::open(open_store(path)?, StateOptions::residence(residence))?;
    println!("open");
    Ok(state)
}

/// Commits blocks; after each `period`, prunes to `retention` blocks in steps of one height.
fn blocks(mut state: State<DiskStore>, period: u64, retention: u64) -> Result<(), Box<dyn Error>> {
    loop {
        commit(&mut state)?;
        let height = state.next_height()?.number() - 1;
        println!("block {height}");
        if height.is_multiple_of(period) {
            println!("pruning");
            while state.prune(retention, 1)?.remaining > 0 {}
            println!("pruned");
        }
    }
}

fn convert(mut state: State<DiskStore>, residence: Residence) -> Result<(), Box<dyn Error>> {
    let mut residence = residence;
    loop {
        residence = other(residence);
        println!("converting");
        state = State::open(state.into_store(), StateOptions::residence(residence))?;
        println!("open");
    }
}

/// Begins a restore or goes on with it. One that is complete is opened.
fn restore(files: &Files, residence: Residence) -> Result<State<DiskStore>, Box<dyn Error>> {
    let manifest = files.manifest()?;
    let Manifest { height, root, .. } = manifest;
    println!("restoring");
    let mut restore = Restore::begin(open_store(&files.restored)?, manifest, height, &root)?;
    while let Some(wanted) = restore.wanted() {
        restore.add(wanted, &fs::read(files.chunk(wanted))?)?;
        println!("chunk {wanted}");
    }
    println!("finishing");
    let state = restore.finish(StateOptions::residence(residence), &mut |_| {})?;
    println!("restored");
    Ok(state)
}
