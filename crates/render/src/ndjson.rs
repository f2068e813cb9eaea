//! A sheet as JSON Lines: an object per row; numbers are strings, exact, flags `true` and `false`, nothing `null`.

use kamrules_model::{Book, Model};
use kamrules_session::{Sheet, SheetKind};
use serde_json::{Map, Value};

/// The sheet.
pub fn render(sheet: &Sheet<'_>, model: &Model, book: &Book) -> Vec<u8> {
    kamrules_session::write_ndjson((0..sheet.rows).map(|row| object(sheet, model, book, row)))
}

/// A row as an object.
pub fn object(sheet: &Sheet<'_>, model: &Model, book: &Book, row: usize) -> Value {
    let mut out = Map::new();
    for (i, column) in sheet.columns.iter().enumerate() {
        let value = match sheet.get(model, book, i, row) {
            SheetKind::Nothing => Value::Null,
            SheetKind::Text(text) => text.into(),
            SheetKind::Flag(yes) => yes.into(),
        };
        out.insert(column.name.clone(), value);
    }
    Value::Object(out)
}
