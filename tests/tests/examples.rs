//! The examples are clean, their proofs and all.

use kamrules_base::Level;
use kamrules_session::CheckOptions;
use kamrules_tests::{checked, root, texts, told};

#[test]
fn the_examples_are_clean() {
    let mut wrong = Vec::new();
    for name in ["quickstart", "adventureworks", "northwind"] {
        let folder = root().join("examples").join(name);
        let mut files = texts(&folder, "kam");
        for ending in ["csv", "jsonl"] {
            files.extend(texts(&folder.join("data"), ending).into_iter().map(|(name, text)| (format!("data/{name}"), text)));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let (sources, findings) = checked(&files, &CheckOptions::default());
        for finding in findings.iter().filter(|finding| finding.level != Level::Note) {
            let span = finding.span().unwrap_or_default();
            let (line, column) = sources.line_column(span);
            let path = sources.get(span.file).path.display();
            wrong.push(format!("{name}/{path}:{line}:{column} `{}` {}", sources.text(span), told(finding)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
