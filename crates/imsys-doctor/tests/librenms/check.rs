//! What a check finds.

use crate::world::{adapter, device, impatient, pair, settings};
use imsys_doctor::librenms::{Checked, Problem};
use imsys_doctor::port::Doctor;
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms, Faults, READER_TOKEN};
use std::time::Duration;

/// What is wrong with a fake of these faults.
async fn with(faults: Faults) -> Vec<Problem> {
    let fake = FakeNms::start().await.expect("a free port");
    fake.set_faults(faults);
    adapter(impatient(&fake.url())).check().await.problems
}

fn answers(status: u16, body: &str) -> Faults {
    Faults { status: Some((status, body.to_owned())), ..Faults::default() }
}

#[tokio::test]
async fn a_librenms_that_can_be_used_says_its_version_and_is_left_as_it_was() {
    let (fake, doctor) = pair().await;
    doctor.add(&device(1)).await.expect("it is added");
    let checked = doctor.check().await;
    assert_eq!(checked, Checked { version: Some("26.7.0".into()), problems: vec![] });
    assert!(checked.is_usable());
    assert_eq!(fake.devices(), 1);
}

#[tokio::test]
async fn a_token_that_may_only_read_lacks_three_rights() {
    let fake = FakeNms::start().await.expect("a free port");
    let checked = adapter(settings(&fake.url(), READER_TOKEN)).check().await;
    let lacks = [Problem::MayNotAdd, Problem::MayNotChange, Problem::MayNotRemove];
    assert_eq!((checked.problems.as_slice(), checked.is_usable()), (&lacks[..], false));
    let checked = adapter(settings(&fake.url(), "wrong")).check().await;
    assert_eq!(checked.problems, [Problem::Token]);
}

#[tokio::test]
async fn what_is_wrong_on_the_way_is_named() {
    assert_eq!(
        with(Faults { delay: Duration::from_secs(30), ..Faults::default() }).await,
        [Problem::TooSlow]
    );
    let elsewhere = Faults { redirect: Some("http://127.0.0.1:1".into()), ..Faults::default() };
    assert_eq!(with(elsewhere).await, [Problem::Redirect]);
    assert_eq!(with(answers(200, "<html>")).await, [Problem::NotLibreNms]);
    assert_eq!(with(answers(200, "{}")).await, [Problem::NotLibreNms]);
    assert_eq!(with(answers(404, "<html>")).await, [Problem::NotLibreNms]);
    assert_eq!(with(answers(500, r#"{"message":"Server Error"}"#)).await, [Problem::Failing]);
}

#[tokio::test]
async fn a_url_that_leads_nowhere_is_named() {
    let mut fake = FakeNms::start().await.expect("a free port");
    fake.go_away().await;
    assert_eq!(adapter(impatient(&fake.url())).check().await.problems, [Problem::NoConnection]);
    let mut settings = settings(&fake.url(), ADMIN_TOKEN);
    settings.allow_loopback = false;
    assert_eq!(adapter(settings).check().await.problems, [Problem::Address]);
    // An address in a URL: whether a name is known is up to the machine's DNS.
    let metadata = adapter(impatient("http://169.254.169.254"));
    assert_eq!(metadata.check().await.problems, [Problem::InTheClear, Problem::Address]);
}

#[test]
fn every_problem_has_a_sentence() {
    for problem in [Problem::NoAddress, Problem::Tls, Problem::Token, Problem::InTheClear] {
        let text = problem.to_string();
        assert!(text.ends_with('.') && !text.contains("  "), "{text}");
    }
}
