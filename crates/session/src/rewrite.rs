//! Formatting files, and starting a policy from data files.

use crate::open::{plain, shown, tidy, unreadable};
use kamrules_base::codes::{CANNOT_WRITE, NOT_UTF8};
use kamrules_base::{FileId, Finding, Sources, World};
use std::path::{Path, PathBuf};

/// A file as it should look.
pub struct Formatted {
    /// How it should look; what is wrong with it instead, when it cannot be read as rules.
    pub text: Result<String, Vec<Finding>>,
    /// Whether that differs from how it looks.
    pub changed: bool,
}

/// A text as it should look. It is taken into the sources under a name, for findings to point into.
pub fn format_text(sources: &mut Sources, name: &Path, text: &str) -> Formatted {
    let id: FileId = sources.add(name, text);
    let formatted = kamrules_syntax::format::format(id, text);
    Formatted { changed: formatted.as_ref().is_ok_and(|formatted| formatted != text), text: formatted }
}

/// A file as it should look.
///
/// # Errors
/// When it cannot be read or is no text.
pub fn format_file(world: &dyn World, here: &Path, path: &Path, sources: &mut Sources) -> Result<Formatted, Vec<Finding>> {
    let bytes = world.read(path).map_err(|error| vec![unreadable(here, path, &error)])?;
    match std::str::from_utf8((*bytes).as_ref()) {
        Ok(text) => Ok(format_text(sources, &shown(here, path), text)),
        Err(_) => {
            let finding = Finding::without_place(NOT_UTF8, format!("`{}` is not UTF-8 text", shown(here, path).display()));
            Err(vec![finding.help("save the file again with the encoding UTF-8")])
        }
    }
}

/// Writes a file whole, or says why it cannot.
///
/// # Errors
/// What the system says.
pub fn write(world: &dyn World, path: &Path, contents: &[u8]) -> Result<(), Vec<Finding>> {
    world.write(path, contents).map_err(|error| {
        let finding = Finding::without_place(CANNOT_WRITE, format!("`{}` cannot be written: {}", path.display(), plain(&error)));
        vec![finding.help("check the path, whether a file stands where a folder is wanted, the permissions and the space left")]
    })
}

/// A starter policy out of data files, as it would stand in `output` (the current folder, if it is not said), formatted.
///
/// # Errors
/// When a file cannot be read or is no table.
pub fn starter(world: &dyn World, here: &Path, files: &[PathBuf], output: Option<&Path>) -> Result<String, Vec<Finding>> {
    let folder = tidy(&here.join(output.and_then(Path::parent).unwrap_or(Path::new(""))));
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for file in files {
        let at = tidy(&here.join(file));
        match world.read(&at) {
            Ok(bytes) => read.push((relative(&folder, &at), bytes)),
            Err(error) => wrong.push(unreadable(here, &at, &error)),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let name = folder.file_name().map_or_else(|| "My policy".to_owned(), |name| name.to_string_lossy().into_owned());
    let inspection = kamrules_data::inspect(&read, &kamrules_syntax::is_reserved);
    if !inspection.findings.is_empty() {
        return Err(inspection.findings);
    }
    let text = kamrules_data::starter(&inspection, &name);
    Ok(kamrules_syntax::format::format(FileId(0), &text).unwrap_or(text))
}

/// A path as it is written in a file of a folder, with `/` between its parts.
fn relative(folder: &Path, path: &Path) -> String {
    let common = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| "..".to_owned());
    let down = path.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
