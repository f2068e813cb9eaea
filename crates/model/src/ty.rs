//! What kind of value an expression has.

use crate::{EntityId, Grain, PickId, SetId};

/// A type, and whether the value may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ty {
    /// The type.
    pub kind: Type,
    /// Whether the value may be missing.
    pub optional: bool,
}

/// The types. Decimals have a scale known before the run: how many digits stand behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Something whose finding is already made; it goes with everything.
    Unknown,
    /// Text; with the flag, text of a field that ignores case.
    Text {
        /// Whether equality ignores case.
        fold: bool,
    },
    /// A number; an integer has scale 0.
    Number {
        /// Digits behind the point.
        scale: u8,
        /// Whether it is shown as a percentage.
        percent: bool,
    },
    /// Money in the policy's currency.
    Money {
        /// Digits behind the point.
        scale: u8,
    },
    /// A day.
    Date,
    /// An instant, as microseconds since 1970-01-01T00:00:00Z.
    Time,
    /// A span of time.
    Duration(DurationKind),
    /// Yes or no.
    Flag,
    /// A value of a picklist.
    Pick(PickId),
    /// A row of an entity.
    Row(EntityId),
    /// A period, its grain if that is known before the run.
    Period(Option<Grain>),
    /// A label of a set.
    Label(SetId),
    /// Any number of labels of an `every match` set.
    Labels(SetId),
}

/// Durations that can be compared and added have the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DurationKind {
    /// Days and weeks.
    Days,
    /// Months, quarters and years.
    Months,
    /// Days or months or both: it can be added to a date, not compared.
    Calendar,
    /// Hours and minutes, in seconds.
    Clock,
}

impl Ty {
    /// A value that is always there.
    pub const fn known(kind: Type) -> Self {
        Self { kind, optional: false }
    }

    /// A value that may be missing.
    pub const fn maybe(kind: Type) -> Self {
        Self { kind, optional: true }
    }

    /// Yes or no, always there.
    pub const FLAG: Self = Self::known(Type::Flag);
    /// Text, always there.
    pub const TEXT: Self = Self::known(Type::TEXT);
    /// A whole number, always there.
    pub const INTEGER: Self = Self::known(Type::INTEGER);

    /// The same type, missing if `optional`.
    pub const fn or_missing(self, optional: bool) -> Self {
        Self { kind: self.kind, optional: self.optional || optional }
    }
}

impl Type {
    /// Text that heeds case.
    pub const TEXT: Self = Self::Text { fold: false };
    /// A whole number.
    pub const INTEGER: Self = Self::Number { scale: 0, percent: false };

    /// A number that is not shown as a percentage.
    pub const fn number(scale: u8) -> Self {
        Self::Number { scale, percent: false }
    }

    /// Digits behind the point, for numbers and money.
    pub const fn scale(self) -> Option<u8> {
        match self {
            Self::Number { scale, .. } | Self::Money { scale } => Some(scale),
            _ => None,
        }
    }

    /// The same type at another scale.
    #[must_use]
    pub const fn with_scale(self, scale: u8) -> Self {
        match self {
            Self::Number { percent, .. } => Self::Number { scale, percent },
            Self::Money { .. } => Self::Money { scale },
            other => other,
        }
    }
}
