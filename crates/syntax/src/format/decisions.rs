//! Tiers, segments, territories and scorecards: labels, display names, points, conditions and attributes in columns.

use super::columns::aligned;
use super::cursor::{Cursor, Row};
use super::doc::{Doc, LINE, concat, group, indent, is_nil, nil, space};
use super::expr::{expr, spaced};
use super::head::{attrs, block, head, path};
use crate::ast::{Mode, Rung, RungKind, Set, When};
use kamrules_base::Span;

/// Columns wider than this do not push the next one to the right.
const CAP: usize = 72;

/// The cells of the label, its display name and its points.
const LABEL: usize = 3;

pub(super) fn set(c: &mut Cursor, it: &Set) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        let start = mode(c, it.mode);
        body = block(c, |c| rungs(c, &it.rungs, 2));
        start
    });
    concat([start, body])
}

/// The way to win, with a blank behind it.
pub(super) fn mode(c: &mut Cursor, it: Option<(Mode, Span)>) -> Doc {
    it.map_or_else(nil, |(_, span)| concat([c.place(span), space()]))
}

fn rungs(c: &mut Cursor, rungs: &[Rung], depth: usize) -> Vec<Row> {
    let mut lines = Vec::new();
    let mut run: Vec<(Row, Vec<Doc>, Doc)> = Vec::new();
    let mut nested = false;
    for one in rungs {
        let mut parts = (Vec::new(), nil());
        let row = c.row(|c| {
            parts = rung(c, one, depth);
            nil()
        });
        if row.blank || nested {
            flush(&mut run, &mut lines, depth);
        }
        nested = !one.children.is_empty();
        run.push((row, parts.0, parts.1));
    }
    flush(&mut run, &mut lines, depth);
    lines
}

fn flush(run: &mut Vec<(Row, Vec<Doc>, Doc)>, lines: &mut Vec<Row>, depth: usize) {
    let cells = run.iter_mut().map(|(_, cells, _)| std::mem::take(cells)).collect();
    let docs = aligned(cells, depth, CAP, loose);
    for ((row, _, below), doc) in run.drain(..).zip(docs) {
        lines.push(Row { doc: concat([doc, below]), ..row });
    }
}

/// A rung that does not fit on a line: the condition and the attributes go below the label.
fn loose(mut cells: Vec<Doc>) -> Doc {
    let below = cells.split_off(cells.len().min(LABEL));
    let below = below.into_iter().filter(|cell| !is_nil(cell)).map(|cell| concat([LINE, cell]));
    group([spaced(cells), indent(below)])
}

/// The cells of a rung, and the block of the rungs below it.
fn rung(c: &mut Cursor, it: &Rung, depth: usize) -> (Vec<Doc>, Doc) {
    let mut cells = label(c, &it.kind);
    cells.push(when(c, it));
    cells.push(if it.attrs.is_empty() { nil() } else { attrs(c, &it.attrs) });
    let below = if c.is("{") { concat([space(), block(c, |c| rungs(c, &it.children, depth + 2))]) } else { nil() };
    (cells, below)
}

/// The label, its display name and its points.
fn label(c: &mut Cursor, it: &RungKind) -> Vec<Doc> {
    match it {
        RungKind::Label { display, points, .. } => {
            let name = c.token();
            let display = if display.is_some() { c.token() } else { nil() };
            vec![name, display, if points.is_some() { concat([c.token(), c.token()]) } else { nil() }]
        }
        RungKind::SameAs(to) => {
            let words = c.words(&["same", "as"]);
            vec![spaced([words, path(c, to)]), nil(), nil()]
        }
        RungKind::Each(_) => vec![c.place_of(2), nil(), nil()],
    }
}

fn when(c: &mut Cursor, it: &Rung) -> Doc {
    let overrides = if it.overrides.is_some() { c.word("overrides") } else { nil() };
    let condition = match &it.when {
        When::Condition(condition) => {
            let word = c.word("when");
            concat([word, space(), expr(c, condition)])
        }
        When::Otherwise(_) => c.word("otherwise"),
        When::Unsaid => nil(),
    };
    spaced([overrides, condition])
}
