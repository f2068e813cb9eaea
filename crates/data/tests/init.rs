//! What data files are taken for, on real files and on small ones made up.
#![allow(clippy::expect_used, reason = "a test that cannot go on should stop")]

use kamrules_base::world::Bytes;
use kamrules_data::{Guess, Inspection, inspect, starter};
use std::path::Path;
use std::sync::Arc;

fn look(files: &[(&str, &str)]) -> Inspection {
    let files: Vec<(String, Bytes)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), Arc::new(text.as_bytes().to_vec()) as Bytes)).collect();
    inspect(&files, &|word| ["test", "action", "list", "table"].contains(&word))
}

fn northwind() -> Inspection {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/northwind/data");
    let names =
        ["categories", "customers", "employee_territories", "employees", "order_details", "orders", "products", "region", "territories"];
    let file = |name: &str| {
        let bytes = std::fs::read(folder.join(format!("{name}.csv"))).expect("the example's data");
        (format!("data/{name}.csv"), Arc::new(bytes) as Bytes)
    };
    inspect(&names.map(file), &|_| false)
}

#[test]
fn northwind_is_written_as_a_person_would() {
    let written = starter(&northwind(), "Northwind");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/northwind.kam");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &written).expect("the fixture is written");
    }
    assert_eq!(written, std::fs::read_to_string(&path).expect("the fixture"), "run with UPDATE=1 if the change is meant");
}

#[test]
fn numbers_with_a_decimal_comma_are_recognised() {
    let text =
        "Kunde;Umsatz;Rabatt;Quote pct;Rate;Menge\nK1;1.234,50;15,5 %;12,5;0,15;1.200\nK2;12,5;10 %;10;0,2;3\nK3;;5 %;-;0,1;1.234.567\n";
    let seen = look(&[("kunden.csv", text)]);
    let columns: Vec<(&str, &Guess, Option<&str>)> = seen.files[0].columns.iter().map(|c| (c.column.as_str(), &c.guess, c.marks)).collect();
    let comma = Some("1.234,50");
    assert_eq!(
        columns[1..],
        [
            ("Umsatz", &Guess::Number, comma),
            ("Rabatt", &Guess::Percent(false), comma),
            ("Quote pct", &Guess::Percent(true), comma),
            ("Rate", &Guess::Number, comma),
            ("Menge", &Guess::Integer, comma),
        ]
    );
    let policy = starter(&seen, "Kunden");
    assert!(policy.contains("from \"Umsatz\"    as \"1.234,50\"") && policy.contains("as \"1.234,50\" blank as \"-\""), "{policy}");
}

#[test]
fn a_starter_policy_says_what_a_reader_could_miss() {
    let policy = |text: &str| starter(&look(&[("deals.csv", text)]), "Deals");
    for (text, part) in [
        ("\"i\"\"d\",\"na\nme\"\n1,a\n2,b\n", "from \"i\\\"d\""),
        ("id,\"First\r\n name\"\n1,a\n", "from \"First name\""),
        ("id,name,name\n1,a,b\n", "# left out: column 3, `name`: several have this name"),
        ("id,amount\n1,€5\n2,$5\n", ": text     from \"amount\"   # several currencies"),
        ("id,amount\n1,€5\n2,€7\n", "currency EUR"),
        ("id,amount\n1,$5\n2,$7\n", "a guess: the amounts have a `$`"),
        ("1,Acme,500\n2,Bolt,700\n", "# The first row (`1`, `Acme`, `500`, …) looks like data"),
        ("[{\"id\": \"x\", \"active\": true}]", ": flag"),
    ] {
        let written = policy(text);
        assert!(written.contains(part), "{part}\n{written}");
    }
}

#[test]
fn northwind_has_its_keys_and_references() {
    let seen = northwind();
    assert!(seen.findings.is_empty());
    let keys: Vec<(String, Vec<&str>)> = seen
        .files
        .iter()
        .map(|file| (file.entity.clone(), file.key.iter().map(|at| file.columns[*at].column.as_str()).collect()))
        .collect();
    let expected: [(&str, &[&str]); 9] = [
        ("category", &["CategoryID"]),
        ("customer", &["CustomerID"]),
        ("employee_territory", &["EmployeeID", "TerritoryID"]),
        ("employee", &["EmployeeID"]),
        ("order_detail", &["OrderID", "ProductID"]),
        ("order", &["OrderID"]),
        ("product", &["ProductID"]),
        ("region", &["RegionID"]),
        ("territory", &["TerritoryID"]),
    ];
    assert_eq!(keys, expected.map(|(entity, key)| (entity.to_owned(), key.to_vec())));
    let references: Vec<String> = seen
        .files
        .iter()
        .flat_map(|file| file.columns.iter().map(move |column| (file, column)))
        .filter_map(|(file, column)| match column.guess {
            Guess::Reference(to) => {
                Some(format!("{}.{}{} -> {}", file.entity, column.name, if column.optional { "?" } else { "" }, seen.files[to].entity))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        references,
        [
            "employee_territory.employee -> employee",
            "employee_territory.territory -> territory",
            "employee.reports_to? -> employee",
            "order_detail.order -> order",
            "order_detail.product -> product",
            "order.customer -> customer",
            "order.employee -> employee",
            "product.category -> category",
            "territory.region -> region",
        ]
    );
}

/// The guess for the second column of a small file.
fn guess(column: &str, cells: &[&str]) -> (Guess, bool) {
    let rows: String = cells.iter().enumerate().map(|(i, cell)| format!("{i},\"{cell}\"\n")).collect();
    let seen = look(&[("things.csv", &format!("id,{column}\n{rows}"))]);
    let column = &seen.files[0].columns[1];
    (column.guess.clone(), column.optional)
}

#[test]
fn columns_are_given_the_narrowest_type() {
    let name = |guess: &Guess| match guess {
        Guess::Date(notation, latest) => format!("date {} {latest}", notation.unwrap_or("ISO")),
        Guess::Pick(values) => values.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" "),
        other => format!("{other:?}").to_lowercase(),
    };
    let cases: [(&str, &[&str], &str, bool); 24] = [
        ("Employees", &["1", "20", ""], "integer", true),
        ("Height", &["1", "2.5"], "number", false),
        ("Discount", &["0", "0.15"], "percent(false)", false),
        ("Margin", &["15%", "3%"], "percent(false)", false),
        ("Win percentage", &["15", "30"], "percent(true)", false),
        ("Amount", &["$1,234.50", "(5)"], "money", false),
        ("AnnualRevenue", &["300000", "-"], "money", true),
        ("Revenue", &["12,0x", "5"], "text", false),
        ("Zip", &["98101", "98102"], "text", false),
        ("Branch", &["0012", "0013"], "text", false),
        ("Phone", &["5551234"], "text", false),
        ("SupplierID", &["1", "2"], "text", false),
        ("Active", &["Yes", "no", "Yes"], "flag", false),
        ("Discontinued", &["0", "1", "0"], "flag", false),
        ("Level", &["1", "1", "1"], "integer", false),
        ("Since", &["2020-01-31", "2021-02-28"], "date ISO 2021-02-28", false),
        ("Since", &["1/31/2020", "12/1/2021"], "date M/D/YYYY 2021-12-01", false),
        ("Since", &["31/1/2020", "1/12/2021"], "date D/M/YYYY 2021-12-01", false),
        ("Since", &["01/31/2020", ""], "date MM/DD/YYYY 2020-01-31", true),
        ("Since", &["31.1.2020"], "date D.M.YYYY 2020-01-31", false),
        ("LoggedAt", &["2020-01-31T10:00:00Z"], "time", false),
        ("Stage", &["Won", "Lost", "On hold", "Won", "Lost", "Won"], "won lost on_hold", false),
        ("City", &["Rome", "Oslo", "Rome", "Oslo"], "text", false),
        ("Notes", &["", ""], "text", true),
    ];
    for (column, cells, expected, optional) in cases {
        let (guess, missing) = guess(column, cells);
        assert_eq!((name(&guess).as_str(), missing), (expected, optional), "{column} {cells:?}");
    }
}

#[test]
fn a_date_that_no_cell_decides_is_remarked_on() {
    let seen = look(&[("a.csv", "id,day\n1,3/4/2020\n")]);
    assert_eq!(seen.files[0].columns[1].remark.as_deref(), Some("or day first (D/M/YYYY)? no cell tells"));
}

#[test]
fn references_that_do_not_hold_are_remarked_on() {
    let seen = look(&[("accounts.csv", "AccountID,Name\n1,a\n2,b\n"), ("deals.csv", "DealID,AccountID\n1,1\n2,7\n")]);
    let column = &seen.files[1].columns[1];
    assert_eq!(
        (&column.guess, column.remark.as_deref()),
        (&Guess::Text, Some("refers to `account`, but 1 of its 2 values are not in accounts.csv"))
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let seen = look(&[("a.csv", ""), ("b.csv", "id\n1\n")]);
    assert_eq!((seen.findings.len(), seen.files.len()), (1, 1));
}
