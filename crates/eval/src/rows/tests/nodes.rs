//! Every kind of expression.

use super::*;
use kamrules_model::{
    ArithOp, CompareOp, Duration, DurationKind, ExprId, FieldId, Grain, List, ListId, ListSource, MessagePart, Node, Period, Value,
};

const MAYBE_FLAG: Ty = Ty::maybe(Type::Flag);

#[test]
fn fields_rows_constants_and_today() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let revenue = hand.field(account, REVENUE);
    assert_eq!(hand.all(revenue), "$100.00 $250.00 -$50.00 $0.00".replace('$', ""));
    let row = hand.add(Node::Row(account), Ty::known(Type::Row(account)), ctx);
    assert_eq!(hand.all(row), "a b c d");
    let today = hand.add(Node::Today, DAY, Ctx::Policy);
    assert_eq!(hand.all(today), "2026-02-01");
    let missing = hand.add(Node::Missing, Ty::maybe(Type::Date), Ctx::Policy);
    assert_eq!(hand.all(missing), "missing");
    let five = hand.constant(num(5), NUMBER);
    assert_eq!(hand.all(five), "5");
}

#[test]
fn through_a_reference_and_to_its_end() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let (parent, revenue) = (hand.field(account, PARENT), hand.field(account, REVENUE));
    let money = Ty::maybe(Type::Money { scale: 2 });
    let above = hand.add(Node::Through { reference: parent, value: revenue }, money, ctx);
    assert_eq!(hand.all(above), "missing 100.00 250.00 missing");
    let head = hand.add(Node::Ultimate(parent), Ty::known(Type::Row(account)), ctx);
    assert_eq!(hand.all(head), "a a a d");
}

#[test]
fn a_circle_of_references_is_a_fault() {
    let Shop { mut hand, account, ctx, .. } = shop();
    for (id, parent) in [("e", 5), ("f", 4), ("g", 5)] {
        let id = hand.text(id);
        hand.row(account, vec![id, to_row(parent), num(0), pick(0), day("2026-01-01"), num(1)]);
    }
    let parent = hand.field(account, PARENT);
    let head = hand.add(Node::Ultimate(parent), Ty::known(Type::Row(account)), ctx);
    assert_eq!(hand.all(head), "a a a d fault fault fault");
}

#[test]
fn arithmetic_and_comparison() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let (revenue, score) = (hand.field(account, REVENUE), hand.field(account, SCORE));
    let total = hand.arith(ArithOp::Multiply, revenue, score, Ty::maybe(Type::Money { scale: 2 }));
    assert_eq!(hand.all(total), "500.00 1,750.00 -350.00 missing");
    let share = hand.arith(ArithOp::Divide, total, revenue, Ty::maybe(Type::number(12)));
    assert_eq!(hand.all(share), "5 7 7 missing");
    let minus = hand.add(Node::Negate(revenue), MONEY, ctx);
    assert_eq!(hand.all(minus), "-100.00 -250.00 50.00 0.00");
    let short = hand.add(Node::Rescale(revenue), Ty::known(Type::Money { scale: 0 }), ctx);
    assert_eq!(hand.all(short), "100.00 250.00 -50.00 0.00");
    let seven = hand.constant(num(7), NUMBER);
    for (op, expected) in [
        (CompareOp::Equal, "no yes yes missing"),
        (CompareOp::NotEqual, "yes no no missing"),
        (CompareOp::Less, "yes no no missing"),
        (CompareOp::LessOrEqual, "yes yes yes missing"),
        (CompareOp::Greater, "no no no missing"),
        (CompareOp::GreaterOrEqual, "no yes yes missing"),
    ] {
        let compared = hand.compare(op, score, seven);
        assert_eq!(hand.all(compared), expected);
    }
}

#[test]
fn too_many_digits_are_a_fault_at_their_row() {
    let Shop { mut hand, account, .. } = shop();
    let revenue = hand.field(account, REVENUE);
    let huge = hand.constant(num(10_i128.pow(35)), NUMBER);
    let product = hand.arith(ArithOp::Multiply, revenue, huge, MONEY);
    assert_eq!(hand.all(product), "fault fault fault 0.00");
    let twice = hand.arith(ArithOp::Add, product, product, MONEY);
    let Cell::Fault(fault) = hand.walk().value(twice, 1) else { panic!("a fault") };
    assert_eq!((fault.entity, fault.row, fault.expr), (Some(account), 1, product));
}

#[test]
fn or_else_known_if_and_not() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let score = hand.field(account, SCORE);
    let zero = hand.constant(num(0), NUMBER);
    let safe = hand.add(Node::OrElse(score, zero), NUMBER, ctx);
    assert_eq!(hand.all(safe), "5 7 7 0");
    let known = hand.add(Node::IsKnown(score), Ty::FLAG, ctx);
    assert_eq!(hand.all(known), "yes yes yes no");
    let unknown = hand.add(Node::Not(known), Ty::FLAG, ctx);
    assert_eq!(hand.all(unknown), "no no no yes");
    let seven = hand.constant(num(7), NUMBER);
    let is_seven = hand.compare(CompareOp::Equal, score, seven);
    let chosen = hand.add(Node::If(is_seven, zero, safe), Ty::maybe(Type::INTEGER), ctx);
    assert_eq!(hand.all(chosen), "5 0 0 missing");
}

#[test]
fn logic_with_missing_values_and_faults() {
    let Shop { mut hand, ctx, account, .. } = shop();
    let yes = hand.constant(Cell::flag(true), Ty::FLAG);
    let no = hand.constant(Cell::flag(false), Ty::FLAG);
    let missing = hand.add(Node::Missing, MAYBE_FLAG, Ctx::Policy);
    let revenue = hand.field(account, REVENUE);
    let huge = hand.constant(num(10_i128.pow(37)), NUMBER);
    let product = hand.arith(ArithOp::Multiply, revenue, huge, MONEY);
    let fault = hand.compare(CompareOp::Equal, product, product);
    let sides = [yes, no, missing, fault];
    let rows = |op: fn(ExprId, ExprId) -> Node, hand: &mut Hand| -> Vec<String> {
        let row = |left: &ExprId| {
            let shown: Vec<String> = sides
                .iter()
                .map(|right| {
                    let joined = hand.add(op(*left, *right), MAYBE_FLAG, ctx);
                    hand.all(joined);
                    hand.shown(joined, 0)
                })
                .collect();
            shown.join(" ")
        };
        sides.iter().map(row).collect()
    };
    assert_eq!(rows(Node::And, &mut hand), ["yes no missing fault", "no no no no", "missing no missing fault", "fault fault fault fault"]);
    assert_eq!(
        rows(Node::Or, &mut hand),
        ["yes yes yes yes", "yes no missing fault", "yes missing missing fault", "fault fault fault fault"]
    );
}

#[test]
fn lists_labels_and_periods() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let id = hand.field(account, 0);
    let [a, d] = ["a", "d"].map(|text| hand.text(text).known().cloned().expect("a text"));
    let one_of = hand.add(Node::OneOf(id, [a.clone(), d.clone()].into()), Ty::FLAG, ctx);
    assert_eq!(hand.all(one_of), "yes no no yes");
    let span = kamrules_base::Span::default();
    let values = ListSource::Values(Type::TEXT, vec![d.clone()]);
    hand.model.lists.push(List { name: "named".into(), doc: None, values, span });
    let Value::Text(sym) = d else { panic!("a text") };
    hand.book.lists = vec![[sym].into_iter().collect()];
    let listed = hand.add(Node::InList(id, ListId(0)), Ty::FLAG, ctx);
    assert_eq!(hand.all(listed), "no no no yes");
    let since = hand.field(account, SINCE);
    let period = Value::Period(Period::one(Grain::Year, 2026));
    let year = hand.add(Node::Const(period), Ty::known(Type::Period(Some(Grain::Year))), Ctx::Policy);
    let inside = hand.add(Node::InPeriod(since, year), Ty::FLAG, ctx);
    assert_eq!(hand.all(inside), "no no yes no");
    let set = hand.set(account, false, &["key", "other"]);
    let ty = Ty::known(Type::Label(set));
    let key = hand.constant(label(0), ty);
    let is_key = hand.add(Node::LabelIn(key, [0].into()), Ty::FLAG, Ctx::Policy);
    assert_eq!(hand.all(is_key), "yes");
    let other = hand.add(Node::LabelRow(key, 1), Ty::maybe(Type::Row(account)), Ctx::Policy);
    assert_eq!(hand.all(other), "missing");
}

#[test]
fn calls_dates_parts_and_messages() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let since = hand.field(account, SINCE);
    let month = Value::Duration(Duration { months: 12, ..Duration::default() });
    let month = hand.add(Node::Const(month), Ty::known(Type::Duration(DurationKind::Months)), Ctx::Policy);
    let later = hand.arith(ArithOp::Add, since, month, DAY);
    assert_eq!(hand.all(later), "2025-02-28 2026-12-31 2027-02-01 2021-01-15");
    let (greatest, _) = kamrules_builtins::find("greatest").expect("it is there");
    let today = hand.add(Node::Today, DAY, Ctx::Policy);
    let call = hand.add(Node::Call(greatest, [later, today].into()), DAY, ctx);
    assert_eq!(hand.all(call), "2026-02-01 2026-12-31 2027-02-01 2026-02-01");
    let revenue = hand.field(account, REVENUE);
    let shares = ["0.333", "0.333", "0.334"].map(decimal);
    let part = hand.add(Node::Split { total: revenue, shares: shares.into(), index: 2 }, MONEY, ctx);
    assert_eq!(hand.all(part), "33.40 83.50 -16.70 0.00");
    let (id, score) = (hand.field(account, 0), hand.field(account, SCORE));
    let parts = [MessagePart::Value(id), MessagePart::Text(": ".into()), MessagePart::Value(score)];
    let message = hand.add(Node::Message(parts.into()), Ty::TEXT, ctx);
    assert_eq!(hand.all(message), "a: 5 b: 7 c: 7 d: ");
}

#[test]
fn what_a_test_left_out_matters_only_where_the_answer_hangs_on_it() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let field = FieldId { entity: account, index: REVENUE };
    let id = hand.text("x");
    hand.row(account, vec![id, Cell::Missing, Cell::Unset(field), pick(0), day("2026-01-01"), Cell::Missing]);
    let revenue = hand.field(account, REVENUE);
    let zero = hand.constant(num(0), MONEY);
    let positive = hand.compare(CompareOp::Greater, revenue, zero);
    let [yes, no] = [true, false].map(|flag| hand.constant(Cell::flag(flag), Ty::FLAG));
    let missing = hand.add(Node::Missing, MAYBE_FLAG, Ctx::Policy);
    let unset = Cell::Unset(field);
    let cases = [
        (Node::And(positive, no), Cell::flag(false)),
        (Node::And(no, positive), Cell::flag(false)),
        (Node::And(positive, yes), unset.clone()),
        (Node::And(missing, positive), unset.clone()),
        (Node::Or(positive, yes), Cell::flag(true)),
        (Node::Or(missing, positive), unset.clone()),
        (Node::Not(positive), unset.clone()),
        (Node::If(positive, yes, yes), Cell::flag(true)),
        (Node::If(positive, yes, no), unset.clone()),
        (Node::IsKnown(revenue), Cell::flag(true)),
    ];
    for (node, expected) in cases {
        let expr = hand.add(node.clone(), MAYBE_FLAG, ctx);
        assert_eq!(hand.walk().value(expr, 4), expected, "{node:?}");
    }
}

#[test]
fn a_chain_of_thousands_does_not_overflow_the_stack() {
    let Shop { mut hand, account, .. } = shop();
    let one = hand.constant(num(1), NUMBER);
    let mut at = hand.field(account, SCORE);
    for _ in 0..20_000 {
        at = hand.arith(ArithOp::Add, at, one, Ty::maybe(Type::INTEGER));
    }
    assert_eq!(hand.walk().value(at, 0), num(20_005));
}
