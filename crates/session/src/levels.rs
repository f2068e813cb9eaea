//! The levels of findings, as the policy, its comments and the command line set them.
//!
//! What the command line says comes before comments, the narrower comment before the wider, and comments before the `policy` item. What is
//! allowed is kept apart, so that it can be counted. An `allow` that silences nothing is itself a finding, unless the rules hold errors:
//! then not everything has been looked for.

use crate::level_comments::{LevelComment, level_comments};
use crate::{Policy, Said};
use kamrules_base::{Code, Finding, Level, Lever, Span, codes, finding, near};

/// The findings of a policy at the levels that are set. `command` comes before what the policy says; `seen` tells whether the
/// policy has been looked through for a finding, so that one that is not there is not there.
pub fn apply(policy: &Policy, findings: Vec<Finding>, command: &[(Code, Lever)], seen: &dyn Fn(Code) -> bool) -> Said {
    let (mut settings, complaints) = settings(policy);
    let broken = findings.iter().chain(&complaints).any(|finding| finding.is_error() && !is_free(finding.code));
    let mut said = Said::default();
    let mut place = |all: Vec<Finding>, settings: &mut Vec<Setting>| {
        for finding in all {
            match levelled(finding, settings, command) {
                (finding, true) => said.allowed.push(finding),
                (finding, false) => said.findings.push(finding),
            }
        }
    };
    place(findings, &mut settings);
    place(complaints, &mut settings);
    if !broken {
        // An `allow needless_allow` shows its use only here, so the others come first.
        for own in [false, true] {
            let idle = |setting: &&Setting| setting.lever == Lever::Allow && !setting.used && seen(setting.code);
            let of_this_turn = settings.iter().filter(|setting| (setting.code == codes::NEEDLESS_ALLOW) == own);
            let needless = of_this_turn.filter(idle).map(needless).collect();
            place(needless, &mut settings);
        }
    }
    finding::sort(&mut said.findings);
    finding::sort(&mut said.allowed);
    said
}

/// Reads the findings that the command line names.
///
/// # Errors
/// When there is no such finding, or its level cannot be changed.
pub fn command_line<'a>(words: impl IntoIterator<Item = (Lever, &'a str)>) -> Result<Vec<(Code, Lever)>, Vec<Finding>> {
    let (mut levels, mut wrong) = (Vec::new(), Vec::new());
    for (lever, word) in words {
        let flag = format!("--{} {word}", lever.word());
        match named(word) {
            Ok(code) if is_free(code) => levels.push((code, lever)),
            Ok(code) => wrong.push(Finding::without_place(codes::FIXED_LEVEL, format!("`{flag}`: {}", why_fixed(code)))),
            Err(meant) => {
                let finding = Finding::without_place(codes::UNKNOWN_FINDING, format!("`{flag}`: no finding is called `{word}`"));
                wrong.push(finding.help(meant.map_or_else(|| HOW_NAMED.to_owned(), |meant| format!("did you mean `{meant}`?"))));
            }
        }
    }
    if wrong.is_empty() { Ok(levels) } else { Err(wrong) }
}

/// Whether a policy may set the level of a finding: warnings and notes, lints and proofs, but none that only a run tells, and none that
/// says that a level is set wrongly.
pub fn is_free(code: Code) -> bool {
    let about_levels = [codes::UNKNOWN_FINDING, codes::REASON_LACKING, codes::FIXED_LEVEL].contains(&code);
    let of_a_run = (700..1000).contains(&code.0) && code != codes::ASSIGN_NOT_YET;
    !about_levels && !of_a_run && (code.info().level != Level::Error || code.0 >= 1000)
}

fn why_fixed(code: Code) -> String {
    let name = code.info().name;
    match code.0 {
        700..1000 => format!("`{name}` is not told by `check`, so it keeps its level"),
        1000.. => format!("`{name}` says that a level is set wrongly, so it keeps its own"),
        _ => format!("`{name}` stays an error: the rules cannot be run with it"),
    }
}

const HOW_NAMED: &str = "findings go by their name or code, `test_without_expect` or `K0421`: see the list of findings";

/// The finding with a name or code; otherwise the name that was perhaps meant.
fn named(word: &str) -> Result<Code, Option<&'static str>> {
    Code::named(word).ok_or_else(|| {
        let near = near::nearest(word, codes::all().map(|info| info.name));
        near.and_then(|near| codes::all().find(|info| info.name == near)).map(|info| info.name)
    })
}

/// A level that the policy or a comment sets for one finding.
struct Setting {
    lever: Lever,
    code: Code,
    /// The finding's name, as written.
    name: Span,
    /// What is taken out if it is needless.
    whole: Span,
    /// Where a finding has to begin; anywhere without.
    about: Option<Vec<Span>>,
    /// Whether there was such a finding.
    used: bool,
}

impl Setting {
    fn is_about(&self, finding: &Finding) -> bool {
        // Of an overlap either rung is as guilty as the other.
        let places = finding.labels.iter().take(if finding.code == codes::OVERLAP { 2 } else { 1 });
        let places: Vec<Span> = places.map(|label| label.span).collect();
        let begins = |span: &Span| places.iter().any(|at| at.file == span.file && span.start <= at.start && at.start < span.end);
        self.code == finding.code && self.about.as_ref().is_none_or(|about| about.iter().any(begins))
    }

    /// How far it reaches.
    fn reach(&self) -> u32 {
        self.about.as_ref().map_or(u32::MAX, |about| about.iter().map(|span| span.end - span.start).max().unwrap_or(0))
    }
}

/// The finding at its level, and whether it is allowed.
fn levelled(mut finding: Finding, settings: &mut [Setting], command: &[(Code, Lever)]) -> (Finding, bool) {
    if !is_free(finding.code) {
        return (finding, false);
    }
    let mut nearest: Option<(u32, Lever)> = None;
    for setting in settings.iter_mut().filter(|setting| setting.is_about(&finding)) {
        setting.used = true;
        if nearest.is_none_or(|(reach, _)| setting.reach() <= reach) {
            nearest = Some((setting.reach(), setting.lever));
        }
    }
    let ordered = command.iter().rev().find(|(code, _)| *code == finding.code).map(|(_, lever)| *lever);
    match ordered.or(nearest.map(|(_, lever)| lever)) {
        Some(Lever::Allow) => return (finding, true),
        Some(Lever::Warn) => finding.level = Level::Warning,
        Some(Lever::Deny) => finding.level = Level::Error,
        None => {}
    }
    (finding, false)
}

/// What the `policy` item and the comments set, and what is wrong with it.
fn settings(policy: &Policy) -> (Vec<Setting>, Vec<Finding>) {
    let (mut settings, mut findings) = (Vec::new(), Vec::new());
    for clause in &policy.model().settings.levels {
        if clause.lever == Lever::Allow && clause.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
            let finding = Finding::new(codes::REASON_LACKING, clause.span, "an `allow` says why");
            findings.push(finding.help(format!("write the reason behind it: `allow {} because \"…\"`", clause.finding)));
        }
        let whole = clause_with_its_line(&policy.sources.get(clause.span.file).text, clause.span);
        match code(&clause.finding, clause.place) {
            Ok(code) => settings.push(Setting { lever: clause.lever, code, name: clause.place, whole, about: None, used: false }),
            Err(finding) => findings.push(*finding),
        }
    }
    for (id, file) in policy.files() {
        let (comments, wrong) = level_comments(id, &file.text);
        findings.extend(wrong);
        for comment in comments {
            from_comment(&comment, &mut settings, &mut findings);
        }
    }
    (settings, findings)
}

fn from_comment(comment: &LevelComment, settings: &mut Vec<Setting>, findings: &mut Vec<Finding>) {
    if comment.lever == Lever::Allow && !comment.has_reason {
        let names: Vec<&str> = comment.names.iter().map(|(name, _)| name.as_str()).collect();
        let help = format!("write the reason behind a colon: `# kamrules allow {}: …`", names.join(", "));
        findings.push(Finding::new(codes::REASON_LACKING, comment.span, "an `allow` says why").help(help));
    }
    for (at, (name, place)) in comment.names.iter().enumerate() {
        let whole = match comment.names.as_slice() {
            [_] => comment.whole,
            // With the comma behind it, or, of the last, before it.
            [.., (_, before), _] if at + 1 == comment.names.len() => Span { start: before.end, ..*place },
            all => Span { end: all[at + 1].1.start, ..*place },
        };
        match code(name, *place) {
            Ok(code) => {
                let about = Some(comment.about.clone());
                settings.push(Setting { lever: comment.lever, code, name: *place, whole, about, used: false });
            }
            Err(finding) => findings.push(*finding),
        }
    }
}

/// The code that a name stands for, if its level may be set.
fn code(name: &str, place: Span) -> Result<Code, Box<Finding>> {
    match named(name) {
        Ok(code) if is_free(code) => Ok(code),
        Ok(code) => {
            Err(Box::new(Finding::new(codes::FIXED_LEVEL, place, why_fixed(code)).help("take this out, and mend what it is about")))
        }
        Err(_) if name.is_empty() => {
            Err(Box::new(Finding::new(codes::UNKNOWN_FINDING, place, "the name of a finding is missing here").help(HOW_NAMED)))
        }
        Err(meant) => {
            let finding = Finding::new(codes::UNKNOWN_FINDING, place, format!("no finding is called `{name}`"));
            Err(Box::new(match meant {
                Some(meant) => finding.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), place, meant),
                None => finding.help(HOW_NAMED),
            }))
        }
    }
}

fn needless(setting: &Setting) -> Finding {
    let name = setting.code.info().name;
    let message = match setting.about {
        Some(_) => format!("there is no `{name}` here to allow"),
        None => format!("there is no `{name}` to allow"),
    };
    Finding::new(codes::NEEDLESS_ALLOW, setting.name, message).help("take it out").fix("take it out", setting.whole, "")
}

/// A clause with its comma, and with its whole line if nothing else stands there.
fn clause_with_its_line(text: &str, clause: Span) -> Span {
    let (before, behind) = (&text[..clause.start as usize], &text[clause.end as usize..]);
    let comma = behind.len() - behind.trim_start_matches([' ', '\t']).strip_prefix(',').unwrap_or(behind).len();
    let end = clause.end as usize + comma;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = text[end..].split_inclusive('\n').next().unwrap_or_default();
    if before[line_start..].trim().is_empty() && rest.trim().is_empty() {
        return Span::new(clause.file, line_start, end + rest.len());
    }
    Span::new(clause.file, clause.start as usize, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CheckOptions;
    use kamrules_base::world::MemoryWorld;
    use std::path::Path;

    /// A test without `expect` (K0421, a warning) on line 5, and what stands where.
    fn text(clause: &str, above: &str, behind: &str) -> String {
        format!(
            "policy \"P\" {{\n  {clause}\n}}\nentity account {{ id : text key }}\n{above}\ntest \"t\" {{ {behind}\n  account {{ id = \"1\" }}\n}}\n"
        )
    }

    fn said(text: &str, command: &[(Lever, &str)]) -> (Vec<String>, usize) {
        let world = MemoryWorld::new([("p.kam", text)]);
        let Ok(policies) = Policy::open(&world, Path::new(""), Path::new("p.kam")) else { panic!("a policy") };
        let levels = command_line(command.iter().copied()).expect("good words");
        let Said { findings, allowed } = policies[0].check(&world, &CheckOptions { levels, ..CheckOptions::default() });
        let told = |finding: &Finding| format!("{} {}", finding.code.info().name, finding.level.word());
        // What else is proved and linted is not of interest here.
        let other = |finding: &&Finding| finding.code.0 < 1000 || finding.code.0 >= 1150;
        (findings.iter().filter(other).map(told).collect(), allowed.len())
    }

    #[test]
    fn the_policy_sets_levels() {
        let because = "allow test_without_expect because \"so\"";
        assert_eq!(said(&text("", "", ""), &[]), (vec!["test_without_expect warning".into()], 0));
        assert_eq!(said(&text(because, "", ""), &[]), (vec![], 1));
        assert_eq!(said(&text("deny K0421", "", ""), &[]), (vec!["test_without_expect error".into()], 0));
        assert_eq!(said(&text("allow K0421", "", ""), &[]), (vec!["reason_lacking error".into()], 1));
        assert_eq!(
            said(&text("allow nothing_such because \"so\"", "", ""), &[]).0,
            ["unknown_finding error", "test_without_expect warning"]
        );
    }

    #[test]
    fn the_nearer_comes_first_and_the_command_line_before_all() {
        let deny = "deny test_without_expect because \"so\"";
        let allow = "# kamrules allow test_without_expect: so";
        assert_eq!(said(&text(deny, allow, ""), &[]), (vec![], 1));
        assert_eq!(said(&text(deny, allow, "# kamrules warn K0421"), &[]), (vec!["test_without_expect warning".into()], 0));
        assert_eq!(said(&text(deny, allow, ""), &[(Lever::Deny, "K0421")]), (vec!["test_without_expect error".into()], 0));
        assert_eq!(said(&text(deny, "", ""), &[(Lever::Deny, "K0421"), (Lever::Allow, "K0421")]), (vec![], 1));
    }

    #[test]
    fn an_allow_that_silences_nothing_is_told() {
        let elsewhere = text("", "# kamrules allow test_without_expect: so\ndefine x = 1", "");
        assert_eq!(said(&elsewhere, &[]).0, ["needless_allow warning", "test_without_expect warning"]);
        let needless = text("allow idle_overrides because \"so\"", "", "");
        assert_eq!(said(&needless, &[]).0, ["needless_allow warning", "test_without_expect warning"]);
        let allowed = text("allow idle_overrides because \"so\", allow needless_allow because \"so\"", "", "");
        assert_eq!(said(&allowed, &[]), (vec!["test_without_expect warning".into()], 1));
        let idle = text("allow needless_allow because \"so\"", "", "");
        assert_eq!(said(&idle, &[]), (vec!["test_without_expect warning".into()], 1));
        assert_eq!(said(&format!("{needless}define y = "), &[]).0.len(), 2, "with errors nobody knows");
    }

    #[test]
    fn what_cannot_be_run_cannot_be_allowed() {
        let cycle = text("allow cycle because \"so\", deny broken_must, allow fixed_level because \"so\"", "", "");
        assert_eq!(said(&cycle, &[]).0, ["fixed_level error", "fixed_level error", "fixed_level error", "test_without_expect warning"]);
        let wrong = command_line([(Lever::Allow, "K0501"), (Lever::Warn, "idle_overides")]).expect_err("both are wrong");
        let codes: Vec<Code> = wrong.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [codes::FIXED_LEVEL, codes::UNKNOWN_FINDING]);
        assert_eq!(wrong[1].help, ["did you mean `idle_overrides`?"]);
    }

    #[test]
    fn every_finding_whose_level_may_be_set_can_be_named() {
        let spoken = codes::all().filter(|info| is_free(info.code) && kamrules_syntax::is_reserved(info.name));
        assert_eq!(spoken.map(|info| info.name).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn a_needless_allow_is_taken_out_with_its_line() {
        let wholes = |text: &str| {
            let world = MemoryWorld::new([("p.kam", text)]);
            let Ok(policies) = Policy::open(&world, Path::new(""), Path::new("p.kam")) else { panic!("a policy") };
            let said = policies[0].check(&world, &CheckOptions::default());
            let fixes =
                said.findings.iter().filter(|finding| finding.code == codes::NEEDLESS_ALLOW).filter_map(|finding| finding.fix.as_ref());
            fixes.map(|fix| text[fix.edits[0].span.range()].to_owned()).collect::<Vec<_>>()
        };
        let policy = "policy \"P\" { currency USD, allow tab because \"so\",\n  allow idle_overrides because \"so\"\n}\n";
        assert_eq!(wholes(policy), ["allow tab because \"so\",", "  allow idle_overrides because \"so\"\n"]);
        let comments = "# kamrules allow tab: so\ndefine x = 1 # kamrules allow tab, idle_overrides, K0421: so\ndefine y = 1  # kamrules allow tab: so\n";
        assert_eq!(wholes(comments), ["# kamrules allow tab: so\n", "tab, ", "idle_overrides, ", ", K0421", "  # kamrules allow tab: so"]);
    }
}
