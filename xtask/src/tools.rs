//! What must be on the machine beside Rust. As root on Debian it is installed; elsewhere the words say
//! what to install. With `CI=true` anything missing is a failure, never a skip.

use crate::steps::{run, say};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Node that the dashboard's build needs, at least.
const NODE: (u32, u32) = (20, 19);
/// Clients that other people wrote, for the tests of the simulated routers.
const PYTHON_PACKAGES: [&str; 2] = ["librouteros==4.2.2", "routeros-api==0.21.0"];

/// Whether nothing may be skipped.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

/// What was found or installed.
pub(crate) struct Tools {
    pub(crate) node: bool,
    pub(crate) chromium: Option<PathBuf>,
    pub(crate) redis: bool,
    /// The interpreter and where its packages are.
    pub(crate) python: Option<(PathBuf, PathBuf)>,
}

/// Finds or installs everything. Outside CI what is missing is told and its steps are left out.
pub(crate) fn find() -> Result<Tools> {
    Ok(Tools {
        node: or_say(node())?.is_some(),
        chromium: or_say(chromium())?,
        redis: or_say(redis())?.is_some(),
        python: or_say(python())?,
    })
}

fn or_say<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_ci() => Err(error),
        Err(error) => {
            say(&format!("left out: {error:#}"));
            Ok(None)
        }
    }
}

fn node() -> Result<()> {
    let advice = "install Node 20.19 or newer (nodejs.org) with its npm";
    let output = Command::new("node").arg("--version").output().context(advice)?;
    let text = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
    let mut numbers = text.split('.').map(|n| n.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < NODE {
        bail!("Node {text} is too old: {advice}");
    }
    Command::new("npm").arg("--version").stdout(Stdio::null()).status().context(advice).map(|_| ())
}

fn chromium() -> Result<PathBuf> {
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let find = || known.iter().map(PathBuf::from).find(|path| path.exists());
    if let Some(path) = find() {
        return Ok(path);
    }
    apt("chromium").context("install Chromium for the browser tests")?;
    find().context("chromium was installed but is not in /usr/bin")
}

/// The tests of the queue start servers of their own.
fn redis() -> Result<()> {
    let found = || {
        let mut version = Command::new("redis-server");
        version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    };
    if found() {
        return Ok(());
    }
    apt("redis-server").context("install redis-server for the tests of the queue")?;
    if found() { Ok(()) } else { bail!("redis-server was installed but does not run") }
}

fn python() -> Result<(PathBuf, PathBuf)> {
    let has_pip = || {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
        pip.status().is_ok_and(|status| status.success())
    };
    if !has_pip() {
        apt("python3-pip").context("install Python 3 with pip for the independent RouterOS clients")?;
    }
    let site = std::env::current_dir()?.join("target/python");
    let wanted = PYTHON_PACKAGES.join("\n");
    let stamp = site.join("packages.txt");
    if std::fs::read_to_string(&stamp).ok().as_deref() != Some(wanted.as_str()) {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--upgrade", "--disable-pip-version-check", "--target"]);
        run(pip.arg(&site).args(PYTHON_PACKAGES))?;
        std::fs::write(&stamp, wanted)?;
    }
    Ok((PathBuf::from("python3"), site))
}

/// Installs a Debian package where that may be done.
fn apt(package: &str) -> Result<()> {
    let id = Command::new("id").arg("-u").output()?;
    let root = id.stdout.trim_ascii() == b"0";
    if !root || !Path::new("/usr/bin/apt-get").exists() {
        bail!("{package} is missing, and only root on Debian can have it installed from here");
    }
    run(Command::new("apt-get").args(["update", "-q"]))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    run(install.args(["install", "-y", "-q", "--no-install-recommends", package]))
}
