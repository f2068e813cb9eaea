//! What is proved before any data is seen: the prover's verdicts, replayed through the evaluator, as findings.
//!
//! [`tables`] brings what may be opened before a run: the lists that come from files, and the tables of rungs `each`. [`replay`]
//! makes an example a row and sees whether the evaluator agrees; [`words`] says it; [`block`] writes it as a test.

mod block;
mod conditions;
mod counts;
mod names;
mod replay;
mod tables;
mod versions;
mod words;

use crate::{CheckOptions, Policy};
use kamrules_base::{Finding, World};
use kamrules_model::EntityId;
use kamrules_prove::{Example, Setting, Verdict, What};

/// How many steps each question may take.
const STEPS: u64 = kamrules_prove::space::Steps::OF_A_QUESTION;

/// What the proofs find. Only to be asked of a policy without errors.
pub(crate) fn findings(policy: &Policy, world: &dyn World, options: &CheckOptions) -> Vec<Finding> {
    let model = policy.model();
    let tables = tables::open(policy, world);
    let setting = Setting { model, as_of: model.settings.as_of, lists: tables.lists(model), each: tables.each(model), steps: STEPS };
    let verdicts = kamrules_prove::prove(&setting);
    let counts = options.data.then(|| counts::Counts::load(policy, world)).flatten();
    let mut out: Vec<Finding> = verdicts.iter().map(|verdict| finding(policy, &tables, counts.as_ref(), verdict)).collect();
    once(&mut out);
    out.extend(conditions::findings(policy, &setting));
    out.extend(versions::findings(policy));
    out
}

fn finding(policy: &Policy, tables: &tables::Tables, counts: Option<&counts::Counts>, verdict: &Verdict) -> Finding {
    let shown = |example: &Example| replay::replay(policy, tables, verdict, example);
    match &verdict.what {
        What::Overlap { example, sure, .. } | What::Gap { example, sure } => {
            let (mut example, mut replayed) = (example.clone(), shown(example));
            let mut holds = *sure && replayed.agrees;
            if !holds {
                // What is computed may not go with the fields; perhaps the fields alone show it.
                let stripped = only_fields(policy, &example);
                let again = shown(&stripped);
                if again.agrees {
                    (example, replayed, holds) = (stripped, again, true);
                }
            }
            let mut finding = words::with_example(policy, verdict, &example, holds);
            if let Some(count) = counts.and_then(|counts| counts.of(verdict)) {
                finding = finding.help(count);
            }
            match block::test_block(policy, verdict, &replayed) {
                Some(block) if holds => block.add_to(policy, finding),
                _ => finding,
            }
        }
        _ => {
            let finding = words::without_example(policy, verdict);
            let facts = verdict.facts.iter().take(3).map(|&fact| &policy.model().facts[fact as usize]);
            facts.fold(finding, |finding, fact| finding.also(fact.span, "because of this fact"))
        }
    }
}

/// One example may show two faults: it is one test.
fn once(findings: &mut [Finding]) {
    let mut offered: Vec<Vec<kamrules_base::Edit>> = Vec::new();
    for finding in findings {
        if finding.fix.as_ref().is_some_and(|fix| offered.contains(&fix.edits)) {
            finding.fix = None;
        }
        offered.extend(finding.fix.as_ref().map(|fix| fix.edits.clone()));
    }
}

/// An example without what is computed.
fn only_fields(policy: &Policy, example: &Example) -> Example {
    let is_field = |place: &kamrules_prove::Place| matches!(policy.model().exprs.node(place.expr), kamrules_model::Node::Field(_));
    Example { entity: example.entity, values: example.values.iter().filter(|(place, _)| is_field(place)).cloned().collect() }
}

/// An entity's name with its article.
pub(crate) fn one(policy: &Policy, entity: Option<EntityId>) -> String {
    let Some(entity) = entity else { return "the policy".into() };
    let name = &policy.model().entity(entity).name;
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} `{}`", name.replace('_', " "))
}
