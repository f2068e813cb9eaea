//! What a condition proves to be there, and what may still be missing.

use kamrules_builtins::Kind;
use kamrules_model::{ArithOp, CompareOp, ExprId, Exprs, Node, Ty, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// What is proved of the present row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    there: FxHashSet<ExprId>,
    nonzero: FxHashSet<ExprId>,
}

impl Known {
    /// What either proves.
    pub fn and(mut self, other: Self) -> Self {
        self.there.extend(other.there);
        self.nonzero.extend(other.nonzero);
        self
    }

    /// What is proved of the row that a reference names.
    fn through(&self, exprs: &Exprs, reference: ExprId) -> Self {
        let there = |ids: &FxHashSet<ExprId>| {
            let inner = ids.iter().filter_map(|&id| match exprs.node(id) {
                Node::Through { reference: by, value } if *by == reference => Some(*value),
                _ => None,
            });
            inner.collect()
        };
        let mut out = Self { there: FxHashSet::default(), nonzero: there(&self.nonzero) };
        let known: FxHashSet<ExprId> = there(&self.there);
        known.into_iter().for_each(|id| be_there(exprs, id, &mut out));
        out
    }

    /// What both prove.
    fn or(mut self, other: &Self) -> Self {
        self.there.retain(|id| other.there.contains(id));
        self.nonzero.retain(|id| other.nonzero.contains(id));
        self
    }
}

/// What is proved when a condition turns out yes, or no.
pub(crate) fn facts(exprs: &Exprs, id: ExprId, yes: bool) -> Known {
    match exprs.node(id) {
        Node::Not(inner) => facts(exprs, *inner, !yes),
        Node::And(left, right) => both(exprs, *left, *right, yes, true),
        Node::Or(left, right) => both(exprs, *left, *right, !yes, false),
        Node::IsKnown(inner) => {
            let mut known = Known::default();
            if yes {
                be_there(exprs, *inner, &mut known);
            }
            known
        }
        node => {
            let mut known = Known::default();
            be_there(exprs, id, &mut known);
            if let Node::Compare(op, left, right) = node {
                prove_nonzero(exprs, *op, *left, *right, yes, &mut known);
            }
            known
        }
    }
}

/// `all`: both sides are as wished (`and` is yes, `or` is no); else one of them is not, the left being looked at first.
fn both(exprs: &Exprs, left: ExprId, right: ExprId, all: bool, wished: bool) -> Known {
    if all {
        return facts(exprs, left, wished).and(facts(exprs, right, wished));
    }
    let left_fails = facts(exprs, left, !wished);
    if left_fails.there.is_empty() && left_fails.nonzero.is_empty() {
        return left_fails;
    }
    left_fails.or(&facts(exprs, left, wished).and(facts(exprs, right, !wished)))
}

/// A value that is there proves that what it is strictly made of is there; what is always there needs no proof.
fn be_there(exprs: &Exprs, id: ExprId, known: &mut Known) {
    if !exprs.ty(id).optional || !known.there.insert(id) {
        return;
    }
    match exprs.node(id) {
        Node::Arith(ArithOp::Divide, a, b) => {
            known.nonzero.insert(*b);
            be_there(exprs, *a, known);
            be_there(exprs, *b, known);
        }
        Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::InPeriod(a, b) => {
            be_there(exprs, *a, known);
            be_there(exprs, *b, known);
        }
        Node::Negate(a) | Node::Rescale(a) | Node::OneOf(a, _) | Node::InList(a, _) | Node::LabelIn(a, _) => {
            be_there(exprs, *a, known);
        }
        Node::Through { reference, .. } => be_there(exprs, *reference, known),
        Node::Call(_, args) => args.iter().for_each(|&arg| be_there(exprs, arg, known)),
        _ => {}
    }
}

fn prove_nonzero(exprs: &Exprs, op: CompareOp, left: ExprId, right: ExprId, yes: bool, known: &mut Known) {
    let sign = |id: ExprId| match exprs.node(id) {
        Node::Const(Value::Num(units)) => Some(units.signum()),
        _ => None,
    };
    if let Some(sign) = sign(right) {
        if excludes_zero(op, sign, yes) {
            known.nonzero.insert(left);
        }
    } else if let Some(sign) = sign(left)
        && excludes_zero(op.mirrored(), sign, yes)
    {
        known.nonzero.insert(right);
    }
}

/// Whether `x OP constant` being `yes` keeps zero out, for a constant of this sign.
fn excludes_zero(op: CompareOp, sign: i128, yes: bool) -> bool {
    op.holds(0.cmp(&sign)) != yes
}

/// Whether a value may be missing, given what is proved.
pub(crate) fn may_be_missing(exprs: &Exprs, id: ExprId, known: &Known) -> bool {
    Query { exprs, known, seen: FxHashMap::default() }.may_be_missing(id)
}

/// The innermost parts on account of which a value may be missing.
pub(crate) fn culprits(exprs: &Exprs, id: ExprId, known: &Known) -> Vec<ExprId> {
    let mut query = Query { exprs, known, seen: FxHashMap::default() };
    let mut found = Vec::new();
    query.culprits(id, &mut found);
    found
}

struct Query<'a> {
    exprs: &'a Exprs,
    known: &'a Known,
    seen: FxHashMap<ExprId, bool>,
}

impl Query<'_> {
    fn may_be_missing(&mut self, id: ExprId) -> bool {
        if !self.exprs.ty(id).optional || self.known.there.contains(&id) {
            return false;
        }
        if let Some(&answer) = self.seen.get(&id) {
            return answer;
        }
        let answer = self.look(id);
        self.seen.insert(id, answer);
        answer
    }

    fn look(&mut self, id: ExprId) -> bool {
        match self.exprs.node(id) {
            Node::Arith(ArithOp::Divide, a, b) => {
                !nonzero(self.exprs, *b, self.known) || self.may_be_missing(*a) || self.may_be_missing(*b)
            }
            Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::InPeriod(a, b) => self.may_be_missing(*a) || self.may_be_missing(*b),
            Node::And(a, b) => self.may_be_missing(*a) || self.right(*a, *b, true),
            Node::Or(a, b) => self.may_be_missing(*a) || self.right(*a, *b, false),
            Node::Not(a) | Node::Negate(a) | Node::Rescale(a) | Node::OneOf(a, _) | Node::InList(a, _) | Node::LabelIn(a, _) => {
                self.may_be_missing(*a)
            }
            Node::OrElse(_, b) => self.may_be_missing(*b),
            Node::Through { reference, value } => {
                self.may_be_missing(*reference) || may_be_missing(self.exprs, *value, &self.known.through(self.exprs, *reference))
            }
            Node::If(condition, then, otherwise) => self.arms(*condition, *then, *otherwise),
            Node::Call(function, args) => self.call(*function, args),
            _ => true,
        }
    }

    /// The right of `and` is only asked when the left is yes, that of `or` when it is no.
    fn right(&self, left: ExprId, right: ExprId, yes: bool) -> bool {
        let known = self.known.clone().and(facts(self.exprs, left, yes));
        may_be_missing(self.exprs, right, &known)
    }

    /// An arm that cannot be taken does not matter: `if x is known` where x is.
    fn arms(&mut self, condition: ExprId, then: ExprId, otherwise: ExprId) -> bool {
        let arm = |query: &Self, id: ExprId, yes: bool| {
            let known = query.known.clone().and(facts(query.exprs, condition, yes));
            may_be_missing(query.exprs, id, &known)
        };
        let surely = matches!(self.exprs.node(condition), Node::IsKnown(inner) if !self.may_be_missing(*inner));
        self.may_be_missing(condition) || arm(self, then, true) || (!surely && arm(self, otherwise, false))
    }

    fn call(&mut self, function: kamrules_model::FunctionId, args: &[ExprId]) -> bool {
        let types: Vec<Ty> = args.iter().map(|&arg| Ty { kind: self.exprs.ty(arg).kind, optional: self.may_be_missing(arg) }).collect();
        match &kamrules_builtins::get(function).kind {
            Kind::Scalar(scalar) => (scalar.infer)(&types).is_ok_and(|ty| ty.optional),
            _ => true,
        }
    }

    fn culprits(&mut self, id: ExprId, found: &mut Vec<ExprId>) {
        if !self.may_be_missing(id) || found.contains(&id) {
            return;
        }
        let before = found.len();
        match self.exprs.node(id) {
            Node::Arith(op, a, b) => {
                self.culprits(*a, found);
                self.culprits(*b, found);
                if *op == ArithOp::Divide && found.len() == before {
                    found.push(id);
                }
            }
            Node::Compare(_, a, b) | Node::InPeriod(a, b) => {
                self.culprits(*a, found);
                self.culprits(*b, found);
            }
            Node::And(a, b) | Node::Or(a, b) => {
                let yes = matches!(self.exprs.node(id), Node::And(..));
                self.culprits(*a, found);
                let known = self.known.clone().and(facts(self.exprs, *a, yes));
                found.extend(culprits(self.exprs, *b, &known));
            }
            Node::Not(a) | Node::Negate(a) | Node::Rescale(a) | Node::OneOf(a, _) | Node::InList(a, _) | Node::LabelIn(a, _) => {
                self.culprits(*a, found);
            }
            Node::OrElse(_, b) => self.culprits(*b, found),
            Node::Call(_, args) => args.clone().iter().for_each(|&arg| self.culprits(arg, found)),
            _ => {}
        }
        if found.len() == before {
            found.push(id);
        }
    }
}

fn nonzero(exprs: &Exprs, id: ExprId, known: &Known) -> bool {
    known.nonzero.contains(&id) || constant_nonzero(exprs, id)
}

/// Whether an expression is a number other than zero, written out.
pub(crate) fn constant_nonzero(exprs: &Exprs, id: ExprId) -> bool {
    match exprs.node(id) {
        Node::Const(Value::Num(units)) => *units != 0,
        Node::Const(Value::Duration(duration)) => kamrules_model::arith::amount(*duration) != 0,
        Node::Negate(inner) | Node::Rescale(inner) => constant_nonzero(exprs, *inner),
        _ => exprs.ty(id).kind == Type::Unknown,
    }
}
