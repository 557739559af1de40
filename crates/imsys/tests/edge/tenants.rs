//! People in tenants: invitations, roles, and who must not take over whom.

use crate::support::{Answer, Client, Instance, instance};
use imsys::tenants::links;
use imsys_domain::TenantId;
use imsys_domain::access::Role;
use imsys_store::Actor;
use serde_json::{Value, json};

async fn invite(admin: &mut Client, email: &str) -> Value {
    let body = json!({ "email": email, "name": "Somebody", "role": "support" });
    let invited = admin.post("/api/v1/members", body).await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    invited.json()
}

async fn take(instance: &Instance, url: &Value, password: &str) -> u16 {
    let token = url.as_str().unwrap().split_once("/setup#").unwrap().1;
    let body = json!({ "token": token, "name": "", "email": "", "password": password });
    instance.stranger().post("/api/v1/setup", body).await.status
}

async fn sign_in(instance: &Instance, email: &str, password: &str) -> Option<Client> {
    let mut browser = instance.stranger();
    let answer = browser.post("/api/v1/session", json!({ "email": email, "password": password })).await;
    (answer.status == 201).then_some(browser)
}

async fn log(instance: &Instance, tenant: TenantId) -> Vec<(String, String)> {
    let store = instance.app.store.tenant(tenant, Actor::system(instance.now()));
    assert_eq!(store.audit_break().await, Ok(None));
    let page = store.audit(imsys_store::page::Ask::first(())).await.unwrap();
    page.items.into_iter().map(|line| (line.action, line.actor)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_sets_a_password_and_acts_in_the_role_he_was_given() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let invited = invite(&mut admin, "Ben@Example.net").await;
    assert_eq!((&invited["pending"], &invited["email"]), (&json!(true), &json!("ben@example.net")));
    assert_eq!(take(&instance, &invited["inviteUrl"], "a long password").await, 201);
    assert_eq!(take(&instance, &invited["inviteUrl"], "another password").await, 404, "it works once");
    let mut ben = sign_in(&instance, "ben@example.net", "a long password").await.unwrap();
    let session = ben.get("/api/v1/session").await.json();
    assert_eq!((&session["role"], &session["user"]["name"]), (&json!("support"), &json!("Somebody")));
    assert_eq!(ben.get("/api/v1/members").await.status, 403);
    assert_eq!(session["user"]["id"], invited["id"], "a fresh account has the id of its invitation");
    let path = format!("/api/v1/members/{}", invited["id"].as_str().unwrap());
    assert_eq!(admin.patch(&path, json!({ "role": "admin" })).await.json()["role"], "admin");
    assert_eq!(ben.get("/api/v1/members").await.status, 200, "a role counts from the next request on");
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(ben.get("/api/v1/members").await.code(), "no-tenant");
    let session = ben.get("/api/v1/session").await.json();
    assert_eq!(
        (&session["tenant"], &session["role"], &session["rights"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    let lines = log(&instance, tenant).await;
    let actions: Vec<&str> = lines.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["member.remove", "member.role", "member.join", "member.add"]);
    assert_eq!(lines[2].1, "ben@example.net");
}

async fn accept(browser: &mut Client, url: &Value) -> Answer {
    let token = url.as_str().unwrap().split_once("/setup#").unwrap().1;
    browser.post("/api/v1/setup/accept", json!({ "token": token })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_another_tenant_accepts_while_signed_in_and_lands_where_they_were_last() {
    let instance = instance().await;
    let (lake, hill) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let (mut at_lake, mut at_hill) =
        (instance.member(lake, Role::Admin).await, instance.member(hill, Role::Admin).await);
    let invited = invite(&mut at_lake, "ben@example.net").await;
    take(&instance, &invited["inviteUrl"], "a long password").await;
    let mut ben = sign_in(&instance, "ben@example.net", "a long password").await.unwrap();
    let invited = invite(&mut at_hill, "ben@example.net").await;
    assert_eq!((&invited["known"], &invited["name"]), (&json!(true), &json!("Somebody")));
    let token = invited["inviteUrl"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let looked = instance.stranger().with("x-imsys-link", token).get("/api/v1/setup").await.json();
    assert_eq!((&looked["known"], &looked["tenantName"]), (&json!(true), &json!("Hill")));
    assert_eq!(accept(&mut instance.stranger(), &invited["inviteUrl"]).await.status, 401);
    assert_eq!(
        accept(&mut at_lake, &invited["inviteUrl"]).await.code(),
        "in-use",
        "it is for another address"
    );
    let session = ben.get("/api/v1/session").await.json();
    assert_eq!(session["memberships"].as_array().unwrap().len(), 1, "an invitation alone gives nothing");
    let accepted = accept(&mut ben, &invited["inviteUrl"]).await;
    assert_eq!(
        (accepted.status, &accepted.json()["tenant"]["name"]),
        (200, &json!("Hill")),
        "{}",
        accepted.text
    );
    assert_eq!(accept(&mut ben, &invited["inviteUrl"]).await.status, 404, "it works once");
    instance.pass(1);
    let entered = ben.post("/api/v1/session/tenant", json!({ "tenantId": lake })).await;
    assert_eq!((entered.status, &entered.json()["tenant"]["name"]), (200, &json!("Lake")));
    assert_eq!(ben.get("/api/v1/settings").await.json()["name"], "Lake");
    instance.pass(60);
    let mut later = sign_in(&instance, "ben@example.net", "a long password").await.unwrap();
    assert_eq!(later.get("/api/v1/session").await.json()["tenant"]["name"], "Lake", "where he was last");
    let nowhere = json!({ "tenantId": instance.tenant("Sea").await });
    assert_eq!(ben.post("/api/v1/session/tenant", nowhere).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_leaves_a_tenant_and_the_last_admin_does_not() {
    let instance = instance().await;
    let (lake, hill) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let mut at_lake = instance.member(lake, Role::Admin).await;
    let mut at_hill = instance.member(hill, Role::Admin).await;
    let invited = invite(&mut at_lake, "ben@example.net").await;
    take(&instance, &invited["inviteUrl"], "a long password").await;
    let mut ben = sign_in(&instance, "ben@example.net", "a long password").await.unwrap();
    let invited = invite(&mut at_hill, "ben@example.net").await;
    assert_eq!(accept(&mut ben, &invited["inviteUrl"]).await.status, 200);
    let path = format!("/api/v1/account/memberships/{lake}");
    let left = ben.delete(&path).await;
    assert_eq!((left.status, &left.json()["tenant"]["name"]), (200, &json!("Hill")));
    assert_eq!(left.json()["memberships"].as_array().unwrap().len(), 1);
    assert_eq!(ben.delete(&path).await.status, 404);
    assert_eq!(at_lake.delete(&path).await.code(), "in-use");
    let lines = log(&instance, lake).await;
    assert_eq!(lines[0], ("member.remove".into(), "ben@example.net".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_person_takes_the_set_up_link_of_a_second_provider() {
    let instance = instance().await;
    let mut ana = instance.first_admin("correct horse battery").await;
    let made = ana.post("/api/v1/tenants", json!({ "name": "Hill" })).await.json();
    let token = made["setupUrl"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let body =
        json!({ "token": token, "name": "Ana", "email": "ana@example.net", "password": "a new password" });
    let refused = instance.stranger().post("/api/v1/setup", body).await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "exists"));
    let again =
        ana.post(&format!("/api/v1/tenants/{}/setup-link", made["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(accept(&mut ana, &made["setupUrl"]).await.status, 404, "a lost link is made anew");
    let accepted = accept(&mut ana, &again.json()["setupUrl"]).await.json();
    assert_eq!((&accepted["tenant"]["name"], &accepted["role"]), (&json!("Hill"), &json!("admin")));
    assert_eq!(accepted["memberships"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_cannot_take_over_who_is_trusted_beyond_his_tenant() {
    let instance = instance().await;
    let (lake, hill) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let (mut at_lake, mut at_hill) =
        (instance.member(lake, Role::Admin).await, instance.member(hill, Role::Admin).await);
    let ben = invite(&mut at_lake, "ben@example.net").await;
    // While nobody has the address, whoever takes an invitation of it first has it.
    let early = invite(&mut at_hill, "ben@example.net").await;
    assert_eq!(early["known"], false);
    take(&instance, &ben["inviteUrl"], "a long password").await;
    assert_eq!(take(&instance, &early["inviteUrl"], "taken over by hill").await, 409);
    let reset = format!("/api/v1/members/{}/reset", ben["id"].as_str().unwrap());
    let before = at_lake.post(&reset, Value::Null).await.json()["resetUrl"].clone();
    let mut browser = sign_in(&instance, "ben@example.net", "a long password").await.unwrap();
    assert_eq!(accept(&mut browser, &early["inviteUrl"]).await.status, 200);
    assert_eq!(
        take(&instance, &before, "taken over by lake").await,
        404,
        "a link from before does not work any more"
    );
    assert_eq!(at_hill.post(&reset, Value::Null).await.code(), "in-use");
    assert!(sign_in(&instance, "ben@example.net", "a long password").await.is_some());
    let manager = instance.person("root@example.net", None).await;
    let root = invite(&mut at_hill, "root@example.net").await;
    assert_eq!(accept(&mut instance.browser(manager, None).await, &root["inviteUrl"]).await.status, 200);
    assert_eq!(at_hill.post(&format!("/api/v1/members/{manager}/reset"), Value::Null).await.code(), "in-use");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_an_invitation_is_made_anew_and_an_invitation_is_taken_back() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let ben = invite(&mut admin, "ben@example.net").await;
    let path = format!("/api/v1/members/{}", ben["id"].as_str().unwrap());
    let renewed = admin.post(&format!("{path}/reset"), Value::Null).await.json()["resetUrl"].clone();
    assert_eq!(take(&instance, &ben["inviteUrl"], "a long password").await, 404);
    assert_eq!(admin.get(&path).await.json()["pending"], true);
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(take(&instance, &renewed, "a long password").await, 404);
    assert_eq!(admin.get("/api/v1/members").await.json()["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_sets_the_password_and_signs_out_everywhere() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let ben = invite(&mut admin, "ben@example.net").await;
    take(&instance, &ben["inviteUrl"], "the old password").await;
    let mut old = sign_in(&instance, "ben@example.net", "the old password").await.unwrap();
    let reset = format!("/api/v1/members/{}/reset", ben["id"].as_str().unwrap());
    let first = admin.post(&reset, Value::Null).await.json()["resetUrl"].clone();
    let second = admin.post(&reset, Value::Null).await.json()["resetUrl"].clone();
    assert_eq!(take(&instance, &first, "the new password").await, 404, "only the last link works");
    assert_eq!(take(&instance, &second, "the new password").await, 201);
    assert_eq!(old.get("/api/v1/session").await.status, 401);
    assert!(sign_in(&instance, "ben@example.net", "the old password").await.is_none());
    assert!(sign_in(&instance, "ben@example.net", "the new password").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_one() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let me = admin.get("/api/v1/session").await.json()["user"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/members/{me}");
    assert_eq!(admin.patch(&path, json!({ "role": "support" })).await.code(), "in-use");
    assert_eq!(admin.delete(&path).await.code(), "in-use");
    let body = json!({ "email": "ben@example.net", "name": "Ben", "role": "admin" });
    admin.post("/api/v1/members", body).await;
    assert_eq!(admin.delete(&path).await.code(), "in-use", "who has not taken his invitation cannot help");
    instance.member(tenant, Role::Admin).await;
    assert_eq!(admin.patch(&path, json!({ "role": "support" })).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_manages_tenants_sees_counts_and_comes_in_only_visibly() {
    let instance = instance().await;
    let lake = instance.tenant("Lake").await;
    instance.member(lake, Role::Admin).await;
    let manager = instance.person("root@example.net", None).await;
    let mut manager = instance.browser(manager, None).await;
    let listed = manager.get("/api/v1/tenants?q=lake").await.json();
    assert_eq!(listed["total"], 1);
    assert_eq!(
        listed["items"][0]["counts"],
        json!({ "members": 1, "routers": 0, "customers": 0, "services": 0 })
    );
    assert_eq!(manager.get("/api/v1/services").await.code(), "no-tenant");
    let made = manager.post("/api/v1/tenants", json!({ "name": "Lake" })).await;
    assert_eq!((made.status, &made.json()["slug"]), (201, &json!("lake-2")));
    let url = made.json()["setupUrl"].clone();
    let token = url.as_str().unwrap().split_once('#').unwrap().1;
    let body = json!({ "token": token, "name": "Ida", "email": "ida@example.net", "password": "long enough to pass" });
    let ida = instance.stranger().post("/api/v1/setup", body).await;
    assert_eq!((ida.status, &ida.json()["user"]["platform"]), (201, &json!(false)));
    let path = format!("/api/v1/tenants/{lake}");
    assert_eq!(manager.patch(&path, json!({ "name": "Great Lake" })).await.json()["name"], "Great Lake");
    assert_eq!(manager.post(&format!("{path}/membership"), Value::Null).await.status, 201);
    assert_eq!(manager.post(&format!("{path}/membership"), Value::Null).await.code(), "exists");
    manager.post("/api/v1/session/tenant", json!({ "tenantId": lake })).await;
    assert_eq!(manager.get("/api/v1/services").await.status, 200);
    let lines = log(&instance, lake).await;
    let seen = [("member.join", "root@example.net"), ("tenant.settings", "root@example.net")];
    assert_eq!(lines, seen.map(|(action, actor)| (action.to_owned(), actor.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_in_part_and_within_bounds() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let changed = admin.patch("/api/v1/settings", json!({ "sweepSeconds": 60, "currency": "KES" })).await;
    let expected = json!({
        "name": "Lake", "currency": "KES", "sweepSeconds": 60, "staticCheckSeconds": 300, "historyMonths": 24,
        "webhookUrl": "", "serverAddress": "",
    });
    assert_eq!(changed.json(), expected);
    let wrong = json!({ "sweepSeconds": 29, "staticCheckSeconds": 9, "historyMonths": 121, "currency": "kes",
        "name": "" });
    let refused = admin.patch("/api/v1/settings", wrong).await;
    assert_eq!((refused.status, refused.json()["errors"].as_array().unwrap().len()), (422, 5));
    assert_eq!(admin.get("/api/v1/settings").await.json(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_the_demo_signs_in_any_number_of_times_and_is_no_set_up() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let person = instance.person("demo@example.net", Some((tenant, Role::Admin))).await;
    let kind = imsys_store::model::LinkKind::Demo;
    let url = links::open(&instance.app, kind, Some(person), Some(tenant)).await.unwrap();
    let token = url.split_once("/sign-in#").unwrap().1;
    for _ in 0..3 {
        let answer = instance.stranger().post("/api/v1/session", json!({ "token": token })).await;
        assert_eq!(answer.status, 201);
    }
    let body = json!({ "token": token, "name": "Eve", "password": "long enough to pass" });
    assert_eq!(instance.stranger().post("/api/v1/setup", body).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_searched_and_paged_newest_first() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    for name in ["meter", "lamp", "screen", "kiosk", "till"] {
        admin.post("/api/v1/api-keys", json!({ "name": name, "role": "read-only" })).await;
    }
    let page = admin.get("/api/v1/audit?limit=2").await.json();
    assert_eq!((&page["total"], &page["items"][0]["seq"]), (&json!(5), &json!(5)));
    let next = page["next"].as_str().unwrap();
    let page = admin.get(&format!("/api/v1/audit?limit=2&cursor={next}")).await.json();
    assert_eq!((&page["items"][0]["seq"], &page["items"][1]["seq"]), (&json!(3), &json!(2)));
    let found = admin.get("/api/v1/audit?q=create%20KIOSK").await.json();
    assert_eq!((&found["total"], &found["items"][0]["action"]), (&json!(1), &json!("key.create")));
}
