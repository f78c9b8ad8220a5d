//! [`Block`] and [`Header`]: what a chain agrees on.

use alloc::vec::Vec;

use super::merkle::merkle_root;
use super::transaction::SignedTransaction;
use crate::primitives::{Address, DecodeError, Domain, Hash, Height, Reader, Writer};
use crate::state::{Bytes, StateRoot};

/// What a block is, its transactions apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The number of the chain.
    pub chain_id: u64,
    /// The height: one above the parent's. The genesis has height 0 and is no block.
    pub height: Height,
    /// The time, in milliseconds since 1970-01-01T00:00:00Z; not before the parent's.
    pub time_ms: u64,
    /// The hash of the header before; for the first block, the hash of the genesis.
    pub parent: Hash,
    /// The Merkle root over the transactions, each with its authentication.
    pub transactions_root: Hash,
    /// What the block *before* came to: see [`app_hash`].
    pub app_hash: Hash,
    /// The id of the protocol that the block is executed under.
    pub protocol: Hash,
    /// Who proposes it: who gets the fees that are not burnt, and the tips.
    pub proposer: Address,
}

/// A header and its transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// The header.
    pub header: Header,
    /// The transactions in order, each encoded with its authentication. What does not decode is
    /// part of the block all the same, and rejected.
    pub transactions: Vec<Bytes>,
}

/// What a block came to, as one hash: state root ‖ receipts root.
#[must_use]
pub fn app_hash(state_root: &StateRoot, receipts_root: &Hash) -> Hash {
    Hash::of(Domain::AppHash, &[state_root.as_bytes(), receipts_root.as_bytes()])
}

/// The Merkle root over transactions, each with its authentication.
#[must_use]
pub fn transactions_root(transactions: &[Bytes]) -> Hash {
    merkle_root(transactions.iter().map(|transaction| &transaction[..]))
}

impl Header {
    /// Its encoding: `01` ‖ chain id, height, time as LEB128 ‖ parent ‖ transactions root ‖ app
    /// hash ‖ protocol ‖ proposer, 32 bytes each.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    /// The header that these bytes encode.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a header.
    pub fn decode(bytes: &[u8]) -> Result<Header, DecodeError> {
        let mut reader = Reader::new(bytes);
        let header = Header::read(&mut reader)?;
        reader.finish()?;
        Ok(header)
    }

    /// The hash of the block.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(Domain::Header, &[&self.encode()])
    }

    fn write(&self, writer: &mut Writer) {
        writer.byte(VERSION);
        writer.number(self.chain_id.into());
        writer.number(self.height.number().into());
        writer.number(self.time_ms.into());
        let hashes = [&self.parent, &self.transactions_root, &self.app_hash, &self.protocol];
        hashes.iter().for_each(|hash| writer.fixed(hash.as_bytes()));
        writer.fixed(self.proposer.as_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Header, DecodeError> {
        let start = reader.clone();
        if reader.byte("a header")? != VERSION {
            return Err(start.error("version 1 of a header"));
        }
        let hash = |reader: &mut Reader<'_>| reader.fixed("a hash").map(Hash::from_bytes);
        Ok(Header {
            chain_id: reader.u64("a chain id")?,
            height: Height::new(reader.u64("a height")?),
            time_ms: reader.u64("a time")?,
            parent: hash(reader)?,
            transactions_root: hash(reader)?,
            app_hash: hash(reader)?,
            protocol: hash(reader)?,
            proposer: Address::from_bytes(reader.fixed("a proposer")?),
        })
    }
}

impl Block {
    /// A block of that header and those transactions, which need not fit together.
    #[must_use]
    pub const fn new(header: Header, transactions: Vec<Bytes>) -> Block {
        Block { header, transactions }
    }

    /// Whether the header is that of these transactions.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.header.transactions_root == transactions_root(&self.transactions)
    }

    /// The transaction at `index`; none where there is none, or it does not decode.
    #[must_use]
    pub fn transaction(&self, index: u32) -> Option<SignedTransaction> {
        SignedTransaction::decode(self.transactions.get(index as usize)?).ok()
    }

    /// Its encoding: header ‖ number of transactions ‖ each behind its length.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.header.write(&mut writer);
        writer.number(self.transactions.len() as u128);
        self.transactions.iter().for_each(|transaction| writer.bytes(transaction));
        writer.finish()
    }

    /// The block that these bytes encode.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a block.
    pub fn decode(bytes: &[u8]) -> Result<Block, DecodeError> {
        let mut reader = Reader::new(bytes);
        let header = Header::read(&mut reader)?;
        let count = reader.u32("a number of transactions")?;
        // No capacity in advance: the count is believed as far as there are bytes for it.
        let mut transactions = Vec::new();
        for _ in 0..count {
            transactions.push(reader.bytes("a transaction")?.into());
        }
        reader.finish()?;
        Ok(Block { header, transactions })
    }
}

/// Version of the encoding of a header.
const VERSION: u8 = 1;
