//! Files that are there whole or not at all.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::failure::Failure;

/// What is added to the name of a file while it is written.
const UNFINISHED: &str = ".unfinished";

/// Writes a file under another name first: what has the name `path` is whole, after a crash too.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut unfinished = OsString::from(path);
    unfinished.push(UNFINISHED);
    let unfinished = PathBuf::from(unfinished);
    let write = || -> io::Result<()> {
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)?;
        sync_folder(path)
    };
    write().map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot write {}: {error}", path.display()))
            .way_out("check the path, its permissions and the space that is left")
    })
}

/// A new name is durable when its folder is: so a manifest is never there before its chunks.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Folders cannot be synced everywhere.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a file; none where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(Failure::new(Exit::Failed, format!("cannot read {}: {error}", path.display()))
                .way_out("check the path and its permissions"))
        }
    }
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::new(Exit::Failed, format!("cannot remove {}: {error}", path.display()))
                .way_out("check the permissions of its folder"))
        }
        _ => Ok(()),
    }
}

/// Makes a folder, where it is missing.
pub(crate) fn make_folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot make the folder {}: {error}", path.display()))
            .way_out("check the path and its permissions")
    })
}
