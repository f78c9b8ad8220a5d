//! The encoding of a [`Protocol`]: `01` ‖ every field in order, numbers as LEB128.
//!
//! Structs are taken apart without `..`, so that a new field can not be forgotten here.

use alloc::vec::Vec;

use super::{Policy, Protocol};
use crate::gas::{GasSchedule, HostPrice, HostPrices};
use crate::limits::{CallLimits, Limits, StorageLimits};
use crate::primitives::{Amount, DecodeError, Hash, Reader, Writer};
use crate::wasm::Features;

/// Version of the encoding.
const VERSION: u8 = 1;

/// A number of a protocol.
trait Field: Sized {
    fn write(&self, writer: &mut Writer);
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

macro_rules! field {
    ($($ty:ident),*) => { $(
        impl Field for $ty {
            fn write(&self, writer: &mut Writer) {
                writer.number((*self).into());
            }
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let start = reader.clone();
                $ty::try_from(reader.u128("a number")?).map_err(|_| start.error(stringify!($ty)))
            }
        }
    )* };
}
field! { u16, u32, u64 }

impl Field for Amount {
    fn write(&self, writer: &mut Writer) {
        writer.number(self.units());
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u128("an amount").map(Amount::new)
    }
}

impl Field for bool {
    fn write(&self, writer: &mut Writer) {
        writer.byte((*self).into());
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.clone();
        match reader.byte("0 or 1")? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(start.error("0 or 1")),
        }
    }
}

impl Field for Features {
    fn write(&self, writer: &mut Writer) {
        writer.number(self.bits().into());
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.clone();
        Features::from_bits(reader.u64("features")?).ok_or_else(|| start.error("known features"))
    }
}

impl Field for Hash {
    fn write(&self, writer: &mut Writer) {
        writer.fixed(self.as_bytes());
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.fixed("a hash").map(Hash::from_bytes)
    }
}

impl<T: Field + Copy + Default, const N: usize> Field for [T; N] {
    fn write(&self, writer: &mut Writer) {
        writer.number(N as u128);
        self.iter().for_each(|field| field.write(writer));
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.clone();
        if reader.u32("a count")? as usize != N {
            return Err(start.error("as many as this version has"));
        }
        let mut fields = [T::default(); N];
        for field in &mut fields {
            *field = T::read(reader)?;
        }
        Ok(fields)
    }
}

macro_rules! fields {
    ($($ty:ident { $($field:ident),* $(,)? })*) => { $(
        impl Field for $ty {
            fn write(&self, writer: &mut Writer) {
                let $ty { $($field),* } = self;
                $( Field::write($field, writer); )*
            }
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok($ty { $($field: Field::read(reader)?),* })
            }
        }
    )* };
}

fields! {
    Protocol {
        semantics, features, limits, call_limits, schedule, prices, delegate_calls, functions,
        policy,
    }
    Limits {
        module_bytes, types, functions, imports, exports, globals, tables, memories,
        element_segments, data_segments, element_items, name_bytes, params, results, body_bytes,
        function_slots, nesting, br_table_labels, const_operators, memory_pages, table_elements,
        stack_slots,
    }
    CallLimits {
        key_bytes, value_bytes, argument_bytes, return_bytes, topics, topic_bytes, event_bytes,
        events, transient_bytes, data_bytes, log_bytes, depth, tree_pages, storage,
    }
    StorageLimits { contract_items, contract_bytes, transaction_writes }
    GasSchedule {
        version, classes, local, grow_page, grow_page_dear, bulk_per_64_bytes,
        table_per_8_elements,
    }
    HostPrice { base, per_64_bytes }
    HostPrices {
        classes, signatures, deploy, load, cold_storage, cold_account, cold_code, load_segment,
        load_function, load_global, load_import, replay, state_write, transaction,
    }
    Policy {
        min_gas_price, burn_basis_points, item_deposit, byte_deposit, code_deposit,
        transaction_bytes, transaction_gas, block_gas, block_bytes, block_transactions,
        attestations,
    }
}

pub(super) fn encode(protocol: &Protocol) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(VERSION);
    protocol.write(&mut writer);
    writer.finish()
}

pub(super) fn decode(bytes: &[u8]) -> Result<Protocol, DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte("a protocol")? != VERSION {
        return Err(DecodeError { offset: 0, expected: "version 1 of a protocol" });
    }
    let protocol = Protocol::read(&mut reader)?;
    reader.finish()?;
    if protocol.policy.burn_basis_points > 10_000 {
        return Err(DecodeError { offset: 0, expected: "at most 10,000 basis points" });
    }
    Ok(protocol)
}
