//! Compile errors of the attributes: where they point, and what they say to write.
//!
//! `TRYBUILD=overwrite cargo test -p dytallix-sdk --test ui` rewrites the expectations.

#[test]
fn errors_point_at_the_authors_line_and_say_what_to_write() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
