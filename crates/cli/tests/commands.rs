//! A few runs of the real binary on a tiny policy: what is printed where, and how runs end.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its files has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const POLICY: &str = r#"policy "Tiny" {
  currency USD
  as of 2026-06-30
}

entity account from "accounts.csv" {
  id      : text  key
  name    : text
  country : text
  revenue : money
}

tiers abc "Class" for account {
  A "Key"  when revenue >= $1M
  C "Rest" otherwise
}

territories zone for account {
  dach  when country in ["DE", "AT"]
  world otherwise
}

must sells "Each account sells something" for account { revenue > $0 }

test "a big account is key" {
  account { id = "1", revenue = $2M }
  expect abc = A
}
"#;
const ACCOUNTS: &str = "id,name,country,revenue\n1,Alpha,DE,1500000\n2,北京,AT,10\n3,Gamma,US,0\n";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, policy: &str, accounts: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kamrules-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("policy.kam"), policy).unwrap();
        fs::write(path.join("accounts.csv"), accounts).unwrap();
        Self(path)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } =
            Command::new(env!("CARGO_BIN_EXE_kamrules")).args(args).current_dir(&self.0).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_clean_policy_ends_well() {
    let folder = Folder::new("clean", POLICY, ACCOUNTS);
    let (code, out, err) = folder.run(&["check"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.ends_with("Tiny: no errors\n"), "{out}");
    let (code, out, _) = folder.run(&["eval"]);
    assert_eq!(code, 0, "{out}");
    insta::assert_snapshot!("summary", out);
    let (code, out, _) = folder.run(&["eval", "--format", "json"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("answers", out);
    let (code, out, err) = folder.run(&["explain", "1"]);
    assert_eq!(code, 0, "{err}");
    insta::assert_snapshot!("explanation", out);
    let (code, out, err) = folder.run(&["test", ".", "big", "--coverage"]);
    assert_eq!(code, 0, "{err}");
    insta::assert_snapshot!("tests", out);
}

#[test]
fn values_of_rows_are_listed() {
    let folder = Folder::new("select", POLICY, ACCOUNTS);
    let (code, out, err) = folder.run(&["eval", "--select", "id, revenue * 2, abc", "--where", "zone = dach", "--format", "csv"]);
    assert_eq!((code, out.as_str()), (0, "id,revenue * 2,abc\n1,3000000.00,A\n2,20.00,C\n"), "{err}");
    let (code, _, err) = folder.run(&["eval", "--select", "id, revenu"]);
    assert_eq!(code, 2);
    assert!(err.contains("revenu"), "{err}");
}

#[test]
fn a_row_of_a_list_stays_a_line() {
    let folder = Folder::new("lines", POLICY, "id,name,country,revenue\n1,\"Alpha\nand\tsons\",DE,5\n");
    let (_, out, _) = folder.run(&["eval", "--select", "id, name, abc"]);
    assert_eq!(out.lines().count(), 2, "{out}");
    assert!(out.contains("Alpha and sons"), "{out}");
}

#[test]
fn answers_go_to_files() {
    let folder = Folder::new("files", POLICY, ACCOUNTS);
    let (code, out, _) = folder.run(&["eval", "-o", "out"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(folder.path().join("out/account.csv")).unwrap(), "id,abc,zone\n1,A,dach\n2,C,dach\n3,C,world\n");
    assert!(
        fs::read_to_string(folder.path().join("out/violations.csv")).unwrap().contains("sells,must,Each account sells something,account,3")
    );
}

#[test]
fn the_exit_status_says_what_is_at_fault() {
    let folder = Folder::new("status", POLICY, &format!("{ACCOUNTS}4,Bad,DE,x12\n"));
    assert_eq!(folder.run(&["eval"]).0, 3);
    assert_eq!(folder.run(&["eval", "--max-bad-rows", "1"]).0, 0);
    assert_eq!(folder.run(&["eval", "--strict"]).0, 1);
    assert_eq!(folder.run(&["eval", "--data", "acount=accounts.csv"]).0, 2);
    assert_eq!(folder.run(&["check", "nowhere"]).0, 2);
    assert_eq!(folder.run(&["explain", "99"]).0, 2);
    assert_eq!(folder.run(&["fmt"]), (0, String::new(), String::new()));
    assert_eq!(folder.run(&["fmt", "--check"]).0, 0);
    let both = POLICY.replace("world otherwise", "germany when country = \"DE\"\n  world otherwise");
    let folder = Folder::new("conflict", &both, ACCOUNTS);
    let (code, out, err) = folder.run(&["eval"]);
    assert_eq!(code, 1, "{out}");
    assert!(err.contains("K0701") && out.contains("claimed by dach and germany"), "{err}{out}");
    let folder = Folder::new("wrong", &POLICY.replace("expect abc = A", "expect abc = C"), ACCOUNTS);
    let (code, out, err) = folder.run(&["test"]);
    assert_eq!(code, 1);
    assert!(err.contains("K0801") && out.contains("FAIL  a big account is key"), "{err}{out}");
}

#[test]
fn a_source_that_is_a_folder_cannot_be_read() {
    let folder = Folder::new("folder", &POLICY.replace("accounts.csv", "exports"), ACCOUNTS);
    fs::create_dir_all(folder.path().join("exports")).unwrap();
    for command in ["check", "eval"] {
        let (code, out, err) = folder.run(&[command]);
        assert_eq!(code, 2, "{out}{err}");
        assert!(format!("{out}{err}").contains("`exports` is a folder"), "{out}{err}");
        assert!(format!("{out}{err}").contains("exports/*.csv"), "{out}{err}");
    }
}

#[test]
fn a_list_that_is_cut_says_how_to_see_the_rest() {
    let bad: String = (10..30).map(|i| format!("{i},Bad,DE,x\n")).collect();
    let folder = Folder::new("rest", POLICY, &format!("{ACCOUNTS}{bad}"));
    let (code, out, _) = folder.run(&["eval"]);
    assert_eq!(code, 3);
    assert!(out.contains("… and 10 more (all with `-o DIR`)"), "{out}");
    let (_, _, err) = folder.run(&["eval", "--select", "id"]);
    assert!(err.contains("… and 10 more (all of them: `kamrules eval -o DIR`, file `faults`)"), "{err}");
}

#[test]
fn a_starter_policy_leaves_no_file_out_in_silence() {
    let folder = Folder::new("starter", POLICY, ACCOUNTS);
    fs::write(folder.path().join("book.xlsx"), b"PK\x03\x04rest").unwrap();
    fs::write(folder.path().join("none.json"), b"[]").unwrap();
    let (code, out, err) = folder.run(&["init", "accounts.csv", "book.xlsx", "none.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("`book.xlsx` is an Excel workbook") && err.contains("no object in `none.json` has a name"), "{err}");
    let (code, _, err) = folder.run(&["init", "nowhere.csv", "."]);
    assert_eq!(code, 2);
    assert!(
        err.contains("there is no file or folder `nowhere.csv`") && err.contains("`.` is a folder") && !err.contains("os error"),
        "{err}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_told_once() {
    let folder = Folder::new("unwritable", POLICY, ACCOUNTS);
    let (code, _, err) = folder.run(&["eval", "-o", "accounts.csv"]);
    assert_eq!(code, 2);
    assert!(err.matches("K0908").count() == 1 && !err.contains("os error"), "{err}");
}

#[test]
fn data_cannot_command_the_terminal() {
    let folder = Folder::new("escape", POLICY, "id,name,country,revenue\n1,A,DE,\u{1b}]0;x\u{7}\n2,\u{1b}[2J,DE,5\n");
    for args in [&["eval"][..], &["eval", "--select", "id,name"], &["explain", "2"]] {
        let (_, out, err) = folder.run(args);
        assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{out}{err}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = Folder::new("pipe", &POLICY.replace("accounts.csv", "pipe.csv"), ACCOUNTS);
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.csv")).status().unwrap().success());
    let (code, out, _) = folder.run(&["check"]);
    assert_eq!(code, 2);
    assert!(out.contains("it is a pipe, not a file"), "{out}");
}

#[test]
fn drawings_and_pages() {
    let folder = Folder::new("draw", POLICY, ACCOUNTS);
    let (code, out, _) = folder.run(&["graph", "zone"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("mermaid", out);
    let (code, out, _) = folder.run(&["graph", "layers", "--format", "dot"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("dot", out);
    assert!(folder.run(&["check", "--explain", "K0701"]).1.starts_with("# K0701: "));
    assert!(folder.run(&["man"]).1.contains(".TH kamrules"));
    assert!(folder.run(&["completions", "bash"]).1.contains("kamrules"));
    let (code, out, err) = folder.run(&["init", "accounts.csv", "-o", "policy.kam"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("K0907"));
}
