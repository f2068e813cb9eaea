//! Which rungs and boundaries the tests reached.

use crate::rows::Seen;
use kamrules_base::Span;
use kamrules_model::{Condition, Decision, DecisionId, ExprId, Model, Node, SetId, Type};
use rustc_hash::FxHashSet;

/// What the tests reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Per decision, in the model's order.
    pub decisions: Vec<DecisionCoverage>,
}

/// What the tests reached of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionCoverage {
    /// The decision.
    pub decision: DecisionId,
    /// The named set it belongs to; none for a `match`.
    pub set: Option<SetId>,
    /// Where it is written.
    pub span: Span,
    /// Its rungs.
    pub rungs: Vec<RungCoverage>,
    /// The comparisons with a constant in their conditions, each once.
    pub boundaries: Vec<BoundaryCoverage>,
}

/// Whether the tests reached a rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RungCoverage {
    /// What it is called.
    pub name: String,
    /// Where it is written.
    pub span: Span,
    /// Whether it gave at least one answer.
    pub won: bool,
}

/// Whether the tests reached a boundary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundaryCoverage {
    /// The comparison.
    pub expr: ExprId,
    /// Where it is written.
    pub span: Span,
    /// Whether a value was compared that is the constant or right beside it: one away in its last digit, or a day.
    pub touched: bool,
}

impl Coverage {
    /// How many rungs there are, and how many of them gave an answer.
    pub fn rungs(&self) -> (usize, usize) {
        let all = || self.decisions.iter().flat_map(|decision| &decision.rungs);
        (all().count(), all().filter(|rung| rung.won).count())
    }

    /// How many boundaries there are, and how many of them were touched.
    pub fn boundaries(&self) -> (usize, usize) {
        let all = || self.decisions.iter().flat_map(|decision| &decision.boundaries);
        (all().count(), all().filter(|boundary| boundary.touched).count())
    }
}

/// What was reached of a model.
pub fn of(model: &Model, seen: &Seen) -> Coverage {
    let mut decisions: Vec<DecisionCoverage> = Vec::new();
    for id in (0..model.decisions.len() as u32).map(DecisionId) {
        let one = decision(model, id, seen);
        match decisions.iter_mut().find(|known| is_written_once(known, &one)) {
            Some(known) => known.merge(one),
            None => decisions.push(one),
        }
    }
    Coverage { decisions }
}

/// Whether two decisions are one as written: a `match` in a quota is lowered for each of its periods.
fn is_written_once(a: &DecisionCoverage, b: &DecisionCoverage) -> bool {
    a.span == b.span && a.set == b.set && a.rungs.len() == b.rungs.len() && a.rungs.iter().zip(&b.rungs).all(|(a, b)| a.span == b.span)
}

impl DecisionCoverage {
    fn merge(&mut self, other: Self) {
        for (rung, more) in self.rungs.iter_mut().zip(other.rungs) {
            rung.won |= more.won;
        }
        for more in other.boundaries {
            match self.boundaries.iter_mut().find(|known| known.span == more.span) {
                Some(known) => known.touched |= more.touched,
                None => self.boundaries.push(more),
            }
        }
    }
}

fn decision(model: &Model, id: DecisionId, seen: &Seen) -> DecisionCoverage {
    let Decision { set, span, rungs, .. } = model.decision(id);
    let rung = |(i, rung): (usize, &kamrules_model::Rung)| RungCoverage {
        name: rung.name.to_string(),
        span: rung.span,
        won: seen.won.contains(&(id, i as u32)),
    };
    let boundary = |expr: ExprId| BoundaryCoverage { expr, span: model.exprs.span(expr), touched: seen.near.contains(&expr) };
    DecisionCoverage {
        decision: id,
        set: *set,
        span: *span,
        rungs: rungs.iter().enumerate().map(rung).collect(),
        boundaries: comparisons(model, model.decision(id)).into_iter().map(boundary).collect(),
    }
}

// The comparisons of a number or day with a constant, in the order they are written.
fn comparisons(model: &Model, decision: &Decision) -> Vec<ExprId> {
    let (mut out, mut looked) = (Vec::new(), FxHashSet::default());
    let mut left: Vec<ExprId> = decision.rungs.iter().rev().flat_map(|rung| conditions(&rung.when)).collect();
    while let Some(expr) = left.pop() {
        if !looked.insert(expr) {
            continue;
        }
        match model.exprs.node(expr) {
            Node::And(a, b) | Node::Or(a, b) => left.extend([*b, *a]),
            Node::Not(a) => left.push(*a),
            Node::Through { value, .. } => left.push(*value),
            Node::If(a, b, c) => left.extend([*c, *b, *a]),
            Node::Compare(_, a, b) if is_boundary(model, *a, *b) => out.push(expr),
            _ => {}
        }
    }
    out
}

fn conditions(condition: &Condition) -> Vec<ExprId> {
    match condition {
        Condition::When(expr) => vec![*expr],
        Condition::Otherwise => Vec::new(),
        Condition::Each { filter, guard, .. } => filter.iter().chain(guard).copied().collect(),
    }
}

fn is_boundary(model: &Model, a: ExprId, b: ExprId) -> bool {
    let constant = |id: ExprId| matches!(model.exprs.node(id), Node::Const(_));
    let measured = matches!(model.ty(a).kind, Type::Number { .. } | Type::Money { .. } | Type::Date);
    measured && constant(a) != constant(b)
}
