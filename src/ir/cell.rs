//! Cells: the 8-byte words that register code is made of, and how fields are packed into them.
//!
//! Fields are laid out in *memory order* on every machine, so that a handler reads a 16-bit field
//! with one narrow load whatever the endianness:
//!
//! ```text
//!   byte      0        2        4        6
//!   fields   [ f0:u16 | f1:u16 | f2:u16 | f3:u16 ]
//!   halves   [ low half:u32    | high half:u32   ]
//! ```

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::op::Op;
use super::pair::Pair;

/// The word that stands in the first cell of each op, by op number, then those of pairs.
#[derive(Clone, Debug)]
pub struct HandlerTable(Box<[u64]>);

impl HandlerTable {
    /// A table from one word per op, in op order, and one per pair.
    ///
    /// # Panics
    ///
    /// When the number of words is not [`HandlerTable::WORDS`].
    pub fn new(words: Vec<u64>) -> Self {
        assert_eq!(words.len(), HandlerTable::WORDS, "one handler per op and pair");
        HandlerTable(words.into_boxed_slice())
    }

    /// Words of a table.
    pub const WORDS: usize = Op::COUNT as usize + Pair::COUNT as usize;

    /// The table in which the word of each op, and of each pair, is its own number.
    pub fn identity() -> Self {
        HandlerTable((0..HandlerTable::WORDS as u64).collect())
    }

    /// The word of a pair.
    #[inline]
    pub(crate) fn pair_word(&self, pair: Pair) -> u64 {
        self.0[usize::from(pair.number())]
    }

    /// The word of an op.
    #[inline]
    pub(crate) fn word(&self, op: Op) -> u64 {
        self.0[usize::from(op.number())]
    }
}

/// Packs four 16-bit fields.
#[inline]
pub(crate) fn pack(fields: [u16; 4]) -> u64 {
    let [a, b, c, d] = fields.map(u16::to_ne_bytes);
    u64::from_ne_bytes([a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]])
}

/// Packs two 32-bit halves.
#[inline]
pub(crate) fn pack_half(low: u32, high: u32) -> u64 {
    let (a, b) = (low.to_ne_bytes(), high.to_ne_bytes());
    u64::from_ne_bytes([a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]])
}

/// The four 16-bit fields of a cell.
#[inline]
pub(crate) fn unpack(cell: u64) -> [u16; 4] {
    let b = cell.to_ne_bytes();
    [0, 2, 4, 6].map(|i| u16::from_ne_bytes([b[i], b[i + 1]]))
}

/// The two 32-bit halves of a cell.
#[inline]
pub(crate) fn unpack_half(cell: u64) -> [u32; 2] {
    let b = cell.to_ne_bytes();
    [0, 4].map(|i| u32::from_ne_bytes([b[i], b[i + 1], b[i + 2], b[i + 3]]))
}

/// Replaces one half (0 or 1) of a cell.
#[inline]
pub(crate) fn patch_half(cell: &mut u64, half: u32, value: u32) {
    let mut halves = unpack_half(*cell);
    halves[half as usize & 1] = value;
    *cell = pack_half(halves[0], halves[1]);
}
