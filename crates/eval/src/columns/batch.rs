//! A run of rows, computed expression by expression: each at most once per row, and only for the rows that need it.

use super::decide::Claimed;
use super::engine::Engine;
use super::kernels;
use super::vector::{View, blank, copy, live, put};
use kamrules_model::{
    Cell, Cells, Column, Ctx, DecisionId, ExprId, Fault, FaultKind, FunctionId, ListSource, MessagePart, Node, Sym, Type, Value, show,
};
use rustc_hash::FxHashMap;

/// A run of rows of one context.
pub(super) struct Batch<'e> {
    /// The run it belongs to.
    pub engine: &'e Engine<'e>,
    ctx: Ctx,
    start: usize,
    width: usize,
    memo: Vec<Option<Box<Slot>>>,
    all: Vec<u32>,
    /// Rows without a label, as they are met.
    pub claimed: Vec<(DecisionId, Claimed)>,
}

/// What is known of an expression so far.
struct Slot {
    column: Column,
    /// Which rows are computed; `None` when all are.
    done: Option<Vec<bool>>,
}

impl<'e> Batch<'e> {
    /// A run of `width` rows from `start`.
    pub fn new(engine: &'e Engine<'_>, ctx: Ctx, start: usize, width: usize) -> Self {
        let memo = (0..engine.model.exprs.len()).map(|_| None).collect();
        Self { engine, ctx, start, width, memo, all: (0..width as u32).collect(), claimed: Vec::new() }
    }

    /// The values of expressions about its rows, and the rows without a label that were met.
    pub fn columns(mut self, ids: &[ExprId]) -> (Vec<Column>, Vec<(DecisionId, Claimed)>) {
        let all = std::mem::take(&mut self.all);
        ids.iter().for_each(|&id| self.ensure(id, &all));
        let columns = ids.iter().map(|&id| self.memo[id.index()].take().expect("it is computed").column).collect();
        (columns, self.claimed)
    }

    /// The row in the table of a row of the batch.
    pub fn row(&self, row: u32) -> u32 {
        self.start as u32 + row
    }

    /// A fault of an expression in a row.
    pub fn fault(&self, id: ExprId, row: u32, kind: FaultKind) -> Cell {
        Cell::Fault(match self.engine.plan.ctx[id.index()] {
            Ctx::Entity(entity) => Fault { entity: Some(entity), row: self.row(row), kind, expr: id },
            Ctx::Policy | Ctx::Group(_) => Fault { entity: None, row: 0, kind, expr: id },
        })
    }

    /// The values computed so far.
    pub fn view(&self, id: ExprId) -> View<'_> {
        if let Some((column, one)) = self.engine.stored(id) {
            return View { column, base: if one { 0 } else { self.start }, step: usize::from(!one) };
        }
        let slot = self.memo[id.index()].as_ref().expect("an operand is computed before it is read");
        View { column: &slot.column, base: 0, step: usize::from(!self.is_one(id)) }
    }

    /// Whether an expression has one value for all rows of the batch.
    fn is_one(&self, id: ExprId) -> bool {
        self.ctx != Ctx::Policy && self.engine.plan.ctx[id.index()] == Ctx::Policy
    }

    fn ty(&self, id: ExprId) -> Type {
        self.engine.model.ty(id).kind
    }

    /// Computes an expression for rows of the batch, if it is not yet.
    pub fn ensure(&mut self, id: ExprId, rows: &[u32]) {
        if rows.is_empty() && self.memo[id.index()].is_some() || self.engine.stored(id).is_some() {
            return;
        }
        let one = self.is_one(id);
        let (width, rows) = if one { (1, if rows.is_empty() { rows } else { &[0] }) } else { (self.width, rows) };
        let slot = match self.memo[id.index()].take() {
            None => {
                let mut column = blank(self.ty(id), width);
                self.compute(id, rows, &mut column);
                Slot { column, done: (rows.len() < width).then(|| marked(vec![false; width], rows)) }
            }
            Some(slot) => self.extend(id, rows, *slot),
        };
        self.memo[id.index()] = Some(Box::new(slot));
    }

    fn extend(&mut self, id: ExprId, rows: &[u32], mut slot: Slot) -> Slot {
        let Some(done) = slot.done else { return slot };
        let todo: Vec<u32> = rows.iter().copied().filter(|&row| !done[row as usize]).collect();
        if !todo.is_empty() {
            self.compute(id, &todo, &mut slot.column);
        }
        Slot { column: slot.column, done: Some(marked(done, &todo)) }
    }

    fn compute(&mut self, id: ExprId, rows: &[u32], out: &mut Column) {
        let engine = self.engine;
        match engine.model.exprs.node(id) {
            Node::Const(_) | Node::Missing | Node::Today | Node::Field(_) | Node::GroupKey(..) => {
                unreachable!("such values lie ready")
            }
            Node::Ultimate(_) | Node::Population(_) => unreachable!("such columns are built whole"),
            Node::Row(_) => rows.iter().for_each(|&row| put(out, row, Cell::Known(Value::Row(self.row(row))))),
            Node::Through { reference, value } => self.through(*reference, *value, rows, out),
            Node::And(a, b) => self.both(*a, *b, false, rows, out),
            Node::Or(a, b) => self.both(*a, *b, true, rows, out),
            Node::OrElse(a, b) => self.or_else(*a, *b, rows, out),
            Node::If(c, a, b) => self.choose(*c, *a, *b, rows, out),
            Node::IsKnown(a) => self.is_known(*a, rows, out),
            Node::Decide(decision) => self.decide(id, *decision, rows, out),
            Node::Aggregate(aggregate) => self.aggregate(id, aggregate, rows, out),
            Node::Call(function, arguments) => self.call(id, *function, arguments, rows, out),
            Node::Message(parts) => self.message(parts, rows, out),
            Node::Arith(op, a, b) => self.binary(*a, *b, rows, out, |batch, rows, a, b, out| {
                kernels::arith(batch, id, *op, a, b, rows, out);
            }),
            Node::Compare(op, a, b) => self.binary(*a, *b, rows, out, |_, rows, a, b, out| {
                kernels::compare(*op, a, b, rows, out);
            }),
            Node::InPeriod(a, b) => self.binary(*a, *b, rows, out, |batch, rows, a, b, out| {
                kernels::in_period(batch, id, a.0, b.0, rows, out);
            }),
            Node::Not(a) => self.unary(*a, rows, out, |_, rows, a, out| kernels::not(a, rows, out)),
            Node::Negate(a) => self.unary(*a, rows, out, |batch, rows, a, out| kernels::negate(batch, id, a, rows, out)),
            Node::Rescale(a) => {
                let types = (self.ty(*a), self.ty(id));
                self.unary(*a, rows, out, |batch, rows, a, out| kernels::rescale(batch, id, types, a, rows, out));
            }
            Node::OneOf(a, values) => self.unary(*a, rows, out, |_, rows, a, out| kernels::one_of(values, a, rows, out)),
            Node::InList(a, list) => {
                self.unary(*a, rows, out, |_, rows, a, out| match &engine.model.list(*list).values {
                    ListSource::Values(_, values) => kernels::one_of(values, a, rows, out),
                    ListSource::File(..) => kernels::in_list(engine.book.list(*list), a, rows, out),
                });
            }
            Node::LabelIn(a, codes) => self.unary(*a, rows, out, |_, rows, a, out| kernels::label_in(codes, a, rows, out)),
            Node::LabelRow(a, code) => self.unary(*a, rows, out, |_, rows, a, out| kernels::label_row(*code, a, rows, out)),
            Node::Split { total, shares, index } => self.unary(*total, rows, out, |batch, rows, a, out| {
                kernels::split(batch, id, shares, *index as usize, a, rows, out);
            }),
        }
    }

    fn unary(&mut self, a: ExprId, rows: &[u32], out: &mut Column, kernel: impl Fn(&Batch<'_>, &[u32], View<'_>, &mut Column)) {
        self.ensure(a, rows);
        let view = self.view(a);
        let rows = live(&[view], rows, out);
        kernel(self, &rows, view, out);
    }

    fn binary(
        &mut self,
        a: ExprId,
        b: ExprId,
        rows: &[u32],
        out: &mut Column,
        kernel: impl Fn(&Batch<'_>, &[u32], (View<'_>, Type), (View<'_>, Type), &mut Column),
    ) {
        self.ensure(a, rows);
        self.ensure(b, rows);
        let (left, right) = (self.view(a), self.view(b));
        let rows = live(&[left, right], rows, out);
        kernel(self, &rows, (left, self.ty(a)), (right, self.ty(b)), out);
    }

    fn through(&mut self, reference: ExprId, value: ExprId, rows: &[u32], out: &mut Column) {
        self.ensure(reference, rows);
        let (view, target) = (self.view(reference), self.engine.view(value));
        let rows = live(&[view], rows, out);
        let Cells::Row(references) = &view.column.cells else { unreachable!("a reference is a row") };
        let at = |row: u32| target.at(references[view.at(row)]);
        if target.all_known() {
            super::vector::gather(out, target.column, rows.iter().map(|&row| (row as usize, at(row))));
        } else {
            rows.iter().for_each(|&row| put(out, row, target.column.get(at(row))));
        }
    }

    /// `and` and `or`: a left side equal to `stop` decides; else missing on the left waits for what the right says.
    fn both(&mut self, a: ExprId, b: ExprId, stop: bool, rows: &[u32], out: &mut Column) {
        self.ensure(a, rows);
        let (mut go_on, mut unsure) = (Vec::with_capacity(rows.len()), Vec::new());
        let left = self.view(a);
        for &row in rows {
            match left.trouble(row) {
                None if left.flag(row) == stop => put(out, row, Cell::flag(stop)),
                None => go_on.push(row),
                Some(Cell::Missing) => {
                    unsure.push(row);
                    go_on.push(row);
                }
                Some(bad) => put(out, row, bad),
            }
        }
        self.ensure(b, &go_on);
        let right = self.view(b);
        if unsure.is_empty() {
            return copy(out, right, &go_on);
        }
        let mut unsure = unsure.into_iter().peekable();
        for row in go_on {
            let cell = right.get(row);
            let waits = unsure.next_if_eq(&row).is_some();
            put(out, row, if waits && cell == Cell::flag(!stop) { Cell::Missing } else { cell });
        }
    }

    fn or_else(&mut self, a: ExprId, b: ExprId, rows: &[u32], out: &mut Column) {
        self.ensure(a, rows);
        let left = self.view(a);
        let (missing, there): (Vec<u32>, Vec<u32>) = if left.all_known() {
            (Vec::new(), rows.to_vec())
        } else {
            rows.iter().partition(|&&row| left.trouble(row) == Some(Cell::Missing))
        };
        copy(out, left, &there);
        self.ensure(b, &missing);
        copy(out, self.view(b), &missing);
    }

    fn choose(&mut self, condition: ExprId, yes: ExprId, no: ExprId, rows: &[u32], out: &mut Column) {
        self.ensure(condition, rows);
        let view = self.view(condition);
        let rows = live(&[view], rows, out);
        let (when_yes, when_no): (Vec<u32>, Vec<u32>) = rows.iter().partition(|&&row| view.flag(row));
        for (arm, rows) in [(yes, when_yes), (no, when_no)] {
            self.ensure(arm, &rows);
            copy(out, self.view(arm), &rows);
        }
    }

    fn is_known(&mut self, a: ExprId, rows: &[u32], out: &mut Column) {
        self.ensure(a, rows);
        let view = self.view(a);
        for &row in rows {
            let cell = match view.trouble(row) {
                None => Cell::flag(true),
                Some(Cell::Missing) => Cell::flag(false),
                Some(bad) => bad,
            };
            put(out, row, cell);
        }
    }

    fn call(&mut self, id: ExprId, function: FunctionId, arguments: &[ExprId], rows: &[u32], out: &mut Column) {
        arguments.iter().for_each(|&id| self.ensure(id, rows));
        let engine = self.engine;
        let kamrules_builtins::Kind::Scalar(scalar) = &kamrules_builtins::get(function).kind else {
            unreachable!("only functions of values are called")
        };
        let settings = &engine.model.settings;
        let env =
            kamrules_builtins::Env { calendar: &settings.calendar, timezone: settings.timezone.as_deref(), texts: &engine.book.texts };
        let views: Vec<View<'_>> = arguments.iter().map(|&id| self.view(id)).collect();
        let types: Vec<Type> = arguments.iter().map(|&id| self.ty(id)).collect();
        let rows = live(&views, rows, out);
        let call = |row: u32| {
            let values: Vec<Value> = views.iter().map(|view| view.value(row)).collect();
            let pairs: Vec<(&Value, Type)> = values.iter().zip(types.iter().copied()).collect();
            (scalar.call)(&env, &pairs, self.ty(id))
        };
        let put_result = |out: &mut Column, row, result: Result<Option<Value>, FaultKind>| {
            put(out, row, result.map_or_else(|kind| self.fault(id, row, kind), Cell::from));
        };
        match varying_text(&views) {
            // Texts repeat: each is worked on once.
            Some((view, texts)) => {
                let mut known: FxHashMap<Sym, Result<Option<Value>, FaultKind>> = FxHashMap::default();
                for &row in rows.iter() {
                    let result = known.entry(texts[view.at(row)]).or_insert_with(|| call(row)).clone();
                    put_result(out, row, result);
                }
            }
            None => rows.iter().for_each(|&row| put_result(out, row, call(row))),
        }
    }

    fn message(&mut self, parts: &[MessagePart], rows: &[u32], out: &mut Column) {
        let values: Vec<ExprId> = parts.iter().filter_map(value_of).collect();
        values.iter().for_each(|&id| self.ensure(id, rows));
        let (model, book) = (self.engine.model, self.engine.book);
        let views: Vec<View<'_>> = values.iter().map(|&id| self.view(id)).collect();
        for &row in rows {
            let bad = views.iter().filter_map(|view| view.trouble(row)).filter(|cell| *cell != Cell::Missing);
            if let Some(bad) = bad.min_by_key(|cell| !matches!(cell, Cell::Fault(_))) {
                put(out, row, bad);
                continue;
            }
            let mut text = String::new();
            for part in parts {
                match part {
                    MessagePart::Text(fixed) => text.push_str(fixed),
                    MessagePart::Value(id) => {
                        if let Cell::Known(value) = self.view(*id).get(row) {
                            text.push_str(&show::friendly(model, book, &value, self.ty(*id)));
                        }
                    }
                }
            }
            put(out, row, Cell::Known(Value::Text(book.texts.intern(&text))));
        }
    }
}

fn marked(mut done: Vec<bool>, rows: &[u32]) -> Vec<bool> {
    rows.iter().for_each(|&row| done[row as usize] = true);
    done
}

fn value_of(part: &MessagePart) -> Option<ExprId> {
    match part {
        MessagePart::Value(id) => Some(*id),
        MessagePart::Text(_) => None,
    }
}

/// The only argument that differs from row to row, if it is a text.
fn varying_text<'v>(views: &[View<'v>]) -> Option<(View<'v>, &'v [Sym])> {
    let mut varying = views.iter().filter(|view| view.step == 1);
    match (varying.next(), varying.next()) {
        (Some(view), None) => match &view.column.cells {
            Cells::Text(texts) => Some((*view, texts)),
            _ => None,
        },
        _ => None,
    }
}
