//! Findings for the tests of the formats: several places, characters of every width, a fix, no place at all.

use crate::report::Report;
use kamrules_base::world::MemoryWorld;
use kamrules_base::{Finding, Sources, Span, codes};
use kamrules_session::Policy;
use kamrules_session::testing::TestOutcome;
use std::path::Path;

/// What the findings of [`with`] point into.
pub(crate) const TEXT: &str = "# 北京 🚲\nterritories zone {\n  dach    when country = \"北京 🚲\"\n  germany when country = \"DE\"\n}\n";

/// A report with four findings in a text that holds what [`TEXT`] holds.
pub(crate) fn with<T>(text: &str, look: impl FnOnce(&Report<'_>) -> T) -> T {
    let mut sources = Sources::default();
    sources.add("standard library", "define nothing = 0\n");
    let file = sources.add("rules & more/zone, 1.kam", text);
    let at = |part: &str| {
        let start = text.find(part).expect("the part is there");
        Span::new(file, start, start + part.len())
    };
    let findings = vec![
        Finding::new(codes::OVERLAP, at("\"北京 🚲\""), "`dach` and `germany` claim 100% of <the same> rows: a & b")
            .here("claims it")
            .also(at("germany"), "and so does this")
            .also(at("zone"), "")
            .help("say which wins with `overrides { germany }`")
            .fix("write `\"DE\"`", at("\"北京 🚲\""), "\"DE\""),
        Finding::new(codes::BROKEN_MUST, at("dach    when country = \"北京 🚲\"\n  germany"), "this goes over two lines"),
        Finding::new(codes::BROKEN_MUST, at("germany when"), "this is on the line of the one behind it"),
        Finding::new(codes::BROKEN_MUST, at("when country = \"DE\""), "this is on the line of the one before it"),
        Finding::without_place(codes::NO_RULES, "this has no place\u{1b}[31m").help("nor an end"),
    ];
    look(&Report { policy: "Zones & more".into(), sources: &sources, files: vec![file], findings, allowed: 0 })
}

const TESTED: &str = "policy \"Tiny\" {\n  currency USD\n  as of 2026-06-30\n}\n
entity account from \"accounts.csv\" {\n  id      : text  key\n  revenue : money\n}\n
tiers abc for account {\n  A when revenue >= $1M\n  C otherwise\n}\n
test \"a big account is key\" {\n  account { revenue = $2M }\n  expect abc = A\n}\n
test \"a small 北京 <account> is key\" {\n  account { revenue = $2 }\n  expect abc = A\n}\n";

/// A report on a policy with a test that passes and one that fails, and what they gave.
pub(crate) fn tested(look: impl FnOnce(&Report<'_>, &[TestOutcome])) {
    let world = MemoryWorld::new([("tiny/policy.kam", TESTED), ("tiny/accounts.csv", "id,revenue\n")]);
    let policies = Policy::open(&world, Path::new(""), Path::new("tiny")).unwrap_or_else(|findings| panic!("{findings:?}"));
    let policy = &policies[0];
    let run = policy.tests(&world, None).unwrap_or_else(|findings| panic!("{findings:?}"));
    look(&Report::of(policy, run.findings), &run.report.tests);
}
