//! The table of functions.

mod abs;
mod any;
mod args;
mod average;
mod bottom;
mod code_in;
mod contains;
mod count;
mod date;
mod days_between;
mod days_in;
mod end;
mod ends_with;
mod every;
mod first;
mod first_of;
mod fold;
mod greatest;
mod has;
mod has_any_of;
mod last;
mod last_of;
mod least;
mod left;
mod length;
mod lower;
mod max;
mod median;
mod min;
mod month_of;
mod months_between;
mod next;
mod only;
mod previous;
mod quarter_of;
mod rank;
mod right;
mod round;
mod share;
mod share_of_total;
mod start;
mod starts_with;
mod sum;
mod text_after;
mod text_before;
mod top;
mod ultimate;
mod upper;
mod week_of;
mod year_of;

use crate::Function;

static ALL: &[Function] = &[
    least::FUNCTION,
    greatest::FUNCTION,
    round::FUNCTION,
    abs::FUNCTION,
    months_between::FUNCTION,
    days_between::FUNCTION,
    days_in::FUNCTION,
    previous::FUNCTION,
    next::FUNCTION,
    year_of::FUNCTION,
    quarter_of::FUNCTION,
    month_of::FUNCTION,
    week_of::FUNCTION,
    date::FUNCTION,
    start::FUNCTION,
    end::FUNCTION,
    left::FUNCTION,
    right::FUNCTION,
    text_before::FUNCTION,
    text_after::FUNCTION,
    contains::FUNCTION,
    starts_with::FUNCTION,
    ends_with::FUNCTION,
    has::FUNCTION,
    has_any_of::FUNCTION,
    fold::FUNCTION,
    lower::FUNCTION,
    upper::FUNCTION,
    length::FUNCTION,
    code_in::FUNCTION,
    count::FUNCTION,
    sum::FUNCTION,
    average::FUNCTION,
    median::FUNCTION,
    min::FUNCTION,
    max::FUNCTION,
    any::FUNCTION,
    every::FUNCTION,
    share::FUNCTION,
    only::FUNCTION,
    first::FUNCTION,
    last::FUNCTION,
    rank::FUNCTION,
    share_of_total::FUNCTION,
    top::FUNCTION,
    bottom::FUNCTION,
    first_of::FUNCTION,
    last_of::FUNCTION,
    ultimate::FUNCTION,
];

/// Every function, in the order of their ids.
pub fn all() -> &'static [Function] {
    ALL
}
