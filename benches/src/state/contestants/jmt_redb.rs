//! jmt 0.12 (Sha256) over redb: the ordinary authenticated store in Rust, pruned as it goes.
//!
//! Per block: the tree is updated, and one transaction writes the new nodes, deletes those that
//! became stale, and writes the values, for the tree and again as ordered rows:
//!
//! ```text
//! nodes   path ‖ version  → borsh of the node      (versioned)     path → version ‖ node  (latest)
//! values  key hash ‖ version → value               (versioned)     none: the rows have them
//! rows    key → value                              ordered reads, as our store offers
//! ```
//!
//! A pruned validator keeps one version, so `latest` overwrites nodes in place where `versioned`
//! inserts and deletes; jmt asks for a node by path and version, and both can answer. The path
//! comes first in either, so a node and its successor share a page of the B-tree; with the version
//! first, a block of a million keys costs 1.2 times as much. jmt keeps no undo data here,
//! which is in its favour.

use super::{Contestant, Key, Settings, Value, backend, next_rows};
use crate::Error;
use borsh::BorshDeserialize;
use jmt::storage::{LeafNode, Node, NodeKey, TreeReader, TreeUpdateBatch};
use jmt::{KeyHash, OwnedValue, Sha256Jmt, Version};
use redb::{
    Database, ReadOnlyTable, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction,
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const ABOUT_VERSIONED: &str = "jmt 0.12 (Sha256) over redb 4: nodes by path and \
    version, values by key hash and version, ordered key-value rows; stale nodes and values are \
    deleted in the block that replaces them";
pub(super) const ABOUT_LATEST: &str = "the same with one node per path, overwritten in place, and \
    no values beside the rows: the cheapest pruned layout that jmt allows";

const NODES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("nodes");
const VALUES: TableDefinition<'_, &[u8], &Value> = TableDefinition::new("values");
const ROWS: TableDefinition<'_, &[u8], &Value> = TableDefinition::new("rows");
/// One row: the version that the next block makes.
const META: TableDefinition<'_, (), u64> = TableDefinition::new("meta");

/// Whether old and new versions of a node are different rows.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Versioned,
    Latest,
}

struct Tree {
    database: Database,
    syncs: Arc<AtomicU64>,
    layout: Layout,
    /// The version that the next block makes; jmt wants the first to be 0.
    version: Version,
}

pub(super) fn open_versioned(settings: &Settings) -> Result<Box<dyn Contestant>, Error> {
    open(settings, Layout::Versioned)
}

pub(super) fn open_latest(settings: &Settings) -> Result<Box<dyn Contestant>, Error> {
    open(settings, Layout::Latest)
}

fn open(settings: &Settings, layout: Layout) -> Result<Box<dyn Contestant>, Error> {
    let (database, syncs) = backend::open(settings)?;
    let transaction = database.begin_write()?;
    transaction.open_table(NODES)?;
    transaction.open_table(ROWS)?;
    let version = transaction.open_table(META)?.get(())?.map_or(0, |row| row.value());
    transaction.commit()?;
    Ok(Box::new(Tree { database, syncs, layout, version }))
}

/// What jmt reads through: one snapshot and one open table for a whole block.
struct Reader {
    nodes: ReadOnlyTable<&'static [u8], &'static [u8]>,
    layout: Layout,
}

impl TreeReader for Reader {
    fn get_node_option(&self, key: &NodeKey) -> anyhow::Result<Option<Node>> {
        let Some(row) = self.nodes.get(&self.layout.row_key(key)[..])? else { return Ok(None) };
        let mut bytes = row.value();
        if self.layout == Layout::Latest {
            let version = Version::deserialize(&mut bytes)?;
            if version != key.version() {
                return Ok(None);
            }
        }
        Ok(Some(Node::deserialize(&mut bytes)?))
    }

    fn get_value_option(&self, _: Version, _: KeyHash) -> anyhow::Result<Option<OwnedValue>> {
        anyhow::bail!("updates read no values")
    }

    fn get_rightmost_leaf(&self) -> anyhow::Result<Option<(NodeKey, LeafNode)>> {
        anyhow::bail!("only a restore asks for the last leaf")
    }
}

impl Layout {
    /// The key of a node's row: its depth, its path in half-bytes and, if versioned, its version.
    fn row_key(self, key: &NodeKey) -> Vec<u8> {
        let path = key.nibble_path();
        let mut bytes = Vec::with_capacity(1 + 32 + 8);
        bytes.push(path.num_nibbles() as u8);
        let mut nibbles = path.nibbles();
        while let Some(high) = nibbles.next() {
            let low = nibbles.next().map_or(0, |low| low.as_usize() as u8);
            bytes.push((high.as_usize() as u8) << 4 | low);
        }
        if self == Self::Versioned {
            bytes.extend_from_slice(&key.version().to_be_bytes());
        }
        bytes
    }

    /// Writes new nodes and deletes stale ones, both in the order of the table.
    fn write_nodes(
        self,
        transaction: &WriteTransaction,
        batch: &TreeUpdateBatch,
    ) -> Result<(), Error> {
        let stale = batch.stale_node_index_batch.iter();
        let mut changes: Vec<(Vec<u8>, Option<&NodeKey>)> =
            stale.map(|stale| (self.row_key(&stale.node_key), None)).collect();
        let new = batch.node_batch.nodes();
        changes.extend(new.keys().map(|key| (self.row_key(key), Some(key))));
        changes.sort_unstable();
        let mut table = transaction.open_table(NODES)?;
        let mut bytes = Vec::new();
        for (index, (row_key, new_key)) in changes.iter().enumerate() {
            let Some(new_key) = new_key else {
                // A new node of the same path sorts right after, and takes the place of this one.
                let successor = changes.get(index + 1);
                if successor.is_none_or(|next| next.0 != *row_key) {
                    table.remove(&row_key[..])?;
                }
                continue;
            };
            bytes.clear();
            if self == Self::Latest {
                bytes.extend_from_slice(&borsh::to_vec(&new_key.version())?);
            }
            borsh::to_writer(&mut bytes, &new[new_key])?;
            table.insert(&row_key[..], &bytes[..])?;
        }
        Ok(())
    }
}

impl Tree {
    /// Replaces the values that the tree addresses by key hash and version.
    fn write_values(
        &self,
        transaction: &WriteTransaction,
        updates: &[(KeyHash, Value)],
        batch: &TreeUpdateBatch,
    ) -> Result<(), Error> {
        let mut table = transaction.open_table(VALUES)?;
        let row_key = |hash: &KeyHash, version: Version| {
            let mut key = [0; 40];
            key[..32].copy_from_slice(&hash.0);
            key[32..].copy_from_slice(&version.to_be_bytes());
            key
        };
        debug_assert_eq!(updates.len(), batch.node_batch.values().len());
        for (hash, value) in updates {
            let older = row_key(hash, 0)..row_key(hash, self.version);
            let mut old = None;
            if let Some(row) = table.range(&older.start[..]..&older.end[..])?.next_back() {
                old = Some(row?.0.value().to_vec());
            }
            if let Some(old) = old {
                table.remove(&old[..])?;
            }
            table.insert(&row_key(hash, self.version)[..], value)?;
        }
        Ok(())
    }
}

impl Contestant for Tree {
    fn load(&mut self, rows: &mut dyn Iterator<Item = (Key, Value)>) -> Result<(), Error> {
        loop {
            let chunk = next_rows(rows);
            if chunk.is_empty() {
                return Ok(());
            }
            self.block(&chunk)?;
        }
    }

    fn block(&mut self, updates: &[(Key, Value)]) -> Result<[u8; 32], Error> {
        let mut hashed: Vec<_> = updates
            .iter()
            .map(|(key, value)| (KeyHash(Sha256::digest(key).into()), *value))
            .collect();
        hashed.sort_unstable();
        let reader =
            Reader { nodes: self.database.begin_read()?.open_table(NODES)?, layout: self.layout };
        let values = hashed.iter().map(|(hash, value)| (*hash, value.to_vec())).collect();
        let (roots, batch) =
            Sha256Jmt::new(&reader).batch_put_value_sets(vec![values], None, self.version)?;
        drop(reader);
        let transaction = backend::begin_block(&self.database)?;
        self.layout.write_nodes(&transaction, &batch)?;
        if self.layout == Layout::Versioned {
            self.write_values(&transaction, &hashed, &batch)?;
        }
        let mut sorted: Vec<&(Key, Value)> = updates.iter().collect();
        sorted.sort_unstable();
        let mut table = transaction.open_table(ROWS)?;
        for (key, value) in sorted {
            table.insert(&key[..], value)?;
        }
        drop(table);
        transaction.open_table(META)?.insert((), self.version + 1)?;
        transaction.commit()?;
        self.version += 1;
        Ok(roots[0].0)
    }

    fn read(&mut self, key: &Key) -> Result<Option<Value>, Error> {
        let table = self.database.begin_read()?.open_table(ROWS)?;
        Ok(table.get(&key[..])?.map(|value| *value.value()))
    }

    fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }
}
