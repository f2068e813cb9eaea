//! Small cases of what the checker holds: each finding is marked at its place, and what is not marked is clean.

use kamrules_base::FileId;
use kamrules_tests::{cases, fixed_badly, policy, root, texts, unmarked};

const PARTS: [&str; 14] = [
    "names",
    "types",
    "missing",
    "units",
    "aggregates",
    "decisions",
    "tables",
    "trees",
    "quotas",
    "metrics",
    "obligations",
    "entities",
    "tests",
    "layers",
];

#[test]
fn every_mark_is_found_and_every_finding_is_marked() {
    let (mut count, mut wrong) = (0, Vec::new());
    for part in PARTS {
        for (name, text) in texts(&root().join("tests/corpus/check").join(part), "kam") {
            for (name, text) in cases(&format!("{part}/{name}"), &text) {
                count += 1;
                let findings = policy(&[("case.kam", &text)]).findings;
                wrong.extend(unmarked(&name, &text, FileId(1), &findings));
                wrong.extend(findings.iter().filter_map(|finding| fixed_badly(&name, &text, FileId(1), finding)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 150, "{count}");
}
