//! Steps: each is a few commands under a name, timed; the first that fails ends its step, not the run.

use crate::tools::is_ci;
use anyhow::{Context, Result, bail, ensure};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A command of CI that lasts longer hangs, and is ended with all that it started.
const HANGS: Duration = Duration::from_secs(30 * 60);
/// How often a command is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What was run so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(&'static str, Duration, Option<String>)>,
}

impl Steps {
    /// Runs a step and notes how it went.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        say(&format!("── {name}"));
        let begin = Instant::now();
        let error = work().err().map(|error| format!("{error:#}"));
        if let Some(error) = &error {
            say(&format!("FAILED {name}: {error}"));
        }
        let fine = error.is_none();
        self.done.push((name, begin.elapsed(), error));
        fine
    }

    /// Prints the seconds of each step; whether all passed.
    pub(crate) fn conclude(self) -> bool {
        say("── seconds");
        for (name, time, error) in &self.done {
            let end = if error.is_none() { "" } else { "  FAILED" };
            say(&format!("{:8.1}  {name}{end}", time.as_secs_f64()));
        }
        let failed = self.done.iter().filter(|(_, _, error)| error.is_some()).count();
        say(&format!("steps: {} passed, {failed} failed", self.done.len() - failed));
        failed == 0
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    say(&format!("$ {shown}"));
    let status = match is_ci() {
        true => watched(command.stdin(Stdio::null())).with_context(|| shown.clone())?,
        false => command.status().with_context(|| shown.clone())?,
    };
    ensure!(status.success(), "{shown}: {status}");
    Ok(())
}

/// Runs a command that nobody can stop with Ctrl-C, for at most half an hour.
pub(crate) fn watched(command: &mut Command) -> Result<ExitStatus> {
    let (mut child, begin) = (command.process_group(0).spawn()?, Instant::now());
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begin.elapsed() > HANGS {
            end_group(&mut child);
            bail!("it hung: ended after {} minutes", HANGS.as_secs() / 60);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn end_group(child: &mut Child) {
    let group = format!("-{}", child.id());
    let _gone = Command::new("kill").args(["-KILL", "--", &group]).status();
    let _reaped = child.wait();
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}
