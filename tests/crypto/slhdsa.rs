//! SLH-DSA against `slh-dsa`. Signing takes half a second, so there are few signatures.

use dytallix::crypto::{Scheme, verify};

use crate::support::{Random, oracle, sign_by_slh_dsa};

const SCHEME: Scheme = Scheme::SlhDsaSha2_128s;

#[test]
fn slh_dsa_signatures_by_the_other_library_verify() {
    let mut random = Random(5);
    for (message, context) in [(0, 0), (65, 255), (5000, 17)] {
        let (message, context) = (random.bytes(message), random.bytes(context));
        let sample = sign_by_slh_dsa(&mut random, &message, &context);
        assert!(sample.is_valid());
        assert!(sample.is_valid_by_oracle());
    }
}

#[test]
fn damaged_slh_dsa_signatures_get_the_same_answer_from_both_libraries() {
    let mut random = Random(6);
    let sample = sign_by_slh_dsa(&mut random, b"message", b"context");
    for _ in 0..300 {
        let mut damaged = sample.clone();
        let bytes = if random.below(8) == 0 { &mut damaged.key } else { &mut damaged.signature };
        let at = random.below(bytes.len());
        bytes[at] ^= 1 << random.below(8);
        assert!(!damaged.is_valid());
        assert!(!damaged.is_valid_by_oracle());
    }
    for fill in [0x00, 0xff] {
        let key = [fill; 32];
        let signature = vec![fill; SCHEME.signature_bytes()];
        assert!(!verify(SCHEME, &key, b"", b"", &signature));
        assert_eq!(oracle(SCHEME, &key, b"", b"", &signature), Some(false));
    }
}
