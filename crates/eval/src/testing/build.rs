//! A book out of the rows that a test makes.

use super::TestProblem;
use kamrules_base::Span;
use kamrules_model::{Book, Cell, EntityId, ExprId, FieldId, Model, TestCase, TestRow, TestValue, Type, Value, arith, show};

/// A test's book, and what goes with it.
pub struct Built {
    /// The rows: those from files first, then the test's own.
    pub book: Book,
    /// Values that are pinned.
    pub pins: Vec<(ExprId, u32, Cell)>,
    /// By entity the index of the first row of the test's own; none where it makes none.
    pub starts: Vec<Option<u32>>,
    /// Why the test cannot be run.
    pub problems: Vec<TestProblem>,
}

// The test's own rows while they are being made: by entity, row and field.
struct Maker<'a> {
    model: &'a Model,
    test: &'a TestCase,
    book: Book,
    // For each of the test's rows its index in the table.
    places: Vec<u32>,
    cells: Vec<Vec<Vec<Cell>>>,
    problems: Vec<TestProblem>,
}

/// Makes the book.
pub fn build(model: &Model, test: &TestCase, book: Option<Book>) -> Built {
    let mut problems = Vec::new();
    if book.is_none() {
        let unloaded =
            |(entity, source): &(EntityId, kamrules_model::Source)| TestProblem::NotLoaded { entity: *entity, span: source.span };
        problems.extend(test.files.iter().map(unloaded));
    }
    let book = book.unwrap_or_else(|| Book::empty(model));
    let cells = vec![Vec::new(); model.entities.len()];
    let mut maker = Maker { model, test, book, places: Vec::new(), cells, problems };
    let starts = maker.place();
    maker.plain();
    maker.references();
    let pins = maker.pins();
    maker.fill();
    Built { book: maker.book, pins, starts, problems: maker.problems }
}

impl Maker<'_> {
    fn place(&mut self) -> Vec<Option<u32>> {
        let mut starts = vec![None; self.model.entities.len()];
        for row in &self.test.rows {
            let at = row.entity.index();
            let loaded = self.book.tables[at].rows as u32;
            starts[at].get_or_insert(loaded);
            self.places.push(loaded + self.cells[at].len() as u32);
            self.cells[at].push(Vec::new());
        }
        starts
    }

    // All but references, which may name rows that come later.
    fn plain(&mut self) {
        for (i, row) in self.test.rows.iter().enumerate() {
            let cells = (0..self.model.entity(row.entity).fields.len() as u32).map(|index| {
                let field = FieldId { entity: row.entity, index };
                match given(row, field) {
                    Some((TestValue::Value(value), _)) => Cell::Known(value.clone()),
                    Some((TestValue::Missing, _)) => Cell::Missing,
                    Some((TestValue::Key(..), _)) | None => Cell::Unset(field),
                }
            });
            let cells = cells.collect();
            *self.own(i) = cells;
        }
    }

    fn references(&mut self) {
        for (i, row) in self.test.rows.iter().enumerate() {
            for index in 0..self.model.entity(row.entity).fields.len() as u32 {
                let field = FieldId { entity: row.entity, index };
                let Type::Row(target) = self.model.field(field).ty.kind else { continue };
                let cell = match given(row, field) {
                    Some((TestValue::Key(value, ty), span)) => self.find(target, self.model.field(field).by, value, *ty, span),
                    Some(_) => continue,
                    // A row without a parent is the plain case; any other reference is the nearest earlier row.
                    None if target == row.entity && self.model.field(field).ty.optional => Cell::Missing,
                    None if target == row.entity => Cell::Unset(field),
                    None => self.nearest(i, target).map_or(Cell::Unset(field), |row| Cell::Known(Value::Row(row))),
                };
                self.own(i)[index as usize] = cell;
            }
        }
    }

    fn own(&mut self, i: usize) -> &mut Vec<Cell> {
        let entity = self.test.rows[i].entity.index();
        let loaded = self.book.tables[entity].rows;
        &mut self.cells[entity][self.places[i] as usize - loaded]
    }

    // The row of an entity that the test makes last before its `i`th row.
    fn nearest(&self, i: usize, entity: EntityId) -> Option<u32> {
        (0..i).rev().find(|&earlier| self.test.rows[earlier].entity == entity).map(|earlier| self.places[earlier])
    }

    // The row with a key, among the test's own first.
    fn find(&mut self, target: EntityId, by: Option<u32>, value: &Value, ty: Type, span: Span) -> Cell {
        let single = || match self.model.entity(target).key.as_slice() {
            [index] => Some(*index),
            _ => None,
        };
        let found = by.or_else(single).and_then(|index| self.row_by(FieldId { entity: target, index }, value, ty));
        match found {
            Some(row) => Cell::Known(Value::Row(row)),
            None => {
                let key = show::value(self.model, &self.book, value, ty);
                self.problems.push(TestProblem::NoSuchRow { entity: target, key, span });
                Cell::Missing
            }
        }
    }

    fn row_by(&self, field: FieldId, value: &Value, ty: Type) -> Option<u32> {
        let kind = self.model.field(field).ty.kind;
        let value = arith::rescale_value(value, ty, kind).ok()?;
        let loaded = self.book.table(field.entity).rows as u32;
        let rows = &self.cells[field.entity.index()];
        let own = rows.iter().position(|cells| cells[field.index as usize].known() == Some(&value));
        own.map(|row| loaded + row as u32).or_else(|| self.book.rows_by(field).get(&value).copied())
    }

    fn pins(&mut self) -> Vec<(ExprId, u32, Cell)> {
        let mut out = Vec::new();
        for (i, row) in self.test.rows.iter().enumerate() {
            for (expr, value, span) in &row.pins {
                let cell = match (value, self.model.ty(*expr).kind) {
                    (TestValue::Value(value), _) => Cell::Known(value.clone()),
                    (TestValue::Missing, _) => Cell::Missing,
                    (TestValue::Key(value, ty), Type::Row(target)) => self.find(target, None, value, *ty, *span),
                    (TestValue::Key(value, _), _) => Cell::Known(value.clone()),
                };
                out.push((*expr, self.places[i], cell));
            }
        }
        out
    }

    fn fill(&mut self) {
        for (table, rows) in self.book.tables.iter_mut().zip(std::mem::take(&mut self.cells)) {
            for cells in rows {
                table.rows += 1;
                if !table.source_rows.is_empty() {
                    table.source_rows.push(table.rows as u32);
                }
                if !table.source_of.is_empty() {
                    table.source_of.push(0);
                }
                table.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
            }
        }
    }
}

fn given(row: &TestRow, field: FieldId) -> Option<(&TestValue, Span)> {
    row.fields.iter().find(|(id, ..)| *id == field).map(|(_, value, span)| (value, *span))
}
