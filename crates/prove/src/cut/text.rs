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

/// More parts of texts than this are combined in pairs only.
const MOST_PARTS: usize = 8;

/// Whether a text passes a test.
pub(crate) fn passes(model: &Model, test: &TextTest, text: &str) -> bool {
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
    crate::realise::call(model, function, &args, &kinds, gives)
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

/// Texts among which every way to pass the tests occurs, the most readable first.
fn candidates(model: &Model, subject: &Subject) -> Vec<String> {
    let (mut named, mut prefixes) = (Vec::<String>::new(), Vec::<String>::new());
    let (mut parts, mut ranges) = (Vec::<Part>::new(), Vec::<(String, String)>::new());
    let mut folded = false;
    let mut lengths: Vec<usize> = Vec::new();
    let mut views: Vec<(usize, bool)> = Vec::new();
    let text = |value: &Value| if let Value::Text(sym) = value { Some(model.texts.get(*sym).to_string()) } else { None };
    for test in &subject.tests {
        let Test::Text(test) = test else { continue };
        for (function, rest) in &test.views {
            let name = kamrules_builtins::get(*function).name;
            folded |= matches!(name, "@fold" | "lower" | "upper");
            if let (Some(Value::Num(n)), "left" | "right") = (rest.first(), name) {
                views.push((usize::try_from(*n).unwrap_or(0).min(200), name == "left"));
            }
        }
        match &test.ask {
            TextAsk::In(syms) => named.extend(syms.iter().map(|&sym| model.texts.get(sym).to_string())),
            TextAsk::Length(runs) => {
                for end in runs.iter().flat_map(|&(low, high)| [low - 1, low, high, high + 1]) {
                    if let Ok(length @ 1..=200) = usize::try_from(end) {
                        lengths.push(length);
                    }
                }
            }
            TextAsk::Call(function, rest) => {
                let args: Vec<String> = rest.iter().filter_map(text).collect();
                folded |= kamrules_builtins::get(*function).name == "has";
                match (kamrules_builtins::get(*function).name, args.as_slice()) {
                    ("@code_in", [low, high]) => ranges.push((low.clone(), high.clone())),
                    ("@starts_with", [prefix]) => {
                        prefixes.push(prefix.clone());
                        parts.push(Part { at: 0, text: prefix.clone() });
                    }
                    ("@ends_with", [suffix]) => parts.push(Part { at: 2, text: suffix.clone() }),
                    (_, [part]) => parts.push(Part { at: 1, text: part.clone() }),
                    _ => {}
                }
            }
        }
    }
    let mut out = Vec::new();
    out.append(&mut named);
    out.extend(ranges.iter().flat_map(|(low, high)| [low.clone(), high.clone()]));
    out.extend(codes(&ranges, &prefixes, &out));
    if parts.iter().all(|part| part.at == 0) {
        out.extend(prefixes.iter().cloned());
        out.extend(prefixes.iter().map(|prefix| beyond(prefix, &prefixes)));
    } else {
        combine(&parts, &mut out);
    }
    views.sort_unstable();
    views.dedup();
    for &(n, left) in &views {
        let longer: Vec<String> = out
            .iter()
            .filter(|text| text.chars().count() == n)
            .map(|text| if left { format!("{text}1") } else { format!("1{text}") })
            .collect();
        out.extend(longer);
    }
    if folded {
        let cased: Vec<String> = out.iter().flat_map(|text| [text.to_uppercase(), text.to_lowercase()]).collect();
        out.extend(cased);
    }
    out.push(other(&out));
    out.extend(lengths.iter().flat_map(|&length| ["X", "1", "x"].map(|filler| filler.repeat(length))));
    // Other texts at these lengths.
    let filled: Vec<String> = out
        .iter()
        .take(200)
        .flat_map(|text| lengths.iter().filter_map(move |&length| Some(format!("{text}{}", "x".repeat(length.checked_sub(text.chars().count())?)))))
        .collect();
    out.extend(filled);
    // One of these passes no test that any text can fail.
    out.extend(["other", "XX", "42", "~", "zz"].map(str::to_owned));
    let mut seen = FxHashSet::default();
    out.retain(|text| !text.is_empty() && seen.insert(text.clone()));
    out
}

#[derive(Clone, PartialEq, Eq)]
struct Part {
    // 0 at the start, 1 anywhere, 2 at the end.
    at: u8,
    text: String,
}

/// A text that starts with a prefix and with none that is longer.
fn beyond(prefix: &str, prefixes: &[String]) -> String {
    let taken = |text: &str| prefixes.iter().any(|other| other.len() > prefix.len() && text.starts_with(other.as_str()));
    let digits = prefix.chars().all(|c| c.is_ascii_digit());
    let pool: Vec<char> = if digits { ('0'..='9').chain('A'..='Z').collect() } else { ('A'..='Z').chain('0'..='9').collect() };
    let fits = |c: char| {
        let text = format!("{prefix}{c}");
        // A letter that begins a longer prefix does no harm while the prefix goes on otherwise.
        (!prefixes.iter().any(|other| other.starts_with(text.as_str())) && !taken(&text)).then_some(text)
    };
    pool.iter().find_map(|&c| fits(c)).unwrap_or_else(|| format!("{prefix}~"))
}

/// Every combination of parts, in an order in which they can stand.
fn combine(parts: &[Part], out: &mut Vec<String>) {
    let mut parts: Vec<Part> = parts.to_vec();
    parts.sort_by(|a, b| (a.at, a.text.len(), &a.text).cmp(&(b.at, b.text.len(), &b.text)));
    parts.dedup();
    // Something that is in no part.
    let strange = ['x', 'q', '1', '~'].into_iter().find(|c| !parts.iter().any(|part| part.text.to_lowercase().contains(*c))).unwrap_or('~');
    let join = |chosen: &[&Part]| {
        let start = chosen.iter().filter(|part| part.at == 0).max_by_key(|part| part.text.len());
        let end = chosen.iter().filter(|part| part.at == 2).max_by_key(|part| part.text.len());
        let mut pieces: Vec<&str> = start.iter().map(|part| part.text.as_str()).collect();
        pieces.extend(chosen.iter().filter(|part| part.at == 1).map(|part| part.text.as_str()));
        pieces.extend(end.iter().map(|part| part.text.as_str()));
        let loose = pieces.join(&format!(" {strange} "));
        (pieces.join(" "), loose, start.map_or(0, |part| part.text.len()), end.map_or(0, |part| part.text.len()))
    };
    let mut add = |chosen: &[&Part]| {
        let (text, loose, start, end) = join(chosen);
        // Where nothing of the text stands at its start (or end), something else does.
        let before = if start == 0 { format!("{strange} ") } else { String::new() };
        let after = if end == 0 { format!(" {strange}") } else { String::new() };
        out.push(text.clone());
        out.push(format!("{before}{loose}{after}"));
        out.push(loose);
        out.push(format!("{before}{text}{after}"));
        out.push(format!("{before}{text}"));
        out.push(format!("{text}{after}"));
        // Inside of a word it is no word.
        let [close_before, close_after] = [start, end].map(|taken| if taken == 0 { strange.to_string() } else { String::new() });
        out.push(format!("{close_before}{text}{close_after}"));
    };
    if parts.len() <= MOST_PARTS {
        for chosen in 0..1_u32 << parts.len() {
            let chosen: Vec<&Part> = parts.iter().enumerate().filter(|(i, _)| chosen & (1 << i) != 0).map(|(_, part)| part).collect();
            if !chosen.is_empty() {
                add(&chosen);
            }
        }
        return;
    }
    for (i, one) in parts.iter().enumerate() {
        add(&[one]);
        parts[i + 1..].iter().for_each(|other| add(&[one, other]));
    }
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
        for prefix in prefixes.iter().filter(|prefix| prefix.chars().count() <= length) {
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
