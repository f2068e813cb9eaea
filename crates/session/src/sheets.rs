//! What can be written to files: a sheet per entity, quota and metric, the list of actions, violations, conflicts and faults.

use crate::Policy;
use crate::evaluate::Run;
use crate::select::Selection;
use kamrules_base::Date;
use kamrules_eval::columns;
use kamrules_model::{Book, Cell, Column, Ctx, EntityId, ExprId, Model, Type, Value, show};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// A table to be written, under a name without an ending.
pub struct Sheet<'a> {
    /// The name of the file, without its ending.
    pub name: String,
    /// The columns.
    pub columns: Vec<SheetColumn<'a>>,
    /// How many rows there are.
    pub rows: usize,
}

/// A column of a sheet.
pub struct SheetColumn<'a> {
    /// Its heading.
    pub name: String,
    /// Its values.
    pub cells: SheetCells<'a>,
}

/// The values of a column.
pub enum SheetCells<'a> {
    /// Values of a type, of these rows (all, if they are not said).
    Values(Cow<'a, Column>, Type, Option<Vec<u32>>),
    /// Single values of different types.
    Mixed(Vec<(Cell, Type)>),
    /// Texts.
    Texts(Vec<String>),
}

/// What stands in a cell of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetKind {
    /// Nothing.
    Nothing,
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

impl Sheet<'_> {
    /// What stands in a cell. Numbers are texts, exact.
    pub fn get(&self, model: &Model, book: &Book, column: usize, row: usize) -> SheetKind {
        match &self.columns[column].cells {
            SheetCells::Values(column, ty, rows) => {
                let at = rows.as_ref().map_or(row, |rows| rows[row] as usize);
                plain(model, book, &column.get(at), *ty)
            }
            SheetCells::Mixed(cells) => plain(model, book, &cells[row].0, cells[row].1),
            SheetCells::Texts(texts) if texts[row].is_empty() => SheetKind::Nothing,
            SheetCells::Texts(texts) => SheetKind::Text(texts[row].clone()),
        }
    }

    /// What stands in a cell, for people.
    pub fn friendly(&self, model: &Model, book: &Book, column: usize, row: usize) -> String {
        match &self.columns[column].cells {
            SheetCells::Values(column, ty, rows) => {
                let at = rows.as_ref().map_or(row, |rows| rows[row] as usize);
                show::friendly_cell(model, book, &column.get(at), *ty)
            }
            SheetCells::Mixed(cells) => show::friendly_cell(model, book, &cells[row].0, cells[row].1),
            SheetCells::Texts(texts) => texts[row].clone(),
        }
    }
}

impl SheetColumn<'_> {
    /// Whether numbers stand in it.
    pub fn is_number(&self) -> bool {
        matches!(self.cells, SheetCells::Values(_, Type::Number { .. } | Type::Money { .. }, _))
    }
}

fn plain(model: &Model, book: &Book, cell: &Cell, ty: Type) -> SheetKind {
    match cell {
        Cell::Missing => SheetKind::Nothing,
        Cell::Known(Value::Flag(yes)) => SheetKind::Flag(*yes),
        other => SheetKind::Text(show::cell(model, book, other, ty)),
    }
}

impl Policy {
    /// Everything that a run gave, as sheets.
    pub fn sheets<'a>(&'a self, run: &'a Run) -> Vec<Sheet<'a>> {
        let model = self.model();
        let mut out: Vec<Sheet<'a>> = (0..model.entities.len() as u32).map(|i| self.entity_sheet(run, EntityId(i))).collect();
        out.extend((0..model.quotas.len()).map(|i| self.quota_sheet(run, i)));
        out.extend((0..model.metrics.len()).map(|i| self.metric_sheet(run, i)));
        out.push(self.action_sheet(run));
        out.push(self.violation_sheet(run));
        out.push(self.conflict_sheet(run));
        out.push(fault_sheet(run));
        out
    }

    fn entity_sheet<'a>(&'a self, run: &'a Run, id: EntityId) -> Sheet<'a> {
        let model = self.model();
        let (entity, table) = (model.entity(id), run.book.table(id));
        let mut columns = Vec::new();
        let mut add = |name: String, column: &'a Column, ty: Type| {
            columns.push(SheetColumn { name, cells: SheetCells::Values(Cow::Borrowed(column), ty, None) })
        };
        for &key in &entity.key {
            let field = &entity.fields[key as usize];
            add(field.name.clone(), &table.columns[key as usize], field.ty.kind);
        }
        for (define, column) in model.defines.iter().zip(&run.answers.defines).filter(|(define, _)| define.entity == Some(id)) {
            add(define.name.clone(), column, model.ty(define.expr).kind);
        }
        for (set, answer) in model.sets.iter().zip(&run.answers.sets).filter(|(set, _)| set.entity == id) {
            add(set.name.clone(), &answer.answer, model.ty(set.answer).kind);
            for (attr, column) in set.attrs.iter().zip(&answer.attrs) {
                add(format!("{}.{}", set.name, attr.name), column, model.ty(attr.expr).kind);
            }
        }
        if entity.key.is_empty() {
            let rows = table.source_rows.iter().map(ToString::to_string).collect();
            columns.insert(0, SheetColumn { name: "source_row".into(), cells: SheetCells::Texts(rows) });
        }
        Sheet { name: entity.name.clone(), columns, rows: table.rows }
    }

    fn quota_sheet<'a>(&'a self, run: &'a Run, at: usize) -> Sheet<'a> {
        let model = self.model();
        let (quota, rows) = (&model.quotas[at], &run.answers.quotas[at]);
        let text = |name: &str, texts: Vec<String>| SheetColumn { name: name.into(), cells: SheetCells::Texts(texts) };
        let cell_of = |row: &kamrules_eval::QuotaRow| quota.periods.iter().chain(&quota.total).find(|cell| cell.period == row.period);
        let ty = |expr: Option<ExprId>| expr.map_or(Type::Unknown, |expr| model.ty(expr).kind);
        let mixed = |name: &str, of: &dyn Fn(&kamrules_eval::QuotaRow) -> (Cell, Type)| SheetColumn {
            name: name.into(),
            cells: SheetCells::Mixed(rows.iter().map(of).collect()),
        };
        let columns = vec![
            text("holder", rows.iter().map(|row| run.book.key(model, quota.holder, row.holder)).collect()),
            text("period", rows.iter().map(|row| model.settings.calendar.name(row.period)).collect()),
            text("status", rows.iter().map(|row| row.status.word().to_owned()).collect()),
            mixed("target", &|row| (row.target.clone(), ty(cell_of(row).and_then(|cell| cell.target)))),
            mixed("actual", &|row| (row.actual.clone(), ty(cell_of(row).and_then(|cell| cell.actual)))),
            mixed("attainment", &|row| (row.attainment.clone(), ty(cell_of(row).and_then(|cell| cell.attainment)))),
            mixed("remaining", &|row| (row.remaining.clone(), ty(cell_of(row).and_then(|cell| cell.remaining)))),
        ];
        Sheet { name: format!("quota_{}", quota.name), columns, rows: rows.len() }
    }

    fn metric_sheet<'a>(&'a self, run: &'a Run, at: usize) -> Sheet<'a> {
        let model = self.model();
        let (metric, rows) = (&model.metrics[at], &run.answers.metrics[at]);
        let mut columns = Vec::new();
        for (i, group) in metric.groups.iter().enumerate() {
            let cells = rows.iter().map(|row| (row.group.get(i).cloned().unwrap_or(Cell::Missing), model.ty(*group).kind)).collect();
            columns.push(SheetColumn { name: self.group_name(*group), cells: SheetCells::Mixed(cells) });
        }
        let period = |row: &kamrules_eval::MetricRow| row.period.map(|period| model.settings.calendar.name(period)).unwrap_or_default();
        if metric.cells.iter().any(|(period, _)| period.is_some()) {
            columns.push(SheetColumn { name: "period".into(), cells: SheetCells::Texts(rows.iter().map(period).collect()) });
        }
        let ty = metric.cells.first().map_or(Type::Unknown, |(_, cell)| model.ty(*cell).kind);
        columns
            .push(SheetColumn { name: "value".into(), cells: SheetCells::Mixed(rows.iter().map(|row| (row.value.clone(), ty)).collect()) });
        if metric.goal.is_some() {
            let met = rows.iter().map(|row| (row.met.map_or(Cell::Missing, Cell::flag), Type::Flag)).collect();
            columns.push(SheetColumn { name: "met".into(), cells: SheetCells::Mixed(met) });
        }
        Sheet { name: format!("metric_{}", metric.name), columns, rows: rows.len() }
    }

    /// What a metric is grouped by, as it is written.
    pub fn group_name(&self, group: ExprId) -> String {
        let text = crate::explain::one_line(self.sources.text(self.model().exprs.span(group)));
        match self.model().sets.iter().find(|set| set.answer == group) {
            Some(set) => set.name.clone(),
            None if text.is_empty() || text.len() > 60 => "group".into(),
            None => text,
        }
    }

    /// What is to be done: where a tree leads to an action, and where a cadence is due.
    fn action_sheet<'a>(&'a self, run: &'a Run) -> Sheet<'a> {
        let model = self.model();
        let due = self.due_actions(run);
        let exprs: Vec<(ExprId, Ctx)> =
            model.actions.iter().flat_map(|action| action.attrs.iter().map(|(_, expr)| (*expr, Ctx::Entity(action.entity)))).collect();
        let values = if due.is_empty() { Vec::new() } else { columns::columns(model, &run.book, &run.options, &exprs) };
        let at: FxHashMap<(ExprId, Ctx), usize> = exprs.iter().enumerate().map(|(i, asked)| (*asked, i)).collect();
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in model.actions.iter().flat_map(|action| &action.attrs) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let text = |name: &str, of: &dyn Fn(&Due) -> String| SheetColumn {
            name: name.into(),
            cells: SheetCells::Texts(due.iter().map(of).collect()),
        };
        let mut columns = vec![
            text("decision", &|due| due.decision.clone()),
            text("entity", &|due| model.entity(due.entity).name.clone()),
            text("key", &|due| run.book.key(model, due.entity, due.row)),
            text("action", &|due| model.actions[due.action].name.clone()),
            text("what", &|due| model.actions[due.action].display.clone().unwrap_or_default()),
            text("day", &|due| due.day.map(|day| day.to_string()).unwrap_or_default()),
        ];
        for name in names {
            let cell = |due: &Due| match model.actions[due.action].attrs.iter().find(|(attr, _)| attr == name) {
                Some((_, expr)) => {
                    (values[at[&(*expr, Ctx::Entity(model.actions[due.action].entity))]].get(due.row as usize), model.ty(*expr).kind)
                }
                None => (Cell::Missing, Type::Unknown),
            };
            columns.push(SheetColumn { name: name.into(), cells: SheetCells::Mixed(due.iter().map(cell).collect()) });
        }
        Sheet { name: "actions".into(), columns, rows: due.len() }
    }

    fn due_actions(&self, run: &Run) -> Vec<Due> {
        let model = self.model();
        let mut out = Vec::new();
        for (set, answer) in model.sets.iter().zip(&run.answers.sets) {
            if set.labels.iter().all(|label| label.action.is_none()) {
                continue;
            }
            for row in 0..answer.answer.len() {
                if let Cell::Known(Value::Label(label)) = answer.answer.get(row)
                    && let Some(action) = set.labels[label.code as usize].action
                {
                    out.push(Due { decision: set.name.clone(), entity: set.entity, row: row as u32, action: action.index(), day: None });
                }
            }
        }
        for (cadence, answer) in model.cadences.iter().zip(&run.answers.cadences) {
            for &row in &answer.due_rows {
                let day = if let Cell::Known(Value::Date(day)) = answer.due.get(row as usize) { Some(Date(day)) } else { None };
                out.push(Due { decision: cadence.name.clone(), entity: cadence.entity, row, action: cadence.action.index(), day });
            }
        }
        out
    }

    fn violation_sheet<'a>(&'a self, run: &'a Run) -> Sheet<'a> {
        let model = self.model();
        let failed: Vec<(usize, u32)> =
            run.answers.obligations.iter().enumerate().flat_map(|(i, answer)| answer.failed.iter().map(move |row| (i, *row))).collect();
        let text = |name: &str, of: &dyn Fn(&(usize, u32)) -> String| SheetColumn {
            name: name.into(),
            cells: SheetCells::Texts(failed.iter().map(of).collect()),
        };
        let columns = vec![
            text("obligation", &|(i, _)| model.obligations[*i].name.clone()),
            text("level", &|(i, _)| if model.obligations[*i].must { "must" } else { "should" }.into()),
            text("demands", &|(i, _)| model.obligations[*i].display.clone().unwrap_or_default()),
            text("entity", &|(i, _)| model.obligations[*i].entity.map(|entity| model.entity(entity).name.clone()).unwrap_or_default()),
            text("key", &|(i, row)| model.obligations[*i].entity.map(|entity| run.book.key(model, entity, *row)).unwrap_or_default()),
        ];
        Sheet { name: "violations".into(), columns, rows: failed.len() }
    }

    fn conflict_sheet<'a>(&'a self, run: &'a Run) -> Sheet<'a> {
        let text = |name: &str, of: &dyn Fn(&crate::ConflictRow) -> String| SheetColumn {
            name: name.into(),
            cells: SheetCells::Texts(run.conflicts.iter().map(of).collect()),
        };
        let columns = vec![
            text("decision", &|conflict| self.model().set(conflict.set).name.clone()),
            text("key", &|conflict| conflict.key.clone()),
            text("rungs", &|conflict| conflict.rungs.join("; ")),
            text("within", &|conflict| conflict.within.clone()),
        ];
        Sheet { name: "conflicts".into(), columns, rows: run.conflicts.len() }
    }
}

struct Due {
    decision: String,
    entity: EntityId,
    row: u32,
    action: usize,
    day: Option<Date>,
}

fn fault_sheet(run: &Run) -> Sheet<'_> {
    let rows = run.data_faults.len() + run.value_faults.len();
    let text = |name: &str, data: &dyn Fn(&kamrules_data::DataFault) -> String, value: &dyn Fn(&crate::ValueFault) -> String| {
        let texts = run.data_faults.iter().map(data).chain(run.value_faults.iter().map(value)).collect();
        SheetColumn { name: name.into(), cells: SheetCells::Texts(texts) }
    };
    let columns = vec![
        text("source", &|fault| fault.source.clone(), &|fault| fault.source.clone()),
        text("row", &|fault| fault.row.to_string(), &|fault| {
            if fault.source_row == 0 { String::new() } else { fault.source_row.to_string() }
        }),
        text("column", &|fault| fault.column.clone(), &|_| String::new()),
        text("value", &|fault| fault.value.clone(), &|_| String::new()),
        text("code", &|fault| fault.code.to_string(), &|fault| fault.code.to_string()),
        text("message", &|fault| fault.message.clone(), &|fault| fault.message.clone()),
    ];
    Sheet { name: "faults".into(), columns, rows }
}

impl Selection {
    /// The rows that were asked for, as a sheet; without a list of columns the key.
    pub fn sheet<'a>(&'a self, model: &Model) -> Sheet<'a> {
        let entity = model.entity(self.entity);
        let values = |column: &'a Column, ty: Type| SheetCells::Values(Cow::Borrowed(column), ty, Some(self.rows.clone()));
        let asked = self.columns.iter().map(|(name, ty, column)| SheetColumn { name: name.clone(), cells: values(column, *ty) });
        let key = entity.key.iter().map(|&at| {
            let field = &entity.fields[at as usize];
            SheetColumn { name: field.name.clone(), cells: values(&self.book.table(self.entity).columns[at as usize], field.ty.kind) }
        });
        let mut columns: Vec<SheetColumn<'a>> = if self.columns.is_empty() { key.collect() } else { asked.collect() };
        if columns.is_empty() {
            let rows = self.rows.iter().map(|&row| self.book.key(model, self.entity, row)).collect();
            columns.push(SheetColumn { name: "row".into(), cells: SheetCells::Texts(rows) });
        }
        Sheet { name: entity.name.clone(), columns, rows: self.rows.len() }
    }
}
