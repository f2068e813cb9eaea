//! Decision sets, tables and trees.

use super::expr::{cell, starts_test, tests};
use super::head::{attr, head, mode, starts_attr};
use super::{Extra, Fault, In, P, close, comma, look, many, name, open, place, sign, take, text, word};
use crate::ast::*;
use crate::lex::TokenKind;
use crate::mistakes;
use chumsky::prelude::*;
use kamrules_base::{Decimal, Span};

/// `tiers`, `segments`, `territories` or `scorecard`, behind its keyword.
pub(crate) fn set<'t, E: Fault<'t>>(kind: SetKind, expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    head(expr.clone())
        .then(mode().or_not())
        .then_ignore(open())
        .then(many(rung(expr), tries_rung))
        .then_ignore(close())
        .map(move |((head, mode), rungs)| ItemKind::Set(Set { kind, head, mode, rungs }))
        .boxed()
}

/// What stands behind a rung's condition: attributes, and rungs below it.
type Body = (Vec<Attr>, Vec<Rung>);

fn rung<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Rung, E> {
    recursive(|rung| {
        let rung = rung.boxed();
        let same = word("same").ignore_then(word("as")).ignore_then(super::head::path()).map(RungKind::SameAs);
        let each = word("each").ignore_then(name()).map(RungKind::Each);
        let label =
            name().then(text().or_not()).then(points().or_not()).map(|((name, display), points)| RungKind::Label { name, display, points });
        let here = |looks: fn(In<'_>) -> bool| look("a name", looks);
        let kind = choice((
            here(|toks| matches!(toks, [a, b, ..] if a.is("same") && b.is("as"))).ignore_then(same).boxed(),
            here(|toks| matches!(toks, [a, b, ..] if a.is("each") && b.is_name())).ignore_then(each).boxed(),
            label.boxed(),
        ));
        kind.then(when(expr.clone()))
            .then(body(expr, rung).or_not())
            .map_with(|((kind, (overrides, when)), body), e| {
                let (attrs, children) = body.unwrap_or_default();
                Rung { kind, overrides, when, attrs, children, span: place(e) }
            })
            .boxed()
    })
    .boxed()
}

fn points<'t, E: Fault<'t>>() -> P<'t, (Decimal, Span), E> {
    let minus = sign(TokenKind::Plus, "points").to(false).or(sign(TokenKind::Minus, "points").to(true));
    let number = take("a number", |tok| if tok.is_plain_number() { crate::tok::number(tok.text) } else { None });
    minus.then(number).map_with(|(minus, n), e| (if minus { Decimal::new(-n.units, n.scale) } else { n }, place(e))).boxed()
}

fn when<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, (Option<Span>, When), E> {
    let condition = word("overrides").or_not().then(word("when").ignore_then(expr).map(When::Condition));
    let otherwise = word("otherwise").map(|span| (None, When::Otherwise(span)));
    condition.boxed().or(otherwise.boxed()).boxed()
}

fn body<'t, E: Fault<'t>>(expr: P<'t, Expr, E>, rung: P<'t, Rung, E>) -> P<'t, Body, E> {
    let below = open().ignore_then(many(rung, tries_rung)).then_ignore(close()).boxed();
    let nested = look("{", |toks| matches!(toks, [_, rest @ ..] if starts_rung(rest) || starts_points(rest))).ignore_then(below.clone());
    let attrs = open().ignore_then(many(attr(expr), starts_attr)).then_ignore(close());
    nested
        .map(|rungs| (Vec::new(), rungs))
        .boxed()
        .or(attrs.then(below.or_not()).map(|(attrs, rungs)| (attrs, rungs.unwrap_or_default())).boxed())
        .boxed()
}

/// `director +15`, behind an opening brace.
fn starts_points(toks: In<'_>) -> bool {
    matches!(toks, [a, sign, n, ..] if a.is_name() && matches!(sign.kind, TokenKind::Plus | TokenKind::Minus) && n.is_plain_number())
}

fn starts_rung(toks: In<'_>) -> bool {
    let behind = |tok: &crate::tok::Tok<'_>| ["when", "otherwise", "overrides"].iter().any(|w| tok.is(w));
    match toks {
        [a, b, ..] if (a.is("same") && b.is("as")) || (a.is("each") && b.is_name() && !behind(b)) => true,
        [a, b, c, ..] if a.is_word() && b.kind == TokenKind::Text => behind(c) || matches!(c.kind, TokenKind::Plus | TokenKind::Minus),
        [a, b, c, ..] if a.is_name() && matches!(b.kind, TokenKind::Plus | TokenKind::Minus) => a.first && c.is_plain_number(),
        [a, b, ..] => a.is_word() && behind(b) && !a.is("overrides") && !behind(a),
        _ => false,
    }
}

/// Whether a rung is tried here, even a broken one: a label that starts its line.
fn tries_rung(toks: In<'_>) -> bool {
    let operators = ["and", "or", "or else", "in", "is", "not", "has", "contains", "starts with", "ends with", "has any of"];
    let label = matches!(toks, [a, b, ..] if a.first && a.is_name() && (b.kind == TokenKind::Text || b.kind == TokenKind::Word) && !operators.iter().any(|w| b.is(w)));
    label || starts_rung(toks)
}

/// `table …`, behind its keyword.
pub(crate) fn table<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    head(expr.clone())
        .then(mode().or_not())
        .then_ignore(open())
        .then(headings(expr.clone()))
        .then(many(row(expr), starts_row))
        .then_ignore(close())
        .validate(|(((head, mode), (inputs, outputs, heading)), rows), e, _| {
            for row in &rows {
                if let Some(finding) = mistakes::row_length(row, inputs.len(), outputs.len(), heading) {
                    e.state().found.push(finding);
                }
            }
            ItemKind::Table(Table { head, mode, inputs, outputs, heading, rows })
        })
        .boxed()
}

fn bar<'t, E: Fault<'t>>() -> P<'t, Span, E> {
    sign(TokenKind::Bar, "|")
}

fn headings<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, (Vec<Expr>, Vec<Name>, Span), E> {
    bar()
        .ignore_then(expr.then_ignore(bar()).repeated().at_least(1).collect::<Vec<_>>())
        .then_ignore(sign(TokenKind::Arrow, "->"))
        .then_ignore(bar())
        .then(name().then_ignore(bar()).repeated().at_least(1).collect::<Vec<_>>())
        .map_with(|(inputs, outputs), e| (inputs, outputs, place(e)))
        .boxed()
}

fn row<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Row, E> {
    bar()
        .ignore_then(cell().then_ignore(bar()).repeated().at_least(1).collect::<Vec<_>>())
        .then_ignore(sign(TokenKind::Arrow, "->"))
        .then_ignore(bar())
        .then(expr.then_ignore(bar()).repeated().at_least(1).collect::<Vec<_>>())
        .map_with(|(cells, values), e| Row { cells, values, span: place(e) })
        .boxed()
}

fn starts_row(toks: In<'_>) -> bool {
    matches!(toks, [t, ..] if t.first && t.kind == TokenKind::Bar)
}

/// `tree …`, behind its keyword.
pub(crate) fn tree<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    let labels = name().separated_by(comma()).at_least(1).collect::<Vec<_>>();
    let gives = word("gives").ignore_then(open()).ignore_then(labels).then_ignore(close());
    head(expr.clone())
        .then(gives.or_not())
        .then_ignore(open())
        .then(node(expr))
        .then_ignore(close())
        .map(|((head, gives), root)| ItemKind::Tree(Tree { head, gives: gives.unwrap_or_default(), root }))
        .boxed()
}

fn node<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Node, E> {
    recursive(|node| {
        let target = name().map(Target::Leaf).or(node.map(|node| Target::Node(Box::new(node)))).boxed();
        let branch = tests()
            .then_ignore(sign(TokenKind::Arrow, "->"))
            .then(target)
            .map_with(|(tests, target), e: &mut Extra<'t, '_, E>| Branch { tests, target, span: place(e) })
            .then_ignore(comma().or_not())
            .boxed();
        text()
            .then(expr)
            .then_ignore(open())
            .then(many(branch, starts_branch))
            .then_ignore(close())
            .map_with(|((question, subject), branches), e| Node { question, subject, branches, span: place(e) })
            .boxed()
    })
    .boxed()
}

fn starts_branch(toks: In<'_>) -> bool {
    matches!(toks, [t, ..] if t.first && starts_test(t))
}
