//! Items, each as its construct wants it.

use super::columns::aligned;
use super::cursor::{Cursor, Row};
use super::doc::{Doc, LINE, SOFT, concat, group, indent, nil, space, text, width};
use super::expr::{expr, filter, list, spaced, value};
use super::head::{block, clause, head, head_alone, loose_attrs, loose_block, path};
use super::{decisions, entity, tables};
use crate::ast::{
    Action, Always, Assign, AssignClause, AssignClauseKind, Cadence, Define, Item, ItemKind, ListValues, Metric, MetricClause,
    MetricClauseKind, Obligation, Policy, PolicyClauseKind, Quota, QuotaClause, QuotaClauseKind, Rates, TestClause, TestItem,
};

/// Left sides wider than this do not push the `=` of their neighbours to the right.
const LEFT: usize = 48;

/// The items of a file, the `=` of neighbouring defines and lists below one another.
pub(super) fn items(c: &mut Cursor, all: &[Item]) -> Vec<Row> {
    let mut lines: Vec<Row> = Vec::with_capacity(all.len());
    let mut run: Vec<(Row, Vec<Doc>)> = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let kin = index > 0 && std::mem::discriminant(&all[index - 1].kind) == std::mem::discriminant(&one.kind);
        let mut cells = Vec::new();
        let row = c.row(|c| match sides(c, one) {
            Some((left, right)) => {
                cells = vec![left, right];
                nil()
            }
            None => item(c, one),
        });
        if !kin || row.blank || !row.comments.is_empty() {
            flush(&mut run, &mut lines);
        }
        if cells.is_empty() { lines.push(row) } else { run.push((row, cells)) }
    }
    flush(&mut run, &mut lines);
    lines
}

fn flush(run: &mut Vec<(Row, Vec<Doc>)>, lines: &mut Vec<Row>) {
    let cells = run.iter_mut().map(|(_, cells)| std::mem::take(cells)).collect();
    let docs = aligned(cells, 0, LEFT, spaced);
    lines.extend(run.drain(..).zip(docs).map(|((row, _), doc)| Row { doc, ..row }));
}

/// An item that stands alone.
fn item(c: &mut Cursor, it: &Item) -> Doc {
    match &it.kind {
        ItemKind::Policy(it) => policy(c, it),
        ItemKind::Rates(it) => rates(c, it),
        ItemKind::Entity(it) => entity::entity(c, it),
        ItemKind::Always(it) => always(c, it),
        // Written by `sides`, with their neighbours.
        ItemKind::Define(_) | ItemKind::List(_) => nil(),
        ItemKind::Set(it) => decisions::set(c, it),
        ItemKind::Table(it) => tables::table(c, it),
        ItemKind::Tree(it) => tables::tree(c, it),
        ItemKind::Action(it) => action(c, it),
        ItemKind::Assign(it) => assign(c, it),
        ItemKind::Quota(it) => quota(c, it),
        ItemKind::Metric(it) => metric(c, it),
        ItemKind::Obligation(it) => obligation(c, it),
        ItemKind::Cadence(it) => cadence(c, it),
        ItemKind::Test(it) => test(c, it),
    }
}

/// A clause a line; how years are named stays beside when they start.
fn policy(c: &mut Cursor, it: &Policy) -> Doc {
    let start = concat([c.word("policy"), space(), c.token(), space()]);
    let body = block(c, |c| {
        let mut lines = Vec::new();
        let mut clauses = it.clauses.iter().peekable();
        while let Some(one) = clauses.next() {
            lines.push(c.row(|c| {
                let first = concat([c.place(one.span)]);
                let fiscal = matches!(one.kind, PolicyClauseKind::FiscalStarts(_) | PolicyClauseKind::FiscalWeeks(_));
                let comma = c.optional_comma();
                match clauses.next_if(|next| fiscal && matches!(next.kind, PolicyClauseKind::NamedByEnd(_))) {
                    Some(named) => concat([first, text(","), comma, space(), c.place(named.span), c.optional_comma()]),
                    None => concat([first, comma]),
                }
            }));
        }
        lines
    });
    concat([start, body])
}

fn rates(c: &mut Cursor, it: &Rates) -> Doc {
    let start = concat([c.word("rates"), space()]);
    let Rates::Listed(listed) = it else {
        return concat([start, c.word("from"), space(), c.token()]);
    };
    let body = loose_block(c, " ", |c| {
        let mut lines = Vec::new();
        for (index, one) in listed.iter().enumerate() {
            lines.push(c.row(|c| {
                let rate = c.place(one.span);
                concat([rate, if index + 1 < listed.len() { c.comma() } else { c.optional_comma() }])
            }));
        }
        lines
    });
    concat([start, body])
}

/// `= [a, b]` or `from "file" "column"`
fn list_values(c: &mut Cursor, it: &ListValues) -> Doc {
    match it {
        ListValues::Listed(values) => {
            let equals = concat([c.word("="), space()]);
            concat([equals, list(c, values)])
        }
        ListValues::From(_, column) => c.place_of(if column.is_some() { 3 } else { 2 }),
    }
}

fn always(c: &mut Cursor, it: &Always) -> Doc {
    let start = concat([c.word("always"), space(), c.token()]);
    let rows = it.filter.as_ref().map_or_else(nil, |condition| indent([LINE, filter(c, condition)]));
    let colon = c.word(":");
    group([start, group([rows, colon]), indent([LINE, expr(c, &it.fact)])])
}

/// What stands left and right of the `=` of a define or a list, so that neighbours line up.
pub(super) fn sides(c: &mut Cursor, it: &Item) -> Option<(Doc, Doc)> {
    match &it.kind {
        ItemKind::Define(it) => {
            let start = concat([c.word("define"), space(), path(c, &it.path)]);
            let params = if it.params.is_empty() { nil() } else { params(c, it) };
            let equals = c.word("=");
            Some((concat([start, params]), concat([equals, value(c, &it.value)])))
        }
        ItemKind::List(it) => {
            let start = concat([c.word("list"), space(), c.token()]);
            Some((start, list_values(c, &it.values)))
        }
        _ => None,
    }
}

fn params(c: &mut Cursor, it: &Define) -> Doc {
    let open = c.word("(");
    let mut inner = vec![SOFT];
    for (index, one) in it.params.iter().enumerate() {
        inner.push(c.token());
        if one.ty.is_some() {
            inner.extend([c.word(":"), space(), c.token()]);
        }
        if index + 1 < it.params.len() {
            inner.extend([c.comma(), LINE]);
        }
    }
    group([open, indent(inner), SOFT, c.word(")")])
}

fn action(c: &mut Cursor, it: &Action) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        body = loose_attrs(c, &it.attrs);
        nil()
    });
    concat([start, body])
}

fn assign(c: &mut Cursor, it: &Assign) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        body = block(c, |c| assign_clauses(c, &it.clauses));
        nil()
    });
    concat([start, body])
}

/// The clauses, what stands behind their words below one another.
fn assign_clauses(c: &mut Cursor, clauses: &[AssignClause]) -> Vec<Row> {
    let mut lines = Vec::new();
    for one in clauses {
        let mut word = nil();
        let mut rest = nil();
        let row = c.row(|c| {
            word = c.token();
            let doc = assign_clause(c, one);
            rest = concat([indent([doc]), c.optional_comma()]);
            nil()
        });
        lines.push((row, word, rest));
    }
    let column = lines.iter().filter_map(|(_, word, _)| width(word)).max().unwrap_or(0);
    let whole = |(row, word, rest): (Row, Doc, Doc)| {
        let pad = " ".repeat(column + 1 - width(&word).unwrap_or(column));
        Row { doc: concat([word, text(pad), rest]), ..row }
    };
    lines.into_iter().map(whole).collect()
}

fn assign_clause(c: &mut Cursor, it: &AssignClause) -> Doc {
    match &it.kind {
        AssignClauseKind::Candidates(_, condition) => {
            let entity = c.token();
            group([entity, condition.as_ref().map_or_else(nil, |condition| indent([LINE, filter(c, condition)]))])
        }
        AssignClauseKind::Keep(what, condition) => {
            let what = expr(c, what);
            let when = c.word("when");
            group([what, indent([LINE, when, space(), expr(c, condition)])])
        }
        AssignClauseKind::Capacity(it) | AssignClauseKind::Workload(it) | AssignClauseKind::Prefer(it) => expr(c, it),
    }
}

fn quota(c: &mut Cursor, it: &Quota) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        body = block(c, |c| clauses(c, &it.clauses, quota_clause));
        nil()
    });
    concat([start, body])
}

/// Clauses, a row each.
fn clauses<T>(c: &mut Cursor, clauses: &[T], write: fn(&mut Cursor, &T) -> Doc) -> Vec<Row> {
    let mut lines = Vec::new();
    for one in clauses {
        lines.push(c.row(|c| {
            let doc = write(c, one);
            concat([doc, c.optional_comma()])
        }));
    }
    lines
}

fn quota_clause(c: &mut Cursor, it: &QuotaClause) -> Doc {
    match &it.kind {
        QuotaClauseKind::Target(it) | QuotaClauseKind::Actual(it) => assignment(c, it),
        QuotaClauseKind::Split(parts) => {
            let word = concat([c.word("split"), space()]);
            let mut pieces = Vec::new();
            for (index, (_, span)) in parts.iter().enumerate() {
                let part = c.place(*span);
                pieces.push(concat([part, if index + 1 < parts.len() { c.comma() } else { nil() }]));
            }
            concat([word, indent([Doc::Fill(pieces)])])
        }
    }
}

/// `word = value`
fn assignment(c: &mut Cursor, it: &crate::ast::Expr) -> Doc {
    let word = concat([c.token(), space(), c.word("=")]);
    concat([word, value(c, it)])
}

fn metric(c: &mut Cursor, it: &Metric) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        body = loose_block(c, "  ", |c| clauses(c, &it.clauses, metric_clause));
        nil()
    });
    concat([start, body])
}

fn metric_clause(c: &mut Cursor, it: &MetricClause) -> Doc {
    match &it.kind {
        MetricClauseKind::Value(it) => assignment(c, it),
        MetricClauseKind::Goal(_, it) => {
            let start = concat([c.word("goal"), space(), c.token(), space()]);
            concat([start, indent([expr(c, it)])])
        }
    }
}

/// On one line if it fits; else the condition in its braces goes below the header.
fn obligation(c: &mut Cursor, it: &Obligation) -> Doc {
    let start = head_alone(c, &it.head);
    let open = concat([c.word("{"), space()]);
    let condition = expr(c, &it.condition);
    group([start, indent([LINE, open, condition, space(), c.word("}")])])
}

fn cadence(c: &mut Cursor, it: &Cadence) -> Doc {
    let mut body = nil();
    let start = head(c, &it.head, |c| {
        body = loose_block(c, " ", |c| {
            let every = c.row(|c| clause(c, &it.every));
            let since = c.row(|c| clause(c, &it.since));
            let action = c.row(|c| c.place_of(2));
            vec![every, since, action]
        });
        nil()
    });
    concat([start, body])
}

fn test(c: &mut Cursor, it: &TestItem) -> Doc {
    let mut parts = vec![c.word("test"), c.token()];
    if it.as_of.is_some() {
        parts.push(c.words(&["as", "of"]));
        parts.push(c.token());
    }
    let start = spaced(parts);
    let body = loose_block(c, "  ", |c| {
        let mut lines = Vec::new();
        let mut columns = Vec::new();
        let mut rest = it.clauses.as_slice();
        while let Some((first, mut others)) = rest.split_first() {
            let depth = depth(c, first, &mut columns);
            let row = c.row(|c| test_clause(c, first, &mut others));
            lines.push(Row { depth, ..row });
            rest = others;
        }
        lines
    });
    concat([start, space(), body])
}

/// Rows of a test that belong to the row above them are set in below it, where their author did so. `columns` are those
/// of the rows that the present one may belong to.
fn depth(c: &Cursor, it: &TestClause, columns: &mut Vec<usize>) -> usize {
    if matches!(it, TestClause::Expect(_)) {
        columns.clear();
        return 0;
    }
    if let Some(column) = c.column() {
        columns.retain(|outer| *outer < column);
        columns.push(column);
    }
    2 * columns.len().saturating_sub(1)
}

fn test_clause(c: &mut Cursor, first: &TestClause, others: &mut &[TestClause]) -> Doc {
    match first {
        TestClause::Row { attrs, .. } => {
            let entity = concat([c.token(), space()]);
            concat([entity, loose_attrs(c, attrs), c.optional_comma()])
        }
        TestClause::Rows(..) => {
            let rows = concat([c.token(), space(), c.word("from"), space(), c.token()]);
            concat([rows, c.optional_comma()])
        }
        TestClause::Expect(_) => expects(c, first, others),
    }
}

/// `expect a, b`: those that commas join.
fn expects(c: &mut Cursor, first: &TestClause, others: &mut &[TestClause]) -> Doc {
    let word = concat([c.word("expect"), space()]);
    let mut pieces = Vec::new();
    let mut next = Some(first);
    while let Some(TestClause::Expect(it)) = next.take() {
        let condition = expr(c, &it.condition);
        let row = if it.row.is_some() { concat([space(), c.place_of(3)]) } else { nil() };
        let more = c.is(",") && matches!(others.first(), Some(TestClause::Expect(_)));
        let comma = if more { c.comma() } else { c.optional_comma() };
        pieces.push(concat([condition, row, comma]));
        if more && let Some((following, rest)) = others.split_first() {
            *others = rest;
            next = Some(following);
        }
    }
    concat([word, indent([Doc::Fill(pieces)])])
}
