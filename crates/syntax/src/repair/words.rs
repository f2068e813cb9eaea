//! Words that are written otherwise here: `true`, `null`, `elseif`, keywords in capitals.

use super::{Mending, Open};
use crate::keywords::{is_item_word, is_reserved};
use crate::lex::TokenKind as T;
use crate::tok::Tok;
use kamrules_base::{Finding, codes};

pub(super) fn mend<'t>(m: &mut Mending<'t, '_>, toks: &[Tok<'t>]) -> usize {
    let tok = toks[0];
    if m.open.is_empty() && is_item_word(tok.text) && (tok.first || m.last().is_none_or(|t| t.kind == T::RBrace)) {
        m.item = tok.text;
    }
    if tok.text == "match" && !m.last().is_some_and(|t| t.is("first") || t.is("every")) {
        m.matching = true;
    }
    if names_something(m, toks) {
        m.put(tok);
        return 1;
    }
    match tok.text {
        "true" | "false" | "True" | "False" | "TRUE" | "FALSE" if is_value(m) => flag(m, tok),
        "null" | "NULL" | "Null" | "None" | "nil" if is_value(m) || m.last().is_some_and(|t| t.is("is") || t.is("not")) => empty(m, tok),
        "elseif" | "elif" | "elsif" | "elseIf" if m.last().is_some_and(Tok::ends_operand) => else_if(m, tok),
        text if is_short_year(text) && is_value_or_in(m) => short_year(m, tok),
        _ => match capital(m, toks) {
            Some(word) => {
                let finding = Finding::new(codes::CAPITAL_KEYWORD, tok.span, format!("`{}` is written small here: `{word}`", tok.text));
                m.found.push(finding.fix(format!("write `{word}`"), tok.span, word));
                m.put_as(tok, T::Word, word)
            }
            None => {
                m.put(tok);
                1
            }
        },
    }
}

/// Whether the word stands where any word may: behind a dot, before a field's colon or an attribute's `=`.
fn names_something(m: &Mending<'_, '_>, toks: &[Tok<'_>]) -> bool {
    let named = toks
        .get(1)
        .is_some_and(|t| t.kind == T::Colon || (t.kind == T::Equal && (toks[0].first || m.last().is_some_and(|t| t.kind == T::LBrace))));
    named || m.last().is_some_and(|t| t.kind == T::Dot)
}

/// Whether a value is what stands here.
fn is_value(m: &Mending<'_, '_>) -> bool {
    let words = ["then", "else", "and", "or", "not", "where", "when"];
    let listed = m.open.last() != Some(&Open::Picklist);
    m.last().is_some_and(|t| {
        matches!(t.kind, T::Equal | T::NotEqual | T::Arrow | T::Bar | T::LBracket | T::LParen)
            || (t.kind == T::Comma && listed)
            || words.iter().any(|w| t.is(w))
    })
}

fn is_value_or_in(m: &Mending<'_, '_>) -> bool {
    is_value(m) || m.last().is_some_and(|t| t.is("in") || t.is("of") || matches!(t.kind, T::DotDot | T::DotDotLess | T::Less | T::Greater))
}

/// `FY26`, `FY26-Q1` being a subtraction.
fn is_short_year(text: &str) -> bool {
    text.len() == 4 && text.starts_with("FY") && text[2..].bytes().all(|b| b.is_ascii_digit())
}

fn short_year<'t>(m: &mut Mending<'t, '_>, tok: Tok<'t>) -> usize {
    let whole = format!("FY20{}", &tok.text[2..]);
    let finding = Finding::new(codes::BAD_NUMBER, tok.span, format!("a fiscal year has four digits: `{whole}`"));
    m.found.push(finding.fix(format!("write `{whole}`"), tok.span, whole));
    m.put_as(tok, T::BadNumber, tok.text)
}

fn flag<'t>(m: &mut Mending<'t, '_>, tok: Tok<'t>) -> usize {
    let word = if tok.text.eq_ignore_ascii_case("true") { "yes" } else { "no" };
    m.found.push(Finding::new(codes::TRUE_FALSE, tok.span, format!("`{}` is `{word}` here", tok.text)).fix(
        format!("write `{word}`"),
        tok.span,
        word,
    ));
    m.put_as(tok, T::Word, word)
}

fn empty<'t>(m: &mut Mending<'t, '_>, tok: Tok<'t>) -> usize {
    let finding = Finding::new(codes::NULL, tok.span, format!("`{}` is said in words here", tok.text))
        .help("write `x is missing` or `x is known`, or `x or else 0` for a value in its place");
    let place = m.out.len();
    let attribute = place < 3 || m.out[place - 2].first || matches!(m.out[place - 3].kind, T::LBrace | T::Comma);
    let (words, from): (&[&'static str], usize) = match m.last() {
        Some(t) if t.kind == T::Equal && !attribute => (&["is", "missing"], place - 1),
        Some(t) if t.kind == T::NotEqual => (&["is", "known"], place - 1),
        Some(t) if t.is("is") => (&["missing"], place),
        Some(t) if t.is("not") && place > 1 && m.out[place - 2].is("is") => (&["known"], place - 1),
        _ => {
            m.found.push(finding);
            return m.put_as(tok, T::BadNumber, tok.text);
        }
    };
    let span = m.out.get(from).map_or(tok.span, |t| t.span.to(tok.span));
    m.found.push(finding.fix(format!("write `{}`", words.join(" ")), span, words.join(" ")));
    m.out.truncate(from);
    for word in words {
        m.put_as(tok, T::Word, word);
    }
    1
}

fn else_if<'t>(m: &mut Mending<'t, '_>, tok: Tok<'t>) -> usize {
    m.found.push(Finding::new(codes::ELSE_IF, tok.span, format!("`{}` is two words here: `else if`", tok.text)).fix(
        "write `else if`",
        tok.span,
        "else if",
    ));
    m.put_as(tok, T::Word, "else");
    m.put_as(tok, T::Word, "if");
    1
}

/// The keyword that a word in capitals is, where no label or value can stand.
fn capital(m: &Mending<'_, '_>, toks: &[Tok<'_>]) -> Option<&'static str> {
    let tok = toks[0];
    if !tok.text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let small = tok.text.to_ascii_lowercase();
    let word = crate::keywords::RESERVED.iter().chain(crate::keywords::ITEM_WORDS).find(|w| **w == small)?;
    let behind_operand = m.last().is_some_and(|t| t.ends_operand() || t.is("is") || t.kind == T::RBrace);
    let before_operand = toks
        .get(1)
        .is_some_and(|t| t.starts_operand() || is_reserved(&t.text.to_ascii_lowercase()) || matches!(t.kind, T::Minus | T::LBrace));
    let fits = match *word {
        "and" | "or" | "in" | "is" | "then" | "else" | "when" | "where" | "has" | "contains" | "for" | "overrides" => {
            behind_operand && before_operand
        }
        "known" | "missing" => m.last().is_some_and(|t| t.is("is")),
        "otherwise" => m.last().is_some_and(|t| (t.is_name() || t.kind == T::Text) && !m.open.is_empty()),
        "not" | "if" | "match" => {
            before_operand && !behind_operand && m.last().is_some_and(|t| !matches!(t.kind, T::LBrace | T::Comma | T::LBracket))
        }
        "expect" => tok.first && before_operand,
        word => {
            is_item_word(word)
                && tok.first
                && m.open.is_empty()
                && toks.get(1).is_some_and(|t| t.is_word() || matches!(t.kind, T::Text | T::LBrace))
        }
    };
    fits.then_some(*word)
}
