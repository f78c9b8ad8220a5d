//! Writes a package: whole, or not at all.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::failure::Failure;

/// Checks that a package can be put there.
pub(super) fn check(folder: &Path) -> Result<(), Failure> {
    let place = folder.display();
    match folder.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = parent(folder);
            if !parent.is_dir() {
                let parent = parent.display();
                let cause = format!("there is no folder {parent} to put {place} into");
                return Err(Failure::new(Exit::Failed, cause).way_out(format!("mkdir -p {parent}")));
            }
            Ok(())
        }
        Err(error) => Err(cannot(folder, &error)),
        Ok(_) if !folder.is_dir() => {
            let cause = format!("{place} is there already and is no folder");
            Err(Failure::new(Exit::Failed, cause).way_out("another name, or another --path"))
        }
        Ok(_) => {
            let mut entries = folder.read_dir().map_err(|error| cannot(folder, &error))?;
            match entries.next() {
                None => Ok(()),
                Some(_) => {
                    let cause = format!("the folder {place} is there already and is not empty");
                    Err(Failure::new(Exit::Failed, cause)
                        .way_out("another name, or another --path: nothing is ever overwritten"))
                }
            }
        }
    }
}

/// Writes the files under another name beside the folder, and moves them there when all are whole.
pub(super) fn write(folder: &Path, files: &[(String, String)]) -> Result<(), Failure> {
    let stage = stage(folder);
    let done = fill(&stage, files).and_then(|()| install(&stage, folder));
    done.map_err(|error| {
        // What is left of it, if anything, is not what was asked for.
        let _ = std::fs::remove_dir_all(&stage);
        cannot(folder, &error)
    })
}

fn cannot(folder: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Failed, format!("cannot make {}: {error}", folder.display()))
        .way_out("check the path, its permissions and the space that is left")
}

fn parent(folder: &Path) -> &Path {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Where the files are while they are written: on the same disk, and hidden. A folder that is there
/// holds them itself, since what is beside it may belong to somebody else.
fn stage(folder: &Path) -> PathBuf {
    let hidden = OsString::from(format!(".dytallix-new-{}", std::process::id()));
    if folder.is_dir() { folder.join(hidden) } else { parent(folder).join(hidden) }
}

fn fill(stage: &Path, files: &[(String, String)]) -> io::Result<()> {
    std::fs::create_dir(stage)?;
    for (path, contents) in files {
        let path = stage.join(path);
        std::fs::create_dir_all(parent(&path))?;
        std::fs::write(path, contents)?;
    }
    Ok(())
}

fn install(stage: &Path, folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        return std::fs::rename(stage, folder);
    }
    let names = std::fs::read_dir(stage)?.map(|entry| Ok(entry?.file_name()));
    let names = names.collect::<io::Result<Vec<_>>>()?;
    for (done, name) in names.iter().enumerate() {
        if let Err(error) = std::fs::rename(stage.join(name), folder.join(name)) {
            for name in &names[..done] {
                let _ = std::fs::rename(folder.join(name), stage.join(name));
            }
            return Err(error);
        }
    }
    std::fs::remove_dir(stage)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second file needs a folder where the first one is.
    fn impossible() -> Vec<(String, String)> {
        [("src", ""), ("src/lib.rs", "")].map(|(path, text)| (path.into(), text.into())).to_vec()
    }

    fn is_empty(folder: &Path) -> bool {
        folder.read_dir().expect("a folder").next().is_none()
    }

    #[test]
    fn nothing_is_left_of_what_failed() {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("package");
        assert!(write(&folder, &impossible()).is_err());
        assert!(is_empty(parent.path()));
        std::fs::create_dir(&folder).expect("a folder");
        assert!(write(&folder, &impossible()).is_err());
        assert!(is_empty(&folder));
    }

    #[test]
    fn what_was_moved_goes_back_where_the_rest_cannot_follow() {
        let parent = tempfile::tempdir().expect("a folder");
        let (stage, folder) = (parent.path().join("stage"), parent.path().join("package"));
        let files = ["a", "b", "c"].map(|name| (name.to_owned(), String::new()));
        fill(&stage, &files).expect("written");
        // A folder with something in it is in the way of each of the three.
        for name in ["a", "b", "c"] {
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(folder.join(name).join("mine")).expect("a folder");
            assert!(install(&stage, &folder).is_err(), "{name} is in the way");
            let names = folder.read_dir().expect("a folder").flatten().map(|e| e.file_name());
            assert_eq!(names.collect::<Vec<_>>(), [name]);
            assert_eq!(stage.read_dir().expect("a folder").count(), 3);
        }
    }
}
