//! The header that items share, and blocks in braces.

use super::cursor::{Cursor, Row, rows};
use super::doc::{Doc, LINE, concat, group, indent, nil, space};
use super::expr::{expr, filter, spaced, value};
use crate::ast::{Attr, Head, InClause, Path};

/// `KEYWORD name "Display" for … where …`, and behind it what `tail` writes, up to the block. Where it does not fit on a
/// line, `where` and the tail go on lines of their own.
pub(super) fn head(c: &mut Cursor, it: &Head, tail: impl FnOnce(&mut Cursor) -> Doc) -> Doc {
    let start = fixed(c, it);
    let condition = it.filter.as_ref().map_or_else(nil, |condition| indent([LINE, filter(c, condition)]));
    let tail = tail(c);
    group([start, condition, LINE, tail])
}

/// The header up to its `where`, and that condition.
pub(super) fn head_alone(c: &mut Cursor, it: &Head) -> Doc {
    let start = fixed(c, it);
    let condition = it.filter.as_ref().map_or_else(nil, |condition| indent([LINE, filter(c, condition)]));
    group([start, condition])
}

fn fixed(c: &mut Cursor, it: &Head) -> Doc {
    let mut parts = vec![c.token(), c.place(it.name.span)];
    if let Some(display) = &it.display {
        parts.push(c.place(display.span));
    }
    if it.entity.is_some() {
        parts.extend([c.word("for"), c.token()]);
    }
    if !it.by.is_empty() {
        parts.push(c.word("by"));
        for (index, one) in it.by.iter().enumerate() {
            let one = path(c, one);
            let comma = if index + 1 < it.by.len() { c.comma() } else { nil() };
            parts.push(concat([one, comma]));
        }
    }
    match &it.within {
        Some(InClause::Periods(_, end, _)) => {
            parts.push(c.word("in"));
            let start = c.token();
            let end = if end.is_some() { concat([c.word(".."), c.token()]) } else { nil() };
            parts.push(concat([start, end]));
        }
        Some(InClause::Set(_)) => parts.extend([c.word("in"), c.token()]),
        None => {}
    }
    if it.from.is_some() {
        parts.extend([c.word("from"), c.token()]);
    }
    spaced(parts)
}

/// `owner.manager`.
pub(super) fn path(c: &mut Cursor, it: &Path) -> Doc {
    let mut parts = vec![c.token()];
    for _ in 1..it.parts.len() {
        parts.extend([c.word("."), c.token()]);
    }
    Doc::Concat(parts)
}

/// A block whose rows stand one below the other always.
pub(super) fn block(c: &mut Cursor, body: impl FnOnce(&mut Cursor) -> Vec<Row>) -> Doc {
    let open = c.word("{");
    let mut lines = body(c);
    lines.push(c.last_row());
    close(c, open, rows(lines, &Doc::Hard), &Doc::Hard)
}

/// A block that stays on one line if it fits and its author did not break the line behind `{`.
pub(super) fn loose_block(c: &mut Cursor, between: &'static str, body: impl FnOnce(&mut Cursor) -> Vec<Row>) -> Doc {
    let open = c.word("{");
    let edge = if c.line_ended() { Doc::Hard } else { LINE };
    let mut lines = body(c);
    lines.push(c.last_row());
    let between = if edge == Doc::Hard { Doc::Hard } else { Doc::Line(between) };
    close(c, open, rows(lines, &between), &edge)
}

/// A block that stays on one line if it fits.
pub(super) fn tight_block(c: &mut Cursor, between: &'static str, body: impl FnOnce(&mut Cursor) -> Vec<Row>) -> Doc {
    let open = c.word("{");
    let mut lines = body(c);
    lines.push(c.last_row());
    close(c, open, rows(lines, &Doc::Line(between)), &LINE)
}

fn close(c: &mut Cursor, open: Doc, inner: Doc, edge: &Doc) -> Doc {
    if super::doc::is_nil(&inner) {
        return concat([open, c.word("}")]);
    }
    group([open, indent([edge.clone(), inner]), edge.clone(), c.word("}")])
}

/// `{ name = value, … }`; the commas stand only between those on one line.
pub(super) fn attrs(c: &mut Cursor, attrs: &[Attr]) -> Doc {
    tight_block(c, " ", |c| attr_rows(c, attrs, false))
}

/// The same, but lines that its author broke stay broken.
pub(super) fn loose_attrs(c: &mut Cursor, attrs: &[Attr]) -> Doc {
    loose_block(c, " ", |c| {
        let broken = c.line_ended();
        attr_rows(c, attrs, broken)
    })
}

/// A row for each line of attributes; where one is too long, each attribute goes on a line of its own.
fn attr_rows(c: &mut Cursor, attrs: &[Attr], keep_lines: bool) -> Vec<Row> {
    let mut lines: Vec<Row> = Vec::new();
    for one in attrs {
        let starts_line = keep_lines && c.line_ended();
        let mut comma = nil();
        let row = c.row(|c| {
            let doc = attr(c, one);
            comma = c.optional_comma();
            doc
        });
        let alone = starts_line || row.blank || !row.comments.is_empty();
        match lines.last_mut().filter(|_| !alone) {
            Some(last) => last.doc = concat([std::mem::replace(&mut last.doc, nil()), Doc::Flat(","), LINE, row.doc, comma]),
            None => lines.push(Row { doc: concat([row.doc, comma]), ..row }),
        }
    }
    lines.into_iter().map(|row| Row { doc: group([row.doc]), ..row }).collect()
}

fn attr(c: &mut Cursor, it: &Attr) -> Doc {
    let name = c.token();
    let equals = c.word("=");
    concat([name, space(), equals, value(c, &it.value)])
}

/// A word and an expression behind it.
pub(super) fn clause(c: &mut Cursor, it: &crate::ast::Expr) -> Doc {
    let word = c.token();
    concat([word, space(), indent([expr(c, it)])])
}
