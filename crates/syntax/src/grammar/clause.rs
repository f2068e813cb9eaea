//! Items made of clauses: policy, rates, assign, quota, metric, obligations, cadence, test.

use super::expr::{compare, range, sum};
use super::head::{attrs, day, head, row_attrs};
use super::{Extra, Fault, In, P, close, comma, look, many, name, name_of, open, place, sign, take, text, word};
use crate::ast::*;
use crate::lex::TokenKind;
use crate::mistakes;
use crate::tok::percent;
use chumsky::prelude::*;
use kamrules_base::{Decimal, Lever, Span};

/// `policy "…" { … }`, behind its keyword.
pub(crate) fn policy<'t, E: Fault<'t>>() -> P<'t, ItemKind, E> {
    text()
        .then_ignore(open())
        .then(many(policy_clause(), starts_policy_clause))
        .then_ignore(close())
        .map(|(name, clauses)| ItemKind::Policy(Policy { name, clauses }))
        .boxed()
}

fn starts_policy_clause(toks: In<'_>) -> bool {
    match toks {
        [a, b, ..] => {
            a.first
                || (a.is("as") && b.is("of"))
                || (a.is("fiscal") && b.is("year"))
                || (a.is("named") && b.is("by"))
                || a.is("currency")
                || a.is("timezone")
                || (Lever::parse(a.text).is_some() && b.is_word())
        }
        _ => false,
    }
}

fn policy_clause<'t, E: Fault<'t>>() -> P<'t, PolicyClause, E> {
    let weeks = take("weeks such as `4-4-5`", |tok| {
        let digits: Vec<u32> = tok.text.split('-').filter_map(|d| d.parse().ok()).collect();
        if tok.kind == TokenKind::Calendar { digits.try_into().ok() } else { None }
    });
    let year = word("fiscal").ignore_then(word("year")).ignore_then(choice((
        word("calendar").to(PolicyClauseKind::FiscalCalendar).boxed(),
        word("weeks").ignore_then(weeks).map(PolicyClauseKind::FiscalWeeks).boxed(),
        word("starts")
            .ignore_then(word("in"))
            .ignore_then(take("a month such as `july`", |tok| tok.is_name().then(|| name_of(tok))))
            .map(PolicyClauseKind::FiscalStarts)
            .boxed(),
    )));
    let end = word("end").to(true).or(word("start").to(false));
    choice((
        word("currency")
            .ignore_then(take("a currency such as `USD`", |tok| tok.is_name().then(|| name_of(tok))))
            .map(PolicyClauseKind::Currency)
            .boxed(),
        word("timezone").ignore_then(text()).map(PolicyClauseKind::Timezone).boxed(),
        word("as").ignore_then(word("of")).ignore_then(day()).map(|(day, _)| PolicyClauseKind::AsOf(day)).boxed(),
        year.boxed(),
        word("named").ignore_then(word("by")).ignore_then(word("its")).ignore_then(end).map(PolicyClauseKind::NamedByEnd).boxed(),
        level().boxed(),
    ))
    .map_with(|kind, e| PolicyClause { kind, span: place(e) })
    .then_ignore(comma().or_not())
    .boxed()
}

/// `allow NAME because "…"`, or with `warn` or `deny`.
fn level<'t, E: Fault<'t>>() -> P<'t, PolicyClauseKind, E> {
    let lever = choice((word("allow").to(Lever::Allow), word("warn").to(Lever::Warn), word("deny").to(Lever::Deny)));
    let finding = take("the name of a finding", |tok| tok.is_name().then(|| name_of(tok)));
    lever
        .then(finding)
        .then(word("because").ignore_then(text()).or_not())
        .map(|((lever, finding), reason)| PolicyClauseKind::Level(lever, finding, reason))
        .boxed()
}

/// `rates from "…"` or `rates { … }`, behind its keyword.
pub(crate) fn rates<'t, E: Fault<'t>>() -> P<'t, ItemKind, E> {
    let money = || {
        take("money such as `1 EUR`", |tok: &crate::tok::Tok<'t>| {
            let has_currency = tok.kind == TokenKind::Money || (tok.kind == TokenKind::Number && crate::keywords::is_currency(tok.unit));
            has_currency.then(|| tok.money()).flatten()
        })
    };
    let rate = money()
        .then_ignore(sign(TokenKind::Equal, "="))
        .then(money())
        .then_ignore(word("from"))
        .then(day())
        .map_with(|((left, right), (from, _)), e: &mut Extra<'t, '_, E>| Rate { left, right, from, span: place(e) })
        .boxed();
    let listed = open()
        .ignore_then(super::commas(rate, |tok| tok.is_literal()))
        .then_ignore(comma().or_not())
        .then_ignore(close())
        .map(Rates::Listed);
    word("from").ignore_then(text()).map(Rates::From).boxed().or(listed.boxed()).map(ItemKind::Rates).boxed()
}

/// `assign …`, behind its keyword.
pub(crate) fn assign<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    let filter = word("where").ignore_then(expr.clone());
    let sum = sum(expr.clone());
    let clause = choice((
        word("candidates")
            .ignore_then(name())
            .then(filter.or_not())
            .map(|(entity, filter)| AssignClauseKind::Candidates(entity, filter))
            .boxed(),
        word("capacity").ignore_then(range(expr.clone())).map(AssignClauseKind::Capacity).boxed(),
        word("workload").ignore_then(sum.clone()).map(AssignClauseKind::Workload).boxed(),
        word("keep")
            .ignore_then(sum.clone())
            .then_ignore(word("when"))
            .then(expr.clone())
            .map(|(x, when)| AssignClauseKind::Keep(x, when))
            .boxed(),
        word("prefer").ignore_then(sum).map(AssignClauseKind::Prefer).boxed(),
    ))
    .map_with(|kind, e| AssignClause { kind, span: place(e) })
    .then_ignore(comma().or_not())
    .boxed();
    let starts = |toks: In<'_>| matches!(toks, [a, ..] if a.first && ["candidates", "capacity", "workload", "keep", "prefer"].iter().any(|w| a.is(w)));
    head(expr)
        .then_ignore(open())
        .then(many(clause, starts))
        .then_ignore(close())
        .map(|(head, clauses)| ItemKind::Assign(Assign { head, clauses }))
        .boxed()
}

/// `action …`, behind its keyword.
pub(crate) fn action<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    head(expr.clone()).then(attrs(expr)).map(|(head, attrs)| ItemKind::Action(Action { head, attrs })).boxed()
}

/// `quota …`, behind its keyword.
pub(crate) fn quota<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    let equals = || {
        let colon = sign(TokenKind::Colon, "=")
            .validate(|span, e: &mut Extra<'t, '_, E>, _| e.state().found.push(mistakes::colon_for_equals(span)));
        sign(TokenKind::Equal, "=").ignored().or(colon)
    };
    let share = take("a percentage such as `25%`", |tok| match tok.kind {
        TokenKind::Percent => Some((percent(tok.text)?, tok.span)),
        TokenKind::BadNumber => Some((Decimal::new(0, 2), tok.span)),
        _ => None,
    });
    let clause = choice((
        word("target").ignore_then(equals()).ignore_then(expr.clone()).map(QuotaClauseKind::Target).boxed(),
        word("actual").ignore_then(equals()).ignore_then(expr.clone()).map(QuotaClauseKind::Actual).boxed(),
        word("split").ignore_then(super::commas(share, |tok| tok.kind == TokenKind::Percent)).map(QuotaClauseKind::Split).boxed(),
    ))
    .map_with(|kind, e| QuotaClause { kind, span: place(e) })
    .then_ignore(comma().or_not())
    .boxed();
    let starts = |toks: In<'_>| match toks {
        [a, b, ..] => {
            ((a.is("target") || a.is("actual")) && matches!(b.kind, TokenKind::Equal | TokenKind::Colon)) || (a.first && a.is("split"))
        }
        _ => false,
    };
    head(expr)
        .then_ignore(open())
        .then(many(clause, starts))
        .then_ignore(close())
        .map(|(head, clauses)| ItemKind::Quota(Quota { head, clauses }))
        .boxed()
}

/// `metric …`, behind its keyword.
pub(crate) fn metric<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    let colon =
        sign(TokenKind::Colon, "=").validate(|span, e: &mut Extra<'t, '_, E>, _| e.state().found.push(mistakes::colon_for_equals(span)));
    let value =
        word("value").ignore_then(sign(TokenKind::Equal, "=").ignored().or(colon)).ignore_then(expr.clone()).map(MetricClauseKind::Value);
    let goal = word("goal").ignore_then(compare()).then(sum(expr.clone())).map(|((op, _), value)| MetricClauseKind::Goal(op, value));
    let clause =
        value.boxed().or(goal.boxed()).map_with(|kind, e| MetricClause { kind, span: place(e) }).then_ignore(comma().or_not()).boxed();
    let starts = |toks: In<'_>| match toks {
        [a, b, ..] => {
            (a.is("value") && matches!(b.kind, TokenKind::Equal | TokenKind::Colon)) || (a.is("goal") && (a.first || !b.ends_operand()))
        }
        _ => false,
    };
    head(expr)
        .then_ignore(open())
        .then(many(clause, starts))
        .then_ignore(close())
        .map(|(head, clauses)| ItemKind::Metric(Metric { head, clauses }))
        .boxed()
}

/// `must …` and `should …`, behind their keyword.
pub(crate) fn obligation<'t, E: Fault<'t>>(must: bool, expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    head(expr.clone())
        .then_ignore(open())
        .then(expr)
        .then_ignore(close())
        .map(move |(head, condition)| ItemKind::Obligation(Obligation { must, head, condition }))
        .boxed()
}

/// `cadence …`, behind its keyword.
pub(crate) fn cadence<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    head(expr.clone())
        .then_ignore(open())
        .then_ignore(word("every"))
        .then(expr.clone())
        .then_ignore(word("since"))
        .then(expr)
        .then_ignore(word("action"))
        .then(name())
        .then_ignore(close())
        .map(|(((head, every), since), action)| ItemKind::Cadence(Cadence { head, every, since, action }))
        .boxed()
}

/// `test "…" as of DATE { … }`, behind its keyword.
pub(crate) fn test<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    let as_of = word("as").ignore_then(word("of")).ignore_then(day());
    text()
        .then(as_of.or_not())
        .then_ignore(open())
        .then(many(test_clause(expr), starts_test_clause))
        .then_ignore(close())
        .map(|((name, as_of), clauses)| ItemKind::Test(TestItem { name, as_of, clauses: clauses.into_iter().flatten().collect() }))
        .boxed()
}

fn starts_test_clause(toks: In<'_>) -> bool {
    match toks {
        [a, b, ..] => a.is("expect") || (a.first && a.is_name() && (b.kind == TokenKind::LBrace || b.kind == TokenKind::Word)),
        _ => false,
    }
}

/// One clause as written; an `expect` with a list is several.
fn test_clause<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Vec<TestClause>, E> {
    let row = name()
        .then(row_attrs(expr.clone()))
        .map_with(|(entity, attrs), e: &mut Extra<'t, '_, E>| vec![TestClause::Row { entity, attrs, span: place(e) }]);
    let rows = look("a row of an entity", |toks| matches!(toks, [_, b, ..] if b.is("from")))
        .ignore_then(name())
        .then_ignore(word("from"))
        .then(text())
        .map(|(entity, file)| vec![TestClause::Rows(entity, file)]);
    let number = take("a number", |tok| if tok.is_plain_number() { tok.literal().map(|l| (l, tok.span)) } else { None });
    let which = word("for").ignore_then(name()).then(number).map(|(entity, (number, end))| {
        let span: Span = entity.span.to(end);
        (entity, number, span)
    });
    let expect = expr
        .then(which.or_not())
        .map_with(|(condition, row), e: &mut Extra<'t, '_, E>| TestClause::Expect(Expect { condition, row, span: place(e) }))
        .boxed();
    let expects = word("expect").ignore_then(expect.separated_by(comma()).allow_trailing().at_least(1).collect::<Vec<_>>());
    let attributes = look("a row of an entity", |toks| matches!(toks, [_, b, ..] if b.kind == TokenKind::LBrace)).ignore_then(row);
    choice((expects.boxed(), attributes.boxed(), rows.boxed())).boxed()
}
