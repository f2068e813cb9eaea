//! A source's rows, whatever its format: CSV, JSON or JSON Lines, told apart by content.

use crate::decode::{self, NoText, decode};
use crate::json::{self, Layout};
use crate::scan::{Raw, Scanner, Step, detect_delimiter, said_delimiter, trim};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// A source that was opened: its header is known, its rows are read on demand.
#[derive(Debug, Clone)]
pub struct Content<'a> {
    text: Cow<'a, str>,
    start: usize,
    format: Format,
    /// The names of its columns, trimmed.
    pub header: Vec<String>,
    /// Whether it has a row that names its columns: always, but for JSON without a sound row.
    pub named: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Delimited(u8),
    Json(Layout),
}

/// Why a source cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Its bytes are no text; where that shows, if it is known.
    NoText {
        /// What breaks it.
        why: NoText,
        /// Row and column.
        at: Option<(u32, String)>,
    },
    /// There is nothing in it, or no header.
    NoHeader,
    /// A quote that is never closed.
    Unclosed {
        /// The row where it opens.
        row: u32,
        /// The column.
        column: String,
    },
    /// JSON that cannot be read on.
    Json(String),
    /// Its header has more columns than any spreadsheet.
    TooWide(usize),
}

/// The most columns a source may have: as many as a spreadsheet.
const MOST_COLUMNS: usize = 16_384;

/// A row of a source.
#[derive(Debug)]
pub enum Row<'r, 'a> {
    /// A cell for each column of the header; in JSON an empty one behind them.
    Cells(&'r [Raw<'a>]),
    /// A row with more or fewer cells than the header.
    Count(usize),
    /// Text follows a closing quote in this cell.
    Stray(usize, &'r str),
    /// A JSON row that is broken; why.
    Broken(String),
}

/// Opens a source.
///
/// # Errors
/// Why it cannot be read.
pub fn open(bytes: &[u8]) -> Result<Content<'_>, Unreadable> {
    let text = decode(bytes).map_err(|why| Unreadable::NoText { at: place(&why), why })?;
    let content = match json::layout(&text) {
        Some(layout) => open_json(text, layout, false)?,
        None => open_delimited(text)?,
    };
    if content.header.len() > MOST_COLUMNS { Err(Unreadable::TooWide(content.header.len())) } else { Ok(content) }
}

/// Opens a source by its first bytes alone: its header is what they say, and its rows are not to be read. `None` if it is too
/// short for that to be worth while, or its first bytes do not say the header.
pub fn open_head(bytes: &[u8]) -> Option<Content<'_>> {
    const HEAD: usize = 64 * 1024;
    let head = decode::sound_start(bytes.get(..HEAD)?);
    let text = decode(head).ok()?;
    match json::layout(&text) {
        Some(layout) => open_json(text, layout, true).ok().filter(|content| content.named),
        None => open_delimited(text).ok(),
    }
}

fn open_delimited(text: Cow<'_, str>) -> Result<Content<'_>, Unreadable> {
    let (delimiter, start) = delimiter_of(&text);
    let mut cells = Vec::new();
    let header = match Scanner::new(&text[start..], delimiter).record(&mut cells) {
        Step::Record { .. } => cells.iter().map(|cell| name_of(&cell.text)).collect(),
        Step::Unclosed { row, cell } => return Err(Unreadable::Unclosed { row, column: (cell + 1).to_string() }),
        Step::End => return Err(Unreadable::NoHeader),
    };
    Ok(Content { text, start, format: Format::Delimited(delimiter), header, named: true })
}

/// A column's name: trimmed, and in one line even where the spreadsheet breaks it.
fn name_of(text: &str) -> String {
    let text = trim(text);
    if !text.contains(['\r', '\n']) {
        return text.to_owned();
    }
    text.split(['\r', '\n']).map(trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn delimiter_of(text: &str) -> (u8, usize) {
    match said_delimiter(text) {
        Some((delimiter, rest)) => (delimiter, text.len() - rest.len()),
        None => (detect_delimiter(text), 0),
    }
}

fn open_json(text: Cow<'_, str>, layout: Layout, cut: bool) -> Result<Content<'_>, Unreadable> {
    let (mut header, mut known, mut named) = (Vec::new(), FxHashSet::default(), false);
    let read = json::rows(&text, layout, &mut |_, row| {
        named |= row.is_ok();
        for (name, _) in row.unwrap_or_default() {
            if !known.contains(&name) {
                known.insert(name.clone());
                header.push(name);
            }
        }
    });
    // What is cut in the middle of a row is broken behind the rows that count.
    if !cut {
        read.map_err(Unreadable::Json)?;
    }
    Ok(Content { text, start: 0, format: Format::Json(layout), header, named })
}

/// Row and column of the first bad byte, by the sound text before it.
fn place(why: &NoText) -> Option<(u32, String)> {
    let (NoText::NotUtf8 { before, .. } | NoText::NotUtf16 { before } | NoText::Nul { before }) = why else { return None };
    let (delimiter, start) = delimiter_of(before);
    let (mut scanner, mut cells, mut header) = (Scanner::new(&before[start..], delimiter), Vec::new(), Vec::new());
    let (mut last, mut at) = (1, 0);
    let ended = before.ends_with(['\n', '\r']);
    loop {
        match scanner.record(&mut cells) {
            Step::Record { row, .. } => {
                if header.is_empty() {
                    header = cells.iter().map(|cell| trim(&cell.text).to_owned()).collect();
                }
                (last, at) = (row, cells.len().saturating_sub(1));
            }
            Step::Unclosed { row, cell } => return Some((row, header.get(cell).cloned().unwrap_or_else(|| (cell + 1).to_string()))),
            Step::End => break,
        }
    }
    if ended {
        (last, at) = (last + 1, 0);
    }
    // A bad byte in the header itself leaves no name to tell.
    let known = header.get(at).filter(|_| last > 1);
    Some((last, known.filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| (at + 1).to_string())))
}

impl Content<'_> {
    /// Whether it is JSON, whose columns are those that any row has.
    pub fn is_json(&self) -> bool {
        matches!(self.format, Format::Json(_))
    }

    /// Where a field that may be missing is read if no row has its column: only rows of JSON may leave a name out.
    pub fn absent_cell(&self) -> Option<usize> {
        self.is_json().then_some(self.header.len())
    }

    /// Calls `each` for every row behind the header with the number a spreadsheet shows for it.
    ///
    /// # Errors
    /// Why the source cannot be read to its end.
    pub fn rows(&self, mut each: impl FnMut(u32, Row<'_, '_>)) -> Result<(), Unreadable> {
        match self.format {
            Format::Delimited(delimiter) => self.records(delimiter, each),
            Format::Json(layout) => {
                let places: FxHashMap<&str, usize> = self.header.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
                let mut cells = Vec::new();
                json::rows(&self.text, layout, &mut |number, row| match row {
                    Ok(named) => {
                        cells.clear();
                        // One more than the header has: the cell of the fields that no object has.
                        cells.resize(self.header.len() + 1, Raw::text(""));
                        for (name, cell) in named {
                            if let Some(&at) = places.get(name.as_str()) {
                                cells[at] = cell;
                            }
                        }
                        each(number, Row::Cells(&cells));
                    }
                    Err(why) => each(number, Row::Broken(why)),
                })
                .map_err(Unreadable::Json)
            }
        }
    }

    fn records(&self, delimiter: u8, mut each: impl FnMut(u32, Row<'_, '_>)) -> Result<(), Unreadable> {
        let mut scanner = Scanner::new(&self.text[self.start..], delimiter);
        let mut cells = Vec::with_capacity(self.header.len());
        scanner.record(&mut cells);
        loop {
            match scanner.record(&mut cells) {
                Step::Record { row, stray: Some(cell) } => each(row, Row::Stray(cell, &cells[cell].text)),
                Step::Record { row, .. } if cells.len() != self.header.len() => each(row, Row::Count(cells.len())),
                Step::Record { row, .. } => each(row, Row::Cells(&cells)),
                Step::Unclosed { row, cell } => {
                    let column = self.header.get(cell).cloned().unwrap_or_else(|| (cell + 1).to_string());
                    return Err(Unreadable::Unclosed { row, column });
                }
                Step::End => return Ok(()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_bad_byte_is_named_by_row_and_column() {
        for (bytes, row, column) in [
            (&b"id,name\n1,ok\n2,Z\xfcrich\n"[..], 3, "name"),
            (b"id,name\n\xfc,x\n", 2, "id"),
            (b"id,n\xe4me\n", 1, "2"),
            (b"id,name\n\n1,\"a\nb\xfc\"", 3, "name"),
        ] {
            match open(bytes) {
                Err(Unreadable::NoText { at, .. }) => assert_eq!(at, Some((row, column.to_owned()))),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn an_empty_file_has_no_header() {
        for bytes in [&b""[..], b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,\n"] {
            assert_eq!(open(bytes).map(|_| ()), Err(Unreadable::NoHeader));
        }
    }

    #[test]
    fn the_targets_as_excel_saves_them_are_read() {
        let content = open(include_bytes!("../tests/fixtures/targets_utf16.csv")).expect("a file that is sound");
        assert_eq!(content.header[..3], ["Year", "EmployeeID", "M01"]);
        let mut rows = Vec::new();
        content
            .rows(|row, cells| match cells {
                Row::Cells(cells) => rows.push((row, cells[1].text.to_string(), cells[2].text.to_string())),
                other => panic!("{other:?}"),
            })
            .expect("rows");
        assert_eq!(rows[0], (2, "61161660".into(), "-".into()));
    }

    fn read_all(bytes: &[u8]) {
        if let Ok(content) = open(bytes) {
            let _ = content.rows(|_, row| drop(format!("{row:?}")));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_bring_a_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            read_all(&bytes);
        }

        #[test]
        fn no_text_brings_a_reader_down(text in "[\\[\\]{}\":,;|a\\\\\t\n\r 0-9é.eE-]{0,200}") {
            read_all(text.as_bytes());
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            read_all(&utf16);
        }

        #[test]
        fn no_truncation_brings_a_reader_down(cut in 0_usize..200) {
            for text in ["id,name\n1,\"a \"\"b\"\" é\"\n", "[{\"a\": 1.5, \"b\": {\"c\": \"é\"}}, {\"a\": null}]", "{\"a\": 1}\n{\"a\": [2]}\n"] {
                read_all(&text.as_bytes()[..cut.min(text.len())]);
            }
        }
    }

    #[test]
    fn deep_nesting_ends_in_an_error() {
        read_all("[".repeat(1_000_000).as_bytes());
        read_all(format!("[{{\"a\":{}", "[".repeat(1_000_000)).as_bytes());
        read_all("{\"a\":".repeat(200_000).as_bytes());
        read_all("(".repeat(10_000_000).as_bytes());
        read_all("\"".repeat(1_000_001).as_bytes());
    }
}
