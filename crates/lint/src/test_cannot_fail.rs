//! `expect health = 35` of a row whose `health` the test itself says is 35.

use crate::Policy;
use kamrules_base::{Finding, codes};
use kamrules_model::{CompareOp, Ctx, Expectation, ExprId, Model, Node, TestCase, TestValue, Value, arith};

/// Expectations that hold whatever the rules say.
pub(crate) fn test_cannot_fail(policy: &Policy<'_>) -> Vec<Finding> {
    let model = policy.model;
    let mut found = Vec::new();
    for test in model.tests.iter().filter(|test| !test.library) {
        for expect in &test.expects {
            let Some(why) = why(model, test, expect) else { continue };
            let finding = Finding::new(codes::TEST_CANNOT_FAIL, expect.span, format!("this holds whatever the rules say: {why}"));
            found.push(finding.help("expect something that a rule decides"));
        }
    }
    found
}

fn why(model: &Model, test: &TestCase, expect: &Expectation) -> Option<&'static str> {
    let condition = sure(model, expect.condition);
    if always_holds(model, condition) {
        return Some("it compares a thing with itself, or nothing");
    }
    let Ctx::Entity(entity) = expect.ctx else { return None };
    let row = test.rows.iter().filter(|row| row.entity == entity).nth(expect.row as usize)?;
    let said = |of: ExprId| {
        let pinned = row.pins.iter().find(|(expr, ..)| *expr == of).map(|(_, value, _)| value);
        pinned.or_else(|| match model.exprs.node(of) {
            Node::Field(field) => row.fields.iter().find(|(id, ..)| id == field).map(|(_, value, _)| value),
            _ => None,
        })
    };
    let holds = match model.exprs.node(condition) {
        Node::Compare(op, left, right) => {
            let (of, constant, op) = match (model.exprs.node(*left), model.exprs.node(*right)) {
                (_, Node::Const(value)) => (*left, (value, *right), *op),
                (Node::Const(value), _) => (*right, (value, *left), op.mirrored()),
                _ => return None,
            };
            let TestValue::Value(value) = said(of)? else { return None };
            compare(model, op, (value, of), constant)?
        }
        Node::LabelIn(of, codes) => match said(*of)? {
            TestValue::Value(Value::Label(label)) => codes.contains(&label.code),
            _ => return None,
        },
        Node::Not(of) => matches!(said(*of)?, TestValue::Value(Value::Flag(false))),
        _ => matches!(said(condition)?, TestValue::Value(Value::Flag(true))),
    };
    holds.then_some("the test's own row says so")
}

/// Whether two values that are written out compare so.
fn compare(model: &Model, op: CompareOp, left: (&Value, ExprId), right: (&Value, ExprId)) -> Option<bool> {
    let kinds = (model.ty(left.1).kind, model.ty(right.1).kind);
    match (left.0, right.0) {
        (Value::Num(_), Value::Num(_)) => Some(op.holds(arith::order((left.0, kinds.0), (right.0, kinds.1)))),
        (a, b) if op == CompareOp::Equal => Some(a == b),
        _ => None,
    }
}

/// A condition without what makes of it, where it is missing, a no.
pub(crate) fn sure(model: &Model, condition: ExprId) -> ExprId {
    match model.exprs.node(condition) {
        Node::OrElse(inner, no) if *model.exprs.node(*no) == Node::Const(Value::Flag(false)) => *inner,
        _ => condition,
    }
}

/// Whether a condition is yes by its form alone: `yes`, `x = x`, `count(…) >= 0`.
pub(crate) fn always_holds(model: &Model, condition: ExprId) -> bool {
    use kamrules_model::AggOp;
    let node = |id: ExprId| model.exprs.node(id);
    let is_count = |id: ExprId| matches!(node(id), Node::Aggregate(aggregate) if aggregate.op == AggOp::Count);
    let at_most = |id: ExprId, most: i128| matches!(node(id), Node::Const(Value::Num(units)) if *units <= most);
    match node(condition) {
        Node::Const(Value::Flag(yes)) => *yes,
        Node::Compare(CompareOp::Equal | CompareOp::LessOrEqual | CompareOp::GreaterOrEqual, a, b) if a == b => true,
        Node::Compare(CompareOp::GreaterOrEqual, a, b) => is_count(*a) && at_most(*b, 0),
        Node::Compare(CompareOp::LessOrEqual, a, b) => is_count(*b) && at_most(*a, 0),
        Node::Compare(CompareOp::Greater, a, b) => is_count(*a) && at_most(*b, -1),
        Node::And(a, b) => always_holds(model, *a) && always_holds(model, *b),
        _ => false,
    }
}
