//! What people bring along from spreadsheets, other languages and word processors: each is told once, with its remedy,
//! and read as what was meant, so that the grammar finds nothing more to say about it.

mod literal;
mod spreadsheet;
mod trivia;
mod words;

pub(crate) use trivia::trivia;

use crate::lex::{TokenKind as T, lex};
use crate::tok::Tok;
use kamrules_base::{Finding, Span, codes};

/// Tokens that are looked over, those already mended, and what is known of the place.
pub(crate) struct Mending<'t, 'f> {
    text: &'t str,
    offset: u32,
    out: Vec<Tok<'t>>,
    open: Vec<Open>,
    /// The keyword of the present item.
    item: &'t str,
    matching: bool,
    found: &'f mut Vec<Finding>,
}

/// A bracket that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Picklist,
    Match,
    Brace,
    Paren,
    List,
}

/// Mends the tokens of a text that starts `offset` bytes into its file.
pub(crate) fn repair<'t>(text: &'t str, offset: u32, mut toks: Vec<Tok<'t>>, found: &mut Vec<Finding>) -> Vec<Tok<'t>> {
    spreadsheet::spreadsheet(&mut toks, found);
    let out = Vec::with_capacity(toks.len());
    let mut mending = Mending { text, offset, out, open: Vec::new(), item: "", matching: false, found };
    let mut i = 0;
    while i < toks.len() {
        i += mending.step(&toks[i..]).max(1);
    }
    mending.out
}

impl<'t> Mending<'t, '_> {
    /// Mends what stands first and says how many tokens that took.
    fn step(&mut self, toks: &[Tok<'t>]) -> usize {
        let tok = toks[0];
        match tok.kind {
            T::OddSign => self.sign(tok, toks),
            T::OddText => self.odd_text(tok),
            T::OpenText => self.open_text(tok),
            T::Error => self.stray(tok, toks),
            T::Word => words::mend(self, toks),
            T::Number | T::Percent | T::Money | T::BadNumber | T::Date | T::Month | T::FiscalQuarter => literal::mend(self, toks),
            _ => {
                self.track(tok);
                self.put(tok);
                1
            }
        }
    }

    fn put(&mut self, tok: Tok<'t>) {
        self.out.push(tok);
    }

    /// Puts another token where `tok` stood.
    fn put_as(&mut self, tok: Tok<'t>, kind: T, text: &'t str) -> usize {
        self.put(Tok { kind, text, unit: "", ..tok });
        1
    }

    fn slice(&self, span: Span) -> &'t str {
        &self.text[(span.start - self.offset) as usize..(span.end - self.offset) as usize]
    }

    fn last(&self) -> Option<&Tok<'t>> {
        self.out.last()
    }

    /// Keeps the open brackets.
    fn track(&mut self, tok: Tok<'t>) {
        match tok.kind {
            T::LBrace => {
                let picklist = self.last().is_some_and(|t| t.is("of"));
                let kind = if picklist {
                    Open::Picklist
                } else if self.matching {
                    Open::Match
                } else {
                    Open::Brace
                };
                self.open.push(kind);
                self.matching = false;
            }
            T::LParen => self.open.push(Open::Paren),
            T::LBracket => self.open.push(Open::List),
            T::RBrace | T::RParen | T::RBracket => drop(self.open.pop()),
            _ => {}
        }
    }

    /// Whether an arrow is what is wanted here rather than a comparison.
    fn arrow_fits(&self) -> bool {
        let behind_bar = self.last().is_some_and(|t| t.kind == T::Bar);
        self.open.last() == Some(&Open::Match)
            || (self.item == "tree" && !self.open.contains(&Open::Paren))
            || (self.item == "table" && behind_bar)
    }

    fn sign(&mut self, tok: Tok<'t>, toks: &[Tok<'t>]) -> usize {
        let (kind, text) = match tok.text {
            "==" | "===" => (T::Equal, "="),
            "<>" | "≠" | "!==" => (T::NotEqual, "!="),
            "&&" | "&" => (T::Word, "and"),
            "||" if tok.first || self.item == "table" => return self.empty_cell(tok),
            "||" => (T::Word, "or"),
            "!" => (T::Word, "not"),
            "=>" if !self.arrow_fits() => (T::GreaterEqual, ">="),
            "=>" | "→" | "⇒" | "-->" => (T::Arrow, "->"),
            "=<" | "≤" => (T::LessEqual, "<="),
            "≥" => (T::GreaterEqual, ">="),
            "–" | "—" | "−" => (T::Minus, "-"),
            "×" => (T::Star, "*"),
            "÷" => (T::Slash, "/"),
            ";" => return self.semicolon(tok),
            "%" => return self.loose_percent(tok),
            _ => return self.stray(tok, toks),
        };
        let close_behind = toks.get(1).is_some_and(|t| t.span.start == tok.span.end);
        let written = if text == "not" && close_behind { "not " } else { text };
        let finding = Finding::new(codes::OTHER_SIGN, tok.span, format!("`{}` is written `{text}` here", tok.text));
        self.found.push(finding.fix(format!("write `{text}`"), tok.span, written));
        self.put_as(tok, kind, text)
    }

    fn empty_cell(&mut self, tok: Tok<'t>) -> usize {
        let finding = Finding::new(codes::UNEXPECTED, tok.span, "a cell is never empty");
        self.found.push(finding.help("where anything will do, write `*`").fix("write `*`", tok.span, "| * |"));
        for (kind, text) in [(T::Bar, "|"), (T::Star, "*"), (T::Bar, "|")] {
            self.put(Tok { kind, text, first: tok.first && self.last().is_none_or(|t| t.span != tok.span), ..tok });
        }
        1
    }

    fn semicolon(&mut self, tok: Tok<'t>) -> usize {
        let between = matches!(self.open.last(), Some(Open::List | Open::Paren | Open::Picklist | Open::Match));
        let (text, title) = if between { (",", "write a comma") } else { ("", "take it out") };
        let message = if between { "elements are separated by `,`, not by `;`" } else { "nothing ends with `;` here" };
        self.found.push(Finding::new(codes::SEMICOLON, tok.span, message).fix(title, tok.span, text));
        if between { self.put_as(tok, T::Comma, ",") } else { 1 }
    }

    fn loose_percent(&mut self, tok: Tok<'t>) -> usize {
        let Some(number) = self.out.last().copied().filter(Tok::is_plain_number) else { return self.stray(tok, &[tok]) };
        let span = number.span.to(tok.span);
        let gap = Span { start: number.span.end, end: tok.span.start, ..tok.span };
        self.found.push(Finding::new(codes::LOOSE_SIGN, tok.span, "the `%` stands directly behind its number").fix(
            "take the blank out",
            gap,
            "",
        ));
        self.out.pop();
        self.put(Tok { kind: T::Percent, text: self.slice(span), span, ..number });
        1
    }

    fn odd_text(&mut self, tok: Tok<'t>) -> usize {
        let inner = crate::tok::unquote(tok.text);
        let plain = format!("\"{}\"", inner.replace('\\', "\\\\").replace('"', "\\\""));
        let what = if tok.text.starts_with(['\'', '‘', '’', '‚']) { "single quotes" } else { "quotes from a word processor" };
        let finding = Finding::new(codes::ODD_QUOTES, tok.span, format!("a text stands between plain double quotes; these are {what}"));
        self.found.push(finding.help(format!("write `{plain}`")).fix("put plain quotes", tok.span, plain));
        self.put(tok);
        1
    }

    fn open_text(&mut self, tok: Tok<'t>) -> usize {
        if let Some((at, curly)) = tok.text.char_indices().find(|(_, c)| matches!(c, '”' | '“' | '„')) {
            return self.half_curly(tok, at, curly);
        }
        let end = tok.text.trim_end().len();
        let at = Span { start: tok.span.start + end as u32, end: tok.span.start + end as u32, ..tok.span };
        let here = Span { end: tok.span.start + 1, ..tok.span };
        let finding = Finding::new(codes::TEXT_OPEN, here, "this text is not closed on its line");
        self.found.push(finding.help("close it with `\"` where it ends").fix("close it at the end of the line", at, "\""));
        self.put(Tok { text: tok.text.trim_end(), ..tok });
        1
    }

    /// `"abc” = 5`: opened plain, closed curly. The rest of the line is read for itself.
    fn half_curly(&mut self, tok: Tok<'t>, at: usize, curly: char) -> usize {
        let sign = Span { start: tok.span.start + at as u32, end: tok.span.start + (at + curly.len_utf8()) as u32, ..tok.span };
        let finding = Finding::new(codes::ODD_QUOTES, sign, "a text ends with a plain double quote; this one is from a word processor");
        self.found.push(finding.help("write `\"`").fix("put a plain quote", sign, "\""));
        self.put(Tok { text: &tok.text[..at], span: Span { end: sign.end, ..tok.span }, ..tok });
        let rest = &tok.text[at + curly.len_utf8()..];
        let mut tokens = lex(tok.span.file, rest);
        for token in &mut tokens {
            token.span.start += sign.end;
            token.span.end += sign.end;
        }
        let mut seen = crate::view::view(rest, &tokens, sign.end).toks;
        seen.iter_mut().for_each(|t| t.first = false);
        let mut i = 0;
        while i < seen.len() {
            i += self.step(&seen[i..]).max(1);
        }
        1
    }

    /// A sign that means nothing; `$ 5M` alone is read as an amount.
    fn stray(&mut self, tok: Tok<'t>, toks: &[Tok<'t>]) -> usize {
        if let ("$" | "€" | "£" | "¥", Some(number)) = (tok.text, toks.get(1).filter(|t| t.kind == T::Number)) {
            let gap = Span { start: tok.span.end, end: number.span.start, ..tok.span };
            let span = tok.span.to(number.span);
            let finding = Finding::new(codes::LOOSE_SIGN, tok.span, format!("the `{}` stands directly before its amount", tok.text));
            self.found.push(finding.fix("take the blank out", gap, ""));
            self.put(Tok { kind: T::Money, text: self.slice(span), span, ..tok });
            return 2;
        }
        let quote = tok.text.starts_with(['“', '”', '„', '‘', '’', '\'', '«', '»']);
        let finding = if quote {
            Finding::new(codes::ODD_QUOTES, tok.span, format!("`{}` does not hold a text here", tok.text))
                .help("a text stands between plain double quotes, on one line")
        } else {
            Finding::new(codes::UNKNOWN_SIGN, tok.span, format!("`{}` means nothing here", tok.text)).fix("take it out", tok.span, "")
        };
        self.found.push(finding);
        1
    }
}
