//! The only door to files and the clock.

use crate::{Date, FileId, LineIndex, Span};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The bytes of a file, mapped or owned.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// What a shell gives the passes of the outside. Nothing else reads a file, writes one or asks for the date.
pub trait World: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// What the system says.
    fn read(&self, path: &Path) -> io::Result<Bytes>;

    /// The files and folders in a folder, by name, sorted by byte; folders are told by the flag.
    ///
    /// # Errors
    /// What the system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<(PathBuf, bool)>>;

    /// Writes a file so that it appears whole or not at all, making its folders.
    ///
    /// # Errors
    /// What the system says.
    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()>;

    /// Today's date where the user is. Asked only when the user says `today` on the command line.
    fn today(&self) -> Date;

    /// Told of long work: what is being done, how much is done, of how much (0 when that is not known). Shells may draw it.
    fn progress(&self, _what: &str, _done: u64, _total: u64) {}
}

/// One `.kam` file that was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Where it came from, as it is shown.
    pub path: PathBuf,
    /// Its text.
    pub text: Arc<str>,
    /// Its lines.
    pub lines: LineIndex,
}

/// The files of a policy, by [`FileId`].
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The files, the index being the id.
    pub files: Vec<SourceFile>,
}

impl Sources {
    /// Takes a file in.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        self.files.push(SourceFile { path: path.into(), lines: LineIndex::new(&text), text });
        FileId(self.files.len() as u32 - 1)
    }

    /// A file by its id.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// Line and column, both from 1, where a span starts.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let file = self.get(span.file);
        file.lines.line_column(&file.text, span.start)
    }
}

/// A world in memory, for tests, documentation and the editor's scratch policies.
#[derive(Debug, Default)]
pub struct MemoryWorld {
    files: std::sync::Mutex<std::collections::BTreeMap<PathBuf, Arc<Vec<u8>>>>,
}

impl MemoryWorld {
    /// A world of these files.
    pub fn new<P: Into<PathBuf>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path.into(), Arc::new(bytes.into()))).collect();
        Self { files: std::sync::Mutex::new(files) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, std::collections::BTreeMap<PathBuf, Arc<Vec<u8>>>> {
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &Path) -> io::Result<Bytes> {
        let bytes = self.lock().get(path).cloned();
        bytes.map(|bytes| Arc::new(Shared(bytes)) as Bytes).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
        let mut found: Vec<(PathBuf, bool)> = Vec::new();
        for path in self.lock().keys() {
            let Ok(rest) = path.strip_prefix(folder) else { continue };
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let entry = (folder.join(first), parts.next().is_some());
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
        if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        self.lock().insert(path.to_path_buf(), Arc::new(contents.to_vec()));
        Ok(())
    }

    fn today(&self) -> Date {
        Date(0)
    }
}
