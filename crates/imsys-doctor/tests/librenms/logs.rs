//! What is logged holds neither the token nor what devices are read with.

use crate::world::{adapter, device, radio, settings};
use imsys_doctor::Credentials;
use imsys_doctor::port::Doctor;
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms, Faults};
use std::fmt;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, subscriber};

/// Keeps every event as text.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<String>>);

impl Visit for Kept {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let line = format!("{field}={value:?}\n");
        self.0.lock().expect("nobody panics").push_str(&line);
    }
}

impl Subscriber for Kept {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn nothing_that_is_logged_or_printed_is_a_secret() {
    let (kept, mut printed) = (Kept::default(), String::new());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    subscriber::with_default(kept.clone(), || {
        runtime.block_on(async {
            let fake = FakeNms::start().await.unwrap();
            fake.put_host("10.0.0.1", radio());
            let doctor = adapter(settings(&fake.url(), ADMIN_TOKEN));
            let credentials = Credentials::V2c("very-secret-community".into());
            doctor.add(&device(1)).await.unwrap();
            doctor.set_snmp(device(1).id, Some(&credentials)).await.unwrap();
            let text = r#"{"status":"error","message":"very-secret-community fake-admin-token"}"#;
            for status in [500, 404, 400, 418] {
                fake.set_faults(Faults { status: Some((status, text.into())), ..Faults::default() });
                let error = doctor.readings(device(1).id).await.unwrap_err();
                printed += &format!("{error} {error:?}\n");
            }
            printed += &format!("{doctor:?} {credentials:?}");
        });
    });
    let logged = kept.0.lock().unwrap().clone();
    assert!(logged.contains("LibreNMS was asked") && logged.contains("/discover"), "{logged}");
    for text in [&logged, &printed] {
        assert!(!text.contains("very-secret") && !text.contains(ADMIN_TOKEN), "{text}");
    }
}
