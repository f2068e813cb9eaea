//! What one question is about: its subjects, each with the tests made on it. Conditions become formulas over them.

use crate::Setting;
use crate::formula::{Formula, Literal, Outcomes};
use crate::subject::{Key, Place, Shape, Test};
use kamrules_base::Date;
use kamrules_base::decimal::MAX_UNITS;
use kamrules_model::{AggOp, ArithOp, CompareOp, Ctx, DurationKind, ExprId, Node, Outcome, PopulationOp, Ty, Type, Win};
use rustc_hash::FxHashMap;

/// A subject and the tests on it.
pub(crate) struct Subject {
    /// What it is.
    pub key: Key,
    /// The values it can have.
    pub shape: Shape,
    /// Whether it can be missing by itself. What is computed is missing when its operands say so, and that is said by the formulas.
    pub misses: bool,
    /// The tests, the first always passed.
    pub tests: Vec<Test>,
    by_test: FxHashMap<Test, u32>,
}

/// The subjects of a question.
pub(crate) struct Scope<'a> {
    /// What is known from the start.
    pub setting: &'a Setting<'a>,
    /// The subjects.
    pub subjects: Vec<Subject>,
    by_key: FxHashMap<Key, u32>,
    pub(crate) truths: FxHashMap<(Place, bool), Formula>,
    /// Texts that are asked for too many parts, once that is found out.
    crowded: FxHashMap<ExprId, bool>,
    pub(crate) knowns: FxHashMap<Place, Formula>,
    /// How many cases conditions may still be split into; afterwards they are taken as they come.
    pub(crate) fuel: u32,
}

impl<'a> Scope<'a> {
    pub fn new(setting: &'a Setting<'a>) -> Self {
        Self {
            setting,
            subjects: Vec::new(),
            by_key: FxHashMap::default(),
            truths: FxHashMap::default(),
            knowns: FxHashMap::default(),
            crowded: FxHashMap::default(),
            fuel: 200_000,
        }
    }

    /// The node of an expression.
    pub fn node(&self, expr: ExprId) -> &'a Node {
        self.setting.model.exprs.node(expr)
    }

    /// The type of an expression.
    pub fn ty(&self, expr: ExprId) -> Ty {
        self.setting.model.exprs.ty(expr)
    }

    /// An expression about the row at the end of a path; what is about the policy is about no row.
    pub fn place(&self, path: &[ExprId], expr: ExprId) -> Place {
        let free = self.setting.model.exprs.ctx(expr) == Ctx::Policy;
        Place { path: if free { Vec::new() } else { path.to_vec() }, expr }
    }

    /// An operand of what stands at a place.
    pub fn inside(&self, at: &Place, expr: ExprId) -> Place {
        self.place(&at.path, expr)
    }

    /// A literal about a subject.
    pub fn is(&mut self, subject: u32, test: Test, outcomes: Outcomes) -> Formula {
        let of = &mut self.subjects[subject as usize];
        let next = of.tests.len() as u32;
        let at = *of.by_test.entry(test.clone()).or_insert(next);
        if at == next {
            of.tests.push(test);
        }
        Formula::Is(Literal { subject, test: at, outcomes })
    }

    /// The subject of a key.
    pub fn subject(&mut self, key: Key) -> u32 {
        if let Some(&at) = self.by_key.get(&key) {
            return at;
        }
        let (shape, misses) = self.look(&key);
        let at = self.subjects.len() as u32;
        self.by_key.insert(key.clone(), at);
        let by_test = FxHashMap::from_iter([(Test::Any, 0)]);
        self.subjects.push(Subject { key, shape, misses, tests: vec![Test::Any], by_test });
        at
    }

    /// Whether the policy asks a text for more parts than can be combined.
    pub fn is_crowded(&mut self, text: ExprId) -> bool {
        if let Some(&crowded) = self.crowded.get(&text) {
            return crowded;
        }
        let model = self.setting.model;
        let (mut parts, mut ends, mut starts) = (0_u32, 1_u64, 1_u64);
        for id in (0..model.exprs.len() as u32).map(ExprId) {
            let Node::Call(function, args) = model.exprs.node(id) else { continue };
            let Some(&first) = args.first() else { continue };
            if self.base_of(first) == text {
                match kamrules_builtins::get(*function).name {
                    "contains" | "has" => parts += 1,
                    "@ends_with" | "right" => ends += 1,
                    "@starts_with" | "left" => starts += 2,
                    _ => {}
                }
            }
        }
        let many = parts as usize > crate::cut::text::MOST_PARTS || (starts * ends) << parts.min(20) > 6_000;
        let crowded = (parts > 0 || ends > 1) && many;
        self.crowded.insert(text, crowded);
        crowded
    }

    fn base_of(&self, text: ExprId) -> ExprId {
        match self.node(text) {
            Node::Call(function, args)
                if matches!(kamrules_builtins::get(*function).name, "@fold" | "left" | "right" | "lower" | "upper") =>
            {
                args.first().map_or(text, |&inner| self.base_of(inner))
            }
            Node::Through { value, .. } => self.base_of(*value),
            _ => text,
        }
    }

    /// The subject of a leaf.
    pub fn leaf(&mut self, at: &Place) -> u32 {
        self.subject(Key::Leaf(at.clone()))
    }

    fn look(&self, key: &Key) -> (Shape, bool) {
        match key {
            Key::Leaf(place) => (self.shape(place.expr), self.misses(place.expr)),
            Key::Difference(a, b, scale) => (self.difference(a.expr, b.expr, *scale), false),
            Key::Relation(a, _) => (Shape::Relation { ordered: is_ordered(self.ty(a.expr).kind) }, false),
            Key::Part(..) | Key::Each(..) => (Shape::Values(2), false),
        }
    }

    fn difference(&self, a: ExprId, b: ExprId, scale: u8) -> Shape {
        let bounds = |expr: ExprId| match self.shape(expr) {
            Shape::Units(low, high) => {
                let factor = 10_i128.pow(u32::from(scale - self.ty(expr).kind.scale().unwrap_or(0).min(scale)));
                (low.saturating_mul(factor), high.saturating_mul(factor))
            }
            _ => (-MAX_UNITS, MAX_UNITS),
        };
        let ((a_low, a_high), (b_low, b_high)) = (bounds(a), bounds(b));
        Shape::Units(a_low.saturating_sub(b_high).max(-MAX_UNITS), a_high.saturating_sub(b_low).min(MAX_UNITS))
    }

    /// Whether an expression has a missing value of its own, beside those that its operands bring about.
    fn misses(&self, expr: ExprId) -> bool {
        let optional = self.ty(expr).optional;
        optional
            && match self.node(expr) {
                Node::Field(_) | Node::GroupKey(..) | Node::Aggregate(_) | Node::Decide(_) | Node::LabelRow(..) | Node::Ultimate(_) => true,
                Node::Call(function, args) => {
                    let types: Vec<Ty> = args.iter().map(|&arg| Ty::known(self.ty(arg).kind)).collect();
                    match &kamrules_builtins::get(*function).kind {
                        kamrules_builtins::Kind::Scalar(scalar) => !(scalar.infer)(&types).is_ok_and(|ty| !ty.optional),
                        _ => true,
                    }
                }
                Node::Population(fact) => fact.op == PopulationOp::ShareOfTotal,
                _ => false,
            }
    }

    /// The least and the greatest value of a number or an amount, in its units, as far as its range, the facts about it and its form say.
    fn bounds_of(&self, expr: ExprId) -> (i128, i128) {
        let model = self.setting.model;
        let all = (-MAX_UNITS, MAX_UNITS);
        match self.node(expr) {
            Node::Field(field) => {
                let mut bounds = model.field(*field).range.unwrap_or(all);
                for fact in model.facts.iter().filter(|fact| fact.filter.is_none() && fact.entity == field.entity) {
                    let mut parts = Vec::new();
                    crate::plan::conjuncts(self, fact.holds, &mut parts);
                    for part in parts {
                        if let Node::Compare(op, a, b) = self.node(part)
                            && *a == expr
                            && let Some(units) = self.constant(*b).as_ref().and_then(crate::truth::units_of)
                            && self.ty(*a).kind.scale() >= self.ty(*b).kind.scale()
                        {
                            let up = self.ty(*a).kind.scale().unwrap_or(0) - self.ty(*b).kind.scale().unwrap_or(0);
                            let units = units.saturating_mul(10_i128.pow(u32::from(up)));
                            match op {
                                CompareOp::Greater | CompareOp::GreaterOrEqual => bounds.0 = bounds.0.max(units),
                                CompareOp::Less | CompareOp::LessOrEqual => bounds.1 = bounds.1.min(units),
                                _ => {}
                            }
                        }
                    }
                }
                bounds
            }
            Node::Rescale(inner) if self.ty(*inner).kind.scale() == self.ty(expr).kind.scale() => self.bounds_of(*inner),
            Node::Const(value) => crate::truth::units_of(value).map_or(all, |units| (units, units)),
            Node::Arith(ArithOp::Multiply | ArithOp::Add | ArithOp::Divide, a, b) => {
                let above = |expr: ExprId| self.bounds_of(expr).0 >= 0;
                if above(*a) && above(*b) { (0, MAX_UNITS) } else { all }
            }
            Node::Through { value, .. } => self.bounds_of(*value),
            Node::Aggregate(_) => match self.shape(expr) {
                Shape::Units(low, high) => (low, high),
                _ => all,
            },
            _ => all,
        }
    }

    /// The values that an expression can have.
    pub fn shape(&self, expr: ExprId) -> Shape {
        let model = self.setting.model;
        let range = match self.node(expr) {
            Node::Field(field) => model.field(*field).range,
            Node::Aggregate(aggregate) => match aggregate.op {
                AggOp::Count => Some((0, MAX_UNITS)),
                AggOp::Share => Some((0, 10_i128.pow(u32::from(self.ty(expr).kind.scale().unwrap_or(0))))),
                AggOp::Sum => aggregate
                    .value
                    .map(|value| self.bounds_of(value))
                    .map(|(low, high)| (if low >= 0 { 0 } else { -MAX_UNITS }, if high <= 0 { 0 } else { MAX_UNITS })),
                AggOp::Average | AggOp::Median | AggOp::Min | AggOp::Max | AggOp::Only | AggOp::First | AggOp::Last => {
                    aggregate.value.filter(|value| crate::compare::is_units(self.ty(*value).kind)).map(|value| {
                        let up = i32::from(self.ty(expr).kind.scale().unwrap_or(0)) - i32::from(self.ty(value).kind.scale().unwrap_or(0));
                        let unit = 10_i128.pow(up.max(0).unsigned_abs());
                        let (low, high) = self.bounds_of(value);
                        (low.saturating_mul(unit).max(-MAX_UNITS), high.saturating_mul(unit).min(MAX_UNITS))
                    })
                }
                _ => None,
            },
            Node::Decide(id) if model.decision(*id).win == Win::Sum => {
                let points =
                    model.decision(*id).rungs.iter().map(|rung| if let Outcome::Points(points) = rung.outcome { points } else { 0 });
                Some(points.fold((0, 0), |(low, high), points| (low + points.min(0), high + points.max(0))))
            }
            Node::Population(fact) if fact.op == PopulationOp::Rank => Some((1, MAX_UNITS)),
            Node::Call(function, _) if kamrules_builtins::get(*function).name == "length" => Some((1, MAX_UNITS)),
            Node::Call(function, _) if kamrules_builtins::get(*function).name == "abs" => Some((0, MAX_UNITS)),
            _ => None,
        };
        let units = |low, high| {
            let (low, high) = range.unwrap_or((low, high));
            Shape::Units(low, high)
        };
        match self.ty(expr).kind {
            Type::Number { .. } | Type::Money { .. } => units(-MAX_UNITS, MAX_UNITS),
            Type::Date => units(i128::from(Date::MIN.0), i128::from(Date::MAX.0)),
            Type::Time => units(i128::from(i64::MIN), i128::from(i64::MAX)),
            Type::Duration(DurationKind::Calendar) => Shape::There,
            Type::Duration(DurationKind::Clock) => units(i128::from(i64::MIN), i128::from(i64::MAX)),
            Type::Duration(_) => units(i128::from(i32::MIN), i128::from(i32::MAX)),
            Type::Flag => Shape::Values(2),
            Type::Pick(pick) => Shape::Values(model.pick(pick).values.len() as u32),
            Type::Label(set) => Shape::Values(model.set(set).labels.len() as u32),
            Type::Text { .. } => Shape::Text,
            Type::Unknown | Type::Row(_) | Type::Period(_) | Type::Labels(_) => Shape::There,
        }
    }
}

/// Whether values of a type have an order.
pub(crate) fn is_ordered(kind: Type) -> bool {
    matches!(
        kind,
        Type::Number { .. } | Type::Money { .. } | Type::Date | Type::Time | Type::Duration(_) | Type::Label(_) | Type::Period(_)
    )
}
