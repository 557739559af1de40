//! `cargo xtask soak`: what takes long, and what is timed. Not part of CI.

use crate::steps::{Steps, run};
use anyhow::Result;
use std::process::Command;

/// Worlds that the judge lives through.
const SEEDS: &str = "1000";
/// Routers of which nearly half are ill.
const ROUTERS: &str = "1000";
/// Seconds that the demo is compared with the truth.
const CHECK_SECONDS: &str = "1800";

/// Runs every long step; whether all passed.
pub(crate) fn soak() -> Result<bool> {
    let mut steps = Steps::default();
    steps.step("the judge, 1,000 worlds", || {
        run(test().env("IMSYS_SEEDS", SEEDS).args(["--release", "--test", "presence_property"]))
    });
    steps.step(
        "what is promised in seconds: routers that are ill or gone, Redis, a worker that sleeps",
        || {
            let mut tests = test();
            tests.env("IMSYS_FAULT_ROUTERS", ROUTERS).env("IMSYS_TIMED", "1").args(["--test", "town", "--"]);
            tests.args(["--nocapture", "--test-threads=1"]);
            run(tests.args([
                "faults::",
                "times::",
                "cluster::while_redis",
                "cluster::a_worker_that_was_stopped",
            ]))
        },
    );
    steps.step("the demo, half an hour", || {
        let mut demo = Command::new(env!("CARGO"));
        run(demo.args(["run", "--release", "--", "demo", "--check", CHECK_SECONDS]))
    });
    steps.step("bench", || run(Command::new("bench/run").arg("all")));
    Ok(steps.conclude())
}

/// The product's tests.
fn test() -> Command {
    let mut tests = Command::new(env!("CARGO"));
    tests.args(["test", "--package", "imsys"]);
    tests
}
