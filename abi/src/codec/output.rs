//! Where encoded bytes go.

use alloc::vec::Vec;

/// Takes the bytes of an encoding, in order.
pub trait Output {
    /// Appends `bytes`.
    fn write(&mut self, bytes: &[u8]);
}

impl Output for Vec<u8> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Counts bytes instead of keeping them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter(u64);

impl Counter {
    /// How many bytes were written.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl Output for Counter {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.saturating_add(bytes.len() as u64);
    }
}
