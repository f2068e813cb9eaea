//! Mistakes that people make, each with the finding a newcomer would want.

use kamrules_base::world::Bytes;
use kamrules_base::{Date, FileId, World};
use kamrules_tests::{fixed_badly, policy, root, texts, unmarked};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of the mistakes, to be read from.
struct Folder(PathBuf);

impl World for Folder {
    fn read(&self, path: &Path) -> io::Result<Bytes> {
        std::fs::read(self.0.join(path)).map(|bytes| Arc::new(bytes) as Bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
        let entry = |entry: io::Result<std::fs::DirEntry>| {
            let entry = entry?;
            Ok((folder.join(entry.file_name()), entry.file_type()?.is_dir()))
        };
        let mut entries = std::fs::read_dir(self.0.join(folder))?.map(entry).collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        Ok(entries)
    }

    fn write(&self, _path: &Path, _contents: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn today(&self) -> Date {
        Date(0)
    }
}

#[test]
fn every_mistake_is_found_where_it_is_and_told_as_a_newcomer_would_want() {
    let folder = root().join("tests/mistakes");
    let files = texts(&folder, "kam");
    let world = Folder(folder);
    let found = |(name, text): &(String, String)| {
        let mut policy = policy(&[(name, text)]);
        policy.findings.extend(kamrules_data::check_headers(&policy.checked.model, &policy.sources, &world));
        let mut wrong = unmarked(name, text, FileId(1), &policy.findings);
        wrong.extend(policy.findings.iter().filter(|f| f.code.0 < 600).filter_map(|finding| fixed_badly(name, text, FileId(1), finding)));
        wrong
    };
    let wrong: Vec<String> = files.iter().flat_map(found).collect();
    assert!(files.len() > 40);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
