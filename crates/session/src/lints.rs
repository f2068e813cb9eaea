//! What a policy probably does not mean: the lints of its text and model, and those that take its tests or its data to see.

use crate::level_comments::level_comments;
use crate::{CheckOptions, Policy, Request, ties};
use kamrules_base::codes::UNTESTED_BOUNDARY;
use kamrules_base::{Code, Finding, Level, World};
use kamrules_eval::testing::{self, DecisionCoverage};
use kamrules_lint::UNLESS_ASKED;
use kamrules_model::SetId;
use std::cell::RefCell;

/// How many further boundaries of a decision are shown.
const SHOWN: usize = 4;

/// Whether nobody asked for a finding: it is one that is told only where its level is set, and it is not.
pub(crate) fn is_unasked(finding: &Finding) -> bool {
    finding.level == Level::Note && UNLESS_ASKED.contains(&finding.code)
}

impl Policy {
    /// What the lints find, in rules without errors. What takes long is looked for only where somebody asks.
    pub(crate) fn lints(&self, world: &dyn World, options: &CheckOptions) -> Vec<Finding> {
        // The library's file goes in front of the policy's own.
        let (_, files) = self.checked.files().split_first().expect("a policy has the standard library among its files");
        let mut found = kamrules_lint::lint(&kamrules_lint::Policy { files, sources: &self.sources, model: self.model() });
        if self.asked(options).contains(&UNTESTED_BOUNDARY) {
            found.extend(self.untested_boundaries(world));
        }
        if options.data
            && let Ok(data) = self.load(world, &Request::default())
        {
            found.extend(ties::ties(self, &data.loaded.book, &data.options));
        }
        found
    }

    /// The findings that the policy, a comment or the command line says something of.
    fn asked(&self, options: &CheckOptions) -> Vec<Code> {
        let said = self.model().settings.levels.iter().filter_map(|setting| Code::named(&setting.finding));
        let comments = self.files().flat_map(|(id, file)| level_comments(id, &file.text).0);
        let noted: Vec<Code> = comments.flat_map(|comment| comment.names).filter_map(|(name, _)| Code::named(&name)).collect();
        options.levels.iter().map(|(code, _)| *code).chain(said).chain(noted).collect()
    }

    /// The comparisons of decisions that no test tries at their edge, a finding for each set that tests with rows of their own reach.
    fn untested_boundaries(&self, world: &dyn World) -> Vec<Finding> {
        let (mut model, faults) = (self.model().clone(), RefCell::new(Vec::new()));
        let by_hand: Vec<usize> =
            model.tests.iter().enumerate().filter(|(_, test)| !test.library && test.files.is_empty()).map(|(index, _)| index).collect();
        model.tests.retain(|test| !test.library && test.files.is_empty());
        let book = |index: usize| self.test_book(world, by_hand[index], &mut faults.borrow_mut());
        let coverage = testing::run_tests(&model, &book, None).coverage;
        let sets = (0..model.sets.len() as u32).map(SetId);
        sets.filter_map(|set| {
            let decisions: Vec<&DecisionCoverage> = coverage.decisions.iter().filter(|decision| decision.set == Some(set)).collect();
            let reached = decisions.iter().flat_map(|decision| &decision.rungs).any(|rung| rung.won);
            let mut untouched = decisions.iter().flat_map(|decision| &decision.boundaries).filter(|boundary| !boundary.touched);
            let first = untouched.next().filter(|_| reached)?;
            let text = crate::explain::one_line(self.sources.text(first.span));
            let name = &model.set(set).name;
            let finding = Finding::new(UNTESTED_BOUNDARY, first.span, format!("no test of `{name}` tries `{text}` at its edge"))
                .help("write an example with the very number, or the one beside it");
            Some(untouched.take(SHOWN).fold(finding, |finding, boundary| finding.also(boundary.span, "nor this one")))
        })
        .collect()
    }
}
