//! Decision sets made at random, and what is wrong with them, found out by looking at every account there can be.
//!
//! [`vars`], [`conds`] and [`decision`] are a small model of decisions with its own evaluation; [`write`](mod@write) writes them as a policy;
//! [`make`] makes them; [`domains`] and [`texts`] say which values matter; [`brute`] looks at all accounts. Nothing here is shared with
//! what checks, evaluates or proves policies: it is there to disagree with it.

pub mod against;
pub mod bdd;
pub mod brute;
pub mod conds;
pub mod decision;
pub mod domains;
pub mod kinds;
pub mod make;
pub mod shrink;
pub mod texts;
pub mod vars;
pub mod write;
