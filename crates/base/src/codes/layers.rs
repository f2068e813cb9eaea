//! Codes of this pass; see `codes/mod.rs` for the ranges.

super::codes! {
    CYCLE 501 Error "K0501"
    AGGREGATE_ROWS 502 Error "K0502"
    CORRELATED 503 Error "K0503"
    POPULATION_AMOUNT 504 Error "K0504"
    POPULATION_PLACE 505 Error "K0505"
    ALWAYS_BEYOND_ROW 506 Error "K0506"
}
