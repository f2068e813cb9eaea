//! Tokens to what the grammar sees: trivia set aside, doc comments kept by the token they stand before, words joined.

use crate::keywords::{is_currency, unit};
use crate::lex::{Token, TokenKind as T};
use crate::tok::Tok;

/// The tokens without trivia.
pub(crate) struct View<'t> {
    /// The tokens.
    pub toks: Vec<Tok<'t>>,
    /// The doc comments; a token has the index of its own, plus one.
    pub docs: Vec<String>,
}

/// Sets trivia aside.
pub(crate) fn view<'t>(text: &'t str, tokens: &[Token], offset: u32) -> View<'t> {
    let (mut toks, mut docs) = (Vec::with_capacity(tokens.len() / 2), Vec::new());
    let (mut first, mut doc): (bool, Vec<&str>) = (true, Vec::new());
    for token in tokens {
        let range = (token.span.start - offset) as usize..(token.span.end - offset) as usize;
        let slice = &text[range];
        match token.kind {
            T::DocComment => doc.push(slice.trim_start_matches('#').trim()),
            T::Newline => first = true,
            kind if kind.is_trivia() => {}
            kind => {
                let mut own = 0;
                if !doc.is_empty() {
                    docs.push(doc.join("\n"));
                    doc.clear();
                    own = docs.len() as u32;
                }
                toks.push(Tok { kind, text: slice, unit: "", span: token.span, first, doc: own });
                first = false;
            }
        }
    }
    View { toks, docs }
}

/// Joins what belongs together: `or else`, `14 days`, `5M USD` and their kin.
pub(crate) fn join(toks: &mut Vec<Tok<'_>>) {
    let (mut read, mut write) = (0, 0_usize);
    while read < toks.len() {
        let before = &toks[..write];
        let typed = before.last().is_some_and(|t| t.kind == T::Colon);
        let (mut tok, taken) = joined(&toks[read..], typed, is_attribute_value(before));
        tok.first = toks[read].first;
        tok.doc = toks[read].doc;
        toks[write] = tok;
        write += 1;
        read += taken;
    }
    toks.truncate(write);
}

/// Whether what comes next is the value of an attribute: then a word behind it that stands before `=` is the next attribute, though it may
/// be a unit (`{ influence = 8 days = 3 }`); the value of a define is none.
fn is_attribute_value(before: &[Tok<'_>]) -> bool {
    match before {
        [.., dot, word, sign] if dot.kind == T::Dot || dot.is("define") => sign.kind == T::Equal && !word.is_word(),
        [.., word, sign] => sign.kind == T::Equal && word.is_word(),
        _ => false,
    }
}

/// The first token or what it forms with those behind it, and how many those are. `typed` says that a colon stands before, `value` that
/// this is the value of an attribute.
fn joined<'t>(toks: &[Tok<'t>], typed: bool, value: bool) -> (Tok<'t>, usize) {
    let (first, rest) = (toks[0], &toks[1..]);
    let word = |i: usize, text: &str| rest.get(i).is_some_and(|t| t.is(text));
    let phrase = |text: &'static str, more: usize| {
        let tok = Tok { text, span: first.span.to(rest[more - 1].span), ..first };
        (tok, more + 1)
    };
    match first.kind {
        T::Number => {
            let Some(next) = rest.first().filter(|t| t.kind == T::Word) else { return (first, 1) };
            let attribute = value && rest.get(1).is_some_and(|t| matches!(t.kind, T::Equal | T::Colon)) && !is_currency(next.text);
            let fits = is_currency(next.text) || (unit(next.text).is_some() && !attribute);
            if fits { (Tok { unit: next.text, span: first.span.to(next.span), ..first }, 2) } else { (first, 1) }
        }
        T::Word => match first.text {
            "or" if word(0, "else") => phrase("or else", 1),
            "starts" if word(0, "with") => phrase("starts with", 1),
            "ends" if word(0, "with") => phrase("ends with", 1),
            "has" if word(0, "any") && word(1, "of") => phrase("has any of", 2),
            "one" if word(0, "of") && (typed || rest.get(1).is_some_and(|t| t.kind == T::LBrace)) => phrase("one of", 1),
            _ => (first, 1),
        },
        _ => (first, 1),
    }
}
