//! Cold paths: where an op came from, and running a region up to the operator that cannot be paid.
//!
//! Register code carries no side tables. When a trap or an unpayable region is met, the one
//! function concerned is walked again by the same translator, which either *records* where each op
//! and each region came from, or translates up to the region, and from there operator by operator
//! until the budget is used up.

use alloc::vec::Vec;

use super::Translator;
use super::gas::FUNCTION_START;
use crate::ir::op::{Op, OpKind};

/// Where an op came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Site {
    /// First word of the op.
    pub word: u32,
    /// Byte offset of the operator in the module.
    pub offset: u32,
    /// Gas of the function's operators in code order, this one included.
    pub paid: u64,
    /// The same at the end of its region: the difference is what a trap gives back.
    pub end: u64,
}

/// Where the ops and regions of one function came from.
#[derive(Clone, Debug, Default)]
pub struct SiteMap {
    sites: Vec<Site>,
    /// Word that carries a region's cost, and the operator after which the region begins.
    edges: Vec<(u32, u32)>,
    /// Sites before this index lie in regions that have ended.
    closed: usize,
}

impl SiteMap {
    /// The site of the op that begins at a word.
    pub fn site(&self, word: u32) -> Option<&Site> {
        let index = self.sites.partition_point(|s| s.word <= word);
        self.sites.get(index.checked_sub(1)?)
    }

    /// The operator after which the region begins whose cost this word carries.
    pub fn region(&self, word: u32) -> Option<u32> {
        self.edges.iter().find(|&&(w, _)| w == word).map(|&(_, after)| after)
    }

    /// All sites, in code order.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }
}

/// What to do besides translating.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    map: Option<SiteMap>,
    cut: Option<Cut>,
}

#[derive(Clone, Debug)]
struct Cut {
    after: u32,
    budget: u64,
    spent: u64,
    state: State,
    start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Before,
    Running,
    Over,
}

/// The outcome of a cut translation.
#[derive(Clone, Debug)]
pub struct ReplayEnd {
    /// Word at which the region's code begins.
    pub start: usize,
    /// Where its ops came from; `paid` counts from the region's start.
    pub map: SiteMap,
}

impl Replay {
    /// Records sites and edges.
    pub fn record() -> Self {
        Replay { map: Some(SiteMap::default()), cut: None }
    }

    /// From after the operator at `after` on, translates only what `budget` pays for, then an op
    /// that ends the run.
    pub fn cut(after: u32, budget: u64) -> Self {
        let cut = Cut { after, budget, spent: 0, state: State::Before, start: 0 };
        Replay { map: Some(SiteMap::default()), cut: Some(cut) }
    }

    /// What was recorded.
    pub fn into_map(self) -> SiteMap {
        self.map.unwrap_or_default()
    }

    /// Where the cut code begins; `None` when the region was not met.
    pub fn into_end(self) -> Option<ReplayEnd> {
        let cut = self.cut.filter(|c| c.state != State::Before)?;
        Some(ReplayEnd { start: cut.start, map: self.map.unwrap_or_default() })
    }

    /// Whether some region is to be cut.
    #[inline]
    pub(super) fn cuts(&self) -> bool {
        self.cut.is_some()
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(&self.cut, Some(cut) if cut.state == State::Over)
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(&self.cut, Some(cut) if cut.state == State::Running)
    }

    /// Pays for an operator of the region; false when the budget is used up.
    pub(super) fn pay(&mut self, cost: u64) -> bool {
        let Some(cut) = self.cut.as_mut().filter(|c| c.state == State::Running) else {
            return true;
        };
        let payable = cost <= cut.budget - cut.spent;
        match payable {
            true => cut.spent += cost,
            false => cut.state = State::Over,
        }
        payable
    }

    pub(super) fn starts_after(&self, offset: u32) -> bool {
        matches!(&self.cut, Some(c) if c.state == State::Before && c.after == offset)
    }

    fn start(&mut self, word: usize) {
        if let Some(cut) = &mut self.cut {
            cut.state = State::Running;
            cut.start = word;
        }
    }

    #[inline]
    pub(super) fn record_op(&mut self, word: usize, offset: u32, paid: u64) {
        if let Some(map) = &mut self.map {
            let paid = match &self.cut {
                Some(cut) => cut.spent,
                None => paid,
            };
            // A fused op takes the place of the ops that it was fused from.
            while map.sites.last().is_some_and(|s| s.word as usize >= word) {
                map.sites.pop();
            }
            map.closed = map.closed.min(map.sites.len());
            map.sites.push(Site { word: word as u32, offset, paid, end: paid });
        }
    }

    pub(super) fn record_terminator(&mut self, paid: u64) {
        if let Some(map) = &mut self.map {
            for site in &mut map.sites[map.closed..] {
                site.end = paid;
            }
            map.closed = map.sites.len();
        }
    }

    pub(super) fn record_edge(&mut self, word: u32, after: u32) {
        if let Some(map) = &mut self.map {
            map.edges.push((word, after));
        }
    }
}

impl Translator<'_> {
    /// The region to replay begins here: nothing may be known that a replay does not find in slots.
    /// Where a region is cut, the `charge` op has stored what was in the accumulators.
    pub(super) fn start_replay(&mut self) {
        self.spill_all();
        self.forget_accumulators();
        self.replay.start(self.code.words.len());
    }

    /// The same at the start of the function, where the price of its locals comes first.
    pub(super) fn start_replay_at_entry(&mut self, locals: u64) {
        if self.replay.starts_after(FUNCTION_START) {
            self.start_replay();
            if !self.replay.pay(locals) {
                self.emit_out_of_gas();
            }
        } else if self.replay.starts_after(self.offset) {
            // The region was cut before the first operator: the locals are paid.
            self.start_replay();
        }
    }

    pub(super) fn emit_out_of_gas(&mut self) {
        self.op(Op::fixed(OpKind::OutOfGas));
    }
}
