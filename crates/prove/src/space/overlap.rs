//! Which regions meet.

use super::{Index, Region, Space, Steps};

/// The pairs (ascending, each once) of different owners that have regions with a point in common; each region is given with its owner,
/// and an owner may have several. None, if the steps did not suffice.
pub fn overlaps(space: &Space, regions: &[(u32, &Region)], steps: &mut Steps) -> Option<Vec<(u32, u32)>> {
    let index = Index::new(space, regions.iter().map(|(_, region)| *region).collect());
    let mut pairs = Vec::new();
    for (at, (owner, region)) in regions.iter().enumerate() {
        if !steps.take(1) {
            return None;
        }
        index.for_meeting(region, at + 1..regions.len(), steps, |other, _| {
            let other = regions[other].0;
            if other != *owner {
                pairs.push((*owner.min(&other), *owner.max(&other)));
            }
        });
    }
    if steps.left() == 0 {
        return None;
    }
    pairs.sort_unstable();
    pairs.dedup();
    Some(pairs)
}
