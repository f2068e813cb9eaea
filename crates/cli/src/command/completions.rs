//! `kamrules completions`: what a shell completes.

use crate::args::{Args, Completions};
use crate::output::{Ended, Shell};
use clap::CommandFactory;

/// Runs the command.
pub fn run(shell: &Shell, args: &Completions) -> Ended {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "kamrules", &mut bytes);
    shell.answer(bytes)
}
