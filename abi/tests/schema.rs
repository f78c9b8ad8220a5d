//! Sections are decoded and encoded without loss, whichever way they came about: at compile time,
//! from the owned form, or as an ordinary borsh value.

mod support;

use dytallix_abi::describe::{ContractDesc, FieldDesc, MethodDesc, encode, encoded_len};
use dytallix_abi::schema::{Abi, Field, StorageKind, Type, TypeId};
use dytallix_abi::{
    AbiError, AbiFault, Address, Capabilities, Describe, MethodKind, Reentry, limits,
};
use support::Rng;
use support::described::described;
use support::mirror::{self, Mirror};
use support::random_abi::random_abi;
use support::sample::{CONTRACT, SECTION};

#[test]
fn random_abis_are_decoded_without_loss() {
    let mut rng = Rng::new(2);
    let mut composite = 0;
    for _ in 0..500 {
        let abi = random_abi(&mut rng);
        let section = abi.encode().expect("the generator makes well-formed ABIs");
        assert_eq!(Abi::decode(&section).as_ref(), Ok(&abi));
        composite += abi.types.len() - 15;
        let mirror: Mirror = borsh::from_slice(&section).expect("an ordinary borsh value");
        assert_eq!(mirror.bytes(), section);
    }
    assert!(composite > 5_000, "{composite}");
}

#[test]
fn damaged_random_abis_are_refused_or_decoded_without_loss() {
    let mut rng = Rng::new(3);
    let mut refused = 0;
    for _ in 0..500 {
        let section = random_abi(&mut rng).encode().expect("well formed");
        for _ in 0..10 {
            let mut damaged = section.clone();
            rng.damage(&mut damaged);
            match Abi::decode(&damaged) {
                Ok(abi) => assert_eq!(abi.encode(), Ok(damaged)),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 1_000, "{refused}");
}

#[test]
fn the_section_says_what_the_constant_says() {
    let abi = Abi::decode(&SECTION).expect("the sample decodes");
    assert_eq!(abi.encode().as_deref(), Ok(&SECTION[..]));
    assert_eq!((abi.name.as_str(), abi.schema), ("Sample", 3));
    let capabilities = CONTRACT.capabilities.with(Capabilities::RECEIVE_VALUE);
    assert_eq!(abi.capabilities, capabilities, "a payable method adds it");
    let names: Vec<&str> = abi.methods.iter().map(|method| method.name.as_str()).collect();
    assert_eq!(names, ["init", "migrate", "orders", "place"]);
    let place = abi.method("place").expect("it is there");
    assert_eq!((place.kind, place.payable), (MethodKind::Call, true));
    assert_eq!(place.reentry, Reentry::Allow);
    assert_eq!(place.docs, CONTRACT.methods[0].docs);
    let types: Vec<String> = place.params.iter().map(|field| abi.type_name(field.ty)).collect();
    assert_eq!(types, ["Order", "u128"]);
    assert_eq!(abi.type_name(place.returns), "Status");
    let placed = abi.event("Placed").expect("it is there");
    let topics: Vec<bool> = placed.fields.iter().map(|field| field.topic).collect();
    assert_eq!(topics, [true, false, true]);
    assert_eq!(abi.events[0].name, "Closed");
    let errors: Vec<(u8, &str)> = abi.errors.iter().map(|e| (e.index, e.name.as_str())).collect();
    assert_eq!(errors, [(0, "NotOwner"), (1, "TooLate")]);
    let prefixes: Vec<u8> = abi.storage.iter().map(|storage| storage.prefix).collect();
    assert_eq!(prefixes, [0, 2, 9]);
    let everything = abi.method("migrate").expect("it is there").params[0].ty;
    assert_eq!(
        abi.type_name(everything),
        "(bool, (i8, i16, i32, i64), Bytes, BTreeSet<Hash>, BTreeMap<(u8, bool), Option<()>>)"
    );
}

#[test]
fn types_refer_to_earlier_ones_and_equal_types_are_shared() {
    let mirror = Mirror::sample();
    for ty in &mirror.types {
        assert_eq!(mirror.types.iter().filter(|other| *other == ty).count(), 1);
    }
    let order = mirror.types.iter().position(|ty| match ty {
        mirror::Type::Struct(name, _) => name == "Order",
        _ => false,
    });
    // The parameter of `place`, the result of `orders`, a field of `Placed`: one entry.
    let order = order.expect("it is in the table") as u16;
    assert_eq!(mirror.methods[3].params[0].1, order);
    assert_eq!(mirror.events[1].fields[1].1, order);
    assert!(mirror.types.contains(&mirror::Type::List(order)));
}

/// Names instead of numbers: what two ABIs say, whatever the order of their types.
fn meaning(abi: &Abi) -> Vec<String> {
    let mut lines = vec![format!("{} {} {:?}", abi.name, abi.schema, abi.capabilities)];
    let fields = |fields: &[Field]| -> Vec<String> {
        fields.iter().map(|f| format!("{}: {}", f.name, abi.type_name(f.ty))).collect()
    };
    for method in &abi.methods {
        let (kind, returns) = (method.kind, abi.type_name(method.returns));
        lines.push(format!(
            "{} {kind:?} {} {:?} {:?} {returns} {}",
            method.name,
            method.payable,
            method.reentry,
            fields(&method.params),
            method.docs
        ));
    }
    for event in &abi.events {
        for field in &event.fields {
            let ty = abi.type_name(field.ty);
            lines.push(format!("{} {}: {ty} {}", event.name, field.name, field.topic));
        }
    }
    lines.extend(abi.errors.iter().map(|e| format!("{} {:?}", e.name, fields(&e.fields))));
    for storage in &abi.storage {
        let kind = match storage.kind {
            StorageKind::Item(ty) | StorageKind::List(ty) => abi.type_name(ty),
            StorageKind::Map(key, value) => {
                format!("{} => {}", abi.type_name(key), abi.type_name(value))
            }
        };
        lines.push(format!("{} {} {kind}", storage.handle, storage.prefix));
    }
    lines
}

/// Length of the sections of random constants: doc texts fill what they lack.
const LENGTH: usize = 32_768;

/// Lengthens doc texts of methods until the section has [`LENGTH`].
fn fill(abi: &mut Abi) {
    let mut lacking = LENGTH - abi.encode().expect("well formed").len();
    for method in &mut abi.methods {
        let room = lacking.min(limits::DOCS_BYTES - method.docs.len());
        method.docs.push_str(&"x".repeat(room));
        lacking -= room;
    }
    assert_eq!(lacking, 0);
}

#[test]
fn random_constants_say_what_they_describe() {
    let mut rng = Rng::new(4);
    for _ in 0..100 {
        let mut abi = random_abi(&mut rng);
        fill(&mut abi);
        let contract = described(&abi);
        assert_eq!(encoded_len(&contract), LENGTH, "the same entries in another order");
        let section = encode::<LENGTH>(&contract);
        let decoded = Abi::decode(&section).expect("what is encoded decodes");
        assert_eq!(meaning(&decoded), meaning(&abi));
        assert_eq!(described_section(&decoded), section, "one form for one contract");
    }
}

fn described_section(abi: &Abi) -> [u8; LENGTH] {
    encode(&described(abi))
}

#[test]
fn an_abi_changed_by_hand_is_encoded_only_if_it_decodes() {
    let good = Abi::decode(&SECTION).expect("the sample decodes");
    let mut abi = good.clone();
    abi.methods.swap(0, 1);
    assert_eq!(abi.encode().map_err(|e| e.fault), Err(AbiFault::MethodOrder));
    let mut abi = good.clone();
    abi.types.push(Type::Tuple(vec![TypeId(u16::MAX)]));
    assert_eq!(abi.encode().map_err(|e| e.fault), Err(AbiFault::TypeReference));
    let mut abi = good;
    abi.docs = "x".repeat(100_000);
    let fault = AbiFault::SectionLength;
    assert_eq!(abi.encode(), Err(AbiError { offset: 65_536, fault }));
}

#[test]
fn names_of_types_end_somewhere() {
    // Each is twice the one before: spelled out, the last would have 2^40 parts.
    let mut abi = Abi::decode(&SECTION).expect("the sample decodes");
    abi.types = vec![Type::Address];
    for at in 0..15 {
        abi.types.push(Type::Tuple(vec![TypeId(at); 8]));
    }
    let name = abi.type_name(TypeId(15));
    assert!(name.starts_with("((((") && name.ends_with('…') && name.len() <= 260, "{name}");
    // A table made by hand may refer to itself.
    abi.types.push(Type::Option(TypeId(16)));
    assert!(abi.type_name(TypeId(16)).contains('?'));
    assert_eq!(abi.type_name(TypeId(99)), "?");
}

#[test]
fn descriptions_of_types_have_the_names_of_rust() {
    const ONE: ContractDesc = ContractDesc {
        name: "One",
        schema: 0,
        capabilities: Capabilities::NONE,
        methods: &[MethodDesc {
            name: "all",
            kind: MethodKind::View,
            payable: false,
            reentry: Reentry::Refuse,
            params: &[
                FieldDesc { name: "a", ty: <&[u8]>::TYPE },
                FieldDesc { name: "b", ty: <[Option<&str>; 3]>::TYPE },
                FieldDesc { name: "c", ty: <(Address,)>::TYPE },
                FieldDesc { name: "d", ty: <[u8; 20]>::TYPE },
            ],
            returns: <()>::TYPE,
            docs: "",
        }],
        events: &[],
        errors: &[],
        storage: &[],
        docs: "",
    };
    const SECTION: [u8; encoded_len(&ONE)] = encode(&ONE);
    let abi = Abi::decode(&SECTION).expect("it decodes");
    let names: Vec<String> =
        abi.methods[0].params.iter().map(|field| abi.type_name(field.ty)).collect();
    assert_eq!(names, ["Vec<u8>", "[Option<String>; 3]", "(Address,)", "[u8; 20]"]);
}
