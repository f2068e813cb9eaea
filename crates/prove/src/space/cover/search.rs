//! The search: cuts a box until each part is covered by one piece, or one part by none.

use super::Check;
use super::pivot::{Cut, Pivot, Room};
use super::proof::Proof;
use super::question::{Question, meet, within};
use super::widen::widen;
use crate::space::{Region, Steps};

/// How a search ended.
#[derive(Debug)]
pub(super) enum End {
    /// All is covered, by these pieces (each once).
    Covered(Vec<u32>),
    /// No piece meets this box, and it is possible. If there is no check, it is not widened.
    Open(Vec<u64>),
    /// The steps did not suffice.
    TooLong,
}

/// What is asked of each open region; none, if each is possible.
pub(super) type Checks<'c> = Option<&'c mut dyn FnMut(&Region) -> Check>;

/// A piece that meets the box at hand, and in how many dimensions it does not fill it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub piece: u32,
    pub open: u32,
}

/// Whether the listed pieces (and what is ruled out on the way) cover a box.
pub(super) fn search(question: &mut Question, start: &[u64], pieces: &[u32], pivot: Pivot, check: Checks, steps: &mut Steps) -> End {
    let known = question.pieces.len() as u32;
    let (place, room) = (start.to_vec(), Room::default());
    let (entries, saved, frames, used) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut search = Search { place, entries, list: 0, known, saved, frames, used, room, steps };
    let mut closed = search.enter_all(question, pieces);
    let mut check = check;
    loop {
        let proof = match closed {
            Some(piece) => search.by_piece(question, piece),
            None => match search.descend(question, pivot, &mut check) {
                Ok(proof) => proof,
                Err(end) => return end,
            },
        };
        if search.spent() {
            return End::TooLong;
        }
        match search.ascend(question, proof) {
            Some(now) => closed = now,
            None => return End::Covered(search.used()),
        }
    }
}

/// The state of a search. What belongs to the boxes above the one at hand lies on stacks.
struct Search<'s> {
    /// The box at hand.
    place: Vec<u64>,
    /// The lists of the boxes above, and behind them, from `list`, that of the box at hand.
    entries: Vec<Entry>,
    list: usize,
    /// How many pieces there were when that list was made, or since looked at for it.
    known: u32,
    /// Words of boxes above, for their frames.
    saved: Vec<u64>,
    frames: Vec<Frame>,
    /// The pieces by which something was covered, in the order in which that happened.
    used: Vec<u32>,
    room: Room,
    steps: &'s mut Steps,
}

/// A cut that is not done yet.
struct Frame {
    dim: u32,
    /// Where the cells before the cut are among the saved words; the cells of the second part follow, if that is still to do.
    saved: usize,
    /// The list of the box that was cut.
    list: (usize, usize),
    known: u32,
    first: First,
    /// How many uses there were before the cut, and before the second part.
    used: (usize, usize),
}

/// What is known of the first part of a cut.
enum First {
    /// It is being done.
    Open,
    /// It lies in this piece.
    Piece(u32),
    /// It is done.
    Done(Proof),
}

impl Search<'_> {
    fn spent(&self) -> bool {
        self.steps.left() == 0
    }

    /// Makes the list of the box at hand of these pieces; one of them, if it is all of the box.
    fn enter_all(&mut self, question: &Question, pieces: &[u32]) -> Option<u32> {
        pieces.iter().find_map(|&piece| self.enter(question, piece))
    }

    /// Adds a piece to the list, if it meets the box; gives it, if it is all of it.
    fn enter(&mut self, question: &Question, piece: u32) -> Option<u32> {
        let sides = question.sides(piece);
        self.steps.take(1 + sides.len() as u64);
        if !sides.iter().all(|side| question.meets(side, &self.place)) {
            return None;
        }
        let open = sides.iter().filter(|side| !question.fills(side, &self.place)).count() as u32;
        self.entries.push(Entry { piece, open });
        (open == 0).then_some(piece)
    }

    fn by_piece(&mut self, question: &Question, piece: u32) -> Proof {
        self.used.push(piece);
        Proof::of_piece(question, piece)
    }

    /// Cuts, and goes into the first part, until the box at hand is done.
    fn descend(&mut self, question: &mut Question, pivot: Pivot, check: &mut Checks) -> Result<Proof, End> {
        loop {
            if self.spent() {
                return Err(End::TooLong);
            }
            let closed = if self.list == self.entries.len() {
                self.ask(question, check)?
            } else if let Some(closed) = self.cut_off(question) {
                closed
            } else {
                let cut = pivot.cut(question, &self.place, &self.entries[self.list..], &mut self.room, self.steps);
                self.cut(question, cut)
            };
            if let Some(piece) = closed {
                return Ok(self.by_piece(question, piece));
            }
        }
    }

    /// Asks about an open box; what is ruled out becomes a piece.
    fn ask(&mut self, question: &mut Question, check: &mut Checks) -> Result<Option<u32>, End> {
        let Some(check) = check else { return Err(End::Open(Vec::new())) };
        self.steps.take(1);
        let wide = widen(question, &self.place, self.steps);
        let region = question.region(&wide);
        match check(&region) {
            Check::Possible => Err(End::Open(wide)),
            Check::Impossible(lemma) => {
                debug_assert!(lemma.meets(&region), "what is ruled out meets what was asked about");
                question.add(None, &lemma);
                self.place.extend_from_slice(&question.target[self.place.len()..]);
                Ok(self.enter_new(question, self.known))
            }
        }
    }

    /// Adds to the list the pieces that came after so many.
    fn enter_new(&mut self, question: &Question, known: u32) -> Option<u32> {
        self.known = question.pieces.len() as u32;
        (known..self.known).find_map(|piece| self.enter(question, piece))
    }

    /// Takes off the box, in one dimension each, what lies in pieces that fill it in all others. None, if there are no such pieces;
    /// else the piece that is all of the rest, if there is one.
    fn cut_off(&mut self, question: &Question) -> Option<Option<u32>> {
        let (list, frames) = ((self.list, self.entries.len()), self.frames.len());
        for at in list.0..list.1 {
            let Entry { piece, open } = self.entries[at];
            if open != 1 {
                continue;
            }
            self.steps.take(1);
            let sides = question.sides(piece);
            let Some(side) = sides.iter().find(|side| !question.fills(side, &self.place)) else { return Some(Some(piece)) };
            if question.meets(side, &self.place) {
                let first = First::Piece(piece);
                self.push(question, side.dim, list, first);
                let own = &question.dims[side.dim as usize];
                self.place[own.start..own.end].iter_mut().zip(question.words(side)).for_each(|(cell, taken)| *cell &= !taken);
            }
        }
        (self.frames.len() > frames).then(|| self.filter(question, list, frames))
    }

    /// Cuts the box and goes into the first part; the piece that is all of that, if there is one.
    fn cut(&mut self, question: &Question, cut: Cut) -> Option<u32> {
        let (list, frames) = ((self.list, self.entries.len()), self.frames.len());
        self.push(question, cut.dim, list, First::Open);
        let own = &question.dims[cut.dim as usize];
        let place = &mut self.place[own.start..own.end];
        self.saved.extend(place.iter().zip(&cut.first).map(|(cell, first)| cell & !first));
        place.copy_from_slice(&cut.first);
        self.filter(question, list, frames)
    }

    fn push(&mut self, question: &Question, dim: u32, list: (usize, usize), first: First) {
        let used = (self.used.len(), self.used.len());
        self.frames.push(Frame { dim, saved: self.saved.len(), list, known: self.known, first, used });
        self.saved.extend_from_slice(question.of(&self.place, dim));
    }

    /// Makes the list of the box at hand from that of a box above, which differs in the dimensions of the frames from `frames` on.
    fn filter(&mut self, question: &Question, (start, end): (usize, usize), frames: usize) -> Option<u32> {
        self.entries.truncate(end);
        self.list = end;
        for at in start..end {
            self.steps.take(1);
            let Entry { piece, mut open } = self.entries[at];
            let mut meets = true;
            for (nth, frame) in self.frames[frames..].iter().enumerate() {
                let Some(side) = question.side(piece, frame.dim) else { continue };
                let (cells, width) = (question.words(side), question.width(frame.dim));
                let (before, now) = (&self.saved[frame.saved..][..width], question.of(&self.place, frame.dim));
                self.steps.take(width as u64);
                // Of two frames in one dimension the first says how it was before.
                if within(before, cells) || self.frames[frames..frames + nth].iter().any(|earlier| earlier.dim == frame.dim) {
                    continue;
                }
                meets = meet(cells, now);
                if !meets {
                    break;
                }
                open -= u32::from(within(now, cells));
            }
            if meets {
                self.entries.push(Entry { piece, open });
                if open == 0 {
                    return Some(piece);
                }
            }
        }
        None
    }

    /// The box at hand is done: goes up to the next cut whose second part is still to do and into that; gives the piece that is all of
    /// it, if there is one. None, if nothing is left to do.
    fn ascend(&mut self, question: &Question, mut proof: Proof) -> Option<Option<u32>> {
        while let Some(mut frame) = self.frames.pop() {
            self.steps.take(1);
            let own = &question.dims[frame.dim as usize];
            let width = own.end - own.start;
            self.place[own.start..own.end].copy_from_slice(&self.saved[frame.saved..][..width]);
            let hangs_on_cut = !proof.has(frame.dim, &self.place[own.start..own.end]);
            match frame.first {
                First::Open if hangs_on_cut => {
                    self.place[own.start..own.end].copy_from_slice(&self.saved[frame.saved + width..][..width]);
                    self.saved.truncate(frame.saved + width);
                    frame.first = First::Done(proof);
                    frame.used.1 = self.used.len();
                    return Some(self.enter_second(question, frame));
                }
                First::Piece(piece) if hangs_on_cut => {
                    self.used.push(piece);
                    proof = Proof::of_piece(question, piece).resolve(&proof, frame.dim, question);
                }
                First::Done(first) if hangs_on_cut => proof = first.resolve(&proof, frame.dim, question),
                First::Done(_) => drop(self.used.drain(frame.used.0..frame.used.1)),
                First::Open | First::Piece(_) => (),
            }
            self.saved.truncate(frame.saved);
            self.shorten_used(question, frame.used.0);
        }
        None
    }

    fn enter_second(&mut self, question: &Question, frame: Frame) -> Option<u32> {
        let (list, known, frames) = (frame.list, frame.known, self.frames.len());
        self.frames.push(frame);
        if let Some(piece) = self.filter(question, list, frames) {
            return Some(piece);
        }
        self.enter_new(question, known)
    }

    /// Keeps each use of a box once, when they have become many.
    fn shorten_used(&mut self, question: &Question, from: usize) {
        if self.used.len() - from > 64 + 2 * question.pieces.len() {
            self.used[from..].sort_unstable();
            let mut rest = self.used.split_off(from);
            rest.dedup();
            self.used.append(&mut rest);
        }
    }

    fn used(mut self) -> Vec<u32> {
        self.used.sort_unstable();
        self.used.dedup();
        self.used
    }
}
