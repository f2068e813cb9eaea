//! Policies and books made at random from a seed: every kind of expression, over every kind of value, with faults.

use kamrules_base::{Decimal, Span};
use kamrules_model::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;

pub const A: EntityId = EntityId(0);
pub const B: EntityId = EntityId(1);
pub const GROUPS: Ctx = Ctx::Group(MetricId(0));
const LABELS: SetId = SetId(0);
const KINDS: PickId = PickId(0);
const MONEY: Type = Type::Money { scale: 2 };
const DAYS: Type = Type::Duration(DurationKind::Days);
const PERIOD: Type = Type::Period(Some(Grain::Month));

/// Numbers that look random.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % sides
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())].clone()
    }
}

/// A policy in the making.
pub struct Made {
    pub model: Model,
    pub pool: Vec<(ExprId, Ctx)>,
    dice: Dice,
}

/// The fields of both entities.
fn fields() -> Vec<(&'static str, Ty)> {
    vec![
        ("id", Ty::known(Type::TEXT)),
        ("money", Ty::maybe(MONEY)),
        ("count", Ty::maybe(Type::INTEGER)),
        ("flag", Ty::maybe(Type::Flag)),
        ("kind", Ty::maybe(Type::Pick(KINDS))),
        ("day", Ty::maybe(Type::Date)),
        ("text", Ty::maybe(Type::TEXT)),
        ("up", Ty::maybe(Type::Row(A))),
        ("share", Ty::known(Type::number(4))),
    ]
}

fn entity(name: &str) -> Entity {
    let field = |(name, ty): (&str, Ty)| Field {
        name: name.into(),
        doc: None,
        ty,
        column: name.into(),
        column_said: false,
        unique: false,
        by: None,
        range: None,
        notation: None,
        blanks: Vec::new(),
        currency: None,
        span: Span::default(),
    };
    let fields = fields().into_iter().map(field).collect();
    Entity { name: name.into(), doc: None, source: None, fields, key: vec![0], span: Span::default() }
}

/// A policy with some expressions.
pub fn policy(seed: u64, size: usize) -> Made {
    let mut model = Model { entities: vec![entity("a"), entity("b")], ..Model::default() };
    let pick = |name: &str| PickValue { name: name.into(), spellings: vec![name.into()] };
    let values = ["x", "y", "z"].map(pick).into();
    model.picks.push(Picklist { values, other: None, name: "kind".into(), span: Span::default() });
    let words: Vec<Value> = ["red", "blue"].map(|word| Value::Text(model.texts.intern(word))).into();
    for values in [
        ListSource::Values(Type::TEXT, words),
        ListSource::File(Source { path: "l".into(), file: kamrules_base::FileId(0), span: Span::default() }, None),
    ] {
        model.lists.push(List { name: "list".into(), doc: None, values, span: Span::default() });
    }
    let mut made = Made { model, pool: Vec::new(), dice: Dice::new(seed) };
    made.leaves();
    for _ in 0..size {
        made.grow();
    }
    made
}

impl Made {
    pub fn add(&mut self, node: Node, kind: Type, ctx: Ctx) -> ExprId {
        let id = self.model.exprs.add(node, Ty::maybe(kind), ctx, Span::default());
        if !self.pool.contains(&(id, ctx)) {
            self.pool.push((id, ctx));
        }
        id
    }

    pub fn field(&mut self, entity: EntityId, index: u32) -> ExprId {
        let ty = self.model.entity(entity).fields[index as usize].ty.kind;
        self.add(Node::Field(FieldId { entity, index }), ty, Ctx::Entity(entity))
    }

    fn leaves(&mut self) {
        for entity in [A, B] {
            (0..fields().len() as u32).for_each(|index| {
                self.field(entity, index);
            });
            self.add(Node::Row(entity), Type::Row(entity), Ctx::Entity(entity));
        }
        let word = |made: &Self, text: &str| Value::Text(made.model.texts.intern(text));
        let month = |n| Value::Period(Period::one(Grain::Month, n));
        let consts = vec![
            (Value::Num(0), Type::INTEGER),
            (Value::Num(3), Type::INTEGER),
            (Value::Num(12_345), Type::number(4)),
            (Value::Num(-250), MONEY),
            (Value::Num(100), MONEY),
            (Value::Num(10_i128.pow(37)), MONEY),
            (Value::Flag(true), Type::Flag),
            (Value::Flag(false), Type::Flag),
            (Value::Date(18_300), Type::Date),
            (Value::Duration(Duration { days: 40, ..Duration::default() }), DAYS),
            (Value::Duration(Duration { days: i32::MAX, ..Duration::default() }), DAYS),
            (Value::Pick(1), Type::Pick(KINDS)),
            (word(self, "red"), Type::TEXT),
            (word(self, "a dark blue"), Type::TEXT),
            (month(601), PERIOD),
            (month(999_999), PERIOD),
        ];
        for (value, kind) in consts {
            self.add(Node::Const(value), kind, Ctx::Policy);
        }
        self.add(Node::Today, Type::Date, Ctx::Policy);
        for kind in [Type::Flag, MONEY, Type::TEXT] {
            self.add(Node::Missing, kind, Ctx::Policy);
        }
        let no = self.add(Node::Const(Value::Flag(false)), Type::Flag, Ctx::Policy);
        let label = |name: &str, each| Label {
            name: name.into(),
            display: None,
            parent: None,
            group: false,
            each,
            action: None,
            span: Span::default(),
        };
        self.model.sets.push(Set {
            kind: SetKind::Segments,
            name: "set".into(),
            display: None,
            doc: None,
            entity: A,
            every: false,
            labels: vec![label("one", None), label("two", None), label("three", None), label("each", Some(B))],
            attrs: Vec::new(),
            versions: Vec::new(),
            answer: no,
            span: Span::default(),
        });
        let groups = vec![self.field(A, 4), self.field(A, 6)];
        let filter = Some(self.field(A, 3));
        self.model.metrics.push(Metric {
            name: "m".into(),
            display: None,
            doc: None,
            entity: Some(A),
            filter,
            groups,
            cells: Vec::new(),
            goal: None,
            span: Span::default(),
        });
        self.add(Node::GroupKey(MetricId(0), 0), Type::Pick(KINDS), GROUPS);
        self.add(Node::GroupKey(MetricId(0), 1), Type::TEXT, GROUPS);
    }

    fn kind(&self, id: ExprId) -> Type {
        self.model.ty(id).kind
    }

    /// An expression about rows of `ctx` or about none.
    fn any(&mut self, ctx: Ctx, suits: impl Fn(Type) -> bool) -> Option<ExprId> {
        let fitting = |(id, own): &&(ExprId, Ctx)| (*own == ctx || *own == Ctx::Policy) && suits(self.kind(*id));
        let found: Vec<ExprId> = self.pool.iter().filter(fitting).map(|(id, _)| *id).collect();
        // Constants alone would say little.
        let own: Vec<ExprId> = found.iter().copied().filter(|id| self.ctx(*id) != Ctx::Policy).collect();
        match (found.is_empty(), own.is_empty()) {
            (true, _) => None,
            (_, true) => Some(self.dice.of(&found)),
            _ => Some(if self.dice.roll(4) > 0 { self.dice.of(&own) } else { self.dice.of(&found) }),
        }
    }

    fn of(&mut self, ctx: Ctx, kind: Type) -> Option<ExprId> {
        self.any(ctx, |other| other == kind)
    }

    fn ctx(&self, id: ExprId) -> Ctx {
        self.pool.iter().find(|(other, _)| *other == id).map_or(Ctx::Policy, |(_, ctx)| *ctx)
    }

    fn join(&self, ids: &[ExprId]) -> Ctx {
        ids.iter().map(|id| self.ctx(*id)).find(|ctx| *ctx != Ctx::Policy).unwrap_or(Ctx::Policy)
    }

    /// Adds an expression, if the dice find operands for it.
    pub fn grow(&mut self) -> Option<ExprId> {
        let ctx = self.dice.of(&[Ctx::Entity(A), Ctx::Entity(A), Ctx::Entity(B), Ctx::Policy, GROUPS]);
        let number = |kind: Type| matches!(kind, Type::Number { .. });
        let amount = |kind: Type| kind.scale().is_some();
        let (node, kind, ids) = match self.dice.roll(26) {
            0 => {
                let reference = self.any(ctx, |kind| matches!(kind, Type::Row(_)))?;
                let Type::Row(entity) = self.kind(reference) else { return None };
                let value = self.any(Ctx::Entity(entity), |_| true)?;
                (Node::Through { reference, value }, self.kind(value), vec![reference])
            }
            1 => {
                let a = self.of(ctx, Type::Flag)?;
                (Node::Not(a), Type::Flag, vec![a])
            }
            2 => {
                let a = self.any(ctx, |kind| amount(kind) || kind == DAYS)?;
                (Node::Negate(a), self.kind(a), vec![a])
            }
            3 => {
                let (a, b) = (self.of(ctx, Type::Flag)?, self.of(ctx, Type::Flag)?);
                (Node::And(a, b), Type::Flag, vec![a, b])
            }
            4 => {
                let (a, b) = (self.of(ctx, Type::Flag)?, self.of(ctx, Type::Flag)?);
                (Node::Or(a, b), Type::Flag, vec![a, b])
            }
            5 | 6 => {
                let (a, b) = (self.any(ctx, amount)?, self.any(ctx, number)?);
                let (sa, sb) = (self.kind(a).scale()?, self.kind(b).scale()?);
                let money = matches!(self.kind(a), Type::Money { .. });
                let (op, scale) = match self.dice.roll(if money { 2 } else { 4 }) {
                    0 => (ArithOp::Multiply, arith::multiply_scale(sa, sb)),
                    1 => (ArithOp::Divide, arith::DIVIDE_SCALE),
                    2 => (ArithOp::Add, arith::add_scale(sa, sb)),
                    _ => (ArithOp::Subtract, arith::add_scale(sa, sb)),
                };
                (Node::Arith(op, a, b), self.kind(a).with_scale(scale), vec![a, b])
            }
            7 => {
                let (a, b) = (self.of(ctx, Type::Date)?, self.any(ctx, |kind| kind == DAYS || kind == Type::Date)?);
                let (op, kind) = if self.kind(b) == DAYS { (ArithOp::Add, Type::Date) } else { (ArithOp::Subtract, DAYS) };
                (Node::Arith(op, a, b), kind, vec![a, b])
            }
            8 | 9 => {
                let a = self.any(ctx, |_| true)?;
                let kind = self.kind(a);
                let b = if number(kind) { self.any(ctx, number)? } else { self.of(ctx, kind)? };
                use CompareOp::*;
                let op = self.dice.of(&[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]);
                let op = if matches!(kind, Type::Text { .. } | Type::Labels(_)) { Equal } else { op };
                (Node::Compare(op, a, b), Type::Flag, vec![a, b])
            }
            10 => {
                let a = self.any(ctx, |_| true)?;
                let b = self.of(ctx, self.kind(a))?;
                (Node::OrElse(a, b), self.kind(a), vec![a, b])
            }
            11 => {
                let a = self.any(ctx, |_| true)?;
                (Node::IsKnown(a), Type::Flag, vec![a])
            }
            12 => {
                let a = self.any(ctx, |kind| matches!(kind, Type::Pick(_) | Type::Text { .. } | Type::INTEGER))?;
                let words = ["red", "blue", "a dark blue"].map(|word| Value::Text(self.model.texts.intern(word)));
                let values = match self.kind(a) {
                    Type::Pick(_) => vec![Value::Pick(0), Value::Pick(2)],
                    Type::Text { .. } => words[..2].to_vec(),
                    _ => (0..self.dice.roll(20) as i128).map(Value::Num).collect(),
                };
                (Node::OneOf(a, values.into()), Type::Flag, vec![a])
            }
            13 => {
                let a = self.of(ctx, Type::TEXT)?;
                (Node::InList(a, ListId(self.dice.roll(2) as u32)), Type::Flag, vec![a])
            }
            14 => {
                let a = self.any(ctx, |kind| matches!(kind, Type::Label(_) | Type::Labels(_)))?;
                let codes = [self.dice.roll(4) as u32, 0].into();
                (Node::LabelIn(a, codes), Type::Flag, vec![a])
            }
            15 => {
                let a = self.any(ctx, |kind| matches!(kind, Type::Label(_) | Type::Labels(_)))?;
                (Node::LabelRow(a, 3), Type::Row(B), vec![a])
            }
            16 => {
                let (a, b) = (self.of(ctx, Type::Date)?, self.of(ctx, PERIOD)?);
                (Node::InPeriod(a, b), Type::Flag, vec![a, b])
            }
            17 => {
                let a = self.any(ctx, amount)?;
                let kind = self.kind(a).with_scale(self.dice.of(&[0, 2, 4, 12]));
                (Node::Rescale(a), kind, vec![a])
            }
            18 => {
                let a = self.of(Ctx::Entity(A), Type::Row(A)).filter(|a| self.ctx(*a) == Ctx::Entity(A))?;
                (Node::Ultimate(a), Type::Row(A), vec![a])
            }
            19 => {
                let (c, a) = (self.of(ctx, Type::Flag)?, self.any(ctx, |_| true)?);
                let b = self.of(ctx, self.kind(a))?;
                (Node::If(c, a, b), self.kind(a), vec![c, a, b])
            }
            20 => {
                let total = self.of(ctx, MONEY)?;
                let shares: Box<[Decimal]> = [Decimal::new(333, 3), Decimal::new(667, 3)].into();
                (Node::Split { total, shares, index: self.dice.roll(2) as u32 }, MONEY, vec![total])
            }
            21 => {
                let (a, b) = (self.any(ctx, |_| true)?, self.any(ctx, |_| true)?);
                let parts = [MessagePart::Value(a), MessagePart::Text(" and ".into()), MessagePart::Value(b)];
                (Node::Message(parts.into()), Type::TEXT, vec![a, b])
            }
            22 => return self.call(ctx),
            23 => return self.aggregate(ctx),
            24 => return self.population(),
            _ => return self.decision(ctx),
        };
        let ctx = self.join(&ids);
        Some(self.add(node, kind, ctx))
    }

    fn call(&mut self, ctx: Ctx) -> Option<ExprId> {
        let name =
            self.dice.of(&["abs", "round", "lower", "starts with", "least", "left", "@first", "days_between", "previous", "month_of"]);
        let (function, info) = kamrules_builtins::find(name)?;
        let kamrules_builtins::Kind::Scalar(scalar) = &info.kind else { return None };
        let ids: Vec<ExprId> = (0..=self.dice.roll(2)).filter_map(|_| self.any(ctx, |_| true)).collect();
        let types: Vec<Ty> = ids.iter().map(|id| self.model.ty(*id)).collect();
        let kind = (scalar.infer)(&types).ok()?.kind;
        let ctx = self.join(&ids);
        Some(self.add(Node::Call(function, ids.into()), kind, ctx))
    }

    fn keys(&mut self, ctx: Ctx, inner: EntityId) -> Vec<(ExprId, ExprId)> {
        let plain = |kind: Type| kind.scale().is_none();
        let one = |made: &mut Self| {
            let key = made.any(Ctx::Entity(inner), plain)?;
            Some((key, made.of(ctx, made.kind(key))?))
        };
        (0..self.dice.roll(3)).filter_map(|_| one(self)).collect()
    }

    fn maybe(&mut self, ctx: Ctx) -> Option<ExprId> {
        if self.dice.roll(2) == 0 { self.of(ctx, Type::Flag) } else { None }
    }

    fn aggregate(&mut self, ctx: Ctx) -> Option<ExprId> {
        let rows = self.dice.of(&[A, B]);
        let inner = Ctx::Entity(rows);
        use AggOp::*;
        let op = self.dice.of(&[Count, Sum, Average, Median, Min, Max, Any, Every, Share, Only, First, Last]);
        let value = match op {
            Count => None,
            Sum => Some(self.any(inner, |kind| kind.scale().is_some() || kind == DAYS)?),
            Average | Median => Some(self.any(inner, |kind| kind.scale().is_some())?),
            Any | Every | Share => Some(self.of(inner, Type::Flag)?),
            Min | Max => Some(self.any(inner, |kind| kind.scale().is_some() || kind == Type::Date)?),
            Only | First | Last => Some(self.any(inner, |_| true)?),
        };
        let kind = match (op, value.map(|value| self.kind(value))) {
            (Any | Every, _) => Type::Flag,
            (Share, _) => Type::Number { scale: arith::DIVIDE_SCALE, percent: true },
            (Average | Median, Some(kind)) => kind.with_scale(arith::DIVIDE_SCALE),
            (_, Some(kind)) => kind,
            (_, None) => Type::INTEGER,
        };
        let order =
            if matches!(op, First | Last) { Some(self.any(inner, |kind| kind == Type::Date || kind.scale().is_some())?) } else { None };
        let (filter, keys, guard) = (self.maybe(inner), self.keys(ctx, rows), self.maybe(ctx));
        let ids: Vec<ExprId> = keys.iter().map(|key| key.1).chain(guard).collect();
        let ctx = self.join(&ids);
        let aggregate = Aggregate { op, rows, value, filter, order, keys: keys.into(), guard };
        Some(self.add(Node::Aggregate(Box::new(aggregate)), kind, ctx))
    }

    fn population(&mut self) -> Option<ExprId> {
        let entity = self.dice.of(&[A, B]);
        let ctx = Ctx::Entity(entity);
        use PopulationOp::*;
        let op = self.dice.of(&[Rank, ShareOfTotal, Top, Bottom, First, Last]);
        let value = self.any(ctx, |kind| kind.scale().is_some())?;
        let within = if self.dice.roll(2) == 0 { self.any(ctx, |kind| matches!(kind, Type::Pick(_) | Type::Text { .. })) } else { None };
        let percent = self.dice.roll(2) == 0;
        let amount = if percent { Decimal::new(45, 2) } else { Decimal::new(3, 0) };
        let kind = match op {
            Rank => Type::INTEGER,
            ShareOfTotal => Type::Number { scale: arith::DIVIDE_SCALE, percent: true },
            _ => Type::Flag,
        };
        let population = self.maybe(ctx);
        let fact = PopulationFact { op, entity, value, amount, percent, within, population };
        Some(self.add(Node::Population(Box::new(fact)), kind, ctx))
    }

    fn decision(&mut self, ctx: Ctx) -> Option<ExprId> {
        let win = self.dice.of(&[Win::First, Win::Exclusive, Win::Every, Win::Sum]);
        let named = ctx == Ctx::Entity(A) && self.dice.roll(2) == 0;
        let kind = match win {
            Win::Every => Type::Labels(LABELS),
            Win::Sum => Type::number(2),
            _ if named => Type::Label(LABELS),
            _ => self.dice.of(&[Type::Label(LABELS), MONEY, Type::TEXT, Type::Flag]),
        };
        let mut rungs = Vec::new();
        for number in 0..self.dice.roll(5) {
            rungs.push(self.rung(ctx, kind, number)?);
        }
        if self.dice.roll(3) > 0 {
            let rung = self.rung(ctx, kind, 9)?;
            rungs.push(Rung { when: Condition::Otherwise, ..rung });
        }
        let guard = self.maybe(ctx);
        let set = named.then_some(LABELS);
        let id = DecisionId(self.model.decisions.len() as u32);
        let ty = Ty::maybe(kind);
        self.model.decisions.push(Decision { ctx, ty, win, guard, rungs, set, span: Span::default(), question: None, subject: None });
        Some(self.add(Node::Decide(id), kind, ctx))
    }

    fn rung(&mut self, ctx: Ctx, kind: Type, number: usize) -> Option<Rung> {
        let when = match self.dice.roll(4) {
            0 => {
                let rows = self.dice.of(&[A, B]);
                let (keys, filter, guard) = (self.keys(ctx, rows).into(), self.maybe(Ctx::Entity(rows)), self.maybe(ctx));
                Condition::Each { rows, keys, filter, guard }
            }
            _ => Condition::When(self.of(ctx, Type::Flag)?),
        };
        let nested = |decision: &Decision| decision.ctx == ctx && decision.ty.kind == kind;
        let nested: Vec<u32> = (0..self.model.decisions.len()).filter(|i| nested(&self.model.decisions[*i])).map(|i| i as u32).collect();
        let outcome = match kind {
            _ if !nested.is_empty() && self.dice.roll(4) == 0 => Outcome::Nested(DecisionId(self.dice.of(&nested))),
            // The last label is that of rows of a table.
            Type::Label(_) | Type::Labels(_) if matches!(when, Condition::Each { rows: B, .. }) => Outcome::Label(3),
            Type::Label(_) | Type::Labels(_) => Outcome::Label(self.dice.roll(3) as u32),
            Type::Number { .. } if self.dice.roll(2) == 0 => Outcome::Points(self.dice.roll(500) as i128 - 200),
            Type::Number { .. } => Outcome::Value(self.any(ctx, |kind| matches!(kind, Type::Number { .. }))?),
            Type::Money { .. } => Outcome::Value(self.any(ctx, |kind| matches!(kind, Type::Money { .. }))?),
            kind => Outcome::Value(self.of(ctx, kind)?),
        };
        let overrides = self.dice.roll(3) == 0;
        Some(Rung { name: format!("rung {number}").into(), overrides, when, outcome, span: Span::default() })
    }
}

/// Rows for both entities.
pub fn book(model: &Model, seed: u64, rows: [usize; 2]) -> Book {
    let mut dice = Dice::new(seed ^ 0xB00C);
    let mut book = Book::empty(model);
    for (table, rows) in book.tables.iter_mut().zip(rows) {
        table.rows = rows;
        table.columns = fields().into_iter().map(|(name, ty)| column(model, &mut dice, name, ty, rows, rows.min(9))).collect();
        table.source_rows = (2..rows as u32 + 2).collect();
    }
    // References of both point to rows of the first entity.
    let count = book.tables[0].rows;
    for table in &mut book.tables {
        table.columns[7] = column(model, &mut dice, "up", Ty::maybe(Type::Row(A)), table.rows, count);
    }
    book.texts = Arc::new(model.texts.clone());
    let word = book.texts.intern("blue");
    book.lists = vec![FxHashSet::default(), std::iter::once(word).collect()];
    book
}

fn column(model: &Model, dice: &mut Dice, name: &str, ty: Ty, rows: usize, targets: usize) -> Column {
    let mut out = Column::new(ty.kind);
    for row in 0..rows {
        let value = match ty.kind {
            Type::Text { .. } if name == "id" => Value::Text(model.texts.intern(&format!("k{}", (row * 7) % rows))),
            Type::Text { .. } => {
                let word = dice.of(&["red", "blue", "green", "a dark blue"]);
                Value::Text(model.texts.intern(word))
            }
            Type::Money { .. } => Value::Num(dice.roll(2000) as i128 - 500),
            Type::Number { .. } => Value::Num(dice.roll(12) as i128 - 2),
            Type::Flag => Value::Flag(dice.roll(2) == 0),
            Type::Pick(_) => Value::Pick(dice.roll(3) as u32),
            Type::Date => Value::Date(18_200 + dice.roll(200) as i32),
            // Mostly upward, so that some chains end and some run in a circle.
            Type::Row(_) if dice.roll(8) > 0 => Value::Row(dice.roll((row + 1).min(targets)) as u32),
            Type::Row(_) => Value::Row(dice.roll(targets) as u32),
            _ => unreachable!("no field has another type"),
        };
        let missing = ty.optional && dice.roll(4) == 0;
        out.push(if missing { Cell::Missing } else { Cell::Known(value) });
    }
    out
}
