//! `dytallix state`: looks into the ledger in a folder, proves, checks, copies and prunes it. One
//! file per subcommand.

mod args;
mod check;
mod dump;
mod get;
mod proof;
mod proof_file;
mod prune;
mod restore;
mod root;
mod rows;
mod show;
mod snapshot;
mod verify_proof;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::report::Report;
pub(crate) use proof_file::document as proof_document;
pub(crate) use show::{account_facts, account_json, bytes_json, bytes_text, past_json};

/// Looks into the ledger in a folder: roots, accounts, storage, proofs, snapshots, pruning.
///
/// A ledger is the file state.redb in its folder. Commands that only look make no files and leave
/// the ledger as it is, unless --bounded or --in-memory tells otherwise; while one of them has it
/// open, no other process can.
#[derive(Args, Debug)]
pub(crate) struct State {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Root(root::Root),
    Get(get::Get),
    Dump(dump::Dump),
    Check(check::Check),
    Proof(proof::Proof),
    VerifyProof(verify_proof::VerifyProof),
    Snapshot(snapshot::Snapshot),
    Restore(restore::Restore),
    Prune(prune::Prune),
}

impl State {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        match &self.command {
            Command::Root(root) => root.execute(),
            Command::Get(get) => get.execute(),
            Command::Dump(dump) => dump.execute(),
            Command::Check(check) => check.execute(),
            Command::Proof(proof) => proof.execute(),
            Command::VerifyProof(verify) => verify.execute(),
            Command::Snapshot(snapshot) => snapshot.execute(),
            Command::Restore(restore) => restore.execute(),
            Command::Prune(prune) => prune.execute(),
        }
    }

    /// Whether it is to print one JSON document.
    pub(crate) fn wants_json(&self) -> bool {
        match &self.command {
            Command::Root(root) => root.ledger.json,
            Command::Get(get) => get.ledger.json,
            Command::Dump(dump) => dump.ledger.json,
            Command::Check(check) => check.ledger.json,
            Command::Proof(proof) => proof.ledger.json,
            Command::VerifyProof(verify) => verify.json,
            Command::Snapshot(snapshot) => snapshot.ledger.json,
            Command::Restore(restore) => restore.ledger.json,
            Command::Prune(prune) => prune.ledger.json,
        }
    }
}
