//! A disk in memory that fails as it is told to: errors, torn writes, loss of power, and fsyncs
//! that lie.
//!
//! What was written since the last fsync is kept apart, in order, so that every part of it can be
//! lost. A sector of 512 bytes is written whole or not at all, except where a write is torn in the
//! middle of one on purpose.
//!
//! ```text
//! plan(fault) ─▶ backend() ─▶ the store works until the fault ─▶ surviving(kept) ─▶ backend() ...
//! ```

#![allow(dead_code, reason = "each test uses the part that it needs")]

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

/// Bytes that a disk writes as one.
const SECTOR: usize = 512;

/// What changes the disk, or makes changes stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Write,
    SetLength,
    Sync,
}

/// How the disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The operation does nothing and says so; the next ones work.
    Error,
    /// The first half of a write reaches the disk, then the power is gone.
    TornHalf,
    /// Some sectors of a write reach the disk, then the power is gone.
    TornSectors(u64),
    /// The power is gone before the operation.
    PowerLoss,
    /// A sync says that it worked and does nothing; the power is gone before the next one.
    LyingSync,
    /// The read, not the operation, of that number fails.
    ReadError,
}

/// A failure at the operation of this number, from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) kind: FaultKind,
}

/// Which of the writes that were not synced a loss of power leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Nothing,
    Everything,
    /// Each sector of each write with one chance in two, chosen by this seed.
    Sectors(u64),
}

/// A disk. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// What no loss of power takes away.
    synced: Vec<u8>,
    /// What reads see.
    live: Vec<u8>,
    /// What makes one of the other.
    unsynced: Vec<Change>,
    operations: Vec<Operation>,
    reads: usize,
    fault: Option<Fault>,
    was_hit: bool,
    lied: bool,
    is_off: bool,
}

#[derive(Debug)]
enum Change {
    Write(usize, Vec<u8>),
    SetLength(usize),
}

impl FaultDisk {
    /// An empty disk that does not fail.
    pub(crate) fn new() -> Self {
        FaultDisk::default()
    }

    /// For a store to open.
    pub(crate) fn backend(&self) -> FaultBackend {
        FaultBackend { disk: self.clone() }
    }

    /// Makes it fail. Operations are counted from when the disk was made.
    pub(crate) fn plan(&self, fault: Fault) {
        self.lock().fault = Some(fault);
    }

    /// Whether the fault has happened.
    pub(crate) fn was_hit(&self) -> bool {
        self.lock().was_hit
    }

    /// Every operation so far.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        self.lock().operations.clone()
    }

    /// How many reads there were.
    pub(crate) fn reads(&self) -> usize {
        self.lock().reads
    }

    /// Everything on it, with what is not synced.
    pub(crate) fn contents(&self) -> Vec<u8> {
        self.lock().live.clone()
    }

    /// A sound disk with what is left of this one when its power goes.
    pub(crate) fn surviving(&self, kept: Kept) -> FaultDisk {
        let state = self.lock();
        let mut left = state.synced.clone();
        let mut random = match kept {
            Kept::Sectors(seed) => Some(Random(seed)),
            Kept::Nothing | Kept::Everything => None,
        };
        for change in &state.unsynced {
            match kept {
                Kept::Nothing => {}
                Kept::Everything => change.apply(&mut left, |_| true),
                Kept::Sectors(_) => {
                    change.apply(&mut left, |_| random.as_mut().is_some_and(Random::coin));
                }
            }
        }
        FaultDisk::holding(left)
    }

    /// A sound disk with these bytes.
    pub(crate) fn holding(bytes: Vec<u8>) -> FaultDisk {
        let state = State { live: bytes.clone(), synced: bytes, ..State::default() };
        FaultDisk { state: Arc::new(Mutex::new(state)) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of the lock panics")
    }
}

impl Change {
    /// Applies the sectors that `keeps` wants, which are asked for in order. What lies behind the
    /// end of the disk, since the change of its length was lost, is lost with it.
    fn apply(&self, bytes: &mut Vec<u8>, mut keeps: impl FnMut(usize) -> bool) {
        match self {
            Change::SetLength(length) if keeps(0) => bytes.resize(*length, 0),
            Change::SetLength(_) => {}
            Change::Write(offset, data) => {
                let mut at = *offset;
                while at < offset + data.len() {
                    let end = ((at / SECTOR + 1) * SECTOR).min(offset + data.len());
                    if keeps(at) && end <= bytes.len() {
                        bytes[at..end].copy_from_slice(&data[at - offset..end - offset]);
                    }
                    at = end;
                }
            }
        }
    }
}

impl State {
    /// Counts an operation, and says whether it is to be done.
    fn begin(&mut self, operation: Operation) -> io::Result<Effect> {
        self.powered()?;
        let number = self.operations.len();
        self.operations.push(operation);
        if self.lied && operation == Operation::Sync {
            self.is_off = true;
            return Err(no_power());
        }
        let fault = self.fault.filter(|fault| fault.at == number);
        let Some(fault) = fault.filter(|fault| fault.kind != FaultKind::ReadError) else {
            return Ok(Effect::Whole);
        };
        self.was_hit = true;
        match (fault.kind, operation) {
            (FaultKind::Error, _) => Err(io::Error::other("the disk failed on purpose")),
            (FaultKind::TornHalf, Operation::Write) => Ok(Effect::Torn(None)),
            (FaultKind::TornSectors(seed), Operation::Write) => Ok(Effect::Torn(Some(seed))),
            (FaultKind::LyingSync, Operation::Sync) => {
                self.lied = true;
                Ok(Effect::Nothing)
            }
            (FaultKind::PowerLoss, _) => {
                self.is_off = true;
                Err(no_power())
            }
            (kind, operation) => panic!("{kind:?} is planned for a {operation:?}"),
        }
    }

    fn powered(&self) -> io::Result<()> {
        if self.is_off { Err(no_power()) } else { Ok(()) }
    }

    /// What is torn has reached the disk itself: part of it, and nothing else of what was pending
    /// has to.
    fn tear(&mut self, offset: usize, data: &[u8], seed: Option<u64>) -> io::Error {
        self.is_off = true;
        match seed {
            None => {
                let half = Change::Write(offset, data[..data.len() / 2].to_vec());
                half.apply(&mut self.synced, |_| true);
            }
            Some(seed) => {
                let mut random = Random(seed);
                let whole = Change::Write(offset, data.to_vec());
                whole.apply(&mut self.synced, |_| random.coin());
            }
        }
        no_power()
    }
}

/// What becomes of an operation.
enum Effect {
    Whole,
    Nothing,
    Torn(Option<u64>),
}

fn no_power() -> io::Error {
    io::Error::other("the power is gone")
}

/// One opening of a disk.
#[derive(Debug)]
pub(crate) struct FaultBackend {
    disk: FaultDisk,
}

impl StorageBackend for FaultBackend {
    fn len(&self) -> io::Result<u64> {
        let state = self.disk.lock();
        state.powered()?;
        Ok(state.live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.disk.lock();
        state.powered()?;
        let number = state.reads;
        state.reads += 1;
        if state.fault == Some(Fault { at: number, kind: FaultKind::ReadError }) {
            state.was_hit = true;
            return Err(io::Error::other("the disk failed to read on purpose"));
        }
        let offset = to_usize(offset);
        let end = offset.checked_add(out.len()).ok_or(io::ErrorKind::InvalidInput)?;
        out.copy_from_slice(state.live.get(offset..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.disk.lock();
        state.begin(Operation::SetLength)?;
        state.live.resize(to_usize(length), 0);
        state.unsynced.push(Change::SetLength(to_usize(length)));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.disk.lock();
        if let Effect::Whole = state.begin(Operation::Sync)? {
            for change in std::mem::take(&mut state.unsynced) {
                change.apply(&mut state.synced, |_| true);
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.disk.lock();
        let offset = to_usize(offset);
        if let Effect::Torn(seed) = state.begin(Operation::Write)? {
            return Err(state.tear(offset, data, seed));
        }
        let end = offset + data.len();
        if end > state.live.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        state.live[offset..end].copy_from_slice(data);
        state.unsynced.push(Change::Write(offset, data.to_vec()));
        Ok(())
    }
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).expect("disks of tests are small")
}

/// A SplitMix64 sequence.
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }
}
