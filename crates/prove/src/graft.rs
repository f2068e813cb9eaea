//! Brings a decision of one policy over into another, so that the two can be compared: what has the same name is the same.

use kamrules_model::{
    Aggregate, Condition, Ctx, Decision, DecisionId, EntityId, ExprId, FieldId, LabelValue, ListSource, MessagePart, Model, Node, Outcome,
    PickId, PopulationFact, Rung, SetId, Ty, Type, Value,
};
use rustc_hash::FxHashMap;

/// The decision in `to`, with all that it is made of; none, if something that it is about is not there, or is of another type.
pub fn graft(to: &mut Model, from: &Model, decision: DecisionId) -> Option<DecisionId> {
    let mut graft = Graft { to, from, exprs: FxHashMap::default(), decisions: FxHashMap::default() };
    graft.decision(decision)
}

struct Graft<'a> {
    to: &'a mut Model,
    from: &'a Model,
    exprs: FxHashMap<ExprId, ExprId>,
    decisions: FxHashMap<DecisionId, DecisionId>,
}

impl Graft<'_> {
    fn decision(&mut self, id: DecisionId) -> Option<DecisionId> {
        if let Some(&done) = self.decisions.get(&id) {
            return Some(done);
        }
        let of = self.from.decision(id).clone();
        let set = match of.set {
            Some(set) => Some(self.set(set)?),
            None => None,
        };
        let guard = self.maybe(of.guard)?;
        let subject = self.maybe(of.subject)?;
        let mut rungs = Vec::new();
        for rung in of.rungs {
            let when = match rung.when {
                Condition::When(expr) => Condition::When(self.expr(expr)?),
                Condition::Otherwise => Condition::Otherwise,
                Condition::Each { rows, keys, filter, guard } => {
                    let keys = self.pairs(&keys)?;
                    Condition::Each { rows: self.entity(rows)?, keys, filter: self.maybe(filter)?, guard: self.maybe(guard)? }
                }
            };
            let outcome = match rung.outcome {
                Outcome::Label(code) => Outcome::Label(self.code(of.set?, set?, code)),
                Outcome::Nested(inner) => Outcome::Nested(self.decision(inner)?),
                Outcome::Value(value) => Outcome::Value(self.expr(value)?),
                Outcome::Points(points) => Outcome::Points(points),
            };
            rungs.push(Rung { when, outcome, ..rung });
        }
        let (ctx, ty) = (self.ctx(of.ctx)?, self.ty(of.ty)?);
        let new = DecisionId(self.to.decisions.len() as u32);
        self.to.decisions.push(Decision { ctx, ty, guard, rungs, set, subject, ..of });
        self.decisions.insert(id, new);
        Some(new)
    }

    fn maybe(&mut self, expr: Option<ExprId>) -> Option<Option<ExprId>> {
        match expr {
            Some(expr) => Some(Some(self.expr(expr)?)),
            None => Some(None),
        }
    }

    fn pairs(&mut self, keys: &[(ExprId, ExprId)]) -> Option<Box<[(ExprId, ExprId)]>> {
        keys.iter().map(|&(a, b)| Some((self.expr(a)?, self.expr(b)?))).collect()
    }

    fn entity(&self, id: EntityId) -> Option<EntityId> {
        self.to.entity_named(&self.from.entity(id).name)
    }

    fn field(&self, id: FieldId) -> Option<FieldId> {
        let (entity, wanted) = (self.entity(id.entity)?, self.from.field(id));
        let index = self.to.entity(entity).fields.iter().position(|field| field.name == wanted.name)?;
        let field = FieldId { entity, index: index as u32 };
        (self.ty(wanted.ty)? == self.to.field(field).ty).then_some(field)
    }

    fn set(&self, id: SetId) -> Option<SetId> {
        let wanted = &self.from.set(id).name;
        let entity = self.entity(self.from.set(id).entity)?;
        self.to.sets.iter().position(|set| set.name == *wanted && set.entity == entity).map(|at| SetId(at as u32))
    }

    /// The code of a label; one that is new is added.
    fn code(&mut self, from: SetId, to: SetId, code: u32) -> u32 {
        let label = &self.from.set(from).labels[code as usize];
        let labels = &mut self.to.sets[to.index()].labels;
        match labels.iter().position(|known| known.name == label.name) {
            Some(at) => {
                labels[at].group &= label.group;
                at as u32
            }
            None => {
                labels.push(kamrules_model::Label { parent: None, each: None, action: None, ..label.clone() });
                labels.len() as u32 - 1
            }
        }
    }

    fn pick(&self, id: PickId) -> Option<PickId> {
        let name = &self.from.pick(id).name;
        self.to.picks.iter().position(|pick| pick.name == *name).map(|at| PickId(at as u32))
    }

    fn ty(&self, ty: Ty) -> Option<Ty> {
        let kind = match ty.kind {
            Type::Pick(pick) => Type::Pick(self.pick(pick)?),
            Type::Row(entity) => Type::Row(self.entity(entity)?),
            Type::Label(set) => Type::Label(self.set(set)?),
            Type::Labels(set) => Type::Labels(self.set(set)?),
            other => other,
        };
        Some(Ty { kind, ..ty })
    }

    fn ctx(&self, ctx: Ctx) -> Option<Ctx> {
        match ctx {
            Ctx::Policy => Some(Ctx::Policy),
            Ctx::Entity(entity) => self.entity(entity).map(Ctx::Entity),
            Ctx::Group(_) => None,
        }
    }

    fn value(&mut self, value: &Value, kind: Type) -> Option<Value> {
        Some(match (value, kind) {
            (Value::Text(sym), _) => Value::Text(self.to.texts.intern(&self.from.texts.get(*sym))),
            (Value::Pick(index), Type::Pick(pick)) => {
                let name = &self.from.pick(pick).values[*index as usize].name;
                let to = self.pick(pick)?;
                Value::Pick(self.to.pick(to).values.iter().position(|value| value.name == *name)? as u32)
            }
            (Value::Label(label), Type::Label(set)) => {
                let to = self.set(set)?;
                Value::Label(LabelValue { code: self.code(set, to, label.code), row: label.row })
            }
            (Value::Row(_) | Value::Labels(_), _) => return None,
            (other, _) => other.clone(),
        })
    }

    fn values(&mut self, values: &[Value], kind: Type) -> Option<Box<[Value]>> {
        values.iter().map(|value| self.value(value, kind)).collect()
    }

    fn expr(&mut self, id: ExprId) -> Option<ExprId> {
        if let Some(&done) = self.exprs.get(&id) {
            return Some(done);
        }
        let new = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.bring(id))?;
        self.exprs.insert(id, new);
        Some(new)
    }

    fn bring(&mut self, id: ExprId) -> Option<ExprId> {
        let exprs = &self.from.exprs;
        let node = match exprs.node(id) {
            Node::Const(value) => Node::Const(self.value(value, exprs.ty(id).kind)?),
            Node::Missing => Node::Missing,
            Node::Today => Node::Today,
            Node::Row(entity) => Node::Row(self.entity(*entity)?),
            Node::Field(field) => Node::Field(self.field(*field)?),
            Node::GroupKey(..) => return None,
            Node::Through { reference, value } => Node::Through { reference: self.expr(*reference)?, value: self.expr(*value)? },
            Node::Not(a) => Node::Not(self.expr(*a)?),
            Node::Negate(a) => Node::Negate(self.expr(*a)?),
            Node::And(a, b) => Node::And(self.expr(*a)?, self.expr(*b)?),
            Node::Or(a, b) => Node::Or(self.expr(*a)?, self.expr(*b)?),
            Node::Arith(op, a, b) => Node::Arith(*op, self.expr(*a)?, self.expr(*b)?),
            Node::Compare(op, a, b) => Node::Compare(*op, self.expr(*a)?, self.expr(*b)?),
            Node::OrElse(a, b) => Node::OrElse(self.expr(*a)?, self.expr(*b)?),
            Node::IsKnown(a) => Node::IsKnown(self.expr(*a)?),
            Node::OneOf(a, values) => Node::OneOf(self.expr(*a)?, self.values(values, exprs.ty(*a).kind)?),
            Node::InList(a, list) => match &self.from.list(*list).values {
                ListSource::Values(kind, values) => Node::OneOf(self.expr(*a)?, self.values(values, *kind)?),
                ListSource::File(..) => {
                    let name = &self.from.list(*list).name;
                    let at = self.to.lists.iter().position(|list| list.name == *name)?;
                    Node::InList(self.expr(*a)?, kamrules_model::ListId(at as u32))
                }
            },
            Node::LabelIn(a, codes) => {
                let (Type::Label(set) | Type::Labels(set)) = exprs.ty(*a).kind else { return None };
                let to = self.set(set)?;
                let codes = codes.iter().map(|&code| self.code(set, to, code)).collect();
                Node::LabelIn(self.expr(*a)?, codes)
            }
            Node::LabelRow(..) => return None,
            Node::InPeriod(a, b) => Node::InPeriod(self.expr(*a)?, self.expr(*b)?),
            Node::Rescale(a) => Node::Rescale(self.expr(*a)?),
            Node::Ultimate(a) => Node::Ultimate(self.expr(*a)?),
            Node::Call(function, args) => {
                let args: Option<Box<[ExprId]>> = args.iter().map(|&arg| self.expr(arg)).collect();
                Node::Call(*function, args?)
            }
            Node::If(a, b, c) => Node::If(self.expr(*a)?, self.expr(*b)?, self.expr(*c)?),
            Node::Decide(decision) => Node::Decide(self.decision(*decision)?),
            Node::Aggregate(aggregate) => {
                let Aggregate { op, rows, value, filter, order, keys, guard } = aggregate.as_ref();
                Node::Aggregate(Box::new(Aggregate {
                    op: *op,
                    rows: self.entity(*rows)?,
                    value: self.maybe(*value)?,
                    filter: self.maybe(*filter)?,
                    order: self.maybe(*order)?,
                    keys: self.pairs(keys)?,
                    guard: self.maybe(*guard)?,
                }))
            }
            Node::Population(fact) => {
                let PopulationFact { op, entity, value, amount, percent, within, population } = fact.as_ref();
                Node::Population(Box::new(PopulationFact {
                    op: *op,
                    entity: self.entity(*entity)?,
                    value: self.expr(*value)?,
                    amount: *amount,
                    percent: *percent,
                    within: self.maybe(*within)?,
                    population: self.maybe(*population)?,
                }))
            }
            Node::Split { total, shares, index } => Node::Split { total: self.expr(*total)?, shares: shares.clone(), index: *index },
            Node::Message(parts) => {
                let parts: Option<Box<[MessagePart]>> = parts
                    .iter()
                    .map(|part| match part {
                        MessagePart::Text(text) => Some(MessagePart::Text(text.clone())),
                        MessagePart::Value(value) => self.expr(*value).map(MessagePart::Value),
                    })
                    .collect();
                Node::Message(parts?)
            }
        };
        let (ty, ctx) = (self.ty(exprs.ty(id))?, self.ctx(exprs.ctx(id))?);
        Some(self.to.exprs.add(node, ty, ctx, exprs.span(id)))
    }
}
