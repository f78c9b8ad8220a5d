//! The module that is deployed, out of that which the compiler made.

use std::ops::Range;

use dytallix::abi::ABI_SECTION;
use wasm_encoder::{CustomSection, Module, RawSection};

use super::meta::{META_SECTION, Meta};

/// What every module begins with: the magic number and version 1.
const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";

/// Custom sections that tools leave behind and no chain has a use for.
const OF_TOOLS: [&str; 7] = [
    "name",
    "producers",
    "target_features",
    "linking",
    "sourceMappingURL",
    "external_debug_info",
    META_SECTION,
];

/// What the names of such sections begin with.
const OF_TOOLS_BEGIN: [&str; 3] = [".debug_", "reloc.", "build_id"];

/// A section in the bytes of a module.
struct Section<'a> {
    id: u8,
    /// The name of a custom section.
    name: &'a str,
    /// Its contents, with the name.
    contents: &'a [u8],
    /// What follows the name.
    data: &'a [u8],
}

/// The module without what tools left behind, and with `meta` at its end. All other sections stay
/// as they are, byte by byte, so an offset in the code is the same in both. None where the bytes
/// are no module.
pub(super) fn finished(compiled: &[u8], meta: &Meta) -> Option<Vec<u8>> {
    let mut module = Module::new();
    for section in sections(compiled)? {
        let is_of_tool = section.id == 0
            && (OF_TOOLS.contains(&section.name)
                || OF_TOOLS_BEGIN.iter().any(|start| section.name.starts_with(start)));
        if !is_of_tool {
            module.section(&RawSection { id: section.id, data: section.contents });
        }
    }
    module.section(&CustomSection { name: META_SECTION.into(), data: meta.encode().into() });
    Some(module.finish())
}

/// The contents of the ABI section; none where there is none.
pub(super) fn abi(module: &[u8]) -> Option<&[u8]> {
    let sections = sections(module)?;
    let mut sections = sections.iter().filter(|section| section.id == 0);
    sections.find(|section| section.name == ABI_SECTION).map(|section| section.data)
}

/// The sections of a module, in order.
fn sections(module: &[u8]) -> Option<Vec<Section<'_>>> {
    let mut rest = module.strip_prefix(PREAMBLE)?;
    let mut sections = Vec::new();
    while let Some((&id, after)) = rest.split_first() {
        let (contents, after) = sized(after)?;
        let (name, data) = match id {
            0 => {
                let (name, data) = sized(contents)?;
                (std::str::from_utf8(name).ok()?, data)
            }
            _ => ("", contents),
        };
        sections.push(Section { id, name, contents, data });
        rest = after;
    }
    Some(sections)
}

/// Bytes with their length before them, and what follows.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let Range { start, end } = range(bytes)?;
    Some((bytes.get(start..end)?, bytes.get(end..)?))
}

/// Where the bytes are whose length stands at the start, as an unsigned LEB128 number of 32 bits.
fn range(bytes: &[u8]) -> Option<Range<usize>> {
    let mut length = 0_u64;
    for (at, &byte) in bytes.iter().enumerate().take(5) {
        length |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            let length = u32::try_from(length).ok()?;
            return Some(at + 1..(at + 1).checked_add(length as usize)?);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use dytallix::abi::Hash;

    fn meta() -> Meta {
        let hash = Hash::new([7; 32]);
        Meta { builder: "b".into(), compiler: "c".into(), lock: hash, sources: hash }
    }

    fn names(module: &[u8]) -> Vec<String> {
        let sections = sections(module).expect("a module");
        let name = |section: &Section<'_>| match section.id {
            0 => section.name.to_owned(),
            id => id.to_string(),
        };
        sections.iter().map(name).collect()
    }

    const TEXT: &str = r#"(module
        (@custom "dytallix.meta" (before first) "old")
        (func $named (export "f"))
        (memory 1)
        (@custom "dytallix.abi" "abi")
        (@custom "producers" "rustc")
        (@custom "target_features" "")
        (@custom ".debug_line" "lines")
        (@custom "my own" "kept")
        (@custom "reloc.CODE" ""))"#;

    #[test]
    fn what_tools_left_goes_and_meta_comes() {
        let compiled = wat::parse_str(TEXT).expect("text of a module");
        assert!(names(&compiled).contains(&"name".to_owned()));
        let finished = finished(&compiled, &meta()).expect("a module");
        let expected = ["1", "3", "5", "7", "10", "dytallix.abi", "my own", "dytallix.meta"];
        assert_eq!(names(&finished), expected);
        assert_eq!(abi(&finished), Some(&b"abi"[..]));
        let last = sections(&finished).expect("a module").pop().expect("a section");
        assert_eq!(last.data, meta().encode());
    }

    #[test]
    fn other_sections_stay_as_they_are() {
        let compiled = wat::parse_str(TEXT).expect("text of a module");
        let finished = finished(&compiled, &meta()).expect("a module");
        let known = |module| {
            let sections: Vec<Section<'_>> = sections(module).expect("a module");
            let known = sections.into_iter().filter(|section| section.id != 0);
            known.map(|section| (section.id, section.contents.to_vec())).collect::<Vec<_>>()
        };
        assert_eq!(known(&compiled), known(&finished));
    }

    #[test]
    fn what_ends_too_early_is_no_module() {
        let compiled = wat::parse_str(TEXT).expect("text of a module");
        let ends = sections(&compiled).expect("a module").len();
        let whole = (0..=compiled.len()).filter(|&end| sections(&compiled[..end]).is_some());
        assert_eq!(whole.count(), ends + 1, "cut between two sections, or at an end");
        assert!(sections(b"\0asm\x02\0\0\0").is_none());
        assert!(sections(b"\0asm\x01\0\0\0\x01\xff\xff\xff\xff\x1f").is_none());
    }

    #[test]
    fn a_module_without_abi_has_none() {
        let compiled = wat::parse_str("(module)").expect("text of a module");
        assert_eq!(abi(&compiled), None);
    }
}
