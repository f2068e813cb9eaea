//! Traces and reasons.

use super::*;
use crate::rows::Held;
use kamrules_model::{AggOp, CompareOp, Node, Outcome, Win};

#[test]
fn a_trace_tells_of_the_rungs_and_the_sides_of_their_tests() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let set = hand.set(account, false, &["A", "B"]);
    let ty = Ty::maybe(Type::Label(set));
    let (revenue, score) = (hand.field(account, REVENUE), hand.field(account, SCORE));
    let (limit, seven) = (hand.constant(num(200_00), MONEY), hand.constant(num(7), NUMBER));
    let (large, fit) = (hand.compare(CompareOp::Greater, revenue, limit), hand.compare(CompareOp::Equal, score, seven));
    let both = hand.both(fit, large);
    let rungs = vec![when("A", both, Outcome::Label(0)), when("B", large, Outcome::Label(1)), otherwise(Outcome::Label(1))];
    let (id, expr) = hand.decision(ctx, ty, Win::First, Some(set), rungs);
    let walk = hand.walk();
    let trace = walk.trace(id, 0);
    assert_eq!((trace.answer, trace.won), (label(1), vec![2]));
    assert_eq!(trace.rungs.iter().map(|rung| rung.held).collect::<Vec<_>>(), [Held::No, Held::No, Held::Yes]);
    // The score is not 7, so that the revenue was not looked at.
    assert_eq!(trace.rungs[0].tests.len(), 1);
    let sides: Vec<_> = trace.rungs[0].tests[0].operands.iter().map(|side| (side.value.clone(), side.constant)).collect();
    assert_eq!(sides, [(num(5), false), (num(7), true)]);
    assert_eq!(walk.trace(id, 1).won, [0]);
    assert_eq!(walk.trace(id, 3).rungs[0].held, Held::No);
    let why = walk.why(expr, 1);
    assert_eq!(why.trace.map(|trace| trace.answer), Some(label(0)));
    let asked = walk.decisions_of(expr, 1, 5);
    assert_eq!(asked.len(), 1);
}

#[test]
fn a_conflict_shows_its_claims() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let set = hand.set(account, false, &["A", "B"]);
    let yes = hand.constant(Cell::flag(true), Ty::FLAG);
    let rungs = vec![when("A", yes, Outcome::Label(0)), when("B", yes, Outcome::Label(1))];
    let (id, _) = hand.decision(ctx, Ty::maybe(Type::Label(set)), Win::Exclusive, Some(set), rungs);
    let trace = hand.walk().trace(id, 0);
    assert_eq!(trace.answer, Cell::Missing);
    assert_eq!(trace.conflict.map(|conflict| conflict.claims), Some(vec![(0, None), (1, None)]));
}

#[test]
fn a_reason_names_parts_and_rows() {
    let Shop { mut hand, account, sale, ctx } = shop();
    let (buyer, amount) = (hand.field(sale, BUYER), hand.field(sale, AMOUNT));
    let this = hand.add(Node::Row(account), Ty::known(Type::Row(account)), ctx);
    let sum = hand.aggregate(AggOp::Sum, sale, Some(amount), MONEY, ctx, |aggregate| aggregate.keys = [(buyer, this)].into());
    assert_eq!(hand.walk().why(sum, 0).rows, Some((sale, vec![0, 2])));
    let mut walk = hand.walk();
    walk.pin(sum, 0, num(1));
    assert_eq!((walk.value(sum, 0), walk.why(sum, 0).rows), (num(1), None));
    assert_eq!(walk.value(sum, 1), num(20_00));
}
