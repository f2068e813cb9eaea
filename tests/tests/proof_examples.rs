//! The examples of proofs, put into files and given to the evaluator: it must find the row in conflict.

use kamrules_base::world::MemoryWorld;
use kamrules_eval::rows::{Trace, Walk};
use kamrules_model::{DecisionId, Model};
use kamrules_prove::{Setting, What};
use kamrules_tests::decisions::against::{below, decision_of, filled};
use kamrules_tests::decisions::brute::look_at_all;
use kamrules_tests::decisions::make::{Made, make};
use kamrules_tests::decisions::vars::{Held, Kind, Source, Val, VarId, decimal};
use kamrules_tests::{Policy, policy};

/// How many accounts are looked at for one set at most.
const MOST: usize = 5_000;

/// A value as it stands in a file.
fn cell(made: &Made, var: VarId, held: &Held) -> String {
    let of = &made.schema.vars[var];
    match (held, &of.kind) {
        (None, _) => String::new(),
        (Some(Val::Text(text)), _) => format!("\"{text}\""),
        (Some(Val::Num(value)), Kind::Money(_) | Kind::Int | Kind::Num(_)) => decimal(*value),
        (Some(Val::Num(_)), Kind::Ref) => of.name.clone(),
        (Some(Val::Num(value)), kind) if kind.is_ordered() && *value < 0 => format!("-{}", kind.written(-value)),
        (Some(Val::Num(value)), kind) => kind.written(*value),
    }
}

/// Some value of a variable that does not matter.
fn any(made: &Made, var: VarId) -> Held {
    let of = &made.schema.vars[var];
    match of.kind {
        _ if of.optional => None,
        Kind::Text(_) => Some(Val::Text("any".into())),
        Kind::Ref => Some(Val::Num(1)),
        _ => Some(Val::Num(of.range.map_or(0, |(low, _)| low))),
    }
}

/// The files that hold one row, if it is made of fields alone.
fn files(made: &Made, row: &[Held], matters: &[VarId]) -> Option<[(String, String); 3]> {
    let own = |var: &VarId| matches!(made.schema.vars[*var].source, Source::Field | Source::Of(_));
    if !matters.iter().all(own) {
        return None;
    }
    // A region that nobody refers to has values all the same.
    let said = |var: VarId| matters.contains(&var) && (row[var].is_some() || made.schema.vars[var].optional);
    let value = |var: VarId| cell(made, var, &if said(var) { row[var].clone() } else { any(made, var) });
    let vars = |wanted: &dyn Fn(&Source) -> bool| {
        (0..made.schema.vars.len()).filter(|&var| wanted(&made.schema.vars[var].source)).collect::<Vec<_>>()
    };
    let (mut names, mut cells) = (vec!["id".to_owned()], vec!["1".to_owned()]);
    for var in vars(&|source| *source == Source::Field) {
        names.push(made.schema.vars[var].name.clone());
        cells.push(value(var));
    }
    let account = format!("{},ranked,seconded\n{},1,1\n", names.join(","), cells.join(","));
    let mut region = String::new();
    for reference in ["region", "home"] {
        let of = vars(&|source| matches!(source, Source::Of(parent) if made.schema.vars[*parent].name == reference));
        if region.is_empty() {
            let names: Vec<&str> = of.iter().filter_map(|&var| made.schema.vars[var].name.split('.').nth(1)).collect();
            region = format!("id,{}\n", names.join(","));
        }
        let cells: Vec<String> = of.into_iter().map(value).collect();
        region.push_str(&format!("{reference},{}\n", cells.join(",")));
    }
    Some([("account.csv".into(), account), ("region.csv".into(), region), ("contact.csv".into(), "id,account,lead,score\n".into())])
}

/// The trace of the decision at the end of a path, if the row gets there.
fn inside<'a>(trace: &'a Trace, path: &[usize]) -> Option<&'a Trace> {
    let Some((rung, rest)) = path.split_first() else { return Some(trace) };
    inside(trace.rungs.iter().find(|one| one.index as usize == *rung)?.nested.as_deref()?, rest)
}

fn place(model: &Model, root: DecisionId, paths: &[Vec<usize>], wanted: DecisionId) -> Option<Vec<usize>> {
    paths.iter().find(|path| below(model, root, path) == Some(wanted)).cloned()
}

/// How many examples of a policy were tried, and how many were set aside at load.
fn try_examples(seed: u64, made: &Made, policy: &Policy) -> (usize, usize) {
    let model = &policy.checked.model;
    let as_of = model.settings.as_of;
    let verdicts = kamrules_prove::prove(&Setting { model, as_of, lists: Default::default(), each: Default::default(), steps: 1_000_000 });
    let (mut tried, mut aside) = (0, 0);
    for set in &made.sets {
        let (Some(root), Some(looked)) = (decision_of(model, set), look_at_all(&made.schema, &made.facts, &set.decision, MOST)) else {
            continue;
        };
        let paths: Vec<Vec<usize>> = looked.found.iter().map(|found| found.path.clone()).collect();
        for verdict in &verdicts {
            let Some(path) = place(model, root, &paths, verdict.decision) else { continue };
            let Some(row) = filled(policy, made, set, &looked, &verdict.what) else { continue };
            let Some(files) = files(made, &row, &looked.vars) else { continue };
            let world = MemoryWorld::new(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
            let loaded = kamrules_data::load(model, &policy.sources, &world, &[]);
            // What does not matter may break a fact that has nothing to do with it.
            if !loaded.faults.is_empty() || !loaded.blocking.is_empty() {
                aside += 1;
                continue;
            }
            let walk = Walk::new(model, &loaded.book, as_of);
            let trace = walk.trace(root, 0);
            let Some(trace) = inside(&trace, &path) else { continue };
            tried += 1;
            let claims: Vec<u32> = trace.conflict.iter().flat_map(|conflict| conflict.claims.iter().map(|claim| claim.0)).collect();
            let shows = trace.conflict.is_some()
                && match &verdict.what {
                    What::Overlap { rungs, .. } => rungs.iter().all(|rung| claims.contains(rung)),
                    _ => claims.is_empty(),
                };
            assert!(shows, "seed {seed}: {:?}\n{files:?}\n{trace:?}\n{}", verdict.what, set.text);
        }
    }
    (tried, aside)
}

#[test]
fn the_evaluator_finds_examples_in_conflict() {
    let (mut tried, mut aside) = (0, 0);
    for seed in 0..60 {
        let made = make(seed, 4);
        let policy = policy(&[("made.kam", &made.text)]);
        if policy.findings.iter().any(|finding| finding.is_error()) {
            continue;
        }
        let (more, other) = try_examples(seed, &made, &policy);
        tried += more;
        aside += other;
    }
    assert!(tried > 20 && aside < tried * 2, "{tried} examples were tried, {aside} set aside");
}
