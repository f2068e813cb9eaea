//! Tiers, segments, territories, scorecards, tables and trees.

use super::{Gen, Kind, Scope, Set};

/// The attributes that all labels of a set give.
struct Attrs {
    names: Vec<(String, Kind)>,
    words: Option<(String, usize)>,
    used: Vec<String>,
}

impl Gen {
    fn attrs(&mut self) -> Attrs {
        let kinds = [Kind::Money, Kind::Num, Kind::Text, Kind::Days, Kind::Flag, Kind::Int];
        let names = (0..self.rng.below(3)).map(|_| (self.fresh("attr"), *self.rng.one(&kinds))).collect();
        let words = self.rng.percent(30).then(|| {
            let words = (0..3).map(|_| self.fresh("word")).collect();
            self.picks.push(words);
            (self.fresh("channel"), self.picks.len() - 1)
        });
        Attrs { names, words, used: Vec::new() }
    }

    /// The attributes of one label in braces; nothing if there are none.
    fn given(&mut self, attrs: &mut Attrs, scope: &Scope) -> String {
        let mut parts = Vec::new();
        for (name, kind) in attrs.names.clone() {
            let value = if self.rng.percent(60) { self.literal(kind).unwrap_or_default() } else { self.expr(scope, kind, 1).0 };
            // A comparison in an attribute stands in parentheses; all made here do.
            parts.push(format!("{name} = {value}"));
        }
        if let Some((name, pick)) = &attrs.words {
            let word = self.rng.one(&self.picks[*pick]).clone();
            parts.push(format!("{name} = {word}"));
            attrs.used.push(word);
        }
        if parts.is_empty() { String::new() } else { format!(" {{ {} }}", parts.join(", ")) }
    }

    fn declare_set(&mut self, at: usize, name: &str, set: Set, attrs: &Attrs, many: bool) {
        self.sets.push(set);
        let id = self.sets.len() - 1;
        self.declare(Some(at), name.to_owned(), if many { Kind::Labels(id) } else { Kind::Label(id) }, true);
        if many {
            return;
        }
        for (attr, kind) in &attrs.names {
            self.declare(Some(at), format!("{name}.{attr}"), *kind, true);
        }
        if let Some((attr, pick)) = &attrs.words {
            // Only a word that some label gives is a value.
            self.picks[*pick].retain(|word| attrs.used.contains(word));
            self.declare(Some(at), format!("{name}.{attr}"), Kind::Pick(*pick), true);
        }
    }

    fn labels(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.fresh("Label")).collect()
    }

    pub(super) fn tiers(&mut self) {
        let (at, name) = (self.entity(), self.fresh("tiers"));
        let (filter, scope) = self.header(at);
        let count = 2 + self.rng.below(3);
        let (leaves, mut attrs) = (self.labels(count), self.attrs());
        let entity = self.entities[at].name.clone();
        let mut text = format!("tiers {name} \"How big\" for {entity}{filter} {{\n");
        for (i, label) in leaves.iter().enumerate() {
            let when = if i + 1 == leaves.len() { "otherwise".into() } else { format!("when {}", self.flag(&scope, 2).0) };
            let given = self.given(&mut attrs, &scope);
            text.push_str(&format!("  {label} {when}{given}\n"));
        }
        self.line(format!("{text}}}"));
        self.declare_set(at, &name, Set { leaves, groups: Vec::new(), tiers: true }, &attrs, false);
    }

    /// Segments of which one holds: by the values of a subject, or a ladder; with rungs that override.
    pub(super) fn exclusive(&mut self) {
        let (at, name) = (self.entity(), self.fresh("segments"));
        let (filter, scope) = self.header(at);
        let Some((_, _, conditions)) = self.parted_with(&scope, 1) else { return };
        let mut attrs = self.attrs();
        let ladder = self.rng.percent(30);
        let entity = self.entities[at].name.clone();
        let mode = if ladder { " first match" } else { "" };
        let mut text = format!("segments {name} for {entity}{filter}{mode} {{\n");
        let mut leaves = Vec::new();
        if !ladder && self.rng.percent(40) {
            let (label, when) = (self.fresh("over"), self.flag(&scope, 1).0);
            let given = self.given(&mut attrs, &scope);
            text.push_str(&format!("  {label} \"Above all\" overrides when {when}{given}\n"));
            leaves.push(label);
        }
        // A part that may be missing has its own rung first, and so is handled behind it only in a ladder: elsewhere it is said again.
        for condition in &conditions {
            let label = self.fresh("seg");
            let given = self.given(&mut attrs, &scope);
            text.push_str(&format!("  {label} when (({condition}) or else no){given}\n"));
            leaves.push(label);
        }
        if self.rng.percent(if ladder { 90 } else { 60 }) {
            let label = self.fresh("rest");
            let given = self.given(&mut attrs, &scope);
            text.push_str(&format!("  {label} otherwise{given}\n"));
            leaves.push(label);
        }
        self.line(format!("{text}}}"));
        self.declare_set(at, &name, Set { leaves, groups: Vec::new(), tiers: false }, &attrs, false);
    }

    /// Nested territories, with rungs out of a table, the label of another row, and versions.
    pub(super) fn territories(&mut self) {
        let (at, name) = (self.entity(), self.fresh("coverage"));
        let (filter, scope) = self.header(at);
        let mut attrs = self.attrs();
        let versions = if self.rng.percent(35) { vec![" from 2024-01-01", " from 2025-05-01"] } else { vec![""] };
        let mut set = Set { leaves: Vec::new(), groups: Vec::new(), tiers: false };
        let labels: Vec<String> = self.labels(6);
        let entity = self.entities[at].name.clone();
        for from in versions {
            set.leaves.clear();
            set.groups.clear();
            let mut text = format!("territories {name} \"Who covers it\" for {entity}{from}{filter} {{\n");
            text.push_str(&self.same_as(at));
            text.push_str(&self.each(at, &attrs));
            let depth = 1 + self.rng.below(2);
            let children = self.nested(&scope, &mut attrs, &mut set, &mut labels.clone(), depth);
            text.push_str(&children);
            self.line(format!("{text}}}"));
        }
        self.declare_set(at, &name, set, &attrs, false);
    }

    fn same_as(&mut self, at: usize) -> String {
        let parents: Vec<String> =
            self.entities[at].fields.iter().filter(|f| f.kind == Kind::Row(at) && f.optional).map(|f| f.name.clone()).collect();
        match parents.first() {
            Some(parent) if self.rng.percent(50) => format!("  same as {parent} overrides when {parent} is known\n"),
            _ => String::new(),
        }
    }

    fn each(&mut self, at: usize, attrs: &Attrs) -> String {
        // The labels out of a table take their attributes from its fields, so such a set has none of its own.
        if !attrs.names.is_empty() || attrs.words.is_some() || self.rng.percent(40) {
            return String::new();
        }
        let other = self.entity();
        let texts =
            |of: usize| self.entities[of].fields.iter().filter(|f| f.kind == Kind::Text).map(|f| f.name.clone()).collect::<Vec<_>>();
        let (mine, theirs) = (texts(at), texts(other));
        if other == at || mine.is_empty() || theirs.is_empty() {
            return String::new();
        }
        let (a, b, table) = (self.rng.one(&mine).clone(), self.rng.one(&theirs).clone(), self.entities[other].name.clone());
        let overrides = *self.rng.one(&["overrides ", ""]);
        let left = if self.rng.percent(40) { format!("left({a}, 3)") } else { a };
        format!("  each {table} {overrides}when {left} = {table}.{b}\n")
    }

    fn nested(&mut self, scope: &Scope, attrs: &mut Attrs, set: &mut Set, labels: &mut Vec<String>, depth: usize) -> String {
        let mut text = String::new();
        let conditions = self.parted_with(scope, 1).map(|(_, _, conditions)| conditions).unwrap_or_default();
        for condition in conditions {
            let label = labels.pop().unwrap_or_else(|| self.fresh("area"));
            let given = self.given(attrs, scope);
            let condition = format!("(({condition}) or else no)");
            if depth > 0 && self.rng.percent(40) {
                let inner = self.nested(scope, attrs, set, labels, depth - 1);
                text.push_str(&format!("  {label} when {condition}{given} {{\n{inner}  }}\n"));
                set.groups.push(label);
            } else {
                text.push_str(&format!("  {label} when {condition}{given}\n"));
                set.leaves.push(label);
            }
        }
        let label = labels.pop().unwrap_or_else(|| self.fresh("area"));
        let given = self.given(attrs, scope);
        text.push_str(&format!("  {label} otherwise{given}\n"));
        set.leaves.push(label);
        text
    }

    pub(super) fn scorecard(&mut self) {
        let (at, name) = (self.entity(), self.fresh("fit"));
        let (filter, scope) = self.header(at);
        let entity = self.entities[at].name.clone();
        let mut text = format!("scorecard {name} for {entity}{filter} {{\n");
        let decimals = self.rng.percent(30);
        for _ in 0..1 + self.rng.below(5) {
            let (label, when) = (self.fresh("point"), self.flag(&scope, 2).0);
            let points = self.rng.below(30);
            let half = if decimals { ".5" } else { "" };
            text.push_str(&format!("  {label} \"Points\" {}{points}{half} when {when}\n", self.rng.one(&["+", "-"])));
        }
        self.line(format!("{text}}}"));
        self.declare(Some(at), name, if decimals { Kind::Num } else { Kind::Int }, true);
    }

    pub(super) fn every_match(&mut self) {
        let (at, name) = (self.entity(), self.fresh("overlay"));
        let (filter, scope) = self.header(at);
        let entity = self.entities[at].name.clone();
        let mut text = format!("territories {name} for {entity}{filter} every match {{\n");
        let none = Attrs { names: Vec::new(), words: None, used: Vec::new() };
        text.push_str(&self.each(at, &none));
        let leaves = self.labels(3);
        for label in &leaves {
            let when = self.flag(&scope, 1).0;
            text.push_str(&format!("  {label} when {when}\n"));
        }
        self.line(format!("{text}}}"));
        self.declare_set(at, &name, Set { leaves, groups: Vec::new(), tiers: false }, &none, true);
    }

    pub(super) fn table(&mut self) {
        let (at, name) = (self.entity(), self.fresh("service"));
        let (filter, scope) = self.header(at);
        let (Some((a, first)), Some((b, second))) = (self.parted(&scope, 0), self.parted(&scope, 1)) else { return };
        let mut attrs = self.attrs();
        if attrs.names.is_empty() && attrs.words.is_none() {
            let output = self.fresh("attr");
            attrs.names.push((output, Kind::Money));
        }
        let outputs: Vec<String> =
            attrs.names.iter().map(|(name, _)| name.clone()).chain(attrs.words.iter().map(|(name, _)| name.clone())).collect();
        let entity = self.entities[at].name.clone();
        let mode = *self.rng.one(&["", "", " first match"]);
        let mut text = format!("table {name} for {entity}{filter}{mode} {{\n  | {a} | {b} | -> | {} |\n", outputs.join(" | "));
        let mut rest = false;
        for test in first {
            if test == "otherwise" {
                rest = true;
                continue;
            }
            let seconds: Vec<String> = if self.rng.percent(40) { vec!["*".into()] } else { second.clone() };
            for cell in seconds {
                if cell == "otherwise" {
                    rest = true;
                    continue;
                }
                let outputs = self.outputs(&mut attrs);
                text.push_str(&format!("  | {test} | {cell} | -> | {outputs} |\n"));
            }
        }
        // What a column's `missing` is to be is said for the other one by the last row.
        if rest || self.rng.percent(70) {
            let outputs = self.outputs(&mut attrs);
            text.push_str(&format!("  | otherwise | -> | {outputs} |\n"));
        }
        self.line(format!("{text}}}"));
        for (output, kind) in attrs.names {
            self.declare(Some(at), format!("{name}.{output}"), kind, true);
        }
        if let Some((output, pick)) = attrs.words {
            self.picks[pick].retain(|word| attrs.used.contains(word));
            self.declare(Some(at), format!("{name}.{output}"), Kind::Pick(pick), true);
        }
    }

    fn outputs(&mut self, attrs: &mut Attrs) -> String {
        let kinds: Vec<Kind> = attrs.names.iter().map(|(_, kind)| *kind).collect();
        let mut cells: Vec<String> = kinds.into_iter().map(|kind| self.literal(kind).unwrap_or_default()).collect();
        if let Some((_, pick)) = &attrs.words {
            let word = self.rng.one(&self.picks[*pick]).clone();
            attrs.used.push(word.clone());
            cells.push(word);
        }
        cells.join(" | ")
    }

    pub(super) fn tree(&mut self) {
        let (at, name) = (self.entity(), self.fresh("tree"));
        let (filter, scope) = self.header(at);
        let mut leaves = self.labels(3);
        let gives = format!(" gives {{ {} }}", leaves.join(", "));
        if self.rng.percent(50) {
            let action = self.action(at);
            leaves.push(action);
        }
        let Some(root) = self.node(&scope, &leaves, 2) else { return };
        leaves.retain(|leaf| !leaf.starts_with("act_") || root.contains(&format!("-> {leaf}\n")));
        let entity = self.entities[at].name.clone();
        self.line(format!("tree {name} for {entity}{filter}{gives} {{\n{root}}}"));
        let none = Attrs { names: Vec::new(), words: None, used: Vec::new() };
        self.declare_set(at, &name, Set { leaves, groups: Vec::new(), tiers: false }, &none, false);
    }

    fn node(&mut self, scope: &Scope, leaves: &[String], depth: usize) -> Option<String> {
        let (subject, tests) = self.parted(scope, 1)?;
        let mut text = format!("  \"What is it?\" {subject} {{\n");
        for test in tests {
            let deeper = if depth > 0 && self.rng.percent(40) { self.node(scope, leaves, depth - 1) } else { None };
            let target = deeper.unwrap_or_else(|| self.rng.one(leaves).clone());
            text.push_str(&format!("    {test} -> {target}\n"));
        }
        Some(format!("{text}  }}\n"))
    }
}
