//! Everything out of one folder and into another: export, import, backup, restore, by the commands themselves.

use crate::owner::ask;
use crate::support::{Instance, instance};
use clap::Parser;
use imsys::cli::{self, Cli};
use imsys::clock::Clock;
use imsys::config::Config;
use imsys::secrets::Place;
use imsys::wire::{self, Instance as Built};
use imsys_domain::access::Role;
use serde_json::json;
use std::path::Path;
use tempfile::TempDir;

/// Runs a command over a data folder; what it refused with.
async fn command(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let settings = folder.with_extension("toml");
    std::fs::write(&settings, format!("[data]\ndir = {:?}\n", folder.to_str().unwrap())).unwrap();
    let before = ["imsys", "--config", settings.to_str().unwrap()];
    let cli = Cli::try_parse_from(before.iter().chain(arguments)).unwrap();
    let done = tokio::task::spawn_blocking(move || cli::run(cli).map_err(|error| format!("{error:#}")));
    done.await.unwrap()
}

async fn open(folder: &Path) -> Built {
    let mut config = Config::default();
    config.data.dir = folder.to_owned();
    wire::open(config, Clock::system()).await.unwrap()
}

/// A server with a tenant, a person and a router whose password is sealed.
async fn filled() -> Instance {
    let instance = instance().await;
    let mut admin = instance.first_admin("correct horse battery").await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    let router = admin.post("/api/v1/routers", router).await.json();
    let service = json!({ "kind": "pppoe", "username": "ana", "routerId": router["id"] });
    assert_eq!(admin.post("/api/v1/services", service).await.status, 201);
    instance
}

/// The password of the only router, as it opens in this folder.
async fn password(built: &Built) -> String {
    let sealed = built.app.store.sealed().await.unwrap().remove(0);
    built.app.secrets.open(Place::of(sealed.tenant, sealed.holder), &sealed.value).unwrap()
}

fn data(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("data")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_running_server_exports_is_imported_where_its_key_is_and_nowhere_else() {
    let (instance, elsewhere) = (filled().await, tempfile::tempdir().unwrap());
    let file = elsewhere.path().join("all.ndjson");
    let exported = ask(&instance, json!({ "do": "export", "file": file })).await;
    assert!(exported["done"]["records"].as_u64().unwrap() > 5, "{exported}");
    let text = std::fs::read_to_string(&file).unwrap();
    let key = std::fs::read_to_string(instance.folder.path().join("secret.key")).unwrap();
    let key = key.lines().find(|line| !line.starts_with('#')).unwrap();
    assert!(!text.contains("geheim") && !text.contains(key), "a secret is in the export");
    assert!(text.starts_with("{\"format\":\"imsys-export\",\"version\":1}\n"));
    let file = file.to_str().unwrap();
    assert!(command(instance.folder.path(), &["import", file]).await.unwrap_err().contains("another IMSys"));

    let there = data(&elsewhere);
    let refused = command(&there, &["import", file]).await.unwrap_err();
    assert!(refused.contains("secret.key"), "{refused}");
    assert!(!there.join("secret.key").exists() && !there.join("imsys.db").exists());
    std::fs::copy(instance.folder.path().join("secret.key"), there.join("secret.key")).unwrap();
    assert_eq!(command(&there, &["import", file]).await, Ok(()));
    let built = open(&there).await;
    assert!(password(&built).await.starts_with("geheim\n"));
    assert_eq!(built.app.store.census().await, instance.app.store.census().await);
    drop(built);
    let refused = command(&there, &["import", file]).await.unwrap_err();
    assert!(refused.contains("there is data here") && !refused.contains("line"), "{refused}");

    let again = elsewhere.path().join("again.ndjson");
    assert_eq!(command(&there, &["export", again.to_str().unwrap()]).await, Ok(()));
    assert_eq!(std::fs::read_to_string(again).unwrap(), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_whole_is_refused_with_its_line_and_leaves_nothing() {
    let (instance, elsewhere) = (filled().await, tempfile::tempdir().unwrap());
    let good = elsewhere.path().join("good.ndjson");
    ask(&instance, json!({ "do": "export", "file": good })).await;
    let text = std::fs::read_to_string(&good).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let there = data(&elsewhere);
    std::fs::create_dir(&there).unwrap();
    std::fs::copy(instance.folder.path().join("secret.key"), there.join("secret.key")).unwrap();
    let all = lines.len();
    let without = |n: usize| [&lines[..n], &lines[n + 1..]].concat().join("\n");
    let with = |n: usize, line: &str| [&lines[..n], &[line], &lines[n + 1..]].concat().join("\n");
    let bad = elsewhere.path().join("bad.ndjson");
    for (text, said) in [
        (String::new(), "line 1: this is no file of `imsys export`".to_owned()),
        (with(0, "{\"format\":\"imsys-export\",\"version\":2}"), "line 1: version 2".into()),
        (without(all - 1), format!("line {}: the file ends here", all - 1)),
        (without(all - 2), format!("line {}: {} records were written", all - 1, all - 2)),
        (with(3, "{\"poem\":{}}"), "line 4: unknown variant `poem`".into()),
        (with(3, "{"), "line 4: ".into()),
        (format!("{text}{}", lines[1]), format!("line {}: there is something behind", all + 1)),
        (with(2, lines[1]), "line 3: already exists".into()),
    ] {
        std::fs::write(&bad, text).unwrap();
        let refused = command(&there, &["import", bad.to_str().unwrap()]).await.unwrap_err();
        assert!(refused.contains(&said), "{said}: {refused}");
        assert_eq!(open(&there).await.app.store.census().await.unwrap(), []);
    }
    assert_eq!(command(&there, &["import", good.to_str().unwrap()]).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_is_the_database_again_and_the_one_of_before_is_kept() {
    let instance = filled().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("backup.db");
    assert_eq!(ask(&instance, json!({ "do": "backup", "file": file })).await, json!({ "done": {} }));
    let file = file.to_str().unwrap();
    instance.tenant("Made later").await;
    let refused = command(instance.folder.path(), &["restore", file]).await.unwrap_err();
    assert!(refused.contains("another IMSys"), "{refused}");
    let folder = instance.stop().await;
    assert_eq!(command(folder.path(), &["restore", file]).await, Ok(()));
    let built = open(folder.path()).await;
    let names: Vec<_> = built.app.store.census().await.unwrap().into_iter().map(|(t, _)| t.name).collect();
    assert_eq!(names, ["Lake ISP"]);
    assert!(password(&built).await.starts_with("geheim\n"));
    drop(built);
    let kept = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let kept: Vec<_> = kept.filter(|name| name.to_str().unwrap().starts_with("imsys.db.before-")).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");

    // Without the key, and what is no backup: nothing is touched.
    let there = data(&elsewhere);
    let refused = command(&there, &["restore", file]).await.unwrap_err();
    assert!(refused.contains("secret.key"), "{refused}");
    let junk = elsewhere.path().join("junk");
    std::fs::write(&junk, [b'x'; 200]).unwrap();
    let refused = command(&there, &["restore", junk.to_str().unwrap()]).await.unwrap_err();
    assert!(refused.contains("no file of `imsys backup`"), "{refused}");
    let left: Vec<_> = std::fs::read_dir(&there).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["imsys.lock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_tenant_is_gone_for_everybody_at_once() {
    let instance = instance().await;
    let lake = instance.tenant("Lake").await;
    let admin = instance.person("ana@example.net", Some((lake, Role::Admin))).await;
    let mut admin = instance.browser(admin, Some(lake)).await;
    let mut program = instance.program(lake, Role::Admin).await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    let router = program.post("/api/v1/routers", router).await.json();
    let token = router["webhookToken"].as_str().unwrap();
    let mut hook = instance.stranger().with("x-imsys-token", token);
    assert_eq!(hook.get("/api/v1/webhooks/ppp?user=ana&status=up").await.status, 204);
    let chief = instance.person("chief@example.net", None).await;
    let mut chief = instance.browser(chief, None).await;
    let path = format!("/api/v1/tenants/{lake}");
    assert_eq!(chief.delete(&path).await.status, 400);
    assert_eq!(chief.delete(&format!("{path}?name=lake")).await.status, 422);
    assert_eq!(admin.delete(&format!("{path}?name=Lake")).await.status, 403);
    assert_eq!(chief.delete(&format!("{path}?name=Lake")).await.status, 204);
    assert_eq!(chief.get(&path).await.status, 404);
    assert_eq!(program.get("/api/v1/services").await.status, 401);
    assert_eq!(admin.get("/api/v1/session").await.status, 401);
    assert_eq!(hook.get("/api/v1/webhooks/ppp?user=ana&status=up").await.status, 401);
    assert_eq!(instance.app.store.sealed().await.unwrap(), []);
    instance.stop().await;
}
