//! Forty planted faults, each found where it is and nothing else; and the same forty mended, of which nothing is said.
//!
//! A fault stands below a line `#! CODE what is wrong` and above the next such line; its finding is to point in there.

use kamrules_base::world::MemoryWorld;
use kamrules_base::{Finding, Level};
use kamrules_session::{CheckOptions, Policy};
use kamrules_tests::{checked, root, told};
use std::path::Path;

/// What stands below one `#!` line: what that line says, and the text.
struct Section<'a> {
    says: &'a str,
    text: &'a str,
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let parts = text.split("\n#! ").skip(1).map(|part| part.split_once('\n').expect("something stands below the line"));
    parts.map(|(says, text)| Section { says, text }).collect()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/proofs").join(name)).expect("the file is there")
}

/// What `check` says of a text beyond notes, each with the `#!` line that it is below.
fn found(text: &str) -> Vec<(String, Finding)> {
    let (sources, findings) = checked(&[("policy.kam", text)], &CheckOptions::default());
    let section = |finding: &Finding| {
        let span = finding.span()?;
        let before = &sources.get(span.file).text[..span.start as usize];
        let (_, section) = before.rsplit_once("\n#! ")?;
        section.lines().next().map(str::to_owned)
    };
    let told = findings.into_iter().filter(|finding| finding.level != Level::Note);
    told.map(|finding| (section(&finding).unwrap_or_default(), finding)).collect()
}

#[test]
fn each_planted_fault_is_found_and_nothing_else() {
    let text = read("faults.kam");
    let sections = sections(&text);
    assert_eq!(sections.len(), 40);
    let (mut left, mut wrong) = (found(&text), Vec::new());
    for section in sections {
        let (code, _) = section.says.split_once(' ').expect("a code and what is wrong");
        let here: Vec<Finding> = left.extract_if(.., |(says, _)| says == section.says).map(|(_, finding)| finding).collect();
        if !matches!(here.as_slice(), [only] if only.code.to_string() == code) {
            wrong.push(format!("#! {}\n{}found: {:#?}\n", section.says, section.text, here.iter().map(told).collect::<Vec<_>>()));
        }
    }
    wrong.extend(left.iter().map(|(_, finding)| format!("above them all: {}", told(finding))));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_the_mended_twins_nothing_is_said() {
    let wrong: Vec<String> = found(&read("twins.kam")).iter().map(|(says, finding)| format!("#! {says}\n{}", told(finding))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How many tests a policy has of its own, and what is said of those that fail.
fn tests(text: &str) -> (usize, Vec<String>) {
    let world = MemoryWorld::new([("policy.kam", text)]);
    let policies = Policy::open(&world, Path::new(""), Path::new("policy.kam")).expect("the rules can be read");
    let run = policies[0].tests(&world, None).unwrap_or_else(|findings| panic!("{:?}", findings.iter().map(told).collect::<Vec<_>>()));
    let own = run.report.tests.iter().filter(|test| !test.library).count();
    (own, run.findings.iter().map(told).collect())
}

#[test]
fn the_examples_as_tests_fail_where_the_fault_is_and_hold_where_it_is_mended() {
    let (faults, twins) = (read("faults.kam"), read("twins.kam"));
    let fixes = found(&faults).into_iter().filter_map(|(_, finding)| finding.fix);
    let examples: String = fixes.flat_map(|fix| fix.edits).map(|edit| edit.text).filter(|text| text.contains("test \"")).collect();
    let (count, failing) = tests(&(faults + &examples));
    assert_eq!((count, failing.len()), (19, 19), "{failing:#?}");
    let (count, failing) = tests(&(twins + &examples));
    assert_eq!((count, failing.len()), (19, 0), "{failing:#?}");
}

#[test]
fn each_twin_is_its_fault_with_a_small_change() {
    let (faults, twins) = (read("faults.kam"), read("twins.kam"));
    let (faults, twins) = (sections(&faults), sections(&twins));
    assert_eq!(faults.len(), twins.len());
    for (fault, twin) in faults.iter().zip(&twins) {
        // The formatter sets the lines apart anew; what counts is what is written.
        let lines =
            |text: &str| -> Vec<String> { text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect() };
        let (old, new) = (lines(fault.text), lines(twin.text));
        let changed = new.iter().filter(|line| !old.contains(line)).count();
        let gone = old.iter().filter(|line| !new.contains(line)).count();
        assert!(changed <= 2 && gone <= 2 && old != new, "{}: {gone} lines are gone and {changed} are new", fault.says);
    }
}
