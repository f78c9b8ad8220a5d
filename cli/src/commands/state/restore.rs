//! `dytallix state restore`: loads a snapshot into an empty ledger, if it has the trusted root.

use std::path::{Path, PathBuf};

use clap::Args;
use dytallix::state::{Manifest, Restore as Loader, SnapshotError, StateRoot};
use dytallix::{DiskStore, Height, State};
use serde_json::json;

use super::args::{Ledger, state_root};
use super::root::{totals_facts, totals_json};
use super::snapshot::{chunk_file, manifest_file};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::ledger;
use crate::progress::Progress;
use crate::report::{Paint, Report, facts, grouped};

/// Restores a snapshot into an empty ledger, if and only if it has the root that you trust for its
/// height.
///
/// Interrupted and run again, it goes on with the next chunk. Until all of it has been verified,
/// the ledger does not open for anything else.
#[derive(Args, Debug)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(super) ledger: Ledger,
    /// The folder of the snapshot.
    #[arg(long, value_name = "DIR", required_unless_present = "abandon")]
    from: Option<PathBuf>,
    /// The height of the trusted state root: it is not part of the root, and what later blocks do
    /// depends on it.
    #[arg(long, value_name = "HEIGHT", required_unless_present = "abandon")]
    height: Option<u64>,
    /// The trusted state root, 64 hexadecimal digits: not out of the snapshot, but from somebody
    /// whom you trust.
    #[arg(long, value_name = "ROOT", value_parser = state_root,
        required_unless_present = "abandon")]
    root: Option<StateRoot>,
    /// Give an unfinished restore up: remove what it has loaded.
    #[arg(long, conflicts_with_all = ["from", "height", "root"])]
    abandon: bool,
}

impl Restore {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        match (&self.from, self.height, &self.root) {
            (Some(from), Some(height), Some(root)) => self.load(from, Height::new(height), root),
            _ => self.abandon(),
        }
    }

    fn load(&self, from: &Path, height: Height, root: &StateRoot) -> Result<Report, Failure> {
        let failed = |error: SnapshotError| self.failure(&error, from);
        let manifest = read_manifest(from)?;
        if manifest.root != *root {
            // Found out before anything is made.
            let (trusted, found) = (*root, manifest.root);
            return Err(failed(SnapshotError::OtherRoot { trusted, found }));
        }
        if manifest.height != height {
            let (trusted, found) = (height, manifest.height);
            return Err(failed(SnapshotError::OtherHeight { trusted, found }));
        }
        let store = ledger::open_or_make(&self.ledger.data)?;
        let chunks = manifest.chunks.len() as u32;
        let mut loader = Loader::begin(store, manifest.clone(), height, root).map_err(failed)?;
        let first = loader.wanted().unwrap_or(chunks);
        let progress = Progress::new("chunks", Some(chunks.into()), self.ledger.json);
        while let Some(number) = loader.wanted() {
            progress.reach(number.into());
            loader.add(number, &read_chunk(from, number)?).map_err(failed)?;
        }
        drop(progress);
        let progress = Progress::new("root of the rows", None, self.ledger.json);
        let options = self.ledger.held.options();
        let state = loader.finish(options, &mut |checking| progress.reach_check(checking));
        drop(progress);
        let state = state.map_err(failed)?;
        Ok(self.restored(from, &manifest, first, &state))
    }

    fn restored(
        &self,
        from: &Path,
        manifest: &Manifest,
        first: u32,
        state: &State<DiskStore>,
    ) -> Report {
        let mut list = vec![
            ("height", manifest.height.to_string()),
            ("root", state.root().to_string()),
            ("rows", grouped(manifest.rows)),
            ("chunks", manifest.chunks.len().to_string()),
        ];
        if first > 0 {
            list.push(("resumed", format!("with chunk {first}")));
        }
        list.extend(totals_facts(&state.totals()));
        let json = json!({
            "schema": "dytallix.state-restore/1",
            "data": self.ledger.name(),
            "from": from.display().to_string(),
            "outcome": "restored",
            "height": manifest.height.number(),
            "root": state.root().to_string(),
            "snapshot": manifest.id().to_string(),
            "rows": manifest.rows,
            "chunks": manifest.chunks.len(),
            "first_chunk": first,
            "totals": totals_json(&state.totals()),
        });
        let done = Paint.good("restored and verified");
        Report { text: format!("{done}\n{}", facts(&list)), json }
    }

    fn abandon(&self) -> Result<Report, Failure> {
        let store = ledger::open_store(&self.ledger.data)?;
        let progress = Progress::new("removing", None, self.ledger.json);
        let store = Loader::abandon(store).map_err(|error| self.ledger.failure(&error))?;
        let state = self.ledger.open_state(store)?;
        drop(progress);
        if let Some(head) = state.head() {
            let cause = format!("there is a ledger of height {}, not a restore", head.height);
            return Err(Failure::new(Exit::Store, cause)
                .at(ledger::file(&self.ledger.data).display().to_string())
                .way_out("nothing: nothing was removed")
                .fact("class", "not-empty"));
        }
        let json = json!({
            "schema": "dytallix.state-restore/1",
            "data": self.ledger.name(),
            "outcome": "abandoned",
        });
        let text = format!("{}: the ledger is empty\n", Paint.good("abandoned"));
        Ok(Report { text, json })
    }

    fn failure(&self, error: &SnapshotError, from: &Path) -> Failure {
        let data = self.ledger.data.display();
        let file = || ledger::file(&self.ledger.data).display().to_string();
        let abandon = format!("`dytallix state restore --data {data} --abandon`");
        let mut failure = Failure::new(Exit::Failed, error.to_string());
        let way_out = match error {
            SnapshotError::Store(error) => return self.ledger.failure(error),
            SnapshotError::NotEmpty => {
                failure = Failure::new(Exit::Store, "there is a ledger already").at(file());
                "another --data, which is empty or not there yet".to_owned()
            }
            SnapshotError::OtherRestore => {
                failure = Failure::new(Exit::Store, error.to_string()).at(file());
                format!("the same snapshot as before; or give that one up: {abandon}")
            }
            SnapshotError::OtherRoot { .. } | SnapshotError::OtherHeight { .. } => {
                failure = failure.at(manifest_file(from).display().to_string());
                "a snapshot of the trusted height and root".to_owned()
            }
            SnapshotError::Chunk { number, .. } => {
                let path = chunk_file(from, *number).display().to_string();
                failure = failure.at(path).fact("chunk", *number);
                format!("get chunk {number} anew and run the same command: it goes on with it")
            }
            _ => {
                failure = failure.at(data.to_string());
                format!("{abandon}, then another snapshot")
            }
        };
        failure.fact("class", class(error)).way_out(way_out)
    }
}

/// The kind of an error, for programs.
fn class(error: &SnapshotError) -> &'static str {
    match error {
        SnapshotError::Manifest(_) => "manifest",
        SnapshotError::OtherRoot { .. } => "other-root",
        SnapshotError::OtherHeight { .. } => "other-height",
        SnapshotError::Chunk { .. } => "chunk",
        SnapshotError::WrongState(_) => "wrong-state",
        SnapshotError::NotEmpty => "not-empty",
        SnapshotError::OtherRestore => "other-restore",
        _ => "restore",
    }
}

fn read_manifest(from: &Path) -> Result<Manifest, Failure> {
    let path = manifest_file(from);
    let wrong = |cause: String| {
        Failure::new(Exit::Failed, cause)
            .at(path.display().to_string())
            .way_out("a folder that `dytallix state snapshot` has written to its end")
            .fact("class", "manifest")
    };
    let bytes = files::read(&path)?
        .ok_or_else(|| wrong(format!("there is no manifest in {}", from.display())))?;
    Manifest::decode(&bytes).map_err(|error| wrong(error.to_string()))
}

fn read_chunk(from: &Path, number: u32) -> Result<Vec<u8>, Failure> {
    let path = chunk_file(from, number);
    files::read(&path)?.ok_or_else(|| {
        Failure::new(Exit::Failed, format!("chunk {number} is missing"))
            .at(path.display().to_string())
            .way_out("put it there and run the same command: it goes on with that chunk")
            .fact("class", "chunk")
            .fact("chunk", number)
    })
}
