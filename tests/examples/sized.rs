//! Writes the policies that checks are timed with into a folder, a folder each: `cargo run -p kamrules-tests --example sized -- FOLDER`.

use kamrules_tests::sized::all;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> std::io::Result<ExitCode> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return Ok(ExitCode::from(2));
    };
    for sized in all() {
        let folder = folder.join(&sized.name);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("policy.kam"), &sized.text)?;
    }
    Ok(ExitCode::SUCCESS)
}
