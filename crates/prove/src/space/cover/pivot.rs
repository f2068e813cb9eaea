//! Where to cut a box.

use super::question::{Question, Side, meet};
use super::search::Entry;
use crate::space::Steps;
use crate::space::cells::below;

/// How a cut is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pivot {
    /// Both parts meet few pieces: best where the pieces lie beside one another.
    Even,
    /// Along the piece that leaves the least, in the dimension that matters most: best where pieces overlap and have few sides.
    Short,
}

/// A cut of a box in a dimension. Both parts have cells.
#[derive(Debug)]
pub(super) struct Cut {
    pub dim: u32,
    /// The cells of the part to look at first.
    pub first: Vec<u64>,
}

impl Pivot {
    /// The cut of a box that some pieces meet, of which none fills it.
    pub fn cut(self, question: &Question, place: &[u64], list: &[Entry], steps: &mut Steps) -> Cut {
        match self {
            Self::Even => even(question, place, list, steps),
            Self::Short => short(question, place, list, steps),
        }
    }
}

/// The best cut so far.
struct Best {
    /// The sum of the squares of how many pieces meet each part.
    cost: u64,
    dim: u32,
    how: How,
    /// Whether more pieces meet the part named than the other.
    swap: bool,
}

enum How {
    /// The cells below this one are a part.
    Below(u32),
    /// These cells are a part.
    Cells(Vec<u64>),
}

impl Best {
    /// Takes another cut if it is better, given how many pieces meet the part named and the other.
    fn offer(&mut self, dim: u32, (one, two): (usize, usize), how: impl FnOnce() -> How) {
        let cost = (one * one + two * two) as u64;
        if cost < self.cost {
            *self = Self { cost, dim, how: how(), swap: one > two };
        }
    }
}

/// The sides in a dimension that do not fill the box.
struct Slabs<'q> {
    dim: u32,
    sides: Vec<&'q Side>,
    /// How many pieces fill the box in this dimension, so that every part meets them.
    free: usize,
}

fn even(question: &Question, place: &[u64], list: &[Entry], steps: &mut Steps) -> Cut {
    let mut best = Best { cost: u64::MAX, dim: 0, how: How::Below(0), swap: false };
    let all = slabs(question, place, list, steps);
    for slabs in all.iter().filter(|slabs| !slabs.sides.is_empty()) {
        let own = &question.dims[slabs.dim as usize];
        if own.runs || question.width(slabs.dim) > 1 {
            between(question.of(place, slabs.dim), slabs, &mut best);
        } else {
            groups(question, place, slabs, &mut best);
        }
    }
    let shortest = list.iter().min_by_key(|entry| entry.open).expect("some piece meets the box");
    for side in question.sides(shortest.piece).iter().filter(|side| !question.fills(side, place)) {
        steps.take(all[side.dim as usize].sides.len() as u64);
        along(question, place, side, &all[side.dim as usize], &mut best);
    }
    let cells = question.of(place, best.dim);
    let mut first = match best.how {
        How::Cells(cells) => cells,
        How::Below(cell) => cells.iter().zip(0..).map(|(word, at)| word & below(cell.saturating_sub(at * 64))).collect(),
    };
    if best.swap {
        first.iter_mut().zip(cells).for_each(|(first, cells)| *first = cells & !*first);
    }
    Cut { dim: best.dim, first }
}

fn slabs<'q>(question: &'q Question, place: &[u64], list: &[Entry], steps: &mut Steps) -> Vec<Slabs<'q>> {
    let mut all: Vec<Slabs> = (0..question.dims.len() as u32).map(|dim| Slabs { dim, sides: Vec::new(), free: 0 }).collect();
    for entry in list {
        let sides = question.sides(entry.piece);
        steps.take(1 + sides.len() as u64);
        for side in sides.iter().filter(|side| !question.fills(side, place)) {
            all[side.dim as usize].sides.push(side);
        }
    }
    all.iter_mut().for_each(|slabs| slabs.free = list.len() - slabs.sides.len());
    all
}

/// Offers the cuts between neighbouring cells at which a side begins or ends.
fn between(cells: &[u64], slabs: &Slabs, best: &mut Best) {
    let (low, high) = hull(cells);
    let mut lows: Vec<u32> = slabs.sides.iter().map(|side| side.low.max(low)).collect();
    let mut ends: Vec<u32> = slabs.sides.iter().map(|side| side.high.min(high) + 1).collect();
    sort(&mut lows, low, high);
    sort(&mut ends, low, high);
    let (mut begun, mut ended) = (0, 0);
    loop {
        // All sides that begin below the cut meet the lower part, all that do not end there the upper.
        let cell = match (lows.get(begun), ends.get(ended)) {
            (Some(&one), Some(&two)) => one.min(two),
            (None, Some(&two)) => two,
            _ => return,
        };
        while ends.get(ended).is_some_and(|&end| end <= cell) {
            ended += 1;
        }
        if low < cell && cell <= high {
            best.offer(slabs.dim, (slabs.free + begun, slabs.free + lows.len() - ended), || How::Below(cell));
        }
        while lows.get(begun).is_some_and(|&low| low <= cell) {
            begun += 1;
        }
    }
}

/// The lowest and the highest of some cells.
fn hull(cells: &[u64]) -> (u32, u32) {
    let first = cells.iter().position(|&word| word != 0).expect("a box has cells");
    let last = cells.iter().rposition(|&word| word != 0).expect("a box has cells");
    (first as u32 * 64 + cells[first].trailing_zeros(), last as u32 * 64 + 63 - cells[last].leading_zeros())
}

/// Sorts values from `low` to one more than `high`: by counting, if there are enough.
fn sort(values: &mut [u32], low: u32, high: u32) {
    let span = (high - low + 2) as usize;
    if values.len() * 4 < span {
        return values.sort_unstable();
    }
    let mut counts = vec![0u32; span];
    values.iter().for_each(|value| counts[(value - low) as usize] += 1);
    let sorted = counts.iter().zip(low..).flat_map(|(&count, value)| std::iter::repeat_n(value, count as usize));
    values.iter_mut().zip(sorted).for_each(|(value, next)| *value = next);
}

/// Offers a cut that goes through no side: cells that share a side stay together. For dimensions of one word.
fn groups(question: &Question, place: &[u64], slabs: &Slabs, best: &mut Best) {
    let cells = question.of(place, slabs.dim)[0];
    let mut groups: Vec<(usize, u64)> = Vec::new();
    for side in &slabs.sides {
        let mut group = (1, question.words(side)[0] & cells);
        groups.retain(|&(sides, cells)| {
            let apart = cells & group.1 == 0;
            if !apart {
                group = (group.0 + sides, group.1 | cells);
            }
            apart
        });
        groups.push(group);
    }
    groups.sort_unstable_by(|a, b| b.cmp(a));
    let (mut one, mut part) = (0, 0);
    for (sides, cells) in groups {
        if one == 0 || (one + sides) * 2 <= slabs.sides.len() {
            (one, part) = (one + sides, part | cells);
        }
    }
    if part != cells {
        best.offer(slabs.dim, (slabs.free + one, slabs.free + slabs.sides.len() - one), || How::Cells(vec![part]));
    }
}

/// Offers the cut between the cells of a side and the others.
fn along(question: &Question, place: &[u64], side: &Side, slabs: &Slabs, best: &mut Best) {
    let cells = question.of(place, slabs.dim);
    let inside: Vec<u64> = cells.iter().zip(question.words(side)).map(|(cell, side)| cell & side).collect();
    let outside: Vec<u64> = cells.iter().zip(&inside).map(|(cell, inside)| cell & !inside).collect();
    let meeting = |part: &[u64]| slabs.free + slabs.sides.iter().filter(|side| meet(question.words(side), part)).count();
    best.offer(slabs.dim, (meeting(&inside), meeting(&outside)), || How::Cells(inside.clone()));
}

fn short(question: &Question, place: &[u64], list: &[Entry], steps: &mut Steps) -> Cut {
    let mut weights = vec![0u64; question.dims.len()];
    for entry in list {
        let sides = question.sides(entry.piece);
        steps.take(1 + sides.len() as u64);
        // Each side less makes a piece weigh four times as much.
        let weight = 1 << (2 * 8u32.saturating_sub(entry.open));
        sides.iter().filter(|side| !question.fills(side, place)).for_each(|side| weights[side.dim as usize] += weight);
    }
    let fewest = list.iter().map(|entry| entry.open).min().expect("some piece meets the box");
    let shortest = list.iter().filter(|entry| entry.open == fewest);
    let sides = shortest.flat_map(|entry| question.sides(entry.piece)).filter(|side| !question.fills(side, place));
    let side = sides.max_by_key(|side| weights[side.dim as usize]).expect("no piece fills the box");
    let cells = question.of(place, side.dim);
    Cut { dim: side.dim, first: cells.iter().zip(question.words(side)).map(|(cell, side)| cell & !side).collect() }
}
