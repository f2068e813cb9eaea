//! What went wrong where a rule failed, in the reader's words.

use crate::keywords::{ITEM_WORDS, is_item_word, is_reserved};
use crate::lex::TokenKind as T;
use crate::tok::Tok;
use chumsky::error::{Rich, RichPattern};
use kamrules_base::near::nearest;
use kamrules_base::{Finding, Span, codes};

/// What is known of a place where the grammar could not go on.
struct Stop<'a, 't> {
    before: Option<&'a Tok<'t>>,
    at: Option<&'a Tok<'t>>,
    /// The tokens from the start of the item up to the place.
    past: &'a [Tok<'t>],
    span: Span,
    wanted: Vec<&'a str>,
}

/// The finding for a place where the grammar could not go on.
pub(crate) fn explain<'t>(toks: &[Tok<'t>], error: &Rich<'t, Tok<'t>>) -> Finding {
    let index = error.span().start.min(toks.len());
    let mut wanted: Vec<&str> = error
        .expected()
        .filter_map(|pattern| match pattern {
            RichPattern::Label(label) => Some(label.as_ref()),
            _ => None,
        })
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let at = toks.get(index);
    let before = index.checked_sub(1).and_then(|i| toks.get(i));
    let span = at.map(|t| t.span).or(before.map(|t| t.span)).unwrap_or_default();
    let stop = Stop { before, at, past: &toks[..index], span, wanted };
    arrow(&stop)
        .or_else(|| rung(&stop))
        .or_else(|| conditional(&stop))
        .or_else(|| keyword(&stop))
        .or_else(|| misspelt(&stop))
        .or_else(|| chained(&stop))
        .or_else(|| equals(&stop))
        .or_else(|| text(&stop))
        .or_else(|| value(&stop))
        .unwrap_or_else(|| unexpected(&stop))
}

impl Stop<'_, '_> {
    fn wants(&self, what: &str) -> bool {
        self.wanted.contains(&what)
    }

    fn before_is(&self, words: &[&str]) -> bool {
        self.before.is_some_and(|t| words.iter().any(|w| t.is(w)))
    }

    /// Where something that is missing should be put.
    fn gap(&self) -> Span {
        self.before.map_or(self.span, |t| t.span.after())
    }
}

fn arrow(stop: &Stop<'_, '_>) -> Option<Finding> {
    let only = stop.wants("->") && !stop.wants("|") && stop.before.is_some_and(|t| t.ends_operand() || t.is("otherwise"));
    let tok = stop.at.filter(|t| only && (t.starts_operand() || matches!(t.kind, T::Colon | T::Equal | T::Minus | T::Text)))?;
    if matches!(tok.kind, T::Colon | T::Equal) {
        let finding = Finding::new(codes::ARROW_MISSING, tok.span, format!("an arrow `->` stands here, not `{}`", tok.text));
        return Some(finding.fix("write `->`", tok.span, "->"));
    }
    Some(Finding::new(codes::ARROW_MISSING, tok.span, format!("an arrow is missing before `{}`", tok.text)).fix(
        "put `->`",
        stop.gap(),
        " ->",
    ))
}

fn rung(stop: &Stop<'_, '_>) -> Option<Finding> {
    let tok = stop.at?;
    if stop.before_is(&["otherwise"]) && !matches!(tok.kind, T::RBrace | T::Bar | T::LBrace) {
        let finding =
            Finding::new(codes::OTHERWISE_WITH_CONDITION, tok.span, "`otherwise` has no condition: it takes what the others leave");
        return Some(finding.help("write `when` with the condition, and an `otherwise` after it for the rest"));
    }
    if !stop.wants("when") {
        return None;
    }
    if let [.., otherwise, start] = stop.past
        && otherwise.is("otherwise")
        && !start.first
    {
        let finding =
            Finding::new(codes::OTHERWISE_WITH_CONDITION, start.span, "`otherwise` has no condition: it takes what the others leave");
        return Some(finding.help("write `when` with the condition, and an `otherwise` after it for the rest"));
    }
    if stop.wants("overrides") && tok.is("if") || tok.is("where") || tok.is("whenever") {
        let finding = Finding::new(codes::WHEN_MISSING, tok.span, format!("a rung says `when`, not `{}`", tok.text));
        return Some(finding.fix("write `when`", tok.span, "when"));
    }
    if tok.is("else") || tok.is("default") || tok.is("others") {
        let finding = Finding::new(codes::WHEN_MISSING, tok.span, format!("what is left is `otherwise`, not `{}`", tok.text));
        return Some(finding.fix("write `otherwise`", tok.span, "otherwise"));
    }
    let near = (tok.kind == T::Word).then(|| nearest(tok.text, ["when", "otherwise", "overrides"])).flatten();
    if let Some(near) = near.filter(|near| tok.text.len().abs_diff(near.len()) <= 2) {
        return Some(did_you_mean(tok, near));
    }
    let shown = if tok.kind == T::RBrace { "the closing brace".to_owned() } else { format!("`{}`", tok.text) };
    let finding = Finding::new(codes::WHEN_MISSING, tok.span, format!("`when` is missing before {shown}"))
        .help("a rung says when it holds: `A when revenue > $5M`, or `otherwise`");
    Some(if tok.kind == T::RBrace || tok.kind == T::LBrace { finding } else { finding.fix("put `when`", stop.gap(), " when") })
}

fn conditional(stop: &Stop<'_, '_>) -> Option<Finding> {
    let word = ["then", "else"].into_iter().find(|word| stop.wants(word))?;
    let finding = Finding::new(codes::IF_INCOMPLETE, stop.span, format!("`{word}` is missing"))
        .help("an `if` has three parts: `if growth > 10% then $50k else $20k`");
    let operand = stop.at.is_some_and(|t| t.starts_operand() && !t.first);
    Some(if operand { finding.fix(format!("put `{word}`"), stop.gap(), format!(" {word}")) } else { finding })
}

fn keyword(stop: &Stop<'_, '_>) -> Option<Finding> {
    let tok = stop.at.filter(|t| t.kind == T::Word && is_reserved(t.text))?;
    let named = stop.wants("a name") || stop.wants("a value") || stop.wants("a test") || stop.wants("a type");
    let joins =
        ["and", "or", "in", "is", "then", "else", "where", "when", "has", "contains", "otherwise", "overrides", "within", "expect", "for"];
    let between = stop.before.is_some_and(|t| t.ends_operand());
    (named && !between && (is_item_word(tok.text) || !joins.contains(&tok.text))).then(|| crate::mistakes::keyword_as_name(tok))
}

fn misspelt(stop: &Stop<'_, '_>) -> Option<Finding> {
    let tok = stop.at.filter(|t| t.kind == T::Word)?;
    let words = stop.wanted.iter().copied().filter(|w| w.len() > 2 && w.chars().all(|c| c.is_ascii_lowercase() || c == ' '));
    let near = nearest(tok.text, words.filter(|w| !w.starts_with("a ")))?;
    (near.len().abs_diff(tok.text.len()) <= 2).then(|| did_you_mean(tok, near))
}

fn did_you_mean(tok: &Tok<'_>, near: &str) -> Finding {
    Finding::new(codes::UNEXPECTED, tok.span, format!("`{}` does not fit here; did you mean `{near}`?", tok.text)).fix(
        format!("write `{near}`"),
        tok.span,
        near,
    )
}

fn chained(stop: &Stop<'_, '_>) -> Option<Finding> {
    let tok = stop.at.filter(|t| matches!(t.kind, T::Equal | T::NotEqual | T::Less | T::LessEqual | T::Greater | T::GreaterEqual))?;
    let operand = stop.before.is_some_and(Tok::ends_operand);
    let start = stop.past.iter().rposition(|t| t.first).unwrap_or(0);
    let compared = stop.past[start..].iter().any(|t| matches!(t.kind, T::Less | T::LessEqual | T::Greater | T::GreaterEqual));
    (operand && compared).then(|| crate::mistakes::chained(tok.span))
}

fn equals(stop: &Stop<'_, '_>) -> Option<Finding> {
    let tok = stop.at?;
    let named =
        stop.before.is_some_and(|t| t.is_word() && (t.first || matches!(stop.past, [.., b, _] if matches!(b.kind, T::LBrace | T::Comma))));
    if (!stop.wants("=") && !stop.wants(":")) || !(named || stop.wanted.len() == 1) {
        return None;
    }
    let sign = if stop.wants("=") { "=" } else { ":" };
    let finding = Finding::new(codes::COLON_OR_EQUALS, tok.span, format!("`{sign}` is missing before {}", shown(tok)));
    Some(if tok.starts_operand() && stop.wanted.len() == 1 {
        finding.fix(format!("put `{sign}`"), stop.gap(), format!(" {sign}"))
    } else {
        finding.help(wanted(stop))
    })
}

/// A text that is missing at the end of a line: the next line is not to blame.
fn text(stop: &Stop<'_, '_>) -> Option<Finding> {
    let before = stop.before.filter(|t| stop.wants("a text in quotes") && t.kind == T::Word)?;
    let ends = stop.at.is_none_or(|t| t.first || t.kind == T::RBrace);
    ends.then(|| Finding::new(codes::VALUE_MISSING, before.span, format!("a text in quotes is missing behind `{}`", before.text)))
}

fn value(stop: &Stop<'_, '_>) -> Option<Finding> {
    if !stop.wants("a value") && !stop.wants("a test") {
        return None;
    }
    let what = stop.before.map(|t| t.text).unwrap_or_default();
    let Some(tok) = stop.at else {
        let finding = Finding::new(codes::UNFINISHED, stop.span, format!("something is missing behind `{what}`"));
        return Some(finding.help("say the value, or take the end of the sentence out"));
    };
    let hole = stop.before.is_none_or(|t| !t.ends_operand());
    if !hole || (tok.starts_operand() && !tok.first) {
        return None;
    }
    if tok.kind == T::Bar && what == "|" {
        let finding = Finding::new(codes::UNEXPECTED, tok.span, "a cell is never empty");
        return Some(finding.help("where anything will do, write `*`").fix("write `*`", stop.gap(), " *"));
    }
    let finding = Finding::new(codes::VALUE_MISSING, tok.span, format!("a value is missing between `{what}` and {}", shown(tok)));
    Some(if matches!(tok.kind, T::RBracket | T::RBrace | T::RParen) && what == "," {
        finding.help("or take the comma before it out")
    } else {
        finding
    })
}

fn unexpected(stop: &Stop<'_, '_>) -> Finding {
    let Some(tok) = stop.at else {
        let finding = Finding::new(codes::UNFINISHED, stop.span, "this is not finished");
        return if stop.wanted.is_empty() { finding } else { finding.help(wanted(stop)) };
    };
    let finding = Finding::new(codes::UNEXPECTED, tok.span, format!("{} does not fit here", shown(tok)));
    if stop.wanted.is_empty() { finding } else { finding.help(wanted(stop)) }
}

/// What can stand at the place, the most telling first.
fn wanted(stop: &Stop<'_, '_>) -> String {
    let operators = [
        "+",
        "-",
        "*",
        "/",
        "..",
        ".",
        "(",
        "or else",
        "an operator",
        "a comparison",
        "in",
        "is",
        "not",
        "starts with",
        "ends with",
        "has",
        "has any of",
        "contains",
        "and",
        "or",
    ];
    let mut all: Vec<String> = stop
        .wanted
        .iter()
        .filter(|w| !operators.contains(w))
        .map(|w| if w.starts_with("a ") { (*w).to_owned() } else { format!("`{w}`") })
        .collect();
    if stop.wanted.iter().any(|w| operators.contains(w)) {
        all.push("an operator such as `and` or `+`".to_owned());
    }
    match all.split_last() {
        None => String::new(),
        Some((only, [])) => format!("here stands {only}"),
        Some((last, rest)) => format!("here stands {} or {last}", rest.join(", ")),
    }
}

fn shown(tok: &Tok<'_>) -> String {
    match tok.kind {
        T::RBrace => "the closing brace".to_owned(),
        T::LBrace => "the brace".to_owned(),
        T::RParen => "the closing parenthesis".to_owned(),
        T::RBracket => "the closing bracket".to_owned(),
        _ => format!("`{}`", tok.text),
    }
}

/// A finding if the tokens start with no item's keyword.
pub(crate) fn no_item(toks: &[Tok<'_>]) -> Option<Finding> {
    let first = toks.first()?;
    if first.kind == T::Word && is_item_word(first.text) {
        return None;
    }
    let finding = Finding::new(codes::UNKNOWN_ITEM, first.span, format!("{} starts nothing", shown(first)));
    let known = [
        ("territory", "territories"),
        ("tier", "tiers"),
        ("segment", "segments"),
        ("rate", "rates"),
        ("currency", "policy"),
        ("decision", "table"),
        ("kpi", "metric"),
        ("rule", "define"),
        ("let", "define"),
        ("def", "define"),
        ("var", "define"),
        ("goal", "quota"),
        ("score", "scorecard"),
    ];
    let near = known.iter().find(|(word, _)| first.text.eq_ignore_ascii_case(word)).map(|(_, item)| *item);
    let near = near.or_else(|| (first.kind == T::Word).then(|| nearest(first.text, ITEM_WORDS.iter().copied())).flatten());
    Some(match near {
        None if ["import", "include", "use", "load"].contains(&first.text) => {
            finding.help("nothing is imported: all `.kam` files of a folder are one policy")
        }
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), first.span, near),
        None => finding.help(format!("an item starts with one of {}", ITEM_WORDS.join(", "))),
    })
}

/// Nothing where an expression should stand.
pub(crate) fn nothing(span: Span) -> Finding {
    Finding::new(codes::VALUE_MISSING, span, "nothing is written here")
}
