//! What people write who come from spreadsheets and queries: `IF(c, a, b)` and `x between 1 and 5`.

use crate::lex::TokenKind as T;
use crate::tok::Tok;
use kamrules_base::{Edit, Finding, Fix, Span, codes};

/// Turns `IF(c, a, b)` into `(if c then a else b)` and `between a and b` into `in a..b`.
pub(crate) fn spreadsheet(toks: &mut [Tok<'_>], found: &mut Vec<Finding>) {
    for i in 0..toks.len() {
        if toks[i].kind != T::Word {
            continue;
        }
        if toks[i].text.eq_ignore_ascii_case("if") {
            found.extend(if_function(toks, i));
        } else if toks[i].text.eq_ignore_ascii_case("between") {
            found.extend(between(toks, i));
        }
    }
}

fn if_function(toks: &mut [Tok<'_>], at: usize) -> Option<Finding> {
    let name = toks[at];
    let paren = *toks.get(at + 1).filter(|t| t.kind == T::LParen && t.span.start == name.span.end)?;
    let (first, second, end) = commas(toks, at + 1)?;
    let edit = |span: Span, text: &str| Edit { span, text: text.to_owned() };
    let mut finding =
        Finding::new(codes::IF_INCOMPLETE, name.span, format!("`{}(…)` is said in words here: `if … then … else …`", name.text));
    let edits = vec![
        edit(name.span.to(paren.span), "(if "),
        edit(toks[first].span, " then"),
        edit(toks[second].span, " else"),
        edit(toks[end].span, ")"),
    ];
    finding.fix = Some(Fix { title: "write it in words".to_owned(), edits });
    toks[at] = Tok { first: name.first, doc: name.doc, ..paren };
    toks[at + 1] = Tok { text: "if", first: false, doc: 0, ..name };
    for (comma, word) in [(first, "then"), (second, "else")] {
        toks[comma] = Tok { kind: T::Word, text: word, ..toks[comma] };
    }
    Some(finding)
}

/// The two commas of a call with three arguments, and its closing parenthesis.
fn commas(toks: &[Tok<'_>], open: usize) -> Option<(usize, usize, usize)> {
    let (mut depth, mut found) = (0_usize, Vec::new());
    for (i, tok) in toks.iter().enumerate().skip(open) {
        match tok.kind {
            T::LBrace | T::LParen | T::LBracket => depth += 1,
            T::RBrace | T::RParen | T::RBracket => depth = depth.checked_sub(1)?,
            T::Comma if depth == 1 => found.push(i),
            _ => {}
        }
        if depth == 0 {
            return match found.as_slice() {
                [first, second] => Some((*first, *second, i)),
                _ => None,
            };
        }
    }
    None
}

fn between(toks: &mut [Tok<'_>], at: usize) -> Option<Finding> {
    let behind = toks[..at].last().is_some_and(Tok::ends_operand);
    let [word, low, and, high] = toks.get(at..at + 4)? else { return None };
    if !behind || !low.is_literal() || !and.text.eq_ignore_ascii_case("and") || !high.is_literal() {
        return None;
    }
    let range = format!("in {}..{}", low.text, high.text);
    let finding = Finding::new(codes::OTHER_SIGN, word.span, format!("a range is written `{range}` here, not with `{}`", word.text)).fix(
        format!("write `{range}`"),
        word.span.to(high.span),
        range,
    );
    toks[at].text = "in";
    toks[at + 2] = Tok { kind: T::DotDot, text: "..", ..toks[at + 2] };
    Some(finding)
}
