//! The parts of an expression that had a say in its value.

use super::gather::{self, Place};
use super::{Operand, Trace, Walk, aggregate};
use kamrules_base::Span;
use kamrules_model::{Cell, Ctx, EntityId, ExprId, MessagePart, Node, Type, Value};

/// An expression for a row: its value, and those of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The expression.
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
    /// The parts that had a say; each can be asked about in turn.
    pub parts: Vec<Operand>,
    /// The rows that an aggregate is over, ascending.
    pub rows: Option<(EntityId, Vec<u32>)>,
    /// How a decision came to it.
    pub trace: Option<Trace>,
}

impl Walk<'_> {
    /// Why an expression is what it is for a row.
    pub fn why(&self, expr: ExprId, row: u32) -> Why {
        let Operand { expr, ctx, row, span, ty, value, .. } = self.operand(expr, row);
        let pinned = self.pins.contains_key(&(expr, row));
        let (rows, trace) = match self.model.exprs.node(expr) {
            _ if pinned => (None, None),
            Node::Decide(decision) => (None, Some(self.trace(*decision, row))),
            Node::Aggregate(agg) => (Some((agg.rows, rows(self, expr, row))), None),
            _ => (None, None),
        };
        Why { expr, ctx, row, span, ty, value, parts: parts(self, expr, row), rows, trace }
    }

    /// The decisions that had a say in an expression's value for a row, the outermost first, at most `limit`.
    pub fn decisions_of(&self, expr: ExprId, row: u32, limit: usize) -> Vec<Trace> {
        let (mut out, mut left) = (Vec::<Trace>::new(), vec![(expr, row)]);
        let mut looked = rustc_hash::FxHashSet::default();
        while let (Some((expr, row)), true) = (left.pop(), out.len() < limit) {
            if !looked.insert((expr, self.place(expr, row))) || self.pins.contains_key(&(expr, self.place(expr, row))) {
                continue;
            }
            match self.model.exprs.node(expr) {
                Node::Decide(decision) => out.push(self.trace(*decision, row)),
                _ => left.extend(parts(self, expr, row).iter().rev().map(|part| (part.expr, part.row))),
            }
        }
        out
    }
}

/// The parts of an expression that were looked at for a row; a pinned one has none.
pub fn parts(walk: &Walk<'_>, expr: ExprId, row: u32) -> Vec<Operand> {
    let row = walk.place(expr, row);
    if walk.pins.contains_key(&(expr, row)) {
        return Vec::new();
    }
    ids(walk, expr, row).into_iter().map(|(id, row)| walk.operand(id, row)).collect()
}

fn ids(walk: &Walk<'_>, expr: ExprId, row: u32) -> Vec<(ExprId, u32)> {
    let here = |ids: &[ExprId]| ids.iter().map(|id| (*id, row)).collect::<Vec<_>>();
    match walk.model.exprs.node(expr) {
        Node::Const(_) | Node::Missing | Node::Today | Node::Row(_) | Node::Field(_) | Node::GroupKey(..) => Vec::new(),
        Node::Through { reference, value } => {
            let mut out = here(&[*reference]);
            if let Cell::Known(Value::Row(target)) = walk.value(*reference, row) {
                out.push((*value, target));
            }
            out
        }
        Node::And(a, b) => looked_at(walk, row, *a, *b, false),
        Node::Or(a, b) => looked_at(walk, row, *a, *b, true),
        Node::OrElse(a, b) => match walk.value(*a, row) {
            Cell::Missing => here(&[*a, *b]),
            _ => here(&[*a]),
        },
        Node::If(condition, yes, no) => match walk.value(*condition, row) {
            Cell::Known(Value::Flag(true)) => here(&[*condition, *yes]),
            Cell::Known(_) => here(&[*condition, *no]),
            Cell::Unset(_) => here(&[*condition, *yes, *no]),
            _ => here(&[*condition]),
        },
        Node::Not(a) | Node::Negate(a) | Node::IsKnown(a) | Node::Rescale(a) | Node::Ultimate(a) => here(&[*a]),
        Node::OneOf(a, _) | Node::InList(a, _) | Node::LabelIn(a, _) | Node::LabelRow(a, _) => here(&[*a]),
        Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::InPeriod(a, b) => here(&[*a, *b]),
        Node::Call(_, args) => here(args),
        Node::Decide(decision) => {
            let decision = walk.model.decision(*decision);
            decision.guard.iter().chain(&decision.subject).map(|id| (*id, row)).collect()
        }
        Node::Aggregate(agg) => agg.guard.into_iter().chain(agg.keys.iter().map(|(_, outer)| *outer)).map(|id| (id, row)).collect(),
        Node::Population(fact) => here(&[fact.value]),
        Node::Split { total, .. } => here(&[*total]),
        Node::Message(parts) => {
            let value = |part: &MessagePart| match part {
                MessagePart::Value(id) => Some((*id, row)),
                MessagePart::Text(_) => None,
            };
            parts.iter().filter_map(value).collect()
        }
    }
}

fn looked_at(walk: &Walk<'_>, row: u32, left: ExprId, right: ExprId, decisive: bool) -> Vec<(ExprId, u32)> {
    let value = walk.value(left, row);
    if value == Cell::flag(decisive) || matches!(value, Cell::Fault(_)) { vec![(left, row)] } else { vec![(left, row), (right, row)] }
}

fn rows(walk: &Walk<'_>, expr: ExprId, row: u32) -> Vec<u32> {
    let Node::Aggregate(agg) = walk.model.exprs.node(expr) else { return Vec::new() };
    match gather::own(walk, Place::Aggregate(expr), aggregate::wanted(agg), row) {
        Ok(Some((_, group))) => group.rows,
        _ => Vec::new(),
    }
}
