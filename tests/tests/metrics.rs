//! What metrics give, by group: figures worked out by hand.

use kamrules_base::world::MemoryWorld;
use kamrules_model::show;
use kamrules_session::{CheckOptions, Policy, Request};
use std::path::Path;

/// Each metric of a policy as `name: group value, …`.
fn metrics(rules: &str, accounts: &str) -> Vec<String> {
    let world = MemoryWorld::new([("/p.kam", rules), ("accounts.csv", accounts)]);
    let policy = Policy::open(&world, Path::new("/"), Path::new("p.kam")).unwrap_or_else(|findings| panic!("{findings:?}")).remove(0);
    assert!(!policy.has_errors(), "{:?}", policy.check(&world, &CheckOptions::default()).findings);
    let run = policy.evaluate(&world, &Request::default()).unwrap_or_else(|findings| panic!("{findings:?}"));
    let model = policy.model();
    let shown =
        |cell: &kamrules_model::Cell, expr: kamrules_model::ExprId| show::friendly_cell(model, &run.book, cell, model.ty(expr).kind);
    let metric = |(metric, rows): (&kamrules_model::Metric, &Vec<kamrules_session::MetricRow>)| {
        let row = |row: &kamrules_session::MetricRow| {
            let groups = row.group.iter().zip(&metric.groups).map(|(cell, expr)| shown(cell, *expr));
            groups.chain([shown(&row.value, metric.cells[0].1)]).collect::<Vec<_>>().join(" ")
        };
        format!("{}: {}", metric.name, rows.iter().map(row).collect::<Vec<_>>().join(", "))
    };
    model.metrics.iter().zip(&run.answers.metrics).map(metric).collect()
}

const ENTITY: &str = "policy \"P\" { currency USD  as of 2026-06-30 }\n\
    entity account from \"accounts.csv\" { id : text key, country : text?, size : integer }\n";

#[test]
fn a_share_is_of_the_rows_that_the_metric_is_about() {
    let rules = format!(
        "{ENTITY}metric big for account by country where size > 5 {{ value = share(account where size > 50) }}
         metric whole for account where size > 5 {{ value = share(account where size > 50) }}
         metric all_over for account by country where size > 5 {{ value = if every(account where size > 5) then 1 else 0 }}"
    );
    let got = metrics(&rules, "id,country,size\n1,DE,60\n2,DE,5\n3,FR,6\n");
    assert_eq!(got, ["big: DE 100.00%, FR 0.00%", "whole: 50.00%", "all_over: DE 1, FR 1"]);
}

#[test]
fn rows_without_a_group_are_a_group_of_their_own() {
    let rules = format!(
        "{ENTITY}segments desk for account {{ small when size < 50  large when size > 50  dutch when country is known and country = \"NL\" }}
         metric by_desk for account by desk {{ value = count(account) }}
         metric by_country for account by country {{ value = sum(account.size) }}"
    );
    let got = metrics(&rules, "id,country,size\n1,NL,60\n2,FR,50\n3,FR,5\n4,,7\n");
    assert_eq!(got, ["by_desk: small 2, large 0, dutch 0, missing 2", "by_country: FR 55, NL 60, missing 7"]);
}
