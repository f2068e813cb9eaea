//! Holds the repository against what ARCHITECTURE.md says of it: which crate depends on which, which crate alone names a library of
//! others, what lies at the top, and that no file speaks of the machine it was written on.

use kamrules_tests::{blocks, root};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Libraries that one package alone may name.
const ALONE: &[(&str, &str)] = &[
    ("ariadne", "kamrules-render"),
    ("clap", "kamrules"),
    ("clap_complete", "kamrules"),
    ("clap_mangen", "kamrules"),
    ("memmap2", "kamrules"),
    ("logos", "kamrules-syntax"),
    ("chumsky", "kamrules-syntax"),
    ("rayon", "kamrules-eval"),
    ("encoding_rs", "kamrules-data"),
];

/// Who must not reach whom, over any number of steps.
const NEVER: &[(&str, &str)] = &[
    ("kamrules-model", "kamrules-syntax"),
    ("kamrules-builtins", "kamrules-syntax"),
    ("kamrules-eval", "kamrules-syntax"),
    ("kamrules-eval", "kamrules-data"),
    ("kamrules-data", "kamrules-syntax"),
    ("kamrules-data", "kamrules-builtins"),
    ("kamrules-prove", "kamrules-syntax"),
    ("kamrules-prove", "kamrules-eval"),
    ("kamrules-lint", "kamrules-check"),
    ("kamrules-check", "kamrules-eval"),
    ("kamrules-check", "kamrules-data"),
    ("kamrules-lint", "kamrules-check"),
    ("kamrules-lint", "kamrules-eval"),
    ("kamrules-session", "kamrules-render"),
    ("kamrules", "xtask"),
];

/// What may lie at the top of the repository.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".editorconfig",
    ".git",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".pre-commit-hooks.yaml",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "action.yml",
    "crates",
    "docs",
    "editors",
    "examples",
    "grammar",
    "rustfmt.toml",
    "target",
    "tests",
    "xtask",
];

#[test]
fn crates_depend_on_each_other_as_the_architecture_says() {
    let said = said();
    let found: BTreeMap<String, BTreeSet<String>> = packages().into_iter().map(|p| (p.name, p.inside)).collect();
    assert_eq!(said, found, "left: the table of ARCHITECTURE.md; right: the manifests");
}

#[test]
fn no_crate_reaches_what_it_must_not_know() {
    let edges = packages().into_iter().map(|p| (p.name, p.inside)).collect();
    for (from, to) in NEVER {
        assert!(!reach(&edges, from).contains(*to), "`{from}` must not know `{to}`");
    }
}

#[test]
fn each_library_is_named_by_the_crate_it_belongs_to() {
    for package in packages() {
        for (library, owner) in ALONE {
            assert!(package.name == *owner || !package.outside.contains(*library), "`{}` names `{library}`", package.name);
        }
    }
}

#[test]
fn every_crate_has_the_lints_of_the_workspace_and_something_in_it() {
    for package in packages() {
        let manifest = read(&package.folder.join("Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "`{}` lacks `[lints] workspace = true`", package.name);
        let code: usize = sources(&package.folder.join("src")).iter().map(|path| code_lines(&read(path))).sum();
        assert!(code >= 20, "`{}` is empty: {code} lines of code", package.name);
    }
}

#[test]
fn nothing_else_lies_at_the_top() {
    let allowed: BTreeSet<&str> = TOP.iter().copied().collect();
    for entry in fs::read_dir(root()).expect("the repository can be read") {
        let name = entry.expect("an entry can be read").file_name().to_string_lossy().into_owned();
        assert!(allowed.contains(name.as_str()), "`{name}` has no place at the top of the repository");
    }
}

#[test]
fn no_file_speaks_of_a_machine() {
    let words = machine_words();
    let mut seen = 0;
    for path in files(&root()) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        seen += 1;
        for (i, line) in text.lines().enumerate() {
            let word = words.iter().find(|word| line.contains(word.as_str()));
            assert!(word.is_none(), "{}:{}: speaks of {word:?}", path.display(), i + 1);
        }
    }
    assert!(seen > 100, "only {seen} files were read");
}

#[test]
fn libraries_come_from_the_public_registry() {
    let known = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    for line in read(&root().join("Cargo.lock")).lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, known);
    }
    let config = read(&root().join(".cargo/config.toml"));
    assert!(!config.contains("[source") && !config.contains("[registries"), ".cargo/config.toml names a registry");
}

#[test]
fn the_readme_quotes_the_examples_as_they_are() {
    let rules: Vec<String> = files(&root().join("examples")).iter().filter(|path| is(path, "kam")).map(|path| read(path)).collect();
    let quotes: Vec<String> =
        blocks(&read(&root().join("README.md"))).into_iter().filter(|(mark, _)| mark == "kam").map(|(_, text)| text).collect();
    assert!(!quotes.is_empty(), "README.md shows no rule");
    for quote in quotes {
        assert!(rules.iter().any(|text| text.contains(&quote)), "no example holds this:\n{quote}");
    }
}

#[test]
fn links_of_pages_outside_docs_lead_somewhere() {
    let docs = root().join("docs");
    for page in files(&root()).into_iter().filter(|path| is(path, "md") && !path.starts_with(&docs)) {
        let folder = page.parent().expect("a page lies in a folder");
        let missing = links(&read(&page)).into_iter().find(|link| !folder.join(link).exists());
        assert!(missing.is_none(), "{}: nothing is at {missing:?}", page.display());
    }
}

struct Package {
    name: String,
    folder: PathBuf,
    inside: BTreeSet<String>,
    outside: BTreeSet<String>,
}

/// The packages of the workspace, with what each depends on, for tests too.
fn packages() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root());
    let output = command.output().expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = array(&metadata["packages"]);
    let members: BTreeSet<String> = packages.iter().map(|package| text(&package["name"])).collect();
    packages.iter().map(|value| package(value, &members)).collect()
}

fn package(value: &Value, members: &BTreeSet<String>) -> Package {
    let names = array(&value["dependencies"]).iter().map(|dependency| text(&dependency["name"]));
    let (inside, outside) = names.partition(|name| members.contains(name));
    let manifest = PathBuf::from(text(&value["manifest_path"]));
    let folder = manifest.parent().expect("a manifest lies in a folder").to_path_buf();
    Package { name: text(&value["name"]), folder, inside, outside }
}

/// The table of ARCHITECTURE.md, its rows as `` | `package` | job | depends on | what it does not know | ``.
fn said() -> BTreeMap<String, BTreeSet<String>> {
    let page = read(&root().join("ARCHITECTURE.md"));
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (full(quoted(cells[1])[0]), quoted(cells[3]).into_iter().map(full).collect())
    })
    .collect()
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// A crate's package: the table says `base` for `kamrules-base`, and `cli` for the package of the binary.
fn full(name: &str) -> String {
    match name {
        "cli" => "kamrules".to_owned(),
        "xtask" => name.to_owned(),
        _ => format!("kamrules-{name}"),
    }
}

/// The files that a page links to, without the places in them; code is passed over.
fn links(page: &str) -> Vec<String> {
    let mut code = false;
    let prose = page.lines().filter(|line| {
        code ^= line.starts_with("```");
        !code
    });
    let targets = prose.flat_map(|line| line.split("](").skip(1)).filter_map(|rest| rest.split(')').next());
    let files = targets.filter(|target| !target.contains("://")).filter_map(|target| target.split('#').next());
    files.filter(|file| !file.is_empty()).map(str::to_owned).collect()
}

fn reach(edges: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(name) = open.pop() {
        let next = edges.get(&name).into_iter().flatten();
        open.extend(next.filter(|name| seen.insert((*name).clone())).cloned());
    }
    seen
}

/// Words that tell of one machine, put together here so that this file has none of them.
fn machine_words() -> Vec<String> {
    let folders = ["work", "root", "tmp/bash", "Users", "home/runner"].map(|name| format!("/{name}/"));
    let hosts = [("artifactory", "."), ("jfrog", ".io"), ("index.crates", ".io"), ("static.crates", ".io"), ("files.pythonhosted", ".org")]
        .map(|(name, rest)| format!("{name}{rest}"));
    let places = [("127.0", ".0.1"), ("local", "host:"), ("CARGO_REGISTRIES", "_"), ("PIP_INDEX", "_URL")]
        .map(|(name, rest)| format!("{name}{rest}"));
    folders.into_iter().chain(hosts).chain(places).collect()
}

/// Every file of the repository but what is built and what git keeps.
fn files(root: &Path) -> Vec<PathBuf> {
    let kept = |path: &PathBuf| !["target", ".git"].iter().any(|name| *path == root.join(name));
    let (mut files, mut open) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).expect("a folder can be read").map(|entry| entry.expect("an entry can be read").path());
        let (folders, found): (Vec<_>, Vec<_>) = entries.filter(kept).partition(|path| path.is_dir());
        open.extend(folders);
        files.extend(found);
    }
    files
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_iter().filter(|path| is(path, "rs")).collect()
}

fn is(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|end| end == ending)
}

fn code_lines(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("a list in the metadata")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text in the metadata").to_owned()
}
