//! What conditions speak of, and the values it may have.
//!
//! Numbers and money are counted in hundredths, days since 1970-01-01, durations in days, picklists and flags by their place.

/// A variable, by its place in [`Schema::vars`].
pub type VarId = usize;

/// The hundredths of one.
pub const ONE: i64 = 100;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Val {
    /// A number, a day, a duration, a place in a picklist, or a flag (1 is yes).
    Num(i64),
    /// A text.
    Text(String),
}

/// A value or nothing.
pub type Held = Option<Val>;

/// What kind of value a variable has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Int,
    /// A number of so many decimals, at most two.
    Num(u8),
    /// Money of so many decimals, at most two.
    Money(u8),
    /// A day.
    Date,
    /// A duration in days.
    Days,
    /// A text; with the flag, one that ignores case.
    Text(bool),
    /// A picklist.
    Pick(Vec<String>),
    /// Yes or no.
    Flag,
    /// A reference: all that is told of it is whether it is there.
    Ref,
}

impl Kind {
    /// The smallest step between two values, of those that are ordered.
    pub fn unit(&self) -> i64 {
        match self {
            Self::Int | Self::Num(0) | Self::Money(0) => ONE,
            Self::Num(1) | Self::Money(1) => ONE / 10,
            _ => 1,
        }
    }

    /// Whether the values have an order and a distance.
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::Int | Self::Num(_) | Self::Money(_) | Self::Date | Self::Days)
    }

    /// A number of this kind as it is written in a policy.
    pub fn written(&self, value: i64) -> String {
        match self {
            Self::Money(_) => format!("${}", decimal(value)),
            Self::Date => date(value),
            Self::Days if value % 7 == 0 && value != 0 => format!("{} weeks", value / 7),
            Self::Days => format!("{value} days"),
            Self::Pick(values) => values[value as usize].clone(),
            Self::Flag => ["no", "yes"][value as usize].to_owned(),
            _ => decimal(value),
        }
    }
}

/// Hundredths as a decimal.
pub fn decimal(value: i64) -> String {
    let (sign, value) = if value < 0 { ("-", -value) } else { ("", value) };
    match (value / ONE, value % ONE) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, part) if part % 10 == 0 => format!("{sign}{whole}.{}", part / 10),
        (whole, part) => format!("{sign}{whole}.{part:02}"),
    }
}

/// Days since 1970-01-01 as a date.
pub fn date(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a number of days since 1970-01-01.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A day some months on, at most at the end of its month.
pub fn months_on(day: i64, months: i64) -> i64 {
    let (year, month, of_month) = civil(day);
    let at = year * 12 + month - 1 + months;
    let (year, month) = (at.div_euclid(12), at.rem_euclid(12) + 1);
    let next = if month == 12 { days(year + 1, 1, 1) } else { days(year, month + 1, 1) };
    let first = days(year, month, 1);
    first + (of_month - 1).min(next - first - 1)
}

/// What a variable is in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A field of the row.
    Field,
    /// A field of a row that it refers to.
    Of(VarId),
    /// A fact about the population; of those of one family, one of a lower amount implies one of a higher amount.
    Population {
        /// What is ordered, and how.
        family: String,
        /// The amount.
        amount: u32,
    },
    /// An aggregate or a rank.
    Computed,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Var {
    /// How it is written in a condition about the row.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Whether its own value may be missing.
    pub optional: bool,
    /// What it is.
    pub source: Source,
    /// Its declared range, both ends inside.
    pub range: Option<(i64, i64)>,
    /// Values to compare with: of this variable, so that conditions meet.
    pub pool: Vec<i64>,
    /// Texts to compare with.
    pub words: Vec<String>,
}

/// The variables of a policy.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The variables; a reference stands before the fields reached through it.
    pub vars: Vec<Var>,
}

impl Schema {
    /// The reference through which a variable is reached.
    pub fn parent(&self, var: VarId) -> Option<VarId> {
        match self.vars[var].source {
            Source::Of(parent) => Some(parent),
            _ => None,
        }
    }

    /// Whether a variable may be missing, by itself or since the reference is.
    pub fn may_miss(&self, var: VarId) -> bool {
        self.vars[var].optional || self.parent(var).is_some_and(|parent| self.vars[parent].optional)
    }
}
