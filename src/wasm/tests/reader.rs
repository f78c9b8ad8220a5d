//! LEB128 by the specification's rules: length, unused bits, signs.

use super::leb;
use crate::wasm::reader::Reader;
use crate::wasm::{Features, WasmErrorKind};
use alloc::vec::Vec;

fn reader(bytes: &[u8]) -> Reader<'_> {
    Reader::new(bytes, 0, u32::MAX, Features::ALL)
}

#[test]
fn unsigned_integers_are_read_in_every_length() {
    for value in [0, 1, 127, 128, 16_383, 16_384, 1 << 31, u32::MAX] {
        let mut bytes = Vec::new();
        leb(&mut bytes, value);
        // Padding zeros are well-formed up to five bytes.
        while bytes.len() <= 5 {
            let mut read = reader(&bytes);
            assert_eq!(read.u32(), Ok(value), "{bytes:x?}");
            assert!(read.is_empty());
            *bytes.last_mut().unwrap() |= 0x80;
            bytes.push(0);
        }
        let error = reader(&bytes).u32().unwrap_err();
        assert_eq!(*error.kind(), WasmErrorKind::IntegerTooLong);
        assert_eq!(error.offset(), 4);
    }
}

#[test]
fn unused_bits_of_the_last_byte_are_zero_or_the_sign() {
    let cases: [(&[u8], Result<i64, WasmErrorKind>); 9] = [
        (&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F], Err(WasmErrorKind::IntegerTooLarge)),
        (&[0xFF, 0xFF, 0xFF, 0xFF, 0x07], Ok(i32::MAX.into())),
        (&[0x80, 0x80, 0x80, 0x80, 0x78], Ok(i32::MIN.into())),
        (&[0x80, 0x80, 0x80, 0x80, 0x70], Err(WasmErrorKind::IntegerTooLarge)),
        (&[0xFF, 0xFF, 0xFF, 0xFF, 0x7F], Ok(-1)),
        (&[0x7F], Ok(-1)),
        (&[0x40], Ok(-64)),
        (&[0x3F], Ok(63)),
        (&[0xC0, 0x00], Ok(64)),
    ];
    for (bytes, expected) in cases {
        let found = reader(bytes).i32().map(i64::from).map_err(|error| error.kind().clone());
        assert_eq!(found, expected, "{bytes:x?}");
    }
    let error = reader(&[0xFF, 0xFF, 0xFF, 0xFF, 0x1F]).u32().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (&WasmErrorKind::IntegerTooLarge, 4));
}

#[test]
fn sixty_four_bits_take_ten_bytes() {
    let min = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F];
    assert_eq!(reader(&min).i64(), Ok(i64::MIN));
    let max = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00];
    assert_eq!(reader(&max).i64(), Ok(i64::MAX));
    let mut large = max;
    large[9] = 0x01;
    let error = reader(&large).i64().unwrap_err();
    assert_eq!(*error.kind(), WasmErrorKind::IntegerTooLarge);
    large[9] = 0x80;
    let error = reader(&large).i64().unwrap_err();
    assert_eq!(*error.kind(), WasmErrorKind::IntegerTooLong);
}

#[test]
fn thirty_three_bits_hold_every_type_index_and_sign() {
    assert_eq!(reader(&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F]).s33(), Ok(i64::from(u32::MAX)));
    assert_eq!(reader(&[0x80, 0x80, 0x80, 0x80, 0x70]).s33(), Ok(-(1 << 32)));
    let error = reader(&[0xFF, 0xFF, 0xFF, 0xFF, 0x1F]).s33().unwrap_err();
    assert_eq!(*error.kind(), WasmErrorKind::IntegerTooLarge);
}

#[test]
fn nothing_is_read_past_the_end_of_a_part() {
    let bytes = [1, 2, 3, 4];
    let mut whole = reader(&bytes);
    let mut part = whole.part(2).unwrap();
    assert_eq!((part.byte(), part.byte()), (Ok(1), Ok(2)));
    assert_eq!(*part.byte().unwrap_err().kind(), WasmErrorKind::UnexpectedEnd);
    assert_eq!(whole.byte(), Ok(3));
    let error = whole.part(2).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (&WasmErrorKind::LengthOutOfBounds, 3));
}

#[test]
fn names_are_utf8_and_errors_name_the_byte() {
    let limits = crate::Limits::default();
    assert_eq!(reader("\x06grün!".as_bytes()).name(&limits), Ok("grün!"));
    let error = reader(&[3, b'a', 0xC3, b'b']).name(&limits).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (&WasmErrorKind::MalformedUtf8, 2));
    let error = reader(&[4, b'a']).name(&limits).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (&WasmErrorKind::LengthOutOfBounds, 1));
}
