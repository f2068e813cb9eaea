//! Actions, obligations and cadences.

use super::{Gen, Kind, Scope};

impl Gen {
    pub(super) fn action(&mut self, at: usize) -> String {
        let name = self.fresh("act");
        let entity = self.entities[at].name.clone();
        let scope = Scope::of(at);
        let due = if self.rng.percent(50) { "10 days".into() } else { self.sure(&scope, Kind::Days, 0) };
        let field = self.entities[at].fields[0].name.clone();
        self.line(format!(
            "action {name} \"Do it\" for {entity} {{ channel = phone, due = {due}, message = \"Call {{{field}}} {{{{now}}}}\" }}"
        ));
        self.actions.push((name.clone(), at));
        name
    }

    pub(super) fn obligation(&mut self) {
        let (word, name) = (*self.rng.one(&["must", "should"]), self.fresh("duty"));
        if self.rng.percent(25) {
            let condition = self.flag(&Scope::default(), 2).0;
            self.line(format!("{word} {name} \"So it is\" {{ {condition} }}"));
            self.declare(None, name, Kind::Flag, true);
            return;
        }
        let at = self.entity();
        let (filter, scope) = self.header(at);
        let (condition, entity) = (self.flag(&scope, 3).0, self.entities[at].name.clone());
        self.line(format!("{word} {name} for {entity}{filter} {{ {condition} }}"));
        self.declare(Some(at), name, Kind::Flag, true);
    }

    pub(super) fn cadence(&mut self) {
        let at = self.entity();
        let action = match self.actions.iter().find(|(_, of)| *of == at) {
            Some((name, _)) => name.clone(),
            None => self.action(at),
        };
        let name = self.fresh("rhythm");
        let (filter, scope) = self.header(at);
        let kind = *self.rng.one(&[Kind::Days, Kind::Months]);
        let (every, since) = (self.sure(&scope, kind, 1), self.expr(&scope, Kind::Date, 2).0);
        let entity = self.entities[at].name.clone();
        self.line(format!("cadence {name} for {entity}{filter} {{ every {every} since {since} action {action} }}"));
        self.declare(Some(at), name, Kind::Date, true);
    }
}
