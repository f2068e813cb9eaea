//! Codes of this pass; see `codes/mod.rs` for the ranges.

super::codes! {
}
