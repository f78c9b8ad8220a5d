//! The cache of decoded keys: the answer is that of a check without it, always.

use dytallix::crypto::{KeyCache, Scheme, verify};

use crate::support::{Random, Sample, samples, sign_by_fips204};

fn check(cache: &mut KeyCache, sample: &Sample) -> bool {
    let Sample { scheme, key, message, context, signature } = sample;
    cache.verify(*scheme, key, message, context, signature)
}

fn keys(scheme: Scheme, count: u8) -> Vec<Sample> {
    let key = |i| sign_by_fips204(scheme, [i; 32], &[i], b"", [0; 32]);
    (0..count).map(key).collect()
}

/// Small caches, so that keys come and go; right and wrong signatures by many keys, in an order
/// that looks random.
#[test]
fn a_cache_answers_as_a_check_without_it() {
    let mut random = Random(9);
    let mut pool = samples();
    pool.extend(keys(Scheme::MlDsa44, 9));
    pool.extend(keys(Scheme::MlDsa65, 3));
    let mut caches: Vec<_> = [0, 1, 2, 3, 4, 8, 64].into_iter().map(KeyCache::new).collect();
    let (mut valid, mut cases) = (0, 0);
    for _ in 0..400 {
        let mut sample = pool[random.below(pool.len())].clone();
        match random.below(6) {
            0 => sample.message.push(0),
            1 => {
                let at = random.below(sample.signature.len());
                sample.signature[at] ^= 1;
            }
            2 => sample.key = pool[random.below(pool.len())].key.clone(),
            _ => {}
        }
        let expected = sample.is_valid();
        for cache in &mut caches {
            assert_eq!(check(cache, &sample), expected, "{}", sample.scheme.name());
        }
        valid += u32::from(expected);
        cases += 1;
    }
    println!("cache: {cases} checks, {valid} of them valid, by {} caches each", caches.len());
    assert!(valid > 100 && cases - valid > 100);
}

#[test]
fn a_cache_is_bounded() {
    let samples = keys(Scheme::MlDsa44, 20);
    for (bound, most) in [(0, 0), (1, 0), (2, 2), (7, 6), (16, 16)] {
        let mut cache = KeyCache::new(bound);
        let mut longest = 0;
        for sample in samples.iter().chain(&samples) {
            assert!(check(&mut cache, sample));
            longest = longest.max(cache.len());
        }
        assert_eq!(longest, most, "a cache of {bound}");
        assert_eq!(cache.is_empty(), most == 0);
    }
    assert_eq!(format!("{:?}", KeyCache::new(4)), "KeyCache { keys: 0 }");
}

/// A key that is used again before half a cache of others stays, however many pass by.
#[test]
fn what_is_used_stays_and_garbage_is_not_kept() {
    let samples = keys(Scheme::MlDsa44, 12);
    let mut cache = KeyCache::new(8);
    for other in &samples[1..] {
        assert!(check(&mut cache, &samples[0]));
        assert!(check(&mut cache, other));
    }
    let full = cache.len();
    let mut wrong = samples[1].clone();
    let mut random = Random(10);
    for _ in 0..20 {
        wrong.key = random.bytes(wrong.key.len());
        assert!(!check(&mut cache, &wrong));
    }
    assert_eq!(cache.len(), full, "keys by which nothing verified are not kept");
    // A key that is kept answers in less than half of the time; a margin for a busy machine.
    let time = |cache: &mut KeyCache| {
        let start = std::time::Instant::now();
        assert!(check(cache, &samples[0]));
        start.elapsed()
    };
    let kept = (0..20).map(|_| time(&mut cache)).min().expect("some");
    let cold = (0..20).map(|_| time(&mut KeyCache::new(0))).min().expect("some");
    println!("ML-DSA-44: {kept:?} with a kept key, {cold:?} without");
    assert!(kept < cold, "{kept:?} with a kept key, {cold:?} without");
}

/// Two schemes with keys of the same length do not share them.
#[test]
fn a_key_is_kept_for_its_scheme_only() {
    let sample = sign_by_fips204(Scheme::MlDsa65, [1; 32], b"m", b"", [0; 32]);
    let mut cache = KeyCache::default();
    assert!(check(&mut cache, &sample));
    let other = Sample { scheme: Scheme::Dilithium3, ..sample };
    assert!(!check(&mut cache, &other));
    assert_eq!(
        check(&mut cache, &other),
        verify(other.scheme, &other.key, b"m", b"", &other.signature)
    );
}
