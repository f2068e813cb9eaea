//! What the grammar sees of the text: tokens without trivia, with their text, and the literals they stand for.

use crate::ast::{Literal, Money, PeriodLiteral, Text};
use crate::keywords::{is_currency, is_reserved, unit};
use crate::lex::TokenKind;
use kamrules_base::{Date, Decimal, Span};

/// A token as the grammar sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tok<'t> {
    /// What it is; words joined of several (`or else`) stay words.
    pub kind: TokenKind,
    /// What is written, or what should have been.
    pub text: &'t str,
    /// The unit or currency behind a number; empty without.
    pub unit: &'t str,
    /// Its place; empty when it was put in to mend a mistake.
    pub span: Span,
    /// Whether it is the first on its line.
    pub first: bool,
    /// Its doc comment: an index into the docs, from 1.
    pub doc: u32,
}

impl Tok<'_> {
    /// Whether it is this word.
    pub fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text == word
    }

    /// Whether it can be a bare name.
    pub fn is_name(&self) -> bool {
        self.kind == TokenKind::Word && !is_reserved(self.text) && !self.text.contains(' ')
    }

    /// Whether it is a single word of any kind.
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word && !self.text.contains(' ')
    }

    /// Whether an operand can end with it.
    pub fn ends_operand(&self) -> bool {
        use TokenKind as T;
        self.is_name()
            || self.is_literal()
            || matches!(self.kind, T::RParen | T::RBracket)
            || ["this", "yes", "no", "known", "missing"].iter().any(|w| self.is(w))
    }

    /// Whether an operand can start with it, a sign aside.
    pub fn starts_operand(&self) -> bool {
        use TokenKind as T;
        self.is_name()
            || self.is_literal()
            || matches!(self.kind, T::LParen | T::LBracket)
            || ["this", "yes", "no", "match"].iter().any(|w| self.is(w))
    }

    /// Whether it is a literal that is no word.
    pub fn is_literal(&self) -> bool {
        use TokenKind as T;
        matches!(
            self.kind,
            T::Number
                | T::Percent
                | T::Money
                | T::Date
                | T::Month
                | T::FiscalYear
                | T::FiscalQuarter
                | T::BadNumber
                | T::Text
                | T::OddText
                | T::OpenText
        )
    }

    /// Whether it is a number without a unit.
    pub fn is_plain_number(&self) -> bool {
        self.kind == TokenKind::Number && self.unit.is_empty()
    }

    /// What it says as a literal; `None` when it is none, or was reported as a bad one.
    pub fn literal(&self) -> Option<Literal> {
        use TokenKind as T;
        Some(match self.kind {
            T::Number if self.unit.is_empty() => Literal::Number(number(self.text)?),
            T::Number if is_currency(self.unit) => Literal::Money(self.money()?),
            T::Number => Literal::Duration(self.text.replace('_', "").parse().ok()?, unit(self.unit)?),
            T::Percent => Literal::Percent(percent(self.text)?),
            T::Money => Literal::Money(self.money()?),
            T::Date => Literal::Date(Date::parse_iso(self.text)?),
            T::Month | T::FiscalYear | T::FiscalQuarter => Literal::Period(period(self.text)?),
            T::Text | T::OddText | T::OpenText => Literal::Text(self.quoted()),
            T::Word if self.text == "yes" => Literal::Flag(true),
            T::Word if self.text == "no" => Literal::Flag(false),
            _ => return None,
        })
    }

    /// `$5M` or `5M USD`.
    pub fn money(&self) -> Option<Money> {
        if self.kind == TokenKind::Number {
            return Some(Money { amount: number(self.text)?, currency: self.unit.to_owned() });
        }
        let sign = self.text.chars().next()?;
        let amount = number(self.text.get(sign.len_utf8()..)?.trim_start())?;
        Some(Money { amount, currency: sign.to_string() })
    }

    /// A text with its quotes taken off and its escapes undone.
    pub fn quoted(&self) -> Text {
        Text { value: unquote(self.text), span: self.span }
    }
}

/// `2.5M`, `5_000`; `None` when it has too many digits.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    let plain: String = text.chars().filter(|c| *c != ',').collect();
    let (digits, factor) = match plain.as_bytes().last()? {
        b'k' => (&plain[..plain.len() - 1], 1_000),
        b'M' => (&plain[..plain.len() - 1], 1_000_000),
        b'B' => (&plain[..plain.len() - 1], 1_000_000_000),
        _ => return Decimal::parse(&plain),
    };
    Decimal::parse(digits)?.times(factor)
}

/// `12%` as 0.12.
pub(crate) fn percent(text: &str) -> Option<Decimal> {
    let value = Decimal::parse(text.strip_suffix('%')?.trim_end())?;
    let scale = value.scale.checked_add(2).filter(|scale| *scale <= 38)?;
    Some(Decimal::new(value.units, scale))
}

/// `FY2026`, `FY2026-Q1`, `2026-02`; `None` when there is no such quarter or month.
pub(crate) fn period(text: &str) -> Option<PeriodLiteral> {
    if let Some(rest) = text.strip_prefix("FY") {
        return match rest.split_once("-Q") {
            None => Some(PeriodLiteral::Year(rest.parse().ok()?)),
            Some((year, quarter)) => {
                let quarter = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
                Some(PeriodLiteral::Quarter(year.parse().ok()?, quarter))
            }
        };
    }
    let (year, month) = text.split_once('-')?;
    let month = month.parse().ok().filter(|m| (1..=12).contains(m))?;
    Some(PeriodLiteral::Month(year.parse().ok()?, month))
}

/// Takes the quotes off a text and undoes `\"` and `\\`; any other backslash stays, so that paths survive.
pub(crate) fn unquote(text: &str) -> String {
    let mut chars = text.chars();
    let opener = chars.next().unwrap_or('"');
    let inner = chars.as_str();
    if opener != '"' {
        return inner.char_indices().next_back().map_or(String::new(), |(at, _)| inner[..at].to_owned());
    }
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('\\', Some(&next @ ('"' | '\\'))) => {
                out.push(next);
                rest.next();
            }
            ('"', _) => break,
            _ => out.push(c),
        }
    }
    out
}
