//! One mistake gives few findings: a word lost from a policy does not drown the reader.

use kamrules_base::FileId;
use kamrules_syntax::{TokenKind, lex};
use kamrules_tests::{policy, root, texts, told};

/// How many findings one lost word may give at most, and on average.
const MOST: usize = 12;

#[test]
fn a_word_lost_gives_few_findings() {
    let files = texts(&root().join("examples/quickstart"), "kam");
    let (mut cases, mut sum, mut worst): (usize, usize, Vec<String>) = (0, 0, Vec::new());
    for (at, (_, text)) in files.iter().enumerate() {
        let words: Vec<_> = lex(FileId(0), text).into_iter().filter(|token| !is_trivia(token.kind)).collect();
        // Every 29th word: enough to meet each kind of place, few enough to be quick.
        for token in words.iter().step_by(29) {
            let lost = format!("{}{}", &text[..token.span.start as usize], &text[token.span.end as usize..]);
            let changed: Vec<(&str, &str)> = files
                .iter()
                .enumerate()
                .map(|(i, (name, text))| (name.as_str(), if i == at { lost.as_str() } else { text.as_str() }))
                .collect();
            let found = policy(&changed).findings;
            cases += 1;
            sum += found.len();
            if found.len() > MOST {
                let lines: Vec<String> = found.iter().take(4).map(told).collect();
                worst.push(format!(
                    "{} without `{}`: {} findings\n  {}",
                    files[at].0,
                    &text[token.span.range()],
                    found.len(),
                    lines.join("\n  ")
                ));
            }
        }
    }
    assert!(worst.is_empty(), "{} of {cases}\n{}", worst.len(), worst.join("\n"));
    assert!(sum <= cases * 3, "{sum} findings in {cases} cases");
}

fn is_trivia(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Space | TokenKind::Newline | TokenKind::Comment | TokenKind::DocComment)
}
