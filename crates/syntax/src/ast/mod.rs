//! The syntax tree: what was written, with places, and nothing that was not.
//!
//! Every node carries its [`Span`]. A part that is missing in the text after a mistake is an explicit form
//! ([`ExprKind::Error`], an empty [`Name`]), so that later passes go on.

mod expr;
mod item;
mod strip;

pub use expr::*;
pub use item::*;
pub use strip::strip_spans;

use kamrules_base::Span;

/// A word with its place. An empty text stands for a word that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The word as written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A piece of text in quotes: what it says (escapes undone), and the place with the quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What it says.
    pub value: String,
    /// The place, quotes included.
    pub span: Span,
}

/// A dotted path, `owner.manager`: at least one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The names between the dots.
    pub parts: Vec<Name>,
    /// The whole.
    pub span: Span,
}
