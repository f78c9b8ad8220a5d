//! Native stack: contracts may be 64 frames deep on 256 KiB of it, and then check a signature.

use dytallix::crypto::KeyCache;

use crate::support::samples;

/// Bytes of stack that a check may need, with the thread's own. A decoded key of ML-DSA-87 has
/// 75 KiB, and how often compilers copy it on its way to the heap differs between machines: 80 KiB
/// were enough on one, and 96 KiB too few on another.
const STACK: usize = 192 * 1024;

/// A stack that is too small ends the process.
#[test]
fn every_scheme_verifies_on_a_small_stack() {
    for sample in samples() {
        let check = move || {
            let mut cache = KeyCache::default();
            let mut check = || {
                let (k, m, c, s) =
                    (&sample.key, &sample.message, &sample.context, &sample.signature);
                cache.verify(sample.scheme, k, m, c, s)
            };
            (sample.is_valid(), check(), check())
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(check);
        assert_eq!(thread.expect("a thread").join().expect("no panic"), (true, true, true));
    }
}
