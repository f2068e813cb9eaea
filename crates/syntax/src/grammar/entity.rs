//! Entities and their fields, lists, `always`, and `define`.

use super::{Extra, Fault, In, P, any_word, close, comma, commas, many, name, open, place, sign, take, text, word};
use crate::ast::*;
use crate::grammar::expr::{dots, list, signed_literal};
use crate::grammar::head::named;
use crate::lex::TokenKind;
use crate::mistakes;
use chumsky::prelude::*;

/// `entity NAME from "…" { … }`
pub(crate) fn entity<'t, E: Fault<'t>>() -> P<'t, ItemKind, E> {
    let names = any_word().separated_by(comma()).at_least(1).collect::<Vec<_>>();
    let key = word("key").ignore_then(sign(TokenKind::LParen, "(")).ignore_then(names).then_ignore(sign(TokenKind::RParen, ")"));
    named()
        .then(word("from").ignore_then(text()).or_not())
        .then_ignore(open())
        .then(key.or_not())
        .then(many(field(), tries_field))
        .then_ignore(close())
        .map(|(((name, source), key), fields)| ItemKind::Entity(Entity { name, source, key: key.unwrap_or_default(), fields }))
        .boxed()
}

fn starts_field(toks: In<'_>) -> bool {
    matches!(toks, [word, sign, ..] if word.is_word() && (sign.kind == TokenKind::Colon || (word.first && sign.kind == TokenKind::Equal)))
}

/// Whether a field is tried here, even one without its colon: a word that starts its line and is no modifier.
fn tries_field(toks: In<'_>) -> bool {
    let modifiers = ["key", "unique", "from", "in", "as", "by", "ignoring", "blank", "or", "at"];
    let word = matches!(toks, [a, b, ..] if a.first && a.is_word() && b.kind == TokenKind::Word && !modifiers.contains(&a.text));
    word || starts_field(toks)
}

fn field<'t, E: Fault<'t>>() -> P<'t, Field, E> {
    let equals =
        sign(TokenKind::Equal, ":").validate(|span, e: &mut Extra<'t, '_, E>, _| e.state().found.push(mistakes::equals_for_colon(span)));
    let mods = modifier().repeated().collect::<Vec<_>>();
    any_word()
        .then_ignore(sign(TokenKind::Colon, ":").ignored().or(equals))
        .then(field_type())
        .then(sign(TokenKind::Question, "?").or_not())
        .then(mods)
        .map_with(|(((name, ty), optional), modifiers), e| {
            let at = e.span().start;
            let doc = e.state().doc(at);
            Field { doc, name, ty, optional: optional.is_some(), modifiers, span: place(e) }
        })
        .then_ignore(comma().or_not())
        .boxed()
}

fn field_type<'t, E: Fault<'t>>() -> P<'t, FieldType, E> {
    let digits = take("a whole number", |tok| if tok.is_plain_number() { tok.text.parse::<u32>().ok() } else { None });
    let scale = sign(TokenKind::LParen, "(").ignore_then(digits).then_ignore(sign(TokenKind::RParen, ")"));
    let plain = take("a type", |tok| tok.is_name().then(|| super::name_of(tok)))
        .then(scale.or_not())
        .map(|(name, scale)| FieldType::Named(name, scale));
    let one_of = word("one of")
        .ignore_then(open())
        .ignore_then(commas(pick(), |tok| tok.is_name()))
        .then_ignore(comma().or_not())
        .then_ignore(close())
        .map(FieldType::OneOf);
    plain.boxed().or(one_of.boxed()).boxed()
}

fn pick<'t, E: Fault<'t>>() -> P<'t, Pick, E> {
    let spellings = text().separated_by(word("or")).at_least(1).collect::<Vec<_>>();
    let keyword = take("a name", |tok| (tok.is_word() && crate::keywords::is_reserved(tok.text)).then_some(tok)).validate(
        |tok: &crate::tok::Tok<'t>, e: &mut Extra<'t, '_, E>, _| {
            e.state().found.push(mistakes::keyword_as_pick(tok));
            super::name_of(tok)
        },
    );
    name().or(keyword).then(spellings.or_not()).map(|(name, spellings)| Pick { name, spellings: spellings.unwrap_or_default() }).boxed()
}

fn modifier<'t, E: Fault<'t>>() -> P<'t, Modifier, E> {
    let range =
        signed_literal().then(dots()).then(signed_literal()).map(|((low, half_open), high)| ModifierKind::InRange(low, high, half_open));
    let currency =
        any_word().then(word("at").ignore_then(any_word()).or_not()).map(|(currency, at)| ModifierKind::InCurrency(currency, at));
    let spellings = text().separated_by(word("or")).at_least(1).collect::<Vec<_>>();
    // The next field may be named as a modifier is: `unique : flag`.
    let here = super::look("a modifier", |toks| !starts_field(toks));
    let kinds = choice((
        word("key").to(ModifierKind::Key).boxed(),
        word("unique").to(ModifierKind::Unique).boxed(),
        word("from").ignore_then(text()).map(ModifierKind::From).boxed(),
        word("in").ignore_then(range.boxed().or(currency.boxed())).boxed(),
        word("as").ignore_then(text()).map(ModifierKind::As).boxed(),
        word("by").ignore_then(any_word()).map(ModifierKind::By).boxed(),
        word("ignoring").ignore_then(word("case")).to(ModifierKind::IgnoringCase).boxed(),
        word("blank").ignore_then(word("as")).ignore_then(spellings).map(ModifierKind::BlankAs).boxed(),
    ));
    here.ignore_then(kinds).map_with(|kind, e| Modifier { kind, span: place(e) }).boxed()
}

/// `list NAME = […]` or `list NAME from "file" "column"`
pub(crate) fn list_item<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    let listed = sign(TokenKind::Equal, "=").ignore_then(list(expr)).map(|list| match list.kind {
        ExprKind::List(values) => ListValues::Listed(values),
        _ => ListValues::Listed(Vec::new()),
    });
    let from = word("from").ignore_then(text()).then(text().or_not()).map(|(file, column)| ListValues::From(file, column));
    named().then(listed.or(from)).map(|(name, values)| ItemKind::List(List { name, values })).boxed()
}

/// `always ENTITY where …: fact`
pub(crate) fn always<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    named()
        .then(word("where").ignore_then(expr.clone()).or_not())
        .then_ignore(sign(TokenKind::Colon, ":"))
        .then(expr)
        .map(|((entity, filter), fact)| ItemKind::Always(Always { entity, filter, fact }))
        .boxed()
}

/// `define account.sales(p: period) = …`
pub(crate) fn define<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, ItemKind, E> {
    let param = name().then(sign(TokenKind::Colon, ":").ignore_then(name()).or_not()).map(|(name, ty)| Param { name, ty });
    let params = sign(TokenKind::LParen, "(")
        .ignore_then(param.separated_by(comma()).at_least(1).collect::<Vec<_>>())
        .then_ignore(sign(TokenKind::RParen, ")"));
    let path = named()
        .map(|first| vec![first])
        .foldl(sign(TokenKind::Dot, ".").ignore_then(any_word()).repeated(), |mut parts, part| {
            parts.push(part);
            parts
        })
        .map_with(|parts, e| Path { parts, span: place(e) });
    let colon =
        sign(TokenKind::Colon, "=").validate(|span, e: &mut Extra<'t, '_, E>, _| e.state().found.push(mistakes::colon_for_equals(span)));
    path.then(params.or_not())
        .then_ignore(sign(TokenKind::Equal, "=").ignored().or(colon))
        .then(expr)
        .map(|((path, params), value)| ItemKind::Define(Define { path, params: params.unwrap_or_default(), value }))
        .boxed()
}
