//! Sets of cells of one dimension.

/// A set of cells of a dimension, which has a fixed number of cells. Up to 64 cells it is one machine word, without an allocation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cells {
    count: u32,
    words: Words,
}

/// A bit per cell. How many cells there are decides which it is, and bits beyond them are never set, so equal sets are equal here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Words {
    One(u64),
    Many(Box<[u64]>),
}

impl Cells {
    /// No cell of so many.
    pub fn none(count: u32) -> Self {
        Self::of_words(count, |_| 0)
    }

    /// All cells of so many.
    pub fn all(count: u32) -> Self {
        Self::range(count, 0, count)
    }

    /// The cells from `low` to before `high`.
    pub fn range(count: u32, low: u32, high: u32) -> Self {
        let (low, high) = (low.min(count), high.min(count));
        Self::of_words(count, |at| {
            let first = at as u32 * 64;
            below(high.saturating_sub(first)) & !below(low.saturating_sub(first))
        })
    }

    /// The cells that meet a condition.
    pub fn filter(count: u32, mut holds: impl FnMut(u32) -> bool) -> Self {
        let mut cells = Self::none(count);
        (0..count).filter(|&cell| holds(cell)).for_each(|cell| cells.insert(cell));
        cells
    }

    /// Adds a cell.
    pub fn insert(&mut self, cell: u32) {
        debug_assert!(cell < self.count);
        match &mut self.words {
            Words::One(word) => *word |= 1 << cell,
            Words::Many(words) => words[(cell / 64) as usize] |= 1 << (cell % 64),
        }
    }

    /// Whether a cell is in it.
    pub fn contains(&self, cell: u32) -> bool {
        debug_assert!(cell < self.count);
        self.words()[(cell / 64) as usize] & (1 << (cell % 64)) != 0
    }

    /// How many cells the dimension has.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// How many cells are in it.
    pub fn len(&self) -> u32 {
        self.words().iter().map(|word| word.count_ones()).sum()
    }

    /// Whether no cell is in it.
    pub fn is_empty(&self) -> bool {
        self.words().iter().all(|&word| word == 0)
    }

    /// Whether all cells are in it.
    pub fn is_all(&self) -> bool {
        self.len() == self.count
    }

    /// The lowest cell in it, if there is one.
    pub fn lowest(&self) -> Option<u32> {
        let at = self.words().iter().position(|&word| word != 0)?;
        Some(at as u32 * 64 + self.words()[at].trailing_zeros())
    }

    /// The highest cell in it, if there is one.
    pub fn highest(&self) -> Option<u32> {
        let at = self.words().iter().rposition(|&word| word != 0)?;
        Some(at as u32 * 64 + 63 - self.words()[at].leading_zeros())
    }

    /// Whether it is one run of neighbouring cells.
    pub fn is_run(&self) -> bool {
        match (self.lowest(), self.highest()) {
            (Some(low), Some(high)) => high - low + 1 == self.len(),
            _ => false,
        }
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
        debug_assert_eq!(self.count, other.count);
        self.words().iter().zip(other.words()).any(|(a, b)| a & b != 0)
    }

    /// Whether all its cells are in the other.
    pub fn is_within(&self, other: &Self) -> bool {
        debug_assert_eq!(self.count, other.count);
        self.words().iter().zip(other.words()).all(|(a, b)| a & !b == 0)
    }

    /// Its cells, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words().iter().enumerate().flat_map(|(at, &word)| ones(word).map(move |bit| at as u32 * 64 + bit))
    }

    /// A bit per cell, lowest first, 64 to a word; bits beyond the last cell are not set.
    pub(super) fn words(&self) -> &[u64] {
        match &self.words {
            Words::One(word) => std::slice::from_ref(word),
            Words::Many(words) => words,
        }
    }

    /// Cells from such words.
    pub(super) fn from_words(count: u32, words: &[u64]) -> Self {
        Self::of_words(count, |at| words[at])
    }

    fn zip(&self, other: &Self, f: impl Fn(u64, u64) -> u64) -> Self {
        debug_assert_eq!(self.count, other.count);
        let (mine, others) = (self.words(), other.words());
        Self::of_words(self.count, |at| f(mine[at], others[at]))
    }

    fn of_words(count: u32, word: impl Fn(usize) -> u64) -> Self {
        let words = if count <= 64 { Words::One(word(0)) } else { Words::Many((0..words_for(count)).map(word).collect()) };
        Self { count, words }
    }
}

/// How many words hold so many bits, at least one.
pub(super) fn words_for(bits: u32) -> usize {
    bits.div_ceil(64).max(1) as usize
}

/// The places of the bits that are set, ascending.
pub(super) fn ones(word: u64) -> impl Iterator<Item = u32> {
    std::iter::successors((word != 0).then_some(word), |rest| Some(rest & (rest - 1)).filter(|&rest| rest != 0)).map(u64::trailing_zeros)
}

/// The word in which as many lowest bits are set.
pub(super) fn below(bits: u32) -> u64 {
    if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation against a list of booleans, for counts around the word's edges.
    #[test]
    fn operations_are_those_of_sets() {
        for count in [1, 2, 63, 64, 65, 127, 128, 129, 1000] {
            let (three, five) = (|cell: u32| cell.is_multiple_of(3), |cell: u32| cell % 5 < 2);
            let (a, b) = (Cells::filter(count, three), Cells::filter(count, five));
            let list = |holds: &dyn Fn(u32) -> bool| (0..count).filter(|&cell| holds(cell)).collect::<Vec<_>>();
            assert_eq!(a.and(&b).iter().collect::<Vec<_>>(), list(&|c| three(c) && five(c)));
            assert_eq!(a.or(&b).iter().collect::<Vec<_>>(), list(&|c| three(c) || five(c)));
            assert_eq!(a.minus(&b).iter().collect::<Vec<_>>(), list(&|c| three(c) && !five(c)));
            assert_eq!(a.not().iter().collect::<Vec<_>>(), list(&|c| !three(c)));
            assert_eq!((a.len(), a.lowest()), (list(&three).len() as u32, Some(0)));
            assert_eq!(a.highest(), list(&three).last().copied());
            assert!(a.meets(&b) && a.and(&b).is_within(&a) && a.not().not() == a && Cells::all(count).is_all());
            assert!(!a.meets(&a.not()) && Cells::none(count).is_empty() && Cells::none(count).lowest().is_none());
        }
    }

    #[test]
    fn ranges_are_runs() {
        for count in [5, 64, 130] {
            for low in 0..count {
                for high in low + 1..=count {
                    let range = Cells::range(count, low, high);
                    assert_eq!((range.lowest(), range.highest(), range.len()), (Some(low), Some(high - 1), high - low));
                    assert!(range.is_run());
                }
            }
            assert!(!Cells::filter(count, |cell| cell == 0 || cell == 2).is_run());
        }
    }
}
