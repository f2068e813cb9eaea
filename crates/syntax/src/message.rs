//! Messages with values in them: `"Call {name}"`.

use crate::ast::Expr;
use crate::parse::parse_expr;
use kamrules_base::{FileId, Finding, Span, codes};

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessagePart {
    /// As it stands; `{{` and `}}` are single braces here.
    Text(String),
    /// The value of an expression.
    Value(Expr),
}

/// Reads a message, given with its quotes as it is written; it starts `offset` bytes into its file.
pub fn parse_message(file: FileId, raw: &str, offset: u32) -> (Vec<MessagePart>, Vec<Finding>) {
    let (mut parts, mut found, mut plain) = (Vec::new(), Vec::new(), String::new());
    let open = raw.chars().next().map_or(0, char::len_utf8);
    let closed = raw.len() > open && raw.ends_with(['"', '”', '“', '’', '\'', '»', '«']);
    let end = if closed { raw.char_indices().next_back().map_or(raw.len(), |(at, _)| at) } else { raw.len() };
    let at = |start: usize, end: usize| Span::new(file, offset as usize + start, offset as usize + end);
    let mut i = open;
    while let Some(c) = raw.get(i..end).and_then(|rest| rest.chars().next()) {
        let next = raw[i + c.len_utf8()..end].chars().next();
        match (c, next) {
            ('{', Some('{')) | ('}', Some('}')) | ('\\', Some('"' | '\\')) => {
                plain.extend(next);
                i += 2;
                continue;
            }
            ('{', _) => {
                let Some(length) = closing(&raw[i + 1..end]) else {
                    found.push(open_brace(at(i, i + 1)));
                    break;
                };
                if !plain.is_empty() {
                    parts.push(MessagePart::Text(std::mem::take(&mut plain)));
                }
                let inner = &raw[i + 1..i + 1 + length];
                let (value, mut findings) = parse_expr(file, &unescaped(inner), offset + i as u32 + 1);
                found.append(&mut findings);
                parts.extend(value.map(MessagePart::Value));
                i += length + 2;
                continue;
            }
            ('}', _) => found.push(extra_brace(at(i, i + 1))),
            _ => plain.push(c),
        }
        i += c.len_utf8();
    }
    if !plain.is_empty() {
        parts.push(MessagePart::Text(plain));
    }
    (parts, found)
}

/// An expression inside a message writes its quotes as `\"`; blanks keep the places of what follows.
fn unescaped(inner: &str) -> String {
    if inner.contains("\\\"") { inner.replace("\\\"", " \"") } else { inner.to_owned() }
}

/// How long the expression is whose `{` was just read.
fn closing(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(i),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn open_brace(span: Span) -> Finding {
    Finding::new(codes::MESSAGE_BRACE, span, "the brace of this value is left open")
        .help("close it with `}`, or write `{{` for a brace that is meant as such")
}

fn extra_brace(span: Span) -> Finding {
    Finding::new(codes::MESSAGE_BRACE, span, "this brace closes nothing").fix("write `}}` for a brace that is meant as such", span, "}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::ExprKind;

    fn shape(raw: &str) -> (Vec<String>, usize) {
        let (parts, found) = parse_message(FileId(0), raw, 10);
        let shown = |part: MessagePart| match part {
            MessagePart::Text(text) => text,
            MessagePart::Value(Expr { kind: ExprKind::Name(name), span }) => format!("<{name}@{}>", span.start),
            MessagePart::Value(_) => "<…>".to_owned(),
        };
        (parts.into_iter().map(shown).collect(), found.len())
    }

    #[test]
    fn values_stand_in_braces_and_doubled_braces_are_braces() {
        let cases: [(&str, &[&str], usize); 7] = [
            ("\"Call {name} now\"", &["Call ", "<name@17>", " now"], 0),
            ("\"{a}{b}\"", &["<a@12>", "<b@15>"], 0),
            ("\"a {{b}} \\\"c\\\"\"", &["a {b} \"c\""], 0),
            ("\"{round(x * 3%)} a year\"", &["<…>", " a year"], 0),
            ("\"{name\"", &[], 1),
            ("\"name}\"", &["name"], 1),
            ("\"{a +}\"", &[], 1),
        ];
        for (raw, parts, found) in cases {
            let (got, count) = shape(raw);
            let fits = got == parts || (found > 0 && count == found);
            assert!(fits && count == found, "{raw}: {got:?} {count}");
        }
    }
}
