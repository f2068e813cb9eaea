//! What is proved of decisions, against looking at every account there can be.
//!
//! `KAMRULES_SEEDS=from..to` says over which seeds; each makes a policy with some sets.

use kamrules_tests::decisions::brute::look_at_all;
use kamrules_tests::decisions::kinds::{KINDS, kinds};
use kamrules_tests::decisions::make::make;
use kamrules_tests::{policy, told};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many sets stand in one policy.
const SETS: usize = 4;
/// How many accounts are looked at for one set at most.
const MOST: usize = 20_000;

#[derive(Debug, Default)]
struct Tally {
    policies: usize,
    unclean: Vec<u64>,
    sets: usize,
    too_many: usize,
    faulty: usize,
    accounts: usize,
    kinds: BTreeMap<&'static str, usize>,
    forms: BTreeMap<&'static str, (usize, usize)>,
}

fn seeds() -> Range<u64> {
    let said = std::env::var("KAMRULES_SEEDS").ok();
    let parsed = said.as_deref().and_then(|text| text.split_once("..")).and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    parsed.unwrap_or(0..75)
}

fn compare(seed: u64, tally: &mut Tally) {
    let made = make(seed, SETS);
    tally.policies += 1;
    let policy = policy(&[("made.kam", &made.text)]);
    let errors: Vec<String> = policy.findings.iter().filter(|finding| finding.is_error()).map(told).collect();
    if !errors.is_empty() {
        if std::env::var_os("KAMRULES_SHOW").is_some() {
            show(seed, &errors, &policy);
        }
        tally.unclean.push(seed);
        return;
    }
    for set in &made.sets {
        let Some(looked) = look_at_all(&made.schema, &made.facts, &set.decision, MOST) else {
            tally.too_many += 1;
            continue;
        };
        tally.sets += 1;
        tally.accounts += looked.accounts;
        let faulty = looked.found.iter().any(|found| found.is_faulty());
        tally.faulty += usize::from(faulty);
        let form = tally.forms.entry(set.form).or_default();
        form.0 += 1;
        form.1 += usize::from(faulty);
        for kind in kinds(&made.schema, &made.facts, &set.decision) {
            *tally.kinds.entry(kind).or_default() += 1;
        }
    }
}

#[allow(clippy::print_stderr, reason = "asked for by hand")]
fn show(seed: u64, errors: &[String], policy: &kamrules_tests::Policy) {
    eprintln!("seed {seed}: {errors:#?}");
    for finding in policy.findings.iter().filter(|finding| finding.is_error()) {
        if let Some(span) = finding.span() {
            eprintln!("   {}: {}", finding.code, policy.sources.text(span));
        }
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "what was covered is of interest in a long run")]
fn proofs_agree_with_looking_at_every_account() {
    let mut tally = Tally::default();
    let start = std::time::Instant::now();
    for seed in seeds() {
        compare(seed, &mut tally);
    }
    eprintln!("{tally:?} in {:?}", start.elapsed());
    for kind in KINDS {
        let share = tally.kinds.get(kind).copied().unwrap_or(0) * 1000 / tally.sets.max(1);
        eprintln!("{kind}: {}.{}%", share / 10, share % 10);
    }
}
