//! `kamrules check`: what is wrong with the rules, before any data is seen.

use crate::args::{Check, Report};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_base::codes::{self, NO_SUCH_CODE, UNREADABLE_FILE};
use kamrules_base::{Code, Finding, near};
use kamrules_render::{findings_json, findings_text};

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: &Check) -> Ended {
    if let Some(code) = &args.explain {
        return explain(shell, code);
    }
    let policies = match super::open(world, shell, &args.path) {
        Ok(policies) => policies,
        Err(ended) => return ended,
    };
    let (mut ended, mut text, mut all) = (Ended::WELL, String::new(), Vec::new());
    for policy in &policies {
        let findings = policy.check(world);
        let (unread, wrong): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().filter(|finding| finding.is_error()).partition(|finding| finding.code == UNREADABLE_FILE);
        ended = ended.and(Ended::RULES.when(!wrong.is_empty())).and(Ended::UNABLE.when(!unread.is_empty()));
        match args.format {
            Report::Human => {
                text.push_str(&findings_text::render(&findings, &policy.sources, shell.paint().on));
                text.push_str(&format!("{}: {}\n", policy.name(), findings_text::count(&findings)));
            }
            Report::Json => {
                all.push(serde_json::json!({ "policy": policy.name(), "findings": findings_json::render(&findings, &policy.sources) }));
            }
        }
    }
    if args.format == Report::Json {
        text = format!("{:#}\n", serde_json::json!({ "schema": 1, "policies": all }));
    }
    shell.answer(text).and(ended)
}

fn explain(shell: &Shell, text: &str) -> Ended {
    match Code::parse(text.trim()) {
        Some(code) => shell.answer(code.info().page),
        None => {
            let all: Vec<String> = codes::all().map(|info| info.code.to_string()).collect();
            let finding = Finding::without_place(NO_SUCH_CODE, format!("no finding has the code `{text}`"));
            shell.give_up(&[match near::nearest(text, all.iter().map(String::as_str)) {
                Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                None => finding.help("codes look like `K0301`"),
            }])
        }
    }
}
