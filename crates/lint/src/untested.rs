//! Decisions that no test asks about, in a policy that has tests.

use crate::Policy;
use kamrules_base::{Finding, codes};
use kamrules_model::{Condition, DecisionId, ExprId, Model, Node, Outcome, SetId};
use rustc_hash::FxHashSet;

/// Sets, tables and trees that no expectation hangs on. A policy without a test of a decision has not begun to have any.
pub(crate) fn untested(policy: &Policy<'_>) -> Vec<Finding> {
    let model = policy.model;
    let mut seen = Seen { model, exprs: FxHashSet::default(), sets: FxHashSet::default() };
    for test in model.tests.iter().filter(|test| !test.library) {
        test.expects.iter().for_each(|expect| seen.reach(expect.condition));
    }
    if seen.sets.is_empty() {
        return Vec::new();
    }
    let sets = model.sets.iter().enumerate().filter(|(at, _)| !seen.sets.contains(&SetId(*at as u32)));
    sets.map(|(_, set)| {
        Finding::new(codes::UNTESTED, set.span, format!("no test asks about `{}`", set.name)).help(format!(
            "write an example that it must get right: `test \"…\" {{ {} {{ … }}  expect … }}`",
            model.entity(set.entity).name
        ))
    })
    .collect()
}

struct Seen<'a> {
    model: &'a Model,
    exprs: FxHashSet<ExprId>,
    sets: FxHashSet<SetId>,
}

impl Seen<'_> {
    fn reach(&mut self, from: ExprId) {
        let mut left = vec![from];
        while let Some(expr) = left.pop() {
            if !self.exprs.insert(expr) {
                continue;
            }
            match self.model.exprs.node(expr) {
                Node::Decide(decision) => self.decision(*decision, &mut left),
                node => operands(node, &mut left),
            }
        }
    }

    fn decision(&mut self, id: DecisionId, left: &mut Vec<ExprId>) {
        let decision = self.model.decision(id);
        self.sets.extend(decision.set);
        left.extend(decision.guard.iter().chain(&decision.subject));
        for rung in &decision.rungs {
            match &rung.when {
                Condition::When(condition) => left.push(*condition),
                Condition::Otherwise => {}
                Condition::Each { keys, filter, guard, .. } => {
                    left.extend(keys.iter().flat_map(|(inner, outer)| [*inner, *outer]).chain(*filter).chain(*guard));
                }
            }
            match rung.outcome {
                Outcome::Nested(nested) => self.decision(nested, left),
                Outcome::Value(value) => left.push(value),
                Outcome::Label(_) | Outcome::Points(_) => {}
            }
        }
    }
}

/// The expressions that one is made of.
fn operands(node: &Node, out: &mut Vec<ExprId>) {
    match node {
        Node::Const(_) | Node::Missing | Node::Today | Node::Row(_) | Node::Field(_) | Node::GroupKey(..) | Node::Decide(_) => {}
        Node::Through { reference, value } => out.extend([*reference, *value]),
        Node::Not(a) | Node::Negate(a) | Node::IsKnown(a) | Node::OneOf(a, _) | Node::InList(a, _) => out.push(*a),
        Node::LabelIn(a, _) | Node::LabelRow(a, _) | Node::Rescale(a) | Node::Ultimate(a) | Node::Split { total: a, .. } => out.push(*a),
        Node::And(a, b) | Node::Or(a, b) | Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::OrElse(a, b) | Node::InPeriod(a, b) => {
            out.extend([*a, *b]);
        }
        Node::Call(_, args) => out.extend(args.iter()),
        Node::If(a, b, c) => out.extend([*a, *b, *c]),
        Node::Aggregate(aggregate) => {
            out.extend([aggregate.value, aggregate.filter, aggregate.order, aggregate.guard].into_iter().flatten());
            out.extend(aggregate.keys.iter().flat_map(|(inner, outer)| [*inner, *outer]));
        }
        Node::Population(fact) => out.extend([fact.value].into_iter().chain(fact.within).chain(fact.population)),
        Node::Message(parts) => out.extend(parts.iter().filter_map(|part| match part {
            kamrules_model::MessagePart::Value(value) => Some(*value),
            kamrules_model::MessagePart::Text(_) => None,
        })),
    }
}
