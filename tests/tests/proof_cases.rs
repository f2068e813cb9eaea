//! Sets that a proof may easily get wrong, each with the proof findings that it has: none where it is right.

use kamrules_session::CheckOptions;
use kamrules_tests::checked;

const POLICY: &str = r#"
policy "P" { currency USD fiscal year calendar as of 2026-06-30 }
entity rep { id: text key  team: one of { east, west }  cap: integer in 0..50 }
entity account {
  id: text key  opened: date  closed: date?  employees: integer in 1..1_000  revenue: money  zip: text  name: text  state: text  bill: text
  kind: one of { shop, depot }  vip: flag  fresh: flag  owner: rep  lead: rep?  weight: number(1)  size: integer
}
entity contact { account: account  role: one of { buyer, user } }
entity sale { account: account  amount: money  date: date }
"#;

/// What is behind a keyword, and the codes that are told of it.
const CASES: &[(&str, &[u16])] = &[
    // Days and months.
    ("segments s for account { a when opened <= today - 6 months  b when opened > today - 6 months }", &[]),
    ("segments s for account { a when opened >= quarter_of(today).start  b when opened < 2026-04-01 }", &[]),
    ("segments s for account { a when quarter_of(opened) in [FY2026-Q1, FY2026-Q2]  b otherwise }", &[]),
    ("segments s for account { a when quarter_of(opened) = FY2026-Q1  b when opened in 2026-01-15..2026-01-20  c otherwise }", &[1001]),
    (
        "segments s for account where closed is known { a when closed > opened + 1 month  b when closed <= opened + 28 days  c otherwise }",
        &[],
    ),
    ("segments s for account where closed is known { a when closed < opened  b when closed - opened > 90 days  c otherwise }", &[]),
    (
        "segments s for account where closed is known { a when closed < opened  b when closed >= opened and closed - opened < 90 days }",
        &[1002],
    ),
    // Texts.
    (r#"segments s for account { a when zip starts with "981" and right(zip, 2) = "04"  b otherwise }"#, &[]),
    (r#"segments s for account where zip starts with "981" { a when zip = "98104"  b when right(zip, 2) != "04" }"#, &[1002]),
    (r#"segments s for account { a when name has "bank" and not (name contains "bank")  b otherwise }"#, &[]),
    (r#"segments s for account { a when length(zip) >= 1 }"#, &[]),
    (r#"segments s for account { a when zip in "10000".."20000"  b when zip in "20001".."29999"  c otherwise }"#, &[]),
    (r#"segments s for account { a when zip in "10000".."20000"  b when zip in "20000".."29999"  c otherwise }"#, &[1001]),
    (r#"segments s for account where zip in "10000".."29999" { a when zip in "10000".."20000"  b when zip in "20001".."29999" }"#, &[]),
    // Fields that are compared with one another.
    ("segments s for account { a when state = bill  b when state != bill }", &[]),
    ("segments s for account { a when vip = fresh and vip and not fresh  b otherwise }", &[1004]),
    ("segments s for account { a when weight > size  b when weight < size  c when weight = size }", &[]),
    ("segments s for account { a when (weight - size) in 0.1..0.2  b when (weight - size) >= 0.2  c otherwise }", &[1001]),
    ("segments s for account where weight = 0.5 { a when size = weight  b otherwise }", &[1003]),
    // What is counted and ranked.
    ("segments s for account { a when top 10 by revenue  b when rank(revenue) > 10 }", &[]),
    ("tiers s for account { A when first 95% of revenue  B when first 80% of revenue  C otherwise }", &[1003]),
    ("segments s for account { a when count(contact) = 0  b when count(contact where role = buyer) >= 1  c otherwise }", &[]),
    ("segments s for account { a when every(sale where amount > $5)  b when any(sale where not (amount > $5))  c otherwise }", &[1011]),
    ("always sale: amount >= $0  segments s for account { a when sum(sale.amount) >= $0 }", &[]),
    ("define account.a = count(sale where amount > $5 and amount < $3)  must m for account { a < 3 }", &[1004]),
    // Nested, by reference, labels.
    (
        "territories t for account { v overrides when kind = shop  a when employees > 5 { b when kind = shop  c otherwise }  d otherwise }",
        &[1003],
    ),
    (
        "territories t for account { a when kind = shop { b when employees < 40  c when employees > 40 }  d when owner.team = east  e otherwise }",
        &[1001, 1002],
    ),
    ("segments s for account where lead is known { a when lead.cap < 10  b when lead.cap >= 10 }", &[]),
    ("tiers abc for account { A when employees > 9  B otherwise }  segments s for account { a when abc = A  b when employees <= 9 }", &[]),
    (
        "tiers abc for account { A when employees > 9  B otherwise }  segments s for account { a when abc = A  b when employees <= 10 }",
        &[1001],
    ),
    ("always account: kind = shop  always account: kind = depot  must m for account { employees > 5 }", &[1004, 1004]),
];

#[test]
fn each_case_has_its_proof_findings() {
    let mut wrong = Vec::new();
    for (rules, codes) in CASES {
        let (_, findings) = checked(&[("p.kam", &format!("{POLICY}{rules}\n"))], &CheckOptions::default());
        let broken = findings.iter().any(|finding| finding.is_error() && finding.code.0 < 1000);
        let mut found: Vec<u16> = findings.iter().map(|finding| finding.code.0).filter(|code| (1001..1100).contains(code)).collect();
        found.sort_unstable();
        if broken || found != *codes {
            let told: Vec<String> =
                findings.iter().filter(|finding| finding.is_error() || finding.code.0 < 1100).map(kamrules_tests::told).collect();
            wrong.push(format!("{rules}\n  {codes:?}, but {told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
