//! Tables: rows to the one form of decisions.

use super::head::{self, Parts, suit};
use crate::checker::Checker;
use crate::lower::Tested;
use kamrules_base::{Finding, codes};
use kamrules_model::{Condition, Ctx, Decision, ExprId, Label, Outcome, Rung, SetId, Ty, Win};
use kamrules_syntax::ast::{self, Mode, TestKind, Tests};

/// A label per row.
pub(crate) fn labels(table: &ast::Table, out: &mut Vec<Label>) {
    for (i, row) in table.rows.iter().enumerate() {
        out.push(Label {
            name: format!("row {}", i + 1),
            display: None,
            parent: None,
            group: false,
            each: None,
            action: None,
            span: row.span,
        });
    }
}

/// Lowers a table to its answer, the row that holds.
pub(crate) fn lower(cx: &mut Checker, set: SetId, item: &ast::Table) -> ExprId {
    suit(cx, &item.head, "a `table`", Parts { display: true, entity: true, from: true, filter: true, ..Parts::default() });
    let win = match item.mode {
        None => Win::Exclusive,
        Some((Mode::FirstMatch, _)) => Win::First,
        Some((Mode::EveryMatch, _)) => Win::Every,
        Some((Mode::Sum, span)) => {
            cx.report(Finding::new(codes::MODE, span, "only a scorecard adds points").help("take it out"));
            Win::Exclusive
        }
    };
    let entity = cx.model.set(set).entity;
    let (guard, env) = head::filtered(cx, &item.head, Ctx::Entity(entity));
    let columns: Vec<Vec<Tested>> = item
        .inputs
        .iter()
        .enumerate()
        .map(|(c, input)| {
            let subject = cx.expr(input, &env);
            let any = Tests { alternatives: vec![ast::Test { kind: TestKind::Any, span: input.span }], span: input.span };
            let cells: Vec<&Tests> =
                item.rows.iter().map(|row| if is_otherwise(row) { &any } else { row.cells.get(c).unwrap_or(&any) }).collect();
            cx.tested(subject, &cells, input.span, &env, "the table")
        })
        .collect();
    let mut rungs = Vec::new();
    for (r, row) in item.rows.iter().enumerate() {
        if let Some(when) = row_condition(cx, row, &columns, r) {
            let name = format!("row {}", r + 1).into();
            rungs.push(Rung { name, overrides: false, when, outcome: Outcome::Label(r as u32), span: row.span });
        }
    }
    if guard.is_some_and(|id| cx.is_unknown(id)) {
        return cx.unknown(item.head.name.span);
    }
    let ty = Ty { kind: cx.answer_type(set), optional: guard.is_some() };
    let span = item.head.name.span;
    cx.decide(Decision { ctx: Ctx::Entity(entity), ty, win, guard, rungs, set: Some(set), span, question: None, subject: None })
}

fn is_otherwise(row: &ast::Row) -> bool {
    matches!(row.cells.as_slice(), [only] if matches!(only.alternatives.as_slice(), [ast::Test { kind: TestKind::Otherwise, .. }]))
}

fn row_condition(cx: &mut Checker, row: &ast::Row, columns: &[Vec<Tested>], r: usize) -> Option<Condition> {
    if is_otherwise(row) {
        return Some(Condition::Otherwise);
    }
    let mut all: Option<ExprId> = None;
    for column in columns {
        let cell = &column[r];
        if cell.spoiled {
            return None;
        }
        if cell.otherwise {
            let finding = Finding::new(codes::OTHERWISE_PLACE, row.span, "`otherwise` is one cell for the whole left side")
                .help("for one column write `*`");
            cx.report(finding);
            return None;
        }
        if let Some(id) = cell.when {
            all = Some(match all {
                Some(before) => cx.and(before, id, row.span),
                None => id,
            });
        }
    }
    let id = all.unwrap_or_else(|| cx.flag(true, row.span));
    Some(Condition::When(id))
}
