//! Which of the pieces that were used are superfluous.

use super::pivot::Pivot;
use super::question::Question;
use super::search::{End, search};
use crate::space::Steps;

/// Where more are left than this, nobody reads which.
const MANY: usize = 200;

/// Drops, one after the other, the pieces whose part of the target is covered by the rest of those used and by what was ruled out; the
/// smallest are tried first. Those that are left when the steps are used up stay, and many stay all.
pub(super) fn needed(question: &mut Question, used: &[u32], steps: &mut Steps) -> Vec<u32> {
    let is_region = |question: &Question, piece: u32| question.pieces[piece as usize].place.is_some();
    let ruled_out: Vec<u32> = (0..question.pieces.len() as u32).filter(|&piece| !is_region(question, piece)).collect();
    let mut left: Vec<u32> = used.iter().copied().filter(|&piece| is_region(question, piece)).collect();
    if left.len() > MANY || left.len() < 2 && ruled_out.is_empty() {
        return left;
    }
    let mut order: Vec<(f64, u32)> = left.iter().map(|&piece| (share(question, piece), piece)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    for (_, piece) in order {
        let others: Vec<u32> = left.iter().copied().filter(|&other| other != piece).chain(ruled_out.iter().copied()).collect();
        match search(question, &question.part(piece), &others, Pivot::Even, None, steps) {
            End::Covered(_) => left.retain(|&other| other != piece),
            End::Open(_) => (),
            End::TooLong => break,
        }
    }
    left
}

/// Which part of the target a piece is, between 0 and 1.
fn share(question: &Question, piece: u32) -> f64 {
    let cells = |words: &[u64]| f64::from(words.iter().map(|word| word.count_ones()).sum::<u32>());
    let sides = question.sides(piece).iter();
    sides.map(|side| cells(question.words(side)) / cells(question.of(&question.target, side.dim))).product()
}
