//! What every other crate stands on, in this order: places in text ([`span`]), lines and columns ([`mod@line`]),
//! exact decimals ([`decimal`]) and civil dates ([`date`]), findings as data ([`finding`], [`codes`]), and the only
//! door to files and the clock ([`world`]).
//!
//! This crate knows no syntax, no types and does no I/O of its own.

pub mod codes;
pub mod date;
pub mod decimal;
pub mod finding;
pub mod line;
pub mod near;
pub mod span;
pub mod world;

pub use codes::{Code, CodeInfo};
pub use date::Date;
pub use decimal::Decimal;
pub use finding::{Edit, Finding, Fix, Label, Level, Lever};
pub use line::LineIndex;
pub use span::{FileId, Span};
pub use world::{SourceFile, Sources, World};
