//! What the language means, by worked examples: small policies whose tests say what must come out, each value worked out by hand.
//!
//! All tests of `corpus/eval/*.kam` pass. Of those in `corpus/eval/fails/*.kam` exactly the ones named in comments fail, and for the
//! reason given: `# fails: NAME OF THE TEST: words of what is said`.

use kamrules_base::Finding;
use kamrules_base::world::MemoryWorld;
use kamrules_session::{CheckOptions, Policy};
use kamrules_tests::{root, texts, told};
use std::collections::BTreeSet;
use std::path::Path;

/// A test that is to fail, and words of what is said of it.
struct Fails {
    test: String,
    words: String,
}

/// The corpus in memory: its policies and their data. Rules are looked for from the root, data from the working folder, which is the root:
/// so every file stands under both names.
fn world() -> MemoryWorld {
    let folder = root().join("tests/corpus/eval");
    let mut files = Vec::new();
    for (inner, ending) in [("", "kam"), ("fails", "kam"), ("data", "csv")] {
        for (name, text) in texts(&folder.join(inner), ending) {
            files.push((Path::new("/eval").join(inner).join(&name), text.clone()));
            files.push((Path::new("eval").join(inner).join(&name), text));
        }
    }
    MemoryWorld::new(files)
}

/// What is wrong with the tests of a file, a line each.
fn wrong(world: &MemoryWorld, path: &str, text: &str) -> Vec<String> {
    let mut policies = match Policy::open(world, Path::new("/"), Path::new(path)) {
        Ok(policies) => policies,
        Err(findings) => return findings.iter().map(|finding| format!("{path}: {}", told(finding))).collect(),
    };
    let policy = policies.remove(0);
    let found = policy.check(world, &CheckOptions::default()).findings;
    if found.iter().any(Finding::is_error) {
        return found.iter().filter(|finding| finding.is_error()).map(|finding| format!("{path}: {}", told(finding))).collect();
    }
    let run = match policy.tests(world, None) {
        Ok(run) => run,
        Err(findings) => return findings.iter().map(|finding| format!("{path}: {}", told(finding))).collect(),
    };
    // Rows that are set aside are told as warnings; only an error is a test that fails.
    let errors: Vec<&Finding> = run.findings.iter().filter(|finding| finding.is_error()).collect();
    let names: Vec<&str> = run.report.tests.iter().filter(|test| !test.library).map(|test| test.name.as_str()).collect();
    let mut wrong = Vec::new();
    if names.is_empty() {
        wrong.push(format!("{path}: it has no test"));
    }
    if names.iter().collect::<BTreeSet<_>>().len() != names.len() {
        wrong.push(format!("{path}: two tests have one name"));
    }
    let fails = fails(text);
    for one in &fails {
        if !names.contains(&one.test.as_str()) {
            wrong.push(format!("{path}: there is no test `{}`", one.test));
        } else if !errors.iter().any(|finding| is_about(finding, &one.test) && said(finding).contains(&one.words)) {
            wrong.push(format!("{path}: `{}` does not fail with `{}`", one.test, one.words));
        }
    }
    let expected = |finding: &&&Finding| fails.iter().any(|one| is_about(finding, &one.test));
    wrong.extend(errors.iter().filter(|finding| !expected(finding)).map(|finding| format!("{path}: {}", told(finding))));
    wrong
}

/// The tests that a file says are to fail.
fn fails(text: &str) -> Vec<Fails> {
    let marks = text.lines().filter_map(|line| line.strip_prefix("# fails: "));
    marks
        .map(|mark| {
            let (test, words) = mark.split_once(": ").unwrap_or_else(|| panic!("`{mark}` is not `NAME: words`"));
            Fails { test: test.to_owned(), words: words.trim().to_owned() }
        })
        .collect()
}

fn is_about(finding: &Finding, test: &str) -> bool {
    finding.message.contains(&format!("the test `{test}`"))
}

/// All that a finding says: its message, what stands at its places, and its help.
fn said(finding: &Finding) -> String {
    let places = finding.labels.iter().map(|label| label.text.as_str());
    std::iter::once(finding.message.as_str()).chain(places).chain(finding.help.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_the_language_means_comes_out() {
    let (world, files) = (world(), texts(&root().join("tests/corpus/eval"), "kam"));
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|(name, text)| match fails(text).is_empty() {
            true => wrong(&world, &format!("eval/{name}"), text),
            false => vec![format!("{name}: a file with tests that fail stands in `fails`")],
        })
        .collect();
    assert!(files.len() >= 20, "only {} files", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_cannot_come_out_is_told() {
    let (world, files) = (world(), texts(&root().join("tests/corpus/eval/fails"), "kam"));
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|(name, text)| match fails(text).is_empty() {
            false => wrong(&world, &format!("eval/fails/{name}"), text),
            true => vec![format!("{name}: it says of no test that it fails")],
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
