//! `kamrules man`: the manual page, the commands' own options below those of all.

use crate::args::Args;
use crate::output::{Ended, Shell};
use clap::CommandFactory;
use clap_mangen::Man;

/// Runs the command.
pub fn run(shell: &Shell) -> Ended {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = Man::new(Args::command()).render(&mut bytes);
    let mut whole = Args::command();
    whole.build();
    for command in whole.get_subcommands().filter(|command| command.get_name() != "help") {
        bytes.extend(format!(".SH \"KAMRULES {}\"\n", command.get_name().to_uppercase()).into_bytes());
        let man = Man::new(command.clone());
        let _ = man.render_description_section(&mut bytes);
        let _ = man.render_options_section(&mut bytes);
    }
    shell.answer(bytes)
}
