//! `imsys profile test`: a profile of one's own against a device.

use imsys_sim::snmp::{Quirks, Recording, ReplayAgent};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;
use tokio::process::Command;

const PROFILE: &str = r#"
family = "cooler"
maker = "Nobody"
name = "Cooler"
verified = "mib"
sources = ["NOBODY-MIB 1"]

[[match]]
object_id = "1.3.6.1.4.1.99999"

[[metric]]
class = "temperature"
name = "Inside"
oid = "1.3.6.1.4.1.99999.1.0"
divisor = 10
"#;

async fn test(file: &Path, more: &[&str]) -> Output {
    let mut imsys = Command::new(env!("CARGO_BIN_EXE_imsys"));
    imsys.args(["profile", "test"]).arg(file).args(more).output().await.unwrap()
}

async fn agent(object_id: &str) -> ReplayAgent {
    let lines =
        format!("1.3.6.1.2.1.1.1.0|4|Cooler 3\n1.3.6.1.2.1.1.2.0|6|{object_id}\n1.3.6.1.4.1.99999.1.0|2|215");
    ReplayAgent::start(Recording::parse(&lines), "geheim", Quirks::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_read_and_tried_against_a_device() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cooler.toml");
    std::fs::write(&file, PROFILE).unwrap();
    assert!(test(&file, &[]).await.status.success());
    let agent = agent("1.3.6.1.4.1.99999.7").await;
    let port = agent.address().port().to_string();
    let against = ["--against", "127.0.0.1", "--port", &port, "--community", "geheim", "--json"];
    let done = test(&file, &against).await;
    assert!(done.status.success(), "{done:?}");
    let said: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&said["family"], &said["incomplete"]), (&json!("cooler"), &Value::Null), "{said}");
    assert_eq!(said["readings"][0]["value"], json!(21.5), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_profile_and_a_device_of_another_family_are_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cooler.toml");
    std::fs::write(&file, PROFILE.replace("divisor = 10", "divisor = 0")).unwrap();
    let refused = String::from_utf8(test(&file, &[]).await.stderr).unwrap();
    assert!(refused.contains("cooler.toml, line") && refused.contains("divisor"), "{refused}");
    std::fs::write(&file, PROFILE).unwrap();
    let agent = agent("1.3.6.1.4.1.88888").await;
    let port = agent.address().port().to_string();
    let against = ["--against", "127.0.0.1", "--port", &port, "--community", "geheim"];
    let other = test(&file, &against).await;
    assert!(!other.status.success());
    assert!(String::from_utf8(other.stderr).unwrap().contains("--anyway"));
    let anyway = test(&file, &[&against[..], &["--anyway"]].concat()).await;
    assert!(String::from_utf8(anyway.stdout).unwrap().contains("21.5"));
}
