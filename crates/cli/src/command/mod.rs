//! A file per command.

mod check;
mod completions;
mod eval;
mod explain;
mod fmt;
mod graph;
mod init;
mod man;
mod test;

use crate::args::{Command, Data};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_base::codes::{BAD_BINDING, NO_TODAY};
use kamrules_base::{Date, Finding, World};
use kamrules_session::{Policy, Request};
use std::path::{Path, PathBuf};

/// Runs a command.
pub fn run(command: Command, shell: &Shell) -> Ended {
    let world = FileWorld::new();
    match command {
        Command::Check(args) => check::run(&world, shell, &args),
        Command::Eval(args) => eval::run(&world, shell, &args),
        Command::Explain(args) => explain::run(&world, shell, args),
        Command::Test(args) => test::run(&world, shell, &args),
        Command::Fmt(args) => fmt::run(&world, shell, &args),
        Command::Init(args) => init::run(&world, shell, &args),
        Command::Graph(args) => graph::run(&world, shell, args),
        Command::Completions(args) => completions::run(shell, &args),
        Command::Man => man::run(shell),
    }
}

/// The folder that paths are shown relative to.
fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// The policies at a path, or how the run ended without them.
fn open(world: &FileWorld, shell: &Shell, path: &Path) -> Result<Vec<Policy>, Ended> {
    Policy::open(world, &here(), path).map_err(|findings| shell.give_up(&findings))
}

/// Tells the findings of a policy that cannot be run; warnings are for `check`.
fn refuse(shell: &Shell, policy: &Policy) -> Option<Ended> {
    policy.has_errors().then(|| {
        shell.report(&policy.findings, &policy.sources);
        shell.say(&format!("{}: {}\n", policy.name(), kamrules_render::findings_text::count(&policy.findings)));
        Ended::RULES
    })
}

/// What the command line says of the data.
fn request(world: &FileWorld, data: &Data) -> Result<Request, Vec<Finding>> {
    let binding = |text: &String| match text.split_once('=') {
        Some((entity, source)) => Ok((entity.trim().to_owned(), source.trim().to_owned())),
        None => Err(vec![
            Finding::without_place(BAD_BINDING, format!("`--data {text}` does not say which entity is read from where"))
                .help("write `--data ENTITY=SOURCE`"),
        ]),
    };
    let as_of = match data.as_of.as_deref() {
        None => None,
        Some("today") => Some(world.today()),
        Some(text) => match Date::parse_iso(text) {
            Some(day) => Some(day),
            None => {
                return Err(vec![
                    Finding::without_place(NO_TODAY, format!("`--as-of {text}` is no day"))
                        .help("write a date such as `2026-06-30`, or `today`"),
                ]);
            }
        },
    };
    Ok(Request { data: data.data.iter().map(binding).collect::<Result<_, _>>()?, as_of, threads: data.threads })
}

/// How a run ended whose findings keep it from being made: rules at fault if they point into them, else it could not run.
fn unable(world: &FileWorld, shell: &Shell, policy: &Policy, findings: &[Finding]) -> Ended {
    world.clear();
    shell.report(findings, &policy.sources);
    Ended::UNABLE
}
