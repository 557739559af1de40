//! Clients that other people wrote must be content with the simulated routers.
//!
//! Needs Python with `librouteros` 4.2.2 and `routeros-api` 0.21.0; `IMSYS_TEST_PYTHON` names the interpreter.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a helper that fails ends its test, and one that skips says so"
)]

use std::ffi::OsString;
use std::process::Command;

use imsys_sim::router::{Router, RouterConfig, TagPlace, Wire};

/// Both ends of each way to behave: login, `!empty`, the root of the command tree.
const VERSIONS: [&str; 6] = ["6.42", "6.49", "7.12", "7.18", "7.23", "7.24"];

fn python() -> Option<OsString> {
    let python = std::env::var_os("IMSYS_TEST_PYTHON");
    if python.is_none() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "IMSYS_TEST_PYTHON is not set");
        println!("skipped: IMSYS_TEST_PYTHON is not set");
    }
    python
}

async fn run(script: &'static str) {
    let Some(python) = python() else { return };
    for version in VERSIONS {
        let config = RouterConfig {
            version: version.parse().unwrap(),
            tags: TagPlace::Last,
            ..RouterConfig::default()
        };
        let router = Router::start(config).await.unwrap();
        router.conditions(|now| now.wire = if version == "7.12" { Wire::Fragments(3) } else { Wire::Plain });
        let (python, address) = (python.clone(), router.address());
        let output = tokio::task::spawn_blocking(move || {
            Command::new(python)
                .arg(format!("{}/tests/python/{script}", env!("CARGO_MANIFEST_DIR")))
                .args([address.ip().to_string(), address.port().to_string(), version.to_owned()])
                .output()
        });
        let output = output.await.unwrap().unwrap();
        assert!(
            output.status.success(),
            "{script} on {version}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[tokio::test]
async fn librouteros_is_content_with_every_version() {
    run("with_librouteros.py").await;
}

#[tokio::test]
async fn routeros_api_is_content_with_every_version() {
    run("with_routeros_api.py").await;
}
