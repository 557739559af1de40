//! Asking devices whether they answer: one task of the process that is the scheduler.
//!
//! Every second it takes the news of the change feed, starts the rounds that are due, and writes what was found out. Direct
//! devices are asked by one [`Pinger`]; the others by their routers, over the connections that there are.
//!
//! * `table`: when each device is due, and what its answers come to. `through`: the question to a router.
//! * `polls`: asking by SNMP those that answer to ping. `recorder`: what was measured, on its way into the history.

mod polls;
mod recorder;
mod table;
mod through;

pub(crate) use through::PingThrough;

use crate::app::App;
use crate::complaints::complain;
use crate::routers::session::{Lane, Trouble};
use crate::stop::Stop;
use imsys_doctor::builtin::icmp::{Options, Outcome, Pinger, PingerError, Round, Sample, Samples};
use imsys_domain::device::{Reason, refusal};
use imsys_domain::router::RouterState;
use imsys_domain::{RouterId, TenantId};
use imsys_store::model::{Change, Changed, Cursor};
use imsys_store::{Actor, StoreError};
use polls::Polls;
use recorder::Recorder;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use table::{Cadence, Due, Kind, Now, Table, Target};
use through::Pinged;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How often the table is looked at and reports are written.
const TICK: Duration = Duration::from_secs(1);
/// How often all devices are read from the store, whatever the feed says; and how often ICMP is tried where it is denied.
const ANEW: Duration = Duration::from_secs(60);
/// Entries in one read of the feed.
const READ: u32 = 500;
/// Outcomes that may wait to be taken in.
const WAITING: usize = 1024;
/// How long a router may take for one device.
const WITHIN: Duration = Duration::from_secs(15);

/// Asks the devices until told to stop, while this process is the scheduler.
pub(crate) async fn run(app: App, mut stop: Stop) {
    tokio::select! {
        () = stop.wait() => {}
        () = serve(&app) => {}
    }
}

async fn serve(app: &App) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        if app.leader.is_here() {
            lead(app, &mut ticks).await;
        }
    }
}

/// Asks them until another process is the scheduler. What that one finds out is in the store.
async fn lead(app: &App, ticks: &mut Interval) {
    let mut watch = Watch::new(app.clone());
    while app.leader.is_here() {
        // The one that was the scheduler before may still have it.
        if let Err(error) = app.history.own() {
            complain("the history of devices cannot be opened", None, &error);
        }
        tokio::select! {
            _ = ticks.tick() => watch.tick().await,
            Some(news) = watch.told.recv() => watch.hear_all(news),
        }
    }
    watch.recorder.end().await;
    if app.config.queue.is_shared() {
        app.history.leave();
    }
}

/// What was found out.
enum News {
    Sample { targets: Arc<[Target]>, kind: Kind, sample: Sample },
    Through { router: RouterId, target: Target, found: Result<Pinged, Trouble> },
}

struct Watch {
    app: App,
    table: Table,
    polls: Polls,
    recorder: Recorder,
    pinger: Result<Pinger, Reason>,
    tried: Option<Instant>,
    /// Up to here the feed was read; `None`: from where it stands when the devices are read.
    seen: Option<Cursor>,
    read: Option<Instant>,
    /// Routers that cannot be reached.
    away: HashSet<RouterId>,
    /// Routers that could be asked at the last tick.
    connected: HashSet<RouterId>,
    /// Devices to look closer at.
    doubtful: Vec<Target>,
    tell: mpsc::Sender<News>,
    told: mpsc::Receiver<News>,
    /// What is on its way; it ends with this.
    tasks: JoinSet<()>,
}

impl Watch {
    fn new(app: App) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        let doctor = &app.config.doctor;
        let cadence =
            Cadence { usual: seconds(doctor.interval_seconds), watched: seconds(doctor.watched_seconds) };
        let (tell, told) = mpsc::channel(WAITING);
        Self {
            recorder: Recorder::new(app.clone()),
            polls: Polls::new(app.clone()),
            app,
            table: Table::new(cadence),
            pinger: Err(Reason::NoPermission),
            tried: None,
            seen: None,
            read: None,
            away: HashSet::new(),
            connected: HashSet::new(),
            doubtful: Vec::new(),
            tell,
            told,
            tasks: JoinSet::new(),
        }
    }

    fn now(&self) -> Now {
        Now { wall: self.app.now(), instant: Instant::now() }
    }

    async fn tick(&mut self) {
        while self.tasks.try_join_next().is_some() {}
        if let Err(error) = self.keep_in_step().await {
            complain("the devices could not be read", None, &error);
        }
        self.ask_direct();
        self.ask_routers().await;
        let now = self.now();
        self.polls.tick(&self.table, now).await;
        self.write().await;
        self.recorder.note(self.table.take_samples());
        self.recorder.note(self.polls.take_samples());
        self.recorder.tick().await;
    }

    /// Brings the table in step with the store.
    async fn keep_in_step(&mut self) -> Result<(), StoreError> {
        let mut is_stale = self.read.is_none_or(|read| read.elapsed() >= ANEW);
        while let Some(seen) = self.seen {
            let Some(changed) = self.app.store.changes_after(seen, READ).await? else {
                (self.seen, is_stale) = (None, true);
                break;
            };
            for entry in &changed {
                is_stale |= self.take_note(entry);
                self.seen = Some(entry.cursor);
            }
            if changed.len() < READ as usize {
                break;
            }
        }
        if is_stale || self.seen.is_none() {
            self.read_all().await?;
        }
        Ok(())
    }

    /// Takes note of an entry of the feed; whether the devices have to be read anew.
    fn take_note(&mut self, entry: &Changed) -> bool {
        let now = self.now();
        let mut is_stale = false;
        for change in &entry.changes {
            match change {
                Change::Router(router) if router.state == RouterState::Down => {
                    // It is told of at each attempt to connect.
                    if self.away.insert(router.id) {
                        self.table.router_away(router.id, now);
                    }
                }
                Change::Router(router) => {
                    if self.away.remove(&router.id) {
                        self.table.router_back(router.id, now.instant);
                    }
                }
                Change::Audit { action, .. } => {
                    is_stale |= ["device.", "router.", "snmp-login."].iter().any(|of| action.starts_with(of));
                }
                Change::TenantDeleted => is_stale = true,
                Change::Service(_) | Change::Device(_) | Change::UnknownUsers(_) | Change::Job(..) => {}
            }
        }
        is_stale
    }

    async fn read_all(&mut self) -> Result<(), StoreError> {
        if self.seen.is_none() {
            // Before the devices: what changes meanwhile is read twice.
            self.seen = Some(self.app.store.feed().await?.head);
        }
        let routers = self.app.store.all_routers().await?;
        let down = routers.iter().filter(|router| router.state == RouterState::Down);
        self.away = down.map(|router| router.id).collect();
        let (logins, devices) =
            (self.app.store.all_snmp_logins().await?, self.app.store.all_devices().await?);
        let routed = routers.into_iter().map(|router| (router.id, router.config.routed)).collect();
        let now = self.now();
        self.polls.sync(&devices, logins, routed, now);
        self.table.sync(devices, now.instant);
        self.read = Some(Instant::now());
        Ok(())
    }

    fn ask_direct(&mut self) {
        for due in self.table.due_direct(Instant::now()) {
            self.begin(due);
        }
    }

    /// Starts a round. Addresses that are no longer allowed are left out.
    fn begin(&mut self, Due { kind, round, targets }: Due) {
        let allow_loopback = self.app.config.network.allow_loopback;
        let (allowed, refused): (Vec<_>, Vec<_>) =
            targets.into_iter().partition(|target| refusal(target.place, allow_loopback).is_none());
        self.leave(&refused, Reason::NotSent);
        if allowed.is_empty() {
            return;
        }
        self.open_pinger();
        let addresses: Vec<_> = allowed.iter().map(|target| target.place.address).collect();
        let started = match &self.pinger {
            Ok(pinger) => pinger.start(&addresses, round),
            Err(reason) => {
                let reason = *reason;
                return self.leave(&allowed, reason);
            }
        };
        match started {
            Ok(samples) => {
                let tell = self.tell.clone();
                self.tasks.spawn(forward(samples, allowed.into(), kind, tell));
            }
            // It goes without a closer look: their turn comes again.
            Err(error) if kind == Kind::Confirm => complain("devices could not be looked at", None, &error),
            Err(error) => {
                complain("devices could not be asked", None, &error);
                self.leave(&allowed, Reason::NotSent);
            }
        }
    }

    /// These could not be asked.
    fn leave(&mut self, targets: &[Target], reason: Reason) {
        let now = self.now();
        targets.iter().for_each(|target| self.table.not_asked(*target, reason, now));
    }

    /// Opens the pinger, if there is none and it was not tried lately.
    fn open_pinger(&mut self) {
        if self.pinger.is_ok() || self.tried.is_some_and(|tried| tried.elapsed() < ANEW) {
            return;
        }
        self.tried = Some(Instant::now());
        self.pinger = Pinger::open(Options::default()).map_err(|error| {
            complain("devices cannot be asked from this server", None, &error);
            match error {
                PingerError::NoPermission => Reason::NoPermission,
                PingerError::Io(_) => Reason::NotSent,
            }
        });
    }

    async fn ask_routers(&mut self) {
        match self.app.broker.connected().await {
            Ok(connected) => self.connected = connected.into_iter().map(|(_, router)| router).collect(),
            Err(error) => return complain("the connected routers could not be read", None, &error),
        }
        self.begin_through();
    }

    /// Lets routers ask what is due, as far as they have room.
    fn begin_through(&mut self) {
        let now = self.now();
        let (begun, late) = self.table.due_through(&self.connected, &self.away, now);
        self.app.metrics.late_devices.add("router", late);
        for (router, target) in begun {
            let (broker, tell) = (self.app.broker.clone(), self.tell.clone());
            self.tasks.spawn(async move {
                let question = PingThrough { address: target.place.address };
                let found = broker.read(router, WITHIN, Lane::Ordinary, question).await;
                let _nobody_waits = tell.send(News::Through { router, target, found }).await;
            });
        }
    }

    /// Takes in what has come, and looks closer at all devices of it that missed a request: by one round.
    fn hear_all(&mut self, first: News) {
        self.hear(first);
        for _ in 0..WAITING {
            let Ok(news) = self.told.try_recv() else { break };
            self.hear(news);
        }
        let targets = std::mem::take(&mut self.doubtful);
        if !targets.is_empty() {
            self.begin(Due { kind: Kind::Confirm, round: Round::CONFIRM, targets });
        }
    }

    fn hear(&mut self, news: News) {
        let now = self.now();
        match news {
            News::Sample { targets, kind, sample } => {
                self.count(sample.outcome);
                let Some(target) = targets.get(sample.target) else { return };
                if self.table.heard(*target, kind, sample.outcome, now) {
                    self.doubtful.push(*target);
                }
            }
            News::Through { router, target, found } => self.hear_router(router, target, found, now),
        }
    }

    fn hear_router(&mut self, router: RouterId, target: Target, found: Result<Pinged, Trouble>, now: Now) {
        self.table.is_back(router, target);
        let found = match found {
            Ok(Pinged::Asked(times)) => Ok(times),
            Ok(Pinged::NotAsked(reason)) => Err(reason),
            // No answer: it is asked again at the next tick, if there is a connection then.
            Err(trouble) if trouble.is_break() || trouble.is_ours() => {
                return self.table.ask_again(target, now.instant);
            }
            Err(_) => Err(Reason::RouterAway),
        };
        self.count_through(&found);
        self.table.heard_through(target, found, now);
        self.begin_through();
    }

    fn count(&self, outcome: Outcome) {
        self.app.metrics.probes.count(match outcome {
            Outcome::Answered { .. } => "answered",
            Outcome::Lost => "lost",
            Outcome::Unknown(_) => "unknown",
        });
    }

    fn count_through(&self, found: &Result<Vec<Option<u32>>, Reason>) {
        let probes = &self.app.metrics.probes;
        match found {
            Ok(times) => {
                let answered = times.iter().flatten().count();
                probes.add("answered", answered as u64);
                probes.add("lost", (times.len() - answered) as u64);
            }
            Err(_) => probes.count("unknown"),
        }
    }

    /// Writes what was found out. What cannot be written is found out again.
    async fn write(&mut self) {
        let now = self.now();
        for (tenant, reports) in self.table.take_reports(now) {
            if let Err(error) = self.of(tenant).device_reports(reports).await {
                complain("how devices are could not be written", None, &error);
            }
        }
        for (tenant, reports) in self.polls.take_reports() {
            let devices: Vec<_> = reports.iter().map(|report| report.device).collect();
            if let Err(error) = self.of(tenant).device_polls(reports).await {
                complain("what devices said by SNMP could not be written", None, &error);
                self.polls.not_written(devices);
            }
        }
    }

    fn of(&self, tenant: TenantId) -> Arc<dyn imsys_store::TenantStore> {
        self.app.store.tenant(tenant, Actor::system(self.app.now()))
    }
}

/// Hands on the samples of a round as they become known.
async fn forward(mut samples: Samples, targets: Arc<[Target]>, kind: Kind, tell: mpsc::Sender<News>) {
    while let Some(sample) = samples.next().await {
        let news = News::Sample { targets: Arc::clone(&targets), kind, sample };
        if tell.send(news).await.is_err() {
            return;
        }
    }
}
