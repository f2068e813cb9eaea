//! What is covered for the same reasons as a box.

use super::question::{Question, within};

/// A product of cells that some pieces surely cover: in the dimensions named these cells, in the others all. It is made as large as
/// the reasons allow, not as small as the box that was looked at: a piece as it is, or of two such products what both share, with
/// the cells of either in one dimension (resolution, for cells instead of truth values; Khamis, Ngo, Ré, Rudra, "Joins via Geometric
/// Resolutions", 2015).
#[derive(Debug, Clone, Default)]
pub(super) struct Proof {
    /// Own dimensions, ascending, each with where its words end.
    sides: Vec<(u32, u32)>,
    words: Vec<u64>,
}

impl Proof {
    /// What a piece covers by itself.
    pub fn of_piece(question: &Question, piece: u32) -> Self {
        let mut proof = Self::default();
        for side in question.sides(piece) {
            proof.push(side.dim, question.words(side).iter().copied());
        }
        proof
    }

    /// Whether it has these cells in a dimension.
    pub fn has(&self, dim: u32, cells: &[u64]) -> bool {
        match self.sides.binary_search_by_key(&dim, |side| side.0) {
            Ok(at) => within(cells, self.words(at)),
            Err(_) => true,
        }
    }

    /// What both share, with the cells of either in a dimension; both name that dimension.
    pub fn resolve(&self, other: &Self, dim: u32, question: &Question) -> Self {
        let mut proof = Self::default();
        let (mut a, mut b) = (0, 0);
        loop {
            let (one, two) = (self.sides.get(a).map(|side| side.0), other.sides.get(b).map(|side| side.0));
            let next = match (one, two) {
                (None, None) => return proof,
                (Some(x), None) | (None, Some(x)) => x,
                (Some(x), Some(y)) => x.min(y),
            };
            let (mine, others) = (self.words(a), other.words(b));
            match (one == Some(next), two == Some(next)) {
                (true, false) => proof.push(next, mine.iter().copied()),
                (false, _) => proof.push(next, others.iter().copied()),
                (true, true) if next != dim => proof.push(next, mine.iter().zip(others).map(|(a, b)| a & b)),
                (true, true) => {
                    let length = proof.words.len();
                    proof.push(next, mine.iter().zip(others).map(|(a, b)| a | b));
                    if within(question.of(&question.target, dim), &proof.words[length..]) {
                        proof.words.truncate(length);
                        proof.sides.pop();
                    }
                }
            }
            a += usize::from(one == Some(next));
            b += usize::from(two == Some(next));
        }
    }

    fn push(&mut self, dim: u32, words: impl Iterator<Item = u64>) {
        self.words.extend(words);
        self.sides.push((dim, self.words.len() as u32));
    }

    fn words(&self, at: usize) -> &[u64] {
        let Some(&(_, end)) = self.sides.get(at) else { return &[] };
        let start = if at == 0 { 0 } else { self.sides[at - 1].1 };
        &self.words[start as usize..end as usize]
    }
}
