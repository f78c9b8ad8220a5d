//! Writes bytes where the compiler evaluates.

/// Writes into `N` bytes, or counts only, where `N` is 0.
pub(super) struct Writer<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Writer<N> {
    pub(super) const fn new() -> Writer<N> {
        Writer { bytes: [0; N], len: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The bytes; there must be exactly `N`.
    pub(super) const fn finish(self) -> [u8; N] {
        assert!(self.len == N, "the length of the array is `encoded_len` of the same contract");
        self.bytes
    }

    pub(super) const fn raw(&mut self, bytes: &[u8]) {
        if N != 0 {
            let (_, rest) = self.bytes.split_at_mut(self.len);
            let (place, _) = rest.split_at_mut(bytes.len());
            place.copy_from_slice(bytes);
        }
        self.len += bytes.len();
    }

    pub(super) const fn byte(&mut self, byte: u8) {
        self.raw(&[byte]);
    }

    pub(super) const fn u16(&mut self, value: u16) {
        self.raw(&value.to_le_bytes());
    }

    pub(super) const fn u32(&mut self, value: u32) {
        self.raw(&value.to_le_bytes());
    }

    /// A count; beyond `u32` only for what is over every cap anyway.
    pub(super) const fn count(&mut self, count: usize) {
        assert!(count <= u32::MAX as usize, "there are more entries than the limit");
        self.u32(count as u32);
    }

    pub(super) const fn text(&mut self, text: &str) {
        self.count(text.len());
        self.raw(text.as_bytes());
    }
}
