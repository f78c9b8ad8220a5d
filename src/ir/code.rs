//! The register code of a module: one buffer of cells, one entry per defined function.

use alloc::vec::Vec;
use core::ops::Range;

use super::cell::{unpack, unpack_half};

/// Cells of the header that precedes each function's first op.
///
/// ```text
///   cell 0   frame slots: u32 | gas of the entry region: u32
///   cell 1   header slot: u16 | declared local slots: u16 | function index: u32
/// ```
///
/// Frame of an activation, in slots from `sp`; the first part overlaps the caller's argument slots:
///
/// ```text
///   0                    header slot        +2                +locals
///   [ max(params,results) | return ip, caller sp | declared locals | operands by height ]
/// ```
pub const HEADER_WORDS: usize = 2;

/// Translated functions of one module.
#[derive(Clone, Debug, Default)]
pub struct Code {
    pub(super) words: Vec<u64>,
    /// Word index of each defined function's header, ascending.
    pub(super) entries: Vec<u32>,
    pub(super) imported: u32,
}

/// Where one function lies in the code buffer, in words.
pub type CodeRange = Range<usize>;

impl Code {
    /// The whole buffer.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Word index of the header of a defined function (function index space).
    pub fn entry(&self, function: u32) -> Option<usize> {
        let defined = function.checked_sub(self.imported)?;
        self.entries.get(defined as usize).map(|&w| w as usize)
    }

    /// Words of a defined function, header included.
    pub fn range(&self, function: u32) -> Option<CodeRange> {
        let start = self.entry(function)?;
        let end = self.entry(function + 1).unwrap_or(self.words.len());
        Some(start..end)
    }

    /// The function (function index space) whose code holds this word.
    pub fn function_at(&self, word: usize) -> Option<u32> {
        if word >= self.words.len() {
            return None;
        }
        let after = self.entries.partition_point(|&e| e as usize <= word);
        (after > 0).then(|| self.imported + after as u32 - 1)
    }

    /// Slots of the frame of a defined function.
    pub fn frame_slots(&self, function: u32) -> Option<u32> {
        self.entry(function).map(|e| unpack_half(self.words[e])[0])
    }

    /// Slot of the frame header of a defined function.
    pub fn header_slot(&self, function: u32) -> Option<u16> {
        self.entry(function).map(|e| unpack(self.words[e + 1])[0])
    }

    /// Gas of the region at the start of a defined function.
    pub fn entry_gas(&self, function: u32) -> Option<u32> {
        self.entry(function).map(|e| unpack_half(self.words[e])[1])
    }

    /// Bytes that the buffers hold.
    pub fn size_bytes(&self) -> usize {
        self.words.len() * 8 + self.entries.len() * 4
    }
}
