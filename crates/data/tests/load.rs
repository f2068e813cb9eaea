//! Loading small books: what is kept, what falls out, and what is said about it.
#![allow(clippy::expect_used, reason = "a test that cannot go on should stop")]

use kamrules_base::world::MemoryWorld;
use kamrules_base::{Code, Date, Decimal, FileId, Sources, Span, codes};
use kamrules_data::{DataFault, Loaded, check_headers, load, load_entity_from, load_some, set_aside};
use kamrules_model::{
    Book, Cell, Entity, EntityId, Field, List, ListSource, Model, PickId, PickValue, Picklist, Rate, Rates, Source, Ty, Type, Value, show,
};

fn field(name: &str, kind: Type) -> Field {
    let ty = Ty { kind, optional: name.ends_with('?') };
    let name = name.trim_end_matches('?').to_owned();
    Field {
        column: name.clone(),
        name,
        doc: None,
        ty,
        column_said: false,
        unique: false,
        by: None,
        range: None,
        notation: None,
        blanks: Vec::new(),
        currency: None,
        span: Span::default(),
    }
}

fn source(path: &str) -> Source {
    Source { path: path.into(), file: FileId(0), span: Span::default() }
}

fn entity(name: &str, key: &[u32], fields: Vec<Field>) -> Entity {
    let source = Some(source(&format!("{name}.csv")));
    Entity { name: name.into(), doc: None, source, fields, key: key.to_vec(), span: Span::default() }
}

fn model(entities: Vec<Entity>) -> Model {
    Model { entities, ..Model::default() }
}

fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add("p/policy.kam", text);
    sources
}

fn run(model: &Model, files: &[(&str, &str)]) -> Loaded {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| (format!("p/{path}"), text.as_bytes().to_vec())));
    load(model, &sources(""), &world, &[])
}

/// The rows of an entity, cells joined by spaces, missing ones as `-`.
fn rows(model: &Model, book: &Book, entity: u32) -> Vec<String> {
    let table = book.table(EntityId(entity));
    let fields = &model.entities[entity as usize].fields;
    let cell = |row: usize, i: usize| match table.columns[i].get(row) {
        Cell::Missing => "-".to_owned(),
        cell => show::cell(model, book, &cell, fields[i].ty.kind),
    };
    (0..table.rows).map(|row| (0..fields.len()).map(|i| cell(row, i)).collect::<Vec<_>>().join(" ")).collect()
}

/// Faults as `source:row column value code`.
fn faults(loaded: &Loaded) -> Vec<String> {
    let show = |f: &DataFault| format!("{}:{} {} {} {}", f.source, f.row, f.column, f.value, f.code);
    loaded.faults.iter().map(show).collect()
}

fn counts(loaded: &Loaded) -> Vec<(String, u64, u64)> {
    loaded.set_aside.iter().map(|s| (s.source.clone(), s.own, s.cascaded)).collect()
}

fn one(kind: Type, change: impl Fn(&mut Field), cell: &str) -> Result<String, Code> {
    let mut value = field("v?", kind);
    change(&mut value);
    let mut model = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), value])]);
    model.settings.currency = Some("USD".into());
    model.picks.push(Picklist {
        values: vec![
            PickValue { name: "warehouse".into(), spellings: vec!["Warehouse".into(), "WH".into()] },
            PickValue { name: "shop".into(), spellings: vec!["Specialty Bike Shop".into()] },
        ],
        other: None,
        name: "account.kind".into(),
        span: Span::default(),
    });
    let quoted = cell.replace('"', "\"\"");
    let loaded = run(&model, &[("e.csv", &format!("id,v\n1,\"{quoted}\"\n"))]);
    match loaded.faults.first() {
        Some(fault) => Err(fault.code),
        None => Ok(rows(&model, &loaded.book, 0)[0].strip_prefix("1 ").expect("the key").to_owned()),
    }
}

#[test]
fn cells_become_values_of_their_type() {
    let money = Type::Money { scale: 6 };
    let percent = Type::Number { scale: 6, percent: true };
    let pick = Type::Pick(PickId(0));
    let cases: [(Type, &str, Result<&str, Code>); 42] = [
        (Type::TEXT, "  Zürich\u{a0}", Ok("Zürich")),
        (Type::TEXT, "   ", Ok("-")),
        (Type::INTEGER, "1,234", Ok("1234")),
        (Type::INTEGER, "12.0", Ok("12")),
        (Type::INTEGER, "12.5", Err(codes::NOT_A_NUMBER)),
        (Type::INTEGER, "$5", Err(codes::NOT_A_NUMBER)),
        (Type::INTEGER, "12,0x", Err(codes::NOT_A_NUMBER)),
        (Type::number(2), "1.25", Ok("1.25")),
        (Type::number(2), "1.2500", Ok("1.25")),
        (Type::number(2), "1.255", Err(codes::TOO_MANY_DECIMALS)),
        (Type::number(2), "15%", Err(codes::NOT_A_NUMBER)),
        (money, "$1,234.50", Ok("1234.50")),
        (money, "(500)", Ok("-500.00")),
        (money, "-$5", Ok("-5.00")),
        (money, "USD 5", Ok("5.00")),
        (money, "€5", Err(codes::WRONG_CURRENCY)),
        (money, "5 EUR", Err(codes::WRONG_CURRENCY)),
        (money, "15%", Err(codes::NOT_A_NUMBER)),
        (money, "1.1234567", Err(codes::TOO_MANY_DECIMALS)),
        (percent, "15%", Ok("0.150000")),
        (percent, "0.15", Ok("0.150000")),
        (percent, "1", Ok("1.000000")),
        (percent, "15", Err(codes::READ_TWO_WAYS)),
        (Type::Flag, "Yes", Ok("true")),
        (Type::Flag, "n", Ok("false")),
        (Type::Flag, "TRUE", Ok("true")),
        (Type::Flag, "0", Ok("false")),
        (Type::Flag, "maybe", Err(codes::NOT_YES_OR_NO)),
        (pick, "WH", Ok("warehouse")),
        (pick, "Specialty Bike Shop", Ok("shop")),
        (pick, "shop", Ok("shop")),
        (pick, "Warehuose", Err(codes::NOT_IN_PICKLIST)),
        (Type::Date, "2020-06-30", Ok("2020-06-30")),
        (Type::Date, "6/30/2020", Err(codes::NOT_A_DATE)),
        (Type::Date, "2020-06-31", Err(codes::NOT_A_DATE)),
        (Type::Time, "2020-06-30T10:00:00Z", Ok("2020-06-30T10:00:00Z")),
        (Type::Time, "2020-06-30 10:00", Ok("2020-06-30T10:00:00Z")),
        (Type::Time, "2020-06-30", Err(codes::NOT_A_TIME)),
        (Type::Duration(kamrules_model::DurationKind::Days), "2 weeks", Ok("14 days")),
        (Type::Duration(kamrules_model::DurationKind::Days), "14", Err(codes::NOT_A_DURATION)),
        (Type::Unknown, "x", Err(codes::DANGLING_REFERENCE)),
        (Type::TEXT, "say \"hi\"\nthere", Ok("say \"hi\"\nthere")),
    ];
    for (kind, cell, expected) in cases {
        assert_eq!(one(kind, |_| {}, cell).as_deref(), expected.as_ref().copied(), "{cell:?} as {kind:?}");
    }
}

#[test]
fn what_a_field_says_changes_how_it_is_read() {
    let notation = |text: &'static str| move |field: &mut Field| field.notation = Some(text.into());
    let percent = Type::Number { scale: 6, percent: true };
    assert_eq!(one(Type::Date, notation("M/D/YYYY"), "7/4/1996").as_deref(), Ok("1996-07-04"));
    assert_eq!(one(Type::Date, notation("M/D/YYYY"), "7/4/96"), Err(codes::NOT_A_DATE));
    assert_eq!(one(Type::number(2), notation("1.234,50"), "1.234,5").as_deref(), Ok("1234.50"));
    assert_eq!(one(Type::number(2), notation("1.234,50"), "1,234"), Err(codes::READ_TWO_WAYS));
    assert_eq!(one(percent, notation("15"), "15").as_deref(), Ok("0.150000"));
    assert_eq!(one(percent, notation("15"), "15%").as_deref(), Ok("0.150000"));
    let blank = |field: &mut Field| field.blanks = vec!["-".into(), "n/a".into()];
    assert_eq!(one(Type::INTEGER, blank, " - ").as_deref(), Ok("-"));
    let range = |field: &mut Field| field.range = Some((1, 10));
    assert_eq!(one(Type::INTEGER, range, "10").as_deref(), Ok("10"));
    assert_eq!(one(Type::INTEGER, range, "11"), Err(codes::OUT_OF_RANGE));
    let required = |field: &mut Field| field.ty.optional = false;
    assert_eq!(one(Type::TEXT, required, " "), Err(codes::REQUIRED_BUT_EMPTY));
}

#[test]
fn an_other_value_takes_the_rest() {
    let mut m = model(vec![entity("e", &[], vec![field("kind", Type::Pick(PickId(0)))])]);
    let value = |name: &str| PickValue { name: name.into(), spellings: vec![name.into()] };
    m.picks.push(Picklist { values: vec![value("a"), value("other")], other: Some(1), name: "e.kind".into(), span: Span::default() });
    let loaded = run(&m, &[("e.csv", "kind\na\nzzz\n")]);
    assert_eq!(rows(&m, &loaded.book, 0), ["a", "other"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_cell_brings_a_reader_down(cell in "[-+0-9.,:/TZ%$€£()eE AaPpMmé\"\u{a0}]{0,24}", sample in "[-0-9.,' MDYHhms/€]{0,12}") {
        use kamrules_model::DurationKind;
        let percent = Type::Number { scale: 6, percent: true };
        for kind in [Type::TEXT, Type::INTEGER, Type::number(12), percent, Type::Money { scale: 6 }, Type::Date, Type::Time, Type::Flag, Type::Duration(DurationKind::Months)] {
            for notation in [None, Some(sample.clone())] {
                let dated = matches!(kind, Type::Date | Type::Time) && notation.is_some();
                if !dated {
                    let _ = one(kind, |field| field.notation = notation.clone(), &cell);
                }
            }
        }
    }
}

/// Accounts with a parent, sales of accounts.
fn accounts() -> Model {
    let mut by = field("code?", Type::Row(EntityId(0)));
    by.by = Some(1);
    let mut code = field("code?", Type::TEXT);
    code.unique = true;
    model(vec![
        entity("account", &[0], vec![field("id", Type::TEXT), code, field("parent?", Type::Row(EntityId(0))), field("n", Type::INTEGER)]),
        entity("sale", &[0, 1], vec![field("account", Type::Row(EntityId(0))), field("line", Type::INTEGER), by]),
    ])
}

#[test]
fn references_are_followed_and_faults_cascade() {
    let m = accounts();
    let loaded = run(
        &m,
        &[
            ("account.csv", "id,code,parent,n\n1,a,,1\n2,b,1,2\n3,c,2,x\n4,d,3,4\n5,e,4,5\n6,,9,6\n7,,,7\n"),
            ("sale.csv", "account,line,code\n1,1,b\n2,1,\n5,1,\n1,2,c\n8,1,\n1,3,zz\n"),
        ],
    );
    assert_eq!(rows(&m, &loaded.book, 0), ["1 a - 1", "2 b 1 2", "7 - - 7"]);
    assert_eq!(rows(&m, &loaded.book, 1), ["1 1 2", "2 1 -"]);
    assert_eq!(
        faults(&loaded),
        [
            "account.csv:4 n x K0601",
            "account.csv:5 parent 3 K0610",
            "account.csv:6 parent 4 K0610",
            "account.csv:7 parent 9 K0609",
            "sale.csv:4 account 5 K0610",
            "sale.csv:5 code c K0610",
            "sale.csv:6 account 8 K0609",
            "sale.csv:7 code zz K0609",
        ]
    );
    assert_eq!(counts(&loaded), [("account.csv".into(), 2, 2), ("sale.csv".into(), 2, 2)]);
}

#[test]
fn all_rows_of_a_repeated_key_fall_out() {
    let m = accounts();
    let loaded = run(
        &m,
        &[
            ("account.csv", "id,code,parent,n\n1,a,,1\n1,b,,2\n2,c,,3\n3,c,,4\n4,,,5\n4,,,x\n5,,,6\n"),
            ("sale.csv", "account,line,code\n5,1,\n5,1,\n5,2,\n1,1,\n4,1,\n5,3,\n5,3,zz\n"),
        ],
    );
    assert_eq!(rows(&m, &loaded.book, 0), ["5 - - 6"]);
    assert_eq!(rows(&m, &loaded.book, 1), ["5 2 -"]);
    assert_eq!(
        faults(&loaded),
        [
            "account.csv:2 id 1 K0608",
            "account.csv:3 id 1 K0608",
            "account.csv:4 code c K0628",
            "account.csv:5 code c K0628",
            "account.csv:6 id 4 K0608",
            "account.csv:7 n x K0601",
            "sale.csv:2 account 5/1 K0608",
            "sale.csv:3 account 5/1 K0608",
            "sale.csv:5 account 1 K0610",
            "sale.csv:6 account 4 K0610",
            "sale.csv:7 account 5/3 K0608",
            "sale.csv:8 account 5/3 K0608",
            "sale.csv:8 code zz K0609",
        ]
    );
}

#[test]
fn every_row_of_a_circle_falls_out() {
    let m = accounts();
    let loaded = run(
        &m,
        &[
            ("account.csv", "id,code,parent,n\n1,,2,1\n2,,3,1\n3,,1,1\n4,,1,1\n5,,5,1\n6,,,1\n7,,6,1\n"),
            ("sale.csv", "account,line,code\n"),
        ],
    );
    assert_eq!(rows(&m, &loaded.book, 0), ["6 - - 1", "7 - 6 1"]);
    assert_eq!(
        faults(&loaded),
        [
            "account.csv:2 parent 2 K0619",
            "account.csv:3 parent 3 K0619",
            "account.csv:4 parent 1 K0619",
            "account.csv:5 parent 1 K0610",
            "account.csv:6 parent 5 K0619"
        ]
    );
}

#[test]
fn rows_that_break_a_fact_are_set_aside_later() {
    let m = accounts();
    let mut loaded =
        run(&m, &[("account.csv", "id,code,parent,n\n1,,,1\n2,,1,1\n3,,,1\n"), ("sale.csv", "account,line,code\n2,1,\n3,1,\n")]);
    let fault = DataFault {
        source: "account.csv".into(),
        row: 2,
        column: String::new(),
        value: String::new(),
        code: codes::ALWAYS_BROKEN,
        message: "no".into(),
        cascaded: false,
    };
    set_aside(&m, &mut loaded, vec![(EntityId(0), 0, fault)]);
    assert_eq!(rows(&m, &loaded.book, 0), ["3 - - 1"]);
    assert_eq!(rows(&m, &loaded.book, 1), ["3 1 -"]);
    assert_eq!(faults(&loaded), ["account.csv:2   K0615", "account.csv:3 parent 1 K0610", "sale.csv:2 account 2 K0610"]);
    assert_eq!(counts(&loaded), [("account.csv".into(), 1, 1), ("sale.csv".into(), 0, 1)]);
    assert_eq!(loaded.book.table(EntityId(0)).source_rows, [4]);
}

#[test]
fn rows_of_the_wrong_shape_are_told() {
    let m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), field("name", Type::TEXT)])]);
    let loaded = run(&m, &[("e.csv", "id;name\r\n1;a\r\n\r\n2;b;c\r\n3\r\n4;\"d\"e\r\n5;f")]);
    assert_eq!(rows(&m, &loaded.book, 0), ["1 a", "5 f"]);
    assert_eq!(faults(&loaded), ["e.csv:4   K0611", "e.csv:5   K0611", "e.csv:6 name \"d\"e K0621"]);
    assert_eq!(loaded.book.table(EntityId(0)).source_rows, [2, 7]);
}

#[test]
fn json_is_read_like_csv() {
    let mut m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), field("a.n?", Type::number(2))])]);
    for text in [
        "[{\"id\": 1, \"a\": {\"n\": 0.1}}, {\"id\": \"2\"}, {\"id\": 3, \"a\": {\"n\": 1.005}}]",
        "{\"id\":1,\"a\":{\"n\":0.1}}\n{\"id\":\"2\"}\n{\"id\":3,\"a\":{\"n\":1.005}}\n",
    ] {
        m.entities[0].source = Some(source("e.json"));
        let loaded = run(&m, &[("e.json", text)]);
        assert_eq!(rows(&m, &loaded.book, 0), ["1 0.10", "2 -", "3 1.01"]);
    }
}

/// What is said of a cell that is at fault.
fn said(kind: Type, notation: Option<&str>, cell: &str) -> String {
    let mut value = field("v", kind);
    value.notation = notation.map(Into::into);
    let m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), value])]);
    let loaded = run(&m, &[("e.csv", &format!("id,v\n1,\"{cell}\"\n"))]);
    loaded.faults.first().map(|fault| fault.message.clone()).unwrap_or_default()
}

#[test]
fn a_cell_in_another_notation_is_told_the_way_out() {
    let money = Type::Money { scale: 6 };
    for (kind, notation, cell, expected) in [
        (Type::Date, None, "1/2/2026", "write `as \"M/D/YYYY\"` (month first) or `as \"D/M/YYYY\"` (day first) behind the field"),
        (Type::Date, None, "13/2/2026", "write `as \"D/M/YYYY\"` behind the field"),
        (Type::Date, None, "1.2.2026", "write `as \"D.M.YYYY\"`"),
        (Type::Date, None, "45000", "a spreadsheet means 2023-03-15 by this number"),
        (Type::Date, None, "1/2/26", "a year of four digits is wanted, written as `2026-02-01`"),
        (Type::Date, None, "2026-02-01T10:00:00Z", "declare the field as `time`"),
        (
            Type::Date,
            Some("M/D/YYYY"),
            "13/2/2026",
            "read as `M/D/YYYY`, this is month 13; if the column is written like this, write `as \"D/M/YYYY\"`",
        ),
        (Type::Date, Some("M/D/YYYY"), "2026-02-01", "as the field says"),
        (Type::Date, Some("M/D/YYYY"), "2/30/2026", "no such day"),
        (Type::Time, None, "13/2/2026 10:30", "write `as \"D/M/YYYY H:mm\"`"),
        (Type::Time, None, "2026-02-01", "declare the field as `date`"),
        (Type::Time, None, "2026-02-01T23:59:60Z", "seconds go from 00 to 59"),
        (Type::Time, None, "9999-12-31T23:59:59-12:00", "in the years 0001 to 9999"),
        (money, None, "1.234,50", "write `as \"1.234,50\"` behind the field"),
        (money, None, "1 234,50", "write `as \"1 234,50\"`"),
        (money, None, "12,5", "write `as \"1.234,50\"`"),
        (money, None, "1'234.50", "write `as \"1'234.50\"`"),
        (money, None, "x12", "an amount of money such as `1,234.50` is wanted"),
        (Type::number(2), None, "1e400", "a number of at most 38 digits is wanted"),
    ] {
        let message = said(kind, notation, cell);
        assert!(message.contains(expected), "{cell}: {message}");
    }
}

#[test]
fn a_repeated_key_says_where_it_stands_too() {
    let mut m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT)])]);
    m.entities[0].source = Some(source("*.csv"));
    let loaded = run(&m, &[("a.csv", "id\n1\n2\n1\n"), ("b.csv", "id\n2\n")]);
    let said: Vec<(u32, &str)> = loaded.faults.iter().map(|fault| (fault.row, fault.message.as_str())).collect();
    let expected = [
        (2, "stands in row 4 too"),
        (3, "stands in row 2 of `b.csv` too"),
        (4, "stands in row 2 too"),
        (2, "stands in row 3 of `a.csv` too"),
    ];
    assert_eq!(said.len(), expected.len());
    for ((row, message), (wanted, part)) in said.iter().zip(expected) {
        assert!(*row == wanted && message.contains(part), "{row} {message}");
    }
}

#[test]
fn json_may_leave_out_what_may_be_missing() {
    let mut m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), field("closed?", Type::Date)])]);
    m.entities[0].source = Some(source("e.json"));
    let read = |text: &str| run(&m, &[("e.json", text)]);
    for (text, expected) in [
        ("[{\"id\": 1}, {\"id\": 2}]", &["1 -", "2 -"][..]),
        ("{\"id\": 1}\n{\"id\": 2, \"closed\": \"2026-01-02\"}\n", &["1 -", "2 2026-01-02"]),
        ("{\n  \"id\": 1\n}\n", &["1 -"]),
        ("{\"id\": 1}", &["1 -"]),
        ("[]", &[]),
        ("{\"total\": 0, \"records\": []}", &[]),
    ] {
        let loaded = read(text);
        assert_eq!(loaded.blocking, [], "{text}");
        assert_eq!(rows(&m, &loaded.book, 0), expected, "{text}");
    }
    for text in ["{}", "[{}]", "{}\n{}\n", "[{\"closed\": null}]"] {
        let loaded = read(text);
        assert_eq!(loaded.blocking.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(), ["no object in `e.json` has `id`"], "{text}");
    }
    let loaded = read("[{\"id\": \"\\ud83d\"}, {\"id\": 2}, 7]");
    assert_eq!(rows(&m, &loaded.book, 0), ["2 -"]);
    assert_eq!(faults(&loaded), ["e.json:1   K0624", "e.json:3   K0624"]);
}

#[test]
fn an_optional_name_that_json_almost_has_is_a_warning() {
    let mut m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), field("closd?", Type::Date)])]);
    m.entities[0].source = Some(source("e.json"));
    let world = MemoryWorld::new([("p/e.json", "[{\"id\": 1, \"closed\": \"2026-01-02\"}]")]);
    let findings = check_headers(&m, &sources(""), &world);
    assert_eq!(findings.iter().map(|f| (f.code, f.is_error())).collect::<Vec<_>>(), [(codes::MISSING_COLUMN, false)]);
}

#[test]
fn check_looks_only_at_the_start_of_a_large_file() {
    let mut m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), field("name", Type::TEXT)])]);
    let lines: String = (0..20_000).map(|i| format!("{i},é{i}\n")).collect();
    let broken = |head: &str| [head.as_bytes(), lines.as_bytes(), b"1,\xff\n"].concat();
    let check = |m: &Model, name: &str, bytes: Vec<u8>| {
        let world = MemoryWorld::new([(format!("p/{name}"), bytes)]);
        check_headers(m, &sources(""), &world).iter().map(|f| f.code).collect::<Vec<_>>()
    };
    // What only the end would tell is left to the run.
    assert_eq!(check(&m, "e.csv", broken("id,name\n")), []);
    assert_eq!(check(&m, "e.csv", broken("id,nme\n")), [codes::NO_TEXT_ENCODING]);
    assert_eq!(check(&m, "e.csv", [b"id,nme\n", lines.as_bytes()].concat()), [codes::MISSING_COLUMN]);
    let wide: Vec<u8> = format!("id,name\n{lines}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(check(&m, "e.csv", [b"\xff\xfe".to_vec(), wide].concat()), []);
    let long = format!("id,name,\"{}\"\n1,x,y\n", "n".repeat(100_000));
    assert_eq!(check(&m, "e.csv", long.into_bytes()), []);
    m.entities[0].source = Some(source("e.json"));
    let objects: Vec<String> = (0..20_000).map(|i| format!("{{\"id\": {i}, \"name\": \"é{i}\"}}")).collect();
    assert_eq!(check(&m, "e.json", objects.join("\n").into_bytes()), []);
    assert_eq!(check(&m, "e.json", format!("[{}", objects.join(",\n")).into_bytes()), []);
    assert_eq!(check(&m, "e.json", format!("{{\"n\": 1, \"rows\": [{}]}}", objects.join(",\n")).into_bytes()), []);
    // A name that only a late object has is found all the same.
    let late = [vec!["{\"id\": 1}".to_owned(); 20_000], vec!["{\"id\": 2, \"name\": \"x\"}".to_owned()]].concat();
    assert_eq!(check(&m, "e.json", late.join("\n").into_bytes()), []);
}

#[test]
fn a_wide_file_costs_no_more_than_its_width() {
    let name = |i: usize| format!("c{i}");
    let mut m = model(vec![entity("e", &[0], (0..3000).map(|i| field(&name(i), Type::TEXT)).collect())]);
    let header: Vec<String> = (0..3000).map(name).collect();
    let text = format!("{}\n{}\n", header.join(","), header.join(","));
    assert_eq!(run(&m, &[("e.csv", &text)]).book.tables[0].rows, 1);
    m.entities[0].fields.iter_mut().for_each(|field| field.column = format!("x{}", field.column));
    assert_eq!(run(&m, &[("e.csv", &text)]).blocking.len(), 3000);
}

#[test]
fn files_that_are_no_tables_are_named_for_what_they_are() {
    let m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT)])]);
    for (bytes, part) in [
        (&b"\x89PNG\r\n\x1a\n"[..], "a picture"),
        (b"\xff\xfe\0\0i\0\0\0d\0\0\0", "text in UTF-32"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "a web page"),
        (b"<?xml version=\"1.0\"?><rows/>", "an XML file"),
        (b"\x00\x01\x02\x03\x04\x05\xff\xfe\xfd\x00\x01\x02", "no text"),
        (b"id\n1\n2\0\n", "a NUL character in row 3, column `id`"),
        (b"\xff\xfei\0d\0\n\x001", "broken UTF-16"),
    ] {
        let loaded = load(&m, &sources(""), &MemoryWorld::new([("p/e.csv", bytes)]), &[]);
        let finding = loaded.blocking.first().expect("a finding");
        assert!(finding.code == codes::NO_TEXT_ENCODING && finding.message.contains(part), "{}", finding.message);
    }
}

#[test]
fn several_files_make_one_table() {
    let mut m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT)])]);
    m.entities[0].source = Some(source("parts/*.csv"));
    let loaded = run(&m, &[("parts/b.csv", "id\n3\n1\n"), ("parts/a.csv", "id\n1\n2\n")]);
    assert_eq!(rows(&m, &loaded.book, 0), ["2", "3"]);
    assert_eq!(faults(&loaded), ["parts/a.csv:2 id 1 K0608", "parts/b.csv:3 id 1 K0608"]);
    let table = loaded.book.table(EntityId(0));
    assert_eq!((&table.source_rows[..], &table.source_of[..]), (&[3, 2][..], &[0, 1][..]));
}

#[test]
fn money_is_converted_at_the_rate_of_its_day() {
    let mut amount = field("amount", Type::Money { scale: 6 });
    amount.currency = Some((1, Some(2)));
    let mut m = model(vec![entity("e", &[], vec![amount, field("code", Type::TEXT), field("date", Type::Date)])]);
    m.settings.currency = Some("USD".into());
    let rate = |from: &str, rate: &str| Rate {
        currency: "EUR".into(),
        from: Date::parse_iso(from).expect("a day"),
        rate: Decimal::parse(rate).expect("a number"),
    };
    let text = "amount,code,date\n100,EUR,2026-01-15\n€100,EUR,2026-02-01\n5,usd,2020-01-01\n1,EUR,2025-01-01\n1,CHF,2026-01-01\n$1,EUR,2026-01-01\n1,euro,2026-01-01\n";
    let expected = ["e.csv:5 amount 1 K0617", "e.csv:6 amount 1 K0617", "e.csv:7 amount $1 K0616", "e.csv:8 amount 1 K0616"];
    m.rates = Some(Rates::Listed(vec![rate("2026-01-01", "1.09"), rate("2026-02-01", "1.11")]));
    let listed = run(&m, &[("e.csv", text)]);
    m.rates = Some(Rates::File(source("fx.csv")));
    let from_file = run(&m, &[("e.csv", text), ("fx.csv", "from,currency,rate\n2026-02-01,EUR,1.11\n2026-01-01,EUR,1.09\n")]);
    for loaded in [listed, from_file] {
        assert_eq!(rows(&m, &loaded.book, 0), ["109.00 EUR 2026-01-15", "111.00 EUR 2026-02-01", "5.00 usd 2020-01-01"]);
        assert_eq!(faults(&loaded), expected);
    }
}

#[test]
fn lists_come_from_files_and_from_the_policy() {
    let mut m = model(vec![]);
    let sym = m.texts.intern("DE");
    let list = |name: &str, values: ListSource| List { name: name.into(), doc: None, values, span: Span::default() };
    m.lists.push(list("dach", ListSource::Values(Type::TEXT, vec![Value::Text(sym)])));
    m.lists.push(list("named", ListSource::File(source("named.csv"), Some("Account ID".into()))));
    m.lists.push(list("first", ListSource::File(source("named.csv"), None)));
    let loaded = run(&m, &[("named.csv", "Name,Account ID\nx,17\ny,18\nz,\n")]);
    assert_eq!(loaded.blocking, []);
    let texts = |i: usize| {
        let mut texts: Vec<String> = loaded.book.lists[i].iter().map(|sym| loaded.book.texts.get(*sym).to_string()).collect();
        texts.sort();
        texts
    };
    assert_eq!(
        (texts(0), texts(1), texts(2)),
        (vec!["DE".to_owned()], vec!["17".into(), "18".into()], vec!["x".into(), "y".into(), "z".into()])
    );
    assert!(loaded.book.lists[0].contains(&sym));
}

#[test]
fn a_column_that_is_missing_is_named_with_the_one_that_looks_like_it() {
    let text = "entity e from \"e.csv\" {\n  id : text key\n  revenue : money from \"AnualRevenue\"\n}\n";
    let at = |word: &str| text.find(word).map(|at| Span::new(FileId(0), at, at + word.len())).expect("a word");
    let mut revenue = field("revenue", Type::Money { scale: 6 });
    (revenue.column, revenue.column_said, revenue.span) = ("AnualRevenue".into(), true, at("revenue"));
    let mut id = field("id", Type::TEXT);
    id.span = at("id");
    let m = model(vec![entity("e", &[0], vec![id, revenue])]);
    let world = MemoryWorld::new([("p/e.csv", "id,Annual Revenue,AnnualRevenue\n1,2,3\n")]);
    let findings = check_headers(&m, &sources(text), &world);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].message, "`e.csv` has no column `AnualRevenue`");
    let fix = findings[0].fix.clone().expect("a fix");
    assert_eq!((&text[fix.edits[0].span.range()], fix.edits[0].text.as_str()), ("AnualRevenue", "AnnualRevenue"));
    let loaded = load(&m, &sources(text), &world, &[]);
    assert_eq!((loaded.blocking.len(), loaded.book.tables[0].rows), (1, 0));
}

#[test]
fn an_absent_file_is_a_note_to_check_and_keeps_eval_from_running() {
    let m = accounts();
    let world = MemoryWorld::new([("p/sale.csv", "account,line,code\n1,1,\n")]);
    let levels = |findings: &[kamrules_base::Finding]| findings.iter().map(|f| (f.code, f.is_error())).collect::<Vec<_>>();
    assert_eq!(levels(&check_headers(&m, &sources(""), &world)), [(codes::ABSENT_FILE, false)]);
    let loaded = load(&m, &sources(""), &world, &[]);
    assert_eq!(levels(&loaded.blocking), [(codes::ABSENT_FILE, true)]);
    let loaded = load(
        &m,
        &sources(""),
        &MemoryWorld::new([("other.csv", "id,code,parent,n\n"), ("p/sale.csv", "account,line,code\n")]),
        &[(EntityId(0), "other.csv".into())],
    );
    assert_eq!(loaded.blocking, []);
    assert_eq!(loaded.set_aside[0].source, "other.csv");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let m = model(vec![entity("e", &[0], vec![field("id", Type::TEXT), field("name", Type::TEXT)])]);
    for (bytes, code) in [
        (&b"id,name\n1,Z\xfcrich\n"[..], codes::NO_TEXT_ENCODING),
        (b"PK\x03\x04", codes::NO_TEXT_ENCODING),
        (b"", codes::NO_HEADER),
        (b"id,name\n1,\"a\n2,b\n", codes::BROKEN_QUOTES),
        (b"id,name,name\n1,a,b\n", codes::REPEATED_COLUMN),
        (b"[{\"id\": 1, \"name\": ", codes::BROKEN_JSON),
    ] {
        let loaded = load(&m, &sources(""), &MemoryWorld::new([("p/e.csv", bytes)]), &[]);
        assert_eq!(loaded.blocking.iter().map(|f| f.code).collect::<Vec<_>>(), [code]);
        assert!(loaded.blocking.iter().all(kamrules_base::Finding::is_error));
    }
}

#[test]
fn some_entities_can_be_loaded_and_more_rows_added() {
    let m = accounts();
    let world = MemoryWorld::new([("p/fixtures/a.csv", "id,code,parent,n\n1,a,,1\n2,b,1,1\n")]);
    let mut loaded = load_some(&m, &sources(""), &world, &[(EntityId(0), source("fixtures/a.csv"))]);
    assert_eq!((loaded.book.tables[0].rows, loaded.book.tables[1].rows), (2, 0));
    let bytes = b"account,line,code\n2,1,a\n9,1,\n";
    let more = load_entity_from(&m, &sources(""), &mut loaded.book, EntityId(1), "s.csv", bytes);
    assert_eq!(faults(&more), ["s.csv:3 account 9 K0609"]);
    assert_eq!(rows(&m, &loaded.book, 1), ["2 1 1"]);
    let again = load_entity_from(&m, &sources(""), &mut loaded.book, EntityId(0), "b.csv", b"id,code,parent,n\n3,,2,1\n4,,7,1\n");
    assert_eq!(faults(&again), ["b.csv:3 parent 7 K0609"]);
    assert_eq!(rows(&m, &loaded.book, 0), ["1 a - 1", "2 b 1 1", "3 - 2 1"]);
    assert_eq!(rows(&m, &loaded.book, 1), ["2 1 1"]);
}
