//! The header that all items share, the mode behind it, attributes, and days and periods.

use super::{Extra, Fault, In, P, any_word, close, comma, many, name, name_of, open, place, sign, take, text, word};
use crate::ast::*;
use crate::grammar::expr::value;
use crate::keywords::is_item_word;
use crate::lex::TokenKind;
use crate::mistakes;
use crate::tok::{Tok, period};
use chumsky::prelude::*;
use kamrules_base::{Date, Span};

/// `NAME "Display" for ENTITY by GRAIN in PERIOD-or-SET from DATE where CONDITION`.
pub(crate) fn head<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Head, E> {
    let by = word("by").ignore_then(path().separated_by(comma()).at_least(1).collect::<Vec<_>>());
    name()
        .then(text().or_not())
        .then(word("for").ignore_then(name()).or_not())
        .then(by.or_not())
        .then(word("in").ignore_then(within()).or_not())
        .then(word("from").ignore_then(day()).or_not())
        .then(word("where").ignore_then(expr).or_not())
        .map(|((((((name, display), entity), by), within), from), filter)| Head {
            name,
            display,
            entity,
            by: by.unwrap_or_default(),
            within,
            from,
            filter,
        })
        .boxed()
}

/// `first match`, `every match`, `sum`
pub(crate) fn mode<'t, E: Fault<'t>>() -> P<'t, (Mode, Span), E> {
    let first = word("first").then(word("match")).map(|(a, b)| (Mode::FirstMatch, a.to(b)));
    let every = word("every").then(word("match")).map(|(a, b)| (Mode::EveryMatch, a.to(b)));
    choice((first, every, word("sum").map(|s| (Mode::Sum, s)))).boxed()
}

/// `owner.manager`
pub(crate) fn path<'t, E: Fault<'t>>() -> P<'t, Path, E> {
    name()
        .map(|first| vec![first])
        .foldl(sign(TokenKind::Dot, ".").ignore_then(any_word()).repeated(), |mut parts, part| {
            parts.push(part);
            parts
        })
        .map_with(|parts, e| Path { parts, span: place(e) })
        .boxed()
}

/// A day, one that does not exist included: its finding is made, and some day stands in.
pub(crate) fn day<'t, E: Fault<'t>>() -> P<'t, (Date, Span), E> {
    take("a date such as `2026-02-01`", |tok| match tok.kind {
        TokenKind::Date => Some((Date::parse_iso(tok.text).unwrap_or(Date(0)), tok.span)),
        TokenKind::BadNumber => Some((Date(0), tok.span)),
        _ => None,
    })
}

fn within<'t, E: Fault<'t>>() -> P<'t, InClause, E> {
    let one = || {
        take("a period such as `FY2026`", |tok: &Tok<'t>| {
            matches!(tok.kind, TokenKind::FiscalYear | TokenKind::FiscalQuarter | TokenKind::Month).then(|| period(tok.text)).flatten()
        })
    };
    let bad = take("a period such as `FY2026`", |tok| (tok.kind == TokenKind::BadNumber).then_some(PeriodLiteral::Year(1)));
    let span = one()
        .or(bad)
        .then(sign(TokenKind::DotDot, "..").ignore_then(one()).or_not())
        .map_with(|(from, to), e| InClause::Periods(from, to, place(e)));
    span.or(name().map(InClause::Set)).boxed()
}

/// `name = value`, with a comma or without. A colon for the `=` is noted.
pub(crate) fn attr<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Attr, E> {
    attr_of(value(expr))
}

/// `{ name = value, … }` of a test's row, where a value may also be `missing`.
pub(crate) fn row_attrs<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Vec<Attr>, E> {
    let missing = word("missing").map(|span| Expr { kind: ExprKind::Name("missing".to_owned()), span });
    open().ignore_then(many(attr_of(missing.or(value(expr)).boxed()), starts_attr)).then_ignore(close()).boxed()
}

fn attr_of<'t, E: Fault<'t>>(value: P<'t, Expr, E>) -> P<'t, Attr, E> {
    let colon =
        sign(TokenKind::Colon, "=").validate(|span, e: &mut Extra<'t, '_, E>, _| e.state().found.push(mistakes::colon_for_equals(span)));
    any_word()
        .then_ignore(sign(TokenKind::Equal, "=").ignored().or(colon))
        .then(value)
        .map_with(|(name, value), e| Attr { name, value, span: place(e) })
        .then_ignore(comma().or_not())
        .boxed()
}

/// `{ name = value, … }`
pub(crate) fn attrs<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Vec<Attr>, E> {
    open().ignore_then(many(attr(expr), starts_attr)).then_ignore(close()).boxed()
}

/// Whether an attribute starts here.
pub(crate) fn starts_attr(toks: In<'_>) -> bool {
    matches!(toks, [word, sign, ..] if word.is_word() && matches!(sign.kind, TokenKind::Equal | TokenKind::Colon))
}

/// A word where a name is wanted, a keyword among them noted: `entity action` goes on after its finding.
pub(crate) fn named<'t, E: Fault<'t>>() -> P<'t, Name, E> {
    let keyword = take("a name", |tok| (tok.is_word() && is_item_word(tok.text)).then_some(tok)).validate(
        |tok: &Tok<'t>, e: &mut Extra<'t, '_, E>, _| {
            e.state().found.push(mistakes::keyword_as_name(tok));
            name_of(tok)
        },
    );
    name().or(keyword).boxed()
}
