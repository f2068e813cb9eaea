//! Whether regions together cover another.
//!
//! `question` restates it in flat words, without what cannot matter. `search` cuts the place asked about in two, and the parts
//! again, until each part lies in one region (`pivot` says where to cut) or no region meets it. A part that is done is replaced by
//! all that is covered for the same reasons (`proof`), so that what did not hang on a cut is not done again on its other side. What
//! is open is widened as far as it goes (`widen`); of the regions that were used the superfluous ones are dropped (`needed`).

mod needed;
mod pivot;
mod proof;
mod question;
mod search;
mod widen;

use super::{Region, Space, Steps};
use pivot::Pivot;
use question::Question;
use search::End;

/// What came of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// They do; the places of those that were needed, ascending: not all that meet it, and none that is superfluous, unless they are
    /// more than 200 or the steps for looking through them did not suffice.
    Whole(Vec<usize>),
    /// No point of this region is covered, and it is possible. It lies within the region asked about and cannot be made larger there.
    Open(Region),
    /// It was not found out within the steps.
    TooLong,
}

/// What a check says of a region that no other covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// It has a possible point.
    Possible,
    /// No point of this region is possible; it meets the region asked about.
    Impossible(Region),
}

/// The steps of the first try: at least so many, and so many for each side of a piece. Each pivot gets as many in turn, then twice as
/// many, and so on.
const FIRST_TRY: (u64, u64) = (1 << 14, 128);

/// Whether `by` together cover `target`. `check` is asked of each region that is found open and may rule points out; what it rules
/// out counts as covered (and is in no list of what was needed).
pub fn cover(space: &Space, target: &Region, by: &[&Region], check: &mut dyn FnMut(&Region) -> Check, steps: &mut Steps) -> Cover {
    match by.iter().position(|region| target.is_within(region)) {
        Some(place) => Cover::Whole(vec![place]),
        None => cover_by(space, target, by.iter().copied().enumerate(), check, steps),
    }
}

/// The same by regions that are given with their places.
pub(super) fn cover_by<'a>(
    space: &Space,
    target: &Region,
    by: impl Iterator<Item = (usize, &'a Region)>,
    check: &mut dyn FnMut(&Region) -> Check,
    steps: &mut Steps,
) -> Cover {
    let Some(mut question) = Question::new(space, target, by, steps) else { return Cover::TooLong };
    let before = steps.left();
    let used = match decide(&mut question, check, steps) {
        End::Covered(used) => used,
        End::Open(place) => return Cover::Open(question.region(&place)),
        End::TooLong => return Cover::TooLong,
    };
    // Of a few pieces the superfluous ones are found; where thousands are needed, nobody reads all of them.
    let used = steps.lend((before - steps.left()) / 8 + FIRST_TRY.0, |steps| needed::needed(&mut question, &used, steps));
    Cover::Whole(question.places(&used))
}

/// Tries one pivot after the other under doubling budgets: what one of them cuts badly, another often cuts well. What the check ruled
/// out stays known from try to try.
fn decide(question: &mut Question, check: &mut dyn FnMut(&Region) -> Check, steps: &mut Steps) -> End {
    let mut budget = FIRST_TRY.0.max(FIRST_TRY.1 * question.size());
    loop {
        for pivot in [Pivot::Even, Pivot::Short] {
            let (target, pieces) = (question.target.clone(), (0..question.pieces.len() as u32).collect::<Vec<_>>());
            let end = steps.lend(budget, |steps| search::search(question, &target, &pieces, pivot, Some(check), steps));
            if !matches!(end, End::TooLong) || steps.left() == 0 {
                return end;
            }
        }
        budget *= 2;
    }
}
