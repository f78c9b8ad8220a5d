//! What the inputs were like: counted by the bodies, printed by replays and now and then by the
//! fuzzer.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A counter.
pub struct Counter {
    name: &'static str,
    count: AtomicU64,
}

impl Counter {
    const fn new(name: &'static str) -> Self {
        Counter { name, count: AtomicU64::new(0) }
    }

    /// Adds to it.
    pub fn add(&self, count: u64) {
        self.count.fetch_add(count, Relaxed);
    }

    /// Adds one if `condition` holds.
    pub fn note(&self, condition: bool) {
        self.add(u64::from(condition));
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.count.load(Relaxed)
    }
}

macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal;)*) => {
        $($(#[doc = $doc])+ pub static $name: Counter = Counter::new($text);)*
        const COUNTERS: &[&Counter] = &[$(&$name),*];
    };
}

counters! {
    /// Inputs that a body was given.
    EXECUTIONS "executions";
    /// Inputs that were more than refused: modules that passed validation (under at least one
    /// feature set), histories with a block, bytes that decoded.
    VALID "valid";
    /// Inputs whose module has more than 1,000 operators, and histories of more than 200 steps.
    LONG "over-1000-operators";
    /// Inputs whose module instantiated.
    INSTANTIATED "instantiated";
    /// Calls compared, on fresh instances or not.
    CALLS "calls";
    /// Calls that returned.
    RETURNED "returned";
    /// Calls that trapped for lack of gas.
    OUT_OF_GAS "out-of-gas";
    /// Calls that used more than 1,000 gas.
    LONG_CALLS "over-1000-gas";
    /// Calls whose comparison with the peer stopped at a limit that is each engine's own.
    UNCOMPARED "uncompared";
    /// Inputs on which the peer is alone with its opinion.
    PEER_ALONE "peer-alone";
    /// Steps of histories.
    STEPS "steps";
    /// Frames of histories that were undone.
    REVERTED "reverted";
    /// Proofs that were verified.
    PROOFS "proofs";
}

/// One line: each counter, and its share of the executions.
pub fn line() -> String {
    let mut text = String::from("stats:");
    for counter in COUNTERS {
        let _ = write!(text, " {}={}", counter.name, counter.count());
    }
    text
}

/// Counts an execution, and prints the line every so often.
pub fn begin() {
    EXECUTIONS.add(1);
    if EXECUTIONS.count() % 1024 == 0 {
        eprintln!("{}", line());
    }
}
