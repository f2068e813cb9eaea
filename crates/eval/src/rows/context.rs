//! Which rows each expression is about, told from what it is made of: one that two rules share may have been written first
//! about other rows.

use kamrules_model::{Ctx, ExprId, MessagePart, Model, Node};

/// The rows that each expression of a model is about.
pub(super) fn contexts(model: &Model) -> Vec<Ctx> {
    let mut out: Vec<Ctx> = Vec::with_capacity(model.exprs.len());
    for id in (0..model.exprs.len() as u32).map(ExprId) {
        let ctx = context(model, model.exprs.node(id), &out);
        out.push(ctx);
    }
    out
}

fn context(model: &Model, node: &Node, earlier: &[Ctx]) -> Ctx {
    let of =
        |ids: &mut dyn Iterator<Item = ExprId>| ids.map(|id| earlier[id.index()]).find(|ctx| *ctx != Ctx::Policy).unwrap_or(Ctx::Policy);
    let each = |ids: &[ExprId]| of(&mut ids.iter().copied());
    match node {
        Node::Const(_) | Node::Missing | Node::Today => Ctx::Policy,
        Node::Row(entity) => Ctx::Entity(*entity),
        Node::Field(field) => Ctx::Entity(field.entity),
        Node::GroupKey(metric, _) => Ctx::Group(*metric),
        Node::Decide(decision) => model.decision(*decision).ctx,
        Node::Population(fact) => Ctx::Entity(fact.entity),
        Node::Aggregate(aggregate) => of(&mut aggregate.keys.iter().map(|key| key.1).chain(aggregate.guard)),
        Node::Through { reference: a, .. } | Node::Ultimate(a) => each(&[*a]),
        Node::Not(a) | Node::Negate(a) | Node::IsKnown(a) | Node::Rescale(a) | Node::Split { total: a, .. } => each(&[*a]),
        Node::OneOf(a, _) | Node::InList(a, _) | Node::LabelIn(a, _) | Node::LabelRow(a, _) => each(&[*a]),
        Node::And(a, b) | Node::Or(a, b) | Node::OrElse(a, b) => each(&[*a, *b]),
        Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::InPeriod(a, b) => each(&[*a, *b]),
        Node::If(a, b, c) => each(&[*a, *b, *c]),
        Node::Call(_, args) => each(args),
        Node::Message(parts) => of(&mut parts.iter().filter_map(|part| match part {
            MessagePart::Value(id) => Some(*id),
            MessagePart::Text(_) => None,
        })),
    }
}
