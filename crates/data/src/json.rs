//! JSON and JSON Lines to records: nested objects become columns with a dot in their name.

use crate::scan::{Raw, trim};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// How JSON rows are laid out in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One document: an array of objects, or an object that holds one.
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

/// Whether the first line is an object of its own, and no object that holds the rows.
fn lines(text: &str) -> bool {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match serde_json::from_str::<Value>(first) {
        Ok(Value::Object(object)) => !rest.trim().is_empty() || !object.values().any(holds_rows),
        _ => false,
    }
}

fn holds_rows(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(Value::is_object))
}

/// Calls `each` for every row with its number: the line, or the element from 1.
///
/// # Errors
/// The parser's message, when the document cannot be read on.
pub fn rows(text: &str, layout: Layout, each: &mut dyn FnMut(u32, JsonRow)) -> Result<(), String> {
    match layout {
        Layout::Lines => {
            for (i, line) in text.split('\n').enumerate() {
                if !trim(line).is_empty() {
                    let row = serde_json::from_str::<Value>(line).map_err(|error| error.to_string()).and_then(flat);
                    each(i as u32 + 1, row);
                }
            }
            Ok(())
        }
        Layout::Document => {
            let mut arrays = 0;
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let walk = Walk { each, arrays: &mut arrays, nested: false };
            walk.deserialize(&mut deserializer).and_then(|()| deserializer.end()).map_err(|error| error.to_string())?;
            match arrays {
                1 => Ok(()),
                0 => Err("there is no list of objects in it".into()),
                _ => Err("there is more than one list of objects in it".into()),
            }
        }
    }
}

/// Walks a document without keeping more than one row of it.
struct Walk<'f> {
    each: &'f mut dyn FnMut(u32, JsonRow),
    arrays: &'f mut u32,
    nested: bool,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        *self.arrays += 1;
        let mut row = 0;
        while let Some(value) = items.next_element::<Value>()? {
            row += 1;
            if *self.arrays == 1 {
                (self.each)(row, flat(value));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(_name) = entries.next_key::<Cow<'_, str>>()? {
            if self.nested {
                entries.next_value::<IgnoredAny>()?;
            } else {
                entries.next_value_seed(Walk { each: &mut *self.each, arrays: &mut *self.arrays, nested: true })?;
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

fn flat(value: Value) -> JsonRow {
    let Value::Object(object) = value else { return Err("it is no object with named values".into()) };
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

    type Rows = Vec<(u32, Result<String, ()>)>;

    fn read(text: &str) -> Result<Rows, String> {
        let mut out = Vec::new();
        let layout = layout(text).ok_or("no JSON")?;
        rows(text, layout, &mut |row, cells| {
            let show = |cells: Vec<(String, Raw<'static>)>| {
                cells.iter().map(|(name, cell)| format!("{name}={}", cell.text)).collect::<Vec<_>>().join(" ")
            };
            out.push((row, cells.map(show).map_err(|_| ())));
        })?;
        Ok(out)
    }

    #[test]
    fn rows_come_out_of_every_layout() {
        let one = |text: &str| Ok(vec![(1, Ok(text.to_owned()))]);
        assert_eq!(read(r#"[{"a":1.10,"b":{"c":null,"d":"x"}}]"#), one("a=1.10 b.c= b.d=x"));
        assert_eq!(read(r#"{"took": 3, "rows": [ {"a": 0.1, "list": [1, 2]} ], "more": {"x": [{}]}}"#), one("a=0.1 list=[1,2]"));
        assert_eq!(read("{\"a\": true}\n"), one("a=true"));
        assert_eq!(read("{\"a\":1}\r\n\n7\n{\"a\":"), Ok(vec![(1, Ok("a=1".into())), (3, Err(())), (4, Err(()))]));
        assert_eq!(read("[]"), Ok(vec![]));
        assert_eq!(read("[{}, 5]"), Ok(vec![(1, Ok(String::new())), (2, Err(()))]));
        assert!(read("{\"a\": [{}], \"b\": [{}]}").is_err());
        assert!(read("[{\"a\": 1}, ").is_err());
        assert_eq!(read("id,name\n"), Err("no JSON".into()));
        assert_eq!(read("[Id],[Name]\n"), Err("no JSON".into()));
    }
}
