//! Places for machines: lines and columns as each of them counts, and paths as addresses.

use kamrules_base::{Sources, Span};
use std::ops::Range;
use std::path::{Component, Path};

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// Characters: 北 is one and 🚲 is one.
    Characters,
    /// Units of UTF-16, as most editors count: 北 is one and 🚲 is two.
    Utf16,
}

/// Where something stands: lines and columns from 1, the end being the place behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The line of its first character.
    pub start_line: usize,
    /// The column of its first character.
    pub start_column: usize,
    /// The line of the place behind it.
    pub end_line: usize,
    /// The column of the place behind it.
    pub end_column: usize,
}

/// Where a span stands.
pub fn region(span: Span, sources: &Sources, columns: Columns) -> Region {
    let bytes = bytes(span, sources);
    let (start_line, start_column) = place(bytes.start, span, sources, columns);
    let (end_line, end_column) = place(bytes.end, span, sources, columns);
    Region { start_line, start_column, end_line, end_column }
}

/// The bytes of a span, moved to whole characters that are there.
pub(crate) fn bytes(span: Span, sources: &Sources) -> Range<usize> {
    let text = &sources.get(span.file).text;
    let mut start = (span.start.min(span.end) as usize).min(text.len());
    let mut end = (span.start.max(span.end) as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

fn place(at: usize, span: Span, sources: &Sources, columns: Columns) -> (usize, usize) {
    let file = sources.get(span.file);
    let line = file.lines.line(at as u32);
    let start = file.lines.start(line).unwrap_or_default() as usize;
    let before = file.text.get(start..at).unwrap_or_default();
    let column = match columns {
        Columns::Characters => before.chars().count(),
        Columns::Utf16 => before.encode_utf16().count(),
    };
    (line + 1, column + 1)
}

/// The line that a span starts on, without its end.
pub(crate) fn line_text(span: Span, sources: &Sources) -> &str {
    let file = sources.get(span.file);
    let line = file.lines.line(bytes(span, sources).start as u32);
    let start = file.lines.start(line).unwrap_or_default() as usize;
    let end = file.lines.start(line + 1).map_or(file.text.len(), |end| end as usize);
    file.text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n'])
}

/// The path of a span's file, with `/` between its parts on every system.
pub(crate) fn path(span: Span, sources: &Sources) -> String {
    slashed(&sources.get(span.file).path)
}

/// A path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    if cfg!(windows) { path.display().to_string().replace('\\', "/") } else { path.display().to_string() }
}

/// A path as an address: relative to the folder the command runs in, or, where it lies elsewhere, with `file://`.
pub(crate) fn uri(path: &Path) -> String {
    let text = slashed(path);
    let mut out = String::new();
    if path.components().any(|part| matches!(part, Component::RootDir | Component::Prefix(_))) {
        out.push_str(if text.starts_with('/') { "file://" } else { "file:///" });
    }
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kamrules_base::FileId;

    fn at(text: &str, start: usize, end: usize, columns: Columns) -> [usize; 4] {
        let mut sources = Sources::default();
        let file: FileId = sources.add("rules.kam", text);
        let Region { start_line, start_column, end_line, end_column } = region(Span::new(file, start, end), &sources, columns);
        [start_line, start_column, end_line, end_column]
    }

    #[test]
    fn columns_are_counted_as_they_are_declared() {
        let text = "a\r\n北🚲 = x\r\n";
        let x = text.find('x').expect("it is there");
        assert_eq!(at(text, x, x + 1, Columns::Characters), [2, 6, 2, 7]);
        assert_eq!(at(text, x, x + 1, Columns::Utf16), [2, 7, 2, 8]);
        assert_eq!(at(text, 0, x, Columns::Utf16), [1, 1, 2, 7]);
        assert_eq!(at(text, x, text.len() + 9, Columns::Utf16), [2, 7, 3, 1]);
        assert_eq!(at(text, 4, 7, Columns::Utf16), [2, 1, 2, 4], "half a character is a whole one");
        assert_eq!(at("", 3, 3, Columns::Utf16), [1, 1, 1, 1]);
    }

    #[test]
    fn paths_are_addresses() {
        assert_eq!(uri(Path::new("a/b.kam")), "a/b.kam");
        assert_eq!(uri(Path::new("a b/100%/c:d#1?.kam")), "a%20b/100%25/c%3Ad%231%3F.kam");
        assert_eq!(uri(Path::new("北.kam")), "%E5%8C%97.kam");
        assert_eq!(uri(Path::new("../x.kam")), "../x.kam");
        #[cfg(unix)]
        assert_eq!(uri(Path::new("/tmp/x y.kam")), "file:///tmp/x%20y.kam");
    }
}
