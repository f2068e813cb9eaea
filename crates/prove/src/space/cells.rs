//! Sets of cells of one dimension.

/// A set of cells of a dimension, which has a fixed number of cells.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cells {
    count: u32,
    words: Vec<u64>,
}

impl Cells {
    /// No cell of so many.
    pub fn none(count: u32) -> Self {
        Self { count, words: vec![0; count.div_ceil(64) as usize] }
    }

    /// All cells of so many.
    pub fn all(count: u32) -> Self {
        Self::range(count, 0, count)
    }

    /// The cells from `low` to before `high`.
    pub fn range(count: u32, low: u32, high: u32) -> Self {
        let mut cells = Self::none(count);
        (low..high.min(count)).for_each(|cell| cells.insert(cell));
        cells
    }

    /// The cells that meet a condition.
    pub fn filter(count: u32, mut holds: impl FnMut(u32) -> bool) -> Self {
        let mut cells = Self::none(count);
        (0..count).filter(|&cell| holds(cell)).for_each(|cell| cells.insert(cell));
        cells
    }

    /// Adds a cell.
    pub fn insert(&mut self, cell: u32) {
        self.words[(cell / 64) as usize] |= 1 << (cell % 64);
    }

    /// Whether a cell is in it.
    pub fn contains(&self, cell: u32) -> bool {
        self.words[(cell / 64) as usize] & (1 << (cell % 64)) != 0
    }

    /// How many cells the dimension has.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// How many cells are in it.
    pub fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// Whether no cell is in it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Whether all cells are in it.
    pub fn is_all(&self) -> bool {
        self.len() == self.count
    }

    /// The cells in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// The cells in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// The cells in this and not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// The cells not in it.
    #[must_use]
    pub fn not(&self) -> Self {
        Self::all(self.count).minus(self)
    }

    /// Whether they have a cell in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// Whether all its cells are in the other.
    pub fn is_within(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & !b == 0)
    }

    /// Its cells, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.count).filter(|&cell| self.contains(cell))
    }

    fn zip(&self, other: &Self, f: impl Fn(u64, u64) -> u64) -> Self {
        debug_assert_eq!(self.count, other.count);
        Self { count: self.count, words: self.words.iter().zip(&other.words).map(|(&a, &b)| f(a, b)).collect() }
    }
}
