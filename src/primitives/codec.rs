//! The one encoding of everything that is stored: fixed-width little-endian integers, minimal
//! LEB128 for numbers that are usually small, bytes behind their length.
//!
//! Each value has exactly one encoding and the decoder takes no other, since encodings are hashed:
//! a number with a superfluous byte, a flag with a bit too many and bytes behind the end are
//! errors. Nothing here recurses, and a length is believed only as far as there are bytes for it.

use alloc::vec::Vec;
use core::fmt;

/// Why bytes are not an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// Offset of the first byte that is wrong, from the start of what was decoded.
    pub offset: usize,
    /// What was expected there.
    pub expected: &'static str,
}

/// Appends encodings to a buffer.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty buffer.
    pub(crate) fn new() -> Self {
        Writer::default()
    }

    /// What has been written.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// How many bytes have been written.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// One byte.
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Bytes whose number the reader knows.
    pub(crate) fn fixed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A number as minimal LEB128: seven bits a byte, the lowest first.
    pub(crate) fn number(&mut self, mut number: u128) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Bytes behind their number.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u128);
        self.fixed(bytes);
    }

    /// Bytes that may be absent: 0, or 1 and the bytes behind their number.
    pub(crate) fn optional_bytes(&mut self, bytes: Option<&[u8]>) {
        self.byte(bytes.is_some().into());
        if let Some(bytes) = bytes {
            self.bytes(bytes);
        }
    }
}

/// Reads encodings from the front of a slice.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    /// The error that `expected` is not at the place of the reader.
    pub(crate) fn error(&self, expected: &'static str) -> DecodeError {
        DecodeError { offset: self.at, expected }
    }

    /// How far it has read.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Whether everything has been read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Ends the reading: nothing may be left.
    pub(crate) fn finish(self) -> Result<(), DecodeError> {
        if self.is_at_end() { Ok(()) } else { Err(self.error("the end")) }
    }

    /// One byte.
    pub(crate) fn byte(&mut self, expected: &'static str) -> Result<u8, DecodeError> {
        Ok(self.fixed::<1>(expected)?[0])
    }

    /// Exactly `N` bytes.
    pub(crate) fn fixed<const N: usize>(
        &mut self,
        expected: &'static str,
    ) -> Result<[u8; N], DecodeError> {
        let slice = self.slice(N, expected)?;
        slice.try_into().map_err(|_| self.error(expected))
    }

    /// The next `length` bytes.
    pub(crate) fn slice(
        &mut self,
        length: usize,
        expected: &'static str,
    ) -> Result<&'a [u8], DecodeError> {
        let rest = &self.bytes[self.at..];
        let slice = rest.get(..length).ok_or(self.error(expected))?;
        self.at += length;
        Ok(slice)
    }

    /// A number of at most `bits` bits, in minimal LEB128.
    fn leb(&mut self, bits: u32, expected: &'static str) -> Result<u128, DecodeError> {
        let start = self.clone();
        let (mut number, mut shift) = (0_u128, 0_u32);
        loop {
            let byte = self.byte(expected)?;
            let payload = u128::from(byte & 0x7f);
            let fits = shift < bits && payload.checked_shr(bits - shift).unwrap_or(0) == 0;
            let is_superfluous = byte == 0 && shift > 0;
            if !fits || is_superfluous {
                return Err(start.error(expected));
            }
            number |= payload << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    /// A number of at most 128 bits.
    pub(crate) fn u128(&mut self, expected: &'static str) -> Result<u128, DecodeError> {
        self.leb(128, expected)
    }

    /// A number of at most 64 bits.
    pub(crate) fn u64(&mut self, expected: &'static str) -> Result<u64, DecodeError> {
        self.leb(64, expected).map(|number| number as u64)
    }

    /// A number of at most 32 bits.
    pub(crate) fn u32(&mut self, expected: &'static str) -> Result<u32, DecodeError> {
        self.leb(32, expected).map(|number| number as u32)
    }

    /// Bytes behind their number.
    pub(crate) fn bytes(&mut self, expected: &'static str) -> Result<&'a [u8], DecodeError> {
        let length = self.u32(expected)?;
        self.slice(length as usize, expected)
    }

    /// Bytes that may be absent.
    pub(crate) fn optional_bytes(
        &mut self,
        expected: &'static str,
    ) -> Result<Option<&'a [u8]>, DecodeError> {
        match self.byte(expected)? {
            0 => Ok(None),
            1 => self.bytes(expected).map(Some),
            _ => Err(DecodeError { offset: self.at - 1, expected }),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at byte {}", self.expected, self.offset)
    }
}

impl core::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(number: u128) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.number(number);
        writer.finish()
    }

    #[test]
    fn numbers_are_minimal_and_bounded() {
        assert_eq!(number(0), [0]);
        assert_eq!(number(127), [0x7f]);
        assert_eq!(number(128), [0x80, 1]);
        assert_eq!(number(u128::MAX).len(), 19);
        assert_eq!(Reader::new(&number(u128::MAX)).u128("it"), Ok(u128::MAX));
        assert_eq!(Reader::new(&number(u64::MAX.into())).u64("it"), Ok(u64::MAX));
        assert_eq!(Reader::new(&number(u32::MAX.into())).u32("it"), Ok(u32::MAX));
        let expected = "it";
        let refused = Err(DecodeError { offset: 0, expected });
        assert_eq!(Reader::new(&number(u128::from(u64::MAX) + 1)).u64("it"), refused);
        let refused = Err(DecodeError { offset: 0, expected });
        assert_eq!(Reader::new(&number(u128::from(u32::MAX) + 1)).u32("it"), refused);
        for superfluous in [&[0x80, 0][..], &[0xff, 0x80, 0], &[0x80]] {
            assert!(Reader::new(superfluous).u64("it").is_err(), "{superfluous:?}");
        }
        assert!(Reader::new(&[0xff; 19]).u128("it").is_err(), "more than 128 bits");
    }

    #[test]
    fn a_length_is_believed_as_far_as_there_are_bytes() {
        let mut writer = Writer::new();
        writer.number(u32::MAX.into());
        writer.fixed(b"abc");
        let bytes = writer.finish();
        assert!(Reader::new(&bytes).bytes("a name").is_err());
        let error = Reader::new(&[2]).optional_bytes("a value");
        assert_eq!(error, Err(DecodeError { offset: 0, expected: "a value" }));
        assert!(Reader::new(&[1]).finish().is_err(), "bytes behind the end");
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(
            bytes in proptest::collection::vec(any::<u8>(), 0..24)
        ) {
            let mut reader = Reader::new(&bytes);
            if let Ok(read) = reader.u128("it") {
                prop_assert_eq!(number(read), &bytes[..reader.offset()]);
            }
        }

        #[test]
        fn what_is_written_is_read(n in any::<u128>(), bits in 0_u32..128) {
            let n = n >> bits;
            let bytes = number(n);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.u128("it"), Ok(n));
            prop_assert!(reader.is_at_end());
        }
    }
}
