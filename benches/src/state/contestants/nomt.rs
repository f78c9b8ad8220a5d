//! nomt 1: a binary Merkle trie in its own files, with threads for input and output.
//!
//! A commit is durable when it returns: the write-ahead log and both value files are synced, then
//! the meta file, then the hash table (`store/sync.rs`, `bitbox/writeout.rs` and `beatree/mod.rs`
//! of nomt 1.0). Those five calls of `fsync` are stated here and not counted, because nomt has no
//! seam for it; `strace -f -c -e fsync` agrees with them.

use super::{Contestant, Key, Settings, Value, next_rows};
use crate::Error;
use ::nomt::hasher::Blake3Hasher;
use ::nomt::{KeyReadWrite, Nomt, Options, SessionParams};

pub(super) const ABOUT: &str = "nomt 1 with its Blake3 hasher, one commit worker, one for \
    input and output, rollback log off; syncs are 5 per commit by its source, not \
    counted in the process";

const SYNCS_PER_COMMIT: u64 = 5;
/// The seed of its hash table, fixed so that runs are alike.
const SEED: [u8; 16] = [7; 16];
/// 4 KiB buckets for the pages of the trie: 4 GiB of sparse file, enough for tens of millions.
const BUCKETS: u32 = 1 << 20;

struct Trie {
    nomt: Nomt<Blake3Hasher>,
    commits: u64,
}

pub(super) fn open(settings: &Settings) -> Result<Box<dyn Contestant>, Error> {
    let mut options = Options::new();
    options.path(settings.directory.join("nomt"));
    options.commit_concurrency(1);
    // Its default of three takes no less CPU, and here time on the wall is not what is compared.
    options.io_workers(1);
    options.hashtable_buckets(BUCKETS);
    options.bitbox_seed(SEED);
    options.preallocate_ht(false);
    Ok(Box::new(Trie { nomt: Nomt::open(options)?, commits: 0 }))
}

/// The place of a key in the trie: nomt wants paths that are spread evenly.
fn path(key: &Key) -> [u8; 32] {
    blake3::hash(key).into()
}

impl Contestant for Trie {
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
        let session = self.nomt.begin_session(SessionParams::default());
        let write = |value: &Value| KeyReadWrite::Write(Some(value.to_vec()));
        let mut writes: Vec<_> =
            updates.iter().map(|(key, value)| (path(key), write(value))).collect();
        writes.sort_unstable_by_key(|write| write.0);
        let finished = session.finish(writes)?;
        let root = finished.root().into_inner();
        finished.commit(&self.nomt)?;
        self.commits += 1;
        Ok(root)
    }

    fn read(&mut self, key: &Key) -> Result<Option<Value>, Error> {
        let session = self.nomt.begin_session(SessionParams::default());
        let Some(value) = session.read(path(key))? else { return Ok(None) };
        Ok(Some(value.as_slice().try_into()?))
    }

    fn syncs(&self) -> u64 {
        self.commits * SYNCS_PER_COMMIT
    }
}
