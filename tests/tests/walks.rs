//! Both walks over policies made at random: every expression and every answer is the same, for every row, on any number of threads.
//!
//! `KAMRULES_SEEDS=from..to` says over which seeds.

use kamrules_base::{Date, world::MemoryWorld};
use kamrules_eval::rows::{Trace, Walk};
use kamrules_eval::{Answers, Options, QuotaStatus, columns};
use kamrules_model::{Book, Cell, Column, Ctx, ExprId, MetricId, Model, Node, QuotaCell, Type, Value, show};
use kamrules_tests::{Policy, generate, policy, seeds, told};

/// How much was compared.
#[derive(Debug, Default)]
struct Tally {
    policies: usize,
    unclean: Vec<u64>,
    rows: usize,
    set_aside: usize,
    cells: usize,
    missing: usize,
    faults: usize,
    conflicts: usize,
}

/// A policy and a book out of a seed, if the policy is clean.
fn made(seed: u64, tally: &mut Tally) -> Option<(Policy, Book)> {
    let case = generate::generate(seed);
    tally.policies += 1;
    let policy = policy(&[("made.kam", &case.policy)]);
    let errors: Vec<String> = policy.findings.iter().filter(|finding| finding.is_error()).map(told).collect();
    if !errors.is_empty() {
        if std::env::var_os("KAMRULES_SHOW").is_some() {
            eprintln_all(seed, &policy, &errors);
        }
        tally.unclean.push(seed);
        return None;
    }
    let world = MemoryWorld::new(case.files);
    let loaded = kamrules_data::load(&policy.checked.model, &policy.sources, &world, &[]);
    assert!(loaded.blocking.is_empty(), "seed {seed}: {:?}", loaded.blocking.iter().map(told).collect::<Vec<_>>());
    tally.set_aside += loaded.faults.len();
    tally.rows += loaded.book.tables.iter().map(|table| table.rows).sum::<usize>();
    Some((policy, loaded.book))
}

#[allow(clippy::print_stderr, reason = "asked for by hand")]
fn eprintln_all(seed: u64, policy: &Policy, errors: &[String]) {
    eprintln!("seed {seed}: {errors:#?}");
    for finding in &policy.findings {
        if let Some(span) = finding.span() {
            eprintln!("   {}: {}", finding.code, policy.sources.text(span));
        }
    }
}

struct Run<'a> {
    seed: u64,
    model: &'a Model,
    book: &'a Book,
    today: Option<Date>,
    walk: Walk<'a>,
}

impl Run<'_> {
    #[track_caller]
    fn same(&self, tally: &mut Tally, what: &str, expr: ExprId, row: u32, got: &Cell, expected: &Cell) {
        tally.cells += 1;
        tally.missing += usize::from(matches!(expected, Cell::Missing));
        tally.faults += usize::from(matches!(expected, Cell::Fault(_)));
        if got != expected {
            let shown = |cell: &Cell| show::cell(self.model, self.book, cell, self.model.ty(expr).kind);
            panic!(
                "seed {}: {what}, row {row}: columns say {} ({got:?}), rows say {} ({expected:?}), for {expr:?} {:?}",
                self.seed,
                shown(got),
                shown(expected),
                self.model.exprs.node(expr)
            );
        }
    }

    fn column(&self, tally: &mut Tally, what: &str, expr: ExprId, column: &Column) {
        for row in 0..column.len() {
            self.same(tally, what, expr, row as u32, &column.get(row), &self.walk.value(expr, row as u32));
        }
    }

    /// Every expression there is, but for comparisons of two rows: the checker makes these only to see whether the sides go together,
    /// and a pair of keys stands for them.
    fn expressions(&self, tally: &mut Tally, options: &Options) {
        let model = self.model;
        let ctx = |id: &ExprId| model.exprs.ctx(*id);
        let two_rows = |id: &ExprId| match model.exprs.node(*id) {
            Node::Compare(_, a, b) => ctx(a) != Ctx::Policy && ctx(b) != Ctx::Policy && ctx(a) != ctx(b),
            _ => false,
        };
        let ids = (0..model.exprs.len() as u32).map(ExprId).filter(|id| model.ty(*id).kind != Type::Unknown && !two_rows(id));
        let exprs: Vec<(ExprId, Ctx)> = ids.map(|id| (id, model.exprs.ctx(id))).collect();
        let found = columns::columns(model, self.book, options, &exprs);
        for ((id, _), column) in exprs.iter().zip(&found) {
            self.column(tally, "an expression", *id, column);
        }
    }

    fn answers(&self, tally: &mut Tally, answers: &Answers) {
        let model = self.model;
        for (define, column) in model.defines.iter().zip(&answers.defines) {
            self.column(tally, &define.name, define.expr, column);
        }
        self.sets(tally, answers);
        for (quota, rows) in model.quotas.iter().zip(&answers.quotas) {
            let mut rows = rows.iter();
            let cells: Vec<(&QuotaCell, bool)> =
                quota.periods.iter().map(|cell| (cell, false)).chain(quota.total.iter().map(|cell| (cell, true))).collect();
            for holder in 0..self.book.table(quota.holder).rows as u32 {
                for (cell, total) in &cells {
                    self.quota(tally, &quota.name, cell, *total, holder, &mut rows);
                }
            }
            assert!(rows.next().is_none(), "seed {}: {} has rows too many", self.seed, quota.name);
        }
        for at in 0..model.metrics.len() {
            self.metric(tally, at, answers);
        }
        self.duties(tally, answers);
    }

    fn sets(&self, tally: &mut Tally, answers: &Answers) {
        for (set, answer) in self.model.sets.iter().zip(&answers.sets) {
            self.column(tally, &set.name, set.answer, &answer.answer);
            for (attr, column) in set.attrs.iter().zip(&answer.attrs) {
                self.column(tally, &format!("{}.{}", set.name, attr.name), attr.expr, column);
            }
            let version = set.versions.iter().rev().find(|version| version.from.is_none_or(|from| Some(from) <= self.today));
            let rows = 0..self.book.table(set.entity).rows as u32;
            let claimed = |row: &u32| version.is_some_and(|version| in_conflict(&self.walk.trace(version.decision, *row)));
            let expected: Vec<u32> = rows.filter(claimed).collect();
            let found: Vec<u32> = answer.conflicts.iter().map(|conflict| conflict.row).collect();
            assert_eq!(found, expected, "seed {}: the conflicts of {}", self.seed, set.name);
            tally.conflicts += found.len();
        }
    }

    fn quota<'r>(
        &self,
        tally: &mut Tally,
        name: &str,
        cell: &QuotaCell,
        total: bool,
        holder: u32,
        rows: &mut impl Iterator<Item = &'r kamrules_eval::QuotaRow>,
    ) {
        let get = |id: Option<ExprId>| id.map_or(Cell::Missing, |id| self.walk.value(id, holder));
        if cell.applies.is_some() && !get(cell.applies).is_yes() {
            return;
        }
        let row = rows.next().unwrap_or_else(|| panic!("seed {}: {name} lacks a row of {holder}", self.seed));
        assert_eq!((row.holder, row.period, row.total), (holder, cell.period, total), "seed {}: {name}", self.seed);
        let begun = |id| if row.status == QuotaStatus::NoActuals { Cell::Missing } else { get(id) };
        let attainment = if row.status == QuotaStatus::NoTarget { Cell::Missing } else { begun(cell.attainment) };
        let parts = [
            (cell.target, &row.target, get(cell.target)),
            (cell.actual, &row.actual, begun(cell.actual)),
            (cell.attainment, &row.attainment, attainment),
        ];
        for (id, got, expected) in parts.into_iter().chain([(cell.remaining, &row.remaining, begun(cell.remaining))]) {
            self.same(tally, name, id.unwrap_or(ExprId(0)), holder, got, &expected);
        }
        let (start, end) = self.model.settings.calendar.bounds(cell.period).expect("a period of the calendar");
        let today = self.today.expect("a day");
        let status = match row.target {
            _ if start > today => QuotaStatus::NoActuals,
            Cell::Missing | Cell::Known(Value::Num(0)) => QuotaStatus::NoTarget,
            _ if end > today => QuotaStatus::ToDate,
            _ => QuotaStatus::Closed,
        };
        assert_eq!(row.status, status, "seed {}: {name} of {holder}", self.seed);
    }

    fn metric(&self, tally: &mut Tally, at: usize, answers: &Answers) {
        let metric = &self.model.metrics[at];
        let groups = if metric.groups.is_empty() { vec![Vec::new()] } else { self.walk.groups(MetricId(at as u32)).to_vec() };
        let mut expected: Vec<(Vec<Cell>, Option<kamrules_model::Period>, ExprId, u32)> = Vec::new();
        for (row, group) in groups.iter().enumerate() {
            expected.extend(metric.cells.iter().map(|(period, expr)| (group.clone(), *period, *expr, row as u32)));
        }
        let mut found: Vec<_> = answers.metrics[at].iter().collect();
        assert_eq!(found.len(), expected.len(), "seed {}: {} has other groups", self.seed, metric.name);
        for (group, period, expr, row) in expected {
            let place = found.iter().position(|row| row.group == group && row.period == period);
            let place = place.unwrap_or_else(|| panic!("seed {}: {} lacks {group:?} {period:?}", self.seed, metric.name));
            let got = found.remove(place);
            self.same(tally, &metric.name, expr, row, &got.value, &self.walk.value(expr, row));
        }
    }

    fn duties(&self, tally: &mut Tally, answers: &Answers) {
        let asked = |filter: Option<ExprId>, row: u32| filter.map_or(Cell::flag(true), |filter| self.walk.value(filter, row));
        for (duty, answer) in self.model.obligations.iter().zip(&answers.obligations) {
            let rows = duty.entity.map_or(1, |entity| self.book.table(entity).rows) as u32;
            let (mut checked, mut failed, mut faults) = (0, Vec::new(), Vec::new());
            for row in 0..rows {
                let applies = asked(duty.filter, row);
                let holds = if applies.is_yes() { self.walk.value(duty.holds, row) } else { applies.clone() };
                checked += u64::from(applies.is_yes());
                match holds {
                    Cell::Fault(fault) => faults.push((row, fault)),
                    cell if applies.is_yes() && !cell.is_yes() => failed.push(row),
                    _ => {}
                }
            }
            tally.cells += rows as usize;
            assert_eq!((answer.checked, &answer.failed, &answer.faults), (checked, &failed, &faults), "seed {}: {}", self.seed, duty.name);
        }
        for (cadence, answer) in self.model.cadences.iter().zip(&answers.cadences) {
            for row in 0..self.book.table(cadence.entity).rows as u32 {
                let expected = match asked(cadence.filter, row) {
                    Cell::Known(Value::Flag(true)) => self.walk.value(cadence.due, row),
                    Cell::Known(_) => Cell::Missing,
                    other => other,
                };
                self.same(tally, &cadence.name, cadence.due, row, &answer.due.get(row as usize), &expected);
            }
        }
    }
}

fn in_conflict(trace: &Trace) -> bool {
    let below =
        |index: &u32| trace.rungs.iter().find(|rung| rung.index == *index).and_then(|rung| rung.nested.as_deref()).is_some_and(in_conflict);
    trace.conflict.is_some() || trace.won.iter().any(below)
}

fn agree(seed: u64, tally: &mut Tally) {
    let Some((policy, book)) = made(seed, tally) else { return };
    let model = &policy.checked.model;
    let options = Options { as_of: model.settings.as_of, threads: 1 };
    let run = Run { seed, model, book: &book, today: options.as_of, walk: Walk::new(model, &book, options.as_of) };
    let answers = columns::run(model, &book, &options);
    run.answers(tally, &answers);
    run.expressions(tally, &options);
    for threads in [2, 7] {
        assert!(
            columns::run(model, &book, &Options { threads, ..options }) == answers,
            "seed {seed}: {threads} threads give other answers"
        );
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "what was covered is of interest in a long run")]
fn both_walks_agree() {
    let mut tally = Tally::default();
    let start = std::time::Instant::now();
    let mut broken = Vec::new();
    for seed in seeds(100) {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| agree(seed, &mut tally)));
        if outcome.is_err() {
            broken.push(seed);
        }
    }
    eprintln!("{tally:?} in {:?}", start.elapsed());
    assert!(broken.is_empty(), "the walks do not agree for the seeds {broken:?}, each of which is told above");
    assert!(tally.unclean.len() * 20 <= tally.policies, "too few policies are clean: {:?} of {}", tally.unclean, tally.policies);
    assert!(
        tally.faults * 10_000 > tally.cells && tally.missing * 100 > tally.cells,
        "too few faults and missing values to speak of: {tally:?}"
    );
}

/// Says that the walks agree about a policy and its files.
fn agree_about(text: &str, files: &[(&str, &str)]) {
    let policy = policy(&[("made.kam", text)]);
    assert!(policy.findings.iter().all(|finding| !finding.is_error()), "{:?}", policy.findings);
    let model = &policy.checked.model;
    let world = MemoryWorld::new(files.iter().copied());
    let book = kamrules_data::load(model, &policy.sources, &world, &[]).book;
    let options = Options { as_of: model.settings.as_of, threads: 1 };
    let run = Run { seed: 0, model, book: &book, today: options.as_of, walk: Walk::new(model, &book, options.as_of) };
    let mut tally = Tally::default();
    run.answers(&mut tally, &columns::run(model, &book, &options));
    run.expressions(&mut tally, &options);
    assert!(tally.cells > 0);
}

#[test]
fn the_row_itself_is_aggregated() {
    agree_about(
        "policy \"P\" { as of 2025-01-01 }\nentity a from \"a.csv\" { id: text key, n: integer, up: a? }\n\
         define a.lead = first(all a where up = this by n)\ndefine a.sole = only(all a where n = this.n)\ndefine top = last(a by n)\n",
        &[("a.csv", "id,n,up\n1,5,\n2,7,1\n3,7,1\n")],
    );
}

#[test]
fn a_label_may_be_an_answer_in_one_version_and_hold_others_in_another() {
    let text = "policy \"P\" { as of 2025-01-01 }\nentity a from \"a.csv\" { id: text key, n: integer }\n\
         territories t for a from 2023-01-01 { x when n < 5 { y when n < 3 z otherwise } rest otherwise }\n\
         territories t for a from 2024-01-01 { x when n < 5 y when n >= 9 z when n = 6 rest otherwise }\n\
         metric m for a by t { value = count(a) }\n";
    agree_about(text, &[("a.csv", "id,n\n1,1\n2,4\n3,6\n4,9\n5,8\n")]);
    let policy = policy(&[("made.kam", text)]);
    assert_eq!(policy.checked.model.sets[0].leaves(0), [0, 1, 2], "x is an answer, and so are y and z in it");
}
