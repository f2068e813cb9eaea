//! Finding policies: which files belong together, read, parsed and checked.

use kamrules_base::codes::{NO_AS_OF, NO_RULES, NOT_UTF8, UNREADABLE};
use kamrules_base::{FileId, Finding, SourceFile, Sources, Span, World, finding};
use kamrules_check::Checked;
use kamrules_model::Model;
use kamrules_syntax::TokenKind;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A policy that was read and checked.
pub struct Policy {
    /// Its folder, or its only file, as it is shown.
    pub root: PathBuf,
    /// Its files.
    pub sources: Sources,
    /// What the checker made of them.
    pub checked: Checked,
    /// What is wrong with the files, sorted by place.
    pub findings: Vec<Finding>,
    /// The standard library, which is among the sources.
    library: FileId,
}

/// The files of one policy, not yet read.
struct Group {
    root: PathBuf,
    files: Vec<PathBuf>,
}

impl Policy {
    /// The policies at a path: the one that a folder lies in, and those that begin below it; a file is a policy too, unless it
    /// holds no `policy` item and lies in one. Paths below `here` are shown relative to it.
    ///
    /// # Errors
    /// When nothing can be read, or there is nothing to read.
    pub fn open(world: &dyn World, here: &Path, path: &Path) -> Result<Vec<Self>, Vec<Finding>> {
        groups(world, here, path)?.into_iter().map(|group| read(world, here, group)).collect()
    }

    /// What the checker made of the files.
    pub fn model(&self) -> &Model {
        &self.checked.model
    }

    /// Its own files, without the standard library.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        let all = self.sources.files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file));
        all.filter(|(id, _)| *id != self.library)
    }

    /// What the policy is called: its name, or where it lies.
    pub fn name(&self) -> String {
        match self.model().settings.name.as_str() {
            "" => self.root.display().to_string(),
            name => name.to_owned(),
        }
    }

    /// Takes note that the day that `today` is will be said when the policy is run, so that it need not say it itself.
    pub fn today_is_said(&mut self) {
        self.findings.retain(|finding| finding.code != NO_AS_OF);
    }

    /// Whether its rules are at fault, so that it cannot be run.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}

/// The `.kam` files at and below a path, or the file itself, whatever policy they belong to, sorted by byte.
///
/// # Errors
/// When nothing can be read, or there is nothing to read.
pub fn rule_files(world: &dyn World, here: &Path, path: &Path) -> Result<Vec<PathBuf>, Vec<Finding>> {
    let path = tidy(&here.join(path));
    if is_kam(&path) && world.list(&path).is_err() {
        return Ok(vec![path]);
    }
    let files = scan(world, &path).map_err(|error| vec![unreadable(here, &path, &error)])?;
    if files.is_empty() { Err(vec![no_rules(here, &path)]) } else { Ok(files) }
}

fn groups(world: &dyn World, here: &Path, path: &Path) -> Result<Vec<Group>, Vec<Finding>> {
    let path = tidy(&here.join(path));
    if is_kam(&path) && world.list(&path).is_err() {
        let bytes = world.read(&path).map_err(|error| vec![unreadable(here, &path, &error)])?;
        let folder = path.parent().unwrap_or(Path::new(""));
        if !declares_policy((*bytes).as_ref())
            && let Some(root) = root_above(world, folder)
        {
            return whole(world, here, &root);
        }
        return Ok(vec![Group { root: path.clone(), files: vec![path] }]);
    }
    world.list(&path).map_err(|error| vec![unreadable(here, &path, &error)])?;
    match root_above(world, &path) {
        Some(root) if root != path => {
            let mut all = whole(world, here, &root)?;
            let first = all.remove(0);
            all.retain(|group| group.root.starts_with(&path));
            all.insert(0, first);
            Ok(all)
        }
        _ => whole(world, here, &path),
    }
}

/// The policy at a folder and those that begin below it: each file belongs to the nearest root above it.
fn whole(world: &dyn World, here: &Path, root: &Path) -> Result<Vec<Group>, Vec<Finding>> {
    let files = scan(world, root).map_err(|error| vec![unreadable(here, root, &error)])?;
    if files.is_empty() {
        return Err(vec![no_rules(here, root)]);
    }
    let mut roots: Vec<PathBuf> = files
        .iter()
        .filter(|file| world.read(file).is_ok_and(|bytes| declares_policy((*bytes).as_ref())))
        .filter_map(|file| file.parent().map(Path::to_path_buf))
        .collect();
    roots.push(root.to_path_buf());
    roots.sort();
    roots.dedup();
    let mut groups: Vec<Group> = roots.into_iter().map(|root| Group { root, files: Vec::new() }).collect();
    for file in files {
        // Sorted paths put a folder before what lies in it, so the last root that fits is the nearest.
        if let Some(group) = groups.iter_mut().rev().find(|group| file.starts_with(&group.root)) {
            group.files.push(file);
        }
    }
    groups.retain(|group| !group.files.is_empty());
    Ok(groups)
}

fn root_above(world: &dyn World, folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| holds_policy(world, folder)).map(Path::to_path_buf)
}

fn holds_policy(world: &dyn World, folder: &Path) -> bool {
    let Ok(entries) = world.list(folder) else { return false };
    let declares = |path: &Path| world.read(path).is_ok_and(|bytes| declares_policy((*bytes).as_ref()));
    entries.iter().any(|(path, is_folder)| !is_folder && is_kam(path) && !is_hidden(path) && declares(path))
}

/// All `.kam` files below a folder, sorted by byte; hidden folders and `target` are passed over.
fn scan(world: &dyn World, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(at) = folders.pop() {
        let entries = match world.list(&at) {
            Ok(entries) => entries,
            Err(error) if at == folder => return Err(error),
            Err(_) => continue,
        };
        for (path, is_folder) in entries {
            if is_hidden(&path) {
                continue;
            }
            match is_folder {
                true if path.file_name().is_none_or(|name| name != "target") => folders.push(path),
                false if is_kam(&path) => files.push(path),
                _ => {}
            }
        }
    }
    files.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    Ok(files)
}

fn is_kam(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "kam")
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Whether a text has a `policy` item: the word and a text outside all braces.
fn declares_policy(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains("policy") {
        return false;
    }
    let tokens = kamrules_syntax::lex(FileId(0), &text);
    let solid: Vec<_> = tokens.iter().filter(|token| !is_blank(token.kind)).collect();
    let mut depth = 0_i64;
    for (i, token) in solid.iter().enumerate() {
        match token.kind {
            TokenKind::LBrace => depth += 1,
            TokenKind::RBrace => depth -= 1,
            TokenKind::Word if depth == 0 && &text[token.span.range()] == "policy" => {
                return solid.get(i + 1).is_some_and(|next| matches!(next.kind, TokenKind::Text | TokenKind::OpenText | TokenKind::LBrace));
            }
            _ => {}
        }
    }
    false
}

fn is_blank(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Space | TokenKind::Newline | TokenKind::Comment | TokenKind::DocComment)
}

fn read(world: &dyn World, here: &Path, group: Group) -> Result<Policy, Vec<Finding>> {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let (library, standard) = kamrules_check::library(&mut sources);
    let mut files = vec![(library, standard)];
    for path in &group.files {
        let bytes = world.read(path).map_err(|error| vec![unreadable(here, path, &error)])?;
        let (text, broken) = decode((*bytes).as_ref());
        let id = sources.add(shown(here, path), text);
        if let Some(at) = broken {
            let message = format!("`{}` is not UTF-8 text", shown(here, path).display());
            findings.push(Finding::new(NOT_UTF8, Span::new(id, at, at), message).help("save the file again with the encoding UTF-8"));
        }
        // What is no text is not read on: each of its bytes would be a finding.
        let readable = if broken.is_some() { "" } else { &*sources.get(id).text };
        let (file, found) = kamrules_syntax::parse(id, readable);
        findings.extend(found);
        files.push((id, file));
    }
    let checked = kamrules_check::check(files, &sources);
    findings.extend(checked.findings.iter().cloned());
    finding::sort(&mut findings);
    Ok(Policy { root: shown(here, &group.root), sources, checked, findings, library })
}

/// The text of some bytes, and where the first stands that are no text.
fn decode(bytes: &[u8]) -> (Arc<str>, Option<usize>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), None),
        Err(error) => (String::from_utf8_lossy(bytes).into(), Some(error.valid_up_to())),
    }
}

pub(crate) fn unreadable(here: &Path, path: &Path, error: &std::io::Error) -> Finding {
    let path = shown(here, path).display().to_string();
    let make = |message: String| Finding::without_place(UNREADABLE, message);
    match error.kind() {
        ErrorKind::NotFound => {
            make(format!("there is no file or folder `{path}`")).help("check how it is spelled; it is sought from the folder you are in")
        }
        ErrorKind::IsADirectory => make(format!("`{path}` is a folder, and a file is wanted")).help("name the files in it"),
        _ => make(format!("`{path}` cannot be read: {}", plain(error))),
    }
}

/// What the system says, without its number.
pub(crate) fn plain(error: &std::io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

fn no_rules(here: &Path, path: &Path) -> Finding {
    Finding::without_place(NO_RULES, format!("there is no `.kam` file in `{}`", shown(here, path).display()))
        .help("give the folder of a policy, or start one with `kamrules init` and your data files")
}

/// A path as it is shown: relative to `here` when it lies below it.
pub(crate) fn shown(here: &Path, path: &Path) -> PathBuf {
    match path.strip_prefix(here) {
        Ok(rest) if rest.as_os_str().is_empty() => PathBuf::from("."),
        Ok(rest) => rest.to_path_buf(),
        Err(_) => path.to_path_buf(),
    }
}

/// A path without `.` and, where that is plain, without `..`.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kamrules_base::world::MemoryWorld;

    fn found(files: &[(&str, &str)], path: &str) -> Vec<String> {
        let world = MemoryWorld::new(files.iter().map(|(path, text)| (*path, *text)));
        let groups = groups(&world, Path::new("/w"), Path::new(path)).expect("policies");
        let show = |group: &Group| {
            let files = group.files.iter().map(|file| shown(&group.root, file).display().to_string());
            format!("{}: {}", group.root.display(), files.collect::<Vec<_>>().join(" "))
        };
        groups.iter().map(show).collect()
    }

    #[test]
    fn a_policy_reaches_from_its_root_down_to_the_next() {
        let files = [
            ("/w/a/policy.kam", "# ours\npolicy \"A\" { currency USD }"),
            ("/w/a/more/tiers.kam", "define policy_holders = 1"),
            ("/w/a/.hidden/x.kam", ""),
            ("/w/a/target/x.kam", ""),
            ("/w/a/sub/policy.kam", "policy \"Sub\" {}"),
            ("/w/a/sub/b.kam", ""),
            ("/w/alone.kam", "define x = 1"),
        ];
        assert_eq!(found(&files, "a"), ["/w/a: more/tiers.kam policy.kam", "/w/a/sub: b.kam policy.kam"]);
        assert_eq!(found(&files, "a/more"), ["/w/a: more/tiers.kam policy.kam"]);
        assert_eq!(found(&files, "a/sub/b.kam"), ["/w/a/sub: b.kam policy.kam"]);
        assert_eq!(found(&files, "alone.kam"), ["/w/alone.kam: ."]);
        assert_eq!(found(&files, "a/policy.kam"), ["/w/a/policy.kam: ."]);
        assert_eq!(found(&files, ".").len(), 3);
    }
}
