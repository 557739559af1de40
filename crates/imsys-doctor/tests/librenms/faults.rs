//! A LibreNMS that is slow, broken or something else: a typed error, and nothing hangs.

use crate::world::{adapter, device, impatient, pair, radio, settings};
use imsys_doctor::Credentials;
use imsys_doctor::port::{
    Added, Away, Denied, Doctor, DoctorError, GraphName, GraphQuery, Picture, Refusal, Retry, Wrong,
};
use imsys_domain::Timestamp;
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms, Faults, Host, READER_TOKEN};
use std::time::{Duration, Instant};

/// Far more than the impatient adapter waits in all, and less than a server takes that is 30 s late.
const HANG: Duration = Duration::from_secs(25);

fn query() -> GraphQuery {
    let (from, to) = (Timestamp(0), Timestamp(3_600_000));
    let name = GraphName("device_icmp_perf".into());
    GraphQuery { name, from, to, width: 400, height: 100, picture: Picture::Svg }
}

/// The error of each method.
async fn errors(doctor: &dyn Doctor) -> Vec<Option<DoctorError>> {
    let (device, other) = (device(1), device(2).id);
    vec![
        doctor.add(&device).await.err(),
        doctor.remove(device.id).await.err(),
        doctor.health(&[device.id]).await.err(),
        doctor.health(&[device.id, other, other, other, other]).await.err(),
        doctor.set_snmp(device.id, Some(&Credentials::V2c("public".into()))).await.err(),
        doctor.readings(device.id).await.err(),
        doctor.graphs(device.id).await.err(),
        doctor.graph(device.id, &query()).await.err(),
        doctor.set_parents(device.id, &[other]).await.err(),
        doctor.parents(device.id).await.err(),
    ]
}

async fn each_method_fails_with(faults: Faults, error: DoctorError, retry: Retry) {
    let fake = FakeNms::start().await.expect("a free port");
    fake.set_faults(faults);
    let doctor = adapter(settings(&fake.url(), ADMIN_TOKEN));
    for found in errors(&doctor).await {
        assert_eq!(found, Some(error));
    }
    assert_eq!(error.retry(), retry);
    assert_eq!(fake.devices(), 0);
}

fn answers(status: u16, body: &str) -> Faults {
    Faults { status: Some((status, body.to_owned())), ..Faults::default() }
}

#[tokio::test]
async fn a_server_that_takes_thirty_seconds_is_not_waited_for() {
    let fake = FakeNms::start().await.expect("a free port");
    fake.set_faults(Faults { delay: Duration::from_secs(30), ..Faults::default() });
    let doctor = adapter(impatient(&fake.url()));
    let began = Instant::now();
    for found in errors(&doctor).await {
        assert_eq!(found, Some(DoctorError::Away(Away::TooSlow)));
    }
    assert!(began.elapsed() < HANG, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_method_of_many_slow_answers_ends_too() {
    let fake = FakeNms::start().await.expect("a free port");
    fake.put_host("10.0.0.1", radio());
    let doctor = adapter(settings(&fake.url(), ADMIN_TOKEN));
    doctor.add(&device(1)).await.expect("it is added");
    doctor.set_snmp(device(1).id, Some(&Credentials::V2c("suite".into()))).await.expect("it is read");
    fake.poll();
    fake.set_faults(Faults { delay: Duration::from_millis(200), ..Faults::default() });
    let mut settings = impatient(&fake.url());
    settings.patience.answer = Duration::from_secs(30);
    settings.patience.whole = Duration::from_millis(500);
    let found = adapter(settings).readings(device(1).id).await;
    assert_eq!(found, Err(DoctorError::Away(Away::TooSlow)));
}

#[tokio::test]
async fn more_requests_than_there_are_turns_wait_for_theirs() {
    let (fake, doctor) = pair().await;
    doctor.add(&device(1)).await.expect("it is added");
    fake.set_faults(Faults { delay: Duration::from_millis(20), ..Faults::default() });
    let id = [device(1).id];
    let health = || doctor.health(&id);
    let all = tokio::join!(health(), health(), health(), health(), health(), health(), health(), health());
    for found in [all.0, all.1, all.2, all.3, all.4, all.5, all.6, all.7] {
        assert!(found.expect("the doctor answers")[0].is_some());
    }
}

#[tokio::test]
async fn a_failure_of_the_server_is_worth_another_try() {
    let failed = DoctorError::Away(Away::Failed);
    each_method_fails_with(answers(500, r#"{"message":"Server Error"}"#), failed, Retry::Later).await;
    let text = r#"{"status":"error","message":"SQLSTATE[HY000] [2002] Connection refused"}"#;
    each_method_fails_with(answers(500, text), failed, Retry::Later).await;
    let busy = DoctorError::Away(Away::Busy);
    each_method_fails_with(answers(503, "<html>"), busy, Retry::Later).await;
    each_method_fails_with(answers(429, r#"{"message":"Too Many Attempts."}"#), busy, Retry::Later).await;
}

#[tokio::test]
async fn something_else_that_answers_is_no_librenms() {
    let odd = DoctorError::Wrong(Wrong::Answer);
    for body in ["<html>welcome</html>", "", "[]", "{}", r#"{"status":"ok","devices":[{}]}"#] {
        each_method_fails_with(answers(200, body), odd, Retry::AfterSettings).await;
    }
    each_method_fails_with(answers(404, "<h1>Not Found</h1>"), odd, Retry::AfterSettings).await;
    let route = r#"{"status":"error","message":"This API route doesn't exist."}"#;
    each_method_fails_with(answers(404, route), odd, Retry::AfterSettings).await;
    each_method_fails_with(answers(418, ""), odd, Retry::AfterSettings).await;
}

#[tokio::test]
async fn an_endless_answer_is_not_read() {
    let padded = Faults { padding: 5 << 20, ..Faults::default() };
    let (fake, doctor) = pair().await;
    doctor.add(&device(1)).await.expect("it is added");
    fake.set_faults(padded);
    let found = doctor.health(&[device(1).id]).await;
    assert_eq!(found, Err(DoctorError::Wrong(Wrong::TooLarge)));
    // The list of all devices may be long.
    let many = [1, 2, 3, 4, 5].map(|number| device(number).id);
    assert!(doctor.health(&many).await.expect("it is read")[0].is_some());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = FakeNms::start().await.expect("a free port");
    let faults = Faults { redirect: Some(elsewhere.url()), ..Faults::default() };
    each_method_fails_with(faults, DoctorError::Wrong(Wrong::Redirect), Retry::AfterSettings).await;
    assert!(elsewhere.take_requests().is_empty());
}

#[tokio::test]
async fn a_wrong_token_and_a_missing_right_are_told_apart() {
    let (fake, admin) = pair().await;
    admin.add(&device(2)).await.expect("it is added");
    let stranger = adapter(settings(&fake.url(), "wrong"));
    for found in errors(&stranger).await {
        assert_eq!(found, Some(DoctorError::Denied(Denied::Token)));
    }
    let reader = adapter(settings(&fake.url(), READER_TOKEN));
    let right = DoctorError::Denied(Denied::Right);
    assert_eq!(reader.add(&device(1)).await, Err(right));
    assert_eq!(reader.remove(device(2).id).await, Err(right));
    assert!(reader.health(&[device(2).id]).await.expect("it may read")[0].is_some());
    assert_eq!(right.retry(), Retry::AfterSettings);
    assert_eq!(fake.devices(), 1);
}

#[tokio::test]
async fn an_add_whose_answer_was_lost_is_found_by_the_next() {
    let (fake, doctor) = pair().await;
    fake.set_faults(Faults { hangs_up_at: Some("POST"), ..Faults::default() });
    assert_eq!(doctor.add(&device(1)).await, Err(DoctorError::Away(Away::BrokenOff)));
    assert_eq!(fake.devices(), 1, "it was done all the same");
    fake.set_faults(Faults::default());
    assert_eq!(doctor.add(&device(1)).await, Ok(Added::Unchanged));
    assert_eq!(fake.devices(), 1);
}

#[tokio::test]
async fn a_change_that_is_not_kept_is_refused_and_not_believed() {
    let (fake, doctor) = pair().await;
    doctor.add(&device(1)).await.expect("it is added");
    fake.set_faults(Faults { forgets_changes: true, ..Faults::default() });
    let not_kept = Err(DoctorError::Refused(Refusal::NotKept));
    let snmp = doctor.set_snmp(device(1).id, Some(&Credentials::V2c("public".into()))).await;
    assert_eq!(snmp, not_kept);
    let moved = imsys_doctor::port::NewDevice { address: [10, 0, 0, 9].into(), ..device(1) };
    assert_eq!(doctor.add(&moved).await, Err(DoctorError::Refused(Refusal::NotKept)));
}

#[tokio::test]
async fn a_server_that_went_away_and_came_back_has_kept_everything() {
    let (mut fake, doctor) = pair().await;
    fake.put_host("10.0.0.1", Host::pingable());
    doctor.add(&device(1)).await.expect("it is added");
    fake.go_away().await;
    let found = doctor.health(&[device(1).id]).await;
    assert_eq!(found, Err(DoctorError::Away(Away::NoConnection)));
    fake.come_back().expect("its port is free");
    assert!(doctor.health(&[device(1).id]).await.expect("it answers")[0].is_some());
}

#[tokio::test]
async fn this_machine_is_asked_only_where_that_is_allowed() {
    let fake = FakeNms::start().await.expect("a free port");
    let port = fake.address().port();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let mut settings = settings(&format!("http://{host}:{port}"), ADMIN_TOKEN);
        settings.allow_loopback = false;
        let found = adapter(settings).health(&[device(1).id]).await;
        assert_eq!(found, Err(DoctorError::Wrong(Wrong::Address)), "{host}");
    }
    let metadata = adapter(settings("http://169.254.169.254", ADMIN_TOKEN));
    assert_eq!(metadata.health(&[device(1).id]).await, Err(DoctorError::Wrong(Wrong::Address)));
    assert!(fake.take_requests().is_empty());
}
