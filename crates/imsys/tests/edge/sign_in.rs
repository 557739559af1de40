//! Who signs in, how often he may try, and for how long it lasts.

use crate::support::{Client, house_with, instance};
use imsys_domain::access::Role;
use serde_json::json;

const SESSION: &str = "/api/v1/session";
const PASSWORD: &str = "correct horse battery";

fn credentials(email: &str, password: &str) -> serde_json::Value {
    json!({ "email": email, "password": password })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_opens_a_session_and_nothing_tells_wrong_ones_apart() {
    let instance = instance().await;
    instance.first_admin(PASSWORD).await;
    let mut browser = instance.stranger();
    assert_eq!(browser.get(SESSION).await.status, 401);
    let wrong = browser.post(SESSION, credentials("ana@example.net", "incorrect horse")).await;
    let unknown = browser.post(SESSION, credentials("nobody@example.net", "incorrect horse")).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (401, "wrong-credentials"));
    assert_eq!((unknown.status, unknown.text), (wrong.status, wrong.text));
    let opened = browser.post(SESSION, credentials(" Ana@Example.NET", PASSWORD)).await;
    assert_eq!(opened.status, 201);
    let cookie = opened.header("set-cookie").unwrap();
    for part in ["__Host-imsys=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let session = browser.get(SESSION).await.json();
    assert_eq!(session["user"]["email"], "ana@example.net");
    assert_eq!(session["tenant"]["slug"], "lake-isp");
    assert_eq!(session["role"], "admin");
    assert_eq!((&session["demo"], &session["insecure"]), (&json!(false), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_ten_times_waits_and_the_owner_signs_in_meanwhile() {
    let instance =
        house_with(|config| config.http.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    let owner = instance.first_admin(PASSWORD).await.signed_out();
    let from = |browser: Client, address: &str| {
        browser.with("x-forwarded-for", address).with("x-forwarded-proto", "https")
    };
    let mut guesser = from(instance.stranger(), "192.0.2.7");
    for _ in 0..10 {
        assert_eq!(guesser.post(SESSION, credentials("ana@example.net", "wrong")).await.status, 401);
    }
    let limited = guesser.post(SESSION, credentials("ana@example.net", PASSWORD)).await;
    assert_eq!((limited.status, limited.code().as_str()), (429, "too-many-requests"));
    let wait: u32 = limited.header("retry-after").unwrap().parse().unwrap();
    assert!(wait <= 91, "{wait}");
    let right = credentials("ana@example.net", PASSWORD);
    let mut elsewhere = from(instance.stranger(), "198.51.100.9");
    assert_eq!(elsewhere.post(SESSION, right.clone()).await.status, 201, "another address");
    let mut same_office = from(owner, "192.0.2.7");
    assert_eq!(same_office.post(SESSION, right).await.status, 201, "a known browser, beside the guesser");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_a_hundred_addresses_do_not_lock_the_known_browser_out() {
    let instance =
        house_with(|config| config.http.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    let mut owner = instance.first_admin(PASSWORD).await.signed_out();
    let guess = credentials("ana@example.net", "wrong");
    let from = |address: String| {
        instance.stranger().with("x-forwarded-for", address).with("x-forwarded-proto", "https")
    };
    for n in 0..100 {
        let mut guesser = from(format!("192.0.2.{n}"));
        assert_eq!(guesser.post(SESSION, guess.clone()).await.status, 401);
    }
    let mut next = from("198.51.100.9".into());
    assert_eq!(next.post(SESSION, guess).await.status, 429);
    assert_eq!(owner.post(SESSION, credentials("ana@example.net", PASSWORD)).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_attempt_while_the_clock_is_a_year_ahead_locks_nobody_for_a_year() {
    let instance = instance().await;
    instance.first_admin(PASSWORD).await;
    instance.pass(365 * 86_400);
    assert_eq!(instance.stranger().post(SESSION, credentials("ana@example.net", "wrong")).await.status, 401);
    instance.pass(-365 * 86_400);
    assert_eq!(instance.stranger().post(SESSION, credentials("ana@example.net", PASSWORD)).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_address_or_password_is_refused_before_anything_is_kept_or_hashed() {
    let instance = instance().await;
    instance.first_admin(PASSWORD).await;
    let mut browser = instance.stranger();
    // More than an address is allowed: none of them is remembered.
    for n in 0..40 {
        let email = format!("{n}{}@example.net", "x".repeat(500_000));
        let refused = browser.post(SESSION, credentials(&email, "wrong")).await;
        assert_eq!((refused.status, refused.code().as_str()), (401, "wrong-credentials"));
    }
    let long = browser.post(SESSION, credentials("ana@example.net", &"x".repeat(500_000))).await;
    assert_eq!(long.status, 401);
    assert_eq!(browser.post(SESSION, credentials("ana@example.net", PASSWORD)).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_changes_the_own_password_and_sees_and_ends_the_own_sign_ins() {
    let instance = instance().await;
    let mut here = instance.first_admin(PASSWORD).await;
    let right = credentials("ana@example.net", PASSWORD);
    let [mut phone, mut lost] =
        [instance.stranger(), instance.stranger()].map(|new| new.with("user-agent", "Phone"));
    for browser in [&mut phone, &mut lost] {
        assert_eq!(browser.post(SESSION, right.clone()).await.status, 201);
    }
    const SIGN_INS: &str = "/api/v1/account/sign-ins";
    let listed = here.get(SIGN_INS).await.json()["items"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 3);
    let others: Vec<_> = listed.iter().filter(|one| one["current"] == false).collect();
    assert_eq!(
        (others.len(), &others[0]["agent"], &others[0]["address"]),
        (2, &json!("Phone"), &json!("127.0.0.1"))
    );
    let of_lost = lost.get(SIGN_INS).await.json();
    let of_lost =
        of_lost["items"].as_array().unwrap().iter().find(|one| one["current"] == true).unwrap().clone();
    let path = format!("{SIGN_INS}/{}", of_lost["id"].as_str().unwrap());
    let stranger = instance.member(instance.tenant("Hill").await, Role::Admin).await;
    assert_eq!(stranger.clone().delete(&path).await.status, 404, "another's");
    assert_eq!(here.delete(&path).await.status, 204);
    assert_eq!(here.delete(&path).await.status, 404);
    assert_eq!(lost.get(SESSION).await.status, 401);
    const CHANGE: &str = "/api/v1/account/password";
    let change = |current: &str, new: &str| json!({ "current": current, "password": new });
    let wrong = here.post(CHANGE, change("not her password", "another long sentence")).await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["field"]), (422, &json!("current")));
    let weak = here.post(CHANGE, change(PASSWORD, "short")).await;
    assert_eq!((weak.status, &weak.json()["errors"][0]["field"]), (422, &json!("password")));
    assert_eq!(phone.get(SESSION).await.status, 200, "nothing has changed yet");
    assert_eq!(here.post(CHANGE, change(PASSWORD, "another long sentence")).await.status, 204);
    assert_eq!((here.get(SESSION).await.status, phone.get(SESSION).await.status), (200, 401));
    assert_eq!(instance.stranger().post(SESSION, right).await.status, 401);
    let new = credentials("ana@example.net", "another long sentence");
    assert_eq!(phone.post(SESSION, new).await.status, 201);
    assert_eq!(here.delete(SIGN_INS).await.status, 204);
    assert_eq!((here.get(SESSION).await.status, phone.get(SESSION).await.status), (200, 401));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_half_a_day_unused_and_after_thirty_days_in_any_case() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut idle = instance.member(tenant, Role::ReadOnly).await;
    let mut busy = instance.member(tenant, Role::ReadOnly).await;
    for _ in 0..59 {
        instance.pass(12 * 3600 - 1);
        assert_eq!(busy.get(SESSION).await.status, 200);
    }
    assert_eq!(idle.get(SESSION).await.status, 401);
    instance.pass(12 * 3600 - 1);
    instance.pass(60);
    assert_eq!(busy.get(SESSION).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_and_signing_out_leave_no_old_session_behind() {
    let instance = instance().await;
    let mut browser = instance.first_admin(PASSWORD).await;
    let mut old = browser.clone();
    assert_eq!(browser.post(SESSION, credentials("ana@example.net", PASSWORD)).await.status, 201);
    assert_ne!(old.cookie(), browser.cookie());
    assert_eq!(old.get(SESSION).await.status, 401);
    let mut copy = browser.clone();
    assert_eq!(browser.delete(SESSION).await.status, 204);
    assert_eq!(browser.cookie(), None);
    assert_eq!(copy.get(SESSION).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_make_a_browser_change_anything() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let browser = instance.member(tenant, Role::Admin).await;
    let change = json!({ "currency": "KES" });
    let own = format!("http://{}", instance.at);
    for (name, value, status) in [
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", own.as_str(), 200),
        ("sec-fetch-site", "same-origin", 200),
        ("accept", "*/*", 200),
    ] {
        let mut asking = browser.clone().with(name, value);
        let answer = asking.patch("/api/v1/settings", change.clone()).await;
        assert_eq!(answer.status, status, "{name}: {value}");
        assert_eq!(asking.get("/api/v1/settings").await.status, 200, "reading is not a change");
    }
    let mut program = instance.program(tenant, Role::Admin).await.with("origin", "https://evil.example");
    assert_eq!(program.patch("/api/v1/settings", change).await.status, 200, "a key is no cookie");
    let mut stranger = instance.stranger().with("origin", "https://evil.example");
    assert_eq!(stranger.post(SESSION, credentials("a@b.c", "x")).await.code(), "foreign-origin");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_plain_http_from_elsewhere_sign_in_is_refused_with_the_ways_out() {
    let instance = instance().await;
    instance.first_admin(PASSWORD).await;
    let mut browser =
        instance.stranger().with("host", "imsys.example").with("origin", "http://imsys.example");
    let refused = browser.post(SESSION, credentials("ana@example.net", PASSWORD)).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "insecure"));
    for way in ["http.trusted_proxies", "ssh -L", "http.insecure"] {
        assert!(refused.text.contains(way), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_can_be_allowed_and_every_session_says_so() {
    let instance = house_with(|config| config.http.insecure = true).await;
    instance.first_admin(PASSWORD).await;
    let mut browser =
        instance.stranger().with("host", "imsys.example").with("origin", "http://imsys.example");
    let opened = browser.post(SESSION, credentials("ana@example.net", PASSWORD)).await;
    assert_eq!((opened.status, &opened.json()["insecure"]), (201, &json!(true)));
    let cookie = opened.header("set-cookie").unwrap();
    assert!(cookie.starts_with("imsys=") && !cookie.contains("Secure"), "{cookie}");
    assert_eq!(browser.get(SESSION).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_vouches_for_https_and_names_the_client() {
    let instance =
        house_with(|config| config.http.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    instance.first_admin(PASSWORD).await;
    let behind = |proto: &str, client: &str| {
        let proxied =
            instance.stranger().with("host", "imsys.example").with("origin", "https://imsys.example");
        proxied.with("x-forwarded-proto", proto).with("x-forwarded-for", client)
    };
    let right = credentials("ana@example.net", PASSWORD);
    assert_eq!(behind("https", "192.0.2.7").post(SESSION, right.clone()).await.status, 201);
    assert_eq!(behind("http", "192.0.2.7").post(SESSION, right).await.code(), "insecure");
    for n in 0..30 {
        let guess = credentials(&format!("{n}@example.net"), "wrong");
        assert_eq!(behind("https", "198.51.100.9").post(SESSION, guess).await.status, 401);
    }
    let guess = credentials("x@example.net", "wrong");
    assert_eq!(behind("https", "198.51.100.9").post(SESSION, guess.clone()).await.status, 429);
    assert_eq!(behind("https", "198.51.100.10").post(SESSION, guess).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_work_until_they_expire_or_are_revoked_and_show_their_last_use() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let expires = "2025-06-16T00:00:00Z";
    let made = admin
        .post("/api/v1/api-keys", json!({ "name": "meter", "role": "support", "expiresAt": expires }))
        .await;
    assert_eq!(made.status, 201);
    let (key, id) =
        (made.json()["key"].as_str().unwrap().to_owned(), made.json()["id"].as_str().unwrap().to_owned());
    assert!(key.starts_with("imsys_") && key.len() == 6 + 43, "{key}");
    let mut program = instance.stranger().with_key(&key);
    assert_eq!(program.get("/api/v1/settings").await.status, 200);
    assert_eq!(program.get("/api/v1/members").await.code(), "forbidden");
    assert_eq!(program.get(SESSION).await.code(), "person-needed");
    let shown = admin.get(&format!("/api/v1/api-keys/{id}")).await;
    assert!(shown.json()["lastUsedAt"].is_string() && !shown.text.contains(&key), "{}", shown.text);
    instance.pass(9 * 3600);
    assert_eq!(program.get("/api/v1/settings").await.status, 401);
    let past = json!({ "name": "late", "role": "support", "expiresAt": expires });
    assert_eq!(admin.post("/api/v1/api-keys", past).await.json()["errors"][0]["field"], "expiresAt");
    let made = admin.post("/api/v1/api-keys", json!({ "name": "lamp", "role": "read-only" })).await.json();
    let mut program = instance.stranger().with_key(made["key"].as_str().unwrap());
    assert_eq!(program.get("/api/v1/settings").await.status, 200);
    assert_eq!(admin.delete(&format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap())).await.status, 204);
    assert_eq!(program.get("/api/v1/settings").await.status, 401);
    for wrong in ["", "Basic YTpi", "Bearer", "Bearer imsys_nope"] {
        let mut asking = admin.clone().with("authorization", wrong);
        assert_eq!(
            asking.get("/api/v1/settings").await.status,
            401,
            "a wrong key is not made good by a cookie"
        );
    }
}
