//! Passphrases: from a file, from the environment, or from the terminal. Never from the command
//! line, which other users of the machine can read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::exit::Exit;
use crate::failure::Failure;

/// Holds the passphrase, where no file is named.
const VARIABLE: &str = "DYTALLIX_PASSPHRASE";

/// The longest passphrase, in bytes.
const LONGEST: usize = 4096;

/// A passphrase. It is wiped when it is dropped, and has no `Debug`.
pub(crate) struct Passphrase(Zeroizing<Vec<u8>>);

/// Whether a passphrase opens a key or is to close one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// It is asked for once.
    Open,
    /// It is asked for twice: a slip would lose the key.
    Close,
}

impl Passphrase {
    /// A passphrase of these bytes, which are taken as they are.
    ///
    /// # Errors
    ///
    /// If there are none, or too many.
    pub(super) fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Passphrase, Failure> {
        let cause = match bytes.len() {
            0 => "the passphrase is empty".to_owned(),
            1..=LONGEST => return Ok(Passphrase(bytes)),
            _ => format!("the passphrase has more than {LONGEST} bytes"),
        };
        Err(Failure::new(Exit::Usage, cause).way_out("another passphrase"))
    }

    /// The passphrase for a key: of the file, else of the environment, else what `ask` answers.
    pub(super) fn find(
        file: Option<&Path>,
        variable: Option<Zeroizing<Vec<u8>>>,
        (name, purpose): (&str, Purpose),
        ask: &mut dyn FnMut(&str) -> io::Result<String>,
    ) -> Result<Passphrase, Failure> {
        if let Some(path) = file {
            return Passphrase::new(of_file(path)?);
        }
        if let Some(bytes) = variable {
            return Passphrase::new(bytes).map_err(|failure| failure.note("from", VARIABLE));
        }
        let mut ask = |prompt: &str| -> Result<Zeroizing<Vec<u8>>, Failure> {
            let answer = ask(prompt).map_err(|error| {
                let cause = format!("cannot ask for the passphrase: {error}");
                let way_out = format!("--passphrase-file FILE, or the environment's {VARIABLE}");
                Failure::new(Exit::Usage, cause).way_out(way_out)
            })?;
            Ok(Zeroizing::new(answer.into_bytes()))
        };
        let passphrase = Passphrase::new(ask(&format!("Passphrase of {name}: "))?)?;
        if purpose == Purpose::Close && *ask("The same again: ")? != *passphrase.0 {
            let cause = "the two passphrases are not the same";
            return Err(Failure::new(Exit::Usage, cause).way_out("once more: nothing was written"));
        }
        Ok(passphrase)
    }

    /// Its bytes, which are secret.
    pub(super) fn secret_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The environment's passphrase; one that is empty is as good as none.
pub(super) fn of_environment() -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(std::env::var_os(VARIABLE)?.into_encoded_bytes());
    (!bytes.is_empty()).then_some(bytes)
}

/// Asks on the terminal and does not show what is typed.
pub(super) fn of_terminal(prompt: &str) -> io::Result<String> {
    rpassword::prompt_password(prompt)
}

/// What a file holds, without the end of its line.
fn of_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    let mut bytes = read_secret(file, LONGEST + 2).map_err(|error| cannot_read(path, &error))?;
    let line =
        bytes.strip_suffix(b"\n").map_or(&**bytes, |line| line.strip_suffix(b"\r").unwrap_or(line));
    let length = line.len();
    bytes.truncate(length);
    Ok(bytes)
}

/// Reads a secret and no more than it can have, plus one byte that tells of more, into memory that
/// is reserved as a whole: what grows leaves copies behind.
pub(super) fn read_secret(from: impl Read, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(most + 64));
    from.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file with a secret that cannot be read.
pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Failed, format!("cannot read {}: {error}", path.display()))
        .way_out("check the path and its permissions")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers in turn, and what was asked.
    fn find(purpose: Purpose, answers: &[&str]) -> (Result<Passphrase, Failure>, Vec<String>) {
        let (mut answers, mut asked) = (answers.iter(), Vec::new());
        let mut ask = |prompt: &str| {
            asked.push(prompt.to_owned());
            let answer = answers.next().map(|answer| (*answer).to_owned());
            answer.ok_or_else(|| io::Error::other("no terminal"))
        };
        (Passphrase::find(None, None, ("alice", purpose), &mut ask), asked)
    }

    fn cause<T>(result: Result<T, Failure>) -> String {
        let failure = result.err().expect("a failure");
        assert_eq!(failure.exit, Exit::Usage);
        failure.to_json()["cause"].as_str().expect("a cause").to_owned()
    }

    #[test]
    fn the_terminal_is_asked_once_to_open_and_twice_to_close() {
        let (found, asked) = find(Purpose::Open, &["secret"]);
        assert_eq!(found.expect("a passphrase").secret_bytes(), b"secret");
        assert_eq!(asked, ["Passphrase of alice: "]);
        let (found, asked) = find(Purpose::Close, &["secret", "secret"]);
        assert_eq!(found.expect("a passphrase").secret_bytes(), b"secret");
        assert_eq!(asked, ["Passphrase of alice: ", "The same again: "]);
    }

    #[test]
    fn a_slip_an_empty_passphrase_and_a_missing_terminal_are_told() {
        let not_the_same = cause(find(Purpose::Close, &["secret", "secrets"]).0);
        assert_eq!(not_the_same, "the two passphrases are not the same");
        let (found, asked) = find(Purpose::Close, &["", ""]);
        assert_eq!((cause(found).as_str(), asked.len()), ("the passphrase is empty", 1));
        let none = cause(find(Purpose::Open, &[]).0);
        assert_eq!(none, "cannot ask for the passphrase: no terminal");
    }

    #[test]
    fn a_file_goes_before_the_environment_and_that_before_the_terminal() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("passphrase");
        std::fs::write(&file, "of the file\n").expect("written");
        let variable = || Some(Zeroizing::new(b"of the environment".to_vec()));
        let mut ask = |_: &str| Err(io::Error::other("nobody is asked"));
        let mut find = |file, variable| {
            Passphrase::find(file, variable, ("alice", Purpose::Close), &mut ask).ok()
        };
        let found = find(Some(&file), variable()).expect("a passphrase");
        assert_eq!(found.secret_bytes(), b"of the file");
        let found = find(None, variable()).expect("a passphrase");
        assert_eq!(found.secret_bytes(), b"of the environment");
        assert!(find(None, None).is_none());
    }

    #[test]
    fn one_end_of_line_is_no_part_of_the_passphrase() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("passphrase");
        for (contents, expected) in
            [("a b", "a b"), ("a b\n", "a b"), ("a b\r\n", "a b"), (" a\n\n", " a\n"), ("\n", "")]
        {
            std::fs::write(&file, contents).expect("written");
            assert_eq!(*of_file(&file).expect("read"), expected.as_bytes());
        }
    }

    #[test]
    fn the_longest_passphrase_is_taken_and_the_next_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("passphrase");
        for (length, fits) in
            [(LONGEST - 1, true), (LONGEST, true), (LONGEST + 1, false), (9999, false)]
        {
            for end in ["", "\n", "\r\n"] {
                std::fs::write(&file, "a".repeat(length) + end).expect("written");
                let found = Passphrase::new(of_file(&file).expect("read"));
                assert_eq!(found.is_ok(), fits, "{length} {end:?}");
            }
        }
    }
}
