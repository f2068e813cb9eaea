//! `kamrules test`: the tests written in the rules.

use crate::args::{Test, TestFormat};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_base::{Finding, Sources};
use kamrules_render::report::Report;
use kamrules_render::{tests_github, tests_json, tests_junit, tests_text};
use kamrules_session::testing::TestOutcome;
use kamrules_session::{Policy, TestRun};
use serde_json::Value;

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: &Test) -> Ended {
    let policies = match Policy::open(world, &super::here(), &args.path) {
        Ok(policies) => policies,
        Err(findings) => {
            let (ended, sources) = (shell.give_up(&findings), Sources::default());
            let unread = [(Report::unread(&args.path, &sources, findings), None)];
            return shell.answer(text(args, &unread)).and(ended);
        }
    };
    let (mut ended, mut people, mut reports) = (Ended::WELL, String::new(), Vec::new());
    for policy in &policies {
        if let Some(refused) = super::refuse(shell, policy) {
            ended = ended.and(refused);
            reports.push((Report::of(policy, policy.findings.clone()), None));
            continue;
        }
        let run = match policy.tests(world, args.name.as_deref()) {
            Ok(run) => run,
            Err(findings) => {
                ended = ended.and(super::unable(world, shell, policy, &findings));
                reports.push((Report::of(policy, findings), None));
                continue;
            }
        };
        world.clear();
        let failed = run.report.passed() < run.report.tests.len();
        ended = ended.and(Ended::RULES.when(failed || run.findings.iter().any(Finding::is_error)));
        if args.format == TestFormat::Human {
            shell.report(&run.findings, &policy.sources);
            people.push_str(&tests_text::render(&run, shell.paint()));
            if args.coverage {
                people.push_str(&tests_text::coverage(policy.model(), &policy.sources, &run.report.coverage, shell.paint()));
            }
        }
        reports.push((Report::of(policy, run.findings.clone()), Some((policy, run))));
    }
    shell.answer(if args.format == TestFormat::Human { people } else { text(args, &reports) }).and(ended)
}

/// A policy's report, with the tests unless they could not be run.
type Tested<'a> = (Report<'a>, Option<(&'a Policy, TestRun)>);

/// What the tests gave, for machines.
fn text(args: &Test, reports: &[Tested<'_>]) -> String {
    let with_tests = || -> Vec<(&Report<'_>, &[TestOutcome])> {
        reports.iter().map(|(report, run)| (report, run.as_ref().map_or(&[][..], |(_, run)| &run.report.tests))).collect()
    };
    match args.format {
        TestFormat::Human => String::new(),
        TestFormat::Json => {
            let one = |(report, run): &Tested<'_>| match run {
                Some((policy, run)) => tests_json::render(report, run, args.coverage.then(|| policy.model())),
                None => tests_json::without_tests(report),
            };
            // One policy is one document; several are a list of them.
            let mut all: Vec<Value> = reports.iter().map(one).collect();
            let all = if all.len() == 1 { all.remove(0) } else { Value::Array(all) };
            format!("{all:#}\n")
        }
        TestFormat::Github => tests_github::render(&with_tests()),
        TestFormat::Junit => tests_junit::render(&with_tests()),
    }
}
