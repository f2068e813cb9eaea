//! Levels of findings and `check --fix`, with the real binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its files has failed")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("kamrules-levels-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        for (name, text) in files {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(path)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } =
            Command::new(env!("CARGO_BIN_EXE_kamrules")).args(args).current_dir(&self.0).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A policy with one warning: its test expects nothing.
fn warned(clause: &str, comment: &str) -> String {
    format!(
        "policy \"Tiny\" {{\n  {clause}\n}}\n\nentity account {{ id : text key }}\n\n{comment}\ntest \"t\" {{\n  account {{ id = \"1\" }}\n}}\n"
    )
}

#[test]
fn warnings_are_denied_on_the_command_line() {
    let folder = Folder::new("deny", &[("policy.kam", &warned("", ""))]);
    let (code, out, _) = folder.run(&["check"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("[K0421] warning") && out.ends_with("Tiny: no errors, 1 warning\n"), "{out}");
    let (code, out, _) = folder.run(&["check", "--deny", "warnings"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.ends_with("Tiny: no errors, 1 warning; warnings are denied\n"), "{out}");
    let (code, out, _) = folder.run(&["check", "--deny", "K0421"]);
    assert_eq!(code, 1);
    assert!(out.contains("[K0421] error") && out.ends_with("Tiny: 1 error\n"), "{out}");
    let (code, out, _) = folder.run(&["check", "--deny=warnings", "--allow", "test_without_expect"]);
    assert_eq!((code, out.ends_with("Tiny: no errors, 1 allowed\n")), (0, true), "{out}");
    let (code, _, err) = folder.run(&["check", "--deny", "test_without_expct,K0201"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `test_without_expect`?") && err.contains("`unknown_name` stays an error"), "{err}");
}

#[test]
fn the_policy_and_its_comments_set_levels_and_the_command_line_comes_first() {
    let allowed = warned("allow K0421 because \"they show how rows are written\"", "");
    let folder = Folder::new("policy", &[("policy.kam", &allowed)]);
    let (code, out, _) = folder.run(&["check", "--deny", "warnings"]);
    assert_eq!((code, out.ends_with("Tiny: no errors, 1 allowed\n")), (0, true), "{out}");
    let (_, out, _) = folder.run(&["check", "--format", "json"]);
    assert!(out.contains("\"allowed\": 1") && !out.contains("K0421"), "{out}");
    let (code, out, _) = folder.run(&["check", "--deny", "test_without_expect"]);
    assert_eq!((code, out.contains("[K0421] error")), (1, true), "{out}");

    let folder = Folder::new("comment", &[("policy.kam", &warned("deny K0421", "# kamrules allow test_without_expect: later"))]);
    let (code, out, _) = folder.run(&["check", "--deny", "warnings"]);
    assert_eq!((code, out.ends_with("Tiny: no errors, 1 allowed\n")), (0, true), "{out}");

    let folder = Folder::new("denied", &[("policy.kam", &warned("deny K0421", ""))]);
    assert_eq!(folder.run(&["check"]).0, 1);
    let (code, out, _) = folder.run(&["check", "--warn", "K0421", "--format", "json"]);
    assert_eq!((code, out.contains("\"name\": \"test_without_expect\"")), (0, true), "{out}");
    assert_eq!(folder.run(&["eval"]).2.matches("K0421").count(), 0, "levels are for check");
}

#[test]
fn levels_that_are_set_wrongly_are_told() {
    let clauses = "allow test_without_expect, allow cycle because \"so\", warn test_without_expct, allow tab because \"so\"";
    let folder = Folder::new("wrong", &[("policy.kam", &warned(clauses, "# kamrules dney K0421"))]);
    let (code, out, _) = folder.run(&["check"]);
    assert_eq!(code, 1);
    for wanted in ["[K1151] error", "[K1152] error", "[K1150] error", "did you mean `test_without_expect`?", "[K1154] warning"] {
        assert!(out.contains(wanted), "{wanted}: {out}");
    }
}

#[test]
fn a_finding_is_explained_by_its_name() {
    let folder = Folder::new("explain", &[("policy.kam", "")]);
    assert_eq!(folder.run(&["check", "--explain", "needless_allow"]).1, folder.run(&["check", "--explain", "K1153"]).1);
    let (code, _, err) = folder.run(&["check", "--explain", "needless_alow"]);
    assert_eq!((code, err.contains("did you mean `needless_allow`?")), (2, true), "{err}");
}

const SLIPS: &str = "policy \"Slips\" { currency usd }\r\nentity account { id : text key, revenue : money }\r\n";
const MORE: &str = "# A list, with a tab.\nlist sizes =\t[1 2 3]\n\n\n\ndefine account.large = revenu >= $5M && yes\n";

#[test]
fn what_has_a_fix_is_mended() {
    let folder = Folder::new("fix", &[("policy.kam", SLIPS), ("more/lists.kam", MORE)]);
    let (code, out, err) = folder.run(&["check", "--fix"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("policy.kam:1: write `USD` (K0423)\n"), "{out}");
    assert!(out.contains("more/lists.kam:6: write `revenue` (K0202)\n"), "{out}");
    assert!(out.contains("\n6 mended\n") && out.contains("\nSlips: no errors"), "{out}");
    assert_eq!(folder.read("policy.kam"), SLIPS.replace("usd", "USD"), "nothing else is touched");
    assert_eq!(
        folder.read("more/lists.kam"),
        "# A list, with a tab.\nlist sizes =  [1, 2, 3]\n\n\n\ndefine account.large = revenue >= $5M and yes\n"
    );
    let (code, out, _) = folder.run(&["check", "--fix"]);
    assert_eq!((code, out.starts_with("nothing was mended\n")), (0, true), "{out}");
}

#[test]
fn what_is_left_is_told_and_machines_get_their_document() {
    let folder = Folder::new("left", &[("policy.kam", &format!("{SLIPS}define account.x = 1 + \"a\"\n"))]);
    let (code, out, err) = folder.run(&["check", "--fix", "--format", "json"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.starts_with('{') && out.contains("\"level\": \"error\""), "{out}");
    assert!(err.contains("write `USD` (K0423)") && err.contains("1 mended"), "{err}");
}

#[test]
fn what_is_allowed_is_left_and_a_needless_allow_is_taken_out() {
    let text =
        "policy \"P\" {}\n# kamrules allow tab: our editor writes them\nlist a =\t[1]\n\n# kamrules allow tab: no more\nlist b = [1]\n";
    let folder = Folder::new("allowed", &[("policy.kam", text)]);
    let (code, out, _) = folder.run(&["check", "--fix"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("policy.kam:5: take it out (K1153)"), "{out}");
    assert_eq!(folder.read("policy.kam"), "policy \"P\" {}\n# kamrules allow tab: our editor writes them\nlist a =\t[1]\n\nlist b = [1]\n");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("readonly", &[("policy.kam", SLIPS)]);
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o555)).unwrap();
    let writable = fs::write(folder.0.join("probe"), "").is_ok();
    let (code, _, err) = folder.run(&["check", "--fix"]);
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    // Whoever may write everywhere cannot be kept from it.
    if !writable {
        assert_eq!((code, err.contains("K0908")), (2, true), "{err}");
        assert_eq!(folder.read("policy.kam"), SLIPS);
    }
}
