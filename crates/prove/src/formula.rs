//! What a condition demands, free of expressions: literals about subjects joined by `and` and `or`.

use std::rc::Rc;

/// Which outcomes of a test a literal allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Outcomes(u8);

impl Outcomes {
    /// The test is passed.
    pub const YES: Self = Self(1);
    /// The value is there and the test is not passed.
    pub const NO: Self = Self(2);
    /// The value is missing.
    pub const MISSING: Self = Self(4);
    /// The value is there.
    pub const KNOWN: Self = Self(3);

    /// The other outcomes.
    pub fn others(self) -> Self {
        Self(7 & !self.0)
    }

    /// Whether an outcome is among them.
    pub fn has(self, outcome: Self) -> bool {
        self.0 & outcome.0 != 0
    }

    /// Passed or not, as wished.
    pub fn wished(want: bool) -> Self {
        if want { Self::YES } else { Self::NO }
    }
}

/// Something demanded of one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Literal {
    /// The subject, by its place in the scope.
    pub subject: u32,
    /// The test, by its place among the subject's.
    pub test: u32,
    /// How it may come out.
    pub outcomes: Outcomes,
}

/// What is demanded of a row. Two-valued: it holds or it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Formula {
    /// Nothing.
    Yes,
    /// What cannot be.
    No,
    /// Something of one subject.
    Is(Literal),
    /// All of these.
    All(Rc<[Formula]>),
    /// One of these.
    Any(Rc<[Formula]>),
}

impl Formula {
    /// Yes or no.
    pub fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// All of some.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut out = Vec::new();
        for part in parts {
            match part {
                Self::No => return Self::No,
                Self::Yes => {}
                Self::All(inner) => out.extend(inner.iter().cloned()),
                other => out.push(other),
            }
        }
        match out.len() {
            0 => Self::Yes,
            1 => out.remove(0),
            _ => Self::All(out.into()),
        }
    }

    /// One of some.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut out = Vec::new();
        for part in parts {
            match part {
                Self::Yes => return Self::Yes,
                Self::No => {}
                Self::Any(inner) => out.extend(inner.iter().cloned()),
                other => out.push(other),
            }
        }
        match out.len() {
            0 => Self::No,
            1 => out.remove(0),
            _ => Self::Any(out.into()),
        }
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// Either.
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// The opposite.
    pub fn not(&self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Is(literal) => Self::Is(Literal { outcomes: literal.outcomes.others(), ..*literal }),
            Self::All(parts) => Self::any(parts.iter().map(Self::not)),
            Self::Any(parts) => Self::all(parts.iter().map(Self::not)),
        }
    }

    /// Calls for each literal.
    pub fn literals(&self, found: &mut impl FnMut(&Literal)) {
        match self {
            Self::Yes | Self::No => {}
            Self::Is(literal) => found(literal),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.literals(found)),
        }
    }
}
