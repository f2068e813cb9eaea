//! Where to cut a box.

use super::question::{Question, Side, hull, meet};
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
    pub fn cut(self, question: &Question, place: &[u64], list: &[Entry], room: &mut Room, steps: &mut Steps) -> Cut {
        match self {
            Self::Even => even(question, place, list, room, steps),
            Self::Short => short(question, place, list, room, steps),
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

/// Room that is used again from cut to cut.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// By own dimension the numbers of the sides that do not fill the box.
    slabs: Vec<Vec<u32>>,
    lows: Vec<u32>,
    ends: Vec<u32>,
    counts: Vec<u32>,
    weights: Vec<u64>,
}

fn even(question: &Question, place: &[u64], list: &[Entry], room: &mut Room, steps: &mut Steps) -> Cut {
    let mut best = Best { cost: u64::MAX, dim: 0, how: How::Below(0), swap: false };
    gather(question, place, list, &mut room.slabs, steps);
    for (dim, own) in (0..).zip(&question.dims) {
        if room.slabs[dim as usize].is_empty() {
            continue;
        }
        steps.take(room.slabs[dim as usize].len() as u64);
        if own.runs || question.width(dim) > 1 {
            between(question, place, dim, list.len(), room, &mut best);
        } else {
            groups(question, place, dim, list.len(), &room.slabs[dim as usize], &mut best);
        }
    }
    let shortest = list.iter().min_by_key(|entry| entry.open).expect("some piece meets the box");
    for side in question.sides(shortest.piece).iter().filter(|side| !question.fills(side, place)) {
        let slabs = &room.slabs[side.dim as usize];
        steps.take(slabs.len() as u64);
        along(question, place, side, list.len(), slabs, &mut best);
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

fn gather(question: &Question, place: &[u64], list: &[Entry], slabs: &mut Vec<Vec<u32>>, steps: &mut Steps) {
    slabs.resize_with(question.dims.len(), Vec::new);
    slabs.iter_mut().for_each(Vec::clear);
    for entry in list {
        let numbers = question.numbers(entry.piece);
        steps.take(1 + numbers.len() as u64);
        for number in numbers {
            let side = question.numbered(number);
            if !question.fills(side, place) {
                slabs[side.dim as usize].push(number);
            }
        }
    }
}

/// Offers the cuts between neighbouring cells at which a side begins or ends. Of the pieces, which are so many, those without a side
/// here meet both parts.
fn between(question: &Question, place: &[u64], dim: u32, pieces: usize, room: &mut Room, best: &mut Best) {
    let Room { slabs, lows, ends, counts, .. } = room;
    let (slabs, (low, high)) = (&slabs[dim as usize], hull(question.of(place, dim)));
    lows.clear();
    lows.extend(slabs.iter().map(|&side| question.numbered(side).low.max(low)));
    ends.clear();
    ends.extend(slabs.iter().map(|&side| question.numbered(side).high.min(high) + 1));
    sort(lows, low, high, counts);
    sort(ends, low, high, counts);
    let (mut begun, mut ended) = (0, 0);
    let free = pieces - slabs.len();
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
            best.offer(dim, (free + begun, free + lows.len() - ended), || How::Below(cell));
        }
        while lows.get(begun).is_some_and(|&low| low <= cell) {
            begun += 1;
        }
    }
}

/// Sorts values from `low` to one more than `high`: by counting, if there are enough.
fn sort(values: &mut [u32], low: u32, high: u32, counts: &mut Vec<u32>) {
    let span = (high - low + 2) as usize;
    if values.len() * 4 < span {
        return values.sort_unstable();
    }
    counts.clear();
    counts.resize(span, 0);
    values.iter().for_each(|value| counts[(value - low) as usize] += 1);
    let mut at = 0;
    for (&count, value) in counts.iter().zip(low..) {
        values[at..at + count as usize].fill(value);
        at += count as usize;
    }
}

/// Offers a cut that goes through no side: cells that share a side stay together. For dimensions of one word.
fn groups(question: &Question, place: &[u64], dim: u32, pieces: usize, slabs: &[u32], best: &mut Best) {
    let (cells, free) = (question.of(place, dim)[0], pieces - slabs.len());
    let mut groups: Vec<(usize, u64)> = Vec::new();
    for &side in slabs {
        let mut group = (1, question.words(question.numbered(side))[0] & cells);
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
        if one == 0 || (one + sides) * 2 <= slabs.len() {
            (one, part) = (one + sides, part | cells);
        }
    }
    if part != cells {
        best.offer(dim, (free + one, free + slabs.len() - one), || How::Cells(vec![part]));
    }
}

/// Offers the cut between the cells of a side and the others.
fn along(question: &Question, place: &[u64], side: &Side, pieces: usize, slabs: &[u32], best: &mut Best) {
    let (cells, free) = (question.of(place, side.dim), pieces - slabs.len());
    let inside: Vec<u64> = cells.iter().zip(question.words(side)).map(|(cell, side)| cell & side).collect();
    let outside: Vec<u64> = cells.iter().zip(&inside).map(|(cell, inside)| cell & !inside).collect();
    let meeting = |part: &[u64]| free + slabs.iter().filter(|&&side| meet(question.words(question.numbered(side)), part)).count();
    best.offer(side.dim, (meeting(&inside), meeting(&outside)), || How::Cells(inside.clone()));
}

fn short(question: &Question, place: &[u64], list: &[Entry], room: &mut Room, steps: &mut Steps) -> Cut {
    let weights = &mut room.weights;
    weights.clear();
    weights.resize(question.dims.len(), 0);
    for entry in list {
        let sides = question.sides(entry.piece);
        steps.take(1 + sides.len() as u64);
        // Each side less makes a piece weigh four times as much.
        let weight = 1u64 << (2 * 8u32.saturating_sub(entry.open));
        sides.iter().filter(|side| !question.fills(side, place)).for_each(|side| weights[side.dim as usize] += weight);
    }
    let fewest = list.iter().map(|entry| entry.open).min().expect("some piece meets the box");
    let shortest = list.iter().filter(|entry| entry.open == fewest);
    let sides = shortest.flat_map(|entry| question.sides(entry.piece)).filter(|side| !question.fills(side, place));
    let side = sides.max_by_key(|side| weights[side.dim as usize]).expect("no piece fills the box");
    let cells = question.of(place, side.dim);
    Cut { dim: side.dim, first: cells.iter().zip(question.words(side)).map(|(cell, side)| cell & !side).collect() }
}
