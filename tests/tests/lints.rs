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

/// Everything that a check says of a folder of the repository, with its data; each finding with what is at its place.
fn said_of_folder(folder: &Path) -> Vec<(String, Finding)> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            match path.is_dir() {
                true => open.push(path),
                false => files.push((path.clone(), std::fs::read(&path).expect("a file can be read"))),
            }
        }
    }
    let world = MemoryWorld::new(files);
    let policies = Policy::open(&world, Path::new(""), folder).unwrap_or_else(|findings| panic!("{findings:?}"));
    let mut all = Vec::new();
    for policy in &policies {
        let findings = policy.check(&world, &CheckOptions::default()).findings;
        all.extend(findings.into_iter().map(|finding| (policy.sources.text(finding.span().unwrap_or_default()).to_owned(), finding)));
    }
    all
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
        let cases = shown("kam wrong") && shown("kam right");
        if !shown("text") && !cases {
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
    assert!(count >= 75, "{count}");
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

#[test]
fn lints_are_silent_about_the_examples() {
    let mut loud = Vec::new();
    for name in ["quickstart", "adventureworks", "northwind"] {
        let found = said_of_folder(&root().canonicalize().expect("the repository is there").join("examples").join(name));
        let lints = found.iter().filter(|(_, finding)| is_lint(finding));
        loud.extend(lints.map(|(place, finding)| format!("{name}: `{place}` {}", told(finding))));
    }
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}

/// The notes about ties of a policy over these accounts, each with what it is about.
fn ties(condition: &str, revenues: &[u32]) -> Vec<String> {
    let rules = format!(
        "policy \"Ties\" {{ currency USD }}\nentity account from \"accounts.csv\" {{ id : text key  revenue : money }}\n\
         tiers club for account {{ top when {condition}  others otherwise }}\n"
    );
    let rows = revenues.iter().enumerate().map(|(id, revenue)| format!("{id},{revenue}\n")).collect::<String>();
    let world = MemoryWorld::new([("case.kam", rules), ("accounts.csv", format!("id,revenue\n{rows}"))]);
    let policies = Policy::open(&world, Path::new(""), Path::new("case.kam")).unwrap_or_else(|findings| panic!("{findings:?}"));
    let said = policies[0].check(&world, &CheckOptions { data: true, ..CheckOptions::default() }).findings;
    said.iter().filter(|finding| finding.code == codes::TIES).map(|finding| finding.message.clone()).collect()
}

#[test]
fn ties_are_told_where_they_take_in_more_rows_than_a_rank_says() {
    let tie = |condition: &str, rows: usize, tied: usize| {
        vec![format!("`{condition}` is yes for {rows} rows of `account`: {tied} of them tie where it ends")]
    };
    let top = "top 2 by revenue";
    assert_eq!(ties(top, &[9, 5, 5, 5, 1]), tie(top, 4, 3));
    assert_eq!(ties(top, &[9, 5, 4, 4, 1]), Vec::<String>::new());
    assert_eq!(ties(top, &[5, 5, 4, 1]), Vec::<String>::new());
    assert_eq!(ties("bottom 1 by revenue", &[9, 5, 1, 1]), tie("bottom 1 by revenue", 2, 2));
    assert_eq!(ties("top 40% by revenue", &[9, 5, 5, 1, 1]), tie("top 40% by revenue", 3, 2));
    assert_eq!(ties("first 80% of revenue", &[70, 10, 10, 10]), tie("first 80% of revenue", 4, 3));
    assert_eq!(ties("first 95% of revenue", &[70, 10, 10, 10]), Vec::<String>::new());
    assert_eq!(ties("rank(revenue) <= 2", &[9, 5, 5, 1]), tie("rank(revenue) <= 2", 3, 2));
    assert_eq!(ties("rank(revenue) <= 3", &[9, 5, 5, 1]), Vec::<String>::new());
}
