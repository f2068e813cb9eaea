//! What a policy is allowed to say but probably does not mean: unused items, numbers repeated, tests that prove nothing.
//!
//! A lint is a file named for what it finds, with one entry function from a [`Policy`] to findings; [`lint`] runs them all. `walk`
//! gives them every expression and every test on a value, `words` where each word of the policy is mentioned, `look` what an
//! expression is without its parentheses and blanks. A lint reads the tree for what is written and the model for what it means.
//!
//! Which of them are allowed, warned of or denied is not known here (only which are told when somebody asks, [`UNLESS_ASKED`]), nor what
//! the data hold, nor what tests give.

mod alike;
mod case_twins;
mod decides_nothing;
mod double_negative;
mod duplicate_rung;
mod fixed_today;
mod list_as_range;
mod look;
mod magic_threshold;
mod missing_doc;
mod never_missing;
mod or_chain;
mod padded_text;
mod percent_of_whole;
mod repeated_condition;
mod repeated_element;
mod same_answer;
mod same_column;
mod same_display;
mod same_list;
mod same_rule;
mod same_test;
mod single_element;
mod stale_period;
mod stale_rates;
mod superseded;
mod test_cannot_fail;
mod unread_attribute;
mod unread_fields;
mod untested;
mod unused;
mod unused_label;
mod unused_parameter;
mod unused_rates;
mod upside_down;
mod walk;
mod weights;
mod words;
mod yes_no_if;

use kamrules_base::{Code, FileId, Finding, Sources, codes};
use kamrules_model::Model;
use kamrules_syntax::ast;
use walk::Walk;
use words::Words;

/// A policy that was checked.
pub struct Policy<'a> {
    /// Its files as they were parsed, the standard library not among them.
    pub files: &'a [(FileId, ast::File)],
    /// Their texts.
    pub sources: &'a Sources,
    /// What the checker made of them.
    pub model: &'a Model,
}

/// Lints that are true of many good policies: they are told only where a policy or the command line asks for them.
pub const UNLESS_ASKED: &[Code] = &[codes::UNREAD_FIELDS, codes::UNTESTED, codes::UNTESTED_BOUNDARY, codes::MISSING_DOC];

impl<'a> Policy<'a> {
    /// Its items, file by file.
    fn items(&self) -> impl Iterator<Item = &'a ast::Item> + use<'a> {
        self.files.iter().flat_map(|(_, file)| &file.items)
    }
}

/// Everything that is probably not meant, in no particular order.
pub fn lint(policy: &Policy<'_>) -> Vec<Finding> {
    let (walk, words) = (Walk::of(policy), Words::of(policy));
    [
        double_negative::double_negative(policy, &walk),
        single_element::single_element(policy, &walk),
        list_as_range::list_as_range(policy, &walk),
        or_chain::or_chain(policy, &walk),
        yes_no_if::yes_no_if(policy, &walk),
        repeated_element::repeated_element(policy, &walk),
        case_twins::case_twins(policy, &walk),
        padded_text::padded_text(policy, &walk),
        never_missing::never_missing(policy, &walk),
        fixed_today::fixed_today(policy, &walk),
        percent_of_whole::percent_of_whole(policy, &walk),
        weights::weights(&walk),
        magic_threshold::magic_threshold(policy, &walk),
        duplicate_rung::duplicate_rung(policy),
        same_answer::same_answer(policy, &walk),
        decides_nothing::decides_nothing(policy, &walk),
        repeated_condition::repeated_condition(policy),
        upside_down::upside_down(policy),
        unused::unused(policy, &words),
        unused_label::unused_label(policy),
        unused_parameter::unused_parameter(policy, &words),
        unused_rates::unused_rates(policy),
        unread_attribute::unread_attribute(policy, &words),
        unread_fields::unread_fields(policy),
        same_list::same_list(policy),
        same_display::same_display(policy),
        alike::alike(policy),
        same_rule::same_rule(policy),
        same_column::same_column(policy),
        same_test::same_test(policy),
        test_cannot_fail::test_cannot_fail(policy),
        untested::untested(policy),
        stale_rates::stale_rates(policy),
        superseded::superseded(policy, &walk),
        stale_period::stale_period(policy),
        missing_doc::missing_doc(policy),
    ]
    .concat()
}
