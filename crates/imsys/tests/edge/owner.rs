//! The owner's commands, asked of a running server over its socket.

use crate::support::{Instance, instance};
use imsys::admin_socket::SOCKET;
use imsys::clock::Clock;
use imsys::history;
use imsys::secrets::Place;
use imsys::wire::{self, WireError};
use imsys_doctor::builtin::series::{Range, Sample};
use imsys_domain::access::Role;
use imsys_domain::{DeviceId, TenantId};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use uuid::Uuid;

pub(super) async fn ask(instance: &Instance, request: Value) -> Value {
    let file = instance.folder.path().join(SOCKET);
    let mut stream = loop {
        // The admin socket opens beside the server, perhaps a moment later.
        match UnixStream::connect(&file).await {
            Ok(stream) => break stream,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    stream.write_all(format!("{request}\n").as_bytes()).await.unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await.unwrap();
    serde_json::from_str(&line).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_makes_a_tenant_and_a_key_while_the_server_runs() {
    let instance = instance().await;
    let made = ask(&instance, json!({ "do": "tenantCreate", "name": "Lake" })).await["done"].clone();
    assert!(made["setupUrl"].as_str().unwrap().starts_with(&format!("http://{}/setup#", instance.at)));
    let key =
        json!({ "do": "keyCreate", "tenant": made["tenantId"], "role": "admin", "name": "command line" });
    let key = ask(&instance, key).await["done"]["key"].as_str().unwrap().to_owned();
    assert_eq!(instance.stranger().with_key(&key).get("/api/v1/settings").await.json()["name"], "Lake");
    let unknown = json!({ "do": "keyCreate", "tenant": uuid::Uuid::nil(), "role": "admin", "name": "x" });
    assert_eq!(ask(&instance, unknown).await, json!({ "refused": "`tenant` does not exist" }));
    assert!(ask(&instance, json!({ "do": "dance" })).await["refused"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_deletes_a_tenant_whose_name_he_types() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let delete = |name: &str| json!({ "do": "tenantDelete", "tenant": tenant, "name": name });
    let refused = ask(&instance, delete("lake")).await["refused"].as_str().unwrap().to_owned();
    assert!(refused.contains("what the tenant is called"), "{refused}");
    assert_eq!(ask(&instance, delete("Lake")).await, json!({ "done": {} }));
    assert_eq!(ask(&instance, delete("Lake")).await, json!({ "refused": "`tenant` does not exist" }));
    assert_eq!(instance.app.store.census().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_resets_a_password_of_anybody() {
    let instance = instance().await;
    instance.first_admin("the old password").await;
    let made = ask(&instance, json!({ "do": "reset", "email": "Ana@example.net" })).await;
    let url = made["done"]["resetUrl"].as_str().unwrap().to_owned();
    let token = url.split_once("/setup#").unwrap().1;
    let body = json!({ "token": token, "password": "the new password" });
    assert_eq!(instance.stranger().post("/api/v1/setup", body).await.status, 201);
    let credentials = json!({ "email": "ana@example.net", "password": "the new password" });
    assert_eq!(instance.stranger().post("/api/v1/session", credentials).await.status, 201);
    let nobody = ask(&instance, json!({ "do": "reset", "email": "x@y" })).await;
    assert_eq!(nobody, json!({ "refused": "`email` belongs to nobody here" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_set_up_link_of_a_tenant_is_made_anew_and_the_one_before_ends() {
    let instance = instance().await;
    let made = ask(&instance, json!({ "do": "tenantCreate", "name": "Lake" })).await["done"].clone();
    let again =
        ask(&instance, json!({ "do": "tenantLink", "tenant": made["tenantId"] })).await["done"].clone();
    let take = async |url: &Value| {
        let token = url.as_str().unwrap().split_once("/setup#").unwrap().1;
        let body = json!({ "token": token, "name": "Ida", "email": "ida@example.net", "password": "a long sentence" });
        instance.stranger().post("/api/v1/setup", body).await.status
    };
    assert_eq!(take(&made["setupUrl"]).await, 404);
    assert_eq!(take(&again["setupUrl"]).await, 201);
    let unknown = json!({ "do": "tenantLink", "tenant": uuid::Uuid::nil() });
    assert_eq!(ask(&instance, unknown).await, json!({ "refused": "`tenant` does not exist" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_squatted_address_is_released_and_its_true_owner_is_invited() {
    let instance = instance().await;
    let (a, b) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let mut at_a = instance.member(a, Role::Admin).await;
    let mut at_b = instance.member(b, Role::Admin).await;
    let invitation = json!({ "email": "newcfo@b.example", "name": "New", "role": "admin" });
    let take = async |url: &Value, password: &str| {
        let token = url.as_str().unwrap().split_once("/setup#").unwrap().1;
        let body = json!({ "token": token, "name": "Cleo", "password": password });
        let mut browser = instance.stranger();
        let taken = browser.post("/api/v1/setup", body).await;
        (taken.status, taken.text.clone(), browser)
    };
    let squatted = at_a.post("/api/v1/members", invitation.clone()).await.json();
    let (status, _, mut squatter) = take(&squatted["inviteUrl"], "the password of a").await;
    assert_eq!(status, 201);
    let invited = at_b.post("/api/v1/members", invitation).await.json();
    assert_eq!((&invited["known"], &invited["pending"]), (&json!(true), &json!(true)));
    let (status, text, _) = take(&invited["inviteUrl"], "the password of b").await;
    assert_eq!(status, 409, "{text}");
    let session = squatter.get("/api/v1/session").await.json();
    assert_eq!(session["memberships"].as_array().unwrap().len(), 1, "the invitation gave A nothing");
    let released = ask(&instance, json!({ "do": "personRelease", "email": "NewCfo@b.example" })).await;
    assert!(released["done"]["personId"].is_string(), "{released}");
    assert_eq!(squatter.get("/api/v1/session").await.status, 401, "its sign-ins end");
    let credentials = json!({ "email": "newcfo@b.example", "password": "the password of a" });
    assert_eq!(instance.stranger().post("/api/v1/session", credentials).await.status, 401);
    let (status, text, mut owner) = take(&invited["inviteUrl"], "the password of b").await;
    assert_eq!(status, 201, "{text}");
    let session = owner.get("/api/v1/session").await.json();
    assert_eq!((&session["tenant"]["name"], &session["role"]), (&json!("Hill"), &json!("admin")));
    let nobody = ask(&instance, json!({ "do": "personRelease", "email": "x@y" })).await;
    assert_eq!(nobody, json!({ "refused": "`email` belongs to nobody here" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_seals_every_password_again_and_the_server_keeps_reading_them() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut program = instance.program(tenant, Role::Admin).await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    assert_eq!(program.post("/api/v1/routers", router).await.status, 201);
    let before = instance.app.store.sealed().await.unwrap();
    assert_eq!(ask(&instance, json!({ "do": "rotateKey" })).await, json!({ "done": { "resealed": 1 } }));
    let after = instance.app.store.sealed().await.unwrap();
    assert_ne!(before[0].value, after[0].value);
    let place = Place::of(tenant, after[0].holder);
    assert!(instance.app.secrets.open(place, &after[0].value).unwrap().contains("geheim"));
    let keys = std::fs::read_to_string(instance.folder.path().join("secret.key")).unwrap();
    assert_eq!(keys.lines().filter(|line| !line.starts_with('#')).count(), 2, "old backups still open");
    assert_eq!(ask(&instance, json!({ "do": "rotateKey" })).await, json!({ "done": { "resealed": 1 } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_a_whole_database_for_its_owner_alone_and_overwrites_nothing() {
    let instance = instance().await;
    instance.tenant("Lake").await;
    let (tenant, device) = (TenantId(Uuid::from_u128(1)), DeviceId(Uuid::from_u128(2)));
    let (key, at) = (history::key(tenant, device, "ping", "median"), instance.app.now());
    let sample = Sample { key: key.clone(), at, value: 1.5 };
    instance.app.history.append([sample].into(), at).await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("imsys.db");
    let request = json!({ "do": "backup", "file": file });
    assert_eq!(ask(&instance, request.clone()).await, json!({ "done": {} }));
    let series = elsewhere.path().join("imsys.db.series");
    for file in [&file, &series] {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::rename(series, elsewhere.path().join("series.db")).unwrap();
    assert!(ask(&instance, request).await["refused"].as_str().unwrap().contains("exists"));
    let mut config = imsys::config::Config::default();
    config.data.dir = elsewhere.path().to_owned();
    let restored = wire::open(config, Clock::system()).await.unwrap();
    assert_eq!(restored.app.store.census().await.unwrap()[0].0.name, "Lake");
    let (from, to) = (at.plus_seconds(-9), at.plus_seconds(9));
    let kept = restored.app.history.ranges(vec![key], from, to, 9).await.unwrap();
    assert!(matches!(&kept[..], [Range::Points(points)] if points.len() == 1), "{kept:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_folder_belongs_to_one_process_and_to_its_owner() {
    let instance = instance().await;
    ask(&instance, json!({ "do": "rotateKey" })).await;
    for name in [SOCKET, "imsys.db", "series.db", "secret.key", "imsys.lock"] {
        let mode = std::fs::metadata(instance.folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
    let config = imsys::config::Config::clone(&instance.app.config);
    let second = wire::open(config, Clock::system()).await;
    assert!(matches!(second.err(), Some(WireError::Taken(_))));
}
