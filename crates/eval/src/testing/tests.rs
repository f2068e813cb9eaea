//! Tests in the language over a model made by hand.
#![allow(clippy::inconsistent_digit_grouping, reason = "cents stand apart: 250_00 is 250.00")]

use super::*;
use crate::rows::hand::*;
use kamrules_base::FileId;
use kamrules_model::{AggOp, CompareOp, Ctx, Expectation, Node, Outcome, Source, TestRow, TestValue, Ty, Value, Win};

const ID: u32 = 0;
const PARENT: u32 = 1;
const REVENUE: u32 = 2;
const SIZE: u32 = 3;
// contact: name, account
const ACCOUNT: u32 = 1;

struct Desk {
    hand: Hand,
    account: EntityId,
    contact: EntityId,
    // A above 1,000.00 where there are two contacts, else B.
    abc: ExprId,
    contacts: ExprId,
}

fn desk() -> Desk {
    let mut hand = Hand::new();
    let account = EntityId(0);
    let to_account = Type::Row(account);
    hand.entity("account", &[("id", Ty::TEXT), ("parent", Ty::maybe(to_account)), ("revenue", MONEY), ("size", NUMBER)]);
    let contact = hand.entity("contact", &[("name", Ty::TEXT), ("account", Ty::known(to_account))]);
    hand.open();
    let ctx = Ctx::Entity(account);
    let employer = hand.field(contact, ACCOUNT);
    let this = hand.add(Node::Row(account), Ty::known(to_account), ctx);
    let contacts = hand.aggregate(AggOp::Count, contact, None, NUMBER, ctx, |aggregate| aggregate.keys = [(employer, this)].into());
    let (revenue, limit, two) = (hand.field(account, REVENUE), hand.constant(num(1000_00), MONEY), hand.constant(num(2), NUMBER));
    let large = hand.compare(CompareOp::Greater, revenue, limit);
    let known = hand.compare(CompareOp::GreaterOrEqual, contacts, two);
    let both = hand.both(known, large);
    let set = hand.set(account, false, &["A", "B"]);
    let rungs = vec![when("A", both, Outcome::Label(0)), otherwise(Outcome::Label(1))];
    let (_, abc) = hand.decision(ctx, Ty::maybe(Type::Label(set)), Win::First, Some(set), rungs);
    Desk { hand, account, contact, abc, contacts }
}

fn value(cell: Cell) -> TestValue {
    match cell {
        Cell::Known(value) => TestValue::Value(value),
        _ => TestValue::Missing,
    }
}

impl Desk {
    fn text(&self, text: &str) -> Value {
        // What a test says is a text of the rules.
        Value::Text(self.hand.model.texts.intern(text))
    }

    fn account(&self, id: &str, more: Vec<(u32, TestValue)>) -> TestRow {
        self.row(self.account, [(ID, TestValue::Value(self.text(id)))].into_iter().chain(more).collect())
    }

    fn contact(&self, name: &str, more: Vec<(u32, TestValue)>) -> TestRow {
        self.row(self.contact, [(0, TestValue::Value(self.text(name)))].into_iter().chain(more).collect())
    }

    fn row(&self, entity: EntityId, fields: Vec<(u32, TestValue)>) -> TestRow {
        let fields = fields.into_iter().map(|(index, value)| (FieldId { entity, index }, value, Span::default())).collect();
        TestRow { entity, fields, pins: Vec::new(), span: Span::default() }
    }

    fn expect(&mut self, got: ExprId, expected: Cell, row: u32) -> Expectation {
        let ty = Ty { optional: false, ..self.hand.model.ty(got) };
        let shown = format!("{expected:?}");
        let constant = self.hand.constant(expected, ty);
        let condition = self.hand.compare(CompareOp::Equal, got, constant);
        Expectation { condition, row, ctx: Ctx::Entity(self.account), sides: Some((got, shown)), span: Span::default() }
    }

    fn test(&mut self, name: &str, rows: Vec<TestRow>, expects: Vec<Expectation>) {
        let test = TestCase { name: name.into(), as_of: None, rows, files: Vec::new(), expects, span: Span::default(), library: false };
        self.hand.model.tests.push(test);
    }

    fn run(&self, filter: Option<&str>) -> TestReport {
        run_tests(&self.hand.model, &|_| None, filter)
    }

    fn verdict(&self) -> Verdict {
        let report = self.run(None);
        report.tests.last().expect("a test").expectations[0].verdict.clone()
    }
}

#[test]
fn a_reference_left_out_is_the_nearest_earlier_row() {
    let mut desk = desk();
    let (contacts, abc) = (desk.contacts, desk.abc);
    let revenue = |n| vec![(REVENUE, value(num(n)))];
    let rows = vec![
        desk.account("1", revenue(2000_00)),
        desk.contact("x", vec![]),
        desk.contact("y", vec![]),
        desk.account("2", revenue(1000_00)),
        desk.contact("z", vec![]),
    ];
    let expects = vec![
        desk.expect(contacts, num(2), 0),
        desk.expect(contacts, num(1), 1),
        desk.expect(abc, label(0), 0),
        desk.expect(abc, label(1), 1),
    ];
    desk.test("two accounts", rows, expects);
    let report = desk.run(None);
    assert!(report.tests[0].passed(), "{:?}", report.tests[0].expectations);
    assert_eq!((report.passed(), report.coverage.rungs()), (1, (2, 2)));
    assert_eq!(desk.run(Some("three")).tests.len(), 0);
    assert_eq!(desk.run(Some("two")).tests.len(), 1);
}

#[test]
fn a_reference_names_a_row_by_its_key_also_a_later_one() {
    let mut desk = desk();
    let key = |desk: &Desk, id: &str| vec![(ACCOUNT, TestValue::Key(desk.text(id), Type::TEXT))];
    let rows = vec![desk.contact("x", key(&desk, "2")), desk.account("1", vec![]), desk.account("2", vec![])];
    let expect = desk.expect(desk.contacts, num(1), 1);
    desk.test("by key", rows, vec![expect.clone()]);
    assert_eq!(desk.verdict(), Verdict::Pass);
    let rows = vec![desk.account("1", vec![]), desk.contact("x", key(&desk, "9"))];
    desk.test("no such row", rows, vec![expect]);
    let report = desk.run(Some("no such"));
    let problem = TestProblem::NoSuchRow { entity: desk.account, key: "9".into(), span: Span::default() };
    assert_eq!(report.tests[0].problems, [problem]);
    assert!(!report.tests[0].passed());
}

#[test]
fn a_failure_says_what_was_got_and_why() {
    let mut desk = desk();
    let rows = vec![desk.account("1", vec![(REVENUE, value(num(999_00)))])];
    let expect = desk.expect(desk.abc, label(0), 0);
    desk.test("small", rows, vec![expect]);
    let Verdict::Fail(failure) = desk.verdict() else { panic!("it fails") };
    assert_eq!((failure.got.text.as_str(), failure.got.cell), ("B", label(1)));
    assert_eq!(failure.traces.len(), 1);
    assert_eq!(failure.traces[0].won, [1]);
    assert!(failure.why.trace.is_some());
    assert!(desk.run(None).tests[0].book.is_some());
}

#[test]
fn a_field_left_out_fails_only_where_the_answer_hangs_on_it() {
    let mut desk = desk();
    let expect = desk.expect(desk.abc, label(1), 0);
    let rows = vec![desk.account("1", vec![])];
    desk.test("no contacts", rows.clone(), vec![expect.clone()]);
    assert_eq!(desk.verdict(), Verdict::Pass);
    let rows = [rows, vec![desk.contact("x", vec![]), desk.contact("y", vec![])]].concat();
    desk.test("two contacts", rows, vec![expect]);
    let Verdict::Unset(field, _) = desk.verdict() else { panic!("it hangs on the revenue") };
    assert_eq!(field, FieldId { entity: desk.account, index: REVENUE });
}

#[test]
fn a_row_of_which_no_parent_is_said_has_none() {
    let mut desk = desk();
    let parent = desk.hand.field(desk.account, PARENT);
    let known = desk.hand.add(Node::IsKnown(parent), Ty::FLAG, Ctx::Entity(desk.account));
    let none = desk.hand.add(Node::Not(known), Ty::FLAG, Ctx::Entity(desk.account));
    let expect = |row| Expectation { condition: none, row, ctx: Ctx::Entity(EntityId(0)), sides: None, span: Span::default() };
    let rows = vec![desk.account("1", vec![]), desk.account("2", vec![])];
    desk.test("no parent is said", rows, vec![expect(0), expect(1)]);
    assert_eq!(desk.verdict(), Verdict::Pass);
}

#[test]
fn a_pin_stands_for_a_value() {
    let mut desk = desk();
    let (abc, contacts) = (desk.abc, desk.contacts);
    let mut row = desk.account("1", vec![(REVENUE, value(num(5000_00)))]);
    row.pins.push((contacts, value(num(3)), Span::default()));
    let expect = desk.expect(abc, label(0), 0);
    desk.test("pinned", vec![row], vec![expect]);
    assert_eq!(desk.verdict(), Verdict::Pass);
}

#[test]
fn boundaries_are_touched_by_what_stands_beside_them() {
    for (revenue, touched) in [(1000_00, 1), (1000_01, 1), (999_99, 1), (1000_02, 0), (5, 0)] {
        let mut desk = desk();
        let mut row = desk.account("1", vec![(REVENUE, value(num(revenue)))]);
        row.pins.push((desk.contacts, value(num(9)), Span::default()));
        let (abc, large) = (desk.abc, revenue > 1000_00);
        let expect = desk.expect(abc, label(u32::from(!large)), 0);
        desk.test("one", vec![row], vec![expect]);
        let coverage = desk.run(None).coverage;
        assert_eq!(coverage.boundaries(), (2, touched), "{revenue}");
        assert_eq!(coverage.decisions[0].rungs.iter().map(|rung| rung.won).collect::<Vec<_>>(), [large, !large]);
    }
}

#[test]
fn rows_from_files_come_before_the_tests_own() {
    let mut desk = desk();
    let expect = desk.expect(desk.contacts, num(1), 0);
    let rows = vec![desk.account("9", vec![(SIZE, TestValue::Missing)]), desk.contact("x", vec![])];
    desk.test("with a file", rows, vec![expect]);
    let source = Source { path: "a.csv".into(), file: FileId(0), span: Span::default() };
    desk.hand.model.tests[0].files.push((desk.account, source));
    let report = desk.run(None);
    assert!(matches!(report.tests[0].problems[..], [TestProblem::NotLoaded { .. }]));
    let loaded = |_| {
        let mut book = Book::empty(&desk.hand.model);
        let id = Cell::Known(Value::Text(book.texts.intern("7")));
        let table = &mut book.tables[0];
        table.rows = 1;
        table.source_rows = vec![2];
        table.columns.iter_mut().zip([id, Cell::Missing, num(1), num(1)]).for_each(|(column, cell)| column.push(cell));
        Some(book)
    };
    let report = run_tests(&desk.hand.model, &loaded, None);
    assert!(report.tests[0].passed(), "{:?}", report.tests[0].expectations);
    assert_eq!(report.tests[0].expectations[0].row, 1);
}

#[test]
fn a_row_that_is_not_made_and_a_fault_are_said() {
    let mut desk = desk();
    let expect = desk.expect(desk.contacts, num(1), 3);
    desk.test("no row", vec![desk.account("1", vec![])], vec![expect]);
    assert_eq!(desk.verdict(), Verdict::NoRow);
    let revenue = desk.hand.field(desk.account, REVENUE);
    let huge = desk.hand.constant(num(10_i128.pow(37)), NUMBER);
    let product = desk.hand.arith(kamrules_model::ArithOp::Multiply, revenue, huge, MONEY);
    let expect = desk.expect(product, num(1), 0);
    desk.test("a fault", vec![desk.account("1", vec![(REVENUE, value(num(100)))])], vec![expect]);
    assert!(matches!(desk.verdict(), Verdict::Fault(fault, _) if fault.row == 0));
}
