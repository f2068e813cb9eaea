//! Models and books made by hand, for tests.

use crate::Options;
use crate::columns;
use crate::rows::Walk;
use kamrules_base::{Date, Decimal, Span};
use kamrules_model::{
    AggOp, Aggregate, ArithOp, Book, Cell, CompareOp, Condition, Ctx, Decision, DecisionId, Entity, EntityId, ExprId, Field, FieldId,
    Label, LabelValue, Model, Node, Outcome, PickId, PickValue, Picklist, Rung, Set, SetId, SetKind, Ty, Type, Value, Win, show,
};

/// A model and its book.
pub struct Hand {
    pub model: Model,
    pub book: Book,
    pub as_of: Option<Date>,
}

pub const MONEY: Ty = Ty::known(Type::Money { scale: 2 });
pub const NUMBER: Ty = Ty::INTEGER;
pub const DAY: Ty = Ty::known(Type::Date);

pub fn num(n: i128) -> Cell {
    Cell::Known(Value::Num(n))
}

pub fn day(text: &str) -> Cell {
    Cell::Known(Value::Date(Date::parse_iso(text).expect("a day").0))
}

pub fn to_row(row: u32) -> Cell {
    Cell::Known(Value::Row(row))
}

pub fn pick(index: u32) -> Cell {
    Cell::Known(Value::Pick(index))
}

impl Hand {
    pub fn new() -> Self {
        Self { model: Model::default(), book: Book::default(), as_of: Date::parse_iso("2026-02-01") }
    }

    /// An entity; its first field is its key.
    pub fn entity(&mut self, name: &str, fields: &[(&str, Ty)]) -> EntityId {
        let field = |(name, ty): &(&str, Ty)| Field {
            name: (*name).into(),
            doc: None,
            ty: *ty,
            column: (*name).into(),
            column_said: false,
            unique: false,
            by: None,
            range: None,
            notation: None,
            blanks: Vec::new(),
            currency: None,
            span: Span::default(),
        };
        let fields = fields.iter().map(field).collect();
        self.model.entities.push(Entity { name: name.into(), doc: None, source: None, fields, key: vec![0], span: Span::default() });
        EntityId(self.model.entities.len() as u32 - 1)
    }

    pub fn picklist(&mut self, names: &[&str]) -> Ty {
        let value = |name: &&str| PickValue { name: (*name).into(), spellings: vec![(*name).into()] };
        let values = names.iter().map(value).collect();
        self.model.picks.push(Picklist { values, other: None, name: "pick".into(), span: Span::default() });
        Ty::known(Type::Pick(PickId(self.model.picks.len() as u32 - 1)))
    }

    /// A set with plain labels, its answer to be said later.
    pub fn set(&mut self, entity: EntityId, every: bool, labels: &[&str]) -> SetId {
        let label = |name: &&str| Label {
            name: (*name).into(),
            display: None,
            parent: None,
            group: false,
            each: None,
            action: None,
            span: Span::default(),
        };
        self.model.sets.push(Set {
            kind: SetKind::Territories,
            name: "set".into(),
            display: None,
            doc: None,
            entity,
            every,
            labels: labels.iter().map(label).collect(),
            attrs: Vec::new(),
            versions: Vec::new(),
            answer: ExprId(0),
            span: Span::default(),
        });
        SetId(self.model.sets.len() as u32 - 1)
    }

    /// Makes the tables; to be called when all entities are there.
    pub fn open(&mut self) {
        self.book = Book::empty(&self.model);
    }

    pub fn text(&self, text: &str) -> Cell {
        Cell::Known(Value::Text(self.book.texts.intern(text)))
    }

    pub fn row(&mut self, entity: EntityId, cells: Vec<Cell>) {
        let table = &mut self.book.tables[entity.index()];
        table.rows += 1;
        assert_eq!(table.columns.len(), cells.len());
        table.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
    }

    pub fn add(&mut self, node: Node, ty: Ty, ctx: Ctx) -> ExprId {
        self.model.exprs.add(node, ty, ctx, Span::default())
    }

    pub fn field(&mut self, entity: EntityId, index: u32) -> ExprId {
        let field = FieldId { entity, index };
        let ty = self.model.field(field).ty;
        self.add(Node::Field(field), ty, Ctx::Entity(entity))
    }

    pub fn constant(&mut self, cell: Cell, ty: Ty) -> ExprId {
        let Cell::Known(value) = cell else { panic!("a constant is known") };
        self.add(Node::Const(value), ty, Ctx::Policy)
    }

    pub fn compare(&mut self, op: CompareOp, a: ExprId, b: ExprId) -> ExprId {
        let optional = self.model.ty(a).optional || self.model.ty(b).optional;
        let ctx = self.wider(a, b);
        self.add(Node::Compare(op, a, b), Ty::FLAG.or_missing(optional), ctx)
    }

    pub fn arith(&mut self, op: ArithOp, a: ExprId, b: ExprId, ty: Ty) -> ExprId {
        let ctx = self.wider(a, b);
        self.add(Node::Arith(op, a, b), ty, ctx)
    }

    pub fn both(&mut self, a: ExprId, b: ExprId) -> ExprId {
        let ctx = self.wider(a, b);
        self.add(Node::And(a, b), Ty::maybe(Type::Flag), ctx)
    }

    pub fn wider(&self, a: ExprId, b: ExprId) -> Ctx {
        match self.model.exprs.ctx(a) {
            Ctx::Policy => self.model.exprs.ctx(b),
            ctx => ctx,
        }
    }

    /// An aggregate over all rows, to be narrowed by `change`.
    pub fn aggregate(
        &mut self,
        op: AggOp,
        rows: EntityId,
        value: Option<ExprId>,
        ty: Ty,
        ctx: Ctx,
        change: impl FnOnce(&mut Aggregate),
    ) -> ExprId {
        let mut aggregate = Aggregate { op, rows, value, filter: None, order: None, keys: Box::default(), guard: None };
        change(&mut aggregate);
        self.add(Node::Aggregate(Box::new(aggregate)), ty, ctx)
    }

    pub fn decision(&mut self, ctx: Ctx, ty: Ty, win: Win, set: Option<SetId>, rungs: Vec<Rung>) -> (DecisionId, ExprId) {
        let span = Span::default();
        self.model.decisions.push(Decision { ctx, ty, win, guard: None, rungs, set, span, question: None, subject: None });
        let id = DecisionId(self.model.decisions.len() as u32 - 1);
        (id, self.add(Node::Decide(id), ty, ctx))
    }

    pub fn walk(&self) -> Walk<'_> {
        Walk::new(&self.model, &self.book, self.as_of)
    }

    pub fn shown(&self, expr: ExprId, row: u32) -> String {
        show::friendly_cell(&self.model, &self.book, &self.walk().value(expr, row), self.model.ty(expr).kind)
    }

    /// All values of an expression about an entity, for people; checked to be what the columns give.
    pub fn all(&self, expr: ExprId) -> String {
        let ctx = self.model.exprs.ctx(expr);
        let options = Options { as_of: self.as_of, threads: 1 };
        let column = columns::columns(&self.model, &self.book, &options, &[(expr, ctx)]).remove(0);
        let walk = self.walk();
        let rows = match ctx {
            Ctx::Policy => 1,
            Ctx::Entity(entity) => self.book.table(entity).rows,
            Ctx::Group(metric) => walk.groups(metric).len(),
        };
        let cells: Vec<Cell> = (0..rows as u32).map(|row| walk.value(expr, row)).collect();
        let other: Vec<Cell> = (0..rows).map(|row| column.get(row)).collect();
        assert_eq!(cells, other, "the columns give something else");
        let ty = self.model.ty(expr).kind;
        cells.iter().map(|cell| show::friendly_cell(&self.model, &self.book, cell, ty)).collect::<Vec<_>>().join(" ")
    }
}

pub fn when(name: &str, condition: ExprId, outcome: Outcome) -> Rung {
    rung(name, Condition::When(condition), outcome)
}

pub fn otherwise(outcome: Outcome) -> Rung {
    rung("otherwise", Condition::Otherwise, outcome)
}

pub fn rung(name: &str, when: Condition, outcome: Outcome) -> Rung {
    Rung { name: name.into(), overrides: false, when, outcome, span: Span::default() }
}

pub fn label(code: u32) -> Cell {
    Cell::Known(Value::Label(LabelValue { code, row: 0 }))
}

pub fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a number")
}
