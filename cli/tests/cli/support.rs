//! Runs the binary, in a folder of its own where files are needed.

use std::path::PathBuf;
use std::process::{Command, Output};

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// The JSON document on the standard output.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {self:?}"))
    }
}

/// Runs `dytallix` with these arguments.
pub(crate) fn dytallix<I: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = I>) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_dytallix"))
        .args(args)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("the binary starts");
    ran(&output)
}

/// The outcome of a process.
pub(crate) fn ran(output: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let code = output.status.code().expect("no signal");
    Ran { code, out: text(&output.stdout), err: text(&output.stderr) }
}

/// A file with these contents, for one test.
pub(crate) fn file(name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).expect("the folder for tests");
    let path = folder.join(name);
    std::fs::write(&path, contents).expect("the file can be written");
    path
}
