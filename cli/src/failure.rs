//! What went wrong: the cause, the place, the way out.

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use crate::exit::Exit;
use crate::report::Paint;

/// An outcome that ends the process with another code than 0.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    details: Box<Details>,
}

#[derive(Debug)]
struct Details {
    cause: String,
    notes: Vec<(&'static str, String)>,
    way_out: Option<String>,
    facts: Map<String, Json>,
}

impl Failure {
    /// A failure of this kind with its cause in one sentence.
    pub(crate) fn new(exit: Exit, cause: impl Into<String>) -> Self {
        let details =
            Details { cause: cause.into(), notes: Vec::new(), way_out: None, facts: Map::new() };
        Failure { exit, details: Box::new(details) }
    }

    /// Says where; several places are shown one below the other.
    #[must_use]
    pub(crate) fn at(self, place: impl Into<String>) -> Self {
        self.note("at", place)
    }

    /// Adds a line with a label.
    #[must_use]
    pub(crate) fn note(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.details.notes.push((label, text.into()));
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub(crate) fn way_out(mut self, text: impl Into<String>) -> Self {
        self.details.way_out = Some(text.into());
        self
    }

    /// Adds a member to the JSON document.
    #[must_use]
    pub(crate) fn fact(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.details.facts.insert(name.to_owned(), value.into());
        self
    }

    /// For people.
    pub(crate) fn to_text(&self, paint: &Paint) -> String {
        let word = match self.exit {
            Exit::Trap => "trap",
            Exit::Absent => "absent",
            Exit::Rejected => "rejected",
            Exit::Unsuccessful => "failed",
            _ => "error",
        };
        let mut text = format!("{} {}\n", paint.bad(&format!("{word}:")), self.details.cause);
        for (label, note) in &self.details.notes {
            let _ = writeln!(text, "  {} {note}", paint.dim(label));
        }
        if let Some(way_out) = &self.details.way_out {
            let _ = writeln!(text, "  {} {way_out}", paint.dim("try"));
        }
        text
    }

    /// For programs.
    pub(crate) fn to_json(&self) -> Json {
        let kind = match self.exit {
            Exit::Ok | Exit::Failed => "failed",
            Exit::Trap => "trap",
            Exit::BadModule => "bad-module",
            Exit::Store => "store",
            Exit::Absent => "absent",
            Exit::NotBuilt => "not-built",
            Exit::NoTool => "no-tool",
            Exit::Key => "key",
            Exit::Rejected => "rejected",
            Exit::Unsuccessful => "unsuccessful",
            Exit::Usage => "usage",
        };
        let mut document = json!({
            "schema": "dytallix.failure/1",
            "kind": kind,
            "exit_code": self.exit as u8,
            "cause": self.details.cause,
            "way_out": self.details.way_out,
        });
        if let Some(members) = document.as_object_mut() {
            members.extend(self.details.facts.clone());
        }
        document
    }
}
