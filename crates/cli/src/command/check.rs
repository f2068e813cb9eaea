//! `kamrules check`: what is wrong with the rules, before any data is seen.

use crate::args::{Check, CheckFormat};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_base::codes::{self, NO_SUCH_CODE, UNREADABLE_FILE};
use kamrules_base::{Code, Finding, Level, Lever, Sources, near};
use kamrules_render::report::Report;
use kamrules_render::{findings_github, findings_gitlab, findings_json, findings_junit, findings_sarif, findings_text};
use kamrules_session::{CheckOptions, Mended, Mending, Policy, Said, levels, mend};

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: &Check) -> Ended {
    if let Some(code) = &args.explain {
        return explain(shell, code);
    }
    let options = match options(args) {
        Ok(options) => options,
        Err(findings) => {
            let (ended, sources) = (shell.give_up(&findings), Sources::default());
            return shell.answer(text(args.format, &[Report::unread(&args.path, &sources, findings)], false)).and(ended);
        }
    };
    let mut mended = Ended::WELL;
    if args.fix {
        match mend(world, &super::here(), &args.path, &options) {
            Ok(mending) => mended = tell(shell, args, &mending),
            Err(findings) => return shell.give_up(&findings),
        }
    }
    let policies = match Policy::open(world, &super::here(), &args.path) {
        Ok(policies) => policies,
        Err(findings) => {
            let (ended, sources) = (shell.give_up(&findings), Sources::default());
            return shell.answer(text(args.format, &[Report::unread(&args.path, &sources, findings)], false)).and(ended);
        }
    };
    let (mut ended, mut reports) = (mended, Vec::new());
    for policy in &policies {
        let Said { findings, allowed } = policy.check(world, &options);
        let (unread, wrong): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().filter(|finding| finding.is_error()).partition(|finding| finding.code == UNREADABLE_FILE);
        let denied = denies_warnings(args) && findings.iter().any(|finding| finding.level == Level::Warning);
        ended = ended.and(Ended::RULES.when(denied)).and(Ended::RULES.when(!wrong.is_empty())).and(Ended::UNABLE.when(!unread.is_empty()));
        reports.push((Report::of(policy, findings).allowing(allowed.len()), denied));
    }
    world.clear();
    let text = match args.format {
        CheckFormat::Human => reports.iter().map(|(report, denied)| for_people(shell, report, *denied)).collect(),
        // In the documents that only tell what was found, a warning stays one.
        CheckFormat::Json => text(args.format, &reports.into_iter().map(|(report, _)| report).collect::<Vec<_>>(), true),
        _ => {
            let reports = reports.into_iter().map(|(report, denied)| if denied { report.denying_warnings() } else { report });
            text(args.format, &reports.collect::<Vec<_>>(), !ended.is_unable())
        }
    };
    shell.answer(text).and(ended)
}

fn for_people(shell: &Shell, report: &Report<'_>, denied: bool) -> String {
    let findings = findings_text::render(&report.findings, report.sources, shell.paint().on);
    let (allowed, denied) = (allowed_text(report.allowed), if denied { "; warnings are denied" } else { "" });
    format!("{findings}{}: {}{allowed}{denied}\n", report.policy, findings_text::count(&report.findings))
}

/// What was found, for machines.
fn text(format: CheckFormat, reports: &[Report<'_>], able: bool) -> String {
    match format {
        CheckFormat::Human => String::new(),
        CheckFormat::Json => format!("{:#}\n", findings_json::document(reports)),
        CheckFormat::Sarif => format!("{:#}\n", findings_sarif::document(reports, able)),
        CheckFormat::Github => findings_github::render(reports),
        CheckFormat::Gitlab => format!("{:#}\n", findings_gitlab::document(reports)),
        CheckFormat::Junit => findings_junit::render(reports),
    }
}

/// What is asked besides, and the levels that are set for this run.
fn options(args: &Check) -> Result<CheckOptions, Vec<Finding>> {
    let of = |lever: Lever, words: &'_ [String]| words.iter().map(|word| (lever, word.trim().to_owned())).collect::<Vec<_>>();
    let mut words = of(Lever::Allow, &args.allow);
    words.extend(of(Lever::Warn, &args.warn));
    words.extend(of(Lever::Deny, &args.deny).into_iter().filter(|(_, word)| word != WARNINGS));
    let levels = levels::command_line(words.iter().map(|(lever, word)| (*lever, word.as_str())))?;
    Ok(CheckOptions { levels, data: args.data })
}

/// What `--deny` takes besides the names of findings.
const WARNINGS: &str = "warnings";

fn denies_warnings(args: &Check) -> bool {
    args.deny.iter().any(|word| word.trim() == WARNINGS)
}

fn allowed_text(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", {count} allowed") }
}

/// Tells what was mended: among the answer for people, beside it for machines.
fn tell(shell: &Shell, args: &Check, mending: &Mending) -> Ended {
    let line = |one: &Mended, but: &str| format!("{}:{}: {}{but} ({})\n", one.file.display(), one.line, one.title, one.code);
    let mut text: String = mending.mended.iter().map(|one| line(one, "")).collect();
    text.extend(mending.refused.iter().map(|one| line(one, ": left out, for it would bring an error")));
    text.push_str(&match mending.mended.len() {
        0 => "nothing was mended\n".to_owned(),
        count => format!("{count} mended\n"),
    });
    let told = if args.format == CheckFormat::Human { shell.answer(&text) } else { Ended::WELL };
    if args.format != CheckFormat::Human {
        shell.say(&text);
    }
    told.and(if mending.findings.is_empty() { Ended::WELL } else { shell.give_up(&mending.findings) })
}

fn explain(shell: &Shell, text: &str) -> Ended {
    match Code::named(text.trim()) {
        Some(code) => shell.answer(code.info().page),
        None => {
            let all: Vec<String> = codes::all().flat_map(|info| [info.code.to_string(), info.name.to_owned()]).collect();
            let finding = Finding::without_place(NO_SUCH_CODE, format!("no finding has the code or the name `{text}`"));
            shell.give_up(&[match near::nearest(text, all.iter().map(String::as_str)) {
                Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                None => finding.help("codes look like `K0301`, names like `unused_list`"),
            }])
        }
    }
}
