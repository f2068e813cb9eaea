//! A JSON text to the texts of its rows, so that a broken row does not hide the others; and its faults in plain words.

use serde_json::Value;
use serde_json::error::Category;

/// Names under which services put the rows of an answer: an empty list there means that there is no row.
const ENVELOPES: [&str; 5] = ["records", "rows", "value", "data", "results"];

/// What a JSON text is made of.
#[derive(Debug, PartialEq, Eq)]
pub enum Shape {
    /// A list of rows that begins at this byte, behind its bracket; the text is `[…]` or `{… "rows": […] …}`.
    List(usize),
    /// One object that is a row itself, and where it begins and ends.
    Object(usize, usize),
    /// An object that has only an empty list of rows.
    Nothing,
}

/// Finds the rows of a text that begins with `[` or `{`.
///
/// # Errors
/// What is wrong, in words.
pub fn shape(text: &str) -> Result<Shape, String> {
    let start = skip_blank(text, 0);
    if text.as_bytes().get(start) == Some(&b'[') {
        return Ok(Shape::List(start + 1));
    }
    let (mut at, mut lists, mut empty) = (start + 1, Vec::new(), false);
    loop {
        at = skip_blank(text, at);
        if text.as_bytes().get(at) == Some(&b'}') {
            break;
        }
        let name_end = end_of_value(text, at)?;
        let name = &text[at..name_end];
        at = skip_blank(text, name_end);
        if !name.starts_with('"') || text.as_bytes().get(at) != Some(&b':') {
            return Err(said(text, at, "a name in quotes and a `:` are wanted in front of each value"));
        }
        let value = skip_blank(text, at + 1);
        at =
            end_of_value(text, value).or_else(|why| if lists.is_empty() && opens_rows(text, value) { Ok(text.len()) } else { Err(why) })?;
        if opens_rows(text, value) {
            lists.push(value + 1);
        }
        empty |= is_empty_list(&text[value..at]) && ENVELOPES.iter().any(|word| name.trim_matches('"').eq_ignore_ascii_case(word));
        at = skip_blank(text, at);
        match text.as_bytes().get(at) {
            Some(b',') => at += 1,
            Some(b'}') => break,
            None if !lists.is_empty() => break,
            None => return Err(said(text, at, CUT_OFF)),
            Some(_) => return Err(said(text, at, "a comma is wanted between two values")),
        }
    }
    if at < text.len() {
        end(text, at + 1)?;
    }
    match (&lists[..], empty) {
        ([list], _) => Ok(Shape::List(*list)),
        ([], true) => Ok(Shape::Nothing),
        ([], false) => Ok(Shape::Object(start, at + 1)),
        _ => Err("there is more than one list of objects in it, so that it does not say which one holds the rows".into()),
    }
}

const CUT_OFF: &str = "it ends in the middle: the file seems to be cut off, or a bracket is not closed";

/// Whether a list of objects begins there.
fn opens_rows(text: &str, at: usize) -> bool {
    text.as_bytes().get(at) == Some(&b'[') && text.as_bytes().get(skip_blank(text, at + 1)) == Some(&b'{')
}

/// Whether a text is a list without elements.
fn is_empty_list(text: &str) -> bool {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).is_some_and(|inside| inside.trim().is_empty())
}

/// Calls `each` for the text of every element of a list, with where it begins. A list that is the whole document ends it.
///
/// # Errors
/// What is wrong between elements, in words.
pub fn elements<'a>(text: &'a str, start: usize, each: &mut dyn FnMut(usize, &'a str)) -> Result<(), String> {
    // What stands around a list inside an object was looked at when the list was found.
    let ended = |at: usize| if text.trim_start().starts_with('[') { end(text, at) } else { Ok(()) };
    let mut at = skip_blank(text, start);
    if text.as_bytes().get(at) == Some(&b']') {
        return ended(at + 1);
    }
    loop {
        let end = end_of_value(text, at)?;
        each(at, &text[at..end]);
        let behind = skip_blank(text, end);
        match text.as_bytes().get(behind) {
            Some(b']') => return ended(behind + 1),
            Some(b',') => at = skip_blank(text, behind + 1),
            None => return Err(said(text, behind, CUT_OFF)),
            Some(_) => return Err(said(text, behind, "a comma is wanted between two rows")),
        }
    }
}

/// Whether nothing stands behind the end of a document.
///
/// # Errors
/// That something does, in words.
fn end(text: &str, at: usize) -> Result<(), String> {
    let at = skip_blank(text, at);
    if at == text.len() { Ok(()) } else { Err(said(text, at, "the list is over, but more follows")) }
}

fn skip_blank(text: &str, at: usize) -> usize {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    at + text.as_bytes()[at.min(text.len())..].iter().take_while(|byte| blank(byte)).count()
}

/// Where the value that begins at a byte ends. Only quotes and brackets are looked at.
fn end_of_value(text: &str, start: usize) -> Result<usize, String> {
    let bytes = text.as_bytes();
    let (mut at, mut open) = (start, Vec::new());
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_text(text, at)?;
                if open.is_empty() {
                    return Ok(at);
                }
                continue;
            }
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b']' | b'}' if open.is_empty() => break,
            b']' | b'}' => {
                let wanted = open.pop().unwrap_or(*byte);
                if wanted != *byte {
                    let message = format!("a `{}` is wanted before the `{}`", char::from(wanted), char::from(*byte));
                    return Err(said(text, at, &message));
                }
                if open.is_empty() {
                    return Ok(at + 1);
                }
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if open.is_empty() => break,
            _ => {}
        }
        at += 1;
    }
    match () {
        () if !open.is_empty() || start == bytes.len() => Err(said(text, bytes.len(), CUT_OFF)),
        () if at == start => Err(said(text, at, VALUE)),
        () => Ok(at),
    }
}

fn end_of_text(text: &str, start: usize) -> Result<usize, String> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return Err(said(text, start, "a quote that opens there is never closed")),
        }
    }
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

fn said(text: &str, at: usize, what: &str) -> String {
    format!("{what} (line {})", line_of(text, at))
}

const VALUE: &str = "a value is wanted: a text in quotes, a number, `true`, `false`, `null`, a list or an object";

/// The value of a row's text.
///
/// # Errors
/// What is wrong with it, in words.
pub fn value(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        let technical = error.to_string();
        let what = in_words(&technical, error.classify());
        let lines = text.trim_end().contains('\n');
        match error.column() {
            0 => what.to_owned(),
            _ if lines => format!("{what} (line {} of the row)", error.line()),
            column => format!("{what} (character {column} of the row)"),
        }
    })
}

fn in_words(technical: &str, kind: Category) -> &'static str {
    const WORDS: [(&str, &str); 12] = [
        ("EOF while parsing a string", "a quote is never closed"),
        ("key must be a string", "a name in quotes is wanted in front of each value"),
        ("expected `:`", "a `:` is wanted behind the name"),
        ("expected `,` or", "a comma or the closing bracket is wanted"),
        ("trailing comma", "a comma stands behind the last value"),
        ("trailing characters", "the object is over, but more follows"),
        ("recursion limit exceeded", "it is nested more than a hundred deep"),
        ("control character", "a line break or tab inside a text has to be written as `\\n` or `\\t`"),
        ("invalid escape", "behind a backslash only `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t` or `u` may stand"),
        ("invalid number", "a number is not written as numbers are"),
        ("number out of range", "a number is too large"),
        ("expected ", VALUE),
    ];
    if technical.contains("hex escape") || technical.contains("unicode code point") || technical.contains("surrogate") {
        return "a character written as `\\u…` is not whole";
    }
    let known = WORDS.iter().find(|(start, _)| technical.starts_with(start)).map(|(_, words)| *words);
    known.unwrap_or(if kind == Category::Eof { "it ends in the middle: a bracket is not closed" } else { "it is not written as JSON is" })
}
