//! The one place that orders the passes: files → policy → answers, for every shell.
//!
//! In order: [`open`] finds the policies at a path, parses and checks them; [`check`] adds what only the surroundings show and gives each finding its level ([`levels`]);
//! [`evaluate`] loads the data, sets aside what the policy's facts forbid, runs the model and gathers conflicts and faults;
//! [`explain`] says why the decisions fell as they did for one row; [`select`] lists values of rows; [`tests`] runs the tests
//! written in the language; [`outline`] is what can be drawn; [`sheets`] is what can be written to files, [`rewrite`] formats files and
//! starts new ones, [`mend()`] applies the fixes of findings.
//!
//! Results are plain data: nothing here prints, and nothing reads or writes but through [`kamrules_base::World`].

pub mod check;
pub mod evaluate;
pub mod explain;
pub mod gather;
mod level_comments;
pub mod levels;
mod lints;
pub mod mend;
pub mod open;
pub mod outline;
mod proofs;
pub mod rewrite;
pub mod select;
pub mod sheets;
pub mod tests;
mod ties;

pub use check::{CheckOptions, Said};
pub use evaluate::{Request, Run};
pub use explain::{DecisionWhy, Explanation, Reason, RowRef, Shown, Step, StepState};
pub use gather::{ConflictRow, ValueFault};
pub use mend::{Mended, Mending, mend};
pub use open::{Policy, rule_files};
pub use outline::{Graph, GraphEdge, GraphNode, NodeKind};
pub use select::Selection;
pub use sheets::{Sheet, SheetCells, SheetColumn, SheetKind};
pub use tests::TestRun;

pub use kamrules_data::{DataFault, SetAside, write_csv, write_ndjson};
pub use kamrules_eval::{
    Answers, CadenceAnswer, Conflict, MetricRow, ObligationAnswer, Options, QuotaRow, QuotaStatus, SetAnswer, testing,
};
