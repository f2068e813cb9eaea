//! `cargo xtask generate [--check]`.

#![allow(clippy::print_stderr, reason = "a command speaks to its user")]

use std::process::ExitCode;
use xtask::generate::{check, write};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["generate"] => write(&xtask::root()),
        ["generate", "--check"] => check(&xtask::root()),
        _ => Err("usage: cargo xtask generate [--check]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
