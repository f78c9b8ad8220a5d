//! The fuzz target `state`: its body is in the library.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dytallix_fuzz::state::run(data));
