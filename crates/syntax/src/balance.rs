//! Brackets: those left open and those too many are told, and mended so that the grammar sees balanced ones.

use crate::keywords::is_item_word;
use crate::lex::{Token, TokenKind as T};
use crate::tok::Tok;
use kamrules_base::{Finding, codes};

/// How many brackets may be open at once.
const DEEPEST: usize = 256;
/// How many brackets of an item may be mended; with more it is no text that a bracket is missing from.
const MENDABLE: usize = 200;
/// How many operators one sentence may have: each nests its left side one deeper.
const LONGEST: usize = 1_000;

/// Takes items out whose nesting is deeper than anyone can read, before anything else looks at them.
pub(crate) fn shallow(text: &str, offset: u32, tokens: &mut Vec<Token>, found: &mut Vec<Finding>) {
    let word = |token: &Token| &text[(token.span.start - offset) as usize..(token.span.end - offset) as usize];
    let mut from = 0;
    while let Some((at, message)) = too_deep(&tokens[from..], &word).map(|(i, message)| (from + i, message)) {
        found.push(Finding::new(codes::TOO_DEEP, tokens[at].span, message).help("give parts a name with `define`, and use the names"));
        let starts = |i: usize| tokens[i].kind == T::Word && (i == 0 || tokens[i - 1].kind == T::Newline) && is_item_word(word(&tokens[i]));
        let start = (from..at).rev().find(|&i| starts(i)).unwrap_or(from);
        let end = (at..tokens.len()).find(|&i| starts(i)).unwrap_or(tokens.len());
        tokens.drain(start..end);
        from = start;
    }
}

/// The first token that stands too deep, and why.
fn too_deep<'t>(tokens: &[Token], word: &impl Fn(&Token) -> &'t str) -> Option<(usize, String)> {
    let (mut depth, mut chain, mut line, mut open_end) = (0_usize, 0_usize, true, false);
    for (i, token) in tokens.iter().enumerate() {
        if token.kind == T::Newline {
            line = true;
        }
        if token.kind.is_trivia() {
            continue;
        }
        let operator = nests(token, word);
        match token.kind {
            T::LBrace | T::LParen | T::LBracket => depth += 1,
            T::RBrace | T::RParen | T::RBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        // A sentence ends at a comma, a brace, a bar, or where a line starts that goes on with nothing.
        let fresh = line && !open_end && !operator && token.kind == T::Word;
        if fresh || matches!(token.kind, T::LBrace | T::RBrace | T::Comma | T::Bar) {
            chain = 0;
        }
        chain += usize::from(operator);
        (line, open_end) = (false, operator);
        if depth > DEEPEST {
            return Some((i, format!("this is nested deeper than {DEEPEST} levels")));
        }
        if chain > LONGEST {
            return Some((i, format!("this sentence has more than {LONGEST} operators")));
        }
    }
    None
}

/// Whether a token nests what stands before or behind it.
fn nests<'t>(token: &Token, word: &impl Fn(&Token) -> &'t str) -> bool {
    match token.kind {
        T::Plus | T::Minus | T::Star | T::Slash | T::Dot | T::DotDot | T::DotDotLess | T::OddSign => true,
        T::Word => matches!(
            word(token).to_ascii_lowercase().as_str(),
            "and" | "or" | "not" | "if" | "then" | "else" | "elseif" | "elif" | "elsif" | "all"
        ),
        _ => false,
    }
}

/// Balances the brackets of one item.
pub(crate) fn balance<'t>(text: &str, offset: u32, toks: &[Tok<'t>], found: &mut Vec<Finding>) -> Option<Vec<Tok<'t>>> {
    let plain = mismatches(toks, |_, _| false);
    if plain.is_empty() {
        return None;
    }
    // Where the counts do not come out, the lines' indents tell which brace is the guilty one.
    let indent = |tok: &Tok<'_>| indent(text, (tok.span.start - offset) as usize);
    let indented = mismatches(toks, |closer, opener| {
        toks[closer].first && toks[closer].kind == T::RBrace && indent(&toks[closer]) < indent(&toks[opener])
    });
    let mends = if indented.len() <= plain.len() { indented } else { plain };
    if mends.len() > MENDABLE {
        let told = mends.iter().take(10).map(|mend| match mend {
            Mend::Close { opener, .. } => left_open(&toks[*opener]),
            Mend::Drop(closer) => too_many(&toks[*closer]),
        });
        found.extend(told);
        return Some(Vec::new());
    }
    let mut inserts: Vec<(usize, Tok<'t>)> = Vec::new();
    let mut drops = Vec::new();
    for mend in mends {
        match mend {
            Mend::Close { opener, limit } => {
                found.push(left_open(&toks[opener]));
                let at = closing_place(toks, opener, limit);
                inserts.push((at, closer_of(toks, opener, at)));
            }
            Mend::Drop(closer) => {
                found.push(too_many(&toks[closer]));
                drops.push(closer);
            }
        }
    }
    inserts.sort_by_key(|(at, _)| *at);
    let mut inserts = inserts.into_iter().peekable();
    let mut out = Vec::with_capacity(toks.len() + 4);
    for (i, tok) in toks.iter().enumerate() {
        while let Some((_, closer)) = inserts.next_if(|(at, _)| *at <= i) {
            out.push(closer);
        }
        if drops.binary_search(&i).is_err() {
            out.push(*tok);
        }
    }
    out.extend(inserts.map(|(_, closer)| closer));
    Some(out)
}

enum Mend {
    /// The opener lacks its closer, which belongs before `limit`.
    Close { opener: usize, limit: usize },
    /// A closer that closes nothing.
    Drop(usize),
}

/// What has to be mended; `skips` says that a closer belongs to an opener further out than the one given.
fn mismatches(toks: &[Tok<'_>], skips: impl Fn(usize, usize) -> bool) -> Vec<Mend> {
    let (mut open, mut mends): (Vec<usize>, Vec<Mend>) = (Vec::new(), Vec::new());
    for (i, tok) in toks.iter().enumerate() {
        if mends.len() > MENDABLE || open.len() > DEEPEST + MENDABLE {
            break;
        }
        let opener = match tok.kind {
            T::LBrace | T::LParen | T::LBracket => {
                open.push(i);
                continue;
            }
            T::RBrace => T::LBrace,
            T::RParen => T::LParen,
            T::RBracket => T::LBracket,
            _ => continue,
        };
        let fits = |at: &usize| toks[*at].kind == opener && !skips(i, *at);
        let Some(at) = open.iter().rposition(fits).or_else(|| open.iter().rposition(|at| toks[*at].kind == opener)) else {
            mends.push(Mend::Drop(i));
            continue;
        };
        // A parenthesis or a bracket never closes a brace between: then it is one too many itself.
        if opener != T::LBrace && open[at + 1..].iter().any(|o| toks[*o].kind == T::LBrace) {
            mends.push(Mend::Drop(i));
            continue;
        }
        mends.extend(open.drain(at + 1..).map(|opener| Mend::Close { opener, limit: i }));
        open.pop();
    }
    mends.extend(open.into_iter().map(|opener| Mend::Close { opener, limit: toks.len() }));
    mends
}

/// Where a forgotten closer most probably belongs: before an index of the tokens.
fn closing_place(toks: &[Tok<'_>], opener: usize, limit: usize) -> usize {
    let brace = toks[opener].kind == T::LBrace;
    let mut matches = false;
    let mut depth = 0_usize;
    for i in opener + 1..limit {
        let (tok, before) = (&toks[i], &toks[i - 1]);
        matches |= tok.is("match");
        let continued = before.kind == T::Comma || (i == opener + 1) || is_operator(before) || is_operator(tok);
        if depth == 0 && tok.first && !continued {
            return i;
        }
        if depth == 0 && brace && tok.first && i == opener + 1 {
            return limit;
        }
        if depth == 0 && !brace && i > opener + 1 && (ends_sentence(tok) || (tok.kind == T::LBrace && !matches)) {
            return i;
        }
        match tok.kind {
            T::LBrace | T::LParen | T::LBracket => depth += 1,
            T::RBrace | T::RParen | T::RBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    limit
}

fn is_operator(tok: &Tok<'_>) -> bool {
    matches!(
        tok.kind,
        T::Plus
            | T::Minus
            | T::Star
            | T::Slash
            | T::Equal
            | T::NotEqual
            | T::Less
            | T::LessEqual
            | T::Greater
            | T::GreaterEqual
            | T::DotDot
            | T::DotDotLess
    ) || ["and", "or", "or else", "in", "is", "not", "where", "by", "via"].iter().any(|w| tok.is(w))
}

fn ends_sentence(tok: &Tok<'_>) -> bool {
    matches!(tok.kind, T::RBrace | T::Arrow | T::Bar) || ["when", "otherwise", "then", "else", "overrides"].iter().any(|w| tok.is(w))
}

fn closer_of<'t>(toks: &[Tok<'t>], opener: usize, at: usize) -> Tok<'t> {
    let (kind, text) = match toks[opener].kind {
        T::LBrace => (T::RBrace, "}"),
        T::LParen => (T::RParen, ")"),
        _ => (T::RBracket, "]"),
    };
    Tok { kind, text, unit: "", span: toks[at - 1].span.after(), first: false, doc: 0 }
}

fn left_open(opener: &Tok<'_>) -> Finding {
    let (what, closer) = match opener.kind {
        T::LBrace => ("brace", "}"),
        T::LParen => ("parenthesis", ")"),
        _ => ("bracket", "]"),
    };
    Finding::new(codes::BRACKET_OPEN, opener.span, format!("this {what} is left open")).help(format!("close it with `{closer}`"))
}

fn too_many(closer: &Tok<'_>) -> Finding {
    Finding::new(codes::BRACKET_EXTRA, closer.span, format!("this `{}` closes nothing", closer.text)).fix("take it out", closer.span, "")
}

/// How far the line is indented on which a byte stands.
fn indent(text: &str, at: usize) -> usize {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |i| i + 1);
    text[start..].chars().take_while(|c| c.is_whitespace() && !matches!(c, '\n' | '\r')).count()
}
