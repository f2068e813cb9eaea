//! JSON and JSON Lines to records: nested objects become columns with a dot in their name.

use crate::json_split::{self, Shape, line_of};
use crate::scan::{Raw, trim};
use serde_json::Value;

/// How JSON rows are laid out in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One document: an array of objects, an object that holds one, or one object alone.
    Document,
    /// An object a line.
    Lines,
}

/// A row of a JSON source.
pub type JsonRow = Result<Vec<(String, Raw<'static>)>, String>;

/// Whether a text is JSON, and how it is laid out; told by its first characters.
pub fn layout(text: &str) -> Option<Layout> {
    let start = text.trim_start();
    let second = start.get(1..).unwrap_or_default().trim_start().as_bytes().first();
    match (start.as_bytes().first(), second) {
        (Some(b'['), Some(b'{' | b']')) => Some(Layout::Document),
        (Some(b'{'), Some(b'"' | b'}')) => Some(if lines(start) { Layout::Lines } else { Layout::Document }),
        _ => None,
    }
}

/// Whether each line is an object of its own: the first is whole, or a broken one is followed by a line that begins another.
fn lines(text: &str) -> bool {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match serde_json::from_str::<Value>(first) {
        Ok(Value::Object(_)) => !rest.trim().is_empty(),
        _ => first.trim_end().ends_with('}') && rest.trim_start().starts_with('{'),
    }
}

/// Calls `each` for every row with its number: the line, or the element from 1.
///
/// # Errors
/// What is wrong, in words, when the document cannot be read on.
pub fn rows(text: &str, layout: Layout, each: &mut dyn FnMut(u32, JsonRow)) -> Result<(), String> {
    match layout {
        Layout::Lines => {
            for (i, line) in text.split('\n').enumerate().filter(|(_, line)| !trim(line).is_empty()) {
                each(i as u32 + 1, json_split::value(line).and_then(flat));
            }
            Ok(())
        }
        Layout::Document => match json_split::shape(text)? {
            Shape::Nothing => Ok(()),
            Shape::Object(start, end) => {
                each(1, json_split::value(&text[start..end]).and_then(flat));
                Ok(())
            }
            Shape::List(start) => list(text, start, each),
        },
    }
}

fn list(text: &str, start: usize, each: &mut dyn FnMut(u32, JsonRow)) -> Result<(), String> {
    let mut row = 0;
    json_split::elements(text, start, &mut |at, element| {
        row += 1;
        let read = json_split::value(element).and_then(flat);
        each(row, read.map_err(|why| format!("{why}; the row begins in line {}", line_of(text, at))));
    })
}

fn flat(value: Value) -> JsonRow {
    let Value::Object(object) = value else { return Err("it is no object with names and values".into()) };
    let mut cells = Vec::with_capacity(object.len());
    flatten("", object, &mut cells);
    Ok(cells)
}

fn flatten(prefix: &str, object: serde_json::Map<String, Value>, cells: &mut Vec<(String, Raw<'static>)>) {
    for (name, value) in object {
        let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Object(inner) => flatten(&name, inner, cells),
            Value::Null => cells.push((name, Raw::text(""))),
            Value::Bool(yes) => cells.push((name, Raw::text(if yes { "true" } else { "false" }))),
            Value::Number(number) => cells.push((name, Raw { text: number.to_string().into(), number: true })),
            Value::String(text) => cells.push((name, Raw::text(text))),
            list @ Value::Array(_) => cells.push((name, Raw::text(list.to_string()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rows = Vec<(u32, Result<String, String>)>;

    fn read(text: &str) -> Result<Rows, String> {
        let mut out = Vec::new();
        let layout = layout(text).ok_or("no JSON")?;
        rows(text, layout, &mut |row, cells| {
            let show = |cells: Vec<(String, Raw<'static>)>| {
                cells.iter().map(|(name, cell)| format!("{name}={}", cell.text)).collect::<Vec<_>>().join(" ")
            };
            out.push((row, cells.map(show)));
        })?;
        Ok(out)
    }

    #[test]
    fn rows_come_out_of_every_layout() {
        let one = |text: &str| Ok(vec![(1, Ok(text.to_owned()))]);
        assert_eq!(read(r#"[{"a":1.10,"b":{"c":null,"d":"x"}}]"#), one("a=1.10 b.c= b.d=x"));
        assert_eq!(read(r#"{"took": 3, "rows": [ {"a": 0.1, "list": [1, 2]} ], "more": {"x": [{}]}}"#), one("a=0.1 list=[1,2]"));
        assert_eq!(read(r#"{"tags": ["x"], "rows": [{"a": 1}]}"#), one("a=1"));
        assert_eq!(read("{\"a\": true}\n"), one("a=true"));
        assert_eq!(read("{\n  \"a\": true,\n  \"tags\": [\"]}\"]\n}\n"), one("a=true tags=[\"]}\"]"));
        assert_eq!(read("{}"), one(""));
        for empty in ["[]", "[ ]\n", "{\"total\": 0, \"records\": []}", "{\n\"value\": [\n]\n}"] {
            assert_eq!(read(empty), Ok(vec![]), "{empty}");
        }
        for other in ["id,name\n", "[Id],[Name]\n"] {
            assert_eq!(read(other), Err("no JSON".into()));
        }
    }

    #[test]
    fn a_broken_row_does_not_hide_the_others() {
        let short = |read: Result<Rows, String>| {
            read.map(|rows| {
                rows.into_iter().map(|(row, cells)| format!("{row} {}", cells.unwrap_or_else(|why| format!("! {why}")))).collect::<Vec<_>>()
            })
        };
        let cases: [(&str, &[&str]); 4] = [
            (
                "{\"a\":1}\r\n\n7\n{\"a\":",
                &[
                    "1 a=1",
                    "3 ! it is no object with names and values",
                    "4 ! it ends in the middle: a bracket is not closed (character 5 of the row)",
                ],
            ),
            (
                "[{\"a\": \"\\ud83d\"},\n {\"a\": 2}]",
                &["1 ! a character written as `\\u…` is not whole (character 14 of the row); the row begins in line 1", "2 a=2"],
            ),
            ("{\"a\":1,}\n{\"a\":2}\n", &["1 ! a comma stands behind the last value (character 8 of the row)", "2 a=2"]),
            ("[{}, 5]", &["1 ", "2 ! it is no object with names and values; the row begins in line 1"]),
        ];
        for (text, expected) in cases {
            let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
            assert_eq!(short(read(text)), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_breaks_a_document_is_said_in_plain_words_with_its_line() {
        for (text, expected) in [
            ("{\"a\": [{}], \"b\": [{}]}", "there is more than one list of objects"),
            ("[{\"a\": 1},\n", "it ends in the middle: the file seems to be cut off, or a bracket is not closed (line 2)"),
            ("[{\"a\": 1}\n {\"a\": 2}]", "a comma is wanted between two rows (line 2)"),
            ("[{\"a\": 1},]", "a value is wanted"),
            ("[{\"a\": [1}, {\"a\": 2}]", "a `]` is wanted before the `}` (line 1)"),
            ("[{\"a\": \"x}]", "a quote that opens there is never closed (line 1)"),
            ("[{}] []", "the list is over, but more follows (line 1)"),
            ("{\"rows\": [{\"a\": 1}", "it ends in the middle"),
        ] {
            let why = read(text).expect_err(text);
            assert!(why.starts_with(expected), "{text}: {why}");
        }
    }
}
