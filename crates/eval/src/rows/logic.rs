//! Three-valued logic with faults, from the left, and with what a test left out.
//!
//! What is unset could be yes or no: the result is known only where it is the same either way.

use kamrules_model::{Cell, Value};

/// `not`.
pub(super) fn not(cell: Cell) -> Cell {
    match cell {
        Cell::Known(Value::Flag(yes)) => Cell::flag(!yes),
        other => other,
    }
}

/// `and`; the right is asked for only where it matters.
pub(super) fn and(left: Cell, right: impl FnOnce() -> Cell) -> Cell {
    join(left, right, false)
}

/// `or`; the right is asked for only where it matters.
pub(super) fn or(left: Cell, right: impl FnOnce() -> Cell) -> Cell {
    join(left, right, true)
}

// `decisive` on either side decides: no for `and`, yes for `or`. A fault on the left comes before it, one on the right after.
fn join(left: Cell, right: impl FnOnce() -> Cell, decisive: bool) -> Cell {
    let decides = |cell: &Cell| *cell == Cell::flag(decisive);
    match left {
        Cell::Known(Value::Flag(yes)) if yes != decisive => right(),
        Cell::Known(_) | Cell::Fault(_) => left,
        Cell::Missing => match right() {
            right if decides(&right) => right,
            right @ (Cell::Fault(_) | Cell::Unset(_)) => right,
            _ => Cell::Missing,
        },
        Cell::Unset(_) => {
            let right = right();
            if decides(&right) { right } else { left }
        }
    }
}

/// What comes of a condition that is unset: the same answer either way, or it hangs on the condition.
pub(super) fn either(unset: Cell, yes: Cell, no: Cell) -> Cell {
    if yes == no { yes } else { unset }
}
