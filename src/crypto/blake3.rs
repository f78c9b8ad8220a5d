//! BLAKE3 in its plain hash mode, 32 bytes out: portable code, written after the paper "BLAKE3: one
//! function, fast everywhere" (O'Connor, Aumasson, Neves, Wilcox-O'Hearn).
//!
//! The reference crate brings a C compiler among its build dependencies even where it compiles none
//! of its C, and chooses code by processor; tests compare this with it. On long inputs that one is
//! several times as fast, with vectors; gas is priced by portable code.

/// First words of SHA-256's initial state.
const IV: Value = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Where each round takes its message words from: each row is the one before, permuted.
const SCHEDULE: [[usize; 16]; 7] = {
    const PERMUTATION: [usize; 16] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
    let mut rows = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]; 7];
    let mut round = 1;
    while round < 7 {
        let mut i = 0;
        while i < 16 {
            rows[round][i] = rows[round - 1][PERMUTATION[i]];
            i += 1;
        }
        round += 1;
    }
    rows
};

const BLOCK_BYTES: usize = 64;
const CHUNK_BYTES: usize = 1024;

const CHUNK_START: u32 = 1;
const CHUNK_END: u32 = 2;
const PARENT: u32 = 4;
const ROOT: u32 = 8;

/// Subtrees that wait for their right neighbours: enough for 2^64 bytes.
const DEPTH: usize = 54;

/// A chaining value.
type Value = [u32; 8];

/// The quarter round: mixes two message words into a column or diagonal.
#[inline(always)]
fn mix(state: &mut [u32; 16], [a, b, c, d]: [usize; 4], x: u32, y: u32) {
    state[a] = state[a].wrapping_add(state[b]).wrapping_add(x);
    state[d] = (state[d] ^ state[a]).rotate_right(16);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_right(12);
    state[a] = state[a].wrapping_add(state[b]).wrapping_add(y);
    state[d] = (state[d] ^ state[a]).rotate_right(8);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_right(7);
}

/// A round, its number known to the compiler so that the schedule costs nothing.
#[inline(always)]
fn round<const ROUND: usize>(state: &mut [u32; 16], words: &[u32; 16]) {
    let word = |i: usize| words[SCHEDULE[ROUND][i]];
    mix(state, [0, 4, 8, 12], word(0), word(1));
    mix(state, [1, 5, 9, 13], word(2), word(3));
    mix(state, [2, 6, 10, 14], word(4), word(5));
    mix(state, [3, 7, 11, 15], word(6), word(7));
    mix(state, [0, 5, 10, 15], word(8), word(9));
    mix(state, [1, 6, 11, 12], word(10), word(11));
    mix(state, [2, 7, 8, 13], word(12), word(13));
    mix(state, [3, 4, 9, 14], word(14), word(15));
}

/// The compression function, cut to the half of its output that a hash of 32 bytes needs.
///
/// `counter` is the index of the chunk, or zero above chunks; `length` the bytes in the block.
fn compress(value: &Value, words: &[u32; 16], counter: u64, length: u32, flags: u32) -> Value {
    let mut state = [0; 16];
    state[..8].copy_from_slice(value);
    state[8..12].copy_from_slice(&IV[..4]);
    state[12..].copy_from_slice(&[counter as u32, (counter >> 32) as u32, length, flags]);
    round::<0>(&mut state, words);
    round::<1>(&mut state, words);
    round::<2>(&mut state, words);
    round::<3>(&mut state, words);
    round::<4>(&mut state, words);
    round::<5>(&mut state, words);
    round::<6>(&mut state, words);
    core::array::from_fn(|i| state[i] ^ state[i + 8])
}

/// The chaining value of a chunk, which may be short or empty if it is the last one. `root` is the
/// flag for the only one.
fn chunk(data: &[u8], index: u64, root: u32) -> Value {
    let mut value = IV;
    let mut start = CHUNK_START;
    let mut rest = data;
    loop {
        let (block, after) = rest.split_at(rest.len().min(BLOCK_BYTES));
        let mut padded = [0; BLOCK_BYTES];
        padded[..block.len()].copy_from_slice(block);
        let mut words = [0; 16];
        for (word, bytes) in words.iter_mut().zip(padded.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        let end = if after.is_empty() { CHUNK_END | root } else { 0 };
        value = compress(&value, &words, index, block.len() as u32, start | end);
        if after.is_empty() {
            return value;
        }
        (start, rest) = (0, after);
    }
}

/// The chaining value of the node above two others.
fn parent(left: &Value, right: &Value, root: u32) -> Value {
    let mut words = [0; 16];
    words[..8].copy_from_slice(left);
    words[8..].copy_from_slice(right);
    compress(&IV, &words, 0, BLOCK_BYTES as u32, PARENT | root)
}

/// BLAKE3 in its plain hash mode.
#[must_use]
pub fn blake3(data: &[u8]) -> [u8; 32] {
    let before_last = data.len().saturating_sub(1) / CHUNK_BYTES;
    let (body, last) = data.split_at(before_last * CHUNK_BYTES);
    // Complete subtrees to the left, the largest first: one for each bit of the number of chunks.
    let mut trees = [[0; 8]; DEPTH];
    let mut count = 0;
    let mut chunks = 0u64;
    for data in body.chunks_exact(CHUNK_BYTES) {
        let mut value = chunk(data, chunks, 0);
        chunks += 1;
        for _ in 0..chunks.trailing_zeros() {
            count -= 1;
            value = parent(&trees[count], &value, 0);
        }
        trees[count] = value;
        count += 1;
    }
    let mut value = chunk(last, chunks, if count == 0 { ROOT } else { 0 });
    for (i, left) in trees[..count].iter().enumerate().rev() {
        value = parent(left, &value, if i == 0 { ROOT } else { 0 });
    }
    let mut out = [0; 32];
    for (bytes, word) in out.as_chunks_mut().0.iter_mut().zip(value) {
        *bytes = word.to_le_bytes();
    }
    out
}
