//! Which row a part of a condition speaks of, where two are in reach: the inner one of an aggregate (or of an `each` rung), or the outer.

use super::Env;
use crate::checker::Checker;
use kamrules_builtins::Kind;
use kamrules_model::Ctx;
use kamrules_syntax::ast::{self, BinaryOp, ExprKind};

/// What a part of a condition speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Neither row.
    Neither,
    /// The inner row.
    Inner,
    /// The outer row.
    Outer,
    /// Both.
    Both,
}

impl Side {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Neither, side) | (side, Self::Neither) => side,
            (a, b) if a == b => a,
            _ => Self::Both,
        }
    }
}

/// How the sides are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// In an aggregate: bare names are the inner row's, `this` is the outer row.
    InAggregate,
    /// In an `each` rung: bare names are the outer row's, the entity's name stands for the inner row.
    InEachRung,
    /// In the condition on candidates: bare names are the candidate's if it has them, else the row's own.
    OnCandidates,
}

/// The parts of a condition that `and` joins.
pub(crate) fn conjuncts(expr: &ast::Expr) -> Vec<&ast::Expr> {
    match &expr.kind {
        ExprKind::Paren(inner) => conjuncts(inner),
        ExprKind::Binary(binary) if binary.op == BinaryOp::And => {
            let mut parts = conjuncts(&binary.left);
            parts.extend(conjuncts(&binary.right));
            parts
        }
        _ => vec![expr],
    }
}

impl Checker {
    /// What an expression speaks of; `inner` and `outer` are the two environments.
    pub(super) fn side(&self, expr: &ast::Expr, rule: Rule, inner: &Env, outer: &Env) -> Side {
        let side = |expr: &ast::Expr| self.side(expr, rule, inner, outer);
        let all = |exprs: &mut dyn Iterator<Item = &ast::Expr>| exprs.map(side).fold(Side::Neither, Side::join);
        match &expr.kind {
            ExprKind::Error | ExprKind::Literal(_) => Side::Neither,
            ExprKind::This => Side::Outer,
            ExprKind::Name(name) => self.side_of_name(name, rule, inner, outer),
            ExprKind::List(elements) => all(&mut elements.iter()),
            ExprKind::Paren(inner) | ExprKind::Unary(_, inner) | ExprKind::IsKnown(inner, _) => side(inner),
            ExprKind::Field(base, _) => side(base),
            ExprKind::Call(callee, args) => self.side_of_call(callee, args, rule, inner, outer),
            ExprKind::Binary(binary) => side(&binary.left).join(side(&binary.right)),
            ExprKind::Range(range) => side(&range.low).join(side(&range.high)),
            ExprKind::If(parts) => side(&parts.condition).join(side(&parts.then)).join(side(&parts.otherwise)),
            ExprKind::Match(parts) => all(&mut parts.arms.iter().map(|arm| &arm.value)).join(side(&parts.subject)),
            ExprKind::Population(parts) => side(&parts.value),
        }
    }

    fn side_of_name(&self, name: &str, rule: Rule, inner: &Env, outer: &Env) -> Side {
        if let Some((_, value)) = outer.params.iter().rev().find(|(param, _)| param == name) {
            return if self.exprs().ctx(*value) == Ctx::Policy { Side::Neither } else { Side::Outer };
        }
        if inner.row_name.as_deref() == Some(name) {
            return Side::Inner;
        }
        let inner_has = matches!(inner.ctx, Ctx::Entity(entity) if self.has_member(entity, name));
        let (ctx, found) = match rule {
            Rule::InAggregate => (inner.ctx, Side::Inner),
            Rule::OnCandidates if inner_has => (inner.ctx, Side::Inner),
            Rule::InEachRung | Rule::OnCandidates => (outer.ctx, Side::Outer),
        };
        let grouped = outer.groups.iter().any(|(group, _)| group == name);
        match ctx {
            Ctx::Entity(entity) if self.has_member(entity, name) => found,
            _ if grouped => Side::Outer,
            _ => Side::Neither,
        }
    }

    fn side_of_call(&self, callee: &ast::Expr, args: &[ast::Arg], rule: Rule, inner: &Env, outer: &Env) -> Side {
        let side = |expr: &ast::Expr| self.side(expr, rule, inner, outer);
        let name = match &callee.kind {
            ExprKind::Name(name) => name.as_str(),
            _ => return args.iter().map(|arg| side(&arg.value)).fold(side(callee), Side::join),
        };
        let aggregate = matches!(kamrules_builtins::find(name).map(|(_, f)| &f.kind), Some(Kind::Aggregate(_)));
        let own = self.side_of_name(name, rule, inner, outer);
        if !aggregate || own != Side::Neither {
            return args.iter().map(|arg| side(&arg.value)).fold(own, Side::join);
        }
        let here = if rule == Rule::InEachRung { Side::Outer } else { Side::Inner };
        let says_this = args.iter().any(|arg| mentions_this(&arg.value) || arg.filter.as_ref().is_some_and(mentions_this));
        let all = args.iter().all(|arg| arg.all);
        let base = if all { Side::Neither } else { here };
        if says_this { base.join(Side::Outer) } else { base }
    }
}

fn mentions_this(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::This => true,
        ExprKind::Error | ExprKind::Literal(_) | ExprKind::Name(_) => false,
        ExprKind::List(elements) => elements.iter().any(mentions_this),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) | ExprKind::IsKnown(inner, _) | ExprKind::Field(inner, _) => {
            mentions_this(inner)
        }
        ExprKind::Call(callee, args) => {
            mentions_this(callee) || args.iter().any(|arg| mentions_this(&arg.value) || arg.filter.as_ref().is_some_and(mentions_this))
        }
        ExprKind::Binary(binary) => mentions_this(&binary.left) || mentions_this(&binary.right),
        ExprKind::Range(range) => mentions_this(&range.low) || mentions_this(&range.high),
        ExprKind::If(parts) => [&parts.condition, &parts.then, &parts.otherwise].into_iter().any(mentions_this),
        ExprKind::Match(parts) => mentions_this(&parts.subject) || parts.arms.iter().any(|arm| mentions_this(&arm.value)),
        ExprKind::Population(parts) => mentions_this(&parts.value),
    }
}
