//! Tests of one name, and tests that are one test under two names.

use crate::Policy;
use crate::look::key;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{ItemKind, Text};
use rustc_hash::FxHashMap;

/// Tests that cannot be told apart, by name or by what they try.
pub(crate) fn same_test(policy: &Policy<'_>) -> Vec<Finding> {
    let (mut names, mut bodies): (FxHashMap<&str, &Text>, FxHashMap<String, &Text>) = Default::default();
    let mut found = Vec::new();
    for item in policy.items() {
        let ItemKind::Test(test) = &item.kind else { continue };
        let body = key(policy, Span { start: test.name.span.end, ..item.span });
        match bodies.get(&body) {
            Some(first) => {
                let finding =
                    Finding::new(codes::SAME_TEST, test.name.span, format!("this test tries what the test {:?} tries", first.value));
                found.push(finding.also(first.span, "the other").help("take one out, or change what this one was meant to try"));
                continue;
            }
            None => drop(bodies.insert(body, &test.name)),
        }
        match names.get(test.name.value.as_str()) {
            Some(first) => {
                let finding = Finding::new(codes::SAME_TEST_NAME, test.name.span, format!("two tests are called {:?}", test.name.value));
                found.push(finding.also(first.span, "the other").help("give each a name of its own, so that a failure says which it is"));
            }
            None => drop(names.insert(&test.name.value, &test.name)),
        }
    }
    found
}
