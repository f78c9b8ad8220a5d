//! [`Tip`]: the last block of a chain, as the next one has to know it.

use alloc::format;
use alloc::vec::Vec;

use crate::chain::block::Header;
use crate::primitives::{DecodeError, Hash, Height, Reader, Writer};
use crate::state::{Batch, Store, StoreError, Table};

/// The last block of a chain, as the next one has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tip {
    /// The number of the chain.
    pub(crate) chain_id: u64,
    /// The height of the last block; 0 for the genesis.
    pub(crate) height: Height,
    /// Its hash; that of the genesis at height 0.
    pub(crate) hash: Hash,
    /// Its time.
    pub(crate) time_ms: u64,
    /// What it came to.
    pub(crate) app_hash: Hash,
}

/// Its row in the table of the index. Kinds of rows of the index are bytes far below a letter.
const KEY: &[u8] = b"tip";

impl Tip {
    /// The tip after a block that came to `app_hash`.
    pub(crate) fn of(header: &Header, hash: Hash, app_hash: Hash) -> Tip {
        let Header { chain_id, height, time_ms, .. } = *header;
        Tip { chain_id, height, hash, time_ms, app_hash }
    }

    /// The tip of a store; none where it has no chain.
    pub(crate) fn load<S: Store>(store: &S) -> Result<Option<Tip>, StoreError> {
        let Some(row) = store.get(Table::Index, KEY)? else { return Ok(None) };
        let damaged = |error| StoreError::corrupt(format!("the row of the last block: {error}"));
        Tip::decode(&row).map(Some).map_err(damaged)
    }

    /// Adds its row to a batch.
    pub(crate) fn put(&self, batch: &mut Batch) {
        batch.put(Table::Index, KEY, self.encode());
    }

    /// Removes its row.
    pub(crate) fn remove(batch: &mut Batch) {
        batch.remove(Table::Index, KEY);
    }

    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.number(self.chain_id.into());
        writer.number(self.height.number().into());
        writer.fixed(self.hash.as_bytes());
        writer.number(self.time_ms.into());
        writer.fixed(self.app_hash.as_bytes());
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Tip, DecodeError> {
        let mut reader = Reader::new(bytes);
        let tip = Tip {
            chain_id: reader.u64("a chain id")?,
            height: Height::new(reader.u64("a height")?),
            hash: Hash::from_bytes(reader.fixed("a hash")?),
            time_ms: reader.u64("a time")?,
            app_hash: Hash::from_bytes(reader.fixed("an app hash")?),
        };
        reader.finish()?;
        Ok(tip)
    }
}
