//! How many real rows fall into what is wrong.

use crate::{Policy, Request, Run};
use kamrules_base::World;
use kamrules_model::DecisionId;
use kamrules_prove::{Verdict, What};

/// A run on the data.
pub(super) struct Counts<'a> {
    policy: &'a Policy,
    run: Run,
}

impl<'a> Counts<'a> {
    /// Runs the policy; none, if that cannot be done.
    pub fn load(policy: &'a Policy, world: &dyn World) -> Option<Self> {
        let run = policy.evaluate(world, &Request::default()).ok()?;
        Some(Self { policy, run })
    }

    /// What the data say to a verdict.
    pub fn of(&self, verdict: &Verdict) -> Option<String> {
        let model = self.policy.model();
        let set_id = model.decision(verdict.decision).set?;
        let set = model.set(set_id);
        let walk = kamrules_eval::rows::Walk::new(model, &self.run.book, self.run.options.as_of);
        let conflicts = &self.run.answers.sets[set_id.index()].conflicts;
        let mut rows = Vec::new();
        for conflict in conflicts {
            let trace = walk.trace(verdict.decision, conflict.row);
            let Some(found) = &trace.conflict else { continue };
            let meant = match &verdict.what {
                What::Overlap { rungs, .. } => rungs.iter().all(|rung| found.claims.iter().any(|claim| claim.0 == *rung)),
                _ => found.claims.is_empty(),
            };
            if meant && self.gets_to(&walk, set_id, verdict.decision, conflict.row) {
                rows.push(conflict.row);
            }
        }
        let total = self.run.book.table(set.entity).rows;
        let name = &model.entity(set.entity).name;
        let what = if matches!(verdict.what, What::Gap { .. }) { "left over" } else { "claimed by both" };
        if rows.is_empty() {
            return Some(format!("in the data no `{name}` is {what} today ({total} rows)"));
        }
        let keys: Vec<String> = rows.iter().take(3).map(|&row| format!("`{}`", self.run.book.key(model, set.entity, row))).collect();
        let more = if rows.len() > 3 { format!(" and {} more", rows.len() - 3) } else { String::new() };
        let verb = if rows.len() == 1 { "is" } else { "are" };
        Some(format!("in the data {} of {total} rows of `{name}` {verb} {what}: {}{more}", rows.len(), keys.join(", ")))
    }

    /// Whether a row gets to a nested decision.
    fn gets_to(&self, walk: &kamrules_eval::rows::Walk<'_>, set: kamrules_model::SetId, id: DecisionId, row: u32) -> bool {
        let versions = &self.policy.model().set(set).versions;
        versions.iter().any(|version| version.decision == id || super::replay::finds(&walk.trace(version.decision, row), id))
    }
}
