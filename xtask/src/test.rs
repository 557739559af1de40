//! `cargo xtask test`: everything CI runs.

use crate::licences;
use crate::rust_tests;
use crate::steps::{Steps, run, say};
use crate::tools::{self, Tools, is_ci};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Seconds that each fuzz target is run.
const FUZZ_SECONDS: &str = "5";
/// Seconds that the demo is compared with the truth.
const CHECK_SECONDS: &str = "60";

/// What other people's queue programs need.
const INTEROP: &str = "crates/imsys-queue/tests/interop";

/// Finds the tools and runs every step; whether all passed.
pub(crate) fn test() -> Result<bool> {
    let tools = &tools::find()?;
    let mut steps = Steps::default();
    let web = if tools.node { "require" } else { "skip" };
    steps.step("format", || run(cargo(web).args(["fmt", "--all", "--check"])));
    steps.step("licences", licences::check);
    if tools.node {
        steps.step("web: install", install_web);
        steps.step("web: types from the contract are fresh", || run(npm("web").args(["run", "types:check"])));
        steps.step("web: types, lint, unit tests", || run(npm("web").args(["run", "check"])));
    }
    steps.step("clippy", || {
        run(cargo(web).args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
    });
    let built = steps.step("build", || run(cargo(web).args(["build", "--workspace", "--quiet"])));
    steps.step("rust tests", || rust_tests(web, tools));
    steps.step("fuzz", fuzz);
    if built {
        steps.step("demo: nothing is wrong", || {
            run(Command::new("target/debug/imsys").args(["demo", "--check", CHECK_SECONDS]))
        });
    }
    if let (true, true, Some(chromium)) = (built, tools.node, &tools.chromium) {
        steps.step("browser tests", || browser(chromium));
    }
    Ok(steps.conclude())
}

fn cargo(web: &str) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.env("IMSYS_WEB", web);
    cargo
}

fn npm(folder: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["--prefix", folder]);
    npm
}

fn install_web() -> Result<()> {
    run(npm("web").args(["ci", "--no-audit", "--no-fund"]))?;
    run(npm("web/openapi-types").args(["ci", "--no-audit", "--no-fund"]))
}

fn rust_tests(web: &str, tools: &Tools) -> Result<()> {
    let interop = (tools.node && tools.redis).then(|| Path::new(INTEROP).canonicalize()).transpose()?;
    if interop.is_some() {
        run(npm(INTEROP).args(["ci", "--no-audit", "--no-fund"]))?;
    }
    rust_tests::run_all(|| {
        let mut cargo = cargo(web);
        if let Some((python, site)) = &tools.python {
            cargo.env("IMSYS_TEST_PYTHON", python).env("PYTHONPATH", site);
        }
        if let Some(folder) = &interop {
            cargo.env("IMSYS_TEST_NODE_BULLMQ", folder);
        }
        cargo
    })
}

/// Each target for a few seconds, with the coverage instrumentation of the installed compiler.
fn fuzz() -> Result<()> {
    let mut names = Vec::new();
    for target in std::fs::read_dir("fuzz/src/bin").context("fuzz/src/bin")? {
        names.extend(target?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    ensure!(!names.is_empty(), "no fuzz targets");
    run(fuzz_target("build").arg("--bins"))?;
    for name in names {
        let limit = format!("-max_total_time={FUZZ_SECONDS}");
        run(fuzz_target("run").args(["--bin", &name, "--", &limit, "-verbosity=0"]))?;
    }
    Ok(())
}

fn fuzz_target(verb: &str) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir("fuzz").args([verb, "--release", "--quiet"]);
    cargo
}

/// The dashboard in a real browser, against the demo.
fn browser(chromium: &Path) -> Result<()> {
    let mut demo = Demo::start()?;
    let link = demo.ready()?;
    say(&format!("demo at {}", link.split('#').next().unwrap_or_default()));
    let mut tests = npm("web");
    tests.args(["run", "e2e"]).env("IMSYS_URL", link).env("IMSYS_CHROMIUM", chromium);
    run(&mut tests)
}

/// A running demo; ends with this value.
struct Demo(Child);

impl Demo {
    fn start() -> Result<Self> {
        let mut demo = Command::new("target/debug/imsys");
        demo.args(["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        Ok(Self(demo.spawn().context("target/debug/imsys demo")?))
    }

    fn ready(&mut self) -> Result<String> {
        let output = self.0.stdout.take().context("the demo's output")?;
        for line in BufReader::new(output).lines() {
            if let Some(link) = line?.strip_prefix("ready ") {
                return Ok(link.to_owned());
            }
        }
        anyhow::bail!("the demo ended before it was ready")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Writes `openapi.json` and the dashboard's types from it.
pub(crate) fn write_openapi() -> Result<()> {
    let output = cargo("skip").args(["run", "--quiet", "--package", "imsys", "--", "openapi"]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::write("openapi.json", output.stdout)?;
    if is_ci() { Ok(()) } else { run(npm("web").args(["run", "types"])) }
}
