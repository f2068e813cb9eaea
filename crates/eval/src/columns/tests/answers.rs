//! What a run says of sets, quotas, metrics, obligations and cadences.

use super::OPTIONS;
use super::support::{self, A, Made};
use crate::columns::run;
use crate::{Answers, Conflict, QuotaStatus};
use kamrules_base::{Date, Span};
use kamrules_model::*;

const ROWS: Ctx = Ctx::Entity(A);

/// Four rows: 10, 20, 30 and a missing number, of the kinds x, y, x and none.
fn book(model: &Model) -> Book {
    let mut book = support::book(model, 0, [4, 0]);
    let table = &mut book.tables[0];
    table.columns[2] = Column::new(Type::INTEGER);
    table.columns[4] = Column::new(Type::Pick(PickId(0)));
    table.columns[3] = Column::new(Type::Flag);
    table.columns[5] = Column::new(Type::Date);
    let (numbers, kinds, days) = ([Some(10), Some(20), Some(30), None], [Some(0), Some(1), Some(0), None], [18_289, 18_290, 18_291, 0]);
    for row in 0..4 {
        table.columns[2].push(numbers[row].map(Value::Num).into());
        table.columns[4].push(kinds[row].map(Value::Pick).into());
        table.columns[3].push(Cell::flag(true));
        table.columns[5].push(Cell::Known(Value::Date(days[row])));
    }
    book
}

fn compare(made: &mut Made, op: CompareOp, than: i128) -> ExprId {
    let number = made.field(A, 2);
    let than = made.add(Node::Const(Value::Num(than)), Type::INTEGER, Ctx::Policy);
    made.add(Node::Compare(op, number, than), Type::Flag, ROWS)
}

fn rung(name: &str, when: ExprId, outcome: Outcome) -> Rung {
    Rung { name: name.into(), overrides: false, when: Condition::When(when), outcome, span: Span::default() }
}

fn decision(win: Win, rungs: Vec<Rung>) -> Decision {
    let ty = Ty::maybe(Type::Label(SetId(0)));
    Decision { ctx: ROWS, ty, win, guard: None, rungs, set: Some(SetId(0)), span: Span::default(), question: None, subject: None }
}

fn answers(made: &Made) -> Answers {
    run(&made.model, &book(&made.model), &OPTIONS)
}

#[test]
fn a_row_that_two_rungs_claim_or_none_is_a_conflict() {
    let mut made = support::policy(0, 0);
    let (small, large) = (compare(&mut made, CompareOp::Less, 25), compare(&mut made, CompareOp::Greater, 15));
    let twenty = compare(&mut made, CompareOp::GreaterOrEqual, 20);
    let inner = decision(Win::Exclusive, vec![rung("two", large, Outcome::Label(1)), rung("three", twenty, Outcome::Label(2))]);
    let outer = vec![
        rung("low", small, Outcome::Nested(DecisionId(0))),
        rung("three", compare(&mut made, CompareOp::Greater, 25), Outcome::Label(2)),
    ];
    made.model.decisions = vec![inner, decision(Win::Exclusive, outer)];
    let answer = made.add(Node::Decide(DecisionId(1)), Type::Label(SetId(0)), ROWS);
    made.model.sets[0].answer = answer;
    made.model.sets[0].versions = vec![Version { from: None, decision: DecisionId(1), answer, span: Span::default() }];
    let set = &answers(&made).sets[0];
    let conflict = |row, rungs: &[&str], within: &str, codes: &[u32]| Conflict {
        row,
        rungs: rungs.iter().map(|name| (*name).to_owned()).collect(),
        within: within.into(),
        labels: codes.iter().map(|&code| LabelValue { code, row: 0 }).collect(),
    };
    let expected = [conflict(0, &[], "low", &[]), conflict(1, &["low / two", "low / three"], "low", &[1, 2]), conflict(3, &[], "", &[])];
    assert_eq!(set.conflicts, expected);
    let label = Cell::Known(Value::Label(LabelValue { code: 2, row: 0 }));
    assert_eq!([0, 1, 2, 3].map(|row| set.answer.get(row)), [Cell::Missing, Cell::Missing, label, Cell::Missing]);
}

#[test]
fn a_quota_says_where_each_period_stands() {
    let mut made = support::policy(0, 0);
    let (target, applies) = (made.field(A, 2), compare(&mut made, CompareOp::GreaterOrEqual, 10));
    let ten = made.add(Node::Const(Value::Num(10)), Type::INTEGER, Ctx::Policy);
    let ratio = made.add(Node::Arith(ArithOp::Divide, ten, target), Type::number(12), ROWS);
    let cell = |month, applies| QuotaCell {
        period: Period::one(Grain::Month, month),
        applies,
        target: Some(target),
        actual: Some(ten),
        attainment: Some(ratio),
        remaining: None,
    };
    // 18290 is 2020-01-29.
    let periods = vec![cell(2019 * 12 + 11, None), cell(2020 * 12, Some(applies)), cell(2020 * 12 + 1, Some(applies))];
    let quota = Quota { name: "q".into(), display: None, doc: None, holder: A, periods, total: None, split: false, span: Span::default() };
    made.model.quotas.push(quota);
    let rows = &answers(&made).quotas[0];
    let shown: Vec<_> =
        rows.iter().map(|row| (row.holder, row.status, row.actual == Cell::Missing, row.attainment == Cell::Missing)).collect();
    use QuotaStatus::{Closed, NoActuals, NoTarget, ToDate};
    let of = |holder| [(holder, Closed, false, false), (holder, ToDate, false, false), (holder, NoActuals, true, true)];
    let expected = [of(0).to_vec(), of(1).to_vec(), of(2).to_vec(), vec![(3, NoTarget, false, true)]].concat();
    assert_eq!(shown, expected);
}

#[test]
fn a_metric_shows_every_value_of_a_picklist_and_what_has_none() {
    let mut made = support::policy(0, 0);
    let kind = made.field(A, 4);
    made.model.metrics[0].groups = vec![kind];
    let group = made.add(Node::GroupKey(MetricId(0), 0), Type::Pick(PickId(0)), support::GROUPS);
    let count = Aggregate { op: AggOp::Count, rows: A, value: None, filter: None, order: None, keys: [(kind, group)].into(), guard: None };
    let count = made.add(Node::Aggregate(Box::new(count)), Type::INTEGER, support::GROUPS);
    let one = made.add(Node::Const(Value::Num(1)), Type::INTEGER, Ctx::Policy);
    made.model.metrics[0].cells = vec![(None, count)];
    made.model.metrics[0].goal = Some((CompareOp::Greater, one));
    let rows = &answers(&made).metrics[0];
    let shown: Vec<_> = rows.iter().map(|row| (row.group[0].clone(), row.value.clone(), row.met)).collect();
    let row = |kind: Option<u32>, n, met| (kind.map(Value::Pick).into(), Cell::Known(Value::Num(n)), Some(met));
    assert_eq!(shown, [row(Some(0), 2, true), row(Some(1), 1, false), row(Some(2), 0, false), row(None, 0, false)]);
}

#[test]
fn obligations_and_cadences_list_their_rows() {
    let mut made = support::policy(0, 0);
    let (filter, holds) = (compare(&mut made, CompareOp::Greater, 15), compare(&mut made, CompareOp::Greater, 20));
    let due = made.field(A, 5);
    let obligation = |entity, filter, holds| Obligation {
        name: "o".into(),
        display: None,
        doc: None,
        must: true,
        entity,
        filter,
        holds,
        span: Span::default(),
    };
    let never = made.add(Node::Const(Value::Flag(false)), Type::Flag, Ctx::Policy);
    let several = made.field(A, 2);
    let only = Aggregate { op: AggOp::Only, rows: A, value: Some(several), filter: None, order: None, keys: [].into(), guard: None };
    let only = made.add(Node::Aggregate(Box::new(only)), Type::INTEGER, Ctx::Policy);
    let fault = made.add(Node::Compare(CompareOp::Equal, only, several), Type::Flag, ROWS);
    made.model.obligations =
        vec![obligation(Some(A), Some(filter), holds), obligation(None, None, never), obligation(Some(A), None, fault)];
    let cadence = Cadence {
        name: "c".into(),
        display: None,
        doc: None,
        entity: A,
        filter: Some(filter),
        due,
        action: ActionId(0),
        span: Span::default(),
    };
    made.model.cadences = vec![cadence];
    let answers = answers(&made);
    let [first, policy, faulty] = answers.obligations.as_slice() else { panic!("three obligations") };
    assert_eq!((first.checked, first.failed.as_slice(), first.faults.len()), (2, [1].as_slice(), 0));
    let holds = first.holds.as_ref().expect("it is about rows");
    assert_eq!([0, 1, 2].map(|row| holds.get(row)), [Cell::Missing, Cell::flag(false), Cell::flag(true)]);
    assert_eq!((policy.checked, policy.failed.as_slice(), policy.holds.is_none()), (1, [0].as_slice(), true));
    let rows: Vec<u32> = faulty.faults.iter().map(|(row, _)| *row).collect();
    assert_eq!((faulty.checked, rows), (4, vec![0, 1, 2, 3]));
    assert_eq!((&answers.cadences[0].due_rows, &answers.cadences[0].overdue_rows), (&vec![1], &vec![]));
    assert_eq!(answers.cadences[0].due.get(2), Cell::Known(Value::Date(18_291)));
    assert_eq!(OPTIONS.as_of, Some(Date(18_290)));
}

#[test]
fn a_fault_in_an_arm_that_is_not_taken_does_not_count() {
    let mut made = support::policy(0, 0);
    let (small, number) = (compare(&mut made, CompareOp::Less, 15), made.field(A, 2));
    let huge = made.add(Node::Const(Value::Num(10_i128.pow(37))), Type::INTEGER, Ctx::Policy);
    let product = made.add(Node::Arith(ArithOp::Multiply, huge, number), Type::INTEGER, ROWS);
    let either = made.add(Node::If(small, product, number), Type::INTEGER, ROWS);
    let found = super::columns(&made.model, &book(&made.model), &OPTIONS, &[(either, ROWS)]).remove(0);
    let fault = Fault { entity: Some(A), row: 0, kind: FaultKind::Overflow, expr: product };
    let known = |n| Cell::Known(Value::Num(n));
    assert_eq!([0, 1, 2, 3].map(|row| found.get(row)), [Cell::Fault(fault), known(20), known(30), Cell::Missing]);
}
