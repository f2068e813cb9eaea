//! Writes a file as it should look: two blanks a level, at most `print::WIDTH` columns, at most one empty line.
//!
//! `cursor` walks over the tokens in step with the tree, so that every word is printed as it was written and every
//! comment comes back where it stood; the files named for constructs make a `doc` of the tree; `print` lays it out.
//! Where lines break hangs on the tokens, the comments and empty lines between rows, and (in blocks that may stand on
//! one line) on whether the line broke behind `{`: nothing else, so formatting twice changes nothing.

mod columns;
mod cursor;
mod decisions;
mod doc;
mod entity;
mod expr;
mod head;
mod items;
mod print;
mod tables;

use crate::ast::File;
use crate::{Token, TokenKind, lex};
use cursor::{Cursor, rows};
use doc::Doc;
use kamrules_base::{FileId, Finding};

/// The text as it should look. A text with grammar errors is left alone: its findings come back instead.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Finding>> {
    let (tree, findings) = crate::parse(file, text);
    if findings.iter().any(Finding::is_error) {
        return Err(findings);
    }
    let tokens = lex(file, text);
    let formatted = layout(text, &tokens, &tree);
    // A formatter that would change what is written must not write at all.
    Ok(formatted.filter(|formatted| same_words(text, formatted)).unwrap_or_else(|| text.to_owned()))
}

/// The page, or nothing if tree and text do not go together.
fn layout(text: &str, tokens: &[Token], tree: &File) -> Option<String> {
    let mut cursor = Cursor::new(text, tokens);
    let mut lines = items::items(&mut cursor, &tree.items);
    lines.push(cursor.last_row());
    let complete = !cursor.lost && cursor.peek().is_empty();
    complete.then(|| print::print(&rows(lines, &Doc::Hard)))
}

/// Whether both texts hold the same tokens and comments, commas aside.
fn same_words(before: &str, after: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let tokens = lex(FileId(0), text).into_iter();
        let kept = tokens.filter(|token| !matches!(token.kind, TokenKind::Space | TokenKind::Newline | TokenKind::Comma));
        kept.filter(|token| !token.kind.is_trivia()).map(|token| text[token.span.range()].to_owned()).collect()
    };
    let comments = |text: &str| -> Vec<String> {
        let tokens = lex(FileId(0), text).into_iter().filter(|token| token.kind.is_trivia());
        let mut comments: Vec<String> =
            tokens.map(|token| text[token.span.range()].trim().to_owned()).filter(|text| !text.is_empty()).collect();
        comments.sort_unstable();
        comments
    };
    words(before) == words(after) && comments(before) == comments(after)
}
