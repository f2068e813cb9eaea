//! `kamrules eval`: the rules, run on the data.

use crate::args::{Answers, Eval};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_base::Finding;
use kamrules_render::{answers_json, csv, ndjson, summary};
use kamrules_session::{Policy, Request, Run, Sheet, rewrite};
use std::path::Path;

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: &Eval) -> Ended {
    let request = match super::request(world, &args.data) {
        Ok(request) => request,
        Err(findings) => return shell.give_up(&findings),
    };
    let policies = match super::open(world, shell, &args.path) {
        Ok(policies) => policies,
        Err(ended) => return ended,
    };
    let several = policies.len() > 1;
    policies.into_iter().fold(Ended::WELL, |ended, policy| ended.and(one(world, shell, args, &request, policy, several)))
}

fn one(world: &FileWorld, shell: &Shell, args: &Eval, request: &Request, mut policy: Policy, several: bool) -> Ended {
    if request.as_of.is_some() {
        policy.today_is_said();
    }
    if let Some(ended) = super::refuse(shell, &policy) {
        return ended;
    }
    if args.select.is_some() || args.filter.is_some() {
        return select(world, shell, args, request, &mut policy);
    }
    let run = match policy.evaluate(world, request) {
        Ok(run) => run,
        Err(findings) => return super::unable(world, shell, &policy, &findings),
    };
    world.clear();
    shell.report(&policy.run_findings(&run, args.strict), &policy.sources);
    let printed = match (&args.output, args.format) {
        (Some(folder), format) => {
            let own = if several { folder.join(policy.root.file_name().unwrap_or_default()) } else { folder.clone() };
            let written = write(world, shell, &policy, &run, &own, format);
            match format {
                Some(Answers::Json) => written.and(shell.answer(format!("{:#}\n", answers_json::render(&policy, &run)))),
                _ => written,
            }
        }
        (None, Some(Answers::Json)) => shell.answer(format!("{:#}\n", answers_json::render(&policy, &run))),
        (None, None | Some(Answers::Human)) => shell.answer(summary::render(&policy, &run, shell.paint())),
        (None, Some(Answers::Csv | Answers::Ndjson)) => {
            let finding = Finding::without_place(kamrules_base::codes::CANNOT_WRITE, "tables as CSV or JSON Lines need a folder to go to");
            return shell.give_up(&[finding.help("add `-o DIR`, or `--select` for one list on standard output")]);
        }
    };
    if run.bad_rows() > 0 && args.output.is_some() {
        shell.say(&format!("{} at fault: see the file `faults`\n", summary::some(run.bad_rows(), "row")));
    }
    printed.and(ended(args, &policy, &run))
}

fn ended(args: &Eval, policy: &Policy, run: &Run) -> Ended {
    let broken = args.strict && !run.broken_musts(policy.model()).is_empty();
    Ended::RULES.when(broken || !run.conflicts.is_empty()).and(Ended::DATA.when(run.bad_rows() > args.max_bad_rows))
}

fn select(world: &FileWorld, shell: &Shell, args: &Eval, request: &Request, policy: &mut Policy) -> Ended {
    let selection = match policy.select(world, request, args.select.as_deref(), args.filter.as_deref()) {
        Ok(selection) => selection,
        Err(findings) => return super::unable(world, shell, policy, &findings),
    };
    world.clear();
    let model = policy.model();
    let sheet = selection.sheet(model);
    let bytes = match args.format {
        None | Some(Answers::Human) if args.output.is_none() => summary::list(&sheet, model, &selection.book, shell.paint()).into_bytes(),
        Some(Answers::Json) => {
            let rows: Vec<_> = (0..sheet.rows).map(|row| ndjson::object(&sheet, model, &selection.book, row)).collect();
            format!("{:#}\n", serde_json::Value::Array(rows)).into_bytes()
        }
        Some(Answers::Ndjson) => ndjson::render(&sheet, model, &selection.book),
        _ => csv::render(&sheet, model, &selection.book),
    };
    let printed = match &args.output {
        Some(folder) => match rewrite::write(world, &folder.join(format!("{}.{}", sheet.name, ending(args.format))), &bytes) {
            Ok(()) => Ended::WELL,
            Err(findings) => shell.give_up(&findings),
        },
        None => shell.answer(bytes),
    };
    let bad: u64 = selection.set_aside.iter().map(|source| source.own + source.cascaded).sum();
    if bad > 0 {
        shell.say(&summary::set_aside(&selection.data_faults, bad));
    }
    printed.and(Ended::DATA.when(bad > args.max_bad_rows))
}

fn ending(format: Option<Answers>) -> &'static str {
    match format {
        Some(Answers::Ndjson) => "ndjson",
        Some(Answers::Json) => "json",
        _ => "csv",
    }
}

fn write(world: &FileWorld, shell: &Shell, policy: &Policy, run: &Run, folder: &Path, format: Option<Answers>) -> Ended {
    let model = policy.model();
    let lines = format == Some(Answers::Ndjson);
    let ending = if lines { "ndjson" } else { "csv" };
    let bytes = |sheet: &Sheet<'_>| if lines { ndjson::render(sheet, model, &run.book) } else { csv::render(sheet, model, &run.book) };
    for sheet in policy.sheets(run) {
        // Where one file cannot be written, the others cannot either.
        if let Err(findings) = rewrite::write(world, &folder.join(format!("{}.{ending}", sheet.name)), &bytes(&sheet)) {
            return shell.give_up(&findings);
        }
    }
    Ended::WELL
}
