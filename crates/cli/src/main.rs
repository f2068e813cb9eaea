//! `kamrules`: arguments in, text out.
//!
//! In order: [`args`] reads the command line, a file in [`command`] runs each command, [`world`] is its door to files and the clock,
//! [`output`] prints and says how the run ended. What is computed is the session's business, how it looks that of render.

mod args;
mod command;
mod output;
mod world;

use args::Args;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let shell = output::Shell::new(args.color);
    command::run(args.command, &shell).code()
}
