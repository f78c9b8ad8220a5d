//! Sections that are wrong are refused, each at the place where it is wrong, and no bytes make the
//! decoder panic.

mod support;

use std::collections::BTreeSet;

use dytallix_abi::AbiFault as Fault;
use dytallix_abi::{Abi, AbiError, limits};
use support::Rng;
use support::mirror::{Error, Event, Field, Kind, Method, Mirror, Storage, Type, Variant};
use support::sample::SECTION;

/// The wrong sections so far, and how each must be refused.
#[derive(Default)]
struct Cases(Vec<(Vec<u8>, AbiError)>);

impl Cases {
    /// The sample with a change, which says where it is wrong then.
    fn add(&mut self, fault: Fault, change: impl FnOnce(&mut Mirror) -> u32) {
        let mut mirror = Mirror::sample();
        let offset = change(&mut mirror);
        self.0.push((mirror.bytes(), AbiError { offset, fault }));
    }

    /// The sample with these bytes at the place that `place` says, refused there.
    fn patch(&mut self, fault: Fault, bytes: &[u8], place: impl FnOnce(&Mirror) -> u32) {
        let offset = place(&Mirror::sample());
        let mut section = SECTION.to_vec();
        section[offset as usize..][..bytes.len()].copy_from_slice(bytes);
        self.0.push((section, AbiError { offset, fault }));
    }
}

const MANY: &[u8] = &[0xFF; 4];

fn field(name: &str, ty: u16) -> Field {
    Field(String::from(name), ty)
}

fn fields(count: usize, ty: u16) -> Vec<Field> {
    (0..count).map(|at| Field(format!("f{at}"), ty)).collect()
}

fn method(name: &str, kind: u8, params: Vec<Field>) -> Method {
    let (name, docs) = (String::from(name), String::new());
    Method { name, kind, payable: 0, reentry: 0, params, returns: 0, docs }
}

/// Adds a type to the end of the table and uses it; its place.
fn push(mirror: &mut Mirror, ty: Type) -> u16 {
    let place = mirror.types.len() as u16;
    mirror.types.push(ty);
    mirror.errors[0].fields.push(Field(format!("added_{place}"), place));
    place
}

/// Adds a type to the end of the table; where the type is in the section.
fn pushed_at(mirror: &mut Mirror, ty: Type) -> u32 {
    let place = push(mirror, ty);
    mirror.type_at(usize::from(place))
}

fn frame(cases: &mut Cases) {
    cases.0.push((Vec::new(), AbiError { offset: 0, fault: Fault::Truncated }));
    cases.patch(Fault::Format, &[0], |_| 0);
    cases.patch(Fault::Format, &[2], |_| 0);
    cases.patch(Fault::Capabilities, &[32, 0, 0, 0], Mirror::capabilities_at);
    cases.patch(Fault::Capabilities, &[0, 0, 0, 0x80], Mirror::capabilities_at);
    let trailing = AbiError { offset: SECTION.len() as u32, fault: Fault::TrailingBytes };
    cases.0.push(([&SECTION[..], &[0]].concat(), trailing));
    let long = AbiError { offset: limits::SECTION_BYTES as u32, fault: Fault::SectionLength };
    cases.0.push((vec![1; limits::SECTION_BYTES + 1], long));
    for (at, count) in [
        Mirror::type_at as fn(&Mirror, usize) -> u32,
        Mirror::method_at,
        Mirror::event_at,
        Mirror::error_at,
        Mirror::storage_at,
    ]
    .into_iter()
    .zip([limits::TYPES, limits::METHODS, limits::EVENTS, limits::ERRORS, limits::STORAGE])
    {
        cases.patch(Fault::Count, MANY, |mirror| at(mirror, 0) - 4);
        let one_too_many = (count as u32 + 1).to_le_bytes();
        cases.patch(Fault::Count, &one_too_many, |mirror| at(mirror, 0) - 4);
    }
}

fn texts(cases: &mut Cases) {
    cases.patch(Fault::NameLength, &[0; 4], |_| 1);
    cases.patch(Fault::NameLength, &[65, 0, 0, 0], |_| 1);
    cases.patch(Fault::NameLength, MANY, |_| 1);
    for (name, at) in [("0ne", 0), ("a-b", 1), ("a b", 1), ("Größe", 2), ("a\0", 1)] {
        cases.add(Fault::NameCharacter, |mirror| {
            mirror.name = String::from(name);
            1 + 4 + at
        });
    }
    cases.patch(Fault::DocsLength, MANY, Mirror::docs_at);
    cases.add(Fault::DocsLength, |mirror| {
        mirror.docs = "x".repeat(limits::DOCS_BYTES + 1);
        mirror.docs_at()
    });
    for wrong in
        ["\0", "\r", "\x1B", "\x7F", "\u{80}", "\u{9B}", "\u{200F}", "\u{202E}", "\u{2066}"]
    {
        cases.add(Fault::DocsCharacter, |mirror| {
            mirror.docs = format!("é\t\n€{wrong}");
            mirror.docs_at() + 4 + 7
        });
    }
    cases.patch(Fault::DocsCharacter, &[0xFF], |mirror| mirror.docs_at() + 4);
}

fn types(cases: &mut Cases) {
    cases.add(Fault::TypeTag, |mirror| pushed_at(mirror, Type::Unknown));
    // To itself, to a later one, far beyond.
    for ahead in [0, 1, 0x7FFF] {
        cases.add(Fault::TypeReference, |mirror| {
            let reference = mirror.types.len() as u16 + ahead;
            pushed_at(mirror, Type::Option(reference)) + 1
        });
    }
    cases.add(Fault::TypeReference, |mirror| {
        let reference = mirror.types.len() as u16;
        pushed_at(mirror, Type::Map(0, reference)) + 3
    });
    cases.add(Fault::TypeReference, |mirror| {
        let none = mirror.types.len() as u16;
        mirror.methods[0].returns = none;
        mirror.method_at(1) - 2 - support::mirror::length(&mirror.methods[0].docs)
    });
    cases.add(Fault::DuplicateType, |mirror| {
        let twice = mirror.types[3].clone();
        pushed_at(mirror, twice)
    });
    cases.add(Fault::DuplicateType, |mirror| {
        push(mirror, Type::Struct(String::from("S"), fields(2, 0)));
        pushed_at(mirror, Type::Struct(String::from("S"), fields(2, 0)))
    });
    cases.add(Fault::UnusedType, |mirror| {
        mirror.types.push(Type::Option(0));
        mirror.type_at(mirror.types.len() - 1)
    });
    cases.add(Fault::TypeDepth, |mirror| {
        let mut inner = mirror.place(&Type::U8);
        for _ in 1..limits::TYPE_DEPTH {
            inner = push(mirror, Type::Option(inner));
        }
        pushed_at(mirror, Type::Tuple(vec![0, inner]))
    });
    let nothing = Type::Tuple(Vec::new());
    for make in [
        (|empty| Type::List(empty)) as fn(u16) -> Type,
        Type::Set,
        |empty| Type::Array(empty, 2),
        |empty| Type::Map(empty, 0),
    ] {
        cases.add(Fault::EmptyElement, |mirror| {
            let empty = mirror.place(&nothing);
            pushed_at(mirror, make(empty)) + 1
        });
        cases.add(Fault::EmptyElement, |mirror| {
            let empty = push(mirror, Type::Array(mirror.place(&Type::U8), 0));
            let empty = push(mirror, Type::Struct(String::from("Void"), fields(1, empty)));
            pushed_at(mirror, make(empty)) + 1
        });
    }
    cases.add(Fault::Count, |mirror| pushed_at(mirror, Type::Tuple(vec![0; 65])) + 1);
    cases.add(Fault::Count, |mirror| {
        pushed_at(mirror, Type::Struct(String::from("Wide"), fields(65, 0))) + 1 + 8
    });
}

fn names_and_variants(cases: &mut Cases) {
    let twice = || vec![field("same", 0), field("same", 0)];
    // In front of the second `same` are a count and the first field.
    let second = 4 + (4 + 4 + 2);
    cases.add(Fault::DuplicateName, |mirror| {
        pushed_at(mirror, Type::Struct(String::from("Twins"), twice())) + 1 + 9 + second
    });
    let one = |index, name: &str, fields| Variant(index, String::from(name), fields);
    let of = |variants| Type::Enum(String::from("E"), variants);
    cases.add(Fault::DuplicateName, |mirror| {
        pushed_at(mirror, of(vec![one(4, "V", twice())])) + 1 + 5 + 4 + 1 + 5 + second
    });
    cases.add(Fault::DuplicateName, |mirror| {
        let variants = vec![one(4, "V", vec![]), one(5, "V", vec![])];
        pushed_at(mirror, of(variants)) + 1 + 5 + 4 + (1 + 5 + 4) + 1
    });
    for index in [3, 4] {
        cases.add(Fault::VariantOrder, |mirror| {
            let variants = vec![one(4, "V", vec![]), one(index, "W", vec![])];
            pushed_at(mirror, of(variants)) + 1 + 5 + 4 + (1 + 5 + 4)
        });
    }
    cases.add(Fault::NoVariants, |mirror| pushed_at(mirror, of(vec![])) + 1 + 5);
    cases.add(Fault::DuplicateName, |mirror| {
        mirror.methods.insert(0, method("a", 1, twice()));
        mirror.method_at(0) + 5 + 3 + second
    });
    cases.add(Fault::DuplicateName, |mirror| {
        mirror.errors[1].name = mirror.errors[0].name.clone();
        mirror.error_at(1) + 1
    });
    cases.add(Fault::DuplicateName, |mirror| {
        mirror.storage[2].handle = mirror.storage[0].handle.clone();
        mirror.storage_at(2)
    });
    cases.add(Fault::DuplicateName, |mirror| {
        let fields = vec![(String::from("x"), 0, 0), (String::from("x"), 0, 0)];
        mirror.events.insert(0, Event { name: String::from("A"), fields, docs: String::new() });
        mirror.event_at(0) + 5 + 4 + (5 + 2 + 1)
    });
}

fn methods(cases: &mut Cases) {
    cases.add(Fault::MethodOrder, |mirror| {
        mirror.methods.swap(1, 2);
        mirror.method_at(2)
    });
    cases.add(Fault::MethodOrder, |mirror| {
        mirror.methods[3] = mirror.methods[2].clone();
        mirror.method_at(3)
    });
    cases.add(Fault::MethodUnderscore, |mirror| {
        mirror.methods.insert(0, method("_hidden", 1, vec![]));
        mirror.method_at(0)
    });
    // The sample's are `init`, `migrate`, `orders`, `place`; the bytes after the name of four
    // characters are kind, payable, re-entry.
    cases.patch(Fault::MethodKind, &[4], |mirror| mirror.method_at(0) + 8);
    cases.patch(Fault::KindOfName, &[1], |mirror| mirror.method_at(0) + 8);
    cases.patch(Fault::KindOfName, &[3], |mirror| mirror.method_at(0) + 8);
    cases.patch(Fault::KindOfName, &[2], |mirror| mirror.method_at(1) + 11);
    cases.patch(Fault::KindOfName, &[0], |mirror| mirror.method_at(2) + 10);
    cases.patch(Fault::KindOfName, &[3], |mirror| mirror.method_at(3) + 9);
    cases.patch(Fault::Flag, &[2], |mirror| mirror.method_at(0) + 9);
    cases.patch(Fault::Reentry, &[2], |mirror| mirror.method_at(0) + 10);
    cases.patch(Fault::PayableView, &[1], |mirror| mirror.method_at(2) + 11);
    cases.add(Fault::PayableCapability, |mirror| {
        mirror.capabilities &= !8;
        mirror.method_at(3) + 10
    });
    cases.add(Fault::Count, |mirror| {
        mirror.methods.insert(0, method("a", 1, fields(17, 0)));
        mirror.method_at(0) + 5 + 3
    });
}

fn events(cases: &mut Cases) {
    cases.add(Fault::EventOrder, |mirror| {
        mirror.events.swap(0, 1);
        mirror.event_at(1)
    });
    cases.add(Fault::EventOrder, |mirror| {
        mirror.events[1] = mirror.events[0].clone();
        mirror.event_at(1)
    });
    let add = |mirror: &mut Mirror, fields: Vec<(&str, u16, u8)>| {
        let fields = fields.into_iter().map(|(n, ty, topic)| (String::from(n), ty, topic));
        let (name, docs) = (String::from("A"), String::new());
        mirror.events.insert(0, Event { name, fields: fields.collect(), docs });
        // Where the type of the first field is.
        mirror.event_at(0) + 5 + 4 + 5
    };
    cases.add(Fault::Flag, |mirror| add(mirror, vec![("a", 0, 2)]) + 2);
    cases.add(Fault::TopicCount, |mirror| {
        let byte = mirror.place(&Type::U64);
        let fields = vec![("a", byte, 1), ("b", byte, 1), ("c", byte, 1), ("d", byte, 1)];
        add(mirror, fields) + 3 * (5 + 2 + 1) + 2
    });
    cases.add(Fault::TopicType, |mirror| {
        let text = mirror.place(&Type::String);
        add(mirror, vec![("a", text, 1)])
    });
    cases.add(Fault::TopicType, |mirror| {
        let long = push(mirror, Type::Array(mirror.place(&Type::U8), 65));
        add(mirror, vec![("a", long, 1)])
    });
    // An enum whose variants have different lengths.
    cases.add(Fault::TopicType, |mirror| {
        let variants = vec![
            Variant(0, String::from("A"), vec![]),
            Variant(1, String::from("B"), vec![field("0", 0)]),
        ];
        let uneven = push(mirror, Type::Enum(String::from("U"), variants));
        add(mirror, vec![("a", uneven, 1)])
    });
}

fn errors_and_storage(cases: &mut Cases) {
    cases.add(Fault::ErrorOrder, |mirror| {
        mirror.errors.swap(0, 1);
        mirror.error_at(1)
    });
    cases.add(Fault::ErrorOrder, |mirror| {
        let (name, docs) = (String::from("Late"), String::new());
        mirror.errors.push(Error { index: 240, name, fields: vec![], docs });
        mirror.error_at(2)
    });
    cases.add(Fault::StorageOrder, |mirror| {
        mirror.storage.swap(0, 1);
        mirror.storage_at(1) + 4 + mirror.storage[1].handle.len() as u32
    });
    let mut add = |fault, after: u32, kind: &dyn Fn(&mut Mirror) -> Kind| {
        cases.add(fault, |mirror| {
            let kind = kind(mirror);
            let handle = String::from("last");
            mirror.storage.push(Storage { handle, prefix: 255, kind, docs: String::new() });
            mirror.storage_at(3) + 8 + 1 + after
        });
    };
    add(Fault::StorageKind, 0, &|_| Kind::Unknown);
    add(Fault::TypeReference, 1, &|mirror| Kind::Item(mirror.types.len() as u16));
    add(Fault::KeyType, 1, &|mirror| {
        Kind::Map(push(mirror, Type::Option(mirror.place(&Type::U64))), 0)
    });
    add(Fault::KeyType, 1, &|mirror| {
        let text = mirror.place(&Type::String);
        Kind::Map(push(mirror, Type::Tuple(vec![text, mirror.place(&Type::U64)])), 0)
    });
    add(Fault::KeyType, 1, &|mirror| {
        Kind::Map(push(mirror, Type::List(mirror.place(&Type::U64))), 0)
    });
    add(Fault::KeyType, 1, &|mirror| {
        let text = mirror.place(&Type::String);
        let inner = push(mirror, Type::Tuple(vec![text]));
        Kind::Map(push(mirror, Type::Tuple(vec![inner, inner])), 0)
    });
}

#[test]
fn wrong_sections_are_refused_where_they_are_wrong() {
    let mut cases = Cases::default();
    frame(&mut cases);
    texts(&mut cases);
    types(&mut cases);
    names_and_variants(&mut cases);
    methods(&mut cases);
    events(&mut cases);
    errors_and_storage(&mut cases);
    for (number, (section, expected)) in cases.0.iter().enumerate() {
        assert_eq!(Abi::decode(section), Err(*expected), "case {number}");
    }
    let seen: BTreeSet<String> = cases.0.iter().map(|(_, e)| format!("{:?}", e.fault)).collect();
    let all: BTreeSet<String> = Fault::ALL.iter().map(|fault| format!("{fault:?}")).collect();
    assert_eq!(seen, all, "every fault is met");
}

#[test]
fn what_is_at_a_cap_is_accepted() {
    let mut mirror = Mirror::sample();
    let byte = mirror.place(&Type::U8);
    let mut inner = byte;
    for _ in 1..limits::TYPE_DEPTH {
        inner = push(&mut mirror, Type::Option(inner));
    }
    mirror.methods.insert(0, method("a", 1, fields(limits::PARAMETERS, 0)));
    mirror.docs = "x".repeat(limits::DOCS_BYTES);
    mirror.name = "N".repeat(limits::NAME_BYTES);
    push(&mut mirror, Type::Struct(String::from("Wide"), fields(limits::FIELDS, 0)));
    let topic = push(&mut mirror, Type::Array(byte, limits::TOPIC_BYTES));
    mirror.events[0].fields = (0..3).map(|at| (at.to_string(), topic, 1)).collect();
    let section = mirror.bytes();
    let abi = Abi::decode(&section).expect("nothing is beyond a cap");
    assert_eq!(abi.encode().expect("as it was"), section);
}

/// Decoding either fails or gives what encodes to the same bytes.
fn decodes_to_itself_or_fails(section: &[u8]) -> bool {
    match Abi::decode(section) {
        Ok(abi) => {
            assert_eq!(abi.encode().as_deref(), Ok(section));
            // The views of whatever is accepted can be made.
            assert!(abi.to_json().ends_with("}\n"));
            true
        }
        Err(error) => {
            assert!(error.offset as usize <= section.len(), "{error}");
            false
        }
    }
}

#[test]
fn every_flipped_bit_is_refused_or_has_a_meaning() {
    assert!(decodes_to_itself_or_fails(&SECTION));
    let mut meanings = 0;
    for at in 0..SECTION.len() {
        for bit in 0..8 {
            let mut section = SECTION;
            section[at] ^= 1 << bit;
            meanings += u32::from(decodes_to_itself_or_fails(&section));
        }
    }
    // Letters of names and texts, the version of the layout: but not everything.
    assert!(meanings > 100 && meanings < SECTION.len() as u32 * 8 / 2, "{meanings}");
}

#[test]
fn no_part_of_a_section_is_one_and_nothing_may_follow() {
    for length in 0..SECTION.len() {
        let refused = Abi::decode(&SECTION[..length]).expect_err("a part is no section");
        assert!(refused.offset as usize <= length, "{refused}");
    }
    for byte in 0..=255 {
        let section = [&SECTION[..], &[byte]].concat();
        let fault = Fault::TrailingBytes;
        assert_eq!(Abi::decode(&section), Err(AbiError { offset: SECTION.len() as u32, fault }));
    }
}

#[test]
fn no_bytes_make_the_decoder_panic() {
    let mut rng = Rng::new(1);
    let mut accepted = 0;
    for round in 0..40_000 {
        let section = if round % 2 == 0 {
            let mut noise = vec![1];
            noise.extend(rng.bytes(400));
            noise
        } else {
            let mut damaged = SECTION.to_vec();
            rng.damage(&mut damaged);
            damaged
        };
        accepted += u32::from(decodes_to_itself_or_fails(&section));
    }
    assert!(accepted > 100, "{accepted}");
}

#[test]
fn a_full_table_of_types_that_hardly_differ_is_accepted() {
    // The costliest to check: each entry is compared with each, to their last bytes.
    let mut mirror = Mirror::sample();
    mirror.types = vec![Type::U8];
    mirror.methods.clear();
    mirror.events.clear();
    mirror.storage.clear();
    for at in 1..limits::TYPES {
        let mut all = fields(24, 0);
        all.push(Field(format!("z{at:03}"), 0));
        mirror.types.push(Type::Struct(String::from("S"), all));
    }
    let error = |index: usize| {
        let used = (0..64).map(|at| at + index * 64).filter(|ty| *ty < limits::TYPES);
        let fields = used.map(|ty| Field(format!("f{ty}"), ty as u16)).collect();
        Error { index: index as u8, name: format!("E{index}"), fields, docs: String::new() }
    };
    mirror.errors = (0..4).map(error).collect();
    let section = mirror.bytes();
    assert!(section.len() > limits::SECTION_BYTES * 9 / 10, "{}", section.len());
    assert!(Abi::decode(&section).is_ok());
}
