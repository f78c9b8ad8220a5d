//! Encoding of integers, `bool`, `Option` and tuples.

use super::{CodecError, Decode, Encode, Input, Output};
use alloc::vec::Vec;

macro_rules! integers {
    ($($ty:ty),*) => { $(
        impl Encode for $ty {
            #[inline]
            fn encode<O: Output + ?Sized>(&self, out: &mut O) {
                out.write(&self.to_le_bytes());
            }
        }

        impl Decode for $ty {
            #[inline]
            fn decode(input: &mut Input<'_>) -> Result<$ty, CodecError> {
                Ok(<$ty>::from_le_bytes(input.array()?))
            }
        }
    )* };
}

integers!(u16, u32, u64, u128, i8, i16, i32, i64, i128);

// `u8` by itself: lists and arrays of it are copied at once.
impl Encode for u8 {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        out.write(&[*self]);
    }

    #[inline]
    fn encode_slice<O: Output + ?Sized>(items: &[u8], out: &mut O) {
        out.write(items);
    }
}

impl Decode for u8 {
    #[inline]
    fn decode(input: &mut Input<'_>) -> Result<u8, CodecError> {
        input.byte()
    }

    #[inline]
    fn decode_list(count: usize, input: &mut Input<'_>) -> Result<Vec<u8>, CodecError> {
        Ok(input.take(count)?.to_vec())
    }

    #[inline]
    fn decode_array<const N: usize>(input: &mut Input<'_>) -> Result<[u8; N], CodecError> {
        input.array()
    }
}

impl Encode for bool {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        out.write(&[u8::from(*self)]);
    }
}

impl Decode for bool {
    #[inline]
    fn decode(input: &mut Input<'_>) -> Result<bool, CodecError> {
        input.flag()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        match self {
            None => out.write(&[0]),
            Some(value) => {
                out.write(&[1]);
                value.encode(out);
            }
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(input: &mut Input<'_>) -> Result<Option<T>, CodecError> {
        if input.flag()? { Ok(Some(T::decode(input)?)) } else { Ok(None) }
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        (**self).encode(out);
    }
}

impl Encode for () {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, _out: &mut O) {}
}

impl Decode for () {
    #[inline]
    fn decode(_input: &mut Input<'_>) -> Result<(), CodecError> {
        Ok(())
    }
}

macro_rules! tuples {
    ($( ($($name:ident $index:tt),+) )*) => { $(
        impl<$($name: Encode),+> Encode for ($($name,)+) {
            #[inline]
            fn encode<O: Output + ?Sized>(&self, out: &mut O) {
                $( self.$index.encode(out); )+
            }
        }

        impl<$($name: Decode),+> Decode for ($($name,)+) {
            #[inline]
            fn decode(input: &mut Input<'_>) -> Result<Self, CodecError> {
                Ok(($($name::decode(input)?,)+))
            }
        }
    )* };
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}
