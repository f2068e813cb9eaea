//! Delimited text to records, in place: a cell is a slice of the file unless its quotes are doubled.

use std::borrow::Cow;

/// A cell as it stands in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw<'a> {
    /// Its text, not trimmed.
    pub text: Cow<'a, str>,
    /// Whether it is a number of a format that has numbers (JSON), where floats are rounded.
    pub number: bool,
}

impl<'a> Raw<'a> {
    /// A cell of text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), number: false }
    }
}

/// Reads records one after another.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    row: u32,
}

/// What a [`Scanner`] came upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A record; its cells are in the buffer.
    Record {
        /// The number a spreadsheet shows for it.
        row: u32,
        /// The first cell in which text follows the closing quote.
        stray: Option<usize>,
    },
    /// A quote that is never closed; the rest of the file is behind it.
    Unclosed {
        /// The record's row.
        row: u32,
        /// The cell, from 0.
        cell: usize,
    },
    /// The end of the text.
    End,
}

impl<'a> Scanner<'a> {
    /// Reads from the start of a text; row numbers count from 1.
    pub fn new(text: &'a str, delimiter: u8) -> Self {
        Self { text, at: 0, delimiter, row: 0 }
    }

    /// The next record with anything in it. Rows in which every cell is blank are counted and passed over.
    pub fn record(&mut self, cells: &mut Vec<Raw<'a>>) -> Step {
        loop {
            cells.clear();
            if self.at >= self.text.len() {
                return Step::End;
            }
            self.row += 1;
            let step = self.cells(cells);
            let blank = || cells.iter().all(|cell| trim(&cell.text).is_empty());
            match step {
                Step::Record { .. } if blank() => {}
                step => return step,
            }
        }
    }

    fn cells(&mut self, cells: &mut Vec<Raw<'a>>) -> Step {
        let bytes = self.text.as_bytes();
        let mut stray = None;
        loop {
            if bytes.get(self.at) == Some(&b'"') {
                match self.quoted() {
                    Quoted::Whole(cell) => cells.push(Raw { text: cell, number: false }),
                    Quoted::Stray(cell) => {
                        stray = stray.or(Some(cells.len()));
                        cells.push(Raw { text: cell, number: false });
                    }
                    Quoted::Unclosed => return Step::Unclosed { row: self.row, cell: cells.len() },
                }
            } else {
                let start = self.at;
                self.at = self.end_of_plain(start);
                cells.push(Raw { text: Cow::Borrowed(&self.text[start..self.at]), number: false });
            }
            match bytes.get(self.at) {
                Some(byte) if *byte == self.delimiter => self.at += 1,
                Some(b'\r') => {
                    self.at += if bytes.get(self.at + 1) == Some(&b'\n') { 2 } else { 1 };
                    return Step::Record { row: self.row, stray };
                }
                _ => {
                    self.at += 1;
                    return Step::Record { row: self.row, stray };
                }
            }
        }
    }

    /// Where the delimiter or line end behind a plain cell stands.
    fn end_of_plain(&self, start: usize) -> usize {
        let ends = |byte: &u8| *byte == self.delimiter || *byte == b'\n' || *byte == b'\r';
        self.text.as_bytes()[start..].iter().position(ends).map_or(self.text.len(), |length| start + length)
    }

    /// A cell in quotes; `at` stands on the opening quote.
    fn quoted(&mut self) -> Quoted<'a> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let (mut at, mut doubled) = (start, false);
        loop {
            match bytes[at..].iter().position(|byte| *byte == b'"') {
                None => return Quoted::Unclosed,
                Some(length) if bytes.get(at + length + 1) == Some(&b'"') => {
                    doubled = true;
                    at += length + 2;
                }
                Some(length) => {
                    at += length;
                    break;
                }
            }
        }
        let inside = &self.text[start..at];
        let end = self.end_of_plain(at + 1);
        let behind = &self.text[at + 1..end];
        self.at = end;
        if !trim(behind).is_empty() {
            return Quoted::Stray(Cow::Borrowed(&self.text[start - 1..end]));
        }
        Quoted::Whole(if doubled { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) })
    }
}

enum Quoted<'a> {
    Whole(Cow<'a, str>),
    Stray(Cow<'a, str>),
    Unclosed,
}

/// Takes space, tab, CR, LF and no-break space off both ends.
pub fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] | [first @ last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim_matches([' ', '\t', '\r', '\n', '\u{a0}']),
    }
}

/// What Excel writes before the header to say the delimiter (`sep=;`), and the text behind it.
pub fn said_delimiter(text: &str) -> Option<(u8, &str)> {
    let rest = text.strip_prefix("sep=")?;
    let delimiter = *rest.as_bytes().first().filter(|byte| byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | b'"'))?;
    let rest = &rest[1..];
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']))?;
    Some((delimiter, rest))
}

/// The delimiter under which the first records have most evenly the same number of cells, and more than one. Unusual marks
/// count only where none of the usual ones stands.
pub fn detect_delimiter(text: &str) -> u8 {
    const SAMPLE: usize = 50;
    let score = |delimiter: u8| {
        let (mut scanner, mut cells, mut counts) = (Scanner::new(text, delimiter), Vec::new(), Vec::new());
        while counts.len() < SAMPLE {
            match scanner.record(&mut cells) {
                Step::Record { .. } => counts.push(cells.len()),
                Step::Unclosed { .. } | Step::End => break,
            }
        }
        let header = counts.first().copied().unwrap_or(1);
        let even = counts.iter().filter(|count| **count == header).count();
        (header > 1).then(|| (even * 100 / counts.len().max(1), header))
    };
    let mut best = (b',', score(b','));
    for delimiter in [b';', b'\t', b'|'] {
        let scored = score(delimiter);
        if scored > best.1 {
            best = (delimiter, scored);
        }
    }
    for delimiter in [b'^', b'~', 0x1f, b':'] {
        if best.1.is_none() {
            // A colon also stands in times and addresses: it separates only where every row agrees.
            let least = if delimiter == b':' { 100 } else { 50 };
            best = (delimiter, score(delimiter).filter(|(even, _)| *even >= least));
        }
    }
    if best.1.is_some() { best.0 } else { b',' }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(u32, Vec<String>)> {
        let (mut scanner, mut cells, mut out) = (Scanner::new(text, detect_delimiter(text)), Vec::new(), Vec::new());
        while let Step::Record { row, .. } = scanner.record(&mut cells) {
            out.push((row, cells.iter().map(|cell| cell.text.to_string()).collect()));
        }
        out
    }

    #[test]
    fn records_come_as_spreadsheets_show_them() {
        type Record = (u32, &'static [&'static str]);
        let cases: [(&str, &[Record]); 13] = [
            ("a^b\n1:2^2,3\n4\n", &[(1, &["a", "b"]), (2, &["1:2", "2,3"]), (3, &["4"])]),
            ("a:b\n1:2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("at\n10:00\n", &[(1, &["at"]), (2, &["10:00"])]),
            ("a,b\n1,2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("a,b\r\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("a,b\r1,2\r", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("a;b\n1,5;2\n", &[(1, &["a", "b"]), (2, &["1,5", "2"])]),
            ("a\tb\n1\t\n", &[(1, &["a", "b"]), (2, &["1", ""])]),
            ("a|b\nx,y|z\n", &[(1, &["a", "b"]), (2, &["x,y", "z"])]),
            ("a,b\n\n,\n1,2\n", &[(1, &["a", "b"]), (4, &["1", "2"])]),
            ("a,b\n\"x\ny\",\"say \"\"hi\"\"\"\n3,4\n", &[(1, &["a", "b"]), (2, &["x\ny", "say \"hi\""]), (3, &["3", "4"])]),
            ("a,b\n5\" pipe,6\n", &[(1, &["a", "b"]), (2, &["5\" pipe", "6"])]),
            ("a\n1\n", &[(1, &["a"]), (2, &["1"])]),
        ];
        for (text, expected) in cases {
            let expected: Vec<(u32, Vec<String>)> =
                expected.iter().map(|(row, cells)| (*row, cells.iter().map(ToString::to_string).collect())).collect();
            assert_eq!(records(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_that_do_not_fit_are_told() {
        let mut cells = Vec::new();
        let mut scanner = Scanner::new("a,b\n1,\"the \"best\" shop\"\n2,\"never closed\n3,4\n", b',');
        assert_eq!(scanner.record(&mut cells), Step::Record { row: 1, stray: None });
        assert_eq!(scanner.record(&mut cells), Step::Record { row: 2, stray: Some(1) });
        assert_eq!(scanner.record(&mut cells), Step::Unclosed { row: 3, cell: 1 });
    }

    #[test]
    fn excel_may_say_the_delimiter() {
        assert_eq!(said_delimiter("sep=;\r\na;b\r\n"), Some((b';', "a;b\r\n")));
        assert_eq!(said_delimiter("separator,b\n"), None);
    }
}
