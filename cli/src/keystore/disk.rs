//! Files that nobody else may read: written whole, never over another.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::files::sync_folder;

/// No file of a key is longer: that of the longest public key has some 6 KiB.
const LONGEST: u64 = 64 << 10;

/// Writes a file that only its owner may read. It has its name when it is whole and on the disk,
/// and not before; a file of that name makes it fail with `AlreadyExists`.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    make_folder(folder)?;
    let unfinished = folder.join(unfinished_name()?);
    let write = || -> io::Result<()> {
        let mut file =
            private(OpenOptions::new().write(true).create_new(true)).open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // A rename would take the place of what is there; a second name for the file never does.
        std::fs::hard_link(&unfinished, path)
    };
    let written = write();
    // It is the other name of the key, or what is left of one; the cause counts, not this.
    let _ = std::fs::remove_file(&unfinished);
    written?;
    sync_folder(path)
}

/// A name that no other process takes, and that is none of a key.
fn unfinished_name() -> io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(format!(".{:016x}.unfinished", u64::from_le_bytes(random)))
}

/// Makes a folder that only its owner may enter, where it is missing. One that is there stays as
/// it is.
fn make_folder(folder: &Path) -> io::Result<()> {
    let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let made: Vec<&Path> = folder.ancestors().take_while(missing).collect();
    if made.is_empty() {
        return Ok(());
    }
    private_folder(DirBuilder::new().recursive(true)).create(folder)?;
    made.iter().try_for_each(|folder| sync_folder(folder))
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(unix)]
fn private_folder(builder: &mut DirBuilder) -> &mut DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

/// Elsewhere the folder of the user has to keep others out.
#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// As for files.
#[cfg(not(unix))]
fn private_folder(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder
}

/// Reads a file, of which nothing beyond the longest that is possible is taken into memory.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LONGEST {
        true => Err(io::Error::other(format!("it has more than {LONGEST} bytes"))),
        false => Ok(bytes),
    }
}

/// Names of the files that end so, without the ending, in order. Hidden files are none of ours.
pub(super) fn names(folder: &Path, ending: &str) -> io::Result<Vec<String>> {
    let entries = match folder.read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let file = PathBuf::from(entry?.file_name());
        let name = file.to_string_lossy();
        let name = name.strip_suffix(ending).filter(|name| !name.starts_with('.'));
        names.extend(name.map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
