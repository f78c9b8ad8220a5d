//! Hints of ML-DSA that mean the same and are written otherwise: only one form of them is taken
//! (FIPS 204, algorithm 21), else a stranger could make a second signature from a first.

use dytallix::crypto::Scheme;

use crate::support::{Random, Sample, sign_by_fips204};

/// The hints at the end of a signature: `omega` indices, then for each of `k` polynomials how many
/// indices there are up to its own.
struct Hints {
    at: usize,
    omega: usize,
    k: usize,
}

impl Hints {
    fn of(sample: &Sample) -> Hints {
        let (omega, k) = match sample.scheme {
            Scheme::MlDsa44 => (80, 4),
            Scheme::MlDsa65 => (55, 6),
            Scheme::MlDsa87 => (75, 8),
            other => panic!("{} has no hints", other.name()),
        };
        Hints { at: sample.signature.len() - omega - k, omega, k }
    }

    /// Index of the first hint of each polynomial, and one past the last.
    fn range(&self, sample: &Sample, polynomial: usize) -> (usize, usize) {
        let cut = |i: usize| usize::from(sample.signature[self.at + self.omega + i]);
        (if polynomial == 0 { 0 } else { cut(polynomial - 1) }, cut(polynomial))
    }

    fn used(&self, sample: &Sample) -> usize {
        self.range(sample, self.k - 1).1
    }
}

fn refused(sample: &Sample, what: &str) {
    assert!(!sample.is_valid(), "{}: {what}", sample.scheme.name());
    assert!(!sample.is_valid_by_oracle(), "{}, by the oracle: {what}", sample.scheme.name());
}

/// Two indices of one polynomial in the other order: the same set.
fn swapped(sample: &Sample, hints: &Hints) -> u32 {
    let mut count = 0;
    for polynomial in 0..hints.k {
        let (start, end) = hints.range(sample, polynomial);
        for i in start + 1..end {
            let mut other = sample.clone();
            other.signature.swap(hints.at + i - 1, hints.at + i);
            refused(&other, "two indices swapped");
            count += 1;
        }
    }
    count
}

/// An index twice: the same set. Those behind it move by one.
fn repeated(sample: &Sample, hints: &Hints) -> u32 {
    let used = hints.used(sample);
    assert!(used < hints.omega, "there is room for one more");
    let mut count = 0;
    for polynomial in 0..hints.k {
        let (start, end) = hints.range(sample, polynomial);
        for i in start..end {
            let mut other = sample.clone();
            let indices = hints.at + i..hints.at + used;
            other.signature.copy_within(indices, hints.at + i + 1);
            for cut in &mut other.signature[hints.at + hints.omega + polynomial..] {
                *cut += 1;
            }
            refused(&other, "an index repeated");
            count += 1;
        }
    }
    count
}

/// What is behind the last index means nothing, and must be zero.
fn padded(sample: &Sample, hints: &Hints) -> u32 {
    let used = hints.used(sample);
    for i in used..hints.omega {
        for value in [1, 0x80, 0xff] {
            let mut other = sample.clone();
            other.signature[hints.at + i] = value;
            refused(&other, "not zero behind the last index");
        }
    }
    (hints.omega - used) as u32
}

/// Cuts that go back, and beyond the indices.
fn cut(sample: &Sample, hints: &Hints) -> u32 {
    let mut count = 0;
    for polynomial in 0..hints.k {
        let position = hints.at + hints.omega + polynomial;
        for value in (0..=hints.omega + 2).chain([0xff]) {
            let mut other = sample.clone();
            other.signature[position] = value as u8;
            if other.signature != sample.signature {
                refused(&other, "another cut");
                count += 1;
            }
        }
    }
    count
}

#[test]
fn hints_are_taken_in_one_form_only() {
    let mut random = Random(7);
    for scheme in crate::support::LATTICE {
        let mut counts = [0; 4];
        for _ in 0..3 {
            let (message, randomness) = (random.bytes(10), random.array());
            let sample = sign_by_fips204(scheme, random.array(), &message, b"", randomness);
            let hints = Hints::of(&sample);
            for (count, form) in counts.iter_mut().zip([swapped, repeated, padded, cut]) {
                *count += form(&sample, &hints);
            }
        }
        println!("{}: {counts:?} hints swapped, repeated, padded, cut", scheme.name());
        assert!(counts.iter().all(|&count| count > 10), "{counts:?}");
    }
}
