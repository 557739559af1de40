//! A fake LibreNMS, its network, and the adapter that asks it.

use async_trait::async_trait;
use imsys_doctor::librenms::{LibreNms, Patience, Settings, Token, Trust};
use imsys_doctor::port::{Doctor, NewDevice};
use imsys_doctor::suite::{COMMUNITY, Host, World};
use imsys_domain::DeviceId;
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms, Faults, Host as FakeHost};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use uuid::Uuid;

/// Settings for a LibreNMS on this machine, with a patience that no working fake wears out.
pub(crate) fn settings(url: &str, token: &str) -> Settings {
    let (url, token) = (url.parse().expect("a URL"), Token::new(token).expect("a token"));
    let patience = Patience { whole: Duration::from_secs(120), ..Patience::default() };
    Settings { allow_loopback: true, patience, ..Settings::new(url, token) }
}

/// As [`settings`], and soon tired.
pub(crate) fn impatient(url: &str) -> Settings {
    let short = Duration::from_millis(300);
    let patience = Patience { connect: short, answer: short, add: short, whole: short * 20 };
    Settings { patience, ..settings(url, ADMIN_TOKEN) }
}

/// Trusts nobody, as nobody is asked to be trusted over plain HTTP.
pub(crate) fn adapter(settings: Settings) -> LibreNms {
    LibreNms::new(settings, Trust::of_these(Vec::new()).expect("an empty list"))
}

/// A fake without devices, and its adapter.
pub(crate) async fn pair() -> (FakeNms, LibreNms) {
    let fake = FakeNms::start().await.expect("a free port");
    let doctor = adapter(settings(&fake.url(), ADMIN_TOKEN));
    (fake, doctor)
}

pub(crate) fn device(number: u8) -> NewDevice {
    let id = DeviceId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number)));
    NewDevice { id, name: format!("Device {number}"), address: [10, 0, 0, number].into(), place: None }
}

/// The name of a device there.
pub(crate) fn name(device: &NewDevice) -> String {
    format!("{}.imsys.invalid", device.id)
}

/// A radio that hears -70 dBm.
pub(crate) fn radio() -> FakeHost {
    let signal = json!({
        "sensor_id": 11, "sensor_deleted": 0, "sensor_class": "power", "sensor_index": "1", "sensor_type": "airos-rx",
        "sensor_descr": "Signal Level", "sensor_current": -70, "lastupdate": "2026-11-23T17:08:39.000000Z",
    });
    FakeHost { wireless: vec![signal], ..FakeHost::with_snmp(COMMUNITY) }
}

/// The world of the contract.
pub(crate) struct Network {
    fake: Mutex<FakeNms>,
    url: String,
    doctor: Arc<LibreNms>,
}

impl Network {
    pub(crate) async fn start(faults: Faults) -> Self {
        let (fake, doctor) = pair().await;
        fake.set_faults(faults);
        Self { url: fake.url(), fake: Mutex::new(fake), doctor: Arc::new(doctor) }
    }
}

#[async_trait]
impl World for Network {
    fn doctor(&self) -> Arc<dyn Doctor> {
        Arc::clone(&self.doctor) as Arc<dyn Doctor>
    }

    fn restarted(&self) -> Arc<dyn Doctor> {
        Arc::new(adapter(settings(&self.url, ADMIN_TOKEN)))
    }

    fn addresses(&self) -> Vec<IpAddr> {
        vec![
            [10, 0, 0, 1].into(),
            [10, 0, 0, 2].into(),
            [10, 0, 0, 3].into(),
            "fd00::4".parse().expect("an address"),
        ]
    }

    async fn put(&self, address: IpAddr, host: Host) {
        let host = match host {
            Host::Nothing => FakeHost::default(),
            Host::Ping => FakeHost::pingable(),
            Host::Radio => radio(),
        };
        self.fake.lock().await.put_host(&address.to_string(), host);
    }

    async fn look(&self) {
        self.fake.lock().await.poll();
    }

    async fn set_away(&self, is_away: bool) -> bool {
        let mut fake = self.fake.lock().await;
        if is_away {
            fake.go_away().await;
        } else {
            fake.come_back().expect("its port is free");
        }
        true
    }
}
