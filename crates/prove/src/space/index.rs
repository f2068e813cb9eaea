//! Which of many regions may meet another, a machine word of regions at a time.

use super::cells::{below, ones, words_for};
use super::cover::cover_by;
use super::{Cells, Check, Cover, Dim, Region, Space, Steps};
use std::ops::Range;

/// Regions with, for each dimension, bit masks of those that begin before a cell and of those that end after it (or of those that have
/// a cell, where the regions have more than runs of cells). Made once, it makes many questions about the same regions cheap.
#[derive(Debug)]
pub struct Index<'a> {
    space: &'a Space,
    regions: Vec<&'a Region>,
    /// By dimension.
    masks: Vec<Masks>,
    /// How many words a mask has.
    width: usize,
}

/// The masks of a dimension, one after the other.
#[derive(Debug)]
enum Masks {
    /// No region says anything of it.
    None,
    /// Of each cell the regions that have it.
    Cells(Vec<u64>),
    /// Of each mark the regions that begin at it or before, and those that end at it or after; a mark stands at each multiple of `stride`.
    Hulls { stride: u32, begun: Vec<u64>, not_ended: Vec<u64> },
}

/// How many words the masks of a dimension may have, to keep it from growing with cells times regions.
const MOST_WORDS: usize = 1 << 18;

/// With more cells than this, to look at the mask of each does not pay; the exact test does without.
const MOST_CELLS: u32 = 24;

impl<'a> Index<'a> {
    /// An index over regions, which go by their places from then on.
    pub fn new(space: &'a Space, regions: Vec<&'a Region>) -> Self {
        let width = words_for(regions.len() as u32);
        let masks = (0..space.cells.len() as Dim).map(|dim| Masks::of(space.cells[dim as usize], dim, &regions, width)).collect();
        Self { space, regions, masks, width }
    }

    /// The regions, by place.
    pub fn regions(&self) -> &[&'a Region] {
        &self.regions
    }

    /// The places in a range of the regions that meet another, ascending. Steps are taken, but their end is not heeded.
    pub fn meeting(&self, target: &Region, range: Range<usize>, steps: &mut Steps) -> Vec<usize> {
        let mut found = Vec::new();
        self.for_meeting(target, range, steps, |at, _| found.push(at));
        found
    }

    /// Whether those of the first so many regions that meet the target cover it: [`cover`](super::cover()) with an index.
    pub fn cover(&self, target: &Region, first: usize, check: &mut dyn FnMut(&Region) -> Check, steps: &mut Steps) -> Cover {
        if let Some(place) = self.covering(target, first, steps) {
            return Cover::Whole(vec![place]);
        }
        let met = self.meeting(target, 0..first, steps);
        cover_by(self.space, target, met.into_iter().map(|at| (at, self.regions[at])), check, steps)
    }

    /// The first of the first so many regions that has all of the target.
    fn covering(&self, target: &Region, first: usize, steps: &mut Steps) -> Option<usize> {
        let first = first.min(self.regions.len());
        let mut mask = vec![u64::MAX; first.div_ceil(64)];
        for (dim, masks) in (0..).zip(&self.masks) {
            masks.leave_all_of(target.side(dim), self.space.cells[dim as usize], self.width, &mut mask, steps);
        }
        let places = mask.iter().enumerate().flat_map(|(word, &mask)| ones(mask).map(move |bit| word * 64 + bit as usize));
        places.take_while(|&at| at < first).find(|&at| steps.take(1) && target.is_within(self.regions[at]))
    }

    pub(super) fn for_meeting(&self, target: &Region, range: Range<usize>, steps: &mut Steps, mut found: impl FnMut(usize, &mut Steps)) {
        let (first, last) = (range.start / 64, range.end.min(self.regions.len()).div_ceil(64));
        let mut masks = vec![u64::MAX; last.saturating_sub(first)];
        for (dim, cells) in target.sides() {
            self.masks[*dim as usize].narrow(cells, self.width, first, &mut masks, steps);
        }
        for (word, mask) in (first..).zip(&masks) {
            let start = word * 64;
            let inside = below(range.end.min(self.regions.len()).saturating_sub(start).min(64) as u32);
            let before = below(range.start.saturating_sub(start).min(64) as u32);
            for at in ones(mask & inside & !before).map(|bit| start + bit as usize) {
                steps.take(1 + target.sides().len() as u64);
                if self.regions[at].meets(target) {
                    found(at, steps);
                }
            }
        }
    }
}

impl Masks {
    fn of(count: u32, dim: Dim, regions: &[&Region], width: usize) -> Self {
        let sides = || regions.iter().enumerate().filter_map(|(at, region)| region.side(dim).map(|cells| (at, cells)));
        if sides().next().is_none() {
            return Self::None;
        }
        if (count as usize) * width <= MOST_WORDS && !sides().all(|(_, cells)| cells.is_run()) {
            return Self::of_cells(count, dim, regions, width);
        }
        let marks = (MOST_WORDS / width).clamp(8, 256) as u32;
        let stride = count.div_ceil(marks).max(1);
        let rows = (count.div_ceil(stride) + 1) as usize;
        let (mut begun, mut not_ended) = (vec![0; rows * width], vec![0; rows * width]);
        for (at, region) in regions.iter().enumerate() {
            let (low, high) = hull(region.side(dim), count);
            set(&mut begun, low.div_ceil(stride) as usize * width, at);
            set(&mut not_ended, (high / stride) as usize * width, at);
        }
        for at in width..rows * width {
            begun[at] |= begun[at - width];
        }
        for at in (0..(rows - 1) * width).rev() {
            not_ended[at] |= not_ended[at + width];
        }
        Self::Hulls { stride, begun, not_ended }
    }

    fn of_cells(count: u32, dim: Dim, regions: &[&Region], width: usize) -> Self {
        let mut masks = vec![0; count as usize * width];
        for (at, region) in regions.iter().enumerate() {
            match region.side(dim) {
                Some(cells) => cells.iter().for_each(|cell| set(&mut masks, cell as usize * width, at)),
                None => (0..count).for_each(|cell| set(&mut masks, cell as usize * width, at)),
            }
        }
        Self::Cells(masks)
    }

    /// Leaves in a mask only regions that may have all of these cells; of the cells that are looked at, if there are many, a few.
    fn leave_all_of(&self, cells: Option<&Cells>, count: u32, width: usize, mask: &mut [u64], steps: &mut Steps) {
        steps.take(1 + mask.len() as u64 / 4);
        let (low, high) = hull(cells, count);
        let mut leave = |masks: &[u64], row: u32| mask.iter_mut().zip(&masks[row as usize * width..]).for_each(|(mask, row)| *mask &= row);
        match self {
            Self::None => (),
            Self::Hulls { stride, begun, not_ended } => {
                leave(begun, low.div_ceil(*stride));
                leave(not_ended, high / stride);
            }
            Self::Cells(masks) => {
                leave(masks, low);
                leave(masks, high);
                cells.iter().flat_map(|cells| cells.iter()).take(8).for_each(|cell| leave(masks, cell));
            }
        }
    }

    /// Leaves in a mask, of which the first word is this one, only regions that may meet these cells.
    fn narrow(&self, cells: &Cells, width: usize, first: usize, mask: &mut [u64], steps: &mut Steps) {
        let words = first..first + mask.len();
        let row = |masks: &[u64], row: u32, word: usize| masks[row as usize * width + word];
        match self {
            Self::None => (),
            Self::Hulls { stride, begun, not_ended } => {
                steps.take(1 + mask.len() as u64 / 4);
                let (low, high) = hull(Some(cells), cells.count());
                let (low, high) = (low / stride, high.div_ceil(*stride));
                mask.iter_mut().zip(words).for_each(|(mask, word)| *mask &= row(begun, high, word) & row(not_ended, low, word));
            }
            Self::Cells(masks) if cells.len() <= MOST_CELLS => {
                steps.take(1 + u64::from(cells.len()) * mask.len() as u64 / 8);
                let mut any = vec![0; mask.len()];
                for cell in cells.iter() {
                    any.iter_mut().zip(words.clone()).for_each(|(any, word)| *any |= row(masks, cell, word));
                }
                mask.iter_mut().zip(any).for_each(|(mask, any)| *mask &= any);
            }
            Self::Cells(_) => (),
        }
    }
}

/// The lowest and the highest cell.
fn hull(cells: Option<&Cells>, count: u32) -> (u32, u32) {
    let ends = cells.and_then(|cells| cells.lowest().zip(cells.highest()));
    ends.unwrap_or((0, count - 1))
}

fn set(masks: &mut [u64], start: usize, bit: usize) {
    masks[start + bit / 64] |= 1 << (bit % 64);
}
