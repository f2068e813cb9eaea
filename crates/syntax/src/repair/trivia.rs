//! Tabs, special spaces, and comments in other notations.

use crate::lex::{Token, TokenKind as T};
use kamrules_base::{Code, Edit, Finding, Fix, Span, codes};

/// Looks the trivia of a text over that starts `offset` bytes into its file.
pub(crate) fn trivia(text: &str, offset: u32, tokens: &[Token], found: &mut Vec<Finding>) {
    let (mut tabs, mut special) = (Vec::new(), Vec::new());
    for token in tokens {
        let slice = &text[(token.span.start - offset) as usize..(token.span.end - offset) as usize];
        match token.kind {
            T::Space => {
                for (at, c) in slice.char_indices().filter(|(_, c)| *c != ' ') {
                    let start = token.span.start + at as u32;
                    let span = Span { start, end: start + c.len_utf8() as u32, ..token.span };
                    match c {
                        '\t' => tabs.push(span),
                        '\u{feff}' if start == 0 => {}
                        _ => special.push(span),
                    }
                }
            }
            T::OddComment => found.push(odd_comment(slice, token.span)),
            _ => {}
        }
    }
    found.extend(once(codes::TAB, "a tab", "write blanks", "  ", tabs));
    found.extend(once(codes::NO_BREAK_SPACE, "a space that is no plain blank", "write a plain blank", " ", special));
}

/// One finding for all places of a kind, its fix for all of them.
fn once(code: Code, what: &str, title: &str, by: &str, places: Vec<Span>) -> Option<Finding> {
    let first = *places.first()?;
    let message = if places.len() == 1 { what.to_owned() } else { format!("{what}, and {} more in this file", places.len() - 1) };
    let edits = places.into_iter().map(|span| Edit { span, text: by.to_owned() }).collect();
    let mut finding = Finding::new(code, first, message);
    finding.fix = Some(Fix { title: title.to_owned(), edits });
    Some(finding)
}

fn odd_comment(slice: &str, span: Span) -> Finding {
    let mark = Span { end: span.start + 2, ..span };
    let inner = slice.trim_start_matches("/*").trim_end_matches("*/").trim_start_matches("//").trim_start_matches("--");
    let lines: Vec<String> = inner.lines().map(|line| format!("# {}", line.trim())).collect();
    Finding::new(codes::ODD_COMMENT, mark, format!("a comment starts with `#`, not with `{}`", &slice[..2])).fix(
        "write `#`",
        span,
        lines.join("\n"),
    )
}
