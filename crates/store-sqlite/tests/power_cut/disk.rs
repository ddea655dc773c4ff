//! A disk whose power can fail: SQLite's own VFS for everything but writing, truncating, syncing and
//! deleting, which it also notes down.
//!
//! SQLite sees its real files, so reading, locks and shared memory are the real ones. What would be left
//! after a power cut is computed from the notes.
#![expect(unsafe_code, reason = "a VFS is a table of C functions over raw file structures")]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};

use dreamkeeper_testkit::SeededEntropy;
use rusqlite::ffi;

/// The VFS's name.
pub(crate) const NAME: &str = "power-cut";
const NAME_C: &CStr = c"power-cut";

/// What a disk keeps whole or not at all.
const SECTOR: usize = 512;

/// A change to a file that no sync has made durable yet.
enum Pending {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { len: usize },
}

/// A file as the disk has it.
#[derive(Default)]
struct Image {
    durable: Vec<u8>,
    pending: Vec<Pending>,
}

struct Disk {
    files: BTreeMap<PathBuf, Image>,
    step: u64,
    sync_count: u64,
    cut_at: Option<u64>,
    dead: bool,
}

static DISK: Mutex<Disk> =
    Mutex::new(Disk { files: BTreeMap::new(), step: 0, sync_count: 0, cut_at: None, dead: false });

fn disk() -> MutexGuard<'static, Disk> {
    DISK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to count steps; the power fails at `cut_at`, when given. Forgets files that are gone.
pub(crate) fn power_on(cut_at: Option<u64>) {
    let mut disk = disk();
    disk.files.retain(|path, _| path.exists());
    (disk.step, disk.sync_count, disk.cut_at, disk.dead) = (0, 0, cut_at, false);
}

/// The power fails now; gives the steps taken until it did.
pub(crate) fn cut() -> u64 {
    let mut disk = disk();
    disk.dead = true;
    disk.step
}

/// How often a file was synced since the power came on.
pub(crate) fn sync_count() -> u64 {
    disk().sync_count
}

/// Writes what the files of `from` hold after the cut to `to`.
pub(crate) fn leave_behind(from: &Path, to: &Path, entropy: &SeededEntropy) {
    fs::create_dir_all(to).unwrap();
    let disk = disk();
    for (path, image) in disk.files.iter().filter(|(path, _)| path.parent() == Some(from)) {
        fs::write(to.join(path.file_name().unwrap()), image.after_cut(entropy)).unwrap();
    }
}

impl Disk {
    /// Takes one step; `false` when the power has failed.
    fn step(&mut self) -> bool {
        self.dead |= self.cut_at.is_some_and(|at| self.step >= at);
        self.step += u64::from(!self.dead);
        !self.dead
    }
}

impl Image {
    /// The durable bytes, and of what came after some, in pieces: any subset may have reached the platter.
    fn after_cut(&self, entropy: &SeededEntropy) -> Vec<u8> {
        let mut left = self.durable.clone();
        let none = entropy.below(3) == 0;
        for pending in self.pending.iter().filter(|_| !none) {
            match (pending, entropy.below(4)) {
                (_, 0) => {}
                (Pending::Write { at, bytes }, 1) => {
                    for (number, sector) in bytes.chunks(SECTOR).enumerate().filter(|_| entropy.below(2) == 0)
                    {
                        put(&mut left, at + number * SECTOR, sector);
                    }
                }
                (pending, _) => pending.apply(&mut left),
            }
        }
        left
    }
}

impl Pending {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => put(file, *at, bytes),
            Self::Truncate { len } => file.truncate(*len),
        }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}

/// What stands behind SQLite's own file structure in every file of ours.
struct Behind {
    /// The methods that SQLite's own VFS gave the file.
    real: *const ffi::sqlite3_io_methods,
    /// The name under which its writes are noted.
    path: *mut PathBuf,
}

/// Bytes of the real file structure, rounded up so that [`Behind`] is aligned.
static REAL_SIZE: OnceLock<usize> = OnceLock::new();

fn real_vfs() -> *mut ffi::sqlite3_vfs {
    // SAFETY: the default VFS lives as long as the process.
    unsafe { ffi::sqlite3_vfs_find(c"unix".as_ptr()) }
}

/// Makes the VFS known to SQLite, once.
pub(crate) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the real VFS is copied bit by bit, as SQLite's own shims do; the copy is never freed.
        let code = unsafe {
            let mut vfs = std::ptr::read(real_vfs());
            let size = (vfs.szOsFile as usize).next_multiple_of(align_of::<Behind>());
            REAL_SIZE.set(size).expect("registered once");
            vfs.szOsFile = (size + size_of::<Behind>()) as c_int;
            vfs.zName = NAME_C.as_ptr();
            vfs.pNext = std::ptr::null_mut();
            vfs.xOpen = Some(open);
            vfs.xDelete = Some(delete);
            ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 0)
        };
        assert_eq!(code, ffi::SQLITE_OK);
    });
}

/// SAFETY: `file` was opened by [`open`], which put a [`Behind`] there.
unsafe fn behind(file: *mut ffi::sqlite3_file) -> *mut Behind {
    let size = *REAL_SIZE.get().expect("registered before any file is open");
    unsafe { file.cast::<u8>().add(size).cast() }
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: the file structure has room for the real one at its start; the methods that replace the real
    // ones call those with the same structure.
    unsafe {
        let vfs = real_vfs();
        let code = (*vfs).xOpen.expect("a VFS opens")(vfs, name, file, flags, out_flags);
        let noted = ffi::SQLITE_OPEN_MAIN_DB | ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL;
        if code != ffi::SQLITE_OK || flags & noted == 0 || name.is_null() {
            return code;
        }
        let path = PathBuf::from(CStr::from_ptr(name).to_str().expect("tests use plain paths"));
        let durable = fs::read(&path).unwrap_or_default();
        disk().files.entry(path.clone()).or_insert(Image { durable, pending: Vec::new() });
        let real = (*file).pMethods;
        behind(file).write(Behind { real, path: Box::into_raw(Box::new(path)) });
        let mut methods = std::ptr::read(real);
        methods.xWrite = Some(write);
        methods.xTruncate = Some(truncate);
        methods.xSync = Some(sync);
        methods.xClose = Some(close);
        (*file).pMethods = Box::leak(Box::new(methods));
        code
    }
}

/// Notes a change, when there is still power for it.
unsafe fn note(file: *mut ffi::sqlite3_file, change: impl FnOnce(&mut Image)) -> bool {
    let mut disk = disk();
    let alive = disk.step();
    if alive {
        // SAFETY: see `behind`; the path lives until the file is closed.
        let path = unsafe { &*(*behind(file)).path };
        change(disk.files.entry(path.clone()).or_default());
    }
    alive
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    len: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite passes `len` readable bytes, and a file that `open` opened.
    unsafe {
        let bytes = std::slice::from_raw_parts(data.cast::<u8>(), len as usize).to_vec();
        let at_byte = at as usize;
        if !note(file, |image| image.pending.push(Pending::Write { at: at_byte, bytes })) {
            return ffi::SQLITE_IOERR_WRITE;
        }
        (*(*behind(file)).real).xWrite.expect("files are written")(file, data, len, at)
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: as in `write`.
    unsafe {
        if !note(file, |image| image.pending.push(Pending::Truncate { len: size as usize })) {
            return ffi::SQLITE_IOERR_TRUNCATE;
        }
        (*(*behind(file)).real).xTruncate.expect("files are truncated")(file, size)
    }
}

/// Everything written so far becomes durable. The real disk need not be troubled.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    let make_durable = |image: &mut Image| {
        for pending in image.pending.drain(..) {
            pending.apply(&mut image.durable);
        }
    };
    disk().sync_count += 1;
    // SAFETY: as in `write`.
    if unsafe { note(file, make_durable) } { ffi::SQLITE_OK } else { ffi::SQLITE_IOERR_FSYNC }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once; the path was boxed by `open`. Closing clears the structure.
    unsafe {
        let behind = behind(file).read();
        drop(Box::from_raw(behind.path));
        (*behind.real).xClose.expect("files are closed")(file)
    }
}

unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_directory: c_int,
) -> c_int {
    // SAFETY: SQLite passes the path as a C string.
    unsafe {
        let path = PathBuf::from(CStr::from_ptr(name).to_str().expect("tests use plain paths"));
        {
            let mut disk = disk();
            if !disk.step() {
                return ffi::SQLITE_IOERR_DELETE;
            }
            disk.files.remove(&path);
        }
        let vfs = real_vfs();
        (*vfs).xDelete.expect("a VFS deletes")(vfs, name, sync_directory)
    }
}
