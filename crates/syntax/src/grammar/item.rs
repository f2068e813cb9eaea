//! One item, by the keyword it starts with.

use super::clause::{action, assign, cadence, metric, obligation, policy, quota, rates, test};
use super::decide::{set, table, tree};
use super::entity::{always, define, entity, list_item};
use super::expr::expr;
use super::{Extra, Fault, P, place, word};
use crate::ast::{Expr, Item, ItemKind, SetKind};
use chumsky::prelude::*;

/// The rules that are parsed from outside, built once for a file.
pub(crate) struct Rules<'t, E: Fault<'t>> {
    /// One item, without anything behind it.
    pub item: P<'t, Item, E>,
    /// One expression.
    pub expr: P<'t, Expr, E>,
    /// Expressions with commas between.
    pub exprs: P<'t, Vec<Expr>, E>,
}

/// Builds the grammar.
pub(crate) fn rules<'t, E: Fault<'t>>() -> Rules<'t, E> {
    let expr = expr();
    let exprs = expr.clone().separated_by(super::comma()).at_least(1).collect::<Vec<_>>().boxed();
    Rules { item: item(expr.clone()), exprs, expr }
}

fn item<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Item, E> {
    let x = || expr.clone();
    let first = choice((
        starting("define", define(x())),
        starting("entity", entity()),
        starting("list", list_item(x())),
        starting("always", always(x())),
        starting("tiers", set(SetKind::Tiers, x())),
        starting("segments", set(SetKind::Segments, x())),
        starting("territories", set(SetKind::Territories, x())),
        starting("scorecard", set(SetKind::Scorecard, x())),
        starting("table", table(x())),
        starting("tree", tree(x())),
    ));
    let rest = choice((
        starting("policy", policy()),
        starting("rates", rates()),
        starting("action", action(x())),
        starting("assign", assign(x())),
        starting("quota", quota(x())),
        starting("metric", metric(x())),
        starting("must", obligation(true, x())),
        starting("should", obligation(false, x())),
        starting("cadence", cadence(x())),
        starting("test", test(x())),
    ));
    first
        .boxed()
        .or(rest.boxed())
        .map_with(|(keyword, kind), e: &mut Extra<'t, '_, E>| {
            let at = e.span().start;
            let doc = e.state().doc(at);
            Item { doc, kind, span: place(e), keyword }
        })
        .boxed()
}

fn starting<'t, E: Fault<'t>>(keyword: &'static str, rest: P<'t, ItemKind, E>) -> P<'t, (kamrules_base::Span, ItemKind), E> {
    word(keyword).then(rest).boxed()
}
