//! Descriptions of the types that have an encoding of their own.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::{Describe, TypeDesc};
use crate::codec::{Address, Bytes, Hash};

macro_rules! leaves {
    ($($ty:ty => $name:ident,)*) => { $(
        impl Describe for $ty {
            const TYPE: &'static TypeDesc = &TypeDesc::$name;
        }
    )* };
}

leaves! {
    bool => Bool,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    u128 => U128,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    i64 => I64,
    i128 => I128,
    str => String,
    String => String,
    Bytes => Bytes,
    Address => Address,
    Hash => Hash,
}

impl<T: Describe + ?Sized> Describe for &T {
    const TYPE: &'static TypeDesc = T::TYPE;
}

impl<T: Describe> Describe for Option<T> {
    const TYPE: &'static TypeDesc = &TypeDesc::Option(T::TYPE);
}

impl<T: Describe> Describe for [T] {
    const TYPE: &'static TypeDesc = &TypeDesc::List(T::TYPE);
}

impl<T: Describe> Describe for Vec<T> {
    const TYPE: &'static TypeDesc = &TypeDesc::List(T::TYPE);
}

impl<T: Describe, const N: usize> Describe for [T; N] {
    const TYPE: &'static TypeDesc = &TypeDesc::Array(T::TYPE, {
        assert!(N <= u32::MAX as usize, "an array is too long");
        N as u32
    });
}

impl<T: Describe> Describe for BTreeSet<T> {
    const TYPE: &'static TypeDesc = &TypeDesc::Set(T::TYPE);
}

impl<K: Describe, V: Describe> Describe for BTreeMap<K, V> {
    const TYPE: &'static TypeDesc = &TypeDesc::Map(K::TYPE, V::TYPE);
}

macro_rules! tuples {
    ($( ($($name:ident),*) )*) => { $(
        impl<$($name: Describe),*> Describe for ($($name,)*) {
            const TYPE: &'static TypeDesc = &TypeDesc::Tuple(&[$($name::TYPE),*]);
        }
    )* };
}

tuples! {
    ()
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, F)
    (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}
