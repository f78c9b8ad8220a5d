//! From the description of a contract to the bytes of its section.

use super::table::Table;
use super::writer::Writer;
use super::{ContractDesc, StorageKindDesc};
use crate::section::{ABI_FORMAT, Capabilities, check, limits, storage, text};

/// Length of the section of `contract`, in bytes.
///
/// # Panics
///
/// If the contract has more methods, events, errors, handles or types than the caps allow; where it
/// is evaluated by the compiler, that is a compile error.
#[must_use]
pub const fn encoded_len(contract: &ContractDesc) -> usize {
    let mut counter = Writer::<0>::new();
    write(contract, &mut counter);
    counter.len()
}

/// The section of `contract`: methods and events sorted by name, errors by index, handles by
/// prefix, equal types shared.
///
/// # Panics
///
/// If `N` is not [`encoded_len`] of the contract, or the section is one that
/// [`Abi::decode`](crate::Abi::decode) refuses; where it is evaluated by the compiler, that is a
/// compile error that says why.
#[must_use]
pub const fn encode<const N: usize>(contract: &ContractDesc) -> [u8; N] {
    let mut out = Writer::<N>::new();
    write(contract, &mut out);
    let bytes = out.finish();
    match check(&bytes) {
        Ok(()) => bytes,
        Err(error) => panic!("{}", error.fault.text()),
    }
}

/// What is sorted: by name, or by a number.
#[derive(Clone, Copy)]
enum Sorted {
    Methods,
    Events,
    Errors,
    Storage,
}

/// Places of the entries of one list in ascending order.
const fn order<const N: usize>(contract: &ContractDesc, what: Sorted) -> [u16; N] {
    let count = match what {
        Sorted::Methods => contract.methods.len(),
        Sorted::Events => contract.events.len(),
        Sorted::Errors => contract.errors.len(),
        Sorted::Storage => contract.storage.len(),
    };
    assert!(count <= N, "there are more methods, events, errors or handles than the limit");
    let mut places = [0; N];
    let mut sorted = 0;
    while sorted < count {
        let mut at = sorted;
        while at > 0 && before(contract, what, sorted, places[at - 1] as usize) {
            places[at] = places[at - 1];
            at -= 1;
        }
        places[at] = sorted as u16;
        sorted += 1;
    }
    places
}

const fn before(contract: &ContractDesc, what: Sorted, left: usize, right: usize) -> bool {
    let (left, right) = match what {
        Sorted::Methods => (contract.methods[left].name, contract.methods[right].name),
        Sorted::Events => (contract.events[left].name, contract.events[right].name),
        Sorted::Errors => return contract.errors[left].index < contract.errors[right].index,
        Sorted::Storage => return contract.storage[left].prefix < contract.storage[right].prefix,
    };
    text::compare(left.as_bytes(), right.as_bytes()) < 0
}

const fn write<const N: usize>(contract: &ContractDesc, out: &mut Writer<N>) {
    let methods: [u16; limits::METHODS] = order(contract, Sorted::Methods);
    let events: [u16; limits::EVENTS] = order(contract, Sorted::Events);
    let errors: [u16; limits::ERRORS] = order(contract, Sorted::Errors);
    let handles: [u16; limits::STORAGE] = order(contract, Sorted::Storage);
    let mut table = Table::new();
    let mut at = 0;
    while at < contract.methods.len() {
        let method = &contract.methods[methods[at] as usize];
        table.add_fields(method.params);
        table.add(method.returns);
        at += 1;
    }
    at = 0;
    while at < contract.events.len() {
        let fields = contract.events[events[at] as usize].fields;
        let mut field = 0;
        while field < fields.len() {
            table.add(fields[field].ty);
            field += 1;
        }
        at += 1;
    }
    at = 0;
    while at < contract.errors.len() {
        table.add_fields(contract.errors[errors[at] as usize].fields);
        at += 1;
    }
    table.add_storage(contract, &handles);

    out.byte(ABI_FORMAT);
    out.text(contract.name);
    out.u32(contract.schema);
    out.u32(capabilities(contract).bits());
    table.write(out);
    write_methods(contract, out, &table, &methods);
    write_events(contract, out, &table, &events);
    write_errors(contract, out, &table, &errors);
    write_storage(contract, out, &table, &handles);
    out.text(contract.docs);
}

const fn capabilities(contract: &ContractDesc) -> Capabilities {
    let mut at = 0;
    while at < contract.methods.len() {
        if contract.methods[at].payable {
            return contract.capabilities.with(Capabilities::RECEIVE_VALUE);
        }
        at += 1;
    }
    contract.capabilities
}

const fn write_methods<const N: usize>(
    contract: &ContractDesc,
    out: &mut Writer<N>,
    table: &Table,
    order: &[u16],
) {
    out.count(contract.methods.len());
    let mut at = 0;
    while at < contract.methods.len() {
        let method = &contract.methods[order[at] as usize];
        out.text(method.name);
        out.byte(method.kind.code());
        out.byte(method.payable as u8);
        out.byte(method.reentry.code());
        table.fields(out, method.params);
        table.reference(out, method.returns);
        out.text(method.docs);
        at += 1;
    }
}

const fn write_events<const N: usize>(
    contract: &ContractDesc,
    out: &mut Writer<N>,
    table: &Table,
    order: &[u16],
) {
    out.count(contract.events.len());
    let mut at = 0;
    while at < contract.events.len() {
        let event = &contract.events[order[at] as usize];
        out.text(event.name);
        out.count(event.fields.len());
        let mut field = 0;
        while field < event.fields.len() {
            out.text(event.fields[field].name);
            table.reference(out, event.fields[field].ty);
            out.byte(event.fields[field].topic as u8);
            field += 1;
        }
        out.text(event.docs);
        at += 1;
    }
}

const fn write_errors<const N: usize>(
    contract: &ContractDesc,
    out: &mut Writer<N>,
    table: &Table,
    order: &[u16],
) {
    out.count(contract.errors.len());
    let mut at = 0;
    while at < contract.errors.len() {
        let error = &contract.errors[order[at] as usize];
        out.byte(error.index);
        out.text(error.name);
        table.fields(out, error.fields);
        out.text(error.docs);
        at += 1;
    }
}

const fn write_storage<const N: usize>(
    contract: &ContractDesc,
    out: &mut Writer<N>,
    table: &Table,
    order: &[u16],
) {
    out.count(contract.storage.len());
    let mut at = 0;
    while at < contract.storage.len() {
        let handle = &contract.storage[order[at] as usize];
        out.text(handle.handle);
        out.byte(handle.prefix);
        match handle.kind {
            StorageKindDesc::Item(ty) => {
                out.byte(storage::ITEM);
                table.reference(out, ty);
            }
            StorageKindDesc::Map(key, value) => {
                out.byte(storage::MAP);
                table.reference(out, key);
                table.reference(out, value);
            }
            StorageKindDesc::List(ty) => {
                out.byte(storage::LIST);
                table.reference(out, ty);
            }
        }
        out.text(handle.docs);
        at += 1;
    }
}
