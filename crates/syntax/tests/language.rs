//! The texts in `tests/language` hold every construct; each must parse without a finding.

use kamrules_base::FileId;
use kamrules_syntax::parse;
use std::path::Path;

#[test]
fn every_construct_parses_without_a_finding() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder is there").map(|f| f.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() >= 8);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a text");
        let (file, findings) = parse(FileId(0), &text);
        let told: Vec<_> = findings
            .iter()
            .map(|f| {
                format!("{} {} at {:?}: {:?}", f.code, f.message, f.span().map(|s| s.range()), f.span().and_then(|s| text.get(s.range())))
            })
            .collect();
        assert!(told.is_empty(), "{}: {told:#?}", path.display());
        assert!(!file.items.is_empty());
    }
}
