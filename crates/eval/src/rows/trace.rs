//! How a decision came to its answer for a row, as plain data.

use super::decide::{self, Hold};
use super::{Nothing, Walk};
use kamrules_base::Span;
use kamrules_model::{Cell, Condition, Ctx, DecisionId, ExprId, Fault, FieldId, Node, Outcome, Type};

/// How a decision came to its answer for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The decision.
    pub decision: DecisionId,
    /// The row.
    pub row: u32,
    /// The answer.
    pub answer: Cell,
    /// The tests on the row that say whether it is decided at all; where one is not yes, no rung is visited.
    pub guard: Vec<Reason>,
    /// What a tree's question or a `match` tests.
    pub subject: Option<Operand>,
    /// The rungs that were visited, in order.
    pub rungs: Vec<RungTrace>,
    /// The rungs that share the answer.
    pub won: Vec<u32>,
    /// Where two rungs claim the row, or none does.
    pub conflict: Option<TraceConflict>,
}

/// A rung that was visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RungTrace {
    /// Its index in the decision.
    pub index: u32,
    /// What it is called.
    pub name: String,
    /// Where it is written.
    pub span: Span,
    /// Whether it held.
    pub held: Held,
    /// The rows that an `each` rung held for.
    pub each: Vec<u32>,
    /// The tests that were looked at.
    pub tests: Vec<Reason>,
    /// The decision behind it, if it had a say.
    pub nested: Option<Box<Trace>>,
}

/// Whether a rung held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It did.
    Yes,
    /// It did not.
    No,
    /// It did not, since what it asks is missing.
    Missing,
    /// It hangs on a field that a test left out.
    Unset(FieldId),
    /// It could not be computed.
    Fault(Fault),
}

/// A test that has no `and`, `or` and `not` in it, or is the innermost part of one that has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The test.
    pub expr: ExprId,
    /// Where it is written.
    pub span: Span,
    /// What it gave.
    pub value: Cell,
    /// Whether it stands behind a `not`.
    pub negated: bool,
    /// Its sides.
    pub operands: Vec<Operand>,
}

/// A part of an expression and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// The part.
    pub expr: ExprId,
    /// Which rows it is about.
    pub ctx: Ctx,
    /// For which row.
    pub row: u32,
    /// Where it is written.
    pub span: Span,
    /// Its type.
    pub ty: Type,
    /// Its value.
    pub value: Cell,
    /// Whether it is written out as it stands.
    pub constant: bool,
}

/// Two rungs that claim a row, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceConflict {
    /// The rungs, and for an `each` rung the row. Empty when none does.
    pub claims: Vec<(u32, Option<u32>)>,
}

impl Walk<'_> {
    /// How a decision comes to its answer for a row.
    pub fn trace(&self, decision: DecisionId, row: u32) -> Trace {
        let at = self.decides.get(&decision).copied().unwrap_or(ExprId(0));
        stacker::maybe_grow(super::RED_ZONE, super::MORE_STACK, || trace(self, decision, row, at))
    }

    /// A part of an expression with its value.
    pub fn operand(&self, expr: ExprId, row: u32) -> Operand {
        let exprs = &self.model.exprs;
        Operand {
            expr,
            ctx: self.ctx(expr),
            row: self.place(expr, row),
            span: exprs.span(expr),
            ty: exprs.ty(expr).kind,
            value: self.value(expr, row),
            constant: matches!(exprs.node(expr), Node::Const(_)),
        }
    }

    /// The tests that a condition looks at for a row, in order.
    pub fn reasons(&self, condition: ExprId, row: u32) -> Vec<Reason> {
        let mut out = Vec::new();
        gather(self, condition, row, false, &mut out);
        out
    }
}

fn trace(walk: &Walk<'_>, id: DecisionId, row: u32, at: ExprId) -> Trace {
    let decision = walk.model.decision(id);
    let row = if decision.ctx == Ctx::Policy { 0 } else { row };
    let decided = decide::decide(walk, id, row, at);
    let claimed = |rung: u32| decided.won.contains(&rung) || decided.conflict.iter().flatten().any(|claim| claim.0 == rung);
    let rungs = decided.visited.iter().map(|(rung, hold)| rung_trace(walk, id, row, *rung, hold, claimed(*rung))).collect();
    Trace {
        decision: id,
        row,
        answer: decided.answer,
        guard: decision.guard.map(|guard| walk.reasons(guard, row)).unwrap_or_default(),
        subject: decision.subject.map(|subject| walk.operand(subject, row)),
        rungs,
        won: decided.won,
        conflict: decided.conflict.map(|claims| TraceConflict { claims }),
    }
}

fn rung_trace(walk: &Walk<'_>, id: DecisionId, row: u32, index: u32, hold: &Hold, claims: bool) -> RungTrace {
    let rung = &walk.model.decision(id).rungs[index as usize];
    let nested = match rung.outcome {
        Outcome::Nested(nested) if claims => Some(Box::new(walk.trace(nested, row))),
        _ => None,
    };
    let (held, each) = match hold {
        Hold::Yes(rows) => (Held::Yes, rows.clone().unwrap_or_default()),
        Hold::No => (Held::No, Vec::new()),
        Hold::Nothing(Nothing::Missing) => (Held::Missing, Vec::new()),
        Hold::Nothing(Nothing::Unset(field)) => (Held::Unset(*field), Vec::new()),
        Hold::Nothing(Nothing::Fault(fault)) => (Held::Fault(*fault), Vec::new()),
    };
    RungTrace { index, name: rung.name.to_string(), span: rung.span, held, each, tests: tests(walk, &rung.when, row), nested }
}

fn tests(walk: &Walk<'_>, condition: &Condition, row: u32) -> Vec<Reason> {
    match condition {
        Condition::When(condition) => walk.reasons(*condition, row),
        Condition::Otherwise => Vec::new(),
        Condition::Each { keys, guard, .. } => {
            let mut out = guard.map(|guard| walk.reasons(guard, row)).unwrap_or_default();
            out.extend(keys.iter().map(|(_, outer)| {
                let operand = walk.operand(*outer, row);
                Reason { expr: *outer, span: operand.span, value: operand.value.clone(), negated: false, operands: vec![operand] }
            }));
            out
        }
    }
}

// The right side of `and` and `or` is only looked at where the left does not decide.
fn gather(walk: &Walk<'_>, expr: ExprId, row: u32, negated: bool, out: &mut Vec<Reason>) {
    stacker::maybe_grow(super::RED_ZONE, super::MORE_STACK, || {
        let (left, right, decisive) = match walk.model.exprs.node(expr) {
            Node::Not(a) => return gather(walk, *a, row, !negated, out),
            Node::And(a, b) if is_range(walk, expr, *a, *b) => {
                // A range is written as one test; both its ends are about the same value.
                let operands = super::why::parts(walk, *a, row);
                return out.push(Reason { operands, ..reason(walk, expr, row, negated) });
            }
            Node::And(a, b) => (*a, *b, false),
            Node::Or(a, b) => (*a, *b, true),
            _ => return out.push(reason(walk, expr, row, negated)),
        };
        gather(walk, left, row, negated, out);
        let value = walk.value(left, row);
        if value != Cell::flag(decisive) && !matches!(value, Cell::Fault(_)) {
            gather(walk, right, row, negated, out);
        }
    });
}

/// Whether both sides of an `and` are written as one: the two ends of a range.
fn is_range(walk: &Walk<'_>, whole: ExprId, a: ExprId, b: ExprId) -> bool {
    let exprs = &walk.model.exprs;
    let compares = |id: ExprId| matches!(exprs.node(id), Node::Compare(..));
    compares(a) && compares(b) && exprs.span(a) == exprs.span(whole) && exprs.span(b) == exprs.span(whole)
}

fn reason(walk: &Walk<'_>, expr: ExprId, row: u32, negated: bool) -> Reason {
    let operands = super::why::parts(walk, expr, row);
    Reason { expr, span: walk.model.exprs.span(expr), value: walk.value(expr, row), negated, operands }
}
