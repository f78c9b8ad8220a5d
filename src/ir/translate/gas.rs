//! Region gas.
//!
//! Let `P` be the running sum of operator costs in code order. A *terminator* is each operator at
//! which control can leave or gas can be observed or changed. The cost of the region that begins at
//! a point `S` is `P(next terminator) − P(S)`, the terminator's own cost included; falling through
//! a label ends no region. Every edge that enters a region carries its cost in the high half of one
//! cell:
//!
//! ```text
//!   P:   0     1     2        4              5
//!        │ op  │ op  │ op     │ br_if        │ …
//!   edge ┴─────────────────────┘ cost 4       └─ fall-through edge of the br_if, next region
//! ```
//!
//! One pass: an edge whose region has not ended yet waits in a list, and the next terminator
//! resolves the whole list.

use alloc::vec::Vec;

use super::Translator;
use crate::ir::cell::{pack, patch_half};
use crate::ir::op::{Op, OpKind};

/// Stands for the start of a function where a region is named by the operator after which it
/// begins.
pub(super) const FUNCTION_START: u32 = u32::MAX;

/// An edge whose region is still open.
struct Waiting {
    /// What to write the cost to.
    to: Target,
    /// `P` where the region begins.
    start: u64,
    /// Byte offset of the operator after which the region begins.
    after: u32,
}

enum Target {
    /// The high half of this word.
    Word(u32),
    /// The header cost of this loop.
    Loop(u32),
}

/// The regions of the function at hand.
#[derive(Default)]
pub(super) struct Regions {
    paid: u64,
    waiting: Vec<Waiting>,
    /// `P` beyond which the oldest open region would outgrow its field.
    full_at: u64,
    /// Cost of the region at each loop's start, and the operator after which it begins.
    loops: Vec<(u32, u32)>,
}

impl Regions {
    pub(super) fn reset(&mut self) {
        self.paid = 0;
        self.waiting.clear();
        self.full_at = u64::MAX;
        self.loops.clear();
    }

    /// `P` at this point.
    pub(super) fn paid(&self) -> u64 {
        self.paid
    }

    /// An edge waits for its region's end. The first is the oldest.
    #[inline]
    fn wait(&mut self, edge: Waiting) {
        if self.waiting.is_empty() {
            self.full_at = edge.start + u64::from(u32::MAX);
        }
        self.waiting.push(edge);
    }

    /// A loop begins: its number.
    pub(super) fn begin_loop(&mut self, after: u32) -> u32 {
        let number = self.loops.len() as u32;
        self.loops.push((0, after));
        self.wait(Waiting { to: Target::Loop(number), start: self.paid, after });
        number
    }
}

impl Translator<'_> {
    /// Adds the cost of the next operator, cutting the region first where it would outgrow its
    /// field.
    #[inline(always)]
    pub(super) fn add_cost(&mut self, cost: u64) {
        if self.regions.paid + cost > self.regions.full_at {
            self.cut_region();
        }
        self.regions.paid += cost;
    }

    #[cold]
    #[inline(never)]
    fn cut_region(&mut self) {
        self.spill_all();
        let word = self.op(Op::fixed(OpKind::Charge));
        self.word(pack([0; 4]));
        self.terminator();
        self.charge_at(word + 1, self.previous_offset);
    }

    /// The high half of `word` carries the cost of the region that begins here, after the operator
    /// at `after`.
    pub(super) fn charge_at(&mut self, word: usize, after: u32) {
        let start = self.regions.paid;
        self.regions.wait(Waiting { to: Target::Word(word as u32), start, after });
    }

    /// Control can leave here: every open region ends.
    pub(super) fn terminator(&mut self) {
        let paid = self.regions.paid;
        self.replay.record_terminator(paid);
        self.regions.full_at = u64::MAX;
        for waiting in self.regions.waiting.drain(..) {
            let cost = u32::try_from(paid - waiting.start).expect("regions are cut in time");
            match waiting.to {
                Target::Word(word) => {
                    patch_half(&mut self.code.words[word as usize], 1, cost);
                    self.replay.record_edge(word, waiting.after);
                }
                Target::Loop(number) => self.regions.loops[number as usize].0 = cost,
            }
        }
    }

    /// The high half of `word` carries the cost of the region at the start of a loop, which has
    /// ended.
    pub(super) fn charge_loop(&mut self, word: usize, number: u32) {
        let (cost, after) = self.regions.loops[number as usize];
        patch_half(&mut self.code.words[word], 1, cost);
        self.replay.record_edge(word as u32, after);
    }
}
