//! The examples are clean.

use kamrules_tests::{policy, root, texts, told};

#[test]
fn the_examples_are_clean() {
    let mut wrong = Vec::new();
    for name in ["quickstart", "adventureworks", "northwind"] {
        let files = texts(&root().join("examples").join(name), "kam");
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let policy = policy(&files);
        for finding in &policy.findings {
            let span = finding.span().unwrap_or_default();
            let (line, column) = policy.sources.line_column(span);
            let path = policy.sources.get(span.file).path.display();
            wrong.push(format!("{name}/{path}:{line}:{column} `{}` {}", policy.sources.text(span), told(finding)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
