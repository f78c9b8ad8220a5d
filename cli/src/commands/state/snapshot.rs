//! `dytallix state snapshot`: writes the state of a height as chunks and a manifest.

use std::path::{Path, PathBuf};

use clap::Args;
use dytallix::state::{Manifest, SnapshotWriter};
use dytallix::{DiskStore, State};
use serde_json::json;

use super::args::{At, Ledger};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::progress::Progress;
use crate::report::{Report, facts, grouped};

/// The file of the manifest.
const MANIFEST: &str = "manifest";

/// Writes a snapshot of the state: files chunk-000000, … and, last, manifest.
///
/// Run again after an interruption, it keeps the chunks that are written already. A folder with
/// another snapshot in it is left as it is.
#[derive(Args, Debug)]
pub(crate) struct Snapshot {
    #[command(flatten)]
    pub(super) ledger: Ledger,
    #[command(flatten)]
    at: At,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Bytes of a chunk, about.
    #[arg(long, value_name = "N", default_value_t = SnapshotWriter::CHUNK_BYTES as u64,
        value_parser = clap::value_parser!(u64).range(1..=1 << 30))]
    chunk_bytes: u64,
}

/// The file of a chunk.
pub(super) fn chunk_file(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("chunk-{number:06}"))
}

/// The file of the manifest.
pub(super) fn manifest_file(folder: &Path) -> PathBuf {
    folder.join(MANIFEST)
}

/// What came of writing the chunks.
#[derive(Default)]
struct Written {
    /// Bytes of all chunks.
    bytes: u64,
    /// Chunks that were there already.
    kept: u64,
}

impl Snapshot {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let (state, height) = self.ledger.open_at(self.at)?;
        let failed = |error| self.ledger.failure(&error);
        let chunk_bytes = self.chunk_bytes as usize;
        let mut writer = SnapshotWriter::new(&state, height, chunk_bytes).map_err(failed)?;
        files::make_folder(&self.out)?;
        self.spare_another(&writer.manifest())?;
        let written = self.write_chunks(&state, &mut writer)?;
        let manifest = writer.manifest();
        files::write_whole(&manifest_file(&self.out), &manifest.encode())?;
        let count = manifest.chunks.len();
        let text = facts(&[
            ("height", manifest.height.to_string()),
            ("root", manifest.root.to_string()),
            ("rows", grouped(manifest.rows)),
            ("chunks", format!("{count}, {} bytes", grouped(written.bytes))),
            ("kept", format!("{} of them were there already", grouped(written.kept))),
            ("snapshot", manifest.id().to_string()),
            ("folder", self.out.display().to_string()),
        ]);
        let json = json!({
            "schema": "dytallix.state-snapshot/1",
            "data": self.ledger.name(),
            "out": self.out.display().to_string(),
            "height": manifest.height.number(),
            "root": manifest.root.to_string(),
            "snapshot": manifest.id().to_string(),
            "rows": manifest.rows,
            "chunks": count,
            "bytes": written.bytes,
            "kept": written.kept,
        });
        Ok(Report { text, json })
    }

    /// Fails where the folder has a manifest of another snapshot, or what is none.
    fn spare_another(&self, ours: &Manifest) -> Result<(), Failure> {
        let path = manifest_file(&self.out);
        let Some(bytes) = files::read(&path)? else { return Ok(()) };
        let other = match Manifest::decode(&bytes) {
            Ok(found) if (found.height, found.root) == (ours.height, ours.root) => return Ok(()),
            Ok(found) => format!("a snapshot of height {}, root {}", found.height, found.root),
            Err(error) => format!("something else ({error})"),
        };
        let folder = self.out.display();
        Err(Failure::new(Exit::Failed, format!("there is {other} in {folder}"))
            .at(path.display().to_string())
            .way_out("another --out; or remove what is there, if nobody needs it")
            .fact("class", "not-empty"))
    }

    fn write_chunks(
        &self,
        state: &State<DiskStore>,
        writer: &mut SnapshotWriter,
    ) -> Result<Written, Failure> {
        let progress = Progress::new("chunks", None, self.ledger.json);
        let mut written = Written::default();
        let mut number = 0;
        while let Some(chunk) =
            writer.next_chunk(state).map_err(|error| self.ledger.failure(&error))?
        {
            let path = chunk_file(&self.out, number);
            if files::read(&path)?.is_some_and(|found| found == chunk) {
                written.kept += 1;
            } else {
                // A manifest says that all chunks are there, so it goes before one of them does.
                files::remove(&manifest_file(&self.out))?;
                files::write_whole(&path, &chunk)?;
            }
            written.bytes += chunk.len() as u64;
            number += 1;
            progress.reach(number.into());
        }
        // An earlier snapshot in smaller chunks had more of them.
        while files::read(&chunk_file(&self.out, number))?.is_some() {
            files::remove(&manifest_file(&self.out))?;
            files::remove(&chunk_file(&self.out, number))?;
            number += 1;
        }
        Ok(written)
    }
}
