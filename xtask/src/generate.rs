//! Writes the files that are generated from the grammar, the functions, the findings and the library, or says which are out of date.

use crate::{ebnf, findings, functions, library, page, table, words};
use std::fs;
use std::path::Path;

/// Writes every generated file that differs from what it should be.
pub fn write(root: &Path) -> Result<(), String> {
    for (path, text) in files(root)? {
        let path = root.join(path);
        if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            let folder = path.parent().expect("a generated file lies in a folder");
            fs::create_dir_all(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
            fs::write(&path, text).map_err(|fault| format!("{}: {fault}", path.display()))?;
        }
    }
    Ok(())
}

/// Says which generated files are out of date.
pub fn check(root: &Path) -> Result<(), String> {
    let stale: Vec<&str> = files(root)?
        .into_iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_deref() != Some(text.as_str()))
        .map(|(path, _)| path)
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("out of date: {}; run `cargo xtask generate`", stale.join(", ")))
}

/// Each generated file, by its path below the workspace, and what it should hold.
pub fn files(root: &Path) -> Result<Vec<(&'static str, String)>, String> {
    let words = words::read(&source(root, "grammar/keywords.toml")?)?;
    let text = source(root, "grammar/kam.ebnf")?;
    ebnf::read(&text)?;
    Ok(vec![
        ("crates/syntax/src/keywords.rs", table::rust(&words)),
        ("docs/findings/README.md", findings::markdown()),
        ("docs/reference/functions.md", functions::markdown()),
        ("docs/reference/grammar.md", page::markdown(&text, &words)),
        ("docs/reference/standard-library.md", library::markdown(&source(root, "crates/check/src/stdlib/stdlib.kam")?)),
    ])
}

/// Reads a file below the workspace.
pub fn source(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path)).map_err(|fault| format!("{path}: {fault}"))
}
