//! Findings and answers as text: a file per format.
//!
//! For people: [`findings_text`], [`summary`] (answers), [`explain_text`], [`tests_text`]. For machines: [`findings_json`],
//! [`answers_json`], [`explain_json`], [`tests_json`]. For continuous integration: [`findings_sarif`], [`findings_github`],
//! [`findings_gitlab`], [`findings_junit`], [`tests_junit`], [`tests_github`], out of a [`report`] for each policy, with places as
//! [`position`] counts them. Drawings: [`mermaid`], [`dot`]. Files: [`csv`], [`ndjson`]. [`table`] aligns columns, [`paint`] colours words.
//!
//! This crate decides nothing: what is an error and what is shown is settled before.

pub mod answers_json;
pub mod csv;
pub mod dot;
pub mod explain_json;
pub mod explain_text;
pub mod findings_github;
pub mod findings_gitlab;
pub mod findings_json;
pub mod findings_junit;
pub mod findings_sarif;
pub mod findings_text;
pub mod mermaid;
pub mod ndjson;
pub mod paint;
pub mod position;
pub mod report;
#[cfg(test)]
mod samples;
pub mod summary;
pub mod table;
pub mod tests_github;
pub mod tests_json;
pub mod tests_junit;
pub mod tests_text;
mod xml;
