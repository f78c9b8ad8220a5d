//! A bounded cursor over the bytes of a module.
//!
//! Positions are offsets into the whole module, so that every error names its byte. A reader of a
//! section or body ends where that part ends and never sees what follows. LEB128 integers are read
//! by the specification's rules: at most ⌈bits / 7⌉ bytes, and the unused bits of the last one
//! zero, or copies of the sign.

use super::Features;
use super::error::{WasmError, WasmErrorKind};
use crate::Limits;

/// Result of reading.
pub(super) type Result<T> = core::result::Result<T, WasmError>;

/// A cursor over a part of a module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    /// The module up to the end of the part.
    bytes: &'a [u8],
    pos: usize,
    features: Features,
    used: Features,
}

impl<'a> Reader<'a> {
    /// A reader of `module[start..end]`, which decodes as `features` say.
    ///
    /// `end` is cut to the module's length, and `start` to `end`. Modules are at most 4 GiB long.
    pub(super) fn new(module: &'a [u8], start: u32, end: u32, features: Features) -> Self {
        let end = (end as usize).min(module.len());
        Reader {
            bytes: &module[..end],
            pos: (start as usize).min(end),
            features,
            used: Features::NONE,
        }
    }

    /// A reader of `bytes[start..]` for what has been read before, under whatever features.
    pub(super) fn whole(bytes: &'a [u8], start: u32) -> Self {
        Reader::new(bytes, start, u32::MAX, Features::ALL)
    }

    /// The module up to the next byte.
    pub(super) fn passed(&self) -> &'a [u8] {
        &self.bytes[..self.pos]
    }

    /// The features that decoding depends on.
    #[inline]
    pub(super) fn features(&self) -> Features {
        self.features
    }

    /// Notes that `needed` is used by what stands at `offset`, or refuses it.
    #[inline]
    pub(super) fn require(&mut self, needed: Features, offset: u32) -> Result<()> {
        self.used = self.used.with(needed);
        self.features.require(needed, offset)
    }

    /// The features that were required so far.
    pub(super) fn used(&self) -> Features {
        self.used
    }

    /// Offset of the next byte.
    #[inline]
    pub(super) fn offset(&self) -> u32 {
        self.pos as u32
    }

    /// Offset of the end of this part.
    pub(super) fn end(&self) -> u32 {
        self.bytes.len() as u32
    }

    /// Whether all is read.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.pos >= self.bytes.len()
    }

    /// Number of bytes left.
    pub(super) fn remaining(&self) -> usize {
        self.bytes.len() - self.pos
    }

    /// An error at the next byte.
    #[cold]
    pub(super) fn error(&self, kind: WasmErrorKind) -> WasmError {
        WasmError::new(kind, self.offset())
    }

    /// The next byte, without passing it.
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    /// One byte.
    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8> {
        match self.bytes.get(self.pos) {
            Some(&byte) => {
                self.pos += 1;
                Ok(byte)
            }
            None => Err(self.error(WasmErrorKind::UnexpectedEnd)),
        }
    }

    /// `count` bytes.
    pub(super) fn take(&mut self, count: u32) -> Result<&'a [u8]> {
        let count = count as usize;
        if count > self.remaining() {
            return Err(self.error(WasmErrorKind::LengthOutOfBounds));
        }
        let taken = &self.bytes[self.pos..self.pos + count];
        self.pos += count;
        Ok(taken)
    }

    /// A reader of the next `count` bytes, which this one passes.
    pub(super) fn part(&mut self, count: u32) -> Result<Reader<'a>> {
        let start = self.pos;
        self.take(count)?;
        let bytes = &self.bytes[..self.pos];
        Ok(Reader { bytes, pos: start, features: self.features, used: Features::NONE })
    }

    /// `N` bytes as an array.
    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        match self.bytes.get(self.pos..).and_then(|rest| rest.first_chunk()) {
            Some(chunk) => {
                self.pos += N;
                Ok(*chunk)
            }
            None => Err(WasmError::new(WasmErrorKind::UnexpectedEnd, self.end())),
        }
    }

    /// A little-endian fixed-width `u32`.
    pub(super) fn fixed_u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// A little-endian fixed-width `u64`.
    pub(super) fn fixed_u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A LEB128 `u32`.
    #[inline(always)]
    pub(super) fn u32(&mut self) -> Result<u32> {
        match self.bytes.get(self.pos) {
            Some(&byte) if byte < 0x80 => {
                self.pos += 1;
                Ok(u32::from(byte))
            }
            _ => Ok(self.unsigned::<32>()? as u32),
        }
    }

    /// A LEB128 `i32`.
    #[inline(always)]
    pub(super) fn i32(&mut self) -> Result<i32> {
        match self.bytes.get(self.pos) {
            Some(&byte) if byte < 0x80 => {
                self.pos += 1;
                Ok(i32::from((byte << 1) as i8 >> 1))
            }
            _ => Ok(self.signed::<32>()? as i32),
        }
    }

    /// A LEB128 signed integer of 33 bits: block types and heap types.
    pub(super) fn s33(&mut self) -> Result<i64> {
        self.signed::<33>()
    }

    /// A LEB128 `i64`.
    #[inline]
    pub(super) fn i64(&mut self) -> Result<i64> {
        self.signed::<64>()
    }

    fn unsigned<const BITS: u32>(&mut self) -> Result<u64> {
        let mut value = 0;
        let mut shift = 0;
        loop {
            let offset = self.offset();
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if shift + 7 >= BITS {
                let used = BITS - shift;
                return match byte {
                    _ if byte & 0x80 != 0 => {
                        Err(WasmError::new(WasmErrorKind::IntegerTooLong, offset))
                    }
                    _ if used < 7 && byte >> used != 0 => {
                        Err(WasmError::new(WasmErrorKind::IntegerTooLarge, offset))
                    }
                    _ => Ok(value),
                };
            }
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift += 7;
        }
    }

    fn signed<const BITS: u32>(&mut self) -> Result<i64> {
        let mut value = 0;
        let mut shift = 0;
        loop {
            let offset = self.offset();
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7F) << shift;
            if shift + 7 >= BITS {
                // The bits of the last byte from the sign bit upwards must be equal.
                let used = BITS - shift;
                let upper = ((byte << 1) as i8) >> used;
                if byte & 0x80 != 0 {
                    return Err(WasmError::new(WasmErrorKind::IntegerTooLong, offset));
                }
                if upper != 0 && upper != -1 {
                    return Err(WasmError::new(WasmErrorKind::IntegerTooLarge, offset));
                }
                return Ok(extend(value, shift));
            }
            if byte & 0x80 == 0 {
                return Ok(extend(value, shift));
            }
            shift += 7;
        }
    }

    /// The length of a vector whose items take at least `least` bytes each, so that no count can
    /// promise more than the bytes hold, and room may be reserved for all of it.
    pub(super) fn count(&mut self, name: &'static str, limit: u32, least: usize) -> Result<u32> {
        let offset = self.offset();
        let count = self.u32()?;
        if count as usize > self.remaining() / least {
            return Err(WasmError::new(WasmErrorKind::LengthOutOfBounds, offset));
        }
        check_limit(name, u64::from(count), u64::from(limit), offset)?;
        Ok(count)
    }

    /// A name: a length, then UTF-8.
    pub(super) fn name(&mut self, limits: &Limits) -> Result<&'a str> {
        let length_offset = self.offset();
        let length = self.u32()?;
        let offset = self.offset();
        let bytes = self.take(length)?;
        check_limit("name_bytes", length.into(), limits.name_bytes.into(), length_offset)?;
        core::str::from_utf8(bytes).map_err(|error| {
            WasmError::new(WasmErrorKind::MalformedUtf8, offset + error.valid_up_to() as u32)
        })
    }
}

/// Copies the sign bit of a LEB128 integer, whose last byte was shifted by `shift`, into the bits
/// above.
fn extend(value: i64, shift: u32) -> i64 {
    let unused = 64u32.saturating_sub(shift + 7);
    value << unused >> unused
}

/// An error if `value` exceeds the limit of this name.
#[inline]
pub(super) fn check_limit(name: &'static str, value: u64, limit: u64, offset: u32) -> Result<()> {
    if value > limit {
        return Err(WasmError::new(WasmErrorKind::Limit { name, limit }, offset));
    }
    Ok(())
}
