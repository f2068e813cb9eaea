//! Versions of a set in time: days on which none is in force.

use crate::Policy;
use kamrules_base::codes::HOLE_IN_TIME;
use kamrules_base::{Date, Finding};

/// Sets whose first version begins only after the day that `today` is.
pub(super) fn findings(policy: &Policy) -> Vec<Finding> {
    let model = policy.model();
    let mut out = Vec::new();
    for set in &model.sets {
        let Some(first) = set.versions.first() else { continue };
        let (Some(from), Some(today)) = (first.from, model.settings.as_of) else { continue };
        if today < from {
            let message = format!("no version of `{}` is in force until {}: on {} nobody has a label", set.name, day(from), day(today));
            out.push(
                Finding::new(HOLE_IN_TIME, first.span, message)
                    .help(format!("take `from {}` out of the first version, or write the version that was in force before", day(from)))
                    .help("or move the policy's `as of`"),
            );
        }
    }
    out
}

fn day(date: Date) -> String {
    let (year, month, day) = date.ymd();
    format!("{year:04}-{month:02}-{day:02}")
}
