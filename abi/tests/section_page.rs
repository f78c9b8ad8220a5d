//! The page that describes the section says what the code does.

use std::path::Path;

use dytallix_abi::describe::{
    ContractDesc, ErrorDesc, EventDesc, EventFieldDesc, FieldDesc, MethodDesc, StorageDesc,
    StorageKindDesc, encode, encoded_len,
};
use dytallix_abi::{Address, Capabilities, Describe, MethodKind, Reentry, limits, value};

/// The contract of the page's example.
const COUNTER: ContractDesc = ContractDesc {
    name: "Counter",
    schema: 1,
    capabilities: Capabilities::NONE,
    methods: &[
        MethodDesc {
            name: "value",
            kind: MethodKind::View,
            payable: false,
            reentry: Reentry::Allow,
            params: &[],
            returns: u64::TYPE,
            docs: "",
        },
        MethodDesc {
            name: "add",
            kind: MethodKind::Call,
            payable: false,
            reentry: Reentry::Refuse,
            params: &[FieldDesc { name: "amount", ty: u64::TYPE }],
            returns: <()>::TYPE,
            docs: "Adds.",
        },
    ],
    events: &[EventDesc {
        name: "Added",
        fields: &[
            EventFieldDesc { name: "by", ty: Address::TYPE, topic: true },
            EventFieldDesc { name: "amount", ty: u64::TYPE, topic: false },
        ],
        docs: "",
    }],
    errors: &[ErrorDesc { index: 0, name: "TooMuch", fields: &[], docs: "" }],
    storage: &[StorageDesc {
        handle: "value",
        prefix: 0,
        kind: StorageKindDesc::Item(u64::TYPE),
        docs: "",
    }],
    docs: "Counts.",
};

static SECTION: [u8; encoded_len(&COUNTER)] = encode(&COUNTER);

/// What stands between two marks of the page.
fn part(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/abi-section.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let (_, rest) = page.split_once(&format!("<!-- {name}: begin -->\n")).expect("it begins");
    let (part, _) = rest.split_once(&format!("<!-- {name}: end -->")).expect("it ends");
    String::from(part)
}

#[test]
fn the_example_has_the_bytes_of_the_encoder() {
    let mut bytes = Vec::new();
    for line in part("example").lines().filter(|line| !line.starts_with("```")) {
        let (offset, rest) = line.split_at(6);
        assert_eq!(offset.trim().parse(), Ok(bytes.len()), "{line}");
        let hex = rest.get(..47).unwrap_or(rest);
        bytes.extend(hex.split_whitespace().map(|byte| {
            u8::from_str_radix(byte, 16).unwrap_or_else(|_| panic!("{byte} in {line}"))
        }));
    }
    assert_eq!(bytes, SECTION);
}

#[test]
fn the_caps_are_those_of_the_code() {
    let text = part("caps");
    // Below the head of the table and its rule.
    let numbers = text.lines().filter(|line| line.starts_with('|')).skip(2).map(|line| {
        let number = line.trim_end_matches('|').rsplit('|').next().expect("a cell").trim();
        number.parse().expect("a number")
    });
    let caps = [
        limits::SECTION_BYTES,
        limits::NAME_BYTES,
        limits::DOCS_BYTES,
        limits::TYPES,
        usize::from(limits::TYPE_DEPTH),
        limits::METHODS,
        limits::PARAMETERS,
        limits::EVENTS,
        limits::TOPICS,
        limits::TOPIC_BYTES as usize,
        limits::ERRORS,
        limits::STORAGE,
        limits::FIELDS,
        limits::VARIANTS,
    ];
    assert_eq!(numbers.collect::<Vec<usize>>(), caps);
    assert_eq!(value::VALUES, 65_536);
}
