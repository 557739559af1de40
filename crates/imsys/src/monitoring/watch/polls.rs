//! Asking devices by SNMP: which of them are due, and what their answers come to.
//!
//! * `poll`: one device, once.

mod poll;

use super::table::{Now, Table};
use crate::app::App;
use crate::complaints::complain;
use crate::history;
use crate::monitoring::{ports, snmp};
use imsys_doctor::builtin::profiles::{Class, Library, Link, Port, PortRates, Reading};
use imsys_doctor::builtin::series::Sample;
use imsys_doctor::builtin::snmp::SnmpSocket;
use imsys_domain::device::{
    Attempt, Device, Figure, Figures, NoSnmp, PollFinding, PollReport, PortFacts, SnmpIdentity, SnmpLogin,
    SnmpState, TRY_AGAIN_MS, attempts,
};
use imsys_domain::net::Net;
use imsys_domain::{DeviceId, RouterId, SnmpLoginId, TenantId, Timestamp};
use imsys_store::model::Holder;
use poll::{Found, Session, Tried};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Polls at once; the socket has a bound of its own for requests.
const AT_ONCE: usize = 400;
/// After a poll that failed, a device that answered before is asked again so soon, before it is called silent.
const AGAIN: Duration = Duration::from_secs(20);

/// A device as it is polled.
struct Polled {
    device: Arc<Device>,
    due: Instant,
    is_asked: bool,
    /// Polls in a row that a device which answered before did not answer.
    failures: u32,
    /// The logins that it was tried with last, and their editions.
    tried_with: Vec<(Option<SnmpLoginId>, i64)>,
    /// What is known from poll to poll.
    session: Option<Session>,
    /// Of the figures that are stored.
    written: Option<u64>,
}

/// The result of one poll.
struct Done {
    device: Arc<Device>,
    at: Timestamp,
    tried: Tried,
}

/// All devices that are polled.
pub(super) struct Polls {
    app: App,
    library: Arc<Library>,
    socket: Option<SnmpSocket>,
    every: Duration,
    logins: Vec<SnmpLogin>,
    routed: HashMap<RouterId, Vec<Net>>,
    devices: HashMap<DeviceId, Polled>,
    reports: Vec<(TenantId, PollReport)>,
    samples: Vec<Sample>,
    hasher: RandomState,
    tell: mpsc::Sender<Done>,
    told: mpsc::Receiver<Done>,
    /// What is on its way; it ends with this.
    tasks: JoinSet<()>,
}

impl Polls {
    pub(super) fn new(app: App) -> Self {
        let (tell, told) = mpsc::channel(AT_ONCE);
        Self {
            library: library(&app),
            socket: None,
            every: Duration::from_secs(app.config.doctor.snmp_seconds.into()),
            logins: Vec::new(),
            routed: HashMap::new(),
            devices: HashMap::new(),
            reports: Vec::new(),
            samples: Vec::new(),
            hasher: RandomState::new(),
            tell,
            told,
            tasks: JoinSet::new(),
            app,
        }
    }

    /// These are the devices, the logins and the routed networks now.
    pub(super) fn sync(
        &mut self,
        devices: &[Device],
        logins: Vec<SnmpLogin>,
        routed: HashMap<RouterId, Vec<Net>>,
        now: Now,
    ) {
        (self.logins, self.routed) = (logins, routed);
        let mut before = std::mem::take(&mut self.devices);
        for device in devices {
            let device = Arc::new(device.clone());
            let mut polled = match before.remove(&device.id) {
                Some(known) if is_same(&known.device, &device) => {
                    Polled { device: Arc::clone(&device), ..known }
                }
                _ => self.fresh(Arc::clone(&device), now.instant),
            };
            self.settle(&mut polled, now);
            self.devices.insert(device.id, polled);
        }
    }

    /// One that was not polled by this process. Those that answer are spread over the interval.
    fn fresh(&self, device: Arc<Device>, now: Instant) -> Polled {
        let part = (device.id.0.as_u128() % 1_000) as f64 / 1_000.0;
        let wait =
            if device.snmp.state == SnmpState::Answers { self.every.mul_f64(part) } else { Duration::ZERO };
        let (session, written) = (None, None);
        Polled {
            device,
            due: now + wait,
            is_asked: false,
            failures: 0,
            tried_with: Vec::new(),
            session,
            written,
        }
    }

    /// Says of a device that is not asked why, and lets one that is asked seldom wait.
    fn settle(&mut self, polled: &mut Polled, now: Now) {
        let device = Arc::clone(&polled.device);
        let (with, reason) = match self.attempts(&device) {
            Ok(attempts) => (self.editions(&attempts), None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let is_new = polled.tried_with != with && !polled.tried_with.is_empty();
        if let Some(why) = reason {
            let state = match why {
                NoSnmp::NoRoute => SnmpState::NoRoute,
                NoSnmp::NoLogin => SnmpState::NoLogin,
            };
            polled.tried_with.clear();
            polled.due = now.instant + self.every;
            if device.snmp.state != state {
                self.report(&device, now.wall, PollFinding::NotAsked(why));
            }
            return;
        }
        let waits = matches!(device.snmp.state, SnmpState::Silent | SnmpState::Refused)
            && device.snmp.identity.is_none();
        if is_new || matches!(device.snmp.state, SnmpState::NoRoute | SnmpState::NoLogin | SnmpState::Untried)
        {
            polled.due = polled.due.min(now.instant);
        } else if waits {
            let tried = device.snmp.tried.unwrap_or(device.snmp.since);
            let left = (TRY_AGAIN_MS - now.wall.since(tried)).max(0).unsigned_abs();
            polled.due = now.instant + Duration::from_millis(left);
        }
    }

    fn attempts<'a>(&'a self, device: &'a Device) -> Result<Vec<Attempt<'a>>, NoSnmp> {
        let routed = device.data.router.and_then(|router| self.routed.get(&router));
        let routed = routed.map_or(&[][..], Vec::as_slice);
        attempts(device, routed, &self.logins, self.app.config.network.allow_loopback)
    }

    fn editions(&self, attempts: &[Attempt<'_>]) -> Vec<(Option<SnmpLoginId>, i64)> {
        let edition = |id| self.logins.iter().find(|login| login.id == id).map_or(0, |login| login.edition);
        let mut with: Vec<_> =
            attempts.iter().map(|attempt| (attempt.login, attempt.login.map_or(0, edition))).collect();
        // Their order changes with the one that was known last.
        with.sort_unstable();
        with
    }

    /// Starts what is due, takes in what has come.
    pub(super) async fn tick(&mut self, table: &Table, now: Now) {
        while self.tasks.try_join_next().is_some() {}
        while let Ok(done) = self.told.try_recv() {
            self.hear(done, now);
        }
        let room = AT_ONCE.saturating_sub(self.tasks.len());
        let is_due = |polled: &&Polled| polled.due <= now.instant && !polled.is_asked;
        let may_be = |polled: &&Polled| table.may_be_polled(polled.device.id);
        let mut due: Vec<_> =
            self.devices.values().filter(is_due).filter(may_be).map(|p| (p.due, p.device.id)).collect();
        due.sort_unstable();
        for (_, id) in due.into_iter().take(room) {
            self.begin(id, now).await;
        }
    }

    async fn begin(&mut self, id: DeviceId, now: Now) {
        if self.socket.is_none() {
            match SnmpSocket::bind().await {
                Ok(socket) => self.socket = Some(socket),
                Err(error) => return complain("devices cannot be asked by SNMP", None, &error),
            }
        }
        let Some(device) = self.devices.get(&id).map(|polled| Arc::clone(&polled.device)) else { return };
        let Ok(attempts) = self.attempts(&device) else { return };
        let with = self.editions(&attempts);
        // One that answered before is not tried with others each time: that gives them away.
        let most = if device.snmp.identity.is_some() && device.snmp.state != SnmpState::Refused {
            1
        } else {
            attempts.len()
        };
        let (secrets, tenant) = (&self.app.secrets, device.tenant);
        let mut credentials = Vec::new();
        for attempt in attempts.iter().take(most) {
            let holder = attempt.login.map_or(Holder::Device(id), Holder::SnmpLogin);
            match snmp::open(secrets, tenant, holder, attempt.access) {
                Ok(opened) => credentials.push((attempt.login, attempt.access.port, opened)),
                Err(error) => complain("a login for SNMP cannot be opened", None, &error),
            }
        }
        let (socket, Some(polled)) = (self.socket.clone(), self.devices.get_mut(&id)) else { return };
        let Some(socket) = socket else { return };
        polled.due = now.instant + self.every;
        polled.is_asked = true;
        polled.tried_with = with;
        let session = polled.session.take();
        let (library, tell, at) = (Arc::clone(&self.library), self.tell.clone(), now.wall);
        self.tasks.spawn(async move {
            let tried = poll::poll(&library, &socket, device.data.address, credentials, session).await;
            let _nobody_waits = tell.send(Done { device, at, tried }).await;
        });
    }

    fn hear(&mut self, Done { device, at, tried }: Done, now: Now) {
        let Some(polled) = self.devices.get_mut(&device.id).filter(|polled| is_same(&polled.device, &device))
        else {
            return;
        };
        let answered_before = polled.device.snmp.state == SnmpState::Answers;
        polled.is_asked = false;
        let found = match tried {
            Tried::Answered(found, session) => {
                (polled.failures, polled.session) = (0, Some(*session));
                found
            }
            Tried::Silent if answered_before && polled.failures == 0 => {
                polled.failures = 1;
                polled.due = now.instant + AGAIN.min(self.every);
                return;
            }
            Tried::Silent => return self.report(&device, at, PollFinding::Silent),
            Tried::Refused => return self.report(&device, at, PollFinding::Refused),
        };
        self.app.metrics.polls.count("answered");
        self.take_in(&device, at, found);
    }

    fn take_in(&mut self, device: &Device, at: Timestamp, found: Found) {
        self.samples.extend(samples(device, at, &found));
        let Found { login, identity, readings, ports, .. } = found;
        let figures = figures(readings, ports);
        let hash = serde_json::to_vec(&figures).map(|bytes| self.hasher.hash_one(bytes)).ok();
        let mut changed = None;
        if let Some(polled) = self.devices.get_mut(&device.id)
            && (hash.is_none() || polled.written != hash)
        {
            (polled.written, changed) = (hash, Some(figures));
        }
        self.report(device, at, PollFinding::Answers { login, identity, figures: changed });
    }

    fn report(&mut self, device: &Device, at: Timestamp, finding: PollFinding) {
        match &finding {
            PollFinding::Silent => self.app.metrics.polls.count("silent"),
            PollFinding::Refused => self.app.metrics.polls.count("refused"),
            PollFinding::Answers { .. } | PollFinding::NotAsked(_) => {}
        }
        let report = PollReport { device: device.id, address: device.data.address, at, finding };
        // As the store will have it, so that it is told once.
        if let Some(polled) = self.devices.get_mut(&device.id)
            && let Some(snmp) = imsys_domain::device::judge_poll(&polled.device, &report)
        {
            Arc::make_mut(&mut polled.device).snmp = snmp;
        }
        self.reports.push((device.tenant, report));
    }

    /// What is to be written.
    pub(super) fn take_reports(&mut self) -> HashMap<TenantId, Vec<PollReport>> {
        let mut reports: HashMap<_, Vec<_>> = HashMap::new();
        for (tenant, report) in self.reports.drain(..) {
            reports.entry(tenant).or_default().push(report);
        }
        reports
    }

    /// These could not be written: the figures are written again at the next poll.
    pub(super) fn not_written(&mut self, devices: impl IntoIterator<Item = DeviceId>) {
        for id in devices {
            if let Some(polled) = self.devices.get_mut(&id) {
                polled.written = None;
            }
        }
    }

    /// What was measured.
    pub(super) fn take_samples(&mut self) -> Vec<Sample> {
        std::mem::take(&mut self.samples)
    }
}

/// A poll of one says something of the other.
fn is_same(before: &Device, now: &Device) -> bool {
    before.data.address == now.data.address
        && before.data.snmp == now.data.snmp
        && before.data.router == now.data.router
}

/// The profiles that are compiled in, and those of the settings.
fn library(app: &App) -> Arc<Library> {
    let mut library = Library::compiled_in();
    let folder = &app.config.doctor.profiles;
    if !folder.as_os_str().is_empty()
        && let Err(errors) = library.add_folder(folder)
    {
        errors.iter().for_each(|error| tracing::warn!("a profile is left out: {error}"));
    }
    Arc::new(library)
}

fn samples<'a>(device: &'a Device, at: Timestamp, found: &'a Found) -> impl Iterator<Item = Sample> + 'a {
    let key = |class: &str, index: &str| history::key(device.tenant, device.id, class, index);
    let of_reading = move |reading: &Reading| {
        let key = key(reading.class.name(), &reading.index);
        Sample { key, at, value: rounded(reading.value) }
    };
    let of_port = move |rates: &PortRates| {
        let (index, rates) = (rates.index.to_string(), rates.clone());
        ports::Figure::ALL.into_iter().filter_map(move |figure| {
            let value = figure.of(&rates)?;
            Some(Sample { key: key(figure.class(), &index), at, value: value.round() })
        })
    };
    found.readings.iter().map(of_reading).chain(found.rates.iter().flat_map(of_port))
}

/// With three digits after the point, which is what any of these devices can measure.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn figures(readings: Vec<Reading>, ports: Vec<Port>) -> Figures {
    let figure = |Reading { class, index, name, state, station, source, .. }: Reading| Figure {
        class: class.name().to_string(),
        index,
        name,
        unit: Class::unit(class).to_owned(),
        oid: source.to_string(),
        state,
        station,
    };
    let link = |link: Link| match link {
        Link::Up => "up",
        Link::Down => "down",
        Link::Testing => "testing",
        Link::Unknown => "unknown",
        Link::Dormant => "dormant",
        Link::NotPresent => "not-present",
        Link::LowerLayerDown => "lower-layer-down",
    };
    let port = |port: Port| PortFacts {
        index: port.index,
        name: port.name,
        description: port.description,
        alias: port.alias,
        mac: port.mac,
        speed: port.speed,
        enabled: port.wanted.map(|wanted| wanted == Link::Up),
        link: port.link.map(|state| link(state).to_owned()),
    };
    Figures {
        readings: readings.into_iter().map(figure).collect(),
        ports: ports.into_iter().map(port).collect(),
    }
}

fn identity_of(library: &Library, found: imsys_doctor::builtin::profiles::Identity) -> SnmpIdentity {
    let family = found.family.unwrap_or_else(|| poll::GENERIC.to_owned());
    let os = library.get(&family).map_or_else(|| family.clone(), |profile| profile.name.clone());
    SnmpIdentity { family, os, name: found.name, description: found.description }
}
