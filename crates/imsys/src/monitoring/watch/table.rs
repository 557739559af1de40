//! The devices that are asked: when each is due, and what its answers come to. It asks nobody and reads no clock.

use crate::history::{PING, key};
use imsys_doctor::builtin::icmp::{Decision, Outcome, Reach, Round, State, Stats, Unknown, Uplink, Verdict};
use imsys_doctor::builtin::series::Sample;
use imsys_domain::device::{Device, Finding, Place, Reason, Report, Status};
use imsys_domain::{DeviceId, RouterId, TenantId, Timestamp};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

/// Requests of a round to each device.
const PROBES: u8 = 3;
/// How long an answer is waited for.
const TIMEOUT: Duration = Duration::from_secs(1);
/// The time between two new devices' first requests, so that thousands are not asked in one burst.
const FIRST_PACE: Duration = Duration::from_millis(1);
/// The least time over which the first round of a device is spread.
const FIRST: Duration = Duration::from_millis(600);
/// Requests in flight at one router: of the eight places of its connection, most are left to others.
const AT_ROUTER: usize = 3;

/// How often devices are asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cadence {
    pub(super) usual: Duration,
    /// For those that people watch.
    pub(super) watched: Duration,
}

/// A device at the place where it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) device: DeviceId,
    pub(super) place: Place,
}

/// When something happens: by the clock that reports tell, and by the one that measures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) wall: Timestamp,
    pub(super) instant: Instant,
}

/// What a device is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its turn has come.
    Turn,
    /// A closer look after a first miss.
    Confirm,
}

/// A round to be started now.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) kind: Kind,
    pub(super) round: Round,
    pub(super) targets: Vec<Target>,
}

struct Watched {
    tenant: TenantId,
    place: Place,
    every: Duration,
    due: Instant,
    /// Its first look is still to come.
    is_new: bool,
    /// Its router is asking it.
    is_asked: bool,
    /// Requests of its turn whose outcome is not known.
    left: u8,
    /// What is known since its turn began.
    outcomes: Vec<Outcome>,
    reach: Reach,
    /// It answered last, as far as is told.
    answers: bool,
    /// It was told to be down last.
    is_down: bool,
    /// It was told last that nobody here may ask it.
    is_barred: bool,
    /// It is silent, and the others are to be asked before it is called down.
    is_held: bool,
}

impl Watched {
    fn target(&self, device: DeviceId) -> Target {
        Target { device, place: self.place }
    }

    fn begin(&mut self, now: Instant) {
        (self.due, self.is_new, self.left) = (now + self.every, false, PROBES);
        self.outcomes.clear();
    }

    /// It fell silent together with others, and that told nothing of it.
    fn ask_anew(&mut self, now: Instant) {
        (self.reach, self.due, self.is_new) = (Reach::default(), now, true);
        // It does not count a second time among those that fell silent.
        self.answers = false;
    }

    fn observe(&mut self, outcome: Outcome) -> Option<Decision> {
        self.outcomes.push(outcome);
        self.reach.observe(outcome)
    }
}

/// All devices that are asked.
pub(super) struct Table {
    cadence: Cadence,
    devices: HashMap<DeviceId, Watched>,
    uplink: Uplink<DeviceId>,
    /// Requests in flight by router.
    in_flight: HashMap<RouterId, usize>,
    reports: Vec<(TenantId, Report)>,
    samples: Vec<Sample>,
}

impl Table {
    pub(super) fn new(cadence: Cadence) -> Self {
        // Within a third of the interval each device is sent one of its requests.
        let wait = cadence.usual / u32::from(PROBES) + TIMEOUT;
        Self {
            cadence,
            devices: HashMap::new(),
            uplink: Uplink::new(cadence.usual.max(wait), wait),
            in_flight: HashMap::new(),
            reports: Vec::new(),
            samples: Vec::new(),
        }
    }

    /// These are the devices now. New ones, and those that are elsewhere, are due at once.
    pub(super) fn sync(&mut self, devices: Vec<Device>, now: Instant) {
        let mut before = std::mem::take(&mut self.devices);
        for device in devices {
            let every = if device.data.watched { self.cadence.watched } else { self.cadence.usual };
            let place = device.data.place();
            let watched = match before.remove(&device.id) {
                Some(known) if known.place == place => {
                    Watched { every, due: known.due.min(now + every), ..known }
                }
                _ => {
                    self.uplink.forget(&device.id);
                    watched(&device, every, now)
                }
            };
            self.devices.insert(device.id, watched);
        }
        before.keys().for_each(|gone| self.uplink.forget(gone));
    }

    /// The rounds of direct devices that begin now.
    pub(super) fn due_direct(&mut self, now: Instant) -> Vec<Due> {
        let mut rounds: HashMap<(bool, Duration), Vec<Target>> = HashMap::new();
        let direct = self.devices.iter_mut().filter(|(_, device)| device.place.through.is_none());
        for (id, device) in direct.filter(|(_, device)| device.due <= now) {
            rounds.entry((device.is_new, device.every)).or_default().push(device.target(*id));
            device.begin(now);
        }
        let round = |((is_new, every), targets): ((bool, Duration), Vec<Target>)| {
            let pace = FIRST_PACE * u32::try_from(targets.len()).unwrap_or(u32::MAX);
            let over = if is_new { FIRST.max(pace).min(every) } else { every };
            Due { kind: Kind::Turn, round: Round { probes: PROBES, over, timeout: TIMEOUT }, targets }
        };
        rounds.into_iter().map(round).collect()
    }

    /// The devices that routers which are connected are to ask now, and how many of them are a whole interval late. One that
    /// is down waits for an interval longer where not all can be asked in time. Those behind routers that are away are
    /// unknown; behind one that is neither, as when this process has just begun, they wait.
    pub(super) fn due_through(
        &mut self,
        connected: &HashSet<RouterId>,
        away: &HashSet<RouterId>,
        now: Now,
    ) -> (Vec<(RouterId, Target)>, u64) {
        self.leave_unasked(connected, away, now);
        let now = now.instant;
        let mut due: Vec<_> = self
            .devices
            .iter()
            .filter(|(_, device)| device.due <= now && !device.is_asked)
            .filter(|(_, device)| device.place.through.is_some_and(|router| connected.contains(&router)))
            .filter_map(|(id, device)| {
                let after = if device.is_down { device.every } else { Duration::ZERO };
                Some((device.due + after, device.place.through?, *id))
            })
            .collect();
        due.sort_unstable_by_key(|(turn, ..)| *turn);
        let (mut begun, mut late) = (Vec::new(), 0);
        for (_, router, id) in due {
            let in_flight = self.in_flight.entry(router).or_default();
            let Some(device) = self.devices.get_mut(&id).filter(|_| *in_flight < AT_ROUTER) else { continue };
            *in_flight += 1;
            late += u64::from(now.saturating_duration_since(device.due) > device.every);
            device.begin(now);
            (device.is_asked, device.left) = (true, 0);
            begun.push((router, device.target(id)));
        }
        (begun, late)
    }

    fn leave_unasked(&mut self, connected: &HashSet<RouterId>, away: &HashSet<RouterId>, now: Now) {
        let is_away = |router: &RouterId| away.contains(router) && !connected.contains(router);
        let due = self.devices.iter_mut().filter(|(_, device)| device.due <= now.instant && !device.is_asked);
        let behind = due.filter(|(_, device)| device.place.through.as_ref().is_some_and(is_away));
        let unasked: Vec<_> = behind
            .map(|(id, device)| {
                device.begin(now.instant);
                (device.reach, device.left) = (Reach::default(), 0);
                *id
            })
            .collect();
        for id in unasked {
            self.tell(id, Finding::Unknown(Reason::RouterAway), now);
        }
    }

    /// The outcome of one request to a direct device; whether to look closer.
    pub(super) fn heard(&mut self, target: Target, kind: Kind, outcome: Outcome, now: Now) -> bool {
        let Some(device) = self.at(target) else { return false };
        let decision = device.observe(outcome);
        if kind == Kind::Turn {
            device.left = device.left.saturating_sub(1);
        }
        let is_over = kind == Kind::Turn && device.left == 0;
        if is_over {
            self.measured(target.device, now);
        }
        self.note(target.device, outcome, decision, now.instant);
        if is_over || matches!(decision, Some(Decision::Up | Decision::Down)) {
            self.report(target.device, now);
        }
        decision == Some(Decision::Confirm)
    }

    /// A direct device could not be asked.
    pub(super) fn not_asked(&mut self, target: Target, reason: Reason, now: Now) {
        let Some(device) = self.at(target) else { return };
        device.reach = Reach::default();
        self.tell(target.device, Finding::Unknown(reason), now);
    }

    /// A router is done with a device, whatever came of it.
    pub(super) fn is_back(&mut self, router: RouterId, target: Target) {
        if let Some(in_flight) = self.in_flight.get_mut(&router) {
            *in_flight = in_flight.saturating_sub(1);
        }
        if let Some(device) = self.at(target) {
            device.is_asked = false;
        }
    }

    /// Nothing came of asking a device: its turn is now.
    pub(super) fn ask_again(&mut self, target: Target, now: Instant) {
        if let Some(device) = self.at(target) {
            device.due = now;
        }
    }

    /// What a router found out about a device: the round trip times in microseconds, `None` where nothing came back.
    pub(super) fn heard_through(
        &mut self,
        target: Target,
        found: Result<Vec<Option<u32>>, Reason>,
        now: Now,
    ) {
        let Some(device) = self.at(target) else { return };
        let times = match found {
            Ok(times) => times,
            Err(reason) => {
                device.reach = Reach::default();
                return self.tell(target.device, Finding::Unknown(reason), now);
            }
        };
        for time in times {
            let rtt = time.map(|us| Duration::from_micros(us.into()));
            let outcome = rtt.map_or(Outcome::Lost, |rtt| Outcome::Answered { rtt });
            if device.observe(outcome) == Some(Decision::Confirm) {
                device.due = now.instant;
            }
        }
        self.measured(target.device, now);
        self.report(target.device, now);
    }

    /// A router cannot be asked: nothing is known of the devices behind it.
    pub(super) fn router_away(&mut self, router: RouterId, now: Now) {
        for id in self.behind(router) {
            if let Some(device) = self.devices.get_mut(&id) {
                device.reach = Reach::default();
                device.due = device.due.max(now.instant + device.every);
            }
            self.tell(id, Finding::Unknown(Reason::RouterAway), now);
        }
    }

    /// A router can be asked again.
    pub(super) fn router_back(&mut self, router: RouterId, now: Instant) {
        for id in self.behind(router) {
            if let Some(device) = self.devices.get_mut(&id) {
                device.due = now;
            }
        }
    }

    /// What is to be written. Devices that fell silent and were waited for are told of now, if it is time.
    pub(super) fn take_reports(&mut self, now: Now) -> HashMap<TenantId, Vec<Report>> {
        for id in self.uplink.fallen() {
            if self.devices.get(&id).is_some_and(|device| device.is_held) {
                self.report(id, now);
            }
        }
        let mut reports: HashMap<_, Vec<_>> = HashMap::new();
        for (tenant, report) in self.reports.drain(..) {
            reports.entry(tenant).or_default().push(report);
        }
        reports
    }

    /// The turn of a device is over.
    fn measured(&mut self, id: DeviceId, now: Now) {
        if let Some(device) = self.devices.get(&id) {
            self.samples.extend(samples(id, device, now.wall));
        }
    }

    /// Whether a device answers to ping, as far as is known, or cannot be pinged from here: others cost time.
    pub(super) fn may_be_polled(&self, id: DeviceId) -> bool {
        let may = |device: &Watched| device.answers && !device.is_down || device.is_barred;
        self.devices.get(&id).is_some_and(may)
    }

    /// What was measured in the turns that are over.
    pub(super) fn take_samples(&mut self) -> Vec<Sample> {
        std::mem::take(&mut self.samples)
    }

    fn at(&mut self, target: Target) -> Option<&mut Watched> {
        self.devices.get_mut(&target.device).filter(|device| device.place == target.place)
    }

    fn behind(&self, router: RouterId) -> Vec<DeviceId> {
        let theirs = self.devices.iter().filter(|(_, device)| device.place.through == Some(router));
        theirs.map(|(id, _)| *id).collect()
    }

    /// Notes for the watch over our own connection that a direct device answers, or does not any more.
    fn note(&mut self, id: DeviceId, outcome: Outcome, decision: Option<Decision>, now: Instant) {
        if matches!(outcome, Outcome::Answered { .. }) {
            for fallen in self.uplink.answered(&id) {
                if let Some(device) = self.devices.get_mut(&fallen) {
                    device.ask_anew(now);
                }
            }
        }
        let answered = self.devices.get(&id).is_some_and(|device| device.answers);
        if decision == Some(Decision::Down) && answered {
            self.uplink.fell(id, now);
        }
    }

    /// Tells how a device is by what is known since its turn began.
    fn report(&mut self, id: DeviceId, now: Now) {
        let Some(device) = self.devices.get_mut(&id) else { return };
        device.is_held = false;
        let stats = Stats::of(device.outcomes.iter().copied());
        let unknown = device.outcomes.iter().find_map(why_unknown);
        let finding = match (device.reach.state(), unknown) {
            (_, Some(why)) if stats.sent == 0 => {
                device.reach = Reach::default();
                Finding::Unknown(why)
            }
            (State::Up, _) => Finding::Up {
                latency_us: stats.round_trip.map(|times| micros(times.median)),
                loss: stats.loss_percent().unwrap_or_default().round() as u8,
            },
            (State::Pending, _) => Finding::Undecided,
            (State::Down, _) if device.place.through.is_some() => Finding::Down,
            (State::Down, _) => {
                let answering = self.answering();
                match self.uplink.verdict(&id, answering, now.instant) {
                    Verdict::Wait => return self.hold(id),
                    Verdict::Down => Finding::Down,
                    Verdict::OwnUplink => Finding::Unknown(Reason::OwnUplink),
                }
            }
        };
        self.tell(id, finding, now);
    }

    fn hold(&mut self, id: DeviceId) {
        if let Some(device) = self.devices.get_mut(&id) {
            device.is_held = true;
        }
    }

    /// How many direct devices answer as far as is known.
    fn answering(&self) -> usize {
        let answers = |device: &&Watched| device.answers && device.reach.state() != State::Down;
        self.devices.values().filter(|device| device.place.through.is_none()).filter(answers).count()
    }

    fn tell(&mut self, id: DeviceId, finding: Finding, now: Now) {
        let Some(device) = self.devices.get_mut(&id) else { return };
        device.is_barred = finding == Finding::Unknown(Reason::NoPermission);
        match finding {
            Finding::Up { .. } => (device.answers, device.is_down) = (true, false),
            Finding::Down => (device.answers, device.is_down) = (false, true),
            Finding::Unknown(_) => device.is_down = false,
            Finding::Undecided => {}
        }
        let report = Report { device: id, place: device.place, at: now.wall, finding };
        self.reports.push((device.tenant, report));
    }
}

fn watched(device: &Device, every: Duration, now: Instant) -> Watched {
    Watched {
        tenant: device.tenant,
        place: device.data.place(),
        every,
        due: now,
        is_new: true,
        is_asked: false,
        left: 0,
        outcomes: Vec::new(),
        reach: Reach::default(),
        answers: device.health.status == Status::Up,
        is_down: device.health.status == Status::Down,
        is_barred: device.health.reason == Some(Reason::NoPermission),
        is_held: false,
    }
}

/// What a turn comes to: latency in milliseconds, loss in percent. Where nothing is known there is nothing.
fn samples(id: DeviceId, device: &Watched, at: Timestamp) -> impl Iterator<Item = Sample> {
    let stats = Stats::of(device.outcomes.iter().copied());
    let millis = |time: Duration| f64::from(micros(time)) / 1000.0;
    let times = stats.round_trip.map(|times| {
        [("median", times.median), ("min", times.min), ("max", times.max)]
            .map(|(index, time)| (index, millis(time)))
    });
    let loss = stats.loss_percent().map(|loss| ("loss", (loss * 100.0).round() / 100.0));
    let tenant = device.tenant;
    let sample = move |(index, value)| Sample { key: key(tenant, id, PING, index), at, value };
    times.into_iter().flatten().chain(loss).map(sample)
}

fn why_unknown(outcome: &Outcome) -> Option<Reason> {
    match outcome {
        Outcome::Answered { .. } | Outcome::Lost => None,
        Outcome::Unknown(Unknown::KernelDropped) => Some(Reason::PacketsDropped),
        Outcome::Unknown(Unknown::NotSent) => Some(Reason::NotSent),
        Outcome::Unknown(Unknown::NoPermission) => Some(Reason::NoPermission),
    }
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
