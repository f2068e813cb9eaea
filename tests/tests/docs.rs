//! The examples in the documentation are clean, formatted, and give what their tests expect.
//!
//! A block marked `kam` is a whole policy; one marked `kam part` goes on with the page's latest policy, or with the one that the index of
//! the reference shows; one marked `kam wrong K0301` gives exactly that finding where it stands. Blocks that name a file are the data.

use kamrules_base::codes::UNUSED_DEFINE;
use kamrules_base::world::MemoryWorld;
use kamrules_base::{FileId, Level, Sources};
use kamrules_session::{CheckOptions, Policy};
use kamrules_tests::pages::{Block, Page, pages};
use kamrules_tests::told;
use std::path::Path;

/// What a page has built so far.
struct State {
    rules: String,
    data: Vec<(String, String)>,
}

impl State {
    fn open(&self, more: &str) -> (MemoryWorld, Policy) {
        let rules = ("policy.kam".to_owned(), format!("{}\n{more}", self.rules));
        let data = self.data.iter().map(|(name, text)| (name.clone(), text.clone()));
        let world = MemoryWorld::new(std::iter::once(rules).chain(data));
        let mut policies = match Policy::open(&world, Path::new(""), Path::new("policy.kam")) {
            Ok(policies) => policies,
            Err(findings) => panic!("{:?}", findings.iter().map(told).collect::<Vec<_>>()),
        };
        let policy = policies.remove(0);
        (world, policy)
    }

    /// What is wrong with the rules and these behind them, a line each. What asks for a define may stand on another page.
    fn findings(&self, more: &str) -> Vec<(String, String)> {
        let (world, policy) = self.open(more);
        let said = policy.check(&world, &CheckOptions::default()).findings.into_iter();
        let findings = said.filter(|finding| finding.level != Level::Note && finding.code != UNUSED_DEFINE);
        findings
            .map(|finding| {
                let place = finding.span().map(|span| format!("`{}`", policy.sources.text(span))).unwrap_or_default();
                (finding.code.to_string(), format!("{place} {}", told(&finding)))
            })
            .collect()
    }

    /// The tests that fail, a line each.
    fn failures(&self) -> Vec<String> {
        let (world, policy) = self.open("");
        let Ok(run) = policy.tests(&world, None) else { return Vec::new() };
        run.findings.iter().map(told).collect()
    }
}

fn preamble(pages: &[Page]) -> String {
    let index = pages.iter().find(|page| page.name == "reference/README.md").expect("the reference has an index");
    index.blocks().into_iter().find(|block| block.says("kam")).expect("it shows a policy").text
}

fn formatted(text: &str) -> Result<String, String> {
    let mut sources = Sources::default();
    sources.add("block", text);
    kamrules_syntax::format::format(FileId(0), text).map_err(|findings| findings.iter().map(told).collect::<Vec<_>>().join("; "))
}

fn check_block(page: &Page, block: &Block, state: &mut State, wrong: &mut Vec<String>) -> Option<String> {
    let mut say = |what: String| wrong.push(format!("{}:{} {what}", page.name, block.line));
    if block.says("wrong") {
        let found = state.findings(&block.text);
        let wanted = block.words.last().cloned().unwrap_or_default();
        if found.is_empty() || found.iter().any(|(code, _)| *code != wanted) {
            say(format!("wants {wanted} alone, gives {found:?}"));
        }
        return None;
    }
    if !block.says("part") {
        for failure in state.failures() {
            say(format!("(before this block) {failure}"));
        }
        state.rules.clear();
    }
    state.rules.push('\n');
    state.rules.push_str(&block.text);
    for (_, finding) in state.findings("") {
        say(finding);
    }
    match formatted(&block.text) {
        Ok(text) if text == block.text => None,
        Ok(text) => {
            say(format!("is not formatted; it should be\n{text}"));
            Some(text)
        }
        Err(findings) => {
            say(findings);
            None
        }
    }
}

#[test]
fn the_examples_of_the_documentation_are_clean_and_give_what_they_say() {
    let pages = pages();
    let preamble = preamble(&pages);
    let mut wrong = Vec::new();
    for page in &pages {
        let mut state = State { rules: preamble.clone(), data: Vec::new() };
        let blocks = page.blocks();
        for block in blocks.iter().filter(|block| !block.says("kam")) {
            if let Some(name) = block.file() {
                state.data.push((name.to_owned(), block.text.clone()));
            }
        }
        let mut changes = Vec::new();
        for block in blocks.iter().filter(|block| block.says("kam")) {
            changes.extend(check_block(page, block, &mut state, &mut wrong).map(|text| (block.range.clone(), text)));
        }
        wrong.extend(state.failures().into_iter().map(|failure| format!("{} {failure}", page.name)));
        if page.bless(changes) {
            wrong.push(format!("{} was written anew: run the test again", page.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for page in pages() {
        let folder = page.path.parent().expect("a page lies in a folder");
        for link in page.text.split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap_or_default();
            if !link.is_empty() && !link.contains("://") && !folder.join(link).exists() {
                wrong.push(format!("{}: {link}", page.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
