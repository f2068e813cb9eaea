//! `entity`: the fields' names, types and columns below one another.

use super::cursor::{Cursor, Row};
use super::doc::{Doc, LINE, concat, group, indent, is_nil, nest, nil, space, text, width, width_before_comment};
use super::expr::{expr, spaced};
use super::head::block;
use super::print::WIDTH;
use crate::ast::{Entity, Field, FieldType, Modifier, ModifierKind, Pick};

/// Types wider than this do not push the columns of the others to the right.
const TYPE_COLUMN: usize = 16;

/// A field in its three columns.
struct Line {
    row: Row,
    name: Doc,
    /// The `:`, and the type with what stands before `from`.
    kind: Doc,
    /// `from "Column"` and what follows.
    source: Doc,
}

pub(super) fn entity(c: &mut Cursor, it: &Entity) -> Doc {
    let mut parts = vec![c.token(), c.token()];
    if it.source.is_some() {
        parts.extend([c.word("from"), c.token()]);
    }
    let start = spaced(parts);
    concat([start, space(), block(c, |c| body(c, it))])
}

fn body(c: &mut Cursor, it: &Entity) -> Vec<Row> {
    let mut rows = Vec::new();
    if !it.key.is_empty() {
        rows.push(c.row(|c| key(c, it.key.len())));
    }
    let mut run: Vec<Line> = Vec::new();
    for one in &it.fields {
        let line = field(c, one);
        if line.row.blank {
            rows.extend(aligned(std::mem::take(&mut run)));
        }
        run.push(line);
    }
    rows.extend(aligned(run));
    rows
}

/// `key (order, line)`
fn key(c: &mut Cursor, fields: usize) -> Doc {
    let start = concat([c.word("key"), space(), c.word("(")]);
    let mut names = Vec::new();
    for index in 0..fields {
        let name = c.token();
        names.push(concat([name, if index + 1 < fields { c.comma() } else { nil() }]));
    }
    concat([start, spaced(names), c.word(")"), c.optional_comma()])
}

fn field(c: &mut Cursor, it: &Field) -> Line {
    let mut name = nil();
    let mut kind = nil();
    let mut source = Vec::new();
    let row = c.row(|c| {
        name = c.token();
        let colon = c.word(":");
        let mut parts = vec![kind_of(c, it)];
        for one in &it.modifiers {
            let sourced = !source.is_empty() || matches!(one.kind, ModifierKind::From(_));
            let doc = modifier(c, one);
            if sourced { source.push(doc) } else { parts.push(doc) }
        }
        let comma = c.optional_comma();
        kind = concat([colon, space(), wrapped(parts)]);
        if source.is_empty() {
            kind = concat([kind.clone(), comma]);
        } else {
            source.push(comma);
        }
        nil()
    });
    Line { row, name, kind, source: wrapped(source) }
}

/// Parts with blanks between, each on a line of its own where it does not fit on the one before.
fn wrapped(parts: Vec<Doc>) -> Doc {
    let mut parts = parts.into_iter().filter(|part| !is_nil(part));
    let first = parts.next().unwrap_or_else(nil);
    concat(std::iter::once(first).chain(parts.map(|part| if comment_alone(&part) { part } else { group([LINE, part]) })))
}

/// What is left of a comma that was passed over.
fn comment_alone(part: &Doc) -> bool {
    match part {
        Doc::Trailing(_) | Doc::Own(_) => true,
        Doc::Concat(docs) => docs.iter().all(comment_alone),
        _ => false,
    }
}

fn kind_of(c: &mut Cursor, it: &Field) -> Doc {
    let mut parts = match &it.ty {
        FieldType::Named(_, None) => vec![c.token()],
        FieldType::Named(_, Some(_)) => vec![c.token(), c.word("("), c.token(), c.word(")")],
        FieldType::OneOf(picks) => vec![one_of(c, picks)],
    };
    if it.optional {
        parts.push(c.word("?"));
    }
    Doc::Concat(parts)
}

/// More values than this do not stand one below the other.
const VERY_MANY: usize = 24;

/// On one line if it fits and its author did not break it; else a value a line, the spellings below one another. Of very many values as
/// many on a line as fit.
fn one_of(c: &mut Cursor, picks: &[Pick]) -> Doc {
    let start = concat([c.words(&["one", "of"]), space(), c.word("{")]);
    let edge = if c.line_ended() { Doc::Hard } else { LINE };
    let mut lines = Vec::new();
    for (index, it) in picks.iter().enumerate() {
        let name = c.token();
        let spellings = texts(c, it.spellings.len());
        let comma = if index + 1 < picks.len() { c.comma() } else { c.optional_comma() };
        lines.push((name, spellings, comma));
    }
    if picks.len() > VERY_MANY {
        let piece = |(name, spellings, comma)| {
            if is_nil(&spellings) { concat([name, comma]) } else { concat([name, space(), spellings, comma]) }
        };
        let pieces = Doc::Fill(lines.into_iter().map(piece).collect());
        return group([start, indent([edge.clone(), pieces]), edge, c.word("}")]);
    }
    let column = lines.iter().filter_map(|(name, ..)| width(name)).max().unwrap_or(0);
    let mut inner = Vec::new();
    for (index, (name, spellings, comma)) in lines.into_iter().enumerate() {
        let before = if index == 0 { edge.clone() } else { LINE };
        let pad = Doc::Pad(column - width(&name).unwrap_or(column));
        inner.push(if is_nil(&spellings) { concat([before, name, comma]) } else { concat([before, name, pad, space(), spellings, comma]) });
    }
    group([start, indent(inner), edge, c.word("}")])
}

/// `"a" or "b"`
fn texts(c: &mut Cursor, count: usize) -> Doc {
    let mut parts = Vec::new();
    for index in 0..count {
        if index > 0 {
            parts.push(c.word("or"));
        }
        parts.push(c.token());
    }
    spaced(parts)
}

fn modifier(c: &mut Cursor, it: &Modifier) -> Doc {
    match &it.kind {
        ModifierKind::InRange(low, high, half_open) => {
            let start = concat([c.word("in"), space(), expr(c, low)]);
            concat([start, c.word(if *half_open { "..<" } else { ".." }), expr(c, high)])
        }
        ModifierKind::BlankAs(spellings) => {
            let start = c.words(&["blank", "as"]);
            concat([start, space(), texts(c, spellings.len())])
        }
        _ => c.place(it.span),
    }
}

/// The fields of a run with their columns aligned.
fn aligned(run: Vec<Line>) -> Vec<Row> {
    let names = run.iter().filter_map(|line| width(&line.name)).max().unwrap_or(0);
    let room = WIDTH.saturating_sub(2 + names + 1);
    let fits =
        |line: &Line| Some((width(&line.kind)?, width_before_comment(&line.source)?)).filter(|(kind, source)| kind + 1 + source <= room);
    let kinds = run.iter().filter(|line| !is_nil(&line.source)).filter_map(|line| fits(line).map(|(kind, _)| kind));
    let column = kinds.filter(|kind| *kind <= TYPE_COLUMN).max().unwrap_or(0);
    run.into_iter()
        .map(|line| {
            let fit = fits(&line);
            let name = concat([line.name.clone(), text(" ".repeat(names + 1 - width(&line.name).unwrap_or(names)))]);
            let pad = " ".repeat(column.saturating_sub(fit.map_or(column, |(kind, _)| kind)));
            let behind = match fit {
                _ if is_nil(&line.source) => line.kind,
                Some(_) => concat([line.kind, text(pad), space(), line.source]),
                None => concat([line.kind, group([LINE, line.source])]),
            };
            Row { doc: concat([name, nest(names + 3, behind)]), ..line.row }
        })
        .collect()
}
