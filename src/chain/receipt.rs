//! [`Receipt`]: what came of a transaction, or of a deployment or a call from outside.

use alloc::boxed::Box;
use alloc::vec::Vec;

use dytallix_abi::Status;

use crate::gas::GasUsed;
pub use crate::host::CallTrap;
use crate::host::Outcome;
use crate::primitives::{Address, Amount, DecodeError, Reader, Writer};
use crate::state::{Event, Overlay};

/// What came of a transaction, or of a deployment or a call from outside.
///
/// Everything but [`Receipt::trap`] is the same on every machine; the trap's place is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a receipt says whether the call succeeded"]
pub struct Receipt {
    /// How it ended. Only [`Status::Success`] has done what was asked for.
    pub status: Status,
    /// What the method returned, or what it reverted with. Of a batch: see [`batch_results`].
    pub output: Vec<u8>,
    /// Gas used; the whole limit where it ran out.
    pub gas_used: u64,
    /// The same by what it was used for.
    pub gas: GasUsed,
    /// What was paid for the gas, tip included.
    pub fee: Amount,
    /// The events, in order; none unless it succeeded.
    pub events: Vec<Event>,
    /// The address of the new contract, for a deployment that succeeded; of the last one, in a
    /// batch.
    pub contract: Option<Address>,
    /// Why and where it trapped, where the status is [`Status::Trapped`].
    pub trap: Option<CallTrap>,
}

/// What one body of a batch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyResult {
    /// How it ended.
    pub status: Status,
    /// Its output.
    pub output: Vec<u8>,
    /// The contract that it made.
    pub contract: Option<Address>,
}

impl BodyResult {
    pub(super) fn new(status: Status, output: Vec<u8>, contract: Option<Address>) -> BodyResult {
        BodyResult { status, output, contract }
    }
}

/// The results of the bodies of a batch, from the output of its receipt: as many as were tried, so
/// that only the last can have failed.
///
/// # Errors
///
/// Where the output is not that of a batch.
pub fn batch_results(output: &[u8]) -> Result<Vec<BodyResult>, DecodeError> {
    let mut reader = Reader::new(output);
    let mut results = Vec::new();
    for _ in 0..reader.u32("a number of results")? {
        let status = read_status(&mut reader)?;
        let output = reader.bytes("an output")?.to_vec();
        results.push(BodyResult { status, output, contract: read_contract(&mut reader)? });
    }
    reader.finish()?;
    Ok(results)
}

/// The output of a batch: number of results ‖ for each: status ‖ output behind its length ‖ the
/// contract that it made (`00`, or `01` and 32 bytes).
pub(super) fn encode_results(results: &[BodyResult]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.number(results.len() as u128);
    for result in results {
        writer.number(result.status.code().into());
        writer.bytes(&result.output);
        write_contract(&mut writer, result.contract);
    }
    writer.finish()
}

impl Receipt {
    /// The receipt of something that ended so after using that much of the gas.
    pub(super) fn new(status: Status, gas: GasUsed) -> Receipt {
        Receipt {
            status,
            output: Vec::new(),
            gas_used: gas.total(),
            gas,
            fee: Amount::ZERO,
            events: Vec::new(),
            contract: None,
            trap: None,
        }
    }

    /// The receipt of what came of a run that was given `gas_limit`; takes the events of `overlay`.
    pub(super) fn of(outcome: Outcome, gas_limit: u64, overlay: &mut Overlay<'_>) -> Receipt {
        let gas = outcome.gas.of_total(gas_limit - outcome.gas_left);
        Receipt {
            output: outcome.output,
            events: overlay.end_transaction(),
            trap: outcome.trap,
            ..Receipt::new(outcome.status.into(), gas)
        }
    }

    /// The receipt of what could not even begin with `gas_limit`.
    pub(super) fn out_of_gas(gas_limit: u64) -> Receipt {
        Receipt::new(Status::OutOfGas, GasUsed::default().of_total(gas_limit))
    }

    /// The receipt of a transaction that was not admitted.
    pub(super) fn rejected(status: Status) -> Receipt {
        Receipt::new(status, GasUsed::default())
    }

    /// Whether it succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// Its encoding, which the receipts root of a block covers: `01` ‖ status ‖ gas by what it was
    /// used for, in the order of [`GasUsed::parts`] ‖ fee ‖ output ‖ contract (`00`, or `01` and 32
    /// bytes) ‖ number of events ‖ for each: contract (32 bytes) ‖ number of topics ‖ topics ‖
    /// data. Numbers are LEB128, bytes come behind their number. The trap, which is for people, is
    /// not in it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION);
        writer.number(self.status.code().into());
        self.gas.parts().iter().for_each(|(_, gas)| writer.number((*gas).into()));
        writer.number(self.fee.units());
        writer.bytes(&self.output);
        write_contract(&mut writer, self.contract);
        writer.number(self.events.len() as u128);
        for event in &self.events {
            writer.fixed(event.contract.as_bytes());
            writer.number(event.topics.len() as u128);
            event.topics.iter().for_each(|topic| writer.bytes(topic));
            writer.bytes(&event.data);
        }
        writer.finish()
    }

    /// The receipt that these bytes encode.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a receipt.
    pub fn decode(bytes: &[u8]) -> Result<Receipt, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("a receipt")? != VERSION {
            return Err(DecodeError { offset: 0, expected: "version 1 of a receipt" });
        }
        let status = read_status(&mut reader)?;
        let mut gas = GasUsed::default();
        let parts = [
            &mut gas.compute,
            &mut gas.memory,
            &mut gas.state_read,
            &mut gas.state_write,
            &mut gas.events,
            &mut gas.crypto,
        ];
        for part in parts {
            *part = reader.u64("gas")?;
        }
        let fee = Amount::new(reader.u128("a fee")?);
        let output = reader.bytes("an output")?.to_vec();
        let contract = read_contract(&mut reader)?;
        // No capacity in advance: counts are believed as far as there are bytes for them.
        let mut events = Vec::new();
        for _ in 0..reader.u32("a number of events")? {
            let contract = Address::from_bytes(reader.fixed("a contract")?);
            let mut topics = Vec::new();
            for _ in 0..reader.u32("a number of topics")? {
                topics.push(Box::from(reader.bytes("a topic")?));
            }
            events.push(Event::new(contract, topics, reader.bytes("data")?.into()));
        }
        reader.finish()?;
        Ok(Receipt { output, fee, events, contract, ..Receipt::new(status, gas) })
    }
}

fn read_status(reader: &mut Reader<'_>) -> Result<Status, DecodeError> {
    let start = reader.clone();
    Status::from_code(reader.u32("a status")?).ok_or_else(|| start.error("a status"))
}

fn write_contract(writer: &mut Writer, contract: Option<Address>) {
    writer.byte(contract.is_some().into());
    contract.iter().for_each(|contract| writer.fixed(contract.as_bytes()));
}

fn read_contract(reader: &mut Reader<'_>) -> Result<Option<Address>, DecodeError> {
    let start = reader.clone();
    match reader.byte("a contract or none")? {
        0 => Ok(None),
        1 => Ok(Some(Address::from_bytes(reader.fixed("a contract")?))),
        _ => Err(start.error("a contract or none")),
    }
}

/// The version of the encoding.
const VERSION: u8 = 1;
