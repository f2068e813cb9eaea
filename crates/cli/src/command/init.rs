//! `kamrules init`: a starter policy out of data files.

use crate::args::Init;
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_base::Finding;
use kamrules_base::codes::FILE_EXISTS;
use kamrules_session::rewrite;

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: &Init) -> Ended {
    if let Some(output) = args.output.as_ref().filter(|output| output.exists() && !args.force) {
        let finding = Finding::without_place(FILE_EXISTS, format!("`{}` is there already", output.display()));
        return shell.give_up(&[finding.help("choose another name, or say `--force`")]);
    }
    let text = match rewrite::starter(world, &super::here(), &args.files, args.output.as_deref()) {
        Ok(text) => text,
        Err(findings) => return shell.give_up(&findings),
    };
    world.clear();
    match &args.output {
        None => shell.answer(text),
        Some(output) => match rewrite::write(world, output, text.as_bytes()) {
            Ok(()) => Ended::WELL,
            Err(findings) => shell.give_up(&findings),
        },
    }
}
