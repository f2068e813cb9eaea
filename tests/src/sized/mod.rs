//! Policies of any size, the same for the same seed: what checks are timed with.
//!
//! [`boxes`] cuts all accounts there can be into rungs, so that a set of them is complete and exclusive by how it was made; [`written`]
//! writes such a set as segments, as a table and as a ladder. [`territories()`] and [`threes()`] are families of their own.

pub mod boxes;
pub mod territories;
pub mod threes;
pub mod written;

pub use territories::territories;
pub use threes::threes;
pub use written::{ladder, segments, table};

/// Rungs and fields of the complete sets that are timed, the small ones first.
pub const SIZES: [(usize, usize); 7] = [(500, 6), (1_000, 6), (2_000, 6), (5_000, 6), (10_000, 6), (1_000, 8), (5_000, 8)];

/// How many flags the hard families have.
pub const FLAGS: [usize; 3] = [30, 200, 400];

/// A policy that is timed.
#[derive(Debug, Clone)]
pub struct Sized {
    /// What it is, as the name of a file without its ending.
    pub name: String,
    /// The policy.
    pub text: String,
}

/// All of them.
pub fn all() -> Vec<Sized> {
    let sized = |name: String, text: String| Sized { name, text };
    let mut out = Vec::new();
    for (rungs, fields) in SIZES {
        out.push(sized(format!("segments-{rungs}x{fields}"), segments(rungs, fields)));
        out.push(sized(format!("table-{rungs}x{fields}"), table(rungs, fields)));
        out.push(sized(format!("ladder-{rungs}x{fields}"), ladder(rungs, fields)));
    }
    out.push(sized("territories-120".to_owned(), territories()));
    out.extend(FLAGS.map(|flags| sized(format!("threes-{flags}"), threes(flags))));
    out
}
