//! Mistakes that people make, each with the finding a newcomer would want.

use kamrules_base::FileId;
use kamrules_tests::{policy, root, texts, unmarked};

#[test]
fn every_mistake_is_found_where_it_is_and_told_as_a_newcomer_would_want() {
    let files = texts(&root().join("tests/mistakes"), "kam");
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|(name, text)| unmarked(name, text, FileId(1), &policy(&[(name, text)]).findings))
        .collect();
    assert!(files.len() > 40);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
