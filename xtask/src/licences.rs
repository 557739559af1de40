//! What may be linked: the licences that `deny.toml` allows, read from cargo's own metadata, so that the
//! rule holds where `cargo-deny` is not installed. Where it is, it checks advisories and sources too.

use crate::steps::{run, say};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::process::{Command, Stdio};

/// Checks every package that is linked into the product or its tests.
pub(crate) fn check() -> Result<()> {
    let allowed = allowed()?;
    let metadata =
        Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--locked"]).output()?;
    ensure!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).context("cargo metadata")?;
    let mut refused = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let licence = package["license"].as_str().unwrap_or("none");
        if !fits(licence, &allowed) {
            refused.push(format!("{} {}: {licence}", package["name"], package["version"]));
        }
    }
    ensure!(refused.is_empty(), "licences that deny.toml does not allow: {}", refused.join("; "));
    let mut deny = Command::new("cargo-deny");
    match deny.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status() {
        Ok(status) if status.success() => run(Command::new("cargo").args(["deny", "check"])),
        _ => {
            say("cargo-deny is not installed: advisories are not checked here");
            Ok(())
        }
    }
}

fn allowed() -> Result<Vec<String>> {
    let deny: toml::Table = std::fs::read_to_string("deny.toml")?.parse()?;
    let list = deny.get("licenses").and_then(|l| l.get("allow")).and_then(toml::Value::as_array);
    Ok(list
        .context("deny.toml: licenses.allow")?
        .iter()
        .filter_map(|l| l.as_str().map(str::to_owned))
        .collect())
}

/// Whether one of the alternatives of an SPDX expression is wholly allowed.
fn fits(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], "");
    let one = |term: &str| allowed.iter().any(|licence| licence == term.trim());
    expression.split(" AND ").all(|part| part.split(" OR ").any(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternative_that_is_allowed_is_enough_and_every_part_of_a_sum_must_be() {
        let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
        assert!(fits("MIT OR GPL-3.0", &allowed));
        assert!(fits("MIT/Apache-2.0", &allowed));
        assert!(fits("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
        assert!(!fits("GPL-3.0-only", &allowed));
        assert!(!fits("MIT AND GPL-3.0-only", &allowed));
    }
}
