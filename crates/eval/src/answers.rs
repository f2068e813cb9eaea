//! What a run gives.

use kamrules_base::Date;
use kamrules_model::{Cell, Column, Fault, LabelValue, Period};

/// How a policy is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The day that `today` is.
    pub as_of: Option<Date>,
    /// How many threads may work; 0 for as many as the machine has.
    pub threads: usize,
}

/// Everything a policy says of a book of data. The lists are parallel to those of the model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Per define, a column over its entity's rows (one row for a define without an entity).
    pub defines: Vec<Column>,
    /// Per set.
    pub sets: Vec<SetAnswer>,
    /// Per quota.
    pub quotas: Vec<Vec<QuotaRow>>,
    /// Per metric.
    pub metrics: Vec<Vec<MetricRow>>,
    /// Per obligation.
    pub obligations: Vec<ObligationAnswer>,
    /// Per cadence.
    pub cadences: Vec<CadenceAnswer>,
}

/// What a set says of each row of its entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAnswer {
    /// The label, labels or points.
    pub answer: Column,
    /// The attributes, a column each.
    pub attrs: Vec<Column>,
    /// The rows that two rungs claim, or none, ascending.
    pub conflicts: Vec<Conflict>,
}

/// A row that two rungs claim, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The row of the set's entity.
    pub row: u32,
    /// The rungs that claim it, as they are named, the outer ones first: `north_america / northwest`; for an `each` rung with the key of its row.
    /// Empty when none does; then `within` says below which rung.
    pub rungs: Vec<String>,
    /// The nested rung whose children are at fault; empty at the top.
    pub within: String,
    /// The labels of the rungs that claim it, where they have one.
    pub labels: Vec<LabelValue>,
}

/// Where a quota's period stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuotaStatus {
    /// The period is over.
    Closed,
    /// The period is on.
    ToDate,
    /// The period has not begun: there is no actual, and no attainment.
    NoActuals,
    /// There is no target: no attainment either.
    NoTarget,
}

impl QuotaStatus {
    /// As it is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::ToDate => "to date",
            Self::NoActuals => "no actuals yet",
            Self::NoTarget => "no target",
        }
    }
}

/// A quota of one holder in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaRow {
    /// The row of the holder's entity.
    pub holder: u32,
    /// The period.
    pub period: Period,
    /// Whether this is the whole span's total.
    pub total: bool,
    /// Where it stands.
    pub status: QuotaStatus,
    /// The target.
    pub target: Cell,
    /// The actual.
    pub actual: Cell,
    /// The attainment.
    pub attainment: Cell,
    /// What remains.
    pub remaining: Cell,
}

/// A metric of one group in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricRow {
    /// The group's value of each `by`; empty when the metric is not grouped.
    pub group: Vec<Cell>,
    /// The period, if the metric has any.
    pub period: Option<Period>,
    /// The value.
    pub value: Cell,
    /// Whether the goal is met; none without a goal or a value.
    pub met: Option<bool>,
}

/// What an obligation found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObligationAnswer {
    /// How many rows it is about (1 for one about the policy as a whole).
    pub checked: u64,
    /// The rows that do not meet it (row 0 for one about the policy as a whole), ascending.
    pub failed: Vec<u32>,
    /// The rows of which it cannot be said, ascending.
    pub faults: Vec<(u32, Fault)>,
    /// Per row of its entity whether it holds; missing outside its `where`.
    pub holds: Option<Column>,
}

/// What a cadence found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CadenceAnswer {
    /// Per row of its entity the day it is due; missing outside its `where`.
    pub due: Column,
    /// The rows that are due: that day is `today` or before.
    pub due_rows: Vec<u32>,
    /// Those of them that are overdue: that day is before `today`.
    pub overdue_rows: Vec<u32>,
}
