//! Regions: a set of cells in some dimensions, all cells in the others.

use super::{Cells, Dim};

/// A product of sets of cells. No side is empty, and none is all of its dimension.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Region {
    sides: Vec<(Dim, Cells)>,
}

impl Region {
    /// The whole space.
    pub fn whole() -> Self {
        Self::default()
    }

    /// The sides that are not all, ascending by dimension.
    pub fn sides(&self) -> &[(Dim, Cells)] {
        &self.sides
    }

    /// The cells in a dimension, if they are not all.
    pub fn side(&self, dim: Dim) -> Option<&Cells> {
        self.sides.binary_search_by_key(&dim, |side| side.0).ok().map(|at| &self.sides[at].1)
    }

    /// The part of it with these cells in a dimension; none, if that is empty.
    pub fn within(mut self, dim: Dim, cells: &Cells) -> Option<Self> {
        match self.sides.binary_search_by_key(&dim, |side| side.0) {
            Ok(at) => {
                let common = self.sides[at].1.and(cells);
                self.sides[at].1 = common;
                (!self.sides[at].1.is_empty()).then_some(self)
            }
            Err(_) if cells.is_empty() => None,
            Err(_) if cells.is_all() => Some(self),
            Err(at) => {
                self.sides.insert(at, (dim, cells.clone()));
                Some(self)
            }
        }
    }

    /// It with all cells in a dimension.
    #[must_use]
    pub fn without(mut self, dim: Dim) -> Self {
        self.sides.retain(|side| side.0 != dim);
        self
    }

    /// What is in both; none, if that is empty.
    pub fn and(&self, other: &Self) -> Option<Self> {
        other.sides.iter().try_fold(self.clone(), |region, (dim, cells)| region.within(*dim, cells))
    }

    /// Whether they have a point in common.
    pub fn meets(&self, other: &Self) -> bool {
        let mut mine = self.sides.iter().peekable();
        other.sides.iter().all(|(dim, cells)| {
            while mine.next_if(|side| side.0 < *dim).is_some() {}
            mine.next_if(|side| side.0 == *dim).is_none_or(|side| side.1.meets(cells))
        })
    }

    /// Whether all its points are in the other.
    pub fn is_within(&self, other: &Self) -> bool {
        let mut mine = self.sides.iter().peekable();
        other.sides.iter().all(|(dim, cells)| {
            while mine.next_if(|side| side.0 < *dim).is_some() {}
            mine.next_if(|side| side.0 == *dim).is_some_and(|side| side.1.is_within(cells))
        })
    }
}
