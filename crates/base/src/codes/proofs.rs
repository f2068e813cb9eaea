//! Codes of this pass; see `codes/mod.rs` for the ranges.

super::codes! {
    OVERLAP 1001 Error "K1001"
    GAP 1002 Error "K1002"
    UNREACHABLE 1003 Error "K1003"
    NEVER_TRUE 1004 Error "K1004"
    ALWAYS_TRUE 1005 Warning "K1005"
    NOTHING_LEFT 1006 Warning "K1006"
    OUTSIDE_PARENT 1007 Error "K1007"
    OUTSIDE_RANGE 1008 Warning "K1008"
    IDLE_PART 1009 Warning "K1009"
    NEVER_GIVEN 1010 Warning "K1010"
    NOT_PROVED 1011 Warning "K1011"
    HOLE_IN_TIME 1012 Warning "K1012"
}
