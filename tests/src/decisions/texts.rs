//! Texts for which the tests on one variable come out in every way they can.

use super::conds::{Cond, TextTest, eval};
use super::vars::{Held, Val};
use std::collections::BTreeSet;

/// One text for each way in which the tests can come out together.
pub fn texts(tests: &[TextTest]) -> Vec<Held> {
    let mut candidates = BTreeSet::from(["~".to_owned(), "q".to_owned()]);
    let (mut starts, mut ends, mut parts) = (vec![String::new()], vec![String::new()], Vec::new());
    for test in tests {
        match test {
            TextTest::In(texts, _) => candidates.extend(texts.iter().cloned()),
            TextTest::Starts(part) => starts.push(part.clone()),
            TextTest::Ends(part) => ends.push(part.clone()),
            TextTest::Contains(part) => parts.push(part.clone()),
            TextTest::Has(words) => parts.extend(words.iter().cloned()),
            // A shorter text than was asked for is taken whole.
            TextTest::Left(_, part) => starts.push(part.clone()),
            TextTest::Right(_, part) => ends.push(part.clone()),
            TextTest::Code(low, high) => codes(low, high, &mut candidates),
        }
    }
    parts.sort();
    parts.dedup();
    candidates.extend(starts.iter().chain(&ends).chain(&parts).cloned());
    let middles = middles(&parts);
    for start in &starts {
        for end in &ends {
            candidates.extend(joined(start, end));
            for middle in &middles {
                candidates.extend(["~", "q"].map(|edge| format!("{start}{edge}{middle}{edge}{end}")));
            }
        }
    }
    let trimmed: BTreeSet<String> = candidates.into_iter().filter(|text| !text.is_empty() && text.trim() == text).collect();
    apart(tests, trimmed)
}

/// What may stand in the middle: at most three of the parts, each by itself, so that it is a word, or within one.
fn middles(parts: &[String]) -> Vec<String> {
    let mut out: Vec<(usize, String)> = vec![(0, String::new())];
    for part in parts {
        let more: Vec<(usize, String)> = out
            .iter()
            .filter(|(count, _)| *count < 3)
            .flat_map(|(count, text)| [(count + 1, format!("{text}~{part}~")), (count + 1, format!("{text}q{part}q"))])
            .collect();
        out.extend(more);
    }
    out.into_iter().map(|(_, text)| text).collect()
}

/// Texts that begin and end so, the two touching or overlapping.
fn joined(start: &str, end: &str) -> Vec<String> {
    let mut out = vec![format!("{start}{end}"), format!("{start}~{end}"), format!("{start}q{end}")];
    for shared in 1..=start.len().min(end.len()) {
        if start.is_char_boundary(start.len() - shared) && start.ends_with(&end[..shared]) {
            out.push(format!("{start}{}", &end[shared..]));
        }
    }
    out
}

/// Codes of as many digits as these two: all of them, if they are few, else those about the ends and all prefixes of them.
fn codes(low: &str, high: &str, out: &mut BTreeSet<String>) {
    let width = low.len();
    if width <= 3 {
        out.extend((0..10_u64.pow(width as u32)).map(|code| format!("{code:0width$}")));
    }
    for end in [low, high] {
        let Ok(code) = end.parse::<u64>() else { continue };
        out.extend([code.saturating_sub(1), code, code + 1].map(|code| format!("{code:0width$}")));
        out.extend([format!("{end}0"), end[..width - 1].to_owned(), format!("{}~", &end[..width - 1])]);
    }
}

/// The first of those texts for which all tests come out the same.
fn apart(tests: &[TextTest], candidates: BTreeSet<String>) -> Vec<Held> {
    let conds: Vec<Cond> = tests.iter().map(|test| Cond::Text(0, test.clone())).collect();
    let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
    let mut ordered: Vec<String> = candidates.into_iter().collect();
    ordered.sort_by_key(|text| (text.chars().count(), text.clone()));
    for text in ordered {
        let row: Vec<Held> = vec![Some(Val::Text(text))];
        let outcome: Vec<bool> = conds.iter().map(|cond| eval(cond, &row) == Some(true)).collect();
        if seen.insert(outcome) {
            out.extend(row);
        }
    }
    out
}
