//! A LibreNMS that watches the devices, and that we ask over its API (v0).
//!
//! * [`LibreNms`]: the adapter. Its verbs: `add`, `remove`, `health`, `snmp`, `parents`, `readings`, `graphs`.
//! * [`Settings`]: where it is, who we are there, how long we wait. [`Trust`]: whose certificates are trusted.
//! * [`check`](LibreNms::check): whether it can be used, with what is wrong in words.
//! * `call`: one request and its answer. `dial`: the connection. `row`: a device in both shapes LibreNMS has for it.
//! * `label`: the names by which our devices are known there. `find`: a device by our id, and nobody else's.
//!
//! # Which devices are ours
//!
//! A device is added under the name `<our id>.imsys.invalid` with its address beside it (`overwrite_ip`), so it is found
//! without any table of ours, also by another process and after an answer that was lost. Devices that LibreNMS has under
//! another name are never read, changed or removed. Its number there is remembered while the process runs, and believed
//! only where the device with that number has our name.
//!
//! # Leaks
//!
//! Many routes of LibreNMS answer 200 for a device that is not there, some with what belongs to others. So every verb
//! first asks for the device itself, by which an unknown one is 404, and rows that name another device are dropped.
//!
//! # Repetition
//!
//! Nothing is repeated here; an error says whether that is worth it ([`DoctorError::retry`](crate::DoctorError::retry)). Adds of
//! one device are made one after another within a process; several processes must not add the same one at once, which a
//! queue's dedupe id sees to. Should it happen all the same, `remove` takes all rows of that name.

mod add;
mod call;
mod check;
mod dial;
mod doctor;
mod find;
mod graphs;
mod health;
mod label;
mod parents;
mod readings;
mod remove;
mod row;
mod sensors;
mod settings;
mod snmp;

pub use check::{Checked, Problem};
pub use dial::{Trust, TrustError};
pub use settings::{BaseUrl, Patience, Settings, Token, TokenError, UrlError};

use call::Client;
use find::Numbers;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Adds of different devices that wait for each other when they share a place.
const PLACES: usize = 64;

/// A LibreNMS.
#[derive(Debug)]
pub struct LibreNms {
    client: Client,
    numbers: Numbers,
    /// Taken while a device is added or changed, by its id.
    places: Arc<[Mutex<()>]>,
}

impl LibreNms {
    /// Connects to nothing yet.
    pub fn new(settings: Settings, trust: Trust) -> Self {
        let places = (0..PLACES).map(|_| Mutex::new(())).collect();
        Self { client: Client::new(settings, trust), numbers: Numbers::default(), places }
    }
}
