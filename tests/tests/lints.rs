//! Lints: what each of their pages shows, small cases with a mark under each guilty place, and silence about what is good.

use kamrules_base::world::MemoryWorld;
use kamrules_base::{FileId, Finding, Level, codes};
use kamrules_session::{CheckOptions, Policy};
use kamrules_tests::{blocks, cases, mended, root, texts, told, unmarked};
use std::path::Path;

/// The lints of text, model, tests and data; those behind are about levels.
fn is_lint(finding: &Finding) -> bool {
    (1101..1150).contains(&finding.code.0)
}

/// Everything that a check says of a policy in one file.
fn said(text: &str) -> Vec<Finding> {
    let world = MemoryWorld::new([("case.kam", text)]);
    match Policy::open(&world, Path::new(""), Path::new("case.kam")) {
        Ok(policies) => policies[0].check(&world, &CheckOptions::default()).findings,
        Err(findings) => findings,
    }
}

/// What is wrong with the fixes: once applied, a finding must be gone, and nothing at fault that was not.
fn fixed_badly(name: &str, text: &str, findings: &[Finding]) -> Vec<String> {
    let mut wrong = Vec::new();
    for finding in findings.iter().filter(|finding| is_lint(finding)) {
        let Some(fixed) = mended(text, FileId(1), finding) else { continue };
        let left = said(&fixed);
        let same = |all: &[Finding]| all.iter().filter(|other| other.code == finding.code).count();
        if let Some(error) = left.iter().find(|finding| finding.is_error()) {
            wrong.push(format!("{name}: the fix of {} gives {}\n{fixed}", told(finding), told(error)));
        } else if same(&left) >= same(findings) {
            wrong.push(format!("{name}: the fix of {} leaves it\n{fixed}", told(finding)));
        }
    }
    wrong
}

#[test]
fn every_page_of_a_lint_shows_it_and_the_way_out() {
    let mut wrong = Vec::new();
    for info in codes::all().filter(|info| (1101..1150).contains(&info.code.0)) {
        let blocks = blocks(info.page);
        let shown = |mark: &str| blocks.iter().any(|(of, _)| of == mark);
        if !shown("text") && !(shown("kam wrong") && shown("kam right")) {
            wrong.push(format!("{}: the page shows no wrong and right case", info.code));
        }
        for (mark, text) in &blocks {
            let findings = said(text);
            let fits = match mark.as_str() {
                "kam wrong" => matches!(findings.as_slice(), [only] if only.code == info.code),
                "kam right" => findings.is_empty(),
                _ => true,
            };
            if !fits {
                wrong.push(format!("{} {mark}: {:#?}", info.code, findings.iter().map(told).collect::<Vec<_>>()));
            }
            wrong.extend(fixed_badly(&info.code.to_string(), text, &findings));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_mark_is_found_and_every_finding_is_marked() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, text) in texts(&root().join("tests/corpus/lint"), "kam") {
        for (name, text) in cases(&name, &text) {
            count += 1;
            let findings: Vec<Finding> = said(&text).into_iter().filter(|finding| is_lint(finding) || finding.is_error()).collect();
            wrong.extend(unmarked(&name, &text, FileId(1), &findings));
            wrong.extend(fixed_badly(&name, &text, &findings));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 80, "{count}");
}

#[test]
fn lints_are_silent_about_the_pages_of_other_findings() {
    let mut loud = Vec::new();
    for info in codes::all().filter(|info| !(1101..1150).contains(&info.code.0)) {
        for (mark, text) in blocks(info.page).iter().filter(|(mark, _)| mark == "kam right") {
            let found = said(text).into_iter().filter(|finding| is_lint(finding) && finding.level > Level::Note);
            loud.extend(found.map(|finding| format!("{} {mark}: {}", info.code, told(&finding))));
        }
    }
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}
