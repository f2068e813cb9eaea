//! The pages of the findings: what they show as wrong gives that one finding, what they show as right gives none.

use kamrules_base::{FileId, Finding, codes};
use kamrules_tests::{blocks, fixed_badly, policy, root, told};

fn fits(mark: &str, code: kamrules_base::Code, findings: &[Finding]) -> bool {
    match mark {
        "kam wrong" => matches!(findings, [only] if only.code == code),
        "kam right" => findings.is_empty(),
        _ => true,
    }
}

/// The first three digits of the codes whose cases need no data.
fn needs_only_rules(code: kamrules_base::Code) -> bool {
    code.0 < 600
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
            // The pages of text and grammar show single items, which need not make a whole policy.
            let findings =
                if info.code.0 < 200 { kamrules_syntax::parse(FileId(1), text).1 } else { policy(&[("page.kam", text)]).findings };
            if !fits(mark, info.code, &findings) {
                let all: Vec<String> = findings.iter().map(told).collect();
                wrong.push(format!("{} {mark}: {all:#?}", info.code));
            }
            wrong.extend(findings.iter().filter_map(|finding| fixed_badly("page.kam", text, FileId(1), finding)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
