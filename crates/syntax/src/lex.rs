//! Text to tokens. Trivia are tokens too, lexing never stops, and the tokens' places tile the text exactly.

use kamrules_base::{FileId, Span};
use logos::Logos;

/// A piece of text with its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of token. Keywords are [`TokenKind::Word`]s: most are keywords only in their clause.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each pattern says what it is")]
pub enum TokenKind {
    /// Blanks, tabs, other Unicode spaces and the byte order mark.
    #[regex(r"[ \t\x0B\x0C\u{85}\u{A0}\u{1680}\u{2000}-\u{200B}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}]+")]
    Space,
    #[regex(r"\r\n|\n|\r")]
    Newline,
    /// `# …`, without its line break.
    #[regex(r"#[^\n\r]*", priority = 3, allow_greedy = true)]
    Comment,
    /// `## …`, without its line break.
    #[regex(r"##([^#\n\r][^\n\r]*)?", priority = 4, allow_greedy = true)]
    DocComment,

    /// A name or a keyword.
    #[regex(r"[\p{XID_Start}_]\p{XID_Continue}*", priority = 5)]
    Word,
    /// `42`, `5_000_000`, `2.5`, `250k`.
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?[kMB]?", priority = 12)]
    Number,
    /// `12%`.
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?%", priority = 13)]
    Percent,
    /// `$5M`.
    #[regex(r"[$€£¥][0-9][0-9_]*(\.[0-9][0-9_]*)?[kMB]?", priority = 13)]
    Money,
    /// `2026-02-01`; whether there is such a day is asked later.
    #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", priority = 14)]
    Date,
    /// `2026-02`.
    #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]", priority = 14)]
    Month,
    /// `FY2026`.
    #[regex(r"FY[0-9][0-9][0-9][0-9]", priority = 14)]
    FiscalYear,
    /// `FY2026-Q1`.
    #[regex(r"FY[0-9][0-9][0-9][0-9]-Q[0-9]+", priority = 15)]
    FiscalQuarter,
    /// `4-4-5`: the weeks of a quarter's months.
    #[regex(r"[0-9]-[0-9]-[0-9]", priority = 14)]
    Calendar,
    /// Digits that run into letters, or into a hyphen and digits, and form no literal: `5mil`, `2026-2-1`.
    #[regex(r"[$€£¥]?[0-9]([0-9_\p{XID_Continue}]|\.[0-9]|-[0-9])*%?", priority = 6)]
    BadNumber,
    /// `"…"` on one line; `\"` and `\\` stand for a quote and a backslash.
    #[regex(r#""([^"\\\n\r]|\\[^\n\r])*""#, priority = 8)]
    Text,
    /// A text that is not closed on its line.
    #[regex(r#""([^"\\\n\r]|\\[^\n\r])*\\?"#, priority = 7, allow_greedy = true)]
    OpenText,
    /// A text in curly, angle or single quotes.
    #[regex(r#"[“”„«»][^“”„«»"\n\r]*[“”«»"]|[‘’‚][^‘’'\n\r]*[‘’']|'[^'\n\r]*'"#, priority = 8)]
    OddText,

    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBracket,
    #[token("]")]
    RBracket,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(".")]
    Dot,
    #[token("..")]
    DotDot,
    #[token("..<")]
    DotDotLess,
    #[token("?")]
    Question,
    #[token("=")]
    Equal,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("|")]
    Bar,
    #[token("->")]
    Arrow,

    /// A comment as other languages write it: `// …`, `/* … */`, `-- …`.
    #[regex(r"//[^\n\r]*|--[^\n\r>][^\n\r]*|/\*([^*]|\*+[^*/])*(\*+/|\**)", priority = 4, allow_greedy = true)]
    OddComment,
    /// A sign of other languages or of word processors that has a counterpart here.
    #[regex(r"==|===|!==|&&|&|\|\||!|<>|=>|=<|→|⇒|≥|≤|≠|–|—|−|×|÷|;|%|…|-->", priority = 3)]
    OddSign,
    /// Anything else.
    Error,
}

impl TokenKind {
    /// Whether it is a space, a line break or a comment.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Space | Self::Newline | Self::Comment | Self::DocComment | Self::OddComment)
    }
}

/// Cuts a text into tokens. Their spans follow one another without a gap from the first byte to the last.
pub fn lex(file: FileId, text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4);
    for (kind, range) in TokenKind::lexer(text).spanned() {
        let kind = kind.unwrap_or(TokenKind::Error);
        let span = Span::new(file, range.start, range.end);
        match tokens.last_mut() {
            Some(last) if kind == TokenKind::Error && last.kind == TokenKind::Error => last.span.end = span.end,
            _ => tokens.push(Token { kind, span }),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind as T;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(FileId(0), text).into_iter().map(|t| t.kind).filter(|k| *k != T::Space).collect()
    }

    #[test]
    fn literals_are_one_token_and_what_is_nearly_one_is_one_error() {
        let cases = [
            ("42", T::Number),
            ("5_000_000", T::Number),
            ("2.5M", T::Number),
            ("12%", T::Percent),
            ("$5M", T::Money),
            ("€250k", T::Money),
            ("2026-02-01", T::Date),
            ("2026-02", T::Month),
            ("FY2026", T::FiscalYear),
            ("FY2026-Q1", T::FiscalQuarter),
            ("4-4-5", T::Calendar),
            ("5mil", T::BadNumber),
            ("3x", T::BadNumber),
            ("2026-2-1", T::BadNumber),
            ("1-2", T::BadNumber),
            ("$5mil", T::BadNumber),
            ("FY26", T::Word),
            ("größe", T::Word),
            ("\"a \\\" b\"", T::Text),
            ("\"a", T::OpenText),
            ("“a”", T::OddText),
            ("'a'", T::OddText),
            ("## doc", T::DocComment),
            ("### no doc", T::Comment),
            ("# c", T::Comment),
            ("// c", T::OddComment),
            ("-- c", T::OddComment),
            ("/* a\n b */", T::OddComment),
            ("==", T::OddSign),
            ("→", T::OddSign),
        ];
        for (text, kind) in cases {
            assert_eq!(kinds(text), [kind], "{text}");
        }
        assert_eq!(kinds("40..<70"), [T::Number, T::DotDotLess, T::Number]);
        assert_eq!(kinds("FY2025..FY2026"), [T::FiscalYear, T::DotDot, T::FiscalYear]);
        assert_eq!(kinds("a - 1"), [T::Word, T::Minus, T::Number]);
        assert_eq!(kinds("| -> |"), [T::Bar, T::Arrow, T::Bar]);
    }

    #[test]
    fn tokens_tile_the_text() {
        for text in ["", "a\tb\u{a0}c\r\n\"x", "\u{feff}# c\r\rd ?? @@ ☃ /* x", "“a ‘b’ 'c 1.2.3 1._ $ €x --", "\\\"\\"] {
            let mut at = 0;
            for token in lex(FileId(0), text) {
                assert_eq!(token.span.start, at, "{text:?}");
                assert!(token.span.end > at);
                at = token.span.end;
            }
            assert_eq!(at as usize, text.len());
        }
    }
}
