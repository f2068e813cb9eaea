//! Which regions meet.

use super::{Region, Space, Steps};

/// The pairs (ascending, each once) of different owners that have regions with a point in common; each region is given with its owner,
/// and an owner may have several. None, if the steps did not suffice.
pub fn overlaps(space: &Space, regions: &[(u32, &Region)], steps: &mut Steps) -> Option<Vec<(u32, u32)>> {
    let _ = space;
    let mut pairs = Vec::new();
    for (i, (a, one)) in regions.iter().enumerate() {
        for (b, other) in &regions[i + 1..] {
            if !steps.take(1) {
                return None;
            }
            if a != b && one.meets(other) {
                pairs.push((*a.min(b), *a.max(b)));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Some(pairs)
}
