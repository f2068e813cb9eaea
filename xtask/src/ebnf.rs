//! Reads `grammar/kam.ebnf` into rules.

/// A rule: a name and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub body: Node,
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `"word"`
    Literal(String),
    /// A rule in small letters or a kind of word in capitals.
    Symbol(String),
    /// One behind the other.
    Sequence(Vec<Node>),
    /// One of them.
    Choice(Vec<Node>),
    /// `x?`
    Optional(Box<Node>),
    /// `x*`
    Any(Box<Node>),
    /// `x+`
    Some(Box<Node>),
}

/// Reads the rules; an error says what is wrong near what.
pub fn read(text: &str) -> Result<Vec<Rule>, String> {
    let tokens = split(text)?;
    let mut at = 0;
    let mut rules = Vec::new();
    while at < tokens.len() {
        let name = tokens[at].clone();
        if tokens.get(at + 1).map(String::as_str) != Some("=") {
            return Err(format!("kam.ebnf: `{name}` should start a rule `{name} = …`"));
        }
        at += 2;
        let body = choice(&tokens, &mut at)?;
        rules.push(Rule { name, body });
    }
    Ok(rules)
}

/// Words, `"literals"` with their quotes, and signs.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("(*") {
            rest.find("*)").ok_or("kam.ebnf: a comment is left open")? + 2
        } else if first == '"' {
            rest[1..].find('"').ok_or("kam.ebnf: a quote is left open")? + 2
        } else if first.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        if !rest.starts_with("(*") {
            tokens.push(rest[..length].to_owned());
        }
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn choice(tokens: &[String], at: &mut usize) -> Result<Node, String> {
    let mut branches = vec![sequence(tokens, at)?];
    while tokens.get(*at).is_some_and(|token| token == "|") {
        *at += 1;
        branches.push(sequence(tokens, at)?);
    }
    Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Choice(branches) })
}

fn sequence(tokens: &[String], at: &mut usize) -> Result<Node, String> {
    let mut parts = Vec::new();
    while let Some(token) = tokens.get(*at) {
        let starts_rule = tokens.get(*at + 1).is_some_and(|next| next == "=");
        if matches!(token.as_str(), "|" | ")") || starts_rule {
            break;
        }
        parts.push(repeated(tokens, at)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Node::Sequence(parts) })
}

fn repeated(tokens: &[String], at: &mut usize) -> Result<Node, String> {
    let mut node = single(tokens, at)?;
    while let Some(token) = tokens.get(*at) {
        node = match token.as_str() {
            "?" => Node::Optional(Box::new(node)),
            "*" => Node::Any(Box::new(node)),
            "+" => Node::Some(Box::new(node)),
            _ => break,
        };
        *at += 1;
    }
    Ok(node)
}

fn single(tokens: &[String], at: &mut usize) -> Result<Node, String> {
    let token = &tokens[*at];
    *at += 1;
    if token == "(" {
        let inner = choice(tokens, at)?;
        if tokens.get(*at).map(String::as_str) != Some(")") {
            return Err("kam.ebnf: a parenthesis is left open".to_owned());
        }
        *at += 1;
        return Ok(inner);
    }
    if let Some(literal) = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Ok(Node::Literal(literal.to_owned()));
    }
    if token.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Ok(Node::Symbol(token.clone()));
    }
    Err(format!("kam.ebnf: `{token}` is not expected here"))
}
