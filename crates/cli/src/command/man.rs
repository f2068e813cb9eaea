//! `kamrules man`: the manual page.

use crate::args::Args;
use crate::output::{Ended, Shell};
use clap::CommandFactory;

/// Runs the command.
pub fn run(shell: &Shell) -> Ended {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = clap_mangen::Man::new(Args::command()).render(&mut bytes);
    let subcommands = Args::command().get_subcommands().cloned().collect::<Vec<_>>();
    for subcommand in subcommands {
        let name = format!("kamrules-{}", subcommand.get_name());
        let _ = clap_mangen::Man::new(subcommand.name(name)).render(&mut bytes);
    }
    shell.answer(bytes)
}
