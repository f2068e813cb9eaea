//! Writes `crates/syntax/src/keywords.rs`.

use crate::words::Words;
use std::fmt::Write;

/// The text of the file.
pub fn rust(words: &Words) -> String {
    let mut out = String::from(HEAD);
    list(&mut out, "Words that are never bare names, besides those that start an item.", "RESERVED", "&str", names(&words.reserved));
    list(&mut out, "Words that start an item; reserved too.", "ITEM_WORDS", "&str", names(&words.items));
    list(&mut out, "The words that start an item, with their meaning.", "ITEM_KEYWORDS", "Keyword", keywords(&words.items, "item"));
    list(&mut out, "The other reserved words, with their meaning.", "PLAIN_KEYWORDS", "Keyword", keywords(&words.reserved, "word"));
    let clauses = words.clauses.iter().map(|clause| keyword(&clause.word, &clause.construct, &clause.meaning));
    list(&mut out, "Words that are keywords in one construct only, and names elsewhere.", "CLAUSE_KEYWORDS", "Keyword", clauses);
    list(&mut out, "Words that are read as one.", "JOINED_WORDS", "Keyword", keywords(&words.joined, "joined"));
    let units = words.units.iter().map(|(word, unit)| format!("({word:?}, DurationUnit::{})", capital(unit)));
    list(&mut out, "Words that make a duration with the number before them.", "UNITS", "(&str, DurationUnit)", units);
    let signs = words.signs.iter().map(|(sign, code)| format!("({:?}, {code:?})", sign.chars().next().expect("a sign is a character")));
    list(&mut out, "Signs that stand before an amount, and the currency each stands for.", "CURRENCY_SIGNS", "(char, &str)", signs);
    list(
        &mut out,
        "Currencies of ISO 4217, sorted: a number with one of these behind it is money.",
        "CURRENCIES",
        "&str",
        names(&words.currencies),
    );
    let codes = words.currencies.iter().map(|(_, name)| format!("{name:?}"));
    list(&mut out, "The names of [`CURRENCIES`], in the same order.", "CURRENCY_NAMES", "&str", codes);
    out.push_str(FUNCTIONS);
    out
}

fn names(words: &[(String, String)]) -> impl Iterator<Item = String> {
    words.iter().map(|(word, _)| format!("{word:?}"))
}

fn keywords(words: &[(String, String)], construct: &str) -> impl Iterator<Item = String> {
    words.iter().map(move |(word, meaning)| keyword(word, construct, meaning))
}

fn keyword(word: &str, construct: &str, meaning: &str) -> String {
    format!("Keyword {{ word: {word:?}, construct: {construct:?}, meaning: {meaning:?} }}")
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

fn list(out: &mut String, doc: &str, name: &str, kind: &str, rows: impl Iterator<Item = String>) {
    write!(out, "\n/// {doc}\n#[rustfmt::skip]\npub const {name}: &[{kind}] = &[\n").expect("writing to text does not fail");
    for row in rows {
        writeln!(out, "    {row},").expect("writing to text does not fail");
    }
    out.push_str("];\n");
}

const HEAD: &str = r"//! The words of the language. Written by `cargo xtask generate` from `grammar/keywords.toml`; change them there.

use crate::ast::DurationUnit;

/// A word that means something of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword {
    /// The word, or the words that are read as one.
    pub word: &'static str,
    /// Where it is a keyword: `item`, `word` (everywhere), `joined`, or the construct of the clause.
    pub construct: &'static str,
    /// What it means, in one line.
    pub meaning: &'static str,
}
";

const FUNCTIONS: &str = r"
/// Whether a word can never be a bare name.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word) || is_item_word(word)
}

/// Whether a word starts an item.
pub fn is_item_word(word: &str) -> bool {
    ITEM_WORDS.contains(&word)
}

/// The unit a word stands for behind a number.
pub fn unit(word: &str) -> Option<DurationUnit> {
    UNITS.iter().find(|(name, _)| *name == word).map(|(_, unit)| *unit)
}

/// Whether the word is a currency code.
pub fn is_currency(word: &str) -> bool {
    CURRENCIES.binary_search(&word).is_ok()
}

/// The currency code a sign stands for.
pub fn sign_currency(sign: char) -> Option<&'static str> {
    CURRENCY_SIGNS.iter().find(|(known, _)| *known == sign).map(|(_, code)| *code)
}
";
