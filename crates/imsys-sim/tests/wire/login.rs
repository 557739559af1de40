use imsys_sim::router::LoginForm;

use crate::client::{Client, router, router_with};

const WRONG: [&[&str]; 2] = [&["!trap", "=message=invalid user name or password (6)"], &["!done"]];

#[tokio::test]
async fn a_wrong_password_is_trapped_and_the_right_one_still_works() {
    let router = router("7.18").await;
    let mut client = Client::connect(router.address()).await;
    assert_eq!(client.ask(&["/login", "=name=api", "=password=no"]).await, WRONG);
    assert_eq!(client.ask(&["/login", "=name=nobody", "=password=secret"]).await, WRONG);
    assert_eq!(client.ask(&["/login", "=name=api", "=password=secret"]).await, [["!done"]]);
    assert_eq!(router.count("user/active"), 1);
}

#[tokio::test]
async fn the_fifth_attempt_on_one_connection_is_fatal() {
    let router = router("6.49").await;
    let mut client = Client::connect(router.address()).await;
    for _ in 0..4 {
        assert_eq!(client.ask(&["/login", "=name=api", "=password=bad"]).await, WRONG);
    }
    let last = client.ask(&["/login", "=name=api", "=password=secret"]).await;
    assert_eq!(last, [["!fatal", "too many commands before login"]]);
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn commands_before_login_are_fatal() {
    let router = router("7.12").await;
    let mut client = Client::connect(router.address()).await;
    assert_eq!(client.ask(&["/system/identity/print"]).await, [["!fatal", "not logged in"]]);
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn version_6_42_wants_its_challenge_answered() {
    let router = router("6.42").await;
    let mut client = Client::connect(router.address()).await;
    let challenge = client.ask(&["/login", "=name=api", "=password=secret"]).await;
    assert_eq!(challenge[0][0], "!done");
    let challenge = challenge[0][1].strip_prefix("=ret=").unwrap();
    assert_eq!(challenge.len(), 32);
    let wrong = client.ask(&["/login", "=name=api", "=response=0000112233445566778899aabbccddeeff"]).await;
    assert_eq!(wrong, [&["!trap", "=message=cannot log in"][..], &["!done"]]);
    let challenge = client.ask(&["/login"]).await[0][1].strip_prefix("=ret=").unwrap().to_owned();
    let response = format!("=response={}", answer("secret", &challenge));
    assert_eq!(client.ask(&["/login", "=name=api", &response]).await, [["!done"]]);
    assert_eq!(client.rows(&["/system/identity/print"]).await.len(), 1);
}

#[tokio::test]
async fn the_form_can_be_chosen_against_the_version() {
    let router = router_with("7.18", |config| config.login = Some(LoginForm::Challenge)).await;
    let mut client = Client::connect(router.address()).await;
    let reply = client.ask(&["/login", "=name=api", "=password=secret"]).await;
    assert!(reply[0][1].starts_with("=ret="));
}

#[tokio::test]
async fn disabled_users_foreign_addresses_and_groups_without_api_do_not_come_in() {
    let router = router("7.18").await;
    router.add("user/group", &[("name", "noapi"), ("policy", "read,write,test")]).unwrap();
    let users = [
        ("off", "full", ("disabled", "yes")),
        ("far", "full", ("address", "10.255.0.1/32")),
        ("noapi", "noapi", ("comment", "x")),
    ];
    for (name, group, extra) in users {
        router.add("user", &[("name", name), ("group", group), ("password", "p"), extra]).unwrap();
        let mut client = Client::connect(router.address()).await;
        assert_eq!(client.ask(&["/login", &format!("=name={name}"), "=password=p"]).await, WRONG);
    }
    router
        .add("user", &[("name", "near"), ("group", "full"), ("password", "p"), ("address", "127.0.0.0/8")])
        .unwrap();
    Client::login_as(&router, "near", "p").await;
}

#[tokio::test]
async fn quitting_is_answered_and_ends_the_connection() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    assert_eq!(client.ask(&["/quit"]).await, [["!fatal", "session terminated on request"]]);
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn every_login_and_logout_writes_a_line_into_the_log() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    client.ask(&["/quit"]).await;
    assert!(client.is_closed().await);
    let mut second = Client::login(&router).await;
    let lines = second.rows(&["/log/print", "=.proplist=message"]).await;
    let said = |text: &str| lines.iter().filter(|line| line.get("message").unwrap().contains(text)).count();
    assert_eq!((said("logged in"), said("logged out")), (2, 1));
}

/// `00` and MD5 of a zero byte, the password and the challenge, computed apart from the simulator's own.
fn answer(password: &str, challenge: &str) -> String {
    use md5::{Digest, Md5};
    let bytes = (0..16).map(|n| u8::from_str_radix(&challenge[2 * n..2 * n + 2], 16).unwrap());
    let text: Vec<u8> = [0].into_iter().chain(password.bytes()).chain(bytes).collect();
    let sum: String = Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("00{sum}")
}
