//! Among several processes: who is the home of which router.
//!
//! Each worker renews the leases of its homes, takes what nobody holds up to its fair share, and gives
//! back what is more than that, so that homes are balanced by count. A home whose lease was not renewed
//! in time ends by itself (`tenure`), whatever this loop does meanwhile.

use super::Trouble;
use super::broker::Broker;
use super::far::{Far, Word, decode};
use super::jobs::RouterWork;
use super::tenure::Tenure;
use crate::app::App;
use crate::complaints::complain;
use crate::stop::Stop;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::fleet::{Heard, LEASE};
use imsys_store::{Home, StoreError};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How often leases are renewed and free ones looked for.
const EVERY: Duration = Duration::from_secs(2);
/// A lease is believed for this much less than Redis keeps it.
const MARGIN: Duration = Duration::from_secs(2);
/// The lease of the one scheduler.
const SCHEDULER: &str = "scheduler";
/// Homes that are founded before leases are renewed again.
const MOST_AT_ONCE: usize = 500;

/// What this process does among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// It serves routers.
    pub works: bool,
    /// It may be the scheduler.
    pub schedules: bool,
}

/// Whether this process is the scheduler just now; by itself it always is.
#[derive(Clone, Default)]
pub struct Baton(Option<Arc<Mutex<Option<Instant>>>>);

impl Baton {
    /// One that several processes pass on.
    pub fn shared() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether it is here.
    pub fn is_here(&self) -> bool {
        self.0.as_ref().is_none_or(|until| {
            until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until)
        })
    }

    fn hold(&self, until: Option<Instant>) {
        if let Some(place) = &self.0 {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = until;
        }
    }
}

/// Keeps this process's homes and passes on what others say, until told to stop. Without other processes
/// it only waits.
pub async fn run(app: App, part: Part, mut stop: Stop) {
    let Some(far) = app.broker.far().cloned() else { return stop.wait().await };
    let keeper = Keeper {
        broker: app.broker.clone(),
        app,
        far,
        part,
        nudge: Arc::default(),
        renewing: Once::default(),
        balancing: Once::default(),
    };
    tokio::select! {
        () = stop.wait() => {}
        () = keeper.keep() => {}
        () = keeper.settle() => {}
        () = keeper.listen() => {}
        () = keeper.relay() => {}
    }
    keeper.leave().await;
}

/// Who does a router's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worker {
    /// This process, the router's home.
    Here,
    /// Another one, which has done it.
    Elsewhere,
    /// Nobody just now: the lease of a home that does not answer must run out first.
    Nobody,
}

/// Finds the home of a router that has work: this process, which becomes it when nobody is, or another one,
/// which does the work while this one waits. So a job is bound, tried again and told of as any other,
/// wherever it is done.
pub(super) async fn find_worker(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    name: &str,
) -> Result<Worker, Trouble> {
    let Some(far) = app.broker.far().filter(|_| !app.broker.is_home(router)) else {
        return Ok(Worker::Here);
    };
    let name = name.to_owned();
    match far.work(router, |call| Word::Work { tenant, router, name, call }).await {
        Ok(true) => return Ok(Worker::Elsewhere),
        Ok(false) => {}
        // It is about to let the router go.
        Err(Trouble::Gone) => return Ok(Worker::Nobody),
        Err(trouble) => return Err(trouble),
    }
    take(app, far, &[router]).await.map_err(|error| {
        complain("no home could be founded", Some(router), &error);
        Trouble::Homeless
    })?;
    Ok(if app.broker.is_home(router) { Worker::Here } else { Worker::Nobody })
}

/// Takes the leases of these routers, if it has none yet, and serves those that it got.
async fn take(app: &App, far: &Far, routers: &[RouterId]) -> Result<(), String> {
    let _alone = far.founding().await;
    let routers: Vec<_> = routers.iter().copied().filter(|id| !app.broker.is_home(*id)).collect();
    let names: Vec<_> = routers.iter().map(ToString::to_string).collect();
    let asked = Instant::now();
    let taken = far.fleet().take(&names).await.map_err(text)?;
    let until = asked + LEASE - MARGIN;
    let mine = routers.into_iter().zip(taken).filter(|(_, mine)| *mine);
    let founded = mine.map(async |(id, _)| found(app, far, id, until).await);
    futures_util::future::join_all(founded).await;
    Ok(())
}

async fn found(app: &App, far: &Far, id: RouterId, until: Instant) {
    let founded = async {
        let home = app.store.found_home(id).await?;
        let router = app.store.router_by_id(id).await?;
        app.broker.move_in(&router, Tenure::leased(home, until)).await;
        Ok::<_, StoreError>(())
    };
    if let Err(error) = founded.await {
        complain("no home could be founded", Some(id), &error);
        let _runs_out = far.fleet().release(&[id.to_string()]).await;
    }
}

struct Keeper {
    app: App,
    broker: Broker,
    far: Far,
    part: Part,
    /// Rung when a router was added or changed.
    nudge: Arc<Notify>,
    renewing: Once,
    balancing: Once,
}

/// Something that may fail again and again; it is told the first time.
#[derive(Default)]
struct Once(AtomicBool);

impl Once {
    fn tell(&self, done: Result<(), String>, what: &'static str) {
        let failed = done.is_err();
        if let Err(error) = done
            && !self.0.load(Ordering::Relaxed)
        {
            tracing::error!(error, "{what}");
        }
        self.0.store(failed, Ordering::Relaxed);
    }
}

/// A clock that ticks every so often, and never makes up for what it missed.
fn ticks() -> tokio::time::Interval {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks
}

impl Keeper {
    /// Renews what this process holds. It waits for nothing else: neither for the store nor for homes that
    /// are founded or end.
    async fn keep(&self) {
        let mut ticks = ticks();
        loop {
            ticks.tick().await;
            let done = async {
                if self.part.schedules {
                    self.pass_baton().await?;
                }
                self.renew().await
            };
            self.renewing.tell(done.await, "homes cannot be renewed; their leases run out");
        }
    }

    /// Ends homes that have lost their lease, takes what is free, gives back what is too much.
    async fn settle(&self) {
        let mut ticks = ticks();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = self.nudge.notified() => {}
            }
            let ended = self.broker.ended();
            futures_util::future::join_all(ended.iter().map(|id| self.broker.move_out(*id))).await;
            if self.part.works {
                self.balancing.tell(self.balance().await, "homes can be neither taken nor given back");
            }
        }
    }

    async fn pass_baton(&self) -> Result<(), String> {
        let asked = Instant::now();
        let mine = self.far.fleet().take(&[SCHEDULER.to_owned()]).await.map_err(text)?;
        let here = mine == [true];
        self.app.baton.hold(here.then_some(asked + LEASE - MARGIN));
        Ok(())
    }

    async fn renew(&self) -> Result<(), String> {
        let homes = self.broker.tenures();
        let names: Vec<_> = homes.iter().map(|(id, _)| id.to_string()).collect();
        let asked = Instant::now();
        let renewed = self.far.fleet().renew(&names).await.map_err(text)?;
        for ((_, tenure), renewed) in homes.into_iter().zip(renewed) {
            match renewed {
                true => tenure.extend(asked + LEASE - MARGIN),
                // Somebody else may be its home already.
                false => tenure.end(),
            }
        }
        Ok(())
    }

    /// Takes what is free, or gives back what is too much.
    async fn balance(&self) -> Result<(), String> {
        let members = self.far.fleet().beat().await.map_err(text)?.len().max(1);
        let homes = self.app.store.homes().await.map_err(text)?;
        self.give_back_outbid(&homes).await?;
        let routers: Vec<_> = homes.into_iter().map(|home| home.router).collect();
        let held = self.broker.tenures();
        let share = routers.len().div_ceil(members);
        let most = share + share / 20 + 1;
        if held.len() > most {
            let surplus: Vec<_> = held.into_iter().map(|(id, _)| id).skip(share).collect();
            return self.give_back(&surplus).await;
        }
        let wanted: Vec<_> =
            routers.into_iter().filter(|id| !held.iter().any(|(held, _)| held == id)).collect();
        let room = share.saturating_sub(held.len());
        self.take_free(&wanted, room).await
    }

    /// A home that was outbid can write nothing: it is founded anew, here or elsewhere.
    async fn give_back_outbid(&self, newest: &[Home]) -> Result<(), String> {
        let newest: HashMap<_, _> = newest.iter().map(|home| (home.router, home.number)).collect();
        let held = self.broker.tenures().into_iter();
        let outbid =
            held.filter(|(id, tenure)| newest.get(id).is_some_and(|number| tenure.is_outbid(*number)));
        let outbid: Vec<_> = outbid.map(|(id, _)| id).collect();
        if outbid.is_empty() {
            return Ok(());
        }
        tracing::warn!(routers = outbid.len(), "others had begun to serve routers of this process");
        self.give_back(&outbid).await
    }

    async fn take_free(&self, wanted: &[RouterId], room: usize) -> Result<(), String> {
        let names: Vec<_> = wanted.iter().map(ToString::to_string).collect();
        let holders = self.far.fleet().holders(&names).await.map_err(text)?;
        let free = wanted.iter().zip(holders).filter(|(_, holder)| holder.is_none()).map(|(id, _)| *id);
        let free: Vec<_> = free.take(room.min(MOST_AT_ONCE)).collect();
        let more = free.len() == MOST_AT_ONCE;
        take(&self.app, &self.far, &free).await?;
        if more {
            self.nudge.notify_one();
        }
        Ok(())
    }

    async fn give_back(&self, surplus: &[RouterId]) -> Result<(), String> {
        // Nobody takes here what is half given back.
        let _alone = self.far.founding().await;
        let held = self.broker.tenures().into_iter().filter(|(id, _)| surplus.contains(id));
        let held: Vec<_> = held.map(|(_, tenure)| tenure).collect();
        futures_util::future::join_all(surplus.iter().map(|id| self.broker.move_out(*id))).await;
        // Whoever still has it in hand is no home any more.
        held.iter().for_each(Tenure::end);
        let names: Vec<_> = surplus.iter().map(ToString::to_string).collect();
        self.far.fleet().release(&names).await.map_err(text)
    }

    /// Ends every home in order: cancelled, closed, given back.
    async fn leave(&self) {
        let held: Vec<_> = self.broker.tenures().into_iter().map(|(id, _)| id).collect();
        let given_back = self.give_back(&held).await;
        let baton = self.app.baton.is_here().then(|| SCHEDULER.to_owned());
        let passed_on = self.far.fleet().release(baton.as_slice()).await;
        let retired = self.far.fleet().retire().await;
        if given_back.is_err() || passed_on.is_err() || retired.is_err() {
            tracing::warn!("Redis was away at the end: the leases run out by themselves");
        }
    }

    /// Hears what other processes say.
    async fn listen(&self) {
        let mut inbox = self.far.fleet().listen();
        loop {
            match inbox.next().await {
                Heard::Gap => {
                    self.far.forget();
                    self.app.live.gap();
                    self.nudge.notify_one();
                }
                Heard::Mine(bytes) | Heard::All(bytes) => match decode(&bytes) {
                    Some(word) => self.hear(word).await,
                    None => tracing::warn!("another process said something that this version does not know"),
                },
            }
        }
    }

    async fn hear(&self, word: Word) {
        match word {
            Word::Ask { router, user } if self.broker.is_home(router) => self.broker.ask(router, &user),
            Word::Ask { .. } => {}
            Word::Work { tenant, router, name, call } => {
                let (work, far) = (RouterWork(self.app.clone()), self.far.clone());
                let is_home = self.broker.is_home(router);
                tokio::spawn(async move {
                    // What was said to a process that slept meanwhile is another home's.
                    let refused = match is_home {
                        true => work.for_another(tenant, router, &name).await.err(),
                        false => Some(Trouble::Gone),
                    };
                    far.answer(&call, refused.map(Into::into)).await;
                });
            }
            Word::Sweep { router, call } => {
                let (broker, far) = (self.broker.clone(), self.far.clone());
                tokio::spawn(async move {
                    let swept = broker.sweep_here(router).await;
                    far.answer(&call, swept.err().map(Into::into)).await;
                });
            }
            Word::Lend { router, call } => {
                let (broker, far) = (self.broker.clone(), self.far.clone());
                tokio::spawn(async move {
                    match broker.connection(router).await {
                        Ok(client) => far.lend(&client, call).await,
                        Err(trouble) => far.answer(&call, Some(trouble.into())).await,
                    }
                });
            }
            Word::Done { number, refused } => self.far.take_done(number, refused),
            Word::Bytes { number, bytes } => self.far.take_bytes(number, bytes),
            Word::Changed { router } => self.changed(router).await,
            Word::Live { from, tenant, topic, id, rev, fields } => {
                if from != self.far.fleet().member() {
                    self.app.live.heard(tenant, &topic, &id, rev, &fields);
                }
            }
        }
    }

    /// A home is made anew with the router's settings of now; what nobody serves is taken at once.
    async fn changed(&self, id: RouterId) {
        self.app.doors.forget();
        let tenure =
            self.broker.tenures().into_iter().find(|(held, _)| *held == id).map(|(_, tenure)| tenure);
        match (tenure, self.app.store.router_by_id(id).await) {
            (Some(tenure), Ok(router)) => self.broker.move_in(&router, tenure).await,
            (Some(_), Err(StoreError::NotFound)) => {
                let _runs_out = self.give_back(&[id]).await;
            }
            (Some(_), Err(error)) => {
                complain("a router's settings could not be read", Some(id), &error);
            }
            (None, _) => self.nudge.notify_one(),
        }
    }

    /// Tells the others what browsers watch.
    async fn relay(&self) {
        let Some(mut published) = self.app.live.relayed() else { return std::future::pending().await };
        let mut lost = false;
        while let Some(event) = published.recv().await {
            let from = self.far.fleet().member().to_owned();
            let word = Word::Live {
                from,
                tenant: event.tenant,
                topic: event.topic.name().into(),
                id: event.id,
                rev: event.rev,
                fields: event.fields.to_string(),
            };
            let failed = self.far.tell_all(&word).await.is_err();
            if failed && !lost {
                tracing::warn!("browsers at other processes are not told of changes just now");
            }
            lost = failed;
        }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
