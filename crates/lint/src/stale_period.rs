//! A decision that goes by the numbers of years ago.

use crate::Policy;
use crate::walk::{rungs, within};
use kamrules_base::{Date, Finding, Span, codes};
use kamrules_model::{Grain, Period};
use kamrules_syntax::ast::{Expr, ExprKind, ItemKind, Literal, PeriodLiteral, Set, When};

/// After how many months a year's numbers are no longer those to go by.
const MONTHS: i64 = 12;

/// Sets whose latest period ended more than a year before the policy's day.
pub(crate) fn stale_period(policy: &Policy<'_>) -> Vec<Finding> {
    let Some(today) = policy.model.settings.as_of else { return Vec::new() };
    let sets = policy.items().filter_map(|item| match &item.kind {
        ItemKind::Set(set) => Some(set),
        _ => None,
    });
    sets.filter_map(|set| stale(policy, set, today)).collect()
}

fn stale(policy: &Policy<'_>, set: &Set, today: Date) -> Option<Finding> {
    // A version that begins in its period, or belongs to one, is meant for it.
    if set.head.from.is_some() || set.head.within.is_some() {
        return None;
    }
    let conditions = rungs(set).into_iter().filter_map(|rung| match &rung.when {
        When::Condition(condition) => Some(condition),
        _ => None,
    });
    let periods = set.head.filter.iter().chain(conditions).flat_map(within).filter_map(period);
    let last = |period: PeriodLiteral| policy.model.settings.calendar.bounds(run(period)).map(|(_, last)| last);
    let (end, span) =
        periods.filter_map(|(period, span)| Some((last(period)?, span))).max_by_key(|(end, span)| (*end, std::cmp::Reverse(*span)))?;
    if end.add_months(MONTHS).is_none_or(|late| late >= today) {
        return None;
    }
    let message =
        format!("`{}` goes by `{}`, which ended on {end}, and the policy is as of {today}", set.head.name.text, policy.sources.text(span));
    Some(Finding::new(codes::STALE_PERIOD, span, message).help("go by a later period, if its numbers are there"))
}

fn period(expr: &Expr) -> Option<(PeriodLiteral, Span)> {
    match &expr.kind {
        ExprKind::Literal(Literal::Period(period)) => Some((*period, expr.span)),
        _ => None,
    }
}

fn run(period: PeriodLiteral) -> Period {
    match period {
        PeriodLiteral::Year(year) => Period::one(Grain::Year, year),
        PeriodLiteral::Quarter(year, quarter) => Period::one(Grain::Quarter, year * 4 + quarter as i32 - 1),
        PeriodLiteral::Month(year, month) => Period::one(Grain::Month, year * 12 + month as i32 - 1),
    }
}
