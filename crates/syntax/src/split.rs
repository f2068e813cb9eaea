//! Where items start: at item keywords outside of all brackets, and, so that one open brace does not swallow the rest
//! of the file, at the start of a line that looks like an item's header.

use crate::keywords::is_item_word;
use crate::lex::TokenKind as T;
use crate::tok::Tok;
use std::ops::Range;

/// The ranges of tokens between one item's start and the next. What stands before the first item is a range of its own.
pub(crate) fn split(toks: &[Tok<'_>]) -> Vec<Range<usize>> {
    let (mut ranges, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (i, tok) in toks.iter().enumerate() {
        if i > start && starts_item(toks, i, depth) {
            ranges.push(start..i);
            (start, depth) = (i, 0);
        }
        match tok.kind {
            T::LBrace | T::LParen | T::LBracket => depth += 1,
            T::RBrace | T::RParen | T::RBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if start < toks.len() {
        ranges.push(start..toks.len());
    }
    ranges
}

/// Whether an item starts at a token, `depth` brackets being open.
pub(crate) fn starts_item(toks: &[Tok<'_>], i: usize, depth: usize) -> bool {
    let tok = &toks[i];
    if tok.kind != T::Word {
        return false;
    }
    if !is_item_word(tok.text) {
        return depth == 0 && tries_item(toks, i);
    }
    let before = i.checked_sub(1).map(|i| &toks[i]);
    if before.is_some_and(|t| t.kind == T::Dot) {
        return false;
    }
    if depth > 0 {
        return tok.first && looks_like_header(&toks[i..]);
    }
    // `entity action …`: a keyword that is used as a name.
    if !tok.first && before.is_some_and(|t| t.kind == T::Word && is_item_word(t.text) && t.first) {
        return false;
    }
    tok.first || before.is_some_and(|t| t.kind == T::RBrace) || looks_like_header(&toks[i..])
}

/// Whether a word that is no keyword tries to start an item: behind a closing brace, or before a name or a text, where
/// no expression and no header can go on.
fn tries_item(toks: &[Tok<'_>], i: usize) -> bool {
    let tok = &toks[i];
    let Some(before) = i.checked_sub(1).map(|i| &toks[i]) else { return false };
    let header = ["by", "from", "first", "every", "sum", "gives", "as", "of"].contains(&tok.text);
    if !tok.first || !tok.is_name() || header || !before.ends_operand() && before.kind != T::RBrace {
        return false;
    }
    before.kind == T::RBrace || toks.get(i + 1).is_some_and(|t| !t.first && (t.is_name() || t.kind == T::Text))
}

/// Whether the tokens read like the start of an item, and like nothing else.
pub(crate) fn looks_like_header(toks: &[Tok<'_>]) -> bool {
    let [keyword, second, rest @ ..] = toks else { return false };
    let third = |words: &[&str], kinds: &[T]| rest.first().is_some_and(|t| words.iter().any(|w| t.is(w)) || kinds.contains(&t.kind));
    let named = second.is_word();
    match keyword.text {
        "policy" => second.kind == T::Text && third(&[], &[T::LBrace]),
        "test" => second.kind == T::Text && third(&["as"], &[T::LBrace]),
        "rates" => second.kind == T::LBrace || (second.is("from") && third(&[], &[T::Text])),
        "entity" => named && third(&["from"], &[T::LBrace]),
        "list" => named && third(&["from"], &[T::Equal]),
        "always" => named && third(&["where"], &[T::Colon]),
        "define" => named && third(&[], &[T::Dot, T::Equal, T::LParen]),
        _ => named && third(&["for", "by", "in", "where", "first", "every", "sum"], &[T::Text, T::LBrace]),
    }
}
