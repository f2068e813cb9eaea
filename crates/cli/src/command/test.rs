//! `kamrules test`: the tests written in the rules.

use crate::args::{Report, Test};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_render::{tests_json, tests_text};

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: &Test) -> Ended {
    let policies = match super::open(world, shell, &args.path) {
        Ok(policies) => policies,
        Err(ended) => return ended,
    };
    let (mut ended, mut text, mut all) = (Ended::WELL, String::new(), Vec::new());
    for policy in &policies {
        if let Some(refused) = super::refuse(shell, policy) {
            ended = ended.and(refused);
            continue;
        }
        let run = match policy.tests(world, args.name.as_deref()) {
            Ok(run) => run,
            Err(findings) => {
                ended = ended.and(super::unable(world, shell, policy, &findings));
                continue;
            }
        };
        world.clear();
        let failed = run.report.passed() < run.report.tests.len();
        ended = ended.and(Ended::RULES.when(failed || run.findings.iter().any(kamrules_base::Finding::is_error)));
        match args.format {
            Report::Human => {
                shell.report(&run.findings, &policy.sources);
                text.push_str(&tests_text::render(&run, shell.paint()));
                if args.coverage {
                    text.push_str(&tests_text::coverage(policy.model(), &policy.sources, &run.report.coverage, shell.paint()));
                }
            }
            Report::Json => all.push(tests_json::render(policy.model(), &policy.sources, &run, args.coverage)),
        }
    }
    if args.format == Report::Json {
        // One policy is one document; several are a list of them.
        text = if all.len() == 1 { format!("{:#}\n", all[0]) } else { format!("{:#}\n", serde_json::Value::Array(all)) };
    }
    shell.answer(text).and(ended)
}
