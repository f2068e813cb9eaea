//! Conflicts and faults out of the answers, as lists that people and machines read.

use crate::{Policy, Run};
use kamrules_base::{Code, Finding, Level, Sources, Span, codes};
use kamrules_data::DataFault;
use kamrules_eval::Answers;
use kamrules_model::{Book, Cell, Column, EntityId, Fault, FaultKind, Model, SetId, SetKind};
use rustc_hash::{FxHashMap, FxHashSet};

/// A row that two rungs of a set claim, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// The set.
    pub set: SetId,
    /// The row of its entity.
    pub row: u32,
    /// The row's key.
    pub key: String,
    /// The rungs that claim it; empty when none does.
    pub rungs: Vec<String>,
    /// When none does, the nested rung inside which it is lost; empty at the top.
    pub within: String,
}

/// A value that could not be computed, and what hangs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueFault {
    /// What went wrong, where first.
    pub fault: Fault,
    /// The source of the row at fault; empty if there is no row.
    pub source: String,
    /// Its row as a spreadsheet shows it; 0 if there is no row.
    pub source_row: u32,
    /// Its key; empty if there is no row.
    pub key: String,
    /// The code of its page.
    pub code: Code,
    /// What went wrong, in a sentence.
    pub message: String,
    /// The first thing that reads `fault` because of it: `account.growth`, `coverage`.
    pub item: String,
    /// How many values read `fault` because of it, beyond the row itself.
    pub affected: u64,
    /// Where in the rules.
    pub span: Span,
}

/// The rows that each set's rungs dispute, set by set.
pub fn conflicts(model: &Model, book: &Book, answers: &Answers) -> Vec<ConflictRow> {
    let mut out = Vec::new();
    for (i, answer) in answers.sets.iter().enumerate() {
        let set = SetId(i as u32);
        out.extend(answer.conflicts.iter().map(|conflict| ConflictRow {
            set,
            row: conflict.row,
            key: book.key(model, model.set(set).entity, conflict.row),
            rungs: conflict.rungs.clone(),
            within: conflict.within.clone(),
        }));
    }
    out
}

/// The faults in all answers, each once, in the order of items and rows.
pub fn value_faults(model: &Model, book: &Book, answers: &Answers) -> Vec<ValueFault> {
    let mut found = Found { model, book, at: FxHashMap::default(), list: Vec::new() };
    for (define, column) in model.defines.iter().zip(&answers.defines) {
        let entity = define.entity.map(|entity| format!("{}.", model.entity(entity).name)).unwrap_or_default();
        found.column(&format!("{entity}{}", define.name), column);
    }
    for (set, answer) in model.sets.iter().zip(&answers.sets) {
        found.column(&set.name, &answer.answer);
        set.attrs.iter().zip(&answer.attrs).for_each(|(attr, column)| found.column(&format!("{}.{}", set.name, attr.name), column));
    }
    for (quota, rows) in model.quotas.iter().zip(&answers.quotas) {
        for row in rows {
            [&row.target, &row.actual, &row.attainment, &row.remaining].into_iter().for_each(|cell| found.cell(&quota.name, cell));
        }
    }
    for (metric, rows) in model.metrics.iter().zip(&answers.metrics) {
        rows.iter().for_each(|row| found.cell(&metric.name, &row.value));
    }
    for (obligation, answer) in model.obligations.iter().zip(&answers.obligations) {
        answer.faults.iter().for_each(|(_, fault)| found.fault(&obligation.name, *fault));
    }
    for (cadence, answer) in model.cadences.iter().zip(&answers.cadences) {
        found.column(&cadence.name, &answer.due);
    }
    found.list
}

struct Found<'a> {
    model: &'a Model,
    book: &'a Book,
    at: FxHashMap<Fault, usize>,
    list: Vec<ValueFault>,
}

impl Found<'_> {
    fn column(&mut self, item: &str, column: &Column) {
        column.states.faults.iter().for_each(|(_, fault)| self.fault(item, *fault));
    }

    fn cell(&mut self, item: &str, cell: &Cell) {
        if let Cell::Fault(fault) = cell {
            self.fault(item, *fault);
        }
    }

    fn fault(&mut self, item: &str, fault: Fault) {
        if let Some(&at) = self.at.get(&fault) {
            self.list[at].affected += 1;
            return;
        }
        self.at.insert(fault, self.list.len());
        let (source, source_row) = fault.entity.map_or((String::new(), 0), |entity| source_of(self.book, entity, fault.row));
        let key = fault.entity.map_or(String::new(), |entity| self.book.key(self.model, entity, fault.row));
        let (code, message) = describe(fault.kind);
        let span = self.model.exprs.span(fault.expr);
        let message = format!("`{item}` cannot be computed: {message}");
        self.list.push(ValueFault { fault, source, source_row, key, code, message, item: item.into(), affected: 1, span });
    }
}

/// The source of a row as it is shown, and the row a spreadsheet shows for it.
pub fn source_of(book: &Book, entity: EntityId, row: u32) -> (String, u32) {
    let table = book.table(entity);
    let source = table.source_of.get(row as usize).map_or(0, |&at| usize::from(at));
    let shown = table.source_rows.get(row as usize).copied().unwrap_or(row + 1);
    (table.sources.get(source).cloned().unwrap_or_default(), shown)
}

/// The code and the words for a kind of fault.
pub fn describe(kind: FaultKind) -> (Code, &'static str) {
    match kind {
        FaultKind::Overflow => (codes::OVERFLOW, "a number has more than 38 digits"),
        FaultKind::DateRange => (codes::DATE_RANGE, "a date lies outside the years 1 to 9999"),
        FaultKind::SeveralValues => (codes::SEVERAL_VALUES, "a look-up with `only` found several values"),
        FaultKind::NoArm => (codes::NO_ARM, "a `match` has no arm for the value"),
        FaultKind::TwoArms => (codes::TWO_ARMS, "a `match` has two arms for the value"),
        FaultKind::Circle => (codes::CIRCLE, "a chain of references runs in a circle"),
        FaultKind::Argument => (codes::ARGUMENT, "a function cannot take the value it is given"),
    }
}

/// The rows that break a fact, each with its fault, once; `columns` holds filter and fact of each, in turn.
pub fn broken_facts(model: &Model, sources: &Sources, book: &Book, columns: &[Column]) -> Vec<(EntityId, u32, DataFault)> {
    let mut seen = FxHashSet::default();
    let mut out = Vec::new();
    for (fact, pair) in model.facts.iter().zip(columns.chunks(2)) {
        let [filter, holds] = pair else { continue };
        let concerned = |row: usize| fact.filter.is_none() || filter.get(row).is_yes();
        let text = crate::explain::one_line(sources.text(model.exprs.span(fact.holds)));
        for row in (0..book.table(fact.entity).rows).filter(|&row| concerned(row) && !holds.get(row).is_yes()) {
            if seen.insert((fact.entity, row)) {
                let (source, shown) = source_of(book, fact.entity, row as u32);
                let message = format!("`{text}` is always to hold, and does not");
                let fault = DataFault {
                    source,
                    row: shown,
                    column: String::new(),
                    value: String::new(),
                    code: codes::ALWAYS_BROKEN,
                    message,
                    cascaded: false,
                };
                out.push((fact.entity, row as u32, fault));
            }
        }
    }
    out
}

/// How many rows a finding names before it says how many more there are.
const NAMED: usize = 5;
/// How many values that could not be computed are told by themselves.
const TOLD: usize = 10;

impl Policy {
    /// What a run says beside its answers: disputed rows, values that could not be computed, musts that are broken (an error
    /// only when `strict`), and what is not computed yet.
    pub fn run_findings(&self, run: &Run, strict: bool) -> Vec<Finding> {
        let model = self.model();
        let mut out = self.not_yet();
        for set in (0..model.sets.len() as u32).map(SetId) {
            let of_set = || run.conflicts.iter().filter(move |conflict| conflict.set == set);
            let (two, none): (Vec<_>, Vec<_>) = of_set().partition(|conflict| !conflict.rungs.is_empty());
            out.extend(self.disputed(set, &two, codes::TWO_RUNGS));
            out.extend(self.disputed(set, &none, codes::NO_RUNG));
        }
        out.extend(run.value_faults.iter().take(TOLD).map(|fault| {
            let row = if fault.source_row == 0 { String::new() } else { format!(" ({}, row {})", fault.source, fault.source_row) };
            Finding::new(fault.code, fault.span, format!("{}{row}", fault.message))
        }));
        for (at, rows) in run.broken_musts(model) {
            let obligation = &model.obligations[at];
            let rows =
                if obligation.entity.is_none() { String::new() } else { format!(" by {rows} of {}", run.answers.obligations[at].checked) };
            let mut finding = Finding::new(codes::BROKEN_MUST, obligation.span, format!("`{}` is broken{rows}", obligation.name));
            finding.level = if strict { Level::Error } else { Level::Warning };
            out.push(finding);
        }
        kamrules_base::finding::sort(&mut out);
        out
    }

    fn disputed(&self, set: SetId, rows: &[&ConflictRow], code: Code) -> Option<Finding> {
        let first = rows.first()?;
        let set = self.model().set(set);
        let (entity, name) = (&self.model().entity(set.entity).name, &set.name);
        let (how_many, verb) =
            if rows.len() == 1 { (format!("1 row of `{entity}`"), "is") } else { (format!("{} rows of `{entity}`", rows.len()), "are") };
        let keys: Vec<String> = rows.iter().take(NAMED).map(|row| format!("`{}`", row.key)).collect();
        let more = if rows.len() > NAMED { format!(" and {} more", rows.len() - NAMED) } else { String::new() };
        let keys = format!("{}{more}", keys.join(", "));
        let finding = match code {
            codes::TWO_RUNGS => {
                let rungs: Vec<String> = first.rungs.iter().map(|rung| format!("`{rung}`")).collect();
                Finding::new(code, set.span, format!("{how_many} {verb} claimed by several rungs of `{name}`: {keys}"))
                    .help(format!("`{}` is claimed by {}", first.key, rungs.join(" and ")))
                    .help(match set.kind {
                        SetKind::Tree => "make the branches of a question exclude each other",
                        SetKind::Table => "make the rows exclude each other, or write `first match` behind the header",
                        _ => "make the conditions exclude each other, or say which wins with `overrides`",
                    })
            }
            _ => {
                let inside = if first.within.is_empty() { String::new() } else { format!(" inside `{}`", first.within) };
                Finding::new(code, set.span, format!("{how_many} {verb} claimed by no rung of `{name}`{inside}: {keys}"))
                    .help("add a rung for such rows, or an `otherwise`")
            }
        };
        Some(finding.help(format!("`kamrules explain {entity}:{}` says how each rung fell", first.key)))
    }
}
