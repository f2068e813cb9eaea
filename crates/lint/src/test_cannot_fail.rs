//! `expect health = 35` of a row whose `health` the test itself says is 35.

use crate::Policy;
use crate::look::bare;
use kamrules_base::{Finding, codes};
use kamrules_model::{CompareOp, Ctx, Expectation, ExprId, Model, Node, TestCase, TestValue, Value, arith};
use kamrules_syntax::ast::{Expr, ExprKind, ItemKind, TestClause, UnaryOp};
use rustc_hash::FxHashMap;

/// Expectations that hold whatever the rules say.
pub(crate) fn test_cannot_fail(policy: &Policy<'_>) -> Vec<Finding> {
    let model = policy.model;
    let mut written: FxHashMap<_, &Expr> = FxHashMap::default();
    for item in policy.items() {
        let ItemKind::Test(test) = &item.kind else { continue };
        written.extend(test.clauses.iter().filter_map(|clause| match clause {
            TestClause::Expect(expect) => Some((expect.span, &expect.condition)),
            _ => None,
        }));
    }
    let mut found = Vec::new();
    for test in model.tests.iter().filter(|test| !test.library) {
        for expect in &test.expects {
            let Some(why) = written.get(&expect.span).and_then(|written| why(model, test, expect, written)) else { continue };
            let finding = Finding::new(codes::TEST_CANNOT_FAIL, expect.span, format!("this holds whatever the rules say: {why}"));
            found.push(finding.help("expect something that a rule decides"));
        }
    }
    found
}

fn why(model: &Model, test: &TestCase, expect: &Expectation, written: &Expr) -> Option<&'static str> {
    let condition = sure(model, expect.condition);
    let name = subject(written);
    let is_rule = matches!(bare(written).kind, ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Call(..));
    if !is_rule && always_holds(model, condition) {
        return Some("it compares a thing with itself, or asks for nothing");
    }
    let Ctx::Entity(entity) = expect.ctx else { return None };
    let row = test.rows.iter().filter(|row| row.entity == entity).nth(expect.row as usize)?;
    // A rule that reads the field is written under a name of its own: only the field itself, or what the row pins, is nobody's doing.
    let fields = row.fields.iter().filter(|(id, ..)| Some(model.field(*id).name.as_str()) == name).map(|(_, value, _)| value);
    let pins = row.pins.iter().filter(|(expr, ..)| pinned_name(model, *expr) == name && name.is_some()).map(|(_, value, _)| value);
    let TestValue::Value(said) = fields.chain(pins).next()? else { return None };
    let holds = match model.exprs.node(condition) {
        Node::Compare(op, left, right) => match (model.exprs.node(*left), model.exprs.node(*right)) {
            (_, Node::Const(value)) => compare(model, *op, (said, *left), (value, *right))?,
            (Node::Const(value), _) => compare(model, op.mirrored(), (said, *right), (value, *left))?,
            _ => return None,
        },
        Node::LabelIn(_, codes) => matches!(said, Value::Label(label) if codes.contains(&label.code)),
        Node::Not(_) => *said == Value::Flag(false),
        _ => *said == Value::Flag(true),
    };
    holds.then_some("the test's own row says so")
}

/// The name that an expectation compares, or asks for.
fn subject(written: &Expr) -> Option<&str> {
    match &bare(written).kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Unary(UnaryOp::Not, inner) => subject(inner),
        ExprKind::Binary(binary) => match &bare(&binary.left).kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// The name of what a row pins: a define or a decision.
fn pinned_name(model: &Model, expr: ExprId) -> Option<&str> {
    let define = model.defines.iter().find(|define| define.expr == expr).map(|define| define.name.as_str());
    define.or_else(|| model.sets.iter().find(|set| set.answer == expr).map(|set| set.name.as_str()))
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
fn sure(model: &Model, condition: ExprId) -> ExprId {
    match model.exprs.node(condition) {
        Node::OrElse(inner, no) if *model.exprs.node(*no) == Node::Const(Value::Flag(false)) => *inner,
        _ => condition,
    }
}

/// Whether a condition is yes by its form alone: `yes`, `x = x`.
fn always_holds(model: &Model, condition: ExprId) -> bool {
    match model.exprs.node(condition) {
        Node::Const(Value::Flag(yes)) => *yes,
        Node::Compare(CompareOp::Equal | CompareOp::LessOrEqual | CompareOp::GreaterOrEqual, a, b) => a == b,
        _ => false,
    }
}
