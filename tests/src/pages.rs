//! Pages of the documentation: their code blocks with the words behind the fence, and where a block is to be written anew.

use crate::root;
use std::path::PathBuf;

/// A page.
pub struct Page {
    /// Its path below `docs`.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// A code block.
pub struct Block {
    /// The words behind the fence: `kam`, `part`, `policy.kam`.
    pub words: Vec<String>,
    /// What it holds.
    pub text: String,
    /// The line of its fence, from 1.
    pub line: usize,
    /// Where its text lies in the page.
    pub range: std::ops::Range<usize>,
}

impl Block {
    /// Whether a word stands behind the fence.
    pub fn says(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }

    /// The file that the block is, if it is one: the word that has an ending.
    pub fn file(&self) -> Option<&str> {
        self.words.iter().skip(1).map(String::as_str).find(|word| word.contains('.'))
    }
}

/// Every page that is written by hand, sorted: those of findings have tests of their own, and some are generated.
pub fn pages() -> Vec<Page> {
    let docs = root().join("docs");
    let mut pages = Vec::new();
    for folder in ["", "reference"] {
        for (name, text) in crate::texts(&docs.join(folder), "md") {
            if !text.contains("<!-- Written by `cargo xtask generate`") {
                let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                pages.push(Page { path: docs.join(&name), name, text });
            }
        }
    }
    pages
}

impl Page {
    /// The code blocks, in order.
    pub fn blocks(&self) -> Vec<Block> {
        let (mut blocks, mut open, mut at): (Vec<Block>, bool, usize) = (Vec::new(), false, 0);
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            let start = at;
            at += line.len();
            match line.strip_prefix("```") {
                Some(_) if open => open = false,
                Some(mark) => {
                    let words = mark.split_whitespace().map(str::to_owned).collect();
                    blocks.push(Block { words, text: String::new(), line: index + 1, range: at..at });
                    open = true;
                }
                None if open => {
                    let block = blocks.last_mut().expect("one is open");
                    block.text.push_str(line);
                    block.range.end = start + line.len();
                }
                None => {}
            }
        }
        blocks
    }

    /// Writes the page with other texts in some of its blocks. Only when the tests are asked to: `KAMRULES_BLESS=1`.
    pub fn bless(&self, mut changes: Vec<(std::ops::Range<usize>, String)>) -> bool {
        if changes.is_empty() || std::env::var_os("KAMRULES_BLESS").is_none() {
            return false;
        }
        let mut text = self.text.clone();
        changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        for (range, new) in changes {
            text.replace_range(range, &new);
        }
        std::fs::write(&self.path, text).expect("a page that can be written");
        true
    }
}
