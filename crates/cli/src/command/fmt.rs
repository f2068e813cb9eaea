//! `kamrules fmt`: the rules as they should look.

use crate::args::Fmt;
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_base::codes::{NOT_FORMATTED, NOT_UTF8, UNREADABLE};
use kamrules_base::{Finding, Sources};
use kamrules_session::rewrite::{self, Formatted};
use std::io::Read;
use std::path::Path;

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: &Fmt) -> Ended {
    let mut ended = Ended::WELL;
    for path in &args.paths {
        ended = ended.and(if path.as_os_str() == "-" { standard_input(shell, args.check) } else { files(world, shell, path, args.check) });
    }
    ended
}

fn files(world: &FileWorld, shell: &Shell, path: &Path, check: bool) -> Ended {
    let here = super::here();
    let files = match kamrules_session::rule_files(world, &here, path) {
        Ok(files) => files,
        Err(findings) => return shell.give_up(&findings),
    };
    let mut ended = Ended::WELL;
    for file in files {
        let mut sources = Sources::default();
        let formatted = match rewrite::format_file(world, &here, &file, &mut sources) {
            Ok(formatted) => formatted,
            Err(findings) => {
                ended = ended.and(shell.give_up(&findings));
                continue;
            }
        };
        ended = ended.and(match formatted {
            Formatted { text: Err(findings), .. } => {
                shell.report(&findings, &sources);
                Ended::RULES
            }
            Formatted { changed: false, .. } => Ended::WELL,
            Formatted { .. } if check => {
                let shown = sources.files.first().map(|file| file.path.display().to_string()).unwrap_or_default();
                shell.report(
                    &[Finding::without_place(NOT_FORMATTED, format!("`{shown}` is not formatted")).help("run `kamrules fmt`")],
                    &sources,
                );
                Ended::RULES
            }
            Formatted { text: Ok(text), .. } => match rewrite::write(world, &file, text.as_bytes()) {
                Ok(()) => Ended::WELL,
                Err(findings) => shell.give_up(&findings),
            },
        });
    }
    ended
}

fn standard_input(shell: &Shell, check: bool) -> Ended {
    let mut bytes = Vec::new();
    if let Err(error) = std::io::stdin().read_to_end(&mut bytes) {
        return shell.give_up(&[Finding::without_place(UNREADABLE, format!("standard input cannot be read: {error}"))]);
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return shell.give_up(&[Finding::without_place(NOT_UTF8, "standard input is not UTF-8 text")]);
    };
    let mut sources = Sources::default();
    match rewrite::format_text(&mut sources, Path::new("standard input"), &text) {
        Formatted { text: Err(findings), .. } => {
            shell.report(&findings, &sources);
            Ended::RULES
        }
        Formatted { changed, .. } if check => Ended::RULES.when(changed),
        Formatted { text: Ok(text), .. } => shell.answer(text),
    }
}
