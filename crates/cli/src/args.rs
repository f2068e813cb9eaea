//! The command line.

use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Key-account rules: tiers, territories, quotas, KPIs and stakeholder trees, checked, explained and run.
#[derive(Debug, Parser)]
#[command(name = "kamrules", version, about, max_term_width = 100)]
#[command(after_help = "PATH is a .kam file or a folder of them; the current folder if it is not said.\n\
Exit status: 0 all well, 1 the rules are at fault, 2 could not run, 3 the data are at fault.")]
pub struct Args {
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub color: When,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the rules: text, names, types, units, missing values, layers
    Check(Check),
    /// Run the rules on the data
    Eval(Eval),
    /// Say why each decision fell as it did for one row
    Explain(Explain),
    /// Run the tests written in the rules
    Test(Test),
    /// Format the rules
    Fmt(Fmt),
    /// Look at data files and write a starter policy
    Init(Init),
    /// Draw a tree, territories, another set, or the layers of the policy
    Graph(Graph),
    /// Write completions for a shell
    Completions(Completions),
    /// Write the manual page
    Man,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    Human,
    /// One document
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
}

/// How the results of tests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// For people
    Human,
    /// One document
    Json,
    /// Workflow commands of GitHub Actions
    Github,
    /// JUnit XML
    Junit,
}

/// How reasons are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// For people
    Human,
    /// For machines
    Json,
}

/// Arguments of `check`.
#[derive(Debug, Group)]
pub struct Check {
    /// A .kam file or a folder of them
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub format: CheckFormat,
    /// Read the data too, and say how many rows a finding is about
    #[arg(long)]
    pub data: bool,
    /// Do not tell these findings, by name or code
    #[arg(long, value_name = "FINDING", value_delimiter = ',')]
    pub allow: Vec<String>,
    /// Tell these findings as warnings
    #[arg(long, value_name = "FINDING", value_delimiter = ',')]
    pub warn: Vec<String>,
    /// Tell these findings as errors; `warnings`: end with status 1 when a warning is left
    #[arg(long, value_name = "FINDING", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Mend what has a fix, in the files themselves
    #[arg(long)]
    pub fix: bool,
    /// Say what a finding means, by name or code
    #[arg(long, value_name = "FINDING", conflicts_with_all = ["path", "format"])]
    pub explain: Option<String>,
}

/// Which data a run uses.
#[derive(Debug, Group)]
pub struct Data {
    /// Read an entity from another source in this run
    #[arg(long, value_name = "ENTITY=SOURCE")]
    pub data: Vec<String>,
    /// The day that `today` is: a date, or `today`
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// How many threads may work; 0 for as many as there are
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Answers {
    /// A summary for people
    Human,
    /// One document
    Json,
    /// Tables with commas
    Csv,
    /// An object a line
    Ndjson,
}

/// Arguments of `eval`.
#[derive(Debug, Group)]
pub struct Eval {
    /// A .kam file or a folder of them
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Which data
    #[command(flatten)]
    pub data: Data,
    /// Write all answers as files into a folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// How answers are written; csv and ndjson are for -o and --select
    #[arg(long, value_enum)]
    pub format: Option<Answers>,
    /// List these values of the rows of one entity: `id,abc` or `account:id,abc`
    #[arg(long, value_name = "VALUES")]
    pub select: Option<String>,
    /// List only the rows for which this holds
    #[arg(long = "where", value_name = "CONDITION")]
    pub filter: Option<String>,
    /// How many rows may be at fault
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_bad_rows: u64,
    /// End with status 1 when a `must` is broken
    #[arg(long)]
    pub strict: bool,
}

/// Arguments of `explain`.
#[derive(Debug, Group)]
pub struct Explain {
    /// A .kam file or a folder of them, and the key of a row: `17`, or `account:17`
    #[arg(value_names = ["PATH", "KEY"], num_args = 1..=2, required = true)]
    pub words: Vec<String>,
    /// Which data
    #[command(flatten)]
    pub data: Data,
    /// How the reasons are written
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub format: Report,
}

/// Arguments of `test`.
#[derive(Debug, Group)]
pub struct Test {
    /// A .kam file or a folder of them
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Run only the tests with this in their name
    pub name: Option<String>,
    /// Say which rungs and boundaries no test reached
    #[arg(long)]
    pub coverage: bool,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub format: TestFormat,
}

/// Arguments of `fmt`.
#[derive(Debug, Group)]
pub struct Fmt {
    /// .kam files or folders of them; `-` for standard input
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; end with status 1 if a file would change
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `init`.
#[derive(Debug, Group)]
pub struct Init {
    /// Data files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Write the policy to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write over a file that exists
    #[arg(long)]
    pub force: bool,
}

/// How a drawing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// Mermaid
    Mermaid,
    /// Graphviz
    Dot,
}

/// Arguments of `graph`.
#[derive(Debug, Group)]
pub struct Graph {
    /// A .kam file or a folder of them, and the name of a tree, a set or a table, or `layers`
    #[arg(value_names = ["PATH", "NAME"], num_args = 1..=2, required = true)]
    pub words: Vec<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Drawing::Mermaid)]
    pub format: Drawing,
}

/// Arguments of `completions`.
#[derive(Debug, Group)]
pub struct Completions {
    /// For which shell
    pub shell: clap_complete::Shell,
}

/// A path that may be left out, and the word behind it.
pub fn path_and_word(mut words: Vec<String>) -> (PathBuf, String) {
    let word = words.pop().unwrap_or_default();
    (words.pop().map_or_else(|| PathBuf::from("."), PathBuf::from), word)
}
