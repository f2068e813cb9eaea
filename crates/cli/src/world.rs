//! The files of this machine, mapped into memory, and its clock.

use kamrules_base::world::Bytes;
use kamrules_base::{Date, World};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Files below this are read, not mapped: they are shorter than a few pages.
const MAPPED_FROM: u64 = 64 * 1024;
/// Work that is done sooner is not shown.
const SHOWN_AFTER_MS: u128 = 400;

/// The machine.
pub struct FileWorld {
    shows: bool,
    started: Instant,
    drawn: AtomicBool,
}

impl FileWorld {
    /// The machine; progress is drawn when standard error is a terminal.
    pub fn new() -> Self {
        Self { shows: io::stderr().is_terminal(), started: Instant::now(), drawn: AtomicBool::new(false) }
    }

    /// Takes the line of progress away.
    pub fn clear(&self) {
        if self.drawn.swap(false, Ordering::Relaxed) {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}

impl World for FileWorld {
    fn read(&self, path: &Path) -> io::Result<Bytes> {
        // A pipe in a folder would wait for a writer for ever; one that a shell makes for `--data` is below `/dev`.
        if is_pipe(path) && !path.starts_with("/dev") {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "it is a pipe, not a file"));
        }
        let file = fs::File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !about.is_file() || about.len() < MAPPED_FROM {
            return fs::read(path).map(|bytes| Arc::new(bytes) as Bytes);
        }
        map(&file).map(|map| Arc::new(map) as Bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() };
            // A link is what it leads to, but folders are entered by their own name only, so that no circle of links is walked.
            let is_folder = entry.file_type()?.is_dir();
            if is_folder || fs::metadata(entry.path()).is_ok_and(|about| !about.is_dir()) {
                found.push((path, is_folder));
            }
        }
        found.sort_by(|a, b| a.0.as_os_str().as_encoded_bytes().cmp(b.0.as_os_str().as_encoded_bytes()));
        Ok(found)
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        let draft = folder.join(format!(".{name}.{}.tmp", std::process::id()));
        let written = write_draft(&draft, path, contents);
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written
    }

    fn today(&self) -> Date {
        local_day().unwrap_or(Date(0))
    }

    fn progress(&self, what: &str, done: u64, total: u64) {
        if !self.shows || self.started.elapsed().as_millis() < SHOWN_AFTER_MS {
            return;
        }
        self.drawn.store(true, Ordering::Relaxed);
        let of = if total == 0 { String::new() } else { format!(" of {total}") };
        let _ = write!(io::stderr(), "\r\x1b[K{what} {done}{of}");
    }
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path).is_ok_and(|about| about.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

fn write_draft(draft: &Path, path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(draft)?;
    file.write_all(contents)?;
    if let Ok(about) = fs::metadata(path) {
        file.set_permissions(about.permissions())?;
    }
    file.sync_all()?;
    drop(file);
    fs::rename(draft, path)
}

#[allow(unsafe_code, reason = "a file can only be mapped this way; data files of a run are not expected to change under it")]
fn map(file: &fs::File) -> io::Result<memmap2::Mmap> {
    // SAFETY: the map is read only and private to this process. Should another program cut the file short while it is read, the
    // system ends this process: no wrong answer is given.
    unsafe { memmap2::Mmap::map(file) }
}

/// Today in the system's time zone.
fn local_day() -> Option<Date> {
    let day = jiff::Zoned::now().date();
    Date::from_ymd(day.year().into(), day.month().unsigned_abs().into(), day.day().unsigned_abs().into())
}
