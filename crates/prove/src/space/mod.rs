//! Spaces cut into cells: finitely many dimensions, each of finitely many cells, and the regions in them.
//!
//! [`cells`] are sets of cells of one dimension, [`region`] a product of such sets; [`cover`](mod@cover) asks whether some regions
//! together cover another, [`overlap`] which regions meet, and [`index`] makes many such questions about the same regions cheap.
//! Nothing here knows what a dimension stands for. All searches count steps, so that their end does not hang on the machine.

pub mod cells;
pub mod cover;
pub mod index;
pub mod overlap;
pub mod region;

pub use cells::Cells;
pub use cover::{Check, Cover, cover};
pub use index::Index;
pub use overlap::overlaps;
pub use region::Region;

/// A dimension, by its place in the space.
pub type Dim = u32;

/// How many cells each dimension has, at least one each.
#[derive(Debug, Clone, Default)]
pub struct Space {
    /// By dimension.
    pub cells: Vec<u32>,
}

/// How much may still be done. A step is about one look at a region, or at one side of it: some tens of nanoseconds.
#[derive(Debug, Clone)]
pub struct Steps {
    left: u64,
}

impl Steps {
    /// As many as a question may take that somebody waits for: about a second at most. To find 5,000 rungs over
    /// 8 fields complete takes a twelfth of it.
    pub const OF_A_QUESTION: u64 = 1 << 25;

    /// So many steps.
    pub fn new(left: u64) -> Self {
        Self { left }
    }

    /// Takes some; false when they are used up.
    pub fn take(&mut self, steps: u64) -> bool {
        let enough = self.left >= steps;
        self.left = self.left.saturating_sub(steps);
        enough
    }

    /// Lets something take at most so many of them.
    pub fn lend<T>(&mut self, most: u64, to: impl FnOnce(&mut Self) -> T) -> T {
        let granted = most.min(self.left);
        let mut lent = Self::new(granted);
        let result = to(&mut lent);
        self.left -= granted - lent.left;
        result
    }

    /// How many are left.
    pub fn left(&self) -> u64 {
        self.left
    }
}
