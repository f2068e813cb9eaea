//! Expressions to the arena: names resolved, types found, missing values watched.

mod aggregates;
mod calls;
mod chain;
mod convert;
mod members;
mod membership;
mod mismatch;
mod names;
mod operators;
mod population;
mod sides;
mod tested;

pub(crate) use aggregates::keys_and_filter;
pub(crate) use convert::{is_currency, join, join_periods, literal_type_hint, period_of, run_finding, units_at};
pub(crate) use operators::compare_op;
pub(crate) use sides::Rule;
pub(crate) use tested::{Tested, known_in_branches};

use crate::checker::Checker;
use crate::known::{self, Known};
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{Ctx, Decision, DecisionId, ExprId, Node, Outcome, Rung, Ty, Type, Win};
use kamrules_syntax::ast::{self, ExprKind};

/// What an expression may speak of.
#[derive(Debug, Clone)]
pub(crate) struct Env {
    /// The present row: what bare names are fields of.
    pub ctx: Ctx,
    /// What `this` is: the item's own row. Inside an aggregate it is another row than the present one, and out of reach of
    /// expressions about the inner row.
    pub this: This,
    /// Parameters, and `period`.
    pub params: Vec<(String, ExprId)>,
    /// A name that stands for the present row itself: the entity's in an aggregate or an `each` rung.
    pub row_name: Option<String>,
    /// What is proved of the present row.
    pub known: Known,
    /// The item's own `where`: the population of ranks and shares.
    pub population: Option<ExprId>,
    /// The groups of a metric, by name.
    pub groups: Vec<(String, ExprId)>,
}

/// What `this` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum This {
    /// The present row.
    Here,
    /// The row around the aggregate.
    Outside,
}

impl Env {
    /// About the rows of a context, with nothing else in reach.
    pub fn about(ctx: Ctx) -> Self {
        Self { ctx, this: This::Here, params: Vec::new(), row_name: None, known: Known::default(), population: None, groups: Vec::new() }
    }

    /// The same, with more proved.
    pub fn knowing(&self, more: Known) -> Self {
        Self { known: self.known.clone().and(more), ..self.clone() }
    }

    /// The same, with a parameter more.
    pub fn with_param(&self, name: &str, value: ExprId) -> Self {
        let mut out = self.clone();
        out.params.push((name.to_owned(), value));
        out
    }
}

impl Checker {
    /// Lowers an expression.
    pub fn expr(&mut self, expr: &ast::Expr, env: &Env) -> ExprId {
        self.expr_as(expr, env, None)
    }

    /// Lowers an expression; a bare name is first a value of the wanted picklist or a label of the wanted set.
    pub fn expr_as(&mut self, expr: &ast::Expr, env: &Env, want: Option<Type>) -> ExprId {
        let id = self.lower(expr, env, want);
        self.places.insert(id, expr.span);
        id
    }

    fn lower(&mut self, expr: &ast::Expr, env: &Env, want: Option<Type>) -> ExprId {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Error => self.unknown(span),
            ExprKind::Name(name) => self.name(name, span, env, want),
            ExprKind::This => self.this(span, env),
            ExprKind::Literal(literal) => self.literal(literal, span, want),
            ExprKind::Paren(inner) => self.expr_as(inner, env, want),
            ExprKind::List(_) => self.spoil(
                Finding::new(codes::LIST_PLACE, span, "a list stands only behind `in` or `has any of`")
                    .help("write `x in [a, b]`, or give the list a name: `list names = [a, b]`"),
            ),
            ExprKind::Range(range) => self.period_run(range, span).unwrap_or_else(|| {
                let finding = Finding::new(codes::LIST_PLACE, span, "a range stands only behind `in`").help("write `x in 40..70`");
                self.spoil(finding)
            }),
            ExprKind::Field(base, name) => self.field_call(base, name, None, span, env),
            ExprKind::Call(callee, args) => self.call(callee, args, span, env),
            ExprKind::Unary(op, operand) => self.unary(*op, operand, span, env),
            ExprKind::Binary(binary) => self.binary(binary, span, env),
            ExprKind::IsKnown(operand, known) => {
                // What is asked for here is not what needs the value: its place stays where it was used.
                let inner = self.lower(operand, env, None);
                self.is_known(inner, *known, span)
            }
            ExprKind::If(parts) => self.if_then_else(parts, span, env, want),
            ExprKind::Match(parts) => self.match_arms(parts, span, env, want),
            ExprKind::Population(parts) => self.population_test(parts, span, env),
        }
    }

    /// `x is known` or `x is missing`.
    pub fn is_known(&mut self, inner: ExprId, known: bool, span: Span) -> ExprId {
        let ctx = self.join_ctx(&[inner]);
        let there = self.add(Node::IsKnown(inner), Ty::FLAG, ctx, span);
        if known { there } else { self.add(Node::Not(there), Ty::FLAG, ctx, span) }
    }

    /// Lowers a condition that must be a known yes or no; `what` says of what: "the condition of a rung".
    pub fn condition(&mut self, expr: &ast::Expr, env: &Env, what: &str) -> ExprId {
        let id = self.flag_expr(expr, env, what);
        self.require_known(id, env, expr.span, what)
    }

    /// Lowers a `where`: rows are kept for which it is a known yes.
    pub fn filter(&mut self, expr: &ast::Expr, env: &Env) -> ExprId {
        self.flag_expr(expr, env, "a `where`")
    }

    fn flag_expr(&mut self, expr: &ast::Expr, env: &Env, what: &str) -> ExprId {
        let id = self.expr_as(expr, env, Some(Type::Flag));
        match self.kind(id) {
            Type::Flag | Type::Unknown => id,
            other => {
                let message = format!("{what} is yes or no, but this is {}", crate::words::kind(&self.model, other));
                self.spoil(
                    Finding::new(codes::NOT_A_CONDITION, expr.span, message).help("compare it: `= …`, `> …`, `in [ … ]`, `is known`"),
                )
            }
        }
    }

    /// Makes a finding when a value may be missing here.
    pub fn require_known(&mut self, id: ExprId, env: &Env, span: Span, what: &str) -> ExprId {
        if self.is_unknown(id) || !known::may_be_missing(self.exprs(), id, &env.known) {
            return id;
        }
        let culprits = known::culprits(self.exprs(), id, &env.known);
        let finding = self.missing_finding(&culprits, id, env, span, what);
        self.report(finding);
        id
    }

    fn missing_finding(&self, culprits: &[ExprId], id: ExprId, env: &Env, span: Span, what: &str) -> Finding {
        let culprit = culprits.first().copied().unwrap_or(id);
        let place = self.place_inside(culprit, env, span);
        let divides = matches!(self.exprs().node(culprit), Node::Arith(kamrules_model::ArithOp::Divide, ..));
        let why = if divides { "is missing when what it divides by is zero" } else { "may be missing" };
        let written = self.source(place);
        let (value, name) =
            if written.chars().count() <= 40 { (format!("`{written}`"), written) } else { ("this value".to_owned(), "…".to_owned()) };
        Finding::new(codes::MAY_BE_MISSING, place, format!("{value} may be missing, and {what} needs it"))
            .here(why)
            .help(format!("say what then: `{name} is known and …`, or `{name} or else …`, or a rung above it `when {name} is missing`"))
            .help(format!("or leave such rows out: `where {name} is known` in the header"))
    }

    /// The narrowest part written within `span` on account of which its value may be missing: the culprit itself, or what hides it.
    fn place_inside(&self, culprit: ExprId, env: &Env, span: Span) -> Span {
        let inside = |place: &Span| place.file == span.file && span.start <= place.start && place.end <= span.end;
        if let Some(place) = self.places.get(&culprit).filter(|place| inside(place)) {
            return *place;
        }
        let hides = |id: ExprId| known::culprits(self.exprs(), id, &env.known).contains(&culprit);
        let parts = self.places.iter().filter(|(id, place)| inside(place) && hides(**id)).map(|(_, place)| *place);
        parts.min_by_key(|place| (place.end - place.start, place.start)).unwrap_or(span)
    }

    fn if_then_else(&mut self, parts: &ast::If, span: Span, env: &Env, want: Option<Type>) -> ExprId {
        let condition = self.condition(&parts.condition, env, "the condition of an `if`");
        let yes = env.knowing(known::facts(self.exprs(), condition, true));
        let no = env.knowing(known::facts(self.exprs(), condition, false));
        let then = self.expr_as(&parts.then, &yes, want);
        let want = want.or_else(|| literal_type_hint(self.kind(then)));
        let otherwise = self.expr_as(&parts.otherwise, &no, want);
        let arms = [(then, parts.then.span, &yes), (otherwise, parts.otherwise.span, &no)];
        let (ids, ty) = self.unify(&arms, "both arms of an `if`");
        if ty.kind == Type::Unknown {
            return self.unknown(span);
        }
        let ctx = self.join_ctx(&[condition, ids[0], ids[1]]);
        self.add(Node::If(condition, ids[0], ids[1]), ty, ctx, span)
    }

    fn match_arms(&mut self, parts: &ast::Match, span: Span, env: &Env, want: Option<Type>) -> ExprId {
        let subject = self.expr(&parts.subject, env);
        let all: Vec<&ast::Tests> = parts.arms.iter().map(|arm| &arm.tests).collect();
        let tested = self.tested(subject, &all, parts.subject.span, env, "a `match`");
        let mut rungs = Vec::new();
        let mut values = Vec::new();
        let mut wanted = want;
        let known = known_in_branches(self.exprs(), &tested);
        for ((arm, when), known) in parts.arms.iter().zip(tested).zip(known) {
            let inner = env.knowing(known);
            let value = self.expr_as(&arm.value, &inner, wanted);
            wanted = wanted.or_else(|| literal_type_hint(self.kind(value)));
            values.push((value, arm.value.span, inner));
            rungs.push((when, arm));
        }
        let arms: Vec<(ExprId, Span, &Env)> = values.iter().map(|(id, span, env)| (*id, *span, env)).collect();
        let (ids, ty) = self.unify(&arms, "all arms of a `match`");
        if ty.kind == Type::Unknown || self.is_unknown(subject) || rungs.iter().any(|(when, _)| when.spoiled) {
            return self.unknown(span);
        }
        let name = |cx: &Self, arm: &ast::Arm| -> Box<str> { cx.written(arm.tests.span).into() };
        let rungs = rungs
            .iter()
            .zip(&ids)
            .map(|((when, arm), &id)| Rung {
                name: name(self, arm),
                overrides: false,
                when: when.condition(),
                outcome: Outcome::Value(id),
                span: arm.span,
            })
            .collect::<Vec<_>>();
        let mut operands = ids.clone();
        operands.push(subject);
        let ctx = self.join_ctx(&operands);
        let decision =
            Decision { ctx, ty, win: Win::Exclusive, guard: None, rungs, set: None, span, question: None, subject: Some(subject) };
        self.decide(decision)
    }

    /// What stands at a place in the rules, for the names of branches; spans alone are known here, so the place itself is the name.
    fn written(&self, span: Span) -> String {
        self.tables
            .texts
            .get(&span.file)
            .and_then(|text| text.get(span.range()))
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Adds a decision (or finds the same one) and an expression for it.
    pub fn decide(&mut self, decision: Decision) -> ExprId {
        let (ty, ctx, span) = (decision.ty, decision.ctx, decision.span);
        let id = self.decision(decision);
        self.add(Node::Decide(id), ty, ctx, span)
    }

    /// Adds a decision, or finds the same one.
    pub fn decision(&mut self, decision: Decision) -> DecisionId {
        let found = self.tables.decisions.get(&decision).copied();
        found.unwrap_or_else(|| {
            let id = DecisionId(self.model.decisions.len() as u32);
            self.tables.decisions.insert(decision.clone(), id);
            self.model.decisions.push(decision);
            id
        })
    }

    /// The text of a place in the rules, white space folded.
    pub fn source(&self, span: Span) -> String {
        self.written(span)
    }
}
