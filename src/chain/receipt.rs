//! [`Receipt`]: what came of a deployment or a call.

use alloc::boxed::Box;
use alloc::vec::Vec;

use dytallix_abi::CallStatus;

pub use crate::host::CallTrap;
use crate::host::Outcome;
use crate::primitives::{Address, DecodeError, Reader, Writer};
use crate::state::{Event, Overlay};

/// What came of a deployment or a call.
///
/// Everything but [`Receipt::trap`] is the same on every machine; the trap's place is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a receipt says whether the call succeeded"]
pub struct Receipt {
    /// How it ended. Only [`CallStatus::Success`] has changed state.
    pub status: CallStatus,
    /// What the method returned, or what it reverted with.
    pub output: Vec<u8>,
    /// Gas used; the whole limit where it ran out.
    pub gas_used: u64,
    /// The events, in order; none unless it succeeded.
    pub events: Vec<Event>,
    /// The address of the new contract, for a deployment that succeeded.
    pub contract: Option<Address>,
    /// Why and where it trapped, where the status is [`CallStatus::Trapped`].
    pub trap: Option<CallTrap>,
}

impl Receipt {
    /// The receipt of what came of a run that was given `gas_limit`; takes the events of `overlay`.
    pub(super) fn of(outcome: Outcome, gas_limit: u64, overlay: &mut Overlay<'_>) -> Receipt {
        Receipt {
            status: outcome.status,
            output: outcome.output,
            gas_used: gas_limit - outcome.gas_left,
            events: overlay.end_transaction(),
            contract: None,
            trap: outcome.trap,
        }
    }

    /// The receipt of what could not even begin with `gas_limit`.
    pub(super) fn out_of_gas(gas_limit: u64) -> Receipt {
        Receipt {
            status: CallStatus::OutOfGas,
            output: Vec::new(),
            gas_used: gas_limit,
            events: Vec::new(),
            contract: None,
            trap: None,
        }
    }

    /// Whether the call succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == CallStatus::Success
    }

    /// Its encoding, as it is stored: `01` ‖ status ‖ gas used ‖ output ‖ contract (`00`, or `01`
    /// and 32 bytes) ‖ number of events ‖ for each: contract (32 bytes) ‖ number of topics ‖ topics
    /// ‖ data. Numbers are LEB128, bytes come behind their number. The trap, which is for people,
    /// is not in it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION);
        writer.number(self.status.code().unsigned_abs().into());
        writer.number(self.gas_used.into());
        writer.bytes(&self.output);
        writer.byte(self.contract.is_some().into());
        self.contract.iter().for_each(|contract| writer.fixed(contract.as_bytes()));
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
        let start = reader.clone();
        let status = i32::try_from(reader.u32("a status")?).ok().and_then(CallStatus::from_code);
        let status = status.ok_or_else(|| start.error("a status"))?;
        let gas_used = reader.u64("gas")?;
        let output = reader.bytes("an output")?.to_vec();
        let start = reader.clone();
        let contract = match reader.byte("a contract or none")? {
            0 => None,
            1 => Some(Address::from_bytes(reader.fixed("a contract")?)),
            _ => return Err(start.error("a contract or none")),
        };
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
        Ok(Receipt { status, output, gas_used, events, contract, trap: None })
    }
}

/// The version of the encoding.
const VERSION: u8 = 1;
