//! Decisions, and what a row gets from them.

use super::conds::{Cond, Row, is_yes};

/// How the rungs that hold share the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in the language")]
pub enum Win {
    First,
    Exclusive,
    Every,
}

/// When a rung holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// When the condition is yes.
    Is(Cond),
    /// When no other does.
    Otherwise,
}

/// A rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Whether it beats those below.
    pub overrides: bool,
    /// When it holds.
    pub when: When,
    /// The decision inside of it.
    pub nested: Option<Decision>,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The rows it is about.
    pub guard: Option<Cond>,
    /// Who wins.
    pub win: Win,
    /// The rungs.
    pub rungs: Vec<Rung>,
}

impl Rung {
    /// A rung with a condition.
    pub fn when(cond: Cond) -> Self {
        Self { overrides: false, when: When::Is(cond), nested: None }
    }

    /// The rung for what is left.
    pub fn otherwise() -> Self {
        Self { overrides: false, when: When::Otherwise, nested: None }
    }
}

impl Decision {
    /// Whether a row is one that it is about.
    pub fn is_about(&self, row: &dyn Row) -> bool {
        self.guard.as_ref().is_none_or(|guard| is_yes(guard, row))
    }

    /// The rungs that hold.
    pub fn holding(&self, row: &dyn Row) -> Vec<usize> {
        let mut holding: Vec<usize> = Vec::new();
        for (at, rung) in self.rungs.iter().enumerate() {
            if let When::Is(cond) = &rung.when
                && is_yes(cond, row)
            {
                holding.push(at);
            }
        }
        if holding.is_empty() {
            holding.extend(self.rungs.iter().position(|rung| rung.when == When::Otherwise));
        }
        holding
    }

    /// Of the rungs that hold, those that no rung above beats.
    pub fn standing(&self, holding: &[usize]) -> Vec<usize> {
        match self.win {
            Win::Every => holding.to_vec(),
            Win::First => holding.first().copied().into_iter().collect(),
            Win::Exclusive => {
                let last = holding.iter().position(|&at| self.rungs[at].overrides).unwrap_or(holding.len());
                holding.iter().copied().take(last + 1).collect()
            }
        }
    }

    /// The decision and all inside of it, with the places of the rungs that lead there.
    pub fn all(&self) -> Vec<(Vec<usize>, &Self)> {
        let mut out = vec![(Vec::new(), self)];
        for (at, rung) in self.rungs.iter().enumerate() {
            for (mut path, inner) in rung.nested.iter().flat_map(Self::all) {
                path.insert(0, at);
                out.push((path, inner));
            }
        }
        out
    }
}
