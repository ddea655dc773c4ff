//! Restore: a backup becomes a data directory, checked before anything that is there is touched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dreamkeeper_domain::ports::{Clock, PortError, PortErrorKind, SpaceRecord};
use dreamkeeper_store_sqlite::{DataDir, Options as StoreOptions, OwnerLock, space_of_file};
use jiff::Timestamp;

use super::SystemClock;

/// How a backup is put in place.
#[derive(Debug, Clone, Default)]
pub struct Restore {
    /// The name that a single space's file gets; a copied directory keeps its own names.
    pub space: String,
    /// Puts a directory that is there aside instead of refusing.
    pub replace: bool,
}

/// What was put in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The spaces that are there now, by name.
    pub spaces: Vec<String>,
    /// Where the directory that was there before is now.
    pub aside: Option<PathBuf>,
}

/// Why a backup was not put in place; what was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup cannot be read, or a process owns one of the directories.
    #[error(transparent)]
    Store(#[from] PortError),
    /// Something is there already.
    #[error("{} holds something already", .0.display())]
    Occupied(PathBuf),
    /// The backup's records contradict each other.
    #[error("the backup is not sound: {}", .0.join("; "))]
    Unsound(Vec<String>),
    /// A file or directory could not be made, copied or renamed.
    #[error("{doing} {} failed: {source}", path.display())]
    Files {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Whether a file stays where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placing {
    Copy,
    Move,
}

/// Puts a backup, a space's file or a copied data directory, in the place of a data directory.
pub(crate) async fn restore(
    backup: &Path,
    directory: &Path,
    restore: Restore,
) -> Result<Restored, RestoreError> {
    let occupied = fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !restore.replace {
        return Err(RestoreError::Occupied(directory.to_owned()));
    }
    // Held until the directory has another name: nobody may write where nobody will look.
    let lock = if occupied { Some(OwnerLock::take(directory)?) } else { None };
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(files("making", parent))?;
    // Beside its place, so that one rename is enough.
    let stage = tempfile::Builder::new().prefix(".dreamkeeper-restore-").tempdir_in(parent);
    let stage = stage.map_err(files("making a directory in", parent))?;
    if backup.is_dir() {
        copy_directory(backup, stage.path())?;
    } else {
        place(backup, stage.path(), &restore.space, Placing::Copy).await?;
    }
    let spaces = verified(stage.path()).await?;
    let aside = occupied.then(|| beside(directory, SystemClock.now()));
    if let Some(aside) = &aside {
        fs::rename(directory, aside).map_err(files("putting aside", directory))?;
    }
    fs::rename(stage.path(), directory).map_err(files("putting the backup at", directory))?;
    let _renamed = stage.keep();
    drop(lock);
    fs::File::open(parent).and_then(|parent| parent.sync_all()).map_err(files("keeping", directory))?;
    Ok(Restored { spaces, aside })
}

/// Puts a space's file into a data directory under a name.
pub(crate) async fn place(
    file: &Path,
    directory: &Path,
    name: &str,
    placing: Placing,
) -> Result<(), RestoreError> {
    let id = space_of_file(file)?;
    let data = DataDir::open(directory, StoreOptions::default())?;
    let place = directory.join(format!("spaces/{id}.db"));
    match placing {
        Placing::Copy => copy_database(file, &place)?,
        Placing::Move => fs::rename(file, &place).map_err(files("moving", file))?,
    }
    let record = SpaceRecord { id, name: name.to_owned(), created_at: SystemClock.now() };
    data.control().create_space(record).await?;
    Ok(())
}

/// Copies what counts of a data directory that nobody has open.
fn copy_directory(from: &Path, to: &Path) -> Result<(), RestoreError> {
    if let Some(pid) = OwnerLock::holder(from) {
        let message = format!("{} is owned by process {pid}: stop it, then copy it", from.display());
        return Err(PortError::new(PortErrorKind::Owned, message).into());
    }
    let control = from.join("control.db");
    if !control.is_file() {
        let message = format!("{} is no data directory: it has no control.db", from.display());
        return Err(PortError::new(PortErrorKind::Refused, message).into());
    }
    copy_database(&control, &to.join("control.db"))?;
    let (from, to) = (from.join("spaces"), to.join("spaces"));
    fs::create_dir(&to).map_err(files("making", &to))?;
    for entry in fs::read_dir(&from).map_err(files("reading", &from))? {
        let path = entry.map_err(files("reading", &from))?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|kind| kind == "db")) {
            copy_database(&path, &to.join(name))?;
        }
    }
    Ok(())
}

/// Copies a database with what its log holds, and has it on the disk.
fn copy_database(from: &Path, to: &Path) -> Result<(), RestoreError> {
    for suffix in ["", "-wal"] {
        let with = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let (from, to) = (with(from), with(to));
        if suffix.is_empty() || from.exists() {
            fs::copy(&from, &to).map_err(files("copying", &from))?;
            make_private(&to)
                .and_then(|()| fs::File::open(&to)?.sync_all())
                .map_err(files("keeping", &to))?;
        }
    }
    Ok(())
}

fn make_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// The names of the spaces in a directory, after everything in them was read.
async fn verified(directory: &Path) -> Result<Vec<String>, RestoreError> {
    let data = DataDir::open(directory, StoreOptions::default())?;
    let (mut names, mut problems) = (Vec::new(), Vec::new());
    for space in data.control().spaces().await? {
        // A space that was named and never written has no file yet.
        if directory.join(format!("spaces/{}.db", space.id)).exists() {
            problems.extend(data.store().space(space.id).await?.check().await?);
        }
        names.push(space.name);
    }
    if problems.is_empty() { Ok(names) } else { Err(RestoreError::Unsound(problems)) }
}

/// A name beside a directory that tells since when it stands there.
fn beside(directory: &Path, at: Timestamp) -> PathBuf {
    let mut name = directory.as_os_str().to_owned();
    name.push(at.strftime(".before-%Y%m%dT%H%M%S%3fZ").to_string());
    name.into()
}

fn files(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RestoreError {
    let path = path.to_owned();
    move |source| RestoreError::Files { doing, path, source }
}
