//! Makes a decision about which there is a difference smaller, for people to look at.

use super::conds::Cond;
use super::decision::{Decision, When};

/// Decisions that are a little smaller, the smallest first.
fn smaller(of: &Decision) -> Vec<Decision> {
    let mut out = Vec::new();
    if of.guard.is_some() {
        out.push(Decision { guard: None, ..of.clone() });
    }
    for at in 0..of.rungs.len() {
        if of.rungs.len() > 1 {
            let mut less = of.clone();
            less.rungs.remove(at);
            out.push(less);
        }
        if let Some(nested) = &of.rungs[at].nested {
            let mut less = of.clone();
            less.rungs[at].nested = None;
            out.push(less);
            for inner in smaller(nested) {
                let mut less = of.clone();
                less.rungs[at].nested = Some(inner);
                out.push(less);
            }
        }
        if of.rungs[at].overrides {
            let mut less = of.clone();
            less.rungs[at].overrides = false;
            out.push(less);
        }
        if let When::Is(cond) = &of.rungs[at].when {
            for cond in parts(cond) {
                let mut less = of.clone();
                less.rungs[at].when = When::Is(cond);
                out.push(less);
            }
        }
    }
    for guard in of.guard.iter().flat_map(parts) {
        out.push(Decision { guard: Some(guard), ..of.clone() });
    }
    out
}

/// Conditions that are a little smaller.
fn parts(of: &Cond) -> Vec<Cond> {
    let both = |a: &Cond, b: &Cond, join: fn(Cond, Cond) -> Cond| {
        let mut out = vec![a.clone(), b.clone()];
        out.extend(parts(a).into_iter().map(|a| join(a, b.clone())));
        out.extend(parts(b).into_iter().map(|b| join(a.clone(), b)));
        out
    };
    match of {
        Cond::And(a, b) => both(a, b, Cond::and),
        Cond::Or(a, b) => both(a, b, Cond::or),
        Cond::Not(a) => {
            let mut out = Vec::new();
            if let Cond::Not(inner) = &**a {
                out.push((**inner).clone());
            }
            if let Cond::Compare(op, x, y) = &**a {
                out.push(Cond::Compare(op.opposite(), x.clone(), y.clone()));
            }
            out.extend(parts(a).into_iter().map(Cond::negated));
            out
        }
        Cond::If(asked, a, b) => {
            let mut out = vec![(**a).clone(), (**b).clone(), (**asked).clone()];
            out.extend(parts(a).into_iter().map(|a| Cond::If(asked.clone(), Box::new(a), b.clone())));
            out.extend(parts(b).into_iter().map(|b| Cond::If(asked.clone(), a.clone(), Box::new(b))));
            out
        }
        Cond::OrElse(a, value) => {
            let mut out = vec![(**a).clone()];
            out.extend(parts(a).into_iter().map(|a| Cond::OrElse(Box::new(a), *value)));
            out
        }
        Cond::Match(_, arms) => arms.iter().map(|(_, value)| value.clone()).collect(),
        _ => Vec::new(),
    }
}

/// The smallest decision found for which something is still so.
pub fn shrunk(of: &Decision, still: &mut dyn FnMut(&Decision) -> bool) -> Decision {
    let mut best = of.clone();
    while let Some(less) = smaller(&best).into_iter().find(|less| still(less)) {
        best = less;
    }
    best
}
