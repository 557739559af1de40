//! `cargo xtask soak`: what takes long. Not part of CI.

use crate::steps::{Steps, run};
use anyhow::Result;
use std::process::Command;

/// Worlds that the judge lives through.
const SEEDS: &str = "1000";
/// Seconds that the demo is compared with the truth.
const CHECK_SECONDS: &str = "1800";

/// Runs every long step; whether all passed.
pub(crate) fn soak() -> Result<bool> {
    let mut steps = Steps::default();
    steps.step("the judge, 1,000 worlds", || {
        let mut tests = Command::new(env!("CARGO"));
        tests.env("IMSYS_SEEDS", SEEDS).args(["test", "--package", "imsys", "--test", "presence_property"]);
        run(&mut tests)
    });
    steps.step("the demo, half an hour", || {
        let mut demo = Command::new(env!("CARGO"));
        run(demo.args(["run", "--release", "--", "demo", "--check", CHECK_SECONDS]))
    });
    steps.step("bench", || run(Command::new("bench/run").arg("all")));
    Ok(steps.conclude())
}
