//! Two versions of a decision, in one policy or in two: whether they give the same answers, and an example where they do not.

use kamrules_model::{Model, SetId, show};
use kamrules_prove::{Comparison, Held, Setting, compare, graft};
use kamrules_tests::policy;

const ENTITY: &str = "policy \"P\" { currency USD as of 2026-06-30 }
entity account { id: text key  employees: integer in 0..1_000  country: one of { us, de, fr }  revenue: money?  score: number(1) }\n";

fn model(rules: &str) -> Model {
    let checked = policy(&[("p.kam", &format!("{ENTITY}{rules}"))]);
    assert!(checked.findings.is_empty(), "{:#?}", checked.findings);
    checked.checked.model
}

/// The differences, in words: `a -> b: employees = 40`.
fn differences(model: &Model, first: kamrules_model::DecisionId, second: kamrules_model::DecisionId) -> Vec<String> {
    let setting = Setting { model, as_of: model.settings.as_of, lists: Default::default(), each: Default::default(), steps: 100_000 };
    let Comparison::Differences(found) = compare(&setting, first, second) else { panic!("not proved") };
    let book = kamrules_model::Book::empty(model);
    let word = |answer: &Option<String>| answer.clone().unwrap_or_else(|| "nothing".into());
    let mut out: Vec<String> = found
        .iter()
        .map(|difference| {
            let values = difference.example.values.iter().map(|(place, held)| {
                let kamrules_model::Node::Field(field) = model.exprs.node(place.expr) else { panic!("a field") };
                let value = match held {
                    Held::Value(value) => show::value(model, &book, value, model.ty(place.expr).kind),
                    other => format!("{other:?}"),
                };
                format!("{}={value}", model.field(*field).name)
            });
            format!("{}>{}: {}", word(&difference.from), word(&difference.to), values.collect::<Vec<_>>().join(" "))
        })
        .collect();
    out.sort();
    out
}

fn versions(rules: &str) -> Vec<String> {
    let model = model(rules);
    let set = model.set(SetId(0));
    differences(&model, set.versions[0].decision, set.versions[1].decision)
}

fn policies(old: &str, new: &str) -> Vec<String> {
    let (mut old, new) = (model(old), model(new));
    let first = old.set(SetId(0)).versions[0].decision;
    let second = graft(&mut old, &new, new.set(SetId(0)).versions[0].decision).expect("all is there");
    differences(&old, first, second)
}

#[test]
fn the_same_said_otherwise_is_no_difference() {
    let found = versions(
        "tiers t for account { a when employees > 99  b when country = us or country = de  c otherwise }
         tiers t for account from 2026-01-01 { a when not (employees < 100)  b when country != fr and employees <= 99  c when country = fr }",
    );
    assert_eq!(found, Vec::<String>::new());
    let found = policies(
        "tiers t for account { a when score >= 5  b otherwise }",
        "define account.double = score * 2  segments t for account { a when double >= 10  b when double < 10 }",
    );
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn each_kind_of_difference_has_an_example() {
    let found = versions(
        "tiers t for account { a when employees > 100  b when employees > 50  c otherwise }
         tiers t for account from 2026-01-01 { a when employees > 200  b when employees > 40  c otherwise }",
    );
    assert_eq!(found, ["a>b: employees=101", "c>b: employees=41"]);
}

#[test]
fn rows_without_an_answer_are_told() {
    let found = policies(
        "segments t for account where revenue is known { small when revenue < $10  large when revenue >= $10 }",
        "segments t for account { small when revenue is missing or revenue < $10  huge when revenue is known and revenue >= $10 }",
    );
    assert_eq!(found, ["large>huge: revenue=10.00", "nothing>small: revenue=Missing"]);
}

#[test]
fn nested_rungs_and_overrides_are_heeded() {
    let old = "territories t for account {
        named overrides when employees = 7
        na when country = us { east when score < 5  west when score >= 5 }
        eu otherwise
      }";
    let new = "territories t for account {
        na when country = us { east when score < 5  west when score >= 5 }
        named overrides when employees = 7 and country != us
        eu otherwise
      }";
    assert_eq!(policies(old, old), Vec::<String>::new());
    let found = policies(old, new);
    assert_eq!(found, ["named>east: employees=7 country=us score=0.0", "named>west: employees=7 country=us score=5.0"]);
}

#[test]
fn a_policy_without_the_field_cannot_be_compared() {
    let mut old = model("tiers t for account { a when score >= 5  b otherwise }");
    let other =
        policy(&[("p.kam", "entity account { id: text key  other: integer }  tiers t for account { a when other >= 5  b otherwise }")]);
    assert_eq!(graft(&mut old, &other.checked.model, other.checked.model.set(SetId(0)).versions[0].decision), None);
}
