//! Where the files of a policy are: paths and patterns relative to the file that names them.

use kamrules_base::{Code, Finding, Sources, Span, World, codes};
use kamrules_model::{EntityId, Model, Source};
use std::io;
use std::path::{Component, Path, PathBuf};

/// A file that is to be read, or a pattern of files.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder that the path is relative to; empty for the working folder.
    pub folder: PathBuf,
    /// The path or pattern as written.
    pub path: String,
    /// Where it is written, if it is.
    pub span: Option<Span>,
}

impl Place {
    /// A source named in the policy.
    pub fn of(sources: &Sources, source: &Source) -> Self {
        let file = sources.files.get(source.file.0 as usize);
        let folder = file.and_then(|file| file.path.parent()).map(Path::to_path_buf).unwrap_or_default();
        Self { folder, path: source.path.clone(), span: Some(source.span) }
    }
}

/// Where each entity's rows come from; what the command line binds comes instead of what the policy says.
pub fn places(model: &Model, sources: &Sources, bindings: &[(EntityId, String)]) -> Vec<(EntityId, Vec<Place>)> {
    let bound = |entity: EntityId| {
        bindings.iter().filter(move |(id, _)| *id == entity).map(|(_, path)| Place {
            folder: PathBuf::new(),
            path: path.clone(),
            span: None,
        })
    };
    let of = |i: usize| {
        let entity = EntityId(i as u32);
        let mut places: Vec<Place> = bound(entity).collect();
        if places.is_empty() {
            places.extend(model.entity(entity).source.as_ref().map(|source| Place::of(sources, source)));
        }
        (entity, places)
    };
    (0..model.entities.len()).map(of).filter(|(_, places)| !places.is_empty()).collect()
}

/// The files of a place: each as shown, and where it is. Matches of a pattern are sorted by byte.
///
/// # Errors
/// A finding of this level when there is none.
pub fn files(world: &dyn World, place: &Place) -> Result<Vec<(String, PathBuf)>, Finding> {
    if !place.path.contains(['*', '?']) {
        return Ok(vec![(place.path.clone(), place.folder.join(&place.path))]);
    }
    let mut found = Vec::new();
    let parts: Vec<Component<'_>> = Path::new(&place.path).components().collect();
    expand(world, &place.folder, &PathBuf::new(), &parts, &mut found);
    found.sort();
    found.dedup();
    if found.is_empty() {
        return Err(absent(place, &place.path));
    }
    Ok(found.into_iter().map(|shown| (shown.clone(), place.folder.join(shown))).collect())
}

/// Follows the parts of a pattern; `**` stands for any number of folders.
fn expand(world: &dyn World, folder: &Path, prefix: &Path, parts: &[Component<'_>], found: &mut Vec<String>) {
    const DEEPEST: usize = 64;
    let [first, rest @ ..] = parts else { return };
    let name = first.as_os_str().to_string_lossy();
    let here = folder.join(prefix);
    if !name.contains(['*', '?']) {
        let next = prefix.join(first);
        match rest {
            [] if world.read(&folder.join(&next)).is_ok() => found.push(shown(&next)),
            [] => {}
            _ => expand(world, folder, &next, rest, found),
        }
        return;
    }
    if name == "**" {
        expand(world, folder, prefix, rest, found);
    }
    for (entry, is_folder) in list(world, &here) {
        let Some(entry) = entry.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let next = prefix.join(&entry);
        if name == "**" {
            if is_folder && !entry.starts_with('.') && next.components().count() < DEEPEST {
                expand(world, folder, &next, parts, found);
            }
        } else if matches(&name, &entry) {
            match (rest, is_folder) {
                ([], false) => found.push(shown(&next)),
                ([_, ..], true) => expand(world, folder, &next, rest, found),
                _ => {}
            }
        }
    }
}

fn list(world: &dyn World, folder: &Path) -> Vec<(PathBuf, bool)> {
    let listed = world.list(folder);
    match listed {
        Err(_) if folder.as_os_str().is_empty() => world.list(Path::new(".")).unwrap_or_default(),
        listed => listed.unwrap_or_default(),
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Whether a name fits a pattern of `*` (any characters) and `?` (one).
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, n) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// The finding for a file that is not there.
pub fn absent(place: &Place, shown: &str) -> Finding {
    let pattern = place.path.contains(['*', '?']);
    let message = if pattern { format!("no file matches `{shown}`") } else { format!("there is no file `{shown}`") };
    let relative = match place.span {
        Some(_) => "the path is relative to the file that names it",
        None => "a path on the command line is relative to the folder you are in",
    };
    finding(codes::ABSENT_FILE, place.span, message).help(relative)
}

/// The finding for a file that cannot be opened.
pub fn unopened(place: &Place, shown: &str, error: &io::Error) -> Finding {
    match error.kind() {
        io::ErrorKind::NotFound => absent(place, shown),
        io::ErrorKind::IsADirectory => finding(codes::UNREADABLE_FILE, place.span, format!("`{shown}` is a folder")).help(format!(
            "name a file in it, or write a pattern such as `{}/*.csv` to read all of them",
            shown.trim_end_matches(['/', '\\'])
        )),
        _ => finding(codes::UNREADABLE_FILE, place.span, format!("`{shown}` cannot be opened: {}", plain(error)))
            .help("close it where it is open, or copy it to where you may read it"),
    }
}

fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// A finding that has a place only if the source is written in the policy.
pub fn finding(code: Code, span: Option<Span>, message: impl Into<String>) -> Finding {
    match span {
        Some(span) => Finding::new(code, span, message),
        None => Finding::without_place(code, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kamrules_base::world::MemoryWorld;

    #[test]
    fn patterns_are_expanded_and_sorted_by_byte() {
        let paths = ["p/sales/b.csv", "p/sales/a.csv", "p/sales/B.csv", "p/sales/a.txt", "p/sales/2024/q1.csv", "p/x.csv"];
        let world = MemoryWorld::new(paths.map(|path| (path, "id\n")));
        let find = |path: &str| {
            let place = Place { folder: "p".into(), path: path.into(), span: None };
            files(&world, &place).map(|files| files.into_iter().map(|(shown, _)| shown).collect::<Vec<_>>()).unwrap_or_default()
        };
        assert_eq!(find("sales/*.csv"), ["sales/B.csv", "sales/a.csv", "sales/b.csv"]);
        assert_eq!(find("sales/?.csv").len(), 3);
        assert_eq!(find("**/*.csv").len(), 5);
        assert_eq!(find("*/2024/q1.csv"), ["sales/2024/q1.csv"]);
        assert_eq!(find("sales/*.json"), Vec::<String>::new());
        assert_eq!(find("plain.csv"), ["plain.csv"]);
    }

    #[test]
    fn stars_fit_any_characters() {
        for (pattern, name, fits) in
            [("*", "", true), ("a*c", "abbc", true), ("a*c", "abcd", false), ("*.csv", ".csv", true), ("?", "", false), ("**x", "yx", true)]
        {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
