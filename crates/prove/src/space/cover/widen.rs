//! An open box made as large as it can be.

use super::question::Question;
use crate::space::Steps;

/// Widens a box that no piece meets, within the target: first as many dimensions as possible get all cells of the target, then the
/// others as many as possible.
pub(super) fn widen(question: &Question, place: &[u64], steps: &mut Steps) -> Vec<u64> {
    let kept = keep_few(question, place, steps);
    let mut wide = question.target.clone();
    for &dim in &kept {
        let own = &question.dims[dim as usize];
        wide[own.start..own.end].copy_from_slice(&place[own.start..own.end]);
    }
    for &dim in &kept {
        grow(question, &mut wide, &kept, dim, steps);
    }
    wide
}

/// Few dimensions that together keep the box apart from every piece: the one that keeps away most of those still left, again and
/// again, then without those that turn out superfluous.
fn keep_few(question: &Question, place: &[u64], steps: &mut Steps) -> Vec<u32> {
    let apart = Apart::of(question, place, steps);
    let mut left: Vec<u32> = (0..question.pieces.len() as u32).collect();
    let mut kept = Vec::new();
    let mut counts = vec![0u32; question.dims.len()];
    while !left.is_empty() {
        counts.fill(0);
        left.iter().flat_map(|&piece| apart.dims(piece)).for_each(|&dim| counts[dim as usize] += 1);
        let Some(best) = (0..counts.len() as u32).max_by_key(|&dim| (counts[dim as usize], u32::MAX - dim)) else { break };
        steps.take(left.len() as u64);
        left.retain(|&piece| !apart.dims(piece).contains(&best));
        kept.push(best);
    }
    for at in (0..kept.len()).rev() {
        let dim = kept[at];
        steps.take(question.pieces.len() as u64);
        let others = |piece| apart.dims(piece).iter().any(|other| *other != dim && kept.contains(other));
        if (0..question.pieces.len() as u32).all(others) {
            kept.remove(at);
        }
    }
    kept
}

/// Of each piece the dimensions in which it does not meet a box.
struct Apart {
    dims: Vec<u32>,
    /// Where the dimensions of a piece end.
    ends: Vec<u32>,
}

impl Apart {
    fn of(question: &Question, place: &[u64], steps: &mut Steps) -> Self {
        let mut apart = Self { dims: Vec::new(), ends: Vec::with_capacity(question.pieces.len()) };
        for piece in 0..question.pieces.len() as u32 {
            let sides = question.sides(piece);
            steps.take(1 + sides.len() as u64);
            apart.dims.extend(sides.iter().filter(|side| !question.meets(side, place)).map(|side| side.dim));
            apart.ends.push(apart.dims.len() as u32);
        }
        apart
    }

    fn dims(&self, piece: u32) -> &[u32] {
        let start = if piece == 0 { 0 } else { self.ends[piece as usize - 1] };
        &self.dims[start as usize..self.ends[piece as usize] as usize]
    }
}

/// Gives the box all cells in a dimension that do not let it meet a piece.
fn grow(question: &Question, wide: &mut [u64], kept: &[u32], dim: u32, steps: &mut Steps) {
    let own = &question.dims[dim as usize];
    let mut cells = question.of(&question.target, dim).to_vec();
    for piece in 0..question.pieces.len() as u32 {
        steps.take(1);
        let Some(side) = question.side(piece, dim) else { continue };
        let elsewhere = |other: u32| other != dim && question.side(piece, other).is_some_and(|side| !question.meets(side, wide));
        if !kept.iter().any(|&other| elsewhere(other)) {
            cells.iter_mut().zip(question.words(side)).for_each(|(cell, taken)| *cell &= !taken);
        }
    }
    wide[own.start..own.end].copy_from_slice(&cells);
}
