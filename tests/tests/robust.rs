//! Nothing brings the passes down: whatever the text or the bytes, there are findings, soon, and no panic.

use kamrules_base::FileId;
use kamrules_base::world::MemoryWorld;
use kamrules_eval::{Options, columns, rows::Walk};
use kamrules_tests::generate::{Rng, generate};
use kamrules_tests::{policy, root, texts};
use std::time::{Duration, Instant};

/// Generous, for a busy machine; a build without optimization is slow.
const SOON: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 5 });
/// How large a large text is, in bytes.
const LARGE: usize = if cfg!(debug_assertions) { 200_000 } else { 10_000_000 };

/// Parses, checks and formats a text; gives how many findings there are.
fn take(what: &str, text: &str) -> usize {
    let start = Instant::now();
    let outcome = std::panic::catch_unwind(|| {
        let found = policy(&[("any.kam", text)]).findings.len();
        // What can be formatted can be formatted again.
        if let Ok(formatted) = kamrules_syntax::format::format(FileId(0), text) {
            let again = kamrules_syntax::format::format(FileId(0), &formatted);
            assert_eq!(again.ok().as_ref(), Some(&formatted), "formatting again changes something");
        }
        found
    });
    let shown: String = text.chars().take(3000).collect();
    let Ok(found) = outcome else { panic!("{what} brings a pass down:\n{shown}") };
    assert!(start.elapsed() < SOON, "{what} takes {:?}:\n{shown}", start.elapsed());
    found
}

/// Cuts a text into words, signs and blanks, so that the pieces joined are the text.
fn pieces(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let class = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            1
        } else if c.is_whitespace() {
            2
        } else {
            0
        }
    };
    let mut last = 0;
    for c in text.chars() {
        let this = class(c);
        match out.last_mut() {
            Some(piece) if this != 0 && this == last => piece.push(c),
            _ => out.push(c.into()),
        }
        last = this;
    }
    out
}

fn mutated(rng: &mut Rng, text: &str) -> String {
    let mut parts = pieces(text);
    for _ in 0..1 + rng.below(6) {
        if parts.len() < 2 {
            break;
        }
        let at = rng.below(parts.len());
        match rng.below(5) {
            0 => drop(parts.remove(at)),
            1 => parts.insert(at, parts[at].clone()),
            2 => {
                let other = rng.below(parts.len());
                parts.swap(at, other);
            }
            3 => {
                let other = rng.below(parts.len());
                parts[at] = parts[other].clone();
            }
            _ => {
                parts[at] = (*rng.one(&[
                    "(",
                    ")",
                    "{",
                    "}",
                    "\"",
                    "|",
                    "->",
                    "..",
                    "match",
                    "this",
                    "where",
                    "if",
                    "9999999999999999999999999999999999999999",
                    "FY9999",
                    "é",
                    "\u{feff}",
                    "0001-01-01",
                ]))
                .to_owned()
            }
        }
    }
    parts.concat()
}

#[test]
fn no_bytes_bring_the_passes_down() {
    let mut rng = Rng::new(11);
    for round in 0..150 {
        let sign = |rng: &mut Rng| *rng.one(b" \n\t(){}[]|<>=.,:+-*/\"#%$0123456789abcdefghijklmnopqrstuvwxyz_ABC");
        let bytes: Vec<u8> = (0..rng.below(400)).map(|_| if round % 2 == 0 { rng.bits() as u8 } else { sign(&mut rng) }).collect();
        take("a random text", &String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn no_words_in_disorder_bring_the_passes_down() {
    let text: String = texts(&root().join("examples/quickstart"), "kam").into_iter().map(|(_, text)| text).collect();
    let words = pieces(&text);
    let mut rng = Rng::new(12);
    for _ in 0..120 {
        let mixed: Vec<&str> = (0..rng.below(120)).map(|_| rng.one(&words).as_str()).collect();
        take("words in disorder", &mixed.join(" "));
    }
}

#[test]
fn no_truncation_brings_the_passes_down() {
    let short = "policy \"P\" { currency USD }\nentity a from \"a.csv\" { id: text key, m: money?, up: a? }\n\
        tiers t for a where m is known { A when first 80% of m { x = yes } B otherwise { x = no } }\n\
        quota q for a by quarter in FY2025 { target = m or else $0 split 20%, 25%, 25%, 30% }\n\
        define a.d(p: period) = match id { \"a\" or \"b\" -> 1, otherwise -> if t = A then 2 else count(all a where up = this) }\n";
    for end in 0..=short.len() {
        take("a cut text", &short[..end]);
    }
    for (name, text) in texts(&root().join("examples/quickstart"), "kam") {
        let mut rng = Rng::new(text.len() as u64);
        for _ in 0..40 {
            let end = rng.below(text.len());
            if text.is_char_boundary(end) {
                take(&name, &text[..end]);
            }
        }
    }
}

#[test]
fn no_slip_of_the_finger_brings_the_passes_down() {
    let mut rng = Rng::new(13);
    let rounds = std::env::var("KAMRULES_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(120);
    for round in 0..rounds {
        let case = generate(round);
        let text = mutated(&mut rng, &case.policy);
        take(&format!("a slip in policy {round}"), &text);
    }
}

#[test]
fn deep_nesting_ends_in_findings() {
    let nest = |n: usize, open: &str, middle: &str, close: &str| format!("define x = {}{middle}{}\n", open.repeat(n), close.repeat(n));
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("not (", "yes", ")"),
        ("- ", "1", ""),
        ("if yes then 1 else ", "2", ""),
        ("(if yes then ", "1", " else 2)"),
        ("abs(", "1", ")"),
        ("(match 1 { 1 -> ", "1", ", otherwise -> 2 })"),
        ("1 + (", "1", ")"),
        ("[", "1", "]"),
        ("sum(all ", "a", ")"),
    ] {
        let found = policy(&[("any.kam", &nest(250, open, middle, close))]).findings;
        // A `match` in parentheses counts as two levels, and there are 256.
        let deep = found.iter().all(|finding| finding.code.to_string() == "K0129") && open.starts_with("(match");
        assert!(found.is_empty() || deep || matches!(open, "[" | "sum(all "), "{open} nested 250 deep is not clean: {found:?}");
        take("250 deep", &nest(250, open, middle, close));
        take("20,000 deep", &nest(20_000, open, middle, close));
        take("20,000 deep and open", &nest(20_000, open, "", ""));
    }
    take("rungs 5,000 deep", &format!("entity a {{ id: text key }}\nterritories t for a {{ {}", "l when yes { ".repeat(5000)));
    take("nodes 5,000 deep", &format!("tree t for a {{ {}", "\"q\" x { yes -> ".repeat(5000)));
    take("a sum of 20,000", &format!("define x = 1{}\n", " + 1".repeat(20_000)));
    take("20,000 conditions", &format!("define x = yes{}\n", " and yes or no".repeat(10_000)));
    take("a path of 20,000", &format!("define x = a{}\n", ".a".repeat(20_000)));
}

#[test]
fn long_chains_of_defines_are_checked_and_run() {
    let mut text = String::from(
        "policy \"P\" { currency USD as of 2025-01-01 }\nentity a from \"a.csv\" { id: text key, n: integer }\ndefine a.d0 = n\n",
    );
    for i in 1..=5000 {
        text.push_str(&format!("define a.d{i} = d{} + 1\n", i - 1));
    }
    let start = Instant::now();
    let policy = policy(&[("any.kam", &text)]);
    assert!(policy.findings.is_empty());
    let model = &policy.checked.model;
    let world = MemoryWorld::new([("a.csv", "id,n\n1,5\n2,7\n")]);
    let book = kamrules_data::load(model, &policy.sources, &world, &[]).book;
    let answers = columns::run(model, &book, &Options { as_of: None, threads: 1 });
    let last = model.defines.last().expect("a define");
    let walked = Walk::new(model, &book, None).value(last.expr, 1);
    assert_eq!(answers.defines.last().map(|column| column.get(1)), Some(walked));
    assert!(start.elapsed() < SOON * 2, "a chain of 5,000 takes {:?}", start.elapsed());
    // Turned round, each define needs one that comes later.
    let turned: String = text.lines().rev().map(|line| format!("{line}\n")).collect();
    assert_eq!(take("a chain turned round", &turned), 0);
    take("a circle", &format!("{text}define a.e = d5000\n").replace("define a.d0 = n", "define a.d0 = d5000"));
}

#[test]
fn megabytes_of_nonsense_end_in_findings() {
    for piece in ["(", "\"", "{", "a ", "define ", "| ", "# ", "1 + ", "\n", "é", "# é", "1.", "-", "9", "\"{"] {
        let text = piece.repeat(LARGE / piece.len());
        let start = Instant::now();
        let found = policy(&[("any.kam", &text)]).findings.len();
        let parsed = start.elapsed();
        let formatted = kamrules_syntax::format::format(FileId(0), &text).is_ok();
        let all = start.elapsed();
        assert!(
            all < SOON * 3,
            "{LARGE} bytes of {piece:?} take {parsed:?}, and {all:?} with formatting ({found} findings, formatted: {formatted})"
        );
    }
}

const BOOK: &str = "policy \"P\" { currency USD as of 2025-01-01 timezone \"Europe/Berlin\" }
rates { 1 EUR = 1.09 USD from 2024-01-01 }
entity a from \"a.csv\" { id: text key, n: integer? in 0..9, m: money, w: money in cur at d, cur: text, d: date as \"M/D/YYYY\", t: time?, p: percent, f: flag, k: one of { x, y, other }, up: a?, l: duration? }
entity b from \"b.json\" { key (a, i) a: a i: integer n: number(2)? blank as \"-\" }
entity c from \"c.jsonl\" { id: text key ignoring case, b: a? }
";
const A: &str = "id,n,m,w,cur,d,t,p,f,k,up,l\n1,5,12.50,3,EUR,2/1/2024,2024-01-01T10:00:00Z,15%,yes,x,,14 days\n2,,\"1,000\",4,USD,12/31/2023,,2%,No,z,1,\n";
const B: &str = "[{\"a\": \"1\", \"i\": 1, \"n\": 1.25}, {\"a\": \"2\", \"i\": 2, \"n\": \"-\"}, {\"a\": {\"x\": [1]}, \"i\": null}]";
const C: &str = "{\"id\": \"x\", \"b\": \"1\"}\n{\"id\": \"y\", \"b\": null, \"z\": \"\\u00e9\"}\n";

#[test]
fn no_data_brings_the_loader_down() {
    let policy = policy(&[("any.kam", BOOK)]);
    assert!(policy.findings.is_empty(), "{:?}", policy.findings);
    let model = &policy.checked.model;
    let load = |a: &[u8], b: &[u8], c: &[u8]| {
        let start = Instant::now();
        let world = MemoryWorld::new([("a.csv", a.to_vec()), ("b.json", b.to_vec()), ("c.jsonl", c.to_vec())]);
        let loaded = kamrules_data::load(model, &policy.sources, &world, &[]);
        let shown = || String::from_utf8_lossy(&a[..a.len().min(600)]).into_owned();
        assert!(start.elapsed() < SOON, "loading takes {:?}: {}", start.elapsed(), shown());
        for (table, entity) in loaded.book.tables.iter().zip(&model.entities) {
            assert_eq!(table.columns.len(), entity.fields.len());
            assert!(table.columns.iter().all(|column| column.len() == table.rows), "a short column: {}", shown());
        }
        columns::run(model, &loaded.book, &Options { as_of: None, threads: 1 });
        loaded
    };
    let sound = load(A.as_bytes(), B.as_bytes(), C.as_bytes());
    assert!(sound.blocking.is_empty(), "{:?}", sound.blocking);
    for end in 0..=A.len() {
        load(&A.as_bytes()[..end], B.as_bytes(), C.as_bytes());
    }
    for end in 0..=B.len() {
        load(A.as_bytes(), &B.as_bytes()[..end], &C.as_bytes()[..end.min(C.len())]);
    }
    let mut rng = Rng::new(14);
    let any = |rng: &mut Rng| -> Vec<u8> { (0..rng.below(300)).map(|_| rng.bits() as u8).collect() };
    for _ in 0..150 {
        let (a, b, c) = (any(&mut rng), any(&mut rng), any(&mut rng));
        load(&a, &b, &c);
    }
    for _ in 0..400 {
        let [a, b, c] = [A, B, C].map(|text| mutated(&mut rng, text));
        load(a.as_bytes(), b.as_bytes(), c.as_bytes());
    }
    for piece in ["(", "\"", ",", "[", "{\"a\":", "1,", "\n", "\r", "a\n", "\0"] {
        let large = piece.repeat(LARGE / 4 / piece.len());
        load(large.as_bytes(), large.as_bytes(), large.as_bytes());
        load(format!("{A}{large}").as_bytes(), format!("[{large}").as_bytes(), format!("{C}{large}").as_bytes());
    }
}
