//! Applying the fixes of findings to the files they are about.
//!
//! Of fixes that touch, the first is applied, and the files are looked at again: what is left of the others comes in the next round. A file
//! is written whole or not at all, and never worse than it was: a fix that would add a grammar error to a file, or an error to rules that can be
//! read, is left out, and so is one that only guesses what was meant, or would lose a comment. Only files at and below the path that was asked for are written, though the policy they belong to may reach further. A fix that did not take its finding
//! away is not tried again.

use crate::rewrite::write;
use crate::{CheckOptions, Policy, open};
use kamrules_base::{Code, Edit, FileId, Finding, Fix, Sources, World, codes};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A fix that was applied, or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mended {
    /// The file, as it is shown.
    pub file: PathBuf,
    /// The line its finding stood on when it was applied, from 1.
    pub line: usize,
    /// What the fix does, as an order.
    pub title: String,
    /// The finding's code.
    pub code: Code,
}

/// What was done about the findings of policies.
#[derive(Debug, Clone, Default)]
pub struct Mending {
    /// What was mended, in order.
    pub mended: Vec<Mended>,
    /// The fixes that would have brought an error, and were left out.
    pub refused: Vec<Mended>,
    /// The files that could not be written.
    pub findings: Vec<Finding>,
}

/// Fixes that are a guess at what was meant, where another reading gives other answers: they are for a person to choose. A text that was
/// left open ends who knows where, and a day that happens to be today's may be meant as that day.
const GUESSES: [Code; 3] = [codes::TEXT_OPEN, codes::BRACKET_OPEN, codes::FIXED_TODAY];

/// So often the files are looked at again.
const ROUNDS: usize = 5;

/// Applies the fixes of all findings in the files at and below a path, but not of those that are allowed.
///
/// # Errors
/// When nothing can be read, or there is nothing to read.
pub fn mend(world: &dyn World, here: &Path, path: &Path, options: &CheckOptions) -> Result<Mending, Vec<Finding>> {
    let (mut mending, mut tried) = (Mending::default(), Tried::new());
    for _ in 0..ROUNDS {
        let mut changed = false;
        mending.refused.clear();
        for policy in Policy::open(world, here, path)? {
            let within = |shown: &Path| open::tidy(&here.join(shown)).starts_with(open::tidy(&here.join(path)));
            changed |= round(world, here, &policy, &within, options, (&mut mending, &mut tried));
        }
        if !changed || !mending.findings.is_empty() {
            break;
        }
    }
    Ok(mending)
}

/// How often a finding (its code, its message) was there when its fix was applied last.
type Tried = BTreeMap<(PathBuf, Code, String), usize>;

/// Applies to one policy what can be applied at once. Whether a file was written.
fn round(
    world: &dyn World,
    here: &Path,
    policy: &Policy,
    within: &dyn Fn(&Path) -> bool,
    options: &CheckOptions,
    (mending, tried): (&mut Mending, &mut Tried),
) -> bool {
    let findings = policy.check(world, options).findings;
    // What is no UTF-8 text was read with signs that stand for what could not be read: it must not be written back.
    let broken: BTreeSet<FileId> = findings.iter().filter(|f| f.code == codes::NOT_UTF8).filter_map(|f| Some(f.span()?.file)).collect();
    let open: BTreeSet<FileId> = policy.files().filter(|(_, file)| within(&file.path)).map(|(id, _)| id).collect();
    let may_change = |edit: &Edit| open.contains(&edit.span.file) && !broken.contains(&edit.span.file);
    let fixes = findings.iter().filter_map(|finding| Some((finding, finding.fix.as_ref()?)));
    let kind = |finding: &Finding| (policy.root.clone(), finding.code, finding.message.clone());
    let mut there = Tried::new();
    for finding in &findings {
        *there.entry(kind(finding)).or_default() += 1;
    }
    let helps = |finding: &Finding| tried.get(&kind(finding)).is_none_or(|before| there[&kind(finding)] < *before);
    let keeps =
        |edit: &Edit| comments(policy.sources.get(edit.span.file).text.get(edit.span.range()).unwrap_or_default()) <= comments(&edit.text);
    let fixes = fixes.filter(|(finding, fix)| {
        !GUESSES.contains(&finding.code) && (finding.code == codes::NEEDLESS_ALLOW || fix.edits.iter().all(keeps))
    });
    let fixes = fixes.filter(|(finding, fix)| !fix.edits.is_empty() && fix.edits.iter().all(may_change) && helps(finding));
    let (chosen, refused) = choose(&fixes.collect::<Vec<_>>(), &policy.sources, &|chosen| is_worse(policy, chosen));
    for (finding, _) in &chosen {
        tried.insert(kind(finding), there[&kind(finding)]);
    }
    let about = |(finding, fix): &(&Finding, &Fix)| {
        let span = finding.span().unwrap_or(fix.edits[0].span);
        let file = policy.sources.get(span.file).path.clone();
        Mended { file, line: policy.sources.line_column(span).0, title: fix.title.clone(), code: finding.code }
    };
    mending.refused.extend(refused.iter().map(about));
    let files: BTreeSet<FileId> = chosen.iter().flat_map(|(_, fix)| &fix.edits).map(|edit| edit.span.file).collect();
    let mut written = false;
    let mut unwritten = BTreeSet::new();
    for id in files {
        let text = edited(&policy.sources, id, &chosen);
        match write(world, &open::tidy(&here.join(&policy.sources.get(id).path)), text.as_bytes()) {
            Ok(()) => written = true,
            Err(findings) => {
                mending.findings.extend(findings);
                unwritten.insert(id);
            }
        }
    }
    let done = chosen.iter().filter(|(_, fix)| fix.edits.iter().all(|edit| !unwritten.contains(&edit.span.file)));
    mending.mended.extend(done.map(about));
    written
}

/// How many comments a piece of text holds: a fix loses none.
fn comments(text: &str) -> usize {
    let tokens = kamrules_syntax::lex(FileId(0), text);
    tokens.iter().filter(|token| matches!(token.kind, kamrules_syntax::TokenKind::Comment | kamrules_syntax::TokenKind::DocComment)).count()
}

type Chosen<'a> = Vec<(&'a Finding, &'a Fix)>;
type IsWorse<'a> = dyn Fn(&[(&Finding, &Fix)]) -> bool + 'a;

/// The fixes to apply, none touching another; and those that would do harm.
fn choose<'a>(fixes: &[(&'a Finding, &'a Fix)], sources: &Sources, is_worse: &IsWorse<'_>) -> (Chosen<'a>, Chosen<'a>) {
    let mut chosen: Chosen<'a> = Vec::new();
    for (finding, fix) in fixes {
        if !chosen.iter().any(|(_, other)| touch(fix, other, sources)) {
            chosen.push((finding, fix));
        }
    }
    if !is_worse(&chosen) {
        return (chosen, Vec::new());
    }
    // Some of them do harm: each is tried with those before it.
    let (mut good, mut bad): (Chosen<'a>, Chosen<'a>) = (Vec::new(), Vec::new());
    for one in chosen {
        good.push(one);
        if is_worse(&good) {
            bad.extend(good.pop());
        }
    }
    (good, bad)
}

/// Whether a file would hold more grammar errors than now, or the rules more errors. Rules that could not be read may turn out to hold
/// more than was seen.
fn is_worse(policy: &Policy, chosen: &[(&Finding, &Fix)]) -> bool {
    let errors = |findings: &[Finding]| findings.iter().filter(|finding| finding.is_error()).count();
    let mut sources = Sources::default();
    let mut files = vec![kamrules_check::library(&mut sources)];
    let mut unread = false;
    for (id, file) in policy.files() {
        let text = edited(&policy.sources, id, chosen);
        let new = sources.add(file.path.clone(), text.as_str());
        let (tree, found) = kamrules_syntax::parse(new, &text);
        let before = errors(&kamrules_syntax::parse(id, &file.text).1);
        if *text != *file.text && errors(&found) > before {
            return true;
        }
        unread |= before > 0;
        files.push((new, tree));
    }
    !unread && errors(&kamrules_check::check(files, &sources).findings) > errors(&policy.findings)
}

fn touch(a: &Fix, b: &Fix, sources: &Sources) -> bool {
    // What is added at the end of a file may stand there one below the other.
    let adds = |edit: &Edit| edit.span.start as usize == sources.get(edit.span.file).text.len() && edit.text.starts_with('\n');
    let meets = |a: &Edit, b: &Edit| a.span.file == b.span.file && a.span.start <= b.span.end && b.span.start <= a.span.end;
    let touches = |a: &Edit, b: &Edit| meets(a, b) && !(adds(a) && adds(b));
    a.edits.iter().any(|a| b.edits.iter().any(|b| touches(a, b)))
}

/// A file's text with the edits of the fixes.
fn edited(sources: &Sources, id: FileId, chosen: &[(&Finding, &Fix)]) -> String {
    let mut edits: Vec<&Edit> = chosen.iter().flat_map(|(_, fix)| &fix.edits).filter(|edit| edit.span.file == id).collect();
    // From the end to the start; of those that stand at one place the last goes first, so that the first stands above it.
    edits.reverse();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.start, edit.span.end)));
    let mut text = sources.get(id).text.to_string();
    for edit in edits {
        // A place that is none of the text's would be a slip of whoever made the fix: the text stays.
        if text.get(edit.span.range()).is_some() {
            text.replace_range(edit.span.range(), &edit.text);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use kamrules_base::world::MemoryWorld;

    fn text(world: &MemoryWorld, path: &str) -> String {
        let bytes = world.read(Path::new(path)).expect("the file is there");
        String::from_utf8((*bytes).as_ref().to_vec()).expect("text")
    }

    fn mended(files: &[(&str, &str)]) -> (MemoryWorld, Mending) {
        let world = MemoryWorld::new(files.iter().map(|(path, text)| (*path, *text)));
        let Ok(mending) = mend(&world, Path::new("/w"), Path::new("."), &CheckOptions::default()) else { panic!("a policy") };
        (world, mending)
    }

    fn titles(all: &[Mended]) -> Vec<String> {
        all.iter().map(|one| format!("{}:{} {} {}", one.file.display(), one.line, one.title, one.code)).collect()
    }

    #[test]
    fn fixes_are_applied_round_by_round() {
        let (world, mending) = mended(&[
            ("/w/policy.kam", "policy \"P\" { currency usd }\nentity account { id : text key, revenue : money }\n"),
            ("/w/a.kam", "define a = account.count\nlist l = [1 2 3]\ndefine account.big = revenu >= $5M && yes\n"),
        ]);
        assert!(mending.findings.is_empty() && mending.refused.is_empty());
        assert!(text(&world, "/w/policy.kam").contains("currency USD"));
        assert!(text(&world, "/w/a.kam").contains("[1, 2, 3]") && text(&world, "/w/a.kam").contains("revenue >= $5M and yes"));
        let titles = titles(&mending.mended);
        assert!(titles.iter().any(|title| title == "policy.kam:1 write `USD` K0423"), "{titles:?}");
    }

    #[test]
    fn what_is_allowed_is_not_mended_and_what_is_no_text_is_left() {
        let tab = "# kamrules allow tab: our editor writes them\nlist l =\t[1]\n";
        let (world, mending) = mended(&[("/w/policy.kam", tab)]);
        assert_eq!((text(&world, "/w/policy.kam").as_str(), mending.mended.len()), (tab, 0));
        let world = MemoryWorld::new([("/w/p.kam", b"# \xff\nlist l =\t[1]\n".to_vec())]);
        let Ok(mending) = mend(&world, Path::new("/w"), Path::new("."), &CheckOptions::default()) else { panic!("a policy") };
        assert!(mending.mended.is_empty());
    }

    #[test]
    fn only_what_lies_at_the_path_is_mended() {
        let list = "list l =\t[1]\n";
        let files = [("/w/policy.kam", "policy \"P\" { currency usd }\n"), ("/w/a/a.kam", list), ("/w/ab.kam", list)];
        let world = MemoryWorld::new(files);
        let Ok(mending) = mend(&world, Path::new("/w"), Path::new("./a"), &CheckOptions::default()) else { panic!("a policy") };
        assert_eq!(titles(&mending.mended), ["a/a.kam:1 write blanks K0106"]);
        assert_eq!((text(&world, "/w/policy.kam").as_str(), text(&world, "/w/ab.kam").as_str()), (files[0].1, list));
    }

    #[test]
    fn an_example_is_written_once_as_a_test() {
        let text = "policy \"P\" { currency USD }\nentity account { id : text key, n : integer }\n\
            segments size for account {\n  small when n <= 50\n  large when n >= 50\n}\n\
            segments mood for account {\n  good when n < 5\n  bad  when n > 5\n}\n";
        let (world, mending) = mended(&[("/w/policy.kam", text)]);
        let once = self::text(&world, "/w/policy.kam");
        assert_eq!((once.matches("\ntest \"").count(), mending.mended.len(), mending.refused.len()), (2, 2, 0), "{once}");
        let Ok(again) = mend(&world, Path::new("/w"), Path::new("."), &CheckOptions::default()) else { panic!("a policy") };
        assert_eq!((self::text(&world, "/w/policy.kam"), again.mended.len()), (once, 0));
    }

    #[test]
    fn a_fix_that_makes_a_file_worse_is_left_out() {
        let world = MemoryWorld::new([("a.kam", "define a = 1\ndefine b = 2\n")]);
        let Ok(policies) = Policy::open(&world, Path::new(""), Path::new("a.kam")) else { panic!("a policy") };
        let (policy, sources) = (&policies[0], &policies[0].sources);
        let worse = |chosen: &[(&Finding, &Fix)]| is_worse(policy, chosen);
        let id = FileId(1);
        let at = |start, end| kamrules_base::Span::new(id, start, end);
        let good = Finding::new(codes::TAB, at(7, 8), "good").fix("write `c`", at(7, 8), "c");
        let bad = Finding::new(codes::TAB, at(20, 21), "bad").fix("write `{`", at(20, 21), "{");
        let over = Finding::new(codes::TAB, at(7, 9), "over").fix("write `d`", at(6, 8), "d");
        let all: Vec<(&Finding, &Fix)> = [&good, &bad, &over].into_iter().filter_map(|f| Some((f, f.fix.as_ref()?))).collect();
        let (chosen, refused) = choose(&all, sources, &worse);
        assert_eq!((chosen.len(), refused.len()), (1, 1));
        assert_eq!((chosen[0].0.message.as_str(), refused[0].0.message.as_str()), ("good", "bad"));
        let wrong = Finding::new(codes::TAB, at(24, 25), "wrong").fix("write `c`", at(24, 25), "c");
        assert!(worse(&[(&wrong, wrong.fix.as_ref().expect("its fix"))]), "there is no `c`");
        assert_eq!(edited(sources, id, &chosen), "define c = 1\ndefine b = 2\n");
        let add = |text: &str| Finding::new(codes::TAB, at(7, 9), text).fix("add it", at(26, 26), text);
        let (first, second) = (add("\ndefine x = 1\n"), add("\ndefine y = 1\n"));
        let all: Vec<(&Finding, &Fix)> = [&first, &second].into_iter().filter_map(|f| Some((f, f.fix.as_ref()?))).collect();
        let (chosen, _) = choose(&all, sources, &worse);
        assert_eq!(edited(sources, id, &chosen), "define a = 1\ndefine b = 2\n\ndefine x = 1\n\ndefine y = 1\n");
    }
}
