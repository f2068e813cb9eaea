//! What is proved of decisions, against looking at every account there can be.
//!
//! `KAMRULES_SEEDS=from..to` says over which seeds; each makes a policy with some sets. With `KAMRULES_SHOW` set, differences are
//! made small before they are told.

use kamrules_prove::{Setting, Verdict};
use kamrules_tests::decisions::against::{self, Compared};
use kamrules_tests::decisions::bdd::look_by_diagrams;
use kamrules_tests::decisions::brute::{Found, Looked, look_at_all};
use kamrules_tests::decisions::decision::Decision;
use kamrules_tests::decisions::kinds::{KINDS, kinds};
use kamrules_tests::decisions::make::{Made, MadeSet, Place, as_segments, make, make_large};
use kamrules_tests::decisions::shrink::shrunk;
use kamrules_tests::{Policy, policy, seeds, told};
use std::collections::BTreeMap;

/// How many sets stand in one policy.
const SETS: usize = 4;
/// How many accounts are looked at for one set at most.
const MOST: usize = 20_000;
/// How many steps a question may take.
const STEPS: u64 = 2_000_000;

/// How much was compared.
#[derive(Debug, Default)]
struct Tally {
    policies: usize,
    unclean: Vec<u64>,
    sets: usize,
    too_many: usize,
    faulty: usize,
    accounts: usize,
    not_proved: Vec<(u64, String)>,
    replayed: usize,
    unclear: usize,
    differences: Vec<Difference>,
    kinds: BTreeMap<&'static str, usize>,
    forms: BTreeMap<&'static str, (usize, usize)>,
}

#[derive(Debug)]
struct Difference {
    seed: u64,
    set: usize,
    what: Vec<String>,
}

fn errors(policy: &Policy) -> Vec<String> {
    policy.findings.iter().filter(|finding| finding.is_error()).map(told).collect()
}

fn prove(policy: &Policy) -> Vec<Verdict> {
    let model = &policy.checked.model;
    kamrules_prove::prove(&Setting {
        model,
        as_of: model.settings.as_of,
        lists: Default::default(),
        each: Default::default(),
        steps: STEPS,
    })
}

fn compare(seed: u64, tally: &mut Tally) {
    let made = make(seed, SETS);
    tally.policies += 1;
    let policy = policy(&[("made.kam", &made.text)]);
    let errors = errors(&policy);
    if !errors.is_empty() {
        if std::env::var_os("KAMRULES_SHOW").is_some() {
            show(seed, &errors, &policy, &made.text);
        }
        tally.unclean.push(seed);
        return;
    }
    let verdicts = prove(&policy);
    for (at, set) in made.sets.iter().enumerate() {
        let Some(looked) = look_at_all(&made.schema, &made.facts, &set.decision, MOST) else {
            tally.too_many += 1;
            continue;
        };
        let compared = against::compare(&policy, &made, set, &looked, &verdicts);
        note(seed, &made, (at, set), &looked, compared, tally);
    }
}

fn note(seed: u64, made: &Made, (at, set): (usize, &MadeSet), looked: &Looked, compared: Compared, tally: &mut Tally) {
    tally.sets += 1;
    tally.accounts += looked.accounts;
    let faulty = looked.found.iter().any(|found| found.is_faulty());
    tally.faulty += usize::from(faulty);
    let form = tally.forms.entry(set.form).or_default();
    form.0 += 1;
    form.1 += usize::from(faulty);
    tally.replayed += compared.replayed;
    tally.unclear += compared.unclear;
    if let Some(first) = compared.not_proved.into_iter().next() {
        tally.not_proved.push((seed, first));
    }
    if !compared.differences.is_empty() {
        tally.differences.push(Difference { seed, set: at, what: compared.differences });
    }
    for kind in kinds(&made.schema, &made.facts, &set.decision) {
        *tally.kinds.entry(kind).or_default() += 1;
    }
}

#[allow(clippy::print_stderr, reason = "asked for by hand")]
fn show(seed: u64, errors: &[String], policy: &Policy, text: &str) {
    eprintln!("seed {seed}: {errors:#?}");
    if std::env::var_os("KAMRULES_DUMP").is_some() {
        eprintln!("{text}");
    }
    for finding in policy.findings.iter().filter(|finding| finding.is_error()) {
        if let Some(span) = finding.span() {
            eprintln!("   {}: {}", finding.code, policy.sources.text(span));
        }
    }
}

/// What kind of difference it is: its first words.
fn kind(what: &str) -> String {
    what.split(':').next().unwrap_or_default().chars().take_while(|c| !c.is_ascii_digit() && *c != '[' && *c != '(').collect()
}

/// The differences about one decision, written as segments in the same policy.
fn differences(made: &Made, decision: &Decision) -> (String, Vec<String>) {
    let text = as_segments(&made.schema, "small", decision);
    let policy = policy(&[("made.kam", &format!("{}{text}", made.head))]);
    if !errors(&policy).is_empty() {
        return (text, Vec::new());
    }
    let set = MadeSet { place: Place::Set("small".into(), 0), form: "small", decision: decision.clone(), text: text.clone() };
    let Some(looked) = look_at_all(&made.schema, &made.facts, decision, MOST) else { return (text, Vec::new()) };
    (text, against::compare(&policy, made, &set, &looked, &prove(&policy)).differences)
}

#[allow(clippy::print_stderr, reason = "a difference is to be looked at")]
fn tell(difference: &Difference) {
    let made = make(difference.seed, SETS);
    let set = &made.sets[difference.set];
    let (mut text, mut what) = (set.text.clone(), difference.what.clone());
    let first = kind(&what[0]);
    let same = |what: &[String]| what.first().is_some_and(|what| kind(what) == first);
    if std::env::var_os("KAMRULES_SHOW").is_some() && same(&differences(&made, &set.decision).1) {
        let small = shrunk(&set.decision, &mut |less| same(&differences(&made, less).1));
        (text, what) = differences(&made, &small);
    }
    eprintln!("seed {}: {text}", difference.seed);
    what.iter().for_each(|what| eprintln!("    {what}"));
    if std::env::var_os("KAMRULES_SHOW").is_some() {
        let facts = made.head.lines().filter(|line| line.starts_with("always"));
        let used = made.head.lines().map(str::trim).filter(|line| {
            let name = line.split(':').next().unwrap_or_default();
            line.contains(": ") && !name.is_empty() && !name.contains(' ') && text.contains(name)
        });
        facts.chain(used).for_each(|line| eprintln!("      | {line}"));
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "what was covered is of interest in a long run")]
fn proofs_agree_with_looking_at_every_account() {
    let mut tally = Tally::default();
    let start = std::time::Instant::now();
    let mut broken = Vec::new();
    for seed in seeds(75) {
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| compare(seed, &mut tally))).is_err() {
            broken.push(seed);
        }
    }
    let elapsed = start.elapsed();
    let differences = std::mem::take(&mut tally.differences);
    let most = std::env::var("KAMRULES_TOLD").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for difference in &differences {
        let told = count.entry(kind(&difference.what[0])).or_default();
        *told += 1;
        if *told <= most {
            tell(difference);
        }
    }
    let shares: Vec<(&str, usize)> =
        KINDS.iter().map(|kind| (*kind, tally.kinds.get(kind).copied().unwrap_or(0) * 100 / tally.sets.max(1))).collect();
    eprintln!("{} of {} sets differ: {count:#?}\n{tally:?}\nshares in percent: {shares:?}\n{elapsed:?}", differences.len(), tally.sets);
    assert!(differences.is_empty() && broken.is_empty(), "what is proved is not what is so, as told above; {broken:?} panicked");
    shares_are_fair(&tally, &shares);
}

/// Every kind of condition is met, with faults and without.
fn shares_are_fair(tally: &Tally, shares: &[(&str, usize)]) {
    if tally.sets < 200 {
        return;
    }
    let rare: Vec<_> = shares.iter().filter(|(_, share)| *share < 5 && tally.sets > 2000).collect();
    assert!(rare.is_empty(), "too rare: {rare:?}");
    assert!((30..=70).contains(&(tally.faulty * 100 / tally.sets)), "{} of {} sets have a fault", tally.faulty, tally.sets);
    assert!(tally.not_proved.len() * 100 < tally.sets, "too much is not proved: {:?}", tally.not_proved);
    assert!(tally.unclean.len() * 20 <= tally.policies, "too few policies are clean: {:?} of {}", tally.unclean, tally.policies);
    assert!(tally.too_many * 10 <= tally.sets && tally.replayed * 20 > tally.sets, "too little was looked at: {tally:?}");
}

/// The diagrams agree with looking at every account, where that can be done.
#[test]
fn diagrams_agree_with_looking_at_every_account() {
    for seed in 0..40 {
        let made = make(seed, SETS);
        for set in &made.sets {
            let Some(looked) = look_at_all(&made.schema, &made.facts, &set.decision, MOST / 4) else { continue };
            let other = look_by_diagrams(&made.schema, &made.facts, &set.decision).expect("as many values");
            for (found, other) in looked.found.iter().zip(&other.found) {
                let same = |a: &Found, b: &Found| a.asked == b.asked && a.gap == b.gap && a.overlaps == b.overlaps && a.never == b.never;
                assert!(same(found, other), "seed {seed}: {}\n{found:?}\n{other:?}", set.text);
            }
        }
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "what was covered is of interest in a long run")]
fn proofs_of_large_sets_agree_with_diagrams() {
    let said = std::env::var("KAMRULES_LARGE").ok();
    let parsed = said.as_deref().and_then(|text| text.split_once("..")).and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    let (mut tally, mut rungs, mut times) = (Tally::default(), 0, [std::time::Duration::ZERO; 2]);
    for seed in parsed.unwrap_or(0..12_u64) {
        let made = make_large(seed);
        let policy = policy(&[("made.kam", &made.text)]);
        tally.policies += 1;
        let errors = errors(&policy);
        if !errors.is_empty() {
            if std::env::var_os("KAMRULES_SHOW").is_some() {
                show(seed, &errors, &policy, &made.text);
            }
            tally.unclean.push(seed);
            continue;
        }
        let start = std::time::Instant::now();
        let verdicts = prove(&policy);
        times[0] += start.elapsed();
        let start = std::time::Instant::now();
        let set = &made.sets[0];
        let looked = look_by_diagrams(&made.schema, &made.facts, &set.decision);
        times[1] += start.elapsed();
        let Some(looked) = looked else {
            tally.too_many += 1;
            continue;
        };
        rungs += set.decision.rungs.len();
        let compared = against::compare(&policy, &made, set, &looked, &verdicts);
        note(seed, &made, (0, set), &looked, compared, &mut tally);
    }
    let differences = std::mem::take(&mut tally.differences);
    for difference in &differences {
        eprintln!(
            "seed {}: {:?}",
            difference.seed,
            difference.what.iter().map(|what| what.chars().take(400).collect::<String>()).collect::<Vec<_>>()
        );
    }
    eprintln!(
        "{} of {} large sets with {rungs} rungs differ: {tally:?}; proofs took {:?}, diagrams {:?}",
        differences.len(),
        tally.sets,
        times[0],
        times[1]
    );
    assert!(differences.is_empty(), "what is proved is not what is so, as told above");
}
