//! What is not ours is neither read nor changed.

use crate::world::{adapter, device, name, pair, radio, settings};
use imsys_doctor::port::{Added, Doctor, DoctorError};
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms, Faults, Host};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn of_an_unknown_device_only_the_device_itself_is_asked_for() {
    let (fake, doctor) = pair().await;
    let stranger = device(9).id;
    let _ = doctor.readings(stranger).await;
    let _ = doctor.graphs(stranger).await;
    let _ = doctor.parents(stranger).await;
    let asked = format!("GET /devices/{}", name(&device(9)));
    assert_eq!(fake.take_requests(), vec![asked; 3]);
}

#[tokio::test]
async fn a_device_whose_number_is_anothers_by_now_is_not_taken_for_ours() {
    let (fake, doctor) = pair().await;
    doctor.add(&device(1)).await.expect("it is added");
    // As after a restore of its database: the number that we know has become somebody's core router.
    fake.set_field(&name(&device(1)), "hostname", json!("core"));
    assert_eq!(doctor.health(&[device(1).id]).await, Ok(vec![None]));
    assert_eq!(doctor.remove(device(1).id).await, Ok(()));
    assert_eq!(doctor.graphs(device(1).id).await, Err(DoctorError::NoSuchDevice));
    assert_eq!(fake.named("core").len(), 1);
    assert_eq!(doctor.add(&device(1)).await, Ok(Added::New));
    assert_eq!(fake.devices(), 2);
}

#[tokio::test]
async fn a_device_that_people_added_there_stays_theirs() {
    let (fake, doctor) = pair().await;
    fake.put_host("10.0.0.1", Host::pingable());
    let theirs = device(8);
    doctor
        .add(&imsys_doctor::port::NewDevice { address: [10, 0, 0, 1].into(), ..theirs.clone() })
        .await
        .unwrap();
    fake.set_field(&name(&theirs), "hostname", json!("10.0.0.1"));
    fake.poll();
    assert_eq!(
        doctor.add(&device(1)).await,
        Ok(Added::New),
        "the address that LibreNMS knows is no hindrance"
    );
    assert_eq!(doctor.remove(device(1).id).await, Ok(()));
    assert_eq!(fake.named("10.0.0.1").len(), 1);
}

#[tokio::test]
async fn rows_of_adds_that_raced_are_removed_together() {
    let (fake, doctor) = pair().await;
    fake.set_faults(Faults { add_takes: Duration::from_millis(300), ..Faults::default() });
    // Two processes, which know nothing of each other.
    let other = adapter(settings(&fake.url(), ADMIN_TOKEN));
    let (ours, theirs) = (device(1), device(1));
    let (first, second) = tokio::join!(doctor.add(&ours), other.add(&theirs));
    assert_eq!((first, second), (Ok(Added::New), Ok(Added::New)));
    assert_eq!(fake.devices(), 2, "LibreNMS let both in");
    assert_eq!(doctor.remove(ours.id).await, Ok(()));
    assert_eq!(fake.devices(), 0);
}

#[tokio::test]
async fn within_a_process_one_device_is_added_once() {
    let (fake, doctor) = pair().await;
    fake.set_faults(Faults { add_takes: Duration::from_millis(100), ..Faults::default() });
    let device = device(1);
    let add = || doctor.add(&device);
    let (first, second, third) = tokio::join!(add(), add(), add());
    assert!([first, second, third].iter().all(Result::is_ok));
    assert_eq!(fake.devices(), 1);
    let added = fake.take_requests().into_iter().filter(|request| request.starts_with("POST"));
    assert_eq!(added.count(), 1);
}

#[tokio::test]
async fn a_sensor_of_another_device_is_not_shown() {
    let fake = FakeNms::start().await.expect("a free port");
    let doctor = adapter(settings(&fake.url(), ADMIN_TOKEN));
    // Both have a sensor of this number, so that asking by it answers with both.
    for number in [1, 2] {
        let mut host = radio();
        host.wireless[0]["sensor_current"] = json!(-60 - i32::from(number));
        fake.put_host(&format!("10.0.0.{number}"), host);
        doctor.add(&device(number)).await.expect("it is added");
        let credentials = imsys_doctor::Credentials::V2c("suite".into());
        doctor.set_snmp(device(number).id, Some(&credentials)).await.expect("it is read");
    }
    fake.poll();
    fake.set_faults(Faults { is_old: true, ..Faults::default() });
    for number in [1, 2] {
        let readings = doctor.readings(device(number).id).await.expect("they are read");
        let values: Vec<_> = readings.values.iter().map(|reading| reading.value).collect();
        assert_eq!(values, [-60.0 - f64::from(number)]);
    }
}
