//! What the attributes write into the ABI section.
#![allow(missing_docs, reason = "the contracts here are for these tests")]

use dytallix_sdk::abi::schema::Type;
use dytallix_sdk::abi::{Abi, Capabilities, MethodKind, Reentry};
use dytallix_sdk::prelude::*;

/// A vault.
///
/// It keeps things.
#[contract(schema = 3, capabilities(call, upgrade))]
pub struct Vault {
    /// Who may open it.
    #[view]
    owner: Item<Address>,
    #[view(deposit_of(holder, day))]
    deposits: Map<(Address, u32), u128>,
    #[prefix = 9]
    history: List<Entry>,
    lock: Transient<bool>,
}

#[data]
pub struct Entry {
    pub who: Address,
    pub what: Kind,
}

#[data]
pub enum Kind {
    Put(u128),
    Taken { amount: u128, note: Option<String> },
    Closed,
}

/// Something went in.
#[event]
pub struct Put {
    #[topic]
    pub who: Address,
    pub amount: u128,
}

#[event]
pub struct Emptied;

#[error]
pub enum Error {
    /// Not yours.
    NotOwner,
    TooLittle {
        has: u128,
    },
}

#[methods(events(Emptied))]
impl Vault {
    #[init]
    fn new(&mut self, owner: Address) {
        self.owner.set(owner);
    }

    /// Puts something in.
    #[call(payable)]
    fn put(&mut self, cx: &Cx, _memo: Bytes) -> Result<u32> {
        self.deposits.set((cx.caller(), 0), cx.value());
        let entry = Entry { who: cx.caller(), what: Kind::Put(cx.value()) };
        cx.emit(Put { who: cx.caller(), amount: cx.value() });
        Ok(self.history.push(entry))
    }

    #[call(only = owner, err = NotOwner, reentrant)]
    fn close(&mut self, cx: &Cx) -> Result {
        self.lock.set(true);
        self.empty(cx);
        Ok(())
    }

    #[view(reentrant)]
    fn entry(&self, number: u32) -> Option<Entry> {
        self.history.get(number)
    }

    #[migrate]
    fn upgraded(&mut self, old_version: u32, owner: Address) -> Result {
        ensure!(old_version < 3, Error::NotOwner);
        self.owner.set(owner);
        Ok(())
    }

    fn empty(&self, cx: &Cx) {
        let event = Emptied;
        cx.emit(event);
    }
}

fn abi() -> Abi {
    Abi::decode(Vault::abi()).expect("the section is canonical")
}

#[test]
fn the_section_says_what_the_source_says() {
    let abi = abi();
    assert_eq!((abi.name.as_str(), abi.schema), ("Vault", 3));
    assert_eq!(abi.docs, "A vault.\n\nIt keeps things.");
    // A payable method receives value, which need not be declared.
    let all = Capabilities::CALL.with(Capabilities::UPGRADE).with(Capabilities::RECEIVE_VALUE);
    assert_eq!(abi.capabilities, all);
    assert_eq!(abi.encode(), Ok(Vault::abi().to_vec()));
}

#[test]
fn methods_are_described_by_their_exported_names() {
    let abi = abi();
    let shown: Vec<_> = abi
        .methods
        .iter()
        .map(|m| (m.name.as_str(), m.kind, m.payable, m.reentry == Reentry::Allow, m.params.len()))
        .collect();
    assert_eq!(
        shown,
        [
            ("close", MethodKind::Call, false, true, 0),
            ("deposit_of", MethodKind::View, false, false, 2),
            ("entry", MethodKind::View, false, true, 1),
            ("init", MethodKind::Init, false, false, 1),
            ("migrate", MethodKind::Migrate, false, false, 1),
            ("owner", MethodKind::View, false, false, 0),
            ("put", MethodKind::Call, true, false, 1),
        ]
    );
    let put = abi.method("put").unwrap();
    assert_eq!(put.docs, "Puts something in.");
    assert_eq!(put.params[0].name, "memo", "an underscore says that it is not used, no more");
    let migrate = abi.method("migrate").unwrap();
    assert_eq!(migrate.params[0].name, "owner", "the old version is not given by callers");
}

#[test]
fn events_errors_and_storage_are_described() {
    let abi = abi();
    let events: Vec<_> =
        abi.events.iter().map(|event| (event.name.as_str(), event.fields.len())).collect();
    assert_eq!(events, [("Emptied", 0), ("Put", 2)]);
    let put = &abi.events[1];
    assert_eq!(put.docs, "Something went in.");
    assert_eq!((put.fields[0].topic, put.fields[1].topic), (true, false));
    let errors: Vec<_> = abi
        .errors
        .iter()
        .map(|error| (error.index, error.name.as_str(), error.docs.as_str(), error.fields.len()))
        .collect();
    assert_eq!(errors, [(0, "NotOwner", "Not yours.", 0), (1, "TooLittle", "", 1)]);
    let storage: Vec<_> =
        abi.storage.iter().map(|handle| (handle.handle.as_str(), handle.prefix)).collect();
    // What does not outlive a transaction is not part of the layout.
    assert_eq!(storage, [("owner", 0), ("deposits", 1), ("history", 9)]);
    assert_eq!(abi.storage[0].docs, "Who may open it.");
}

#[test]
fn types_of_the_author_are_in_the_table() {
    let abi = abi();
    let is = |name: &str| {
        abi.types.iter().any(|ty| match ty {
            Type::Struct { name: found, .. } | Type::Enum { name: found, .. } => found == name,
            _ => false,
        })
    };
    assert!(is("Entry") && is("Kind"));
}

#[test]
fn data_is_encoded_as_its_description_says() {
    let entry = Entry {
        who: Address::new([7; 32]),
        what: Kind::Taken { amount: 5, note: Some("x".into()) },
    };
    let bytes = entry.to_bytes();
    assert_eq!(
        bytes[32..],
        [1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, b'x']
    );
    assert_eq!(Entry::from_bytes(&bytes), Ok(entry));
    assert!(Kind::from_bytes(&[3]).is_err(), "there is no fourth variant");
}

#[test]
fn what_the_handles_store_is_what_the_section_says() {
    use dytallix_sdk::mock::Mock;

    let mock = Mock::new();
    let mut vault = Vault::open();
    vault.new(Address::new([1; 32]));
    vault.deposits.set((Address::new([2; 32]), 258), 9);
    vault.history.push(Entry { who: Address::new([3; 32]), what: Kind::Closed });
    let abi = abi();
    let shown = |key: &[u8]| {
        let value = mock.stored(Mock::CONTRACT, key).expect("stored");
        abi.decode_storage(key, &value).expect("decodes").to_string()
    };
    let hex = |byte: &str| format!("0x{}", byte.repeat(32));
    assert_eq!(shown(&[0]), format!("owner = {}", hex("01")));
    let key = [&[1][..], &[2; 32], &[0, 0, 1, 2]].concat();
    assert_eq!(shown(&key), format!("deposits[({}, 258)] = 9", hex("02")));
    assert_eq!(shown(&[9]), "history.len = 1");
    let element = shown(&[9, 0, 0, 0, 0]);
    assert!(element.starts_with("history[0] = ") && element.contains("Closed"), "{element}");
}
