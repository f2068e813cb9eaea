//! Values, faults and cells.

use crate::{EntityId, ExprId, FieldId, Period, Sym};

/// A value; what it means is said by the type of its expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number or money: units at the scale of the type.
    Num(i128),
    /// A text.
    Text(Sym),
    /// A day since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Time(i64),
    /// A duration.
    Duration(Duration),
    /// Yes or no.
    Flag(bool),
    /// A picklist's value, by its index there.
    Pick(u32),
    /// A row of an entity, by its index in the table.
    Row(u32),
    /// A period.
    Period(Period),
    /// A label.
    Label(LabelValue),
    /// Labels, ascending.
    Labels(Box<[LabelValue]>),
}

/// A label of a set: which, and for a rung made of a table's rows the row (else 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelValue {
    /// The index in the set's labels.
    pub code: u32,
    /// The row of the `each` entity.
    pub row: u32,
}

/// A span of time. Months and days belong to the calendar, seconds to the clock; no value has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Duration {
    /// Months.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Seconds.
    pub seconds: i64,
}

/// What goes wrong with a value after load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// A number of more than 38 digits.
    Overflow,
    /// A date outside the years 1 to 9999.
    DateRange,
    /// `only` met several different values.
    SeveralValues,
    /// A `match` had no arm for the value.
    NoArm,
    /// A `match` had two arms for the value.
    TwoArms,
    /// A chain of references, as `ultimate` follows it, runs in a circle.
    Circle,
    /// An amount whose day lies before the first rate, or a value that a function cannot take.
    Argument,
}

/// A value that could not be computed: what went wrong, at which row first, in which expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fault {
    /// The entity of the row, if there is a row.
    pub entity: Option<EntityId>,
    /// The row's index in its table.
    pub row: u32,
    /// What went wrong.
    pub kind: FaultKind,
    /// Where in the rules.
    pub expr: ExprId,
}

/// What one expression gives for one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cell {
    /// A value.
    Known(Value),
    /// Nothing.
    Missing,
    /// A field that a test left out.
    Unset(FieldId),
    /// A fault.
    Fault(Fault),
}

impl Cell {
    /// A flag.
    pub const fn flag(yes: bool) -> Self {
        Self::Known(Value::Flag(yes))
    }

    /// Whether it is a known yes.
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Known(Value::Flag(true)))
    }

    /// The value, if there is one.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }
}

impl From<Option<Value>> for Cell {
    fn from(value: Option<Value>) -> Self {
        value.map_or(Self::Missing, Self::Known)
    }
}
