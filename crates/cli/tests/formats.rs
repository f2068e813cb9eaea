//! What `check` and `test` write for machines: a document in every case, the exit status of every other format. The formats themselves are
//! tested in `render`, and held against their schemas by `tests/ci/formats.py`.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its files has failed")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const POLICY: &str = "policy \"Tiny\" {\n  currency USD\n  as of 2026-06-30\n}\n\nentity account from \"accounts.csv\" {\n  id : text key\n}\n\n\
                      define account.first = id = \"1\"\n\ntest \"one is first\" {\n  account { id = \"1\" }\n  expect first\n}\n";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, policy: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kamrules-formats-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("policy.kam"), policy).unwrap();
        fs::write(path.join("accounts.csv"), "id\n1\n").unwrap();
        Self(path)
    }

    fn run(&self, args: &str) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kamrules"));
        let done = command.args(args.split(' ')).current_dir(&self.0).output().unwrap();
        (done.status.code().unwrap(), String::from_utf8(done.stdout).unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const CHECK: [&str; 5] = ["json", "sarif", "github", "gitlab", "junit"];
const TEST: [&str; 3] = ["json", "github", "junit"];

/// Runs a command in each format: it ends so, and the answer holds these words.
fn all(folder: &Folder, command: &str, formats: &[&str], status: i32, words: &[(&str, &str)]) {
    for format in formats {
        let (code, out) = folder.run(&format!("{command} --format {format}"));
        assert_eq!(code, status, "{command} --format {format}: {out}");
        for (_, word) in words.iter().filter(|(of, _)| of == format) {
            assert!(out.contains(word), "{command} --format {format} lacks {word}: {out}");
        }
    }
}

#[test]
fn every_format_ends_as_the_others_do() {
    let fine = Folder::new("fine", POLICY);
    all(
        &fine,
        "check",
        &CHECK,
        0,
        &[("junit", "failures=\"0\""), ("github", "kamrules: Tiny: no errors"), ("sarif", "\"executionSuccessful\": true")],
    );
    all(&fine, "test", &TEST, 0, &[("junit", "tests=\"1\" failures=\"0\""), ("github", "kamrules: Tiny: 1 of 1 tests passed")]);
    let faulty = Folder::new("faulty", &POLICY.replace("id = \"1\"\n\n", "idd = \"1\"\n\n"));
    let told = [
        ("junit", "type=\"K0202\""),
        ("github", "::error file=policy.kam,line=10,"),
        ("sarif", "\"ruleId\": \"K0202\""),
        ("gitlab", "\"major\""),
    ];
    all(&faulty, "check", &CHECK, 1, &told);
    all(&faulty, "test", &TEST, 1, &[("junit", "type=\"K0202\""), ("github", "::error file=policy.kam,line=10,"), ("json", "K0202")]);
    let failing = Folder::new("failing", &POLICY.replace("expect first", "expect not first"));
    all(
        &failing,
        "test",
        &TEST,
        1,
        &[("junit", "type=\"K0801\""), ("github", "::error file=policy.kam,line=14,"), ("json", "\"failed\": 1")],
    );
}

#[test]
fn what_cannot_be_run_is_told_in_every_format() {
    let folder = Folder::new("unable", POLICY);
    let told =
        [("junit", "type=\"K0901\""), ("github", "::error title=K0901"), ("sarif", "\"executionSuccessful\": false"), ("json", "K0901")];
    all(&folder, "check nowhere", &CHECK, 2, &told);
    all(&folder, "test nowhere", &TEST, 2, &told);
    all(&folder, "test . nothing", &TEST, 2, &[("junit", "type=\"K0804\""), ("json", "K0804")]);
}

#[test]
fn a_warning_that_is_denied_is_told_as_an_error() {
    let folder = Folder::new("denied", &POLICY.replace("  currency", "\tcurrency"));
    all(&folder, "check", &CHECK, 0, &[("junit", "failures=\"0\""), ("github", "::warning"), ("sarif", "\"level\": \"warning\"")]);
    let told = [("junit", "failures=\"1\""), ("github", "::error"), ("sarif", "\"level\": \"error\""), ("json", "\"level\": \"warning\"")];
    all(&folder, "check --deny warnings", &CHECK, 1, &told);
}
