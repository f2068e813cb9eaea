//! Whether an expectation is met.

use super::{ExpectationOutcome, Failure, Got, Verdict};
use crate::rows::Walk;
use kamrules_model::{Cell, Ctx, Expectation, show};

/// How many decisions a failure tells of.
const TRACES: usize = 4;

/// Asks for an expectation; `starts` says for each entity where the test's own rows begin.
pub fn judge(walk: &Walk<'_>, expect: &Expectation, starts: &[Option<u32>]) -> ExpectationOutcome {
    let row = match expect.ctx {
        Ctx::Entity(entity) => starts[entity.index()].unwrap_or(0) + expect.row,
        Ctx::Policy | Ctx::Group(_) => expect.row,
    };
    let there = match expect.ctx {
        Ctx::Entity(entity) => (row as usize) < walk.book.table(entity).rows,
        Ctx::Policy => true,
        Ctx::Group(metric) => (row as usize) < walk.groups(metric).len(),
    };
    let verdict = if there { verdict(walk, expect, row) } else { Verdict::NoRow };
    ExpectationOutcome { span: expect.span, row, verdict }
}

fn verdict(walk: &Walk<'_>, expect: &Expectation, row: u32) -> Verdict {
    let cell = walk.value(expect.condition, row);
    if cell.is_yes() {
        return Verdict::Pass;
    }
    let failure = Box::new(failure(walk, expect, row));
    match cell {
        Cell::Unset(field) => Verdict::Unset(field, failure),
        Cell::Fault(fault) => Verdict::Fault(fault, failure),
        Cell::Known(_) | Cell::Missing => Verdict::Fail(failure),
    }
}

fn failure(walk: &Walk<'_>, expect: &Expectation, row: u32) -> Failure {
    let (expr, expected) = match &expect.sides {
        Some((got, expected)) => (*got, Some(expected.clone())),
        None => (expect.condition, None),
    };
    let cell = walk.value(expr, row);
    let ty = walk.model.ty(expr).kind;
    let text = show::precise_cell(walk.model, walk.book, &cell, ty);
    let traces = walk.decisions_of(expect.condition, row, TRACES);
    Failure { expected, got: Got { expr, ty, cell, text }, why: walk.why(expr, row), traces }
}
