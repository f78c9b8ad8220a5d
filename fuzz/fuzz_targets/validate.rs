//! The fuzz target `validate`: its body is in the library.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dytallix_fuzz::validate::run(data));
