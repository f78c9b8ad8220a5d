//! Bytes on their way to and from the host, on the stack where they are few.
//!
//! An instance of a contract lives for one call, and most of what it tells the host is short: keys,
//! numbers, addresses. None of that asks the allocator for memory.

use alloc::boxed::Box;
use alloc::vec::Vec;

use dytallix_abi::describe::TypeDesc;
use dytallix_abi::{Describe, Encode, Output};

use crate::entry;
use crate::event::fixed_len;
#[cfg(target_arch = "wasm32")]
use crate::heap::zeros;

/// Longest storage key, in bytes, and longest list of topics: 4 + 4 · (4 + 64).
const KEY_BYTES: usize = 276;

/// Longest value that stays on the stack, in bytes.
const SHORT: usize = 128;

/// The bytes of a storage key, or the topics of an event: few enough for the stack in any case.
#[derive(Clone, Debug)]
pub struct KeyBuffer {
    bytes: [u8; KEY_BYTES],
    length: usize,
}

impl KeyBuffer {
    /// No bytes.
    #[inline]
    #[must_use]
    pub const fn new() -> KeyBuffer {
        KeyBuffer { bytes: [0; KEY_BYTES], length: 0 }
    }

    /// Appends bytes. More than a key may have end the call, as the host would.
    #[inline(never)]
    pub fn push(&mut self, bytes: &[u8]) {
        let rest = self.bytes.get_mut(self.length..).unwrap_or_default();
        match rest.get_mut(..bytes.len()) {
            Some(room) => room.copy_from_slice(bytes),
            None => entry::panicked("a key is too long"),
        }
        self.length += bytes.len();
    }

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Takes a key by `read`, which writes it and says how long it is; whether there is one.
    pub(crate) fn fill(&mut self, read: impl Fn(&mut [u8]) -> i64) -> bool {
        let length = usize::try_from(read(&mut self.bytes));
        self.length = length.unwrap_or_default();
        // A chain with longer keys than this SDK knows of did not write it.
        if self.length > KEY_BYTES {
            entry::panicked("a key is too long");
        }
        length.is_ok()
    }
}

impl Default for KeyBuffer {
    fn default() -> KeyBuffer {
        KeyBuffer::new()
    }
}

impl Output for KeyBuffer {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.push(bytes);
    }
}

/// Bytes of which it is known where the contract is compiled that they are few: all values of the
/// type have one length. What writes them becomes a few stores.
#[derive(Debug)]
pub(crate) struct Short {
    bytes: [u8; SHORT],
    length: usize,
}

impl Short {
    /// No bytes.
    #[inline]
    pub(crate) const fn new() -> Short {
        Short { bytes: [0; SHORT], length: 0 }
    }

    /// The bytes.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Output for Short {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        let rest = self.bytes.get_mut(self.length..).unwrap_or_default();
        if let Some(room) = rest.get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
            self.length += bytes.len();
        }
    }
}

/// Whether all values of these types together have one length, and [`Short`] has room for it.
pub(crate) const fn is_short(types: &[&TypeDesc]) -> bool {
    let (mut sum, mut at) = (0, 0);
    while at < types.len() {
        match fixed_len(types[at]) {
            Some(length) => sum += length,
            None => return false,
        }
        at += 1;
    }
    sum as usize <= SHORT
}

/// Hands the encoding of `value` to `take`.
#[inline]
pub(crate) fn encoded<T: Encode + Describe, R>(value: &T, take: impl FnOnce(&[u8]) -> R) -> R {
    if const { is_short(&[T::TYPE]) } {
        let mut bytes = Short::new();
        value.encode(&mut bytes);
        take(bytes.as_slice())
    } else {
        let mut bytes = Buffer::new();
        value.encode(&mut bytes);
        take(bytes.as_slice())
    }
}

/// Bytes for the host, however many: a value, arguments, the data of an event.
#[derive(Clone, Debug)]
pub struct Buffer {
    short: [u8; SHORT],
    /// All the bytes, once they are too many; empty before.
    long: Box<[u8]>,
    length: usize,
}

impl Buffer {
    /// No bytes.
    #[inline]
    #[must_use]
    pub fn new() -> Buffer {
        Buffer { short: [0; SHORT], long: Box::default(), length: 0 }
    }

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        let bytes = if self.long.is_empty() { &self.short } else { &*self.long };
        bytes.get(..self.length).unwrap_or_default()
    }

    /// A copy of the bytes.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.as_slice().to_vec()
    }

    /// Makes room for `more` bytes on the heap, with those that there are.
    #[cold]
    #[inline(never)]
    fn lengthen(&mut self, more: usize) {
        let mut long = zeros((self.length + more).next_power_of_two().max(4 * SHORT));
        if let Some(place) = long.get_mut(..self.length) {
            place.copy_from_slice(self.as_slice());
        }
        self.long = long;
    }
}

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer::new()
    }
}

impl Output for Buffer {
    // A struct writes field by field: inlined, each of them would be all of this.
    #[inline(never)]
    fn write(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if end > SHORT && end > self.long.len() {
            self.lengthen(bytes.len());
        }
        let all = if self.long.is_empty() { &mut self.short } else { &mut *self.long };
        if let Some(place) = all.get_mut(self.length..end) {
            place.copy_from_slice(bytes);
        }
        self.length = end;
    }
}

/// That many bytes.
#[cfg(not(target_arch = "wasm32"))]
fn zeros(count: usize) -> Box<[u8]> {
    alloc::vec![0; count].into_boxed_slice()
}

/// Room for bytes from the host: a value, arguments.
#[derive(Debug)]
pub struct Room {
    short: [u8; SHORT],
    long: Box<[u8]>,
}

impl Room {
    /// Nothing yet.
    #[inline]
    #[must_use]
    pub fn new() -> Room {
        Room { short: [0; SHORT], long: Box::default() }
    }

    /// Fills it by `read`, which writes where there is room enough and says how long it all is, or
    /// something negative where there is nothing.
    #[inline]
    pub fn fill(&mut self, read: impl Fn(&mut [u8]) -> i64) -> Option<&[u8]> {
        let length = usize::try_from(read(&mut self.short)).ok()?;
        if length > SHORT {
            self.long = zeros(length);
            read(&mut self.long);
            return Some(&self.long);
        }
        self.short.get(..length)
    }

    /// Fills it by `read`, which writes all of the slice that it is given.
    #[inline]
    pub fn exactly(&mut self, length: u32, read: impl Fn(&mut [u8])) -> &[u8] {
        let length = length as usize;
        let room = if length > SHORT {
            self.long = zeros(length);
            &mut *self.long
        } else {
            self.short.get_mut(..length).unwrap_or_default()
        };
        // An empty slice has no place in memory that the host could check.
        if !room.is_empty() {
            read(room);
        }
        room
    }
}

impl Default for Room {
    fn default() -> Room {
        Room::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_in_order_however_many_there_are() {
        for part in [1, 7, 64, 127, 128, 129, 1000] {
            let (mut buffer, mut expected) = (Buffer::new(), Vec::new());
            for number in 0..5_u8 {
                let bytes = alloc::vec![number; part];
                buffer.write(&bytes);
                expected.extend_from_slice(&bytes);
                assert_eq!(buffer.as_slice(), expected, "{number} parts of {part} bytes");
                // Nothing changes, wherever the bytes are.
                buffer.write(&[]);
            }
            assert_eq!(buffer.to_vec(), expected);
        }
    }

    #[test]
    fn what_is_read_is_as_long_as_the_host_says() {
        for length in [0, 1, 127, 128, 129, 5000] {
            let value = alloc::vec![7; length];
            let read = |out: &mut [u8]| {
                if let Some(place) = out.get_mut(..value.len()) {
                    place.copy_from_slice(&value);
                }
                value.len() as i64
            };
            assert_eq!(Room::new().fill(read), Some(value.as_slice()), "{length} bytes");
        }
        assert_eq!(Room::new().fill(|_| -1), None);
    }
}
