//! A sheet as CSV (RFC 4180): a line of headings, then a line per row; nothing is an empty cell.

use kamrules_model::{Book, Model};
use kamrules_session::{Sheet, SheetKind};
use std::borrow::Cow;

/// The sheet.
pub fn render(sheet: &Sheet<'_>, model: &Model, book: &Book) -> Vec<u8> {
    let headings: Vec<&str> = sheet.columns.iter().map(|column| column.name.as_str()).collect();
    let cell = |row: usize, column: usize| match sheet.get(model, book, column, row) {
        SheetKind::Nothing => Cow::Borrowed(""),
        SheetKind::Text(text) => Cow::Owned(text),
        SheetKind::Flag(yes) => Cow::Borrowed(if yes { "true" } else { "false" }),
    };
    let rows = (0..sheet.rows).map(|row| (0..sheet.columns.len()).map(move |column| (row, column)));
    kamrules_session::write_csv(&headings, rows.map(|places| places.map(|(row, column)| cell(row, column)).collect::<Vec<_>>()))
}
