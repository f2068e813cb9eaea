//! The header all items share, and which of its parts suit which item.

use crate::checker::Checker;
use crate::lower::Env;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{Ctx, EntityId, ExprId, Grain, Period};
use kamrules_syntax::ast::{self, InClause};

/// The parts of a header that an item can use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parts {
    pub display: bool,
    pub entity: bool,
    pub by: bool,
    pub periods: bool,
    pub set: bool,
    pub from: bool,
    pub filter: bool,
}

/// Says which parts of a header do not suit its item.
pub(crate) fn suit(cx: &mut Checker, head: &ast::Head, what: &str, parts: Parts) {
    let mut bad: Vec<(Span, &str)> = Vec::new();
    let mut check = |there: Option<Span>, allowed: bool, part| {
        if let (Some(span), false) = (there, allowed) {
            bad.push((span, part));
        }
    };
    check(head.entity.as_ref().map(|name| name.span), parts.entity, "for");
    check(head.by.first().map(|path| path.span), parts.by, "by");
    let (periods, set) = match &head.within {
        Some(InClause::Periods(_, _, span)) => (Some(*span), None),
        Some(InClause::Set(name)) => (None, Some(name.span)),
        None => (None, None),
    };
    check(periods, parts.periods, "in PERIOD");
    check(set, parts.set, "in SET");
    check(head.from.map(|(_, span)| span), parts.from, "from");
    check(head.filter.as_ref().map(|expr| expr.span), parts.filter, "where");
    check(head.display.as_ref().map(|text| text.span), parts.display, "display name");
    for (span, part) in bad {
        cx.report(Finding::new(codes::HEADER, span, format!("{what} has no `{part}` in its header")).help("take it out"));
    }
}

/// The entity a header names.
pub(crate) fn entity(cx: &Checker, head: &ast::Head) -> Option<EntityId> {
    head.entity.as_ref().and_then(|name| cx.tables.symbols.entities.get(&name.text).copied())
}

/// Lowers a header's `where`, and what is then known and in reach.
pub(crate) fn filtered(cx: &mut Checker, head: &ast::Head, ctx: Ctx) -> (Option<ExprId>, Env) {
    let env = Env::about(ctx);
    let Some(condition) = &head.filter else { return (None, env) };
    let filter = cx.filter(condition, &env);
    let mut env = env.knowing(crate::known::facts(cx.exprs(), filter, true));
    env.population = (!cx.is_unknown(filter)).then_some(filter);
    (Some(filter), env)
}

/// The grain word among a header's `by`, and the other paths.
pub(crate) fn grain(head: &ast::Head) -> (Option<Grain>, Vec<&ast::Path>) {
    let mut grain = None;
    let mut rest = Vec::new();
    for path in &head.by {
        match path.parts.as_slice() {
            [only] if grain.is_none() && Grain::parse(&only.text).is_some() => grain = Grain::parse(&only.text),
            _ => rest.push(path),
        }
    }
    (grain, rest)
}

/// The run of periods behind a header's `in`.
pub(crate) fn periods(cx: &mut Checker, head: &ast::Head) -> Option<Period> {
    let Some(InClause::Periods(low, high, span)) = &head.within else { return None };
    let low = crate::lower::period_of(*low);
    let high = high.map_or(low, crate::lower::period_of);
    match crate::lower::join_periods(low, high) {
        Some(run) if cx.model.settings.calendar.bounds(run).is_some() => Some(run),
        _ => {
            cx.report(crate::lower::run_finding(*span));
            None
        }
    }
}

/// The text of a display name.
pub(crate) fn display(head: &ast::Head) -> Option<String> {
    head.display.as_ref().map(|text| text.value.clone())
}
