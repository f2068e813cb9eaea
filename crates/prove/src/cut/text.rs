//! Cells of texts: texts that pass the same tests, found among candidates that the tests themselves suggest.
//!
//! Each text that is named is a candidate; for ranges of codes and prefixes the texts at and right beside their ends, at each length
//! in question; for parts of texts every combination of them, joined. Tests are made by the very functions that the evaluator uses.

use super::Content;
use crate::scope::Subject;
use crate::space::Cells;
use crate::subject::{Test, TextAsk, TextTest};
use kamrules_model::{FunctionId, Model, Sym, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// More parts of texts than this are not combined in every way.
pub(crate) const MOST_PARTS: usize = 9;

/// Of more combinations than this the rest is left out.
const MOST_TEXTS: usize = 120_000;

/// Whether a text passes a test.
pub(crate) fn passes(model: &Model, test: &TextTest, text: &str) -> bool {
    if let (true, TextAsk::Call(function, rest)) = (test.views.is_empty(), &test.ask)
        && let [Value::Text(sym)] = rest.as_slice()
    {
        // Asked thousands of times; what the functions do for text that heeds case.
        let part = model.texts.get(*sym);
        match kamrules_builtins::get(*function).name {
            "@starts_with" => return text.starts_with(&*part),
            "@ends_with" => return text.ends_with(&*part),
            "contains" => return text.contains(&*part),
            _ => {}
        }
    }
    let mut value = Value::Text(model.texts.intern(text));
    for (function, rest) in &test.views {
        match call(model, *function, &value, rest, Type::TEXT) {
            Some(viewed) => value = viewed,
            None => return false,
        }
    }
    match &test.ask {
        TextAsk::In(texts) => matches!(value, Value::Text(sym) if texts.binary_search(&sym).is_ok()),
        TextAsk::Length(runs) => match value {
            Value::Text(sym) => {
                let length = model.texts.get(sym).chars().count() as i128;
                runs.iter().any(|&(low, high)| low <= length && length <= high)
            }
            _ => false,
        },
        TextAsk::Call(function, rest) => call(model, *function, &value, rest, Type::Flag) == Some(Value::Flag(true)),
    }
}

fn call(model: &Model, function: FunctionId, text: &Value, rest: &[Value], gives: Type) -> Option<Value> {
    let kind = |value: &Value| if matches!(value, Value::Text(_)) { Type::TEXT } else { Type::INTEGER };
    let args: Vec<Value> = std::iter::once(text).chain(rest).cloned().collect();
    let kinds: Vec<Type> = args.iter().map(kind).collect();
    crate::compute::call(model, function, &args, &kinds, gives)
}

/// The cells of a text.
pub(crate) fn cut(model: &Model, subject: &Subject) -> (Content, Vec<Cells>) {
    let texts = candidates(model, subject);
    // Plain lists are looked up; only what else is asked is asked of each text.
    let mut listed: FxHashMap<Sym, Vec<u32>> = FxHashMap::default();
    let mut asked: Vec<(u32, &TextTest)> = Vec::new();
    for (i, test) in subject.tests.iter().enumerate() {
        match test {
            Test::Text(TextTest { views, ask: TextAsk::In(values) }) if views.is_empty() => {
                values.iter().for_each(|&sym| listed.entry(sym).or_default().push(i as u32));
            }
            Test::Text(test) => asked.push((i as u32, test)),
            _ => {}
        }
    }
    let mut seen: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
    let (mut cells, mut signatures): (Vec<String>, Vec<Vec<u32>>) = (Vec::new(), Vec::new());
    for text in texts {
        let mut passed = model.texts.find(&text).and_then(|sym| listed.get(&sym)).cloned().unwrap_or_default();
        passed.extend(asked.iter().filter(|(_, test)| passes(model, test, &text)).map(|(i, _)| *i));
        passed.sort_unstable();
        if !seen.contains_key(&passed) {
            seen.insert(passed.clone(), cells.len());
            cells.push(text);
            signatures.push(passed);
        }
    }
    let count = cells.len() as u32 + u32::from(subject.misses);
    let mut passed: Vec<Cells> = subject.tests.iter().map(|_| Cells::none(count)).collect();
    for (cell, signature) in signatures.iter().enumerate() {
        passed[0].insert(cell as u32);
        signature.iter().for_each(|&test| passed[test as usize].insert(cell as u32));
    }
    (Content::Texts(cells), passed)
}

/// What the tests on a text speak of.
#[derive(Default)]
struct Spoken {
    // Texts that are named whole.
    named: Vec<String>,
    // How texts begin, how they end, what is in them.
    heads: Vec<String>,
    tails: Vec<String>,
    middles: Vec<String>,
    // Codes from and to.
    ranges: Vec<(String, String)>,
    lengths: Vec<usize>,
    // Whether case is looked past.
    folded: bool,
}

fn spoken(model: &Model, subject: &Subject) -> Spoken {
    let mut out = Spoken::default();
    let text = |value: &Value| if let Value::Text(sym) = value { Some(model.texts.get(*sym).to_string()) } else { None };
    for test in &subject.tests {
        let Test::Text(test) = test else { continue };
        let mut side = None;
        for (function, rest) in &test.views {
            let name = kamrules_builtins::get(*function).name;
            out.folded |= matches!(name, "@fold" | "lower" | "upper");
            if let (Some(Value::Num(n)), "left" | "right") = (rest.first(), name) {
                side = Some(name);
                out.lengths.extend(usize::try_from(*n).ok().filter(|n| (1..=60).contains(n)));
            }
        }
        match &test.ask {
            TextAsk::In(syms) => {
                let texts = syms.iter().map(|&sym| model.texts.get(sym).to_string());
                match side {
                    Some("left") => out.heads.extend(texts),
                    Some(_) => out.tails.extend(texts),
                    None => out.named.extend(texts),
                }
            }
            TextAsk::Length(runs) => {
                let ends = runs.iter().flat_map(|&(low, high)| [low - 1, low, high, high.saturating_add(1)]);
                out.lengths.extend(ends.filter_map(|end| usize::try_from(end).ok()).filter(|length| (1..=200).contains(length)));
            }
            TextAsk::Call(function, rest) => {
                let args: Vec<String> = rest.iter().filter_map(text).collect();
                let name = kamrules_builtins::get(*function).name;
                out.folded |= name == "has";
                match (name, args.as_slice()) {
                    ("@code_in", [low, high]) => match side {
                        Some("left") => out.heads.extend([low.clone(), high.clone()]),
                        Some(_) => out.tails.extend([low.clone(), high.clone()]),
                        None => out.ranges.push((low.clone(), high.clone())),
                    },
                    ("@starts_with", [part]) if side != Some("right") => out.heads.push(part.clone()),
                    ("@ends_with", [part]) if side != Some("left") => out.tails.push(part.clone()),
                    (_, [part]) => {
                        // What stands in the first or last characters may be all of them.
                        match side {
                            Some("left") => out.heads.push(part.clone()),
                            Some(_) => out.tails.push(part.clone()),
                            None => {}
                        }
                        out.middles.push(part.clone());
                    }
                    _ => {}
                }
            }
        }
    }
    out.lengths.extend(out.ranges.iter().map(|(low, _)| low.chars().count()));
    for list in [&mut out.heads, &mut out.tails, &mut out.middles] {
        list.sort_unstable();
        list.dedup();
    }
    out.lengths.sort_unstable();
    out.lengths.dedup();
    out
}

/// Texts among which every way to pass the tests occurs, the most readable first: named texts; codes at and beside the ends of
/// ranges; and whatever begins, has inside and ends as the tests speak of it, loosely and closely joined, and at each length in question.
fn candidates(model: &Model, subject: &Subject) -> Vec<String> {
    let spoken = spoken(model, subject);
    let mut out = spoken.named.clone();
    out.extend(spoken.ranges.iter().flat_map(|(low, high)| [low.clone(), high.clone()]));
    out.extend(codes(&spoken.ranges, &spoken.heads, &spoken.named));
    let codes = out.len();
    let mut heads = spoken.heads.clone();
    heads.extend(spoken.heads.iter().map(|head| beyond(head, &spoken.heads)));
    heads.insert(0, String::new());
    let mut tails = spoken.tails.clone();
    tails.insert(0, String::new());
    let middles = combinations(&spoken.middles);
    // Something that no test speaks of.
    let all: Vec<String> = [&spoken.heads, &spoken.tails, &spoken.middles].into_iter().flatten().map(|part| part.to_lowercase()).collect();
    let strange = ['x', 'q', 'j', '1', '~'].into_iter().find(|c| !all.iter().any(|part| part.contains(*c))).unwrap_or('~').to_string();
    'all: for head in &heads {
        for middle in &middles {
            for tail in &tails {
                join(head, middle, tail, &strange, &mut out);
                if out.len() > MOST_TEXTS {
                    break 'all;
                }
            }
        }
    }
    lengthen(&heads, &tails, &spoken.lengths, &strange, &mut out);
    // Codes with other ends.
    let coded: Vec<String> = out[..codes].iter().take(200).cloned().collect();
    for code in coded {
        let (length, chars) = (code.chars().count(), code.chars().collect::<Vec<_>>());
        for tail in &tails[1..] {
            let keep = length.saturating_sub(tail.chars().count());
            let start: String = chars[..keep].iter().collect();
            out.extend([neighbour(&start, true), neighbour(&start, false)].into_iter().flatten().map(|start| start + tail));
            out.push(start + tail);
        }
        for head in &heads[1..] {
            out.push(format!("{head}{}", chars.iter().skip(head.chars().count()).collect::<String>()));
        }
    }
    if spoken.folded {
        let cased: Vec<String> = out.iter().take(MOST_TEXTS).flat_map(|text| [text.to_uppercase(), text.to_lowercase()]).collect();
        out.extend(cased);
    }
    out.push(other(&out));
    // One of these passes no test that any text can fail.
    out.extend(["other", "XX", "42", "~", "zz"].map(str::to_owned));
    let mut seen = FxHashSet::default();
    // Loaded text has no blanks at its ends; a rule that names one all the same has a finding of its own.
    let named: FxHashSet<&String> = spoken.named.iter().collect();
    out.retain(|text| !text.is_empty() && (text.trim() == text || named.contains(text)) && seen.insert(text.clone()));
    out
}

/// A beginning, a middle and an end: joined closely, by blanks, and with something strange between.
fn join(head: &str, middle: &[&str], tail: &str, strange: &str, out: &mut Vec<String>) {
    let pieces = || [head].into_iter().chain(middle.iter().copied()).chain([tail]).filter(|piece| !piece.is_empty()).collect::<Vec<_>>();
    let between = format!(" {strange} ");
    for glue in ["", " ", &between, strange] {
        out.push(pieces().join(glue));
    }
    if !middle.is_empty() {
        // A word inside, and what begins and ends grown into another.
        let inside = middle.join(" ");
        for (first, last) in [("", strange), (strange, ""), (strange, strange)] {
            out.push(format!("{head}{first} {inside} {last}{tail}"));
        }
    }
    // Where nothing is said of the start or the end, something else stands there: as a word of its own, and in one with what is said.
    for (before, after) in [(format!("{strange} "), format!(" {strange}")), (strange.to_owned(), strange.to_owned())] {
        let before = if head.is_empty() { before } else { String::new() };
        let after = if tail.is_empty() { after } else { String::new() };
        for glue in [" ", &between] {
            let inside = pieces().join(glue);
            out.push(format!("{before}{inside}{after}"));
            out.push(format!("{before}{inside}"));
            out.push(format!("{inside}{after}"));
        }
    }
}

/// Beginnings and ends at each length in question, filled up between, or overlapping.
fn lengthen(heads: &[String], tails: &[String], lengths: &[usize], strange: &str, out: &mut Vec<String>) {
    for &length in lengths.iter().take(24) {
        for head in heads {
            for tail in tails {
                if out.len() > 2 * MOST_TEXTS {
                    return;
                }
                let (first, last): (Vec<char>, Vec<char>) = (head.chars().collect(), tail.chars().collect());
                match length.checked_sub(first.len() + last.len()) {
                    Some(room) => {
                        for filler in ["0", "9", "1", "X", strange] {
                            out.push(format!("{head}{}{tail}", filler.repeat(room)));
                        }
                    }
                    None if first.len() <= length && last.len() <= length => {
                        let start = length - last.len();
                        if first[start.min(first.len())..] == last[..first.len().saturating_sub(start)] {
                            out.push(first[..start.min(first.len())].iter().chain(&last).collect());
                        }
                    }
                    None => {}
                }
            }
        }
    }
}

/// Every choice of some parts; of many only single ones and pairs.
fn combinations(parts: &[String]) -> Vec<Vec<&str>> {
    let chosen = |mask: u32| parts.iter().enumerate().filter(|(i, _)| mask & (1 << i) != 0).map(|(_, part)| part.as_str()).collect();
    if parts.len() <= MOST_PARTS {
        return (0..1_u32 << parts.len()).map(chosen).collect();
    }
    let mut out = vec![Vec::new()];
    for (i, one) in parts.iter().enumerate() {
        out.push(vec![one.as_str()]);
        out.extend(parts[i + 1..].iter().map(|other| vec![one.as_str(), other.as_str()]));
    }
    out
}

/// A text that starts with a prefix and with none that is longer. The prefixes are sorted.
fn beyond(prefix: &str, prefixes: &[String]) -> String {
    let digits = prefix.chars().all(|c| c.is_ascii_digit());
    let pool: Vec<char> = if digits { ('0'..='9').chain('A'..='Z').collect() } else { ('A'..='Z').chain('0'..='9').collect() };
    let fits = |c: char| {
        let text = format!("{prefix}{c}");
        let next = prefixes.partition_point(|other| *other < text);
        (!prefixes.get(next).is_some_and(|other| other.starts_with(text.as_str()))).then_some(text)
    };
    pool.iter().find_map(|&c| fits(c)).unwrap_or_else(|| format!("{prefix}~"))
}

/// Codes at and beside the ends of ranges and prefixes, of each length that a range has.
fn codes(ranges: &[(String, String)], prefixes: &[String], named: &[String]) -> Vec<String> {
    let mut lengths: Vec<usize> = ranges.iter().map(|(low, _)| low.chars().count()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut out = Vec::new();
    for length in lengths {
        let fits = |text: &&String| text.chars().count() == length;
        let ends: Vec<&String> = ranges.iter().flat_map(|(low, high)| [low, high]).filter(fits).chain(named.iter().filter(fits)).collect();
        for end in &ends {
            out.extend(neighbour(end, true));
            out.extend(neighbour(end, false));
        }
        for prefix in prefixes.iter().filter(|prefix| prefix.chars().count() <= length).take(500) {
            for filler in ['0', '9', 'A', 'Z', '~'] {
                let text: String = prefix.chars().chain(std::iter::repeat(filler)).take(length).collect();
                out.extend(neighbour(&text, true));
                out.extend(neighbour(&text, false));
                out.push(text);
            }
        }
        for filler in ['0', '9', 'A', 'Z'] {
            out.push(std::iter::repeat_n(filler, length).collect());
        }
    }
    out
}

/// The next code of the same length and kind, up or down.
fn neighbour(code: &str, up: bool) -> Option<String> {
    let mut chars: Vec<char> = code.chars().collect();
    for i in (0..chars.len()).rev() {
        let (first, last) = match chars[i] {
            '0'..='9' => ('0', '9'),
            'A'..='Z' => ('A', 'Z'),
            'a'..='z' => ('a', 'z'),
            _ => continue,
        };
        let end = if up { last } else { first };
        if chars[i] == end {
            chars[i] = if up { first } else { last };
            continue;
        }
        chars[i] = char::from_u32(if up { chars[i] as u32 + 1 } else { chars[i] as u32 - 1 })?;
        return Some(chars.into_iter().collect());
    }
    None
}

/// A text unlike any other.
fn other(taken: &[String]) -> String {
    let short = taken.iter().all(|text| text.chars().count() <= 3);
    let pool: &[&str] = if short { &["ZZ", "XX", "QQ", "other"] } else { &["other", "something else", "another"] };
    let free = |text: &&&str| !taken.iter().any(|other| other.eq_ignore_ascii_case(text));
    pool.iter().find(free).map_or_else(|| "~other~".to_owned(), |text| (*text).to_owned())
}
