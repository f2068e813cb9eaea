//! What the documentation shows of the terminal is what the terminal shows.
//!
//! A page with `console` blocks is played in a folder of its own: blocks that name a file write it (`kam part policy.kam` adds to it),
//! and each `$` line of a `console` block is run there; `console quickstart` runs in a copy of that example. A line `…` stands for any
//! lines. `KAMRULES_BLESS=1` writes the outputs anew, `KAMRULES_BLESS=cli.md` those of one page.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its files has failed")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Block {
    words: Vec<String>,
    text: String,
    line: usize,
    range: std::ops::Range<usize>,
}

fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut open, mut at): (Vec<Block>, bool, usize) = (Vec::new(), false, 0);
    for (index, line) in page.split_inclusive('\n').enumerate() {
        at += line.len();
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(mark) => {
                let words = mark.split_whitespace().map(str::to_owned).collect();
                blocks.push(Block { words, text: String::new(), line: index + 1, range: at..at });
                open = true;
            }
            None if open => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.range.end = at;
            }
            None => {}
        }
    }
    blocks
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The words of a command; single and double quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote, mut inside): (Vec<String>, Option<char>, bool) = (Vec::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
            }
            (None, ' ') => inside = false,
            _ => {
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
                words.last_mut().unwrap().push(c);
            }
        }
    }
    words
}

/// What a command prints, as a terminal shows it, and how it ends.
fn run(folder: &Path, line: &str, last: i32) -> (String, i32) {
    let words = words(line);
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["echo", "$?"] => (format!("{last}\n"), 0),
        ["cat", file] => match fs::read_to_string(folder.join(file)) {
            Ok(text) => (text, 0),
            Err(error) => (format!("cat: {file}: {error}\n"), 1),
        },
        ["ls", path] => {
            let entries = fs::read_dir(folder.join(path)).into_iter().flatten().map(Result::unwrap);
            let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            (names.iter().map(|name| format!("{name}\n")).collect(), 0)
        }
        ["kamrules", args @ ..] => {
            let (mut reader, writer) = std::io::pipe().unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_kamrules"));
            command.args(args).current_dir(folder).stdin(std::process::Stdio::null());
            command.stdout(writer.try_clone().unwrap()).stderr(writer);
            let mut child = command.spawn().unwrap();
            // The command holds the writing ends; only when it lets go of them does reading come to an end.
            drop(command);
            let mut out = String::new();
            reader.read_to_string(&mut out).unwrap();
            (out, child.wait().unwrap().code().unwrap())
        }
        _ => panic!("the documentation runs `{line}`, and this test does not know how"),
    }
}

/// Whether an output is what is shown of it.
fn fits(shown: &[&str], got: &[&str]) -> bool {
    match (shown, got) {
        ([], []) => true,
        (["…"], _) => true,
        (["…", rest @ ..], _) => (0..=got.len()).any(|skip| fits(rest, &got[skip..])),
        ([a, shown @ ..], [b, got @ ..]) => a == b && fits(shown, got),
        _ => false,
    }
}

/// Plays a `console` block: the text it should have, and whether it has.
fn play(folder: &Path, text: &str) -> (String, bool) {
    let (mut out, mut good, mut last) = (String::new(), true, 0);
    for part in text.strip_prefix("$ ").unwrap_or(text).split("\n$ ") {
        let (line, shown) = part.split_once('\n').unwrap_or((part, ""));
        let (got, code) = run(folder, line, last);
        last = code;
        let got: Vec<&str> = got.lines().map(str::trim_end).collect();
        let shown: Vec<&str> = shown.trim_end().lines().collect();
        let same = fits(&shown, got.strip_suffix(&[""]).unwrap_or(&got));
        good &= same;
        out.push_str(&format!("$ {line}\n"));
        for line in if same { &shown } else { &got } {
            out.push_str(line);
            out.push('\n');
        }
    }
    (out, good)
}

fn play_page(name: &str, path: &Path, wrong: &mut Vec<String>) {
    let page = fs::read_to_string(path).unwrap();
    let blocks = blocks(&page);
    let is_console = |block: &Block| block.words.first().is_some_and(|word| word == "console");
    if !blocks.iter().any(is_console) {
        return;
    }
    let folder = Folder(std::env::temp_dir().join(format!("kamrules-docs-{}-{}", name.replace('/', "-"), std::process::id())));
    let _ = fs::remove_dir_all(&folder.0);
    let here = folder.0.join("here");
    fs::create_dir_all(&here).unwrap();
    let mut changes = Vec::new();
    for block in &blocks {
        if is_console(block) {
            let at = match block.words.get(1) {
                None => here.clone(),
                Some(example) => {
                    let at = folder.0.join(example);
                    if !at.exists() {
                        copy(&root().join("examples").join(example), &at);
                    }
                    at
                }
            };
            let (text, good) = play(&at, &block.text);
            if !good {
                wrong.push(format!("{name}:{}: it is\n{text}", block.line));
                changes.push((block.range.clone(), text));
            }
        } else if let Some(file) = block.words.iter().skip(1).find(|word| word.contains('.')) {
            let path = here.join(file);
            let before =
                if block.words.iter().any(|word| word == "part") { fs::read_to_string(&path).unwrap() + "\n" } else { String::new() };
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, before + &block.text).unwrap();
        }
    }
    if std::env::var("KAMRULES_BLESS").is_ok_and(|which| which == "1" || which == name) && !changes.is_empty() {
        let mut text = page.clone();
        for (range, new) in changes.into_iter().rev() {
            text.replace_range(range, &new);
        }
        fs::write(path, text).unwrap();
    }
}

#[test]
fn the_terminal_shows_what_the_documentation_shows() {
    let docs = root().join("docs");
    let mut wrong = Vec::new();
    for folder in ["", "reference"] {
        let mut names: Vec<PathBuf> = fs::read_dir(docs.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        for path in names.iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
            let name = path.strip_prefix(&docs).unwrap().display().to_string();
            play_page(&name, path, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
