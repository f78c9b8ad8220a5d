//! Flipped bits: whatever bit of a signature, key, message or context is another, it is no
//! signature any more.

use dytallix::crypto::{KeyCache, Scheme};

use crate::support::{Sample, samples};

/// The fields of a sample, to be changed one at a time.
fn fields(sample: &mut Sample) -> [&mut Vec<u8>; 4] {
    [&mut sample.signature, &mut sample.key, &mut sample.message, &mut sample.context]
}

/// Counts flips, all of which must be refused.
fn flip(mut sample: Sample) -> u32 {
    // Each flip takes as long as a check: all for the quickest scheme, one in each byte for others.
    let has_all = sample.scheme == Scheme::MlDsa44;
    let mut cache = KeyCache::default();
    let Sample { scheme, key, message, context, signature } = &sample;
    // From here on the key is kept.
    assert!(cache.verify(*scheme, key, message, context, signature));
    let mut count = 0;
    for field in 0..4 {
        for byte in 0..fields(&mut sample)[field].len() {
            for bit in 0..8 {
                let is_long = field < 2;
                if is_long && !has_all && bit != byte % 8 {
                    continue;
                }
                fields(&mut sample)[field][byte] ^= 1 << bit;
                let Sample { scheme, key, message, context, signature } = &sample;
                let what = format!("{}: bit {bit} of byte {byte} of {field}", scheme.name());
                assert!(!cache.verify(*scheme, key, message, context, signature), "{what}");
                if !is_long || (bit == byte % 8 && byte % 4 == 0) {
                    assert!(!sample.is_valid_by_oracle(), "{what}, by the oracle");
                }
                fields(&mut sample)[field][byte] ^= 1 << bit;
                count += 1;
            }
        }
    }
    assert!(sample.is_valid(), "all are flipped back");
    count
}

/// Each bit of a signature and key of ML-DSA-44, one in each byte of those of the other schemes,
/// each bit of all messages and contexts; and by the other library a part of them.
#[test]
fn no_flipped_bit_leaves_a_signature() {
    let flips: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = samples()
            .into_iter()
            .map(|sample| (sample.scheme, scope.spawn(move || flip(sample))))
            .collect();
        threads.into_iter().map(|(s, thread)| (s, thread.join().expect("no panic"))).collect()
    });
    for (scheme, count) in &flips {
        println!("{}: {count} flipped bits", scheme.name());
    }
    let short = 8 * (33 + 7);
    let expected = [
        (Scheme::MlDsa44, 8 * (2420 + 1312) + short),
        (Scheme::MlDsa65, 3309 + 1952 + short),
        (Scheme::MlDsa87, 4627 + 2592 + short),
        (Scheme::SlhDsaSha2_128s, 7856 + 32 + short),
    ];
    assert_eq!(flips, expected);
}
