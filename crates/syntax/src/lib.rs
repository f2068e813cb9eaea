//! Text in, syntax tree out, with every error; and back again, formatted.
//!
//! In order: [`lex`] turns text into tokens, trivia included, and never stops; [`parse`] sets trivia aside, mends what
//! other programs write differently (`repair`), joins what belongs together (`view`), cuts at item keywords (`split`),
//! mends brackets (`balance`), and parses item by item into an [`ast`] (`grammar`), saying in the reader's words where it
//! could not go on (`explain`); [`mod@format`] writes a file as it should look; [`constructs`] lists the pieces of a file.
//!
//! This crate knows no types and no names: whether `abc` is a tier or a typing slip is not its business.

pub mod ast;
mod balance;
mod constructs;
mod explain;
pub mod format;
mod grammar;
pub mod keywords;
mod lex;
mod message;
mod mistakes;
mod parse;
mod repair;
mod split;
mod tok;
mod view;

pub use constructs::constructs;
pub use keywords::{is_item_word, is_reserved};
pub use lex::{Token, TokenKind, lex};
pub use message::{MessagePart, parse_message};
pub use parse::{parse, parse_expr, parse_exprs};
