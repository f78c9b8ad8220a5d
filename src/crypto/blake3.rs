//! BLAKE3 in its plain hash mode, 32 bytes out: portable code, written after the paper "BLAKE3: one
//! function, fast everywhere" (O'Connor, Aumasson, Neves, Wilcox-O'Hearn).
//!
//! The reference crate brings a C compiler among its build dependencies even where it compiles none
//! of its C, and chooses code by processor; tests compare this with it.

/// First words of SHA-256's initial state.
const IV: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Where each round takes its message words from: row by row the permutation applied once more.
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

/// Whole chunks that are hashed side by side, so that the compiler can use vectors.
const LANES: usize = 8;

/// Chaining values wait in a stack while a subtree is built: enough for 2^64 bytes.
const DEPTH: usize = 54;

/// A chaining value.
type Value = [u32; 8];

/// The same word of `N` independent computations.
type Lanes<const N: usize> = [u32; N];

/// What tells one compression from another with the same input.
struct Block<const N: usize> {
    words: [Lanes<N>; 16],
    /// Index of the chunk of each lane; zero for parents.
    counters: [u64; N],
    length: u32,
    flags: u32,
}

#[inline(always)]
fn add<const N: usize>(a: &mut Lanes<N>, b: Lanes<N>) {
    for lane in 0..N {
        a[lane] = a[lane].wrapping_add(b[lane]);
    }
}

#[inline(always)]
fn xor_rotate<const N: usize>(a: &mut Lanes<N>, b: Lanes<N>, bits: u32) {
    for lane in 0..N {
        a[lane] = (a[lane] ^ b[lane]).rotate_right(bits);
    }
}

/// The quarter round: mixes two message words into a column or diagonal.
#[inline(always)]
fn mix<const N: usize>(
    state: &mut [Lanes<N>; 16],
    [a, b, c, d]: [usize; 4],
    x: Lanes<N>,
    y: Lanes<N>,
) {
    for (word, first, second) in [(x, 16, 12), (y, 8, 7)] {
        let column = state[b];
        add(&mut state[a], column);
        add(&mut state[a], word);
        let column = state[a];
        xor_rotate(&mut state[d], column, first);
        let column = state[d];
        add(&mut state[c], column);
        let column = state[c];
        xor_rotate(&mut state[b], column, second);
    }
}

/// The compression function, cut to the half of its output that a hash of 32 bytes needs.
#[inline(always)]
fn compress<const N: usize>(value: &mut [Lanes<N>; 8], block: &Block<N>) {
    let mut state = [[0; N]; 16];
    state[..8].copy_from_slice(value);
    for (word, initial) in state[8..12].iter_mut().zip(IV) {
        *word = [initial; N];
    }
    state[12] = block.counters.map(|counter| counter as u32);
    state[13] = block.counters.map(|counter| (counter >> 32) as u32);
    state[14] = [block.length; N];
    state[15] = [block.flags; N];
    for order in &SCHEDULE {
        let word = |i: usize| block.words[order[i]];
        mix(&mut state, [0, 4, 8, 12], word(0), word(1));
        mix(&mut state, [1, 5, 9, 13], word(2), word(3));
        mix(&mut state, [2, 6, 10, 14], word(4), word(5));
        mix(&mut state, [3, 7, 11, 15], word(6), word(7));
        mix(&mut state, [0, 5, 10, 15], word(8), word(9));
        mix(&mut state, [1, 6, 11, 12], word(10), word(11));
        mix(&mut state, [2, 7, 8, 13], word(12), word(13));
        mix(&mut state, [3, 4, 9, 14], word(14), word(15));
    }
    for (i, word) in value.iter_mut().enumerate() {
        *word = state[i];
        xor_rotate(word, state[i + 8], 0);
    }
}

/// Chaining values of `N` whole chunks that follow each other, the first with index `first`.
#[inline(always)]
fn chunks<const N: usize>(data: &[u8], first: u64) -> [Value; N] {
    let mut value = IV.map(|word| [word; N]);
    let mut counters = [first; N];
    for (lane, counter) in counters.iter_mut().enumerate() {
        *counter += lane as u64;
    }
    for at in (0..CHUNK_BYTES).step_by(BLOCK_BYTES) {
        let mut words = [[0; N]; 16];
        for (i, word) in words.iter_mut().enumerate() {
            for (lane, word) in word.iter_mut().enumerate() {
                let from = lane * CHUNK_BYTES + at + 4 * i;
                *word = u32::from_le_bytes([
                    data[from],
                    data[from + 1],
                    data[from + 2],
                    data[from + 3],
                ]);
            }
        }
        let start = if at == 0 { CHUNK_START } else { 0 };
        let end = if at == CHUNK_BYTES - BLOCK_BYTES { CHUNK_END } else { 0 };
        let block = Block { words, counters, length: BLOCK_BYTES as u32, flags: start | end };
        compress(&mut value, &block);
    }
    core::array::from_fn(|lane| value.map(|word| word[lane]))
}

/// Chaining value of the last chunk, which may be short or empty; `root` where it is the only one.
fn last_chunk(data: &[u8], index: u64, root: u32) -> Value {
    let mut value = IV.map(|word| [word]);
    let blocks = data.len().div_ceil(BLOCK_BYTES).max(1);
    for i in 0..blocks {
        let block = &data[i * BLOCK_BYTES..data.len().min((i + 1) * BLOCK_BYTES)];
        let mut padded = [0; BLOCK_BYTES];
        padded[..block.len()].copy_from_slice(block);
        let mut words = [[0]; 16];
        for (word, bytes) in words.iter_mut().zip(padded.as_chunks::<4>().0) {
            *word = [u32::from_le_bytes(*bytes)];
        }
        let start = if i == 0 { CHUNK_START } else { 0 };
        let end = if i == blocks - 1 { CHUNK_END | root } else { 0 };
        let flags = start | end;
        let block = Block { words, counters: [index], length: block.len() as u32, flags };
        compress(&mut value, &block);
    }
    value.map(|word| word[0])
}

/// Chaining value of the node above two others.
fn parent(left: &Value, right: &Value, root: u32) -> Value {
    let mut words = [[0]; 16];
    for (word, half) in words.iter_mut().zip(left.iter().chain(right)) {
        *word = [*half];
    }
    let mut value = IV.map(|word| [word]);
    let length = BLOCK_BYTES as u32;
    compress(&mut value, &Block { words, counters: [0], length, flags: PARENT | root });
    value.map(|word| word[0])
}

/// Complete subtrees to the left of what is being hashed, the largest first.
struct Subtrees {
    values: [Value; DEPTH],
    length: usize,
}

impl Subtrees {
    /// Adds the chunk that makes the number of chunks `total`, and joins what it completes. More
    /// input must follow, else the last join would lack the flag of the root.
    fn push(&mut self, mut value: Value, total: u64) {
        for _ in 0..total.trailing_zeros() {
            self.length -= 1;
            value = parent(&self.values[self.length], &value, 0);
        }
        self.values[self.length] = value;
        self.length += 1;
    }
}

/// BLAKE3 in its plain hash mode.
#[must_use]
pub fn blake3(data: &[u8]) -> [u8; 32] {
    let last = data.len().saturating_sub(1) / CHUNK_BYTES;
    let (body, rest) = data.split_at(last * CHUNK_BYTES);
    let mut trees = Subtrees { values: [[0; 8]; DEPTH], length: 0 };
    let mut total = 0;
    let groups = body.chunks_exact(LANES * CHUNK_BYTES);
    let single = groups.remainder();
    for group in groups {
        for value in chunks::<LANES>(group, total) {
            total += 1;
            trees.push(value, total);
        }
    }
    for chunk in single.chunks_exact(CHUNK_BYTES) {
        let [value] = chunks(chunk, total);
        total += 1;
        trees.push(value, total);
    }
    let mut value = last_chunk(rest, total, if total == 0 { ROOT } else { 0 });
    for i in (0..trees.length).rev() {
        value = parent(&trees.values[i], &value, if i == 0 { ROOT } else { 0 });
    }
    let mut out = [0; 32];
    for (bytes, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(value) {
        *bytes = word.to_le_bytes();
    }
    out
}
