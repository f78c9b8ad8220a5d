//! What several tests need: numbers that look random and are the same in every run, and contracts.
#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod described;
pub(crate) mod mirror;
pub(crate) mod random_abi;
pub(crate) mod sample;

/// SplitMix64.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// True once in `times`.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// A byte that is often small or at the edge, as lengths and flags are.
    pub(crate) fn byte(&mut self) -> u8 {
        match self.below(4) {
            0 => self.below(3) as u8,
            1 => *self.pick(&[0x7F, 0x80, 0xFF]),
            _ => self.next() as u8,
        }
    }

    pub(crate) fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most + 1)).map(|_| self.byte()).collect()
    }

    /// Changes a few places of `bytes`: sets, flips, cuts, inserts, swaps.
    pub(crate) fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let length = bytes.len();
            if length == 0 {
                bytes.push(self.byte());
                continue;
            }
            let at = self.below(length);
            match self.below(5) {
                0 => bytes[at] = self.byte(),
                1 => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at),
                3 => bytes.insert(at, self.byte()),
                _ => bytes.swap(at, self.below(length)),
            }
        }
    }
}

/// A value that looks random; often one at the edge of its type.
pub(crate) trait Any {
    fn any(rng: &mut Rng) -> Self;
}

macro_rules! integers {
    ($($ty:ty),*) => { $(
        impl Any for $ty {
            fn any(rng: &mut Rng) -> $ty {
                match rng.below(4) {
                    0 => rng.below(3) as $ty,
                    1 => *rng.pick(&[<$ty>::MAX, <$ty>::MIN, <$ty>::MAX / 2 + 1]),
                    _ => (u128::from(rng.next()) << 64 | u128::from(rng.next())) as $ty,
                }
            }
        }
    )* };
}

integers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

impl Any for bool {
    fn any(rng: &mut Rng) -> bool {
        rng.one_in(2)
    }
}

impl Any for () {
    fn any(_rng: &mut Rng) {}
}

impl Any for String {
    fn any(rng: &mut Rng) -> String {
        let characters = ['a', '0', '"', '\\', '\0', '\n', 'é', '€', '\u{10FFFF}', '\u{202E}'];
        (0..rng.below(6)).map(|_| *rng.pick(&characters)).collect()
    }
}

impl<T: Any> Any for Option<T> {
    fn any(rng: &mut Rng) -> Option<T> {
        rng.one_in(2).then(|| T::any(rng))
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(rng: &mut Rng) -> Vec<T> {
        (0..rng.below(6)).map(|_| T::any(rng)).collect()
    }
}

impl<T: Any, const N: usize> Any for [T; N] {
    fn any(rng: &mut Rng) -> [T; N] {
        std::array::from_fn(|_| T::any(rng))
    }
}

impl<T: Any + Ord> Any for std::collections::BTreeSet<T> {
    fn any(rng: &mut Rng) -> Self {
        (0..rng.below(6)).map(|_| T::any(rng)).collect()
    }
}

impl<K: Any + Ord, V: Any> Any for std::collections::BTreeMap<K, V> {
    fn any(rng: &mut Rng) -> Self {
        (0..rng.below(6)).map(|_| <(K, V)>::any(rng)).collect()
    }
}

macro_rules! tuples {
    ($( ($($name:ident),+) )*) => { $(
        impl<$($name: Any),+> Any for ($($name,)+) {
            fn any(rng: &mut Rng) -> Self {
                ($($name::any(rng),)+)
            }
        }
    )* };
}

tuples! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F, G, H) }

macro_rules! newtypes {
    ($($ty:ident of $inner:ty),*) => { $(
        impl Any for dytallix_abi::$ty {
            fn any(rng: &mut Rng) -> Self {
                Self::new(<$inner>::any(rng))
            }
        }
    )* };
}

newtypes!(Address of [u8; 32], Hash of [u8; 32], Bytes of Vec<u8>);
