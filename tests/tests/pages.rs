//! The pages of the findings: what they show as wrong gives that one finding, what they show as right gives none.

use kamrules_base::{Code, FileId, Finding, Level, codes};
use kamrules_session::CheckOptions;
use kamrules_tests::{blocks, checked, fixed_badly, mended, policy, root, told};

fn fits(mark: &str, code: Code, findings: &[Finding]) -> bool {
    match mark {
        "kam wrong" => matches!(findings, [only] if only.code == code),
        "kam right" => findings.is_empty(),
        _ => true,
    }
}

/// Whether the cases of a code need no data.
fn needs_only_rules(code: Code) -> bool {
    code.0 < 600 || code.0 >= 1000
}

/// What is said of a block on the page of a code. The pages of text and grammar show single items, which need not make a whole policy;
/// what other pages show as right stands up to the proofs as well.
fn findings(code: Code, mark: &str, text: &str) -> Vec<Finding> {
    match code.0 {
        ..200 => kamrules_syntax::parse(FileId(1), text).1,
        200..1000 if mark == "kam wrong" => policy(&[("page.kam", text)]).findings,
        _ => everything(code, text),
    }
}

/// What `check` says. Notes, and what is allowed and probably not meant, are said on their own pages only.
fn everything(code: Code, text: &str) -> Vec<Finding> {
    let (_, findings) = checked(&[("page.kam", text)], &CheckOptions::default());
    findings.into_iter().filter(|finding| code.0 >= 1100 || finding.code.0 < 1100 && finding.level != Level::Note).collect()
}

/// What is wrong with a finding's fix: of rules that cannot be run it takes that finding away; to what is proved it adds an example as a
/// test, which finds nothing new; of others it leaves nothing at all.
fn leaves(code: Code, text: &str, finding: &Finding) -> Option<String> {
    if code.0 < 1000 {
        return fixed_badly("page.kam", text, FileId(1), finding);
    }
    let mut left = everything(code, &mended(text, FileId(1), finding)?);
    left.retain(|left| code.0 >= 1100 || left.code != finding.code);
    (!left.is_empty()).then(|| format!("{}: the fix leaves {:?}", told(finding), left.iter().map(told).collect::<Vec<_>>()))
}

#[test]
fn every_page_shows_its_finding_and_the_way_out() {
    let mut wrong = Vec::new();
    for info in codes::all() {
        let page = root().join(format!("docs/findings/{}.md", info.code));
        let blocks = blocks(&std::fs::read_to_string(page).expect("every code has a page"));
        let shown = |mark: &str| blocks.iter().any(|(of, _)| of == mark);
        // What takes a monster or a message to show is shown as text.
        if needs_only_rules(info.code) && !shown("text") && !(shown("kam wrong") && shown("kam right")) {
            wrong.push(format!("{}: the page shows no wrong and right case", info.code));
        }
        for (mark, text) in blocks.iter().filter(|(mark, _)| mark.starts_with("kam ")) {
            let findings = findings(info.code, mark, text);
            if !fits(mark, info.code, &findings) {
                let all: Vec<String> = findings.iter().map(told).collect();
                wrong.push(format!("{} {mark}: {all:#?}", info.code));
            }
            wrong.extend(findings.iter().filter_map(|finding| leaves(info.code, text, finding)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
