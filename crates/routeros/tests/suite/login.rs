use routeros::client::{CloseReason, Error, LoginError, LoginForm, TrapKind};

use crate::router::{Router, run_x, town};

const CHALLENGE: &str = "=ret=93b438ec9b80057c06dd9fe67d56aa9a";
const RESPONSE: &str = "=response=00e134102a9d330dd7b1849fedfea3cb57";

async fn answer(router: &mut Router, heard: &[&str], said: &[&[&str]]) {
    assert_eq!(router.hear().await, heard);
    for sentence in said {
        router.say(sentence).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_a_trap_and_the_next_try_may_be_right() {
    let (client, mut router) = town();
    let refusal: [&[&str]; 2] = [&["!trap", "=message=invalid user name or password (6)"], &["!done"]];
    let (first, ()) = tokio::join!(
        client.login("api", "wrong", LoginForm::Modern),
        answer(&mut router, &["/login", "=name=api", "=password=wrong"], &refusal)
    );
    let Err(Error::Trap(traps)) = first else { panic!("{first:?}") };
    assert_eq!(traps.kind(), TrapKind::BadLogin);
    let (second, ()) = tokio::join!(
        client.login("api", "right", LoginForm::Modern),
        answer(&mut router, &["/login", "=name=api", "=password=right"], &[&["!done"]])
    );
    assert_eq!(second, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_challenge_is_not_answered_unless_that_is_allowed() {
    let (client, mut router) = town();
    let (login, ()) = tokio::join!(
        client.login("api", "", LoginForm::Modern),
        answer(&mut router, &["/login", "=name=api", "=password="], &[&["!done", CHALLENGE]])
    );
    assert_eq!(login, Err(Error::Login(LoginError::ChallengeWanted)));
}

#[tokio::test(start_paused = true)]
async fn the_combined_form_falls_back_to_the_challenge() {
    let (client, mut router) = town();
    let (login, ()) = tokio::join!(client.login("admin", "", LoginForm::ModernOrChallenge), async {
        answer(&mut router, &["/login", "=name=admin", "=password="], &[&["!done", CHALLENGE]]).await;
        answer(&mut router, &["/login", "=name=admin", RESPONSE], &[&["!done"]]).await;
    });
    assert_eq!(login, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn the_challenge_form_never_shows_the_password() {
    let (client, mut router) = town();
    let (login, ()) = tokio::join!(client.login("admin", "", LoginForm::Challenge), async {
        answer(&mut router, &["/login"], &[&["!done", CHALLENGE]]).await;
        answer(&mut router, &["/login", "=name=admin", RESPONSE], &[&["!done"]]).await;
    });
    assert_eq!(login, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_challenge_that_is_missing_or_no_challenge_is_an_error() {
    for (reply, error) in [
        (&["!done"][..], LoginError::NoChallenge),
        (&["!done", "=ret=xyz"], LoginError::BadChallenge { challenge: "xyz".into() }),
    ] {
        let (client, mut router) = town();
        let replies = [reply];
        let (login, ()) = tokio::join!(
            client.login("admin", "", LoginForm::Challenge),
            answer(&mut router, &["/login"], &replies)
        );
        assert_eq!(login, Err(Error::Login(error)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_without_an_answer_ends_the_connection() {
    let (client, _router) = town();
    assert_eq!(client.login("api", "x", LoginForm::Modern).await, Err(Error::Deadline));
    assert_eq!(client.closed().await, CloseReason::LoginAbandoned);
    assert_eq!(run_x(&client).await, Err(Error::Closed(CloseReason::LoginAbandoned)));
}

#[tokio::test(start_paused = true)]
async fn two_logins_do_not_mix() {
    let (client, _router) = town();
    let first = client.login("a", "x", LoginForm::Modern);
    let second = client.login("b", "y", LoginForm::Modern);
    let (_, second) = tokio::join!(first, second);
    assert_eq!(second, Err(Error::Login(LoginError::Busy)));
}

#[tokio::test(start_paused = true)]
async fn the_password_is_not_in_a_debug_line() {
    let command = routeros::client::Command::new("/login").attr("password", "hunter2");
    assert_eq!(format!("{command:?}"), "Command(\"/login\")");
}
