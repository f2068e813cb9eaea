//! The question in flat words.

use crate::space::cells::{below, words_for};
use crate::space::{Cells, Dim, Region, Space, Steps};
use rustc_hash::FxHashMap;

/// What is asked: whether pieces (the parts of the regions within the target) together cover the target. Only the dimensions in which
/// some piece is less than the target occur; they are numbered anew. A box, the target first of all, is a word or more for each of them.
pub(super) struct Question<'a> {
    space: &'a Space,
    whole: &'a Region,
    /// By own dimension.
    pub dims: Vec<OwnDim>,
    own: FxHashMap<Dim, u32>,
    /// The target as a box.
    pub target: Vec<u64>,
    /// First those of the regions that meet the target, then what was ruled out.
    pub pieces: Vec<Piece>,
    sides: Vec<Side>,
    words: Vec<u64>,
}

/// A dimension that matters.
pub(super) struct OwnDim {
    dim: Dim,
    /// Where its words are in a box.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// Whether each piece has one run of cells in it.
    pub runs: bool,
}

/// A region's part within the target.
pub(super) struct Piece {
    /// The place of the region among those given; none for what was ruled out.
    pub place: Option<usize>,
    first: u32,
    end: u32,
    /// In which of the first 64 dimensions it has a side.
    has: u64,
    /// Whether it has sides in dimensions beyond these.
    more: bool,
}

/// The cells of a piece in a dimension: some of the target's, not all.
pub(super) struct Side {
    /// The own dimension.
    pub dim: u32,
    words: u32,
    /// The lowest cell.
    pub low: u32,
    /// The highest cell.
    pub high: u32,
}

impl<'a> Question<'a> {
    /// None, if the steps do not suffice.
    pub fn new<'b>(space: &'a Space, target: &'a Region, by: impl Iterator<Item = (usize, &'b Region)>, steps: &mut Steps) -> Option<Self> {
        let (dims, own, pieces) = (Vec::new(), FxHashMap::default(), Vec::new());
        let mut question = Self { space, whole: target, dims, own, target: Vec::new(), pieces, sides: Vec::new(), words: Vec::new() };
        for (place, region) in by {
            if !steps.take(1 + region.sides().len() as u64) {
                return None;
            }
            question.add(Some(place), region);
        }
        Some(question)
    }

    /// Adds a region, if it meets the target.
    pub fn add(&mut self, place: Option<usize>, region: &Region) {
        if !region.meets(self.whole) {
            return;
        }
        let first = self.sides.len() as u32;
        let (mut has, mut more) = (0, false);
        for (dim, cells) in region.sides() {
            if self.whole.side(*dim).is_some_and(|all| all.is_within(cells)) {
                continue;
            }
            let (own, at) = (self.own_dim(*dim), self.words.len());
            let of_target = self.target[self.dims[own as usize].start..].iter();
            self.words.extend(cells.words().iter().zip(of_target).map(|(cell, all)| cell & all));
            let (low, high) = hull(&self.words[at..]);
            let count: u32 = self.words[at..].iter().map(|word| word.count_ones()).sum();
            self.dims[own as usize].runs &= high - low + 1 == count;
            self.sides.push(Side { dim: own, words: at as u32, low, high });
            if own < 64 { has |= 1 << own } else { more = true }
        }
        self.sides[first as usize..].sort_unstable_by_key(|side| side.dim);
        self.pieces.push(Piece { place, first, end: self.sides.len() as u32, has, more });
    }

    fn own_dim(&mut self, dim: Dim) -> u32 {
        *self.own.entry(dim).or_insert_with(|| {
            let (count, start) = (self.space.cells[dim as usize], self.target.len());
            match self.whole.side(dim) {
                Some(cells) => self.target.extend_from_slice(cells.words()),
                None => self.target.extend_from_slice(Cells::all(count).words()),
            }
            self.dims.push(OwnDim { dim, start, end: start + words_for(count), runs: true });
            self.dims.len() as u32 - 1
        })
    }

    /// How many sides all pieces have, and how many pieces there are.
    pub fn size(&self) -> u64 {
        (self.sides.len() + self.pieces.len()) as u64
    }

    /// Where the sides of a piece are.
    pub fn numbers(&self, piece: u32) -> std::ops::Range<u32> {
        let piece = &self.pieces[piece as usize];
        piece.first..piece.end
    }

    /// A side by its number.
    pub fn numbered(&self, side: u32) -> &Side {
        &self.sides[side as usize]
    }

    /// The sides of a piece, ascending by own dimension.
    pub fn sides(&self, piece: u32) -> &[Side] {
        let piece = &self.pieces[piece as usize];
        &self.sides[piece.first as usize..piece.end as usize]
    }

    /// The side of a piece in an own dimension.
    pub fn side(&self, at: u32, dim: u32) -> Option<&Side> {
        let piece = &self.pieces[at as usize];
        if dim < 64 {
            let found = piece.has & (1 << dim) != 0;
            return found.then(|| &self.sides[(piece.first + (piece.has & below(dim)).count_ones()) as usize]);
        }
        let sides = self.sides(at);
        piece.more.then(|| sides.binary_search_by_key(&dim, |side| side.dim).ok().map(|at| &sides[at]))?
    }

    /// The words of a side.
    pub fn words(&self, side: &Side) -> &[u64] {
        &self.words[side.words as usize..][..self.width(side.dim)]
    }

    /// How many words a dimension has.
    pub fn width(&self, dim: u32) -> usize {
        let OwnDim { start, end, .. } = self.dims[dim as usize];
        end - start
    }

    /// The words of a box in a dimension.
    pub fn of<'b>(&self, place: &'b [u64], dim: u32) -> &'b [u64] {
        let OwnDim { start, end, .. } = self.dims[dim as usize];
        &place[start..end]
    }

    /// Whether a side has a cell in common with a box.
    pub fn meets(&self, side: &Side, place: &[u64]) -> bool {
        meet(self.words(side), self.of(place, side.dim))
    }

    /// Whether a side has all cells of a box.
    pub fn fills(&self, side: &Side, place: &[u64]) -> bool {
        within(self.of(place, side.dim), self.words(side))
    }

    /// A piece as a box.
    pub fn part(&self, piece: u32) -> Vec<u64> {
        let mut place = self.target.clone();
        for side in self.sides(piece) {
            let own = &self.dims[side.dim as usize];
            place[own.start..own.end].copy_from_slice(self.words(side));
        }
        place
    }

    /// A box as a region.
    pub fn region(&self, place: &[u64]) -> Region {
        self.dims.iter().fold(self.whole.clone(), |region, &OwnDim { dim, start, end, .. }| {
            if place[start..end] == self.target[start..end] {
                return region;
            }
            let cells = Cells::from_words(self.space.cells[dim as usize], &place[start..end]);
            region.within(dim, &cells).expect("no box is empty")
        })
    }

    /// The places of pieces among the regions given, ascending; what was ruled out has none.
    pub fn places(&self, pieces: &[u32]) -> Vec<usize> {
        let mut places: Vec<usize> = pieces.iter().filter_map(|&piece| self.pieces[piece as usize].place).collect();
        places.sort_unstable();
        places
    }
}

/// The lowest and the highest of some cells, of which there is one at least.
pub(super) fn hull(cells: &[u64]) -> (u32, u32) {
    let first = cells.iter().position(|&word| word != 0).expect("no side is empty");
    let last = cells.iter().rposition(|&word| word != 0).expect("no side is empty");
    (first as u32 * 64 + cells[first].trailing_zeros(), last as u32 * 64 + 63 - cells[last].leading_zeros())
}

/// Whether they have a bit in common.
pub(super) fn meet(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// Whether all bits of the first are in the second.
pub(super) fn within(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a & !b == 0)
}
