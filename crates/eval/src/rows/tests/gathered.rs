//! Aggregates, population facts, groups of metrics.

use super::*;
use kamrules_base::Span;
use kamrules_model::{
    AggOp, Aggregate, ArithOp, CompareOp, ExprId, FaultKind, FieldId, Metric, MetricId, Node, PopulationFact, PopulationOp,
};

const MAYBE_MONEY: Ty = Ty::maybe(Type::Money { scale: 2 });

// A row's own sales.
fn own(shop: &mut Shop) -> impl FnOnce(&mut Aggregate) + Copy + use<> {
    let buyer = shop.hand.field(shop.sale, BUYER);
    let this = shop.hand.add(Node::Row(shop.account), Ty::known(Type::Row(shop.account)), shop.ctx);
    move |aggregate| aggregate.keys = [(buyer, this)].into()
}

#[test]
fn every_aggregate_over_a_rows_own_rows() {
    let mut shop = shop();
    let own = own(&mut shop);
    let Shop { mut hand, sale, ctx, .. } = shop;
    let (amount, sold) = (hand.field(sale, AMOUNT), hand.field(sale, SOLD));
    let fifteen = hand.constant(num(15_00), MONEY);
    let large = hand.compare(CompareOp::Greater, amount, fifteen);
    let number = Ty::maybe(Type::Money { scale: 12 });
    let cases: [(AggOp, Option<ExprId>, Ty, &str); 9] = [
        (AggOp::Count, None, NUMBER, "2 1 1 0"),
        (AggOp::Sum, Some(amount), MONEY, "50.00 20.00 5.00 0.00"),
        (AggOp::Average, Some(amount), number, "25.00 20.00 5.00 missing"),
        (AggOp::Median, Some(amount), number, "25.00 20.00 5.00 missing"),
        (AggOp::Min, Some(amount), MAYBE_MONEY, "10.00 20.00 5.00 missing"),
        (AggOp::Max, Some(sold), Ty::maybe(Type::Date), "2026-01-01 2026-01-02 2025-01-01 missing"),
        (AggOp::Any, Some(large), Ty::FLAG, "yes yes no no"),
        (AggOp::Every, Some(large), Ty::FLAG, "no yes no yes"),
        (AggOp::Share, Some(large), Ty::maybe(Type::number(12)), "0.5 1 0 missing"),
    ];
    for (op, value, ty, expected) in cases {
        let aggregate = hand.aggregate(op, sale, value, ty, ctx, own);
        assert_eq!(hand.all(aggregate), expected, "{op:?}");
    }
    let only = hand.aggregate(AggOp::Only, sale, Some(sold), Ty::maybe(Type::Date), ctx, own);
    assert_eq!(hand.all(only), "2026-01-01 2026-01-02 2025-01-01 missing");
    let several = hand.aggregate(AggOp::Only, sale, Some(amount), MAYBE_MONEY, ctx, own);
    assert_eq!(hand.all(several), "fault 20.00 5.00 missing");
    for (op, expected) in [(AggOp::First, "10.00 20.00 5.00 missing"), (AggOp::Last, "40.00 20.00 5.00 missing")] {
        let by_day = hand.aggregate(op, sale, Some(amount), MAYBE_MONEY, ctx, |aggregate| {
            own(aggregate);
            aggregate.order = Some(sold);
        });
        assert_eq!(hand.all(by_day), expected);
    }
}

#[test]
fn all_rows_a_filter_and_a_guard() {
    let mut shop = shop();
    let own = own(&mut shop);
    let Shop { mut hand, account, sale, ctx } = shop;
    let amount = hand.field(sale, AMOUNT);
    let total = hand.aggregate(AggOp::Sum, sale, Some(amount), MONEY, Ctx::Policy, |_| {});
    assert_eq!(hand.all(total), "155.00");
    let fifteen = hand.constant(num(15_00), MONEY);
    let large = hand.compare(CompareOp::Greater, amount, fifteen);
    let score = hand.field(account, SCORE);
    let seven = hand.constant(num(7), NUMBER);
    let guard = hand.compare(CompareOp::Less, score, seven);
    let narrowed = hand.aggregate(AggOp::Sum, sale, Some(amount), MONEY, ctx, |aggregate| {
        own(aggregate);
        aggregate.filter = Some(large);
        aggregate.guard = Some(guard);
    });
    assert_eq!(hand.all(narrowed), "40.00 0.00 0.00 0.00");
}

#[test]
fn a_fault_spoils_its_own_group_and_one_in_a_key_all() {
    let mut shop = shop();
    let own = own(&mut shop);
    let Shop { mut hand, sale, ctx, .. } = shop;
    let id = hand.field(sale, 0);
    // Of the sales 3 and 5, the product has too many digits.
    let big = hand.constant(num(10_i128.pow(38) / 3), NUMBER);
    let product = hand.arith(ArithOp::Multiply, id, big, NUMBER);
    let sum = hand.aggregate(AggOp::Max, sale, Some(product), Ty::maybe(Type::INTEGER), ctx, own);
    let walk = hand.walk();
    let Cell::Fault(fault) = walk.value(sum, 2) else { panic!("a fault") };
    assert_eq!((fault.entity, fault.row, fault.kind), (Some(sale), 4, FaultKind::Overflow));
    assert!(hand.all(sum).ends_with(" fault missing"));
    let one = hand.constant(num(1), NUMBER);
    let keyed = hand.aggregate(AggOp::Count, sale, None, NUMBER, ctx, |aggregate| aggregate.keys = [(product, one)].into());
    assert_eq!(hand.all(keyed), "fault fault fault fault");
}

#[test]
fn an_aggregate_over_what_a_test_left_out() {
    let mut shop = shop();
    let own = own(&mut shop);
    let Shop { mut hand, sale, ctx, .. } = shop;
    let field = FieldId { entity: sale, index: AMOUNT };
    hand.row(sale, vec![num(6), to_row(0), Cell::Unset(field), day("2026-01-01")]);
    let amount = hand.field(sale, AMOUNT);
    let fifteen = hand.constant(num(15_00), MONEY);
    let large = hand.compare(CompareOp::Greater, amount, fifteen);
    let count = hand.aggregate(AggOp::Count, sale, None, NUMBER, ctx, |aggregate| {
        own(aggregate);
        aggregate.filter = Some(large);
    });
    assert_eq!([0, 1].map(|row| hand.walk().value(count, row)), [Cell::Unset(field), num(1)]);
    let any = hand.aggregate(AggOp::Any, sale, Some(large), Ty::FLAG, ctx, own);
    assert_eq!(hand.walk().value(any, 0), Cell::flag(true));
    let every = hand.aggregate(AggOp::Every, sale, Some(large), Ty::FLAG, ctx, own);
    assert_eq!(hand.walk().value(every, 0), Cell::flag(false));
}

fn fact(op: PopulationOp, account: EntityId, value: ExprId, amount: &str, percent: bool) -> PopulationFact {
    PopulationFact { op, entity: account, value, amount: decimal(amount), percent, within: None, population: None }
}

#[test]
fn facts_about_a_population() {
    let Shop { mut hand, account, ctx, .. } = shop();
    let (revenue, score) = (hand.field(account, REVENUE), hand.field(account, SCORE));
    let share = Ty::maybe(Type::Number { scale: 12, percent: true });
    let flag = Ty::maybe(Type::Flag);
    use PopulationOp::{Bottom, First, Last, Rank, ShareOfTotal, Top};
    let cases = [
        (fact(Rank, account, revenue, "0", false), NUMBER, "2 1 4 3"),
        (fact(Rank, account, score, "0", false), Ty::maybe(Type::INTEGER), "3 1 1 missing"),
        (fact(ShareOfTotal, account, revenue, "0", false), share, "33.33% 83.33% -16.67% 0.00%"),
        (fact(Top, account, revenue, "2", false), flag, "yes yes no no"),
        (fact(Top, account, score, "1", false), flag, "no yes yes missing"),
        (fact(Top, account, revenue, "0.3", true), flag, "yes yes no no"),
        (fact(Bottom, account, revenue, "1", false), flag, "no no yes no"),
        (fact(First, account, revenue, "0.5", true), flag, "no yes no no"),
        (fact(First, account, revenue, "0.72", true), flag, "yes yes no no"),
        (fact(First, account, revenue, "250", false), flag, "no yes no no"),
        (fact(Last, account, revenue, "0.2", true), flag, "yes no yes yes"),
    ];
    for (fact, ty, expected) in cases {
        let name = format!("{fact:?}");
        let expr = hand.add(Node::Population(Box::new(fact)), ty, ctx);
        assert_eq!(hand.all(expr), expected, "{name}");
    }
    let kind = hand.field(account, KIND);
    let five = hand.constant(num(5), NUMBER);
    let above = hand.compare(CompareOp::Greater, score, five);
    let within = PopulationFact { within: Some(kind), ..fact(Rank, account, revenue, "0", false) };
    let within = hand.add(Node::Population(Box::new(within)), NUMBER, ctx);
    assert_eq!(hand.all(within), "1 1 2 2");
    let inside = PopulationFact { population: Some(above), ..fact(Rank, account, revenue, "0", false) };
    let inside = hand.add(Node::Population(Box::new(inside)), Ty::maybe(Type::INTEGER), ctx);
    assert_eq!(hand.all(inside), "missing 1 2 missing");
}

#[test]
fn a_metrics_groups_are_there_even_without_rows() {
    let Shop { mut hand, account, .. } = shop();
    let kind = hand.field(account, KIND);
    let score = hand.field(account, SCORE);
    let five = hand.constant(num(5), NUMBER);
    let low = hand.compare(CompareOp::LessOrEqual, score, five);
    let id = MetricId(0);
    let key = hand.add(Node::GroupKey(id, 0), hand.model.ty(kind), Ctx::Group(id));
    let count = hand.aggregate(AggOp::Count, account, None, NUMBER, Ctx::Group(id), |aggregate| {
        aggregate.keys = [(kind, key)].into();
        aggregate.filter = Some(low);
    });
    hand.model.metrics.push(Metric {
        name: "low".into(),
        display: None,
        doc: None,
        entity: Some(account),
        filter: Some(low),
        groups: vec![kind],
        cells: vec![(None, count)],
        goal: None,
        span: Span::default(),
    });
    assert_eq!(hand.all(key), "shop warehouse");
    assert_eq!(hand.all(count), "1 0");
}
