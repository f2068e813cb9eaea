//! The answers of a run as a summary that a person reads.

use crate::paint::{Paint, printable};
use crate::table::Table;
use kamrules_base::Decimal;
use kamrules_model::{Book, Cell, Cells, Column, EntityId, ExprId, LabelValue, Model, Set, SetKind, Type, Value, arith, show};
use kamrules_session::{Policy, QuotaRow, QuotaStatus, Run, Sheet};
use std::fmt::Write;

/// How many broken rows, faults and conflicts are listed before it says how many more there are.
const LISTED: usize = 10;
/// How many holders of a quota and groups of a metric are listed.
const HOLDERS: usize = 30;

/// The summary.
pub fn render(policy: &Policy, run: &Run, paint: Paint) -> String {
    let model = policy.model();
    let mut out = String::new();
    let day = run.options.as_of.map(|day| format!(", as of {day}")).unwrap_or_default();
    let _ = writeln!(out, "{}{day}", paint.head(&policy.name()));
    let summary = Summary { policy, model, run, paint };
    summary.rows(&mut out);
    for kind in [SetKind::Tiers, SetKind::Segments, SetKind::Territories, SetKind::Scorecard, SetKind::Table, SetKind::Tree] {
        (0..model.sets.len()).filter(|&i| model.sets[i].kind == kind).for_each(|i| summary.set(&mut out, i));
    }
    (0..model.quotas.len()).for_each(|i| summary.quota(&mut out, i));
    summary.metrics(&mut out);
    summary.obligations(&mut out);
    summary.cadences(&mut out);
    summary.conflicts(&mut out);
    summary.faults(&mut out);
    printable(out, paint.on)
}

/// How many rows have each label, in the order of the labels, with all that can be an answer; and how many have none.
pub fn label_counts(model: &Model, book: &Book, at: usize, answer: &Column) -> (Vec<(String, u64)>, u64) {
    let set = &model.sets[at];
    let mut counts: Vec<Vec<u64>> =
        set.labels.iter().map(|label| vec![0; label.each.map_or(1, |entity| book.table(entity).rows)]).collect();
    let mut none = 0;
    let mut add = |label: &LabelValue| {
        let row = if set.labels[label.code as usize].each.is_some() { label.row as usize } else { 0 };
        if let Some(count) = counts.get_mut(label.code as usize).and_then(|counts| counts.get_mut(row)) {
            *count += 1;
        }
    };
    for row in 0..answer.len() {
        match answer.get(row) {
            Cell::Known(Value::Label(label)) => add(&label),
            Cell::Known(Value::Labels(labels)) if !labels.is_empty() => labels.iter().for_each(&mut add),
            _ => none += 1,
        }
    }
    let mut out = Vec::new();
    for (label, counts) in set.labels.iter().zip(counts).filter(|(label, _)| !label.group) {
        match label.each {
            Some(entity) => out.extend(counts.iter().enumerate().map(|(row, count)| (book.key(model, entity, row as u32), *count))),
            None => out.push((label.name.clone(), counts[0])),
        }
    }
    (out, none)
}

/// What a scorecard's points come to, as exact texts.
pub struct Points {
    /// How many rows have points.
    pub rows: usize,
    /// The fewest.
    pub min: Option<String>,
    /// Those of the row in the middle.
    pub median: Option<String>,
    /// The most.
    pub max: Option<String>,
}

/// The points of a scorecard's rows.
pub fn points(answer: &Column, ty: Type) -> Points {
    let Cells::Num(all) = &answer.cells else { return Points { rows: 0, min: None, median: None, max: None } };
    let known = |row: &usize| matches!(answer.get(*row), Cell::Known(_));
    let mut sorted: Vec<i128> = (0..all.len()).filter(known).map(|row| all[row]).collect();
    sorted.sort_unstable();
    let scale = ty.scale().unwrap_or(0);
    let text = |units: i128, scale: u8| Decimal::new(units, scale).normal().to_string();
    let median = arith::median(&sorted, scale).ok().flatten();
    Points {
        rows: sorted.len(),
        min: sorted.first().map(|units| text(*units, scale)),
        median: median.map(|units| text(units, arith::DIVIDE_SCALE)),
        max: sorted.last().map(|units| text(*units, scale)),
    }
}

/// Rows that were asked for, in columns.
pub fn list(sheet: &Sheet<'_>, model: &Model, book: &Book, paint: Paint) -> String {
    let sides: String = sheet.columns.iter().map(|column| if column.is_number() { '>' } else { '<' }).collect();
    let mut table = Table::new(&sides);
    table.row(sheet.columns.iter().map(|column| paint.head(&column.name)));
    for row in 0..sheet.rows {
        table.row((0..sheet.columns.len()).map(|column| sheet.friendly(model, book, column, row)));
    }
    let mut out = String::new();
    table.write(&mut out, 0);
    printable(out, paint.on)
}

struct Summary<'a> {
    policy: &'a Policy,
    model: &'a Model,
    run: &'a Run,
    paint: Paint,
}

fn count(n: u64) -> String {
    show::thousands(&n.to_string())
}

/// A number of things in words: `1 row`, `12 rows`.
pub fn some(n: u64, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{} {word}s", count(n)) }
}

fn share(part: u64, whole: u64) -> String {
    let units = arith::divide(part.into(), 0, whole.into(), 0, 6).ok().flatten();
    units.map(|units| show::percent(units, 6)).unwrap_or_default()
}

impl Summary<'_> {
    fn title(&self, out: &mut String, what: &str, name: &str, display: Option<&str>) {
        let title = match display {
            Some(display) => format!("{display} ({what} {name})"),
            None => format!("{name} ({what})"),
        };
        let _ = writeln!(out, "\n{}", self.paint.head(&title));
    }

    fn rows(&self, out: &mut String) {
        let _ = writeln!(out, "\n{}", self.paint.head("Rows"));
        let mut table = Table::new("<>");
        for (entity, rows) in self.model.entities.iter().zip(&self.run.book.tables) {
            table.row([entity.name.clone(), count(rows.rows as u64)]);
        }
        table.write(out, 2);
        let aside: Vec<_> = self.run.set_aside.iter().filter(|source| source.own + source.cascaded > 0).collect();
        if aside.is_empty() {
            out.push_str("  no row was set aside\n");
            return;
        }
        let _ = writeln!(out, "  {}", self.paint.bad("set aside, and not counted above:"));
        let mut table = Table::new("<>>");
        table.row(["source", "own faults", "refer to such a row"]);
        aside.iter().for_each(|source| table.row([source.source.clone(), count(source.own), count(source.cascaded)]));
        table.write(out, 4);
    }

    fn set(&self, out: &mut String, at: usize) {
        let (set, answer) = (&self.model.sets[at], &self.run.answers.sets[at].answer);
        self.title(out, set.kind.word(), &set.name, set.display.as_deref());
        if set.kind == SetKind::Scorecard {
            let points = points(answer, self.model.ty(set.answer).kind);
            let show = |text: Option<String>| text.map_or("-".to_owned(), |text| show::thousands(&text));
            let rows = some(points.rows as u64, "row");
            let _ = writeln!(out, "  {rows}: least {}, median {}, most {}", show(points.min), show(points.median), show(points.max));
            return;
        }
        let (counts, none) = label_counts(self.model, &self.run.book, at, answer);
        let total = answer.len() as u64;
        let mut table = Table::new("<<>>");
        for (name, n) in counts.iter().filter(|(_, n)| set.labels.iter().all(|label| label.each.is_none()) || *n > 0) {
            table.row([name.clone(), self.label_display(set, name), count(*n), share(*n, total)]);
        }
        if none > 0 {
            table.row(["none".to_owned(), String::new(), count(none), share(none, total)]);
        }
        table.write(out, 2);
    }

    /// What stands behind a label's name: its display name, its action's, or for a table's row its outcome.
    fn label_display(&self, set: &Set, name: &str) -> String {
        let Some(label) = set.labels.iter().find(|label| label.name == name) else { return String::new() };
        if set.kind == SetKind::Table {
            return self.policy.sources.text(label.span).split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let action = label.action.and_then(|action| self.model.action(action).display.clone());
        label.display.clone().or(action).unwrap_or_default()
    }

    fn cell(&self, cell: &Cell, ty: Type) -> String {
        match cell {
            Cell::Missing => "-".into(),
            Cell::Fault(_) => self.paint.bad("fault"),
            other => show::friendly_cell(self.model, &self.run.book, other, ty),
        }
    }

    fn quota(&self, out: &mut String, at: usize) {
        let (quota, rows) = (&self.model.quotas[at], &self.run.answers.quotas[at]);
        self.title(out, "quota", &quota.name, quota.display.as_deref());
        if rows.is_empty() {
            out.push_str("  nobody holds it\n");
            return;
        }
        let mut table = Table::new("<<<>>>><");
        table.row(["holder", "", "period", "target", "actual", "attainment", "remaining", ""]);
        let (mut holders, mut last) = (0, None);
        for row in rows {
            let new = last != Some(row.holder);
            holders += usize::from(new);
            last = Some(row.holder);
            if holders <= HOLDERS {
                table.row(self.quota_row(at, row, new));
            }
        }
        table.write(out, 2);
        if holders > HOLDERS {
            let _ = writeln!(out, "  … and {} more (all with `-o DIR`)", some((holders - HOLDERS) as u64, "holder"));
        }
    }

    fn quota_row(&self, at: usize, row: &QuotaRow, first: bool) -> Vec<String> {
        let quota = &self.model.quotas[at];
        let cells = quota.periods.iter().chain(&quota.total).find(|cell| cell.period == row.period);
        let show = |cell: &Cell, of: Option<ExprId>| of.map_or("-".into(), |expr| self.cell(cell, self.model.ty(expr).kind));
        let (key, name) = if first { self.holder(quota.holder, row.holder) } else { (String::new(), String::new()) };
        let attainment = match (&row.attainment, cells.and_then(|cell| cell.attainment)) {
            (Cell::Known(Value::Num(units)), Some(expr)) => show::percent(*units, self.model.ty(expr).kind.scale().unwrap_or(0)),
            (cell, of) => show(cell, of),
        };
        let period = self.model.settings.calendar.name(row.period);
        let status = if row.status == QuotaStatus::Closed { String::new() } else { row.status.word().into() };
        vec![
            key,
            name,
            if row.total { format!("{period} total") } else { period },
            show(&row.target, cells.and_then(|cell| cell.target)),
            show(&row.actual, cells.and_then(|cell| cell.actual)),
            attainment,
            show(&row.remaining, cells.and_then(|cell| cell.remaining)),
            status,
        ]
    }

    /// A row by its key and, if its entity has one, its name.
    fn holder(&self, entity: EntityId, row: u32) -> (String, String) {
        (self.run.book.key(self.model, entity, row), name_of(self.model, &self.run.book, entity, row).unwrap_or_default())
    }

    fn metrics(&self, out: &mut String) {
        for (at, metric) in self.model.metrics.iter().enumerate() {
            let rows = &self.run.answers.metrics[at];
            self.title(out, "metric", &metric.name, metric.display.as_deref());
            let ty = metric.cells.first().map_or(Type::Unknown, |(_, cell)| self.model.ty(*cell).kind);
            if let Some((op, goal)) = metric.goal {
                let _ = writeln!(out, "  goal {} {}", op.symbol(), self.cell(&self.run.goals[at], self.model.ty(goal).kind));
            }
            let ty = like_goal(ty, metric.goal.map(|(_, goal)| self.model.ty(goal).kind));
            let mut table = Table::new(&format!("{}<><", "<".repeat(metric.groups.len())));
            for row in rows.iter().take(HOLDERS) {
                let groups = row.group.iter().zip(&metric.groups).map(|(cell, expr)| self.group(cell, self.model.ty(*expr).kind));
                let period = row.period.map(|period| self.model.settings.calendar.name(period)).unwrap_or_default();
                let met = match row.met {
                    Some(true) => self.paint.good("met"),
                    Some(false) => self.paint.bad("not met"),
                    None => String::new(),
                };
                table.row(groups.chain([period, self.cell(&row.value, ty), met]));
            }
            table.write(out, 2);
            if rows.len() > HOLDERS {
                let _ = writeln!(out, "  … and {} more (all with `-o DIR`)", some((rows.len() - HOLDERS) as u64, "row"));
            }
        }
    }

    fn group(&self, cell: &Cell, ty: Type) -> String {
        match (cell, ty) {
            (Cell::Known(Value::Row(row)), Type::Row(entity)) => {
                let (key, name) = self.holder(entity, *row);
                if name.is_empty() { key } else { format!("{key} {name}") }
            }
            (Cell::Missing, _) => "none".into(),
            _ => self.cell(cell, ty),
        }
    }

    fn obligations(&self, out: &mut String) {
        if self.model.obligations.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head("Obligations"));
        for (obligation, answer) in self.model.obligations.iter().zip(&self.run.answers.obligations) {
            let level = if obligation.must { "must" } else { "should" };
            let what = obligation.display.as_ref().map(|display| format!(": {display}")).unwrap_or_default();
            let broken = answer.failed.len() as u64;
            let result = match (obligation.entity, broken) {
                (_, 0) => self.paint.good("holds"),
                (None, _) => self.paint.bad("broken"),
                (Some(_), _) => self.paint.bad(&format!("broken by {} of {}", count(broken), count(answer.checked))),
            };
            let _ = writeln!(out, "  {level} {}{what}: {result}", obligation.name);
            let Some(entity) = obligation.entity else { continue };
            let mut table = Table::new("<<");
            answer.failed.iter().take(LISTED).for_each(|row| {
                let (key, name) = self.holder(entity, *row);
                table.row([key, name]);
            });
            table.write(out, 6);
            self.more(out, 6, answer.failed.len());
            if !answer.faults.is_empty() {
                let _ = writeln!(out, "      it cannot be said for {}", some(answer.faults.len() as u64, "row"));
            }
        }
    }

    fn cadences(&self, out: &mut String) {
        if self.model.cadences.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head("Cadences"));
        let mut table = Table::new("<<>>");
        table.row(["", "", "due", "overdue"]);
        for (cadence, answer) in self.model.cadences.iter().zip(&self.run.answers.cadences) {
            let (due, overdue) = (answer.due_rows.len() as u64, answer.overdue_rows.len() as u64);
            table.row([cadence.name.clone(), cadence.display.clone().unwrap_or_default(), count(due), count(overdue)]);
        }
        table.write(out, 2);
    }

    fn conflicts(&self, out: &mut String) {
        if self.run.conflicts.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head("Conflicts: rows that two rungs claim, or none"));
        let mut table = Table::new("<<<");
        for conflict in self.run.conflicts.iter().take(LISTED) {
            let claim = match (conflict.rungs.is_empty(), conflict.within.as_str()) {
                (false, _) => format!("claimed by {}", conflict.rungs.join(" and ")),
                (true, "") => "claimed by no rung".into(),
                (true, within) => format!("claimed by no rung inside {within}"),
            };
            table.row([self.model.set(conflict.set).name.clone(), conflict.key.clone(), claim]);
        }
        table.write(out, 2);
        self.more(out, 2, self.run.conflicts.len());
    }

    fn faults(&self, out: &mut String) {
        let all = self.run.data_faults.len() + self.run.value_faults.len();
        if all == 0 {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head("Faults"));
        let mut table = Table::new("<><<<");
        for fault in self.run.data_faults.iter().take(LISTED) {
            let value = if fault.value.is_empty() { String::new() } else { format!("`{}`", shortened(&fault.value)) };
            table.row([fault.source.clone(), fault.row.to_string(), fault.column.clone(), value, fault.message.clone()]);
        }
        for fault in self.run.value_faults.iter().take(LISTED.saturating_sub(self.run.data_faults.len())) {
            let row = if fault.source_row == 0 { String::new() } else { fault.source_row.to_string() };
            table.row([fault.source.clone(), row, String::new(), fault.key.clone(), fault.message.clone()]);
        }
        table.write(out, 2);
        self.more(out, 2, all);
    }

    fn more(&self, out: &mut String, indent: usize, all: usize) {
        if all > LISTED {
            let _ = writeln!(out, "{}… and {} more (all with `-o DIR`)", " ".repeat(indent), count((all - LISTED) as u64));
        }
    }
}

/// A number that is to reach a percentage is shown as one.
fn like_goal(ty: Type, goal: Option<Type>) -> Type {
    match (ty, goal) {
        (Type::Number { scale, .. }, Some(Type::Number { percent: true, .. })) => Type::Number { scale, percent: true },
        _ => ty,
    }
}

/// What stands in a row's field `name`, if its entity has such a text.
pub fn name_of(model: &Model, book: &Book, entity: EntityId, row: u32) -> Option<String> {
    let at = model.entity(entity).fields.iter().position(|field| field.name == "name" && matches!(field.ty.kind, Type::Text { .. }))?;
    let cell = book.table(entity).columns[at].get(row as usize);
    cell.known().map(|value| show::value(model, book, value, model.entity(entity).fields[at].ty.kind))
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// The rows that were set aside, a line each up to ten: what stands on standard error beside a list.
pub fn set_aside(faults: &[kamrules_session::DataFault], rows: u64) -> String {
    let mut out = format!("{} set aside\n", some(rows, "row"));
    for fault in faults.iter().take(LISTED) {
        let column = if fault.column.is_empty() { String::new() } else { format!(", {} `{}`", fault.column, fault.value) };
        let _ = writeln!(out, "  {} row {}{column}: {}", fault.source, fault.row, fault.message);
    }
    if faults.len() > LISTED {
        let _ =
            writeln!(out, "  … and {} more (all of them: `kamrules eval -o DIR`, file `faults`)", count((faults.len() - LISTED) as u64));
    }
    printable(out, false)
}
