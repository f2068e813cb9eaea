//! Tables, their cells in columns, and trees, their arrows below one another.

use super::cursor::{Cursor, Row};
use super::decisions::mode;
use super::doc::{Doc, concat, flat, indent, nest, nil, space, text, width};
use super::expr::{expr, tests};
use super::head::{block, head, loose_block};
use crate::ast::{Branch, Node, Table, Target, Tree};

/// Tests wider than this do not push the arrows of the others to the right.
const TESTS: usize = 32;

/// A row of a table: cells, each with the bar behind it.
struct Line {
    row: Row,
    bar: Doc,
    left: Vec<(Doc, Doc)>,
    arrow: Doc,
    right: Vec<(Doc, Doc)>,
}

pub(super) fn table(c: &mut Cursor, it: &Table) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        let start = mode(c, it.mode);
        body = block(c, |c| lines(c, it));
        start
    });
    concat([start, body])
}

fn lines(c: &mut Cursor, it: &Table) -> Vec<Row> {
    let inputs: Vec<Written> = it.inputs.iter().map(|input| Box::new(move |c: &mut Cursor| expr(c, input)) as Written).collect();
    let outputs = it.outputs.iter().map(|_| Box::new(|c: &mut Cursor| c.token()) as Written).collect();
    let mut all = vec![line(c, inputs, outputs)];
    for row in &it.rows {
        let cells = row.cells.iter().map(|cell| Box::new(move |c: &mut Cursor| tests(c, cell)) as Written).collect();
        let values = row.values.iter().map(|value| Box::new(move |c: &mut Cursor| expr(c, value)) as Written).collect();
        all.push(line(c, cells, values));
    }
    aligned(all, it.inputs.len(), it.outputs.len())
}

type Written<'a> = Box<dyn Fn(&mut Cursor) -> Doc + 'a>;

fn line(c: &mut Cursor, left: Vec<Written>, right: Vec<Written>) -> Line {
    let mut parts = (nil(), Vec::new(), nil(), Vec::new());
    let row = c.row(|c| {
        parts.0 = c.word("|");
        parts.1 = cells(c, left);
        parts.2 = concat([c.word("->"), space(), c.word("|")]);
        parts.3 = cells(c, right);
        nil()
    });
    Line { row, bar: parts.0, left: parts.1, arrow: parts.2, right: parts.3 }
}

fn cells(c: &mut Cursor, cells: Vec<Written>) -> Vec<(Doc, Doc)> {
    let mut out = Vec::new();
    for write in cells {
        // A row ends with its line, however long it is.
        let cell = flat(write(c));
        out.push((cell, c.word("|")));
    }
    out
}

fn aligned(lines: Vec<Line>, inputs: usize, outputs: usize) -> Vec<Row> {
    let left = widths(lines.iter().map(|line| line.left.as_slice()), inputs);
    let right = widths(lines.iter().map(|line| line.right.as_slice()), outputs);
    let whole = left.iter().map(|width| width + 3).sum::<usize>().saturating_sub(3);
    let mut rows = Vec::new();
    for line in lines {
        let one = line.left.len() == 1;
        let mut parts = vec![line.bar];
        padded(&mut parts, line.left, if one { std::slice::from_ref(&whole) } else { &left });
        parts.extend([space(), line.arrow]);
        padded(&mut parts, line.right, &right);
        rows.push(Row { doc: Doc::Concat(parts), ..line.row });
    }
    rows
}

fn widths<'a>(lines: impl Iterator<Item = &'a [(Doc, Doc)]>, columns: usize) -> Vec<usize> {
    let mut widths = vec![0; columns];
    for cells in lines.filter(|cells| cells.len() == columns) {
        for (wide, (cell, _)) in widths.iter_mut().zip(cells) {
            *wide = (*wide).max(width(cell).unwrap_or(0));
        }
    }
    widths
}

fn padded(parts: &mut Vec<Doc>, cells: Vec<(Doc, Doc)>, widths: &[usize]) {
    for (index, (cell, bar)) in cells.into_iter().enumerate() {
        let pad = widths.get(index).copied().unwrap_or(0).saturating_sub(width(&cell).unwrap_or(usize::MAX));
        parts.extend([space(), cell, text(" ".repeat(pad + 1)), bar]);
    }
}

pub(super) fn tree(c: &mut Cursor, it: &Tree) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        let gives = if it.gives.is_empty() { nil() } else { concat([gives(c, it.gives.len()), space()]) };
        body = loose_block(c, " ", |c| vec![c.row(|c| node(c, &it.root))]);
        gives
    });
    concat([start, body])
}

/// `gives { qualified, nurture }`
fn gives(c: &mut Cursor, labels: usize) -> Doc {
    let start = concat([c.word("gives"), space(), c.word("{")]);
    let mut names = Vec::new();
    for index in 0..labels {
        let name = c.token();
        names.push(concat([name, if index + 1 < labels { c.comma() } else { c.optional_comma() }]));
    }
    concat([start, space(), indent([Doc::Fill(names)]), space(), c.word("}")])
}

fn node(c: &mut Cursor, it: &Node) -> Doc {
    let start = concat([c.token(), space(), expr(c, &it.subject), space()]);
    concat([start, loose_block(c, "  ", |c| branches(c, &it.branches))])
}

fn branches(c: &mut Cursor, branches: &[Branch]) -> Vec<Row> {
    let mut parts = Vec::new();
    for one in branches {
        let mut cells = (nil(), nil());
        let row = c.row(|c| {
            cells.0 = tests(c, &one.tests);
            let arrow = concat([c.word("->"), space()]);
            let target = target(c, &one.target);
            cells.1 = concat([arrow, target, c.optional_comma()]);
            nil()
        });
        parts.push((row, cells.0, cells.1));
    }
    let column = parts.iter().filter_map(|(_, tests, _)| width(tests)).filter(|width| *width <= TESTS).max().unwrap_or(0);
    let mut rows = Vec::new();
    for (row, tests, target) in parts {
        let wide = width(&tests).filter(|width| *width <= TESTS);
        let pad = Doc::Pad(wide.map_or(0, |width| column - width));
        let below = wide.map_or(0, |_| column + 4);
        rows.push(Row { doc: concat([tests, pad, space(), nest(below, target)]), ..row });
    }
    rows
}

fn target(c: &mut Cursor, it: &Target) -> Doc {
    match it {
        Target::Leaf(_) => c.token(),
        Target::Node(next) => node(c, next),
    }
}
