#![allow(missing_docs, clippy::all)]
use kamrules_base::world::MemoryWorld;
use kamrules_prove::Setting;
use kamrules_session::CheckOptions;
use std::path::Path;
use std::time::Instant;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (full, args) = if args[0] == "full" { (true, &args[1..]) } else { (false, &args[..]) };
    for sized in kamrules_tests::sized::all() {
        if !args.iter().any(|arg| sized.name.contains(arg.as_str())) {
            continue;
        }
        let t = Instant::now();
        let policy = kamrules_tests::policy(&[("policy.kam", &sized.text)]);
        let parse = t.elapsed();
        for f in policy.findings.iter().take(3) {
            eprintln!("{}", kamrules_tests::told(f));
        }
        let model = &policy.checked.model;
        let setting = Setting {
            model,
            as_of: model.settings.as_of,
            lists: Default::default(),
            each: Default::default(),
            steps: kamrules_prove::space::Steps::OF_A_QUESTION,
        };
        let t = Instant::now();
        let v = kamrules_prove::prove(&setting);
        let prove = t.elapsed();
        eprintln!("{}: parse+check {parse:?}, prove {prove:?} {} verdicts", sized.name, v.len());
        for v in v.iter().take(3) {
            eprintln!("   {v:?}");
        }
        if full {
            let world = MemoryWorld::new([(Path::new("policy").join("policy.kam"), sized.text.clone())]);
            let t = Instant::now();
            let policies = kamrules_session::Policy::open(&world, Path::new(""), Path::new("policy")).unwrap_or_else(|e| panic!("{e:?}"));
            let open = t.elapsed();
            let t = Instant::now();
            let said = policies[0].check(&world, &CheckOptions::default());
            eprintln!("   open {open:?}, check {:?}; {} findings", t.elapsed(), said.findings.len());
            for f in said.findings.iter().take(3) {
                eprintln!("     {}", kamrules_tests::told(f));
            }
        }
    }
}
