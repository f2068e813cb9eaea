//! Codes of this pass; see `codes/mod.rs` for the ranges.

super::codes! {
    UNKNOWN_NAME 201 Error "K0201"
    UNKNOWN_FIELD 202 Error "K0202"
    UNKNOWN_VALUE 203 Error "K0203"
    UNKNOWN_LABEL 204 Error "K0204"
    UNKNOWN_ENTITY 205 Error "K0205"
    UNKNOWN_FUNCTION 206 Error "K0206"
    UNKNOWN_ATTRIBUTE 207 Error "K0207"
    DUPLICATE_NAME 208 Error "K0208"
    AMBIGUOUS_NAME 209 Error "K0209"
    LABEL_TWICE 210 Error "K0210"
    PICK_TWICE 211 Error "K0211"
    LISTED_TWICE 212 Warning "K0212"
}
