//! Among several processes: who owns which router.
//!
//! Each worker renews the leases of its routers, takes what nobody holds up to its fair share, and gives
//! back what is more than that, so that routers are balanced by count. A session whose lease was not renewed
//! in time ends by itself (`lease`), whatever this loop does meanwhile.

use super::session::lease::RouterLease;
use super::session::peers::{Caller, PeerMessage, PeerNotice, PeerRequest, Peers};
use super::session::read::other_version;
use super::session::{Broker, Trouble};
use crate::app::App;
use crate::complaints::complain;
use crate::stop::Stop;
use async_trait::async_trait;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::cluster::{Heard, LEASE};
use imsys_store::{FencingToken, StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How often leases are renewed and free ones looked for.
const EVERY: Duration = Duration::from_secs(2);
/// A lease counts as held for this much less than Redis keeps it.
const MARGIN: Duration = Duration::from_secs(2);
/// The lease of the one scheduler.
const SCHEDULER: &str = "scheduler";
/// Sessions that are started before leases are renewed again.
const MOST_AT_ONCE: usize = 500;

/// Work at routers that this process owns.
#[async_trait]
pub trait ForOwner: Send + Sync {
    /// Does what is due at a router, and the job called `name`, for the job of another process.
    async fn for_another(&self, tenant: TenantId, router: RouterId, name: &str) -> Result<(), Trouble>;
}

/// What this process does among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// It serves routers.
    pub works: bool,
    /// It may be the scheduler.
    pub schedules: bool,
}

/// Renews this process's leases and passes on what others say, until told to stop. Without other processes
/// it only waits.
pub async fn run(app: App, part: Part, work: Arc<dyn ForOwner>, mut stop: Stop) {
    let Some(peers) = app.broker.peers().cloned() else { return stop.wait().await };
    let manager = LeaseManager {
        broker: app.broker.clone(),
        app,
        peers,
        part,
        work,
        nudge: Arc::default(),
        renewing: LogOnce::default(),
        balancing: LogOnce::default(),
    };
    tokio::select! {
        () = stop.wait() => {}
        () = manager.keep() => {}
        () = manager.settle() => {}
        () = manager.listen() => {}
    }
    manager.leave().await;
}

/// Who does a router's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// This process, the router's owner.
    Here,
    /// Another one, which has done it.
    Elsewhere,
    /// Nobody just now: the lease of an owner that does not answer must run out first.
    Nobody,
}

/// Finds the owner of a router that has work: this process, which becomes it when nobody is, or another one,
/// which does the work while this one waits. So a job is bound, tried again and told of as any other,
/// wherever it is done.
pub async fn find_worker(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    name: &str,
) -> Result<Worker, Trouble> {
    let Some(peers) = app.broker.peers().filter(|_| !app.broker.is_owner(router)) else {
        return Ok(Worker::Here);
    };
    match peers.work(tenant, router, name.to_owned()).await {
        Ok(true) => return Ok(Worker::Elsewhere),
        Ok(false) => {}
        // It is about to let the router go.
        Err(Trouble::Gone) => return Ok(Worker::Nobody),
        Err(trouble) => return Err(trouble),
    }
    take(app, peers, &[router]).await.map_err(|error| {
        complain("the router could not be taken over", Some(router), &error);
        Trouble::Unserved
    })?;
    Ok(if app.broker.is_owner(router) { Worker::Here } else { Worker::Nobody })
}

/// Takes the leases of these routers, if it has none yet, and serves those that it got.
async fn take(app: &App, peers: &Peers, routers: &[RouterId]) -> Result<(), String> {
    let _alone = peers.acquiring().await;
    let routers: Vec<_> = routers.iter().copied().filter(|id| !app.broker.is_owner(*id)).collect();
    let names: Vec<_> = routers.iter().map(ToString::to_string).collect();
    let asked = Instant::now();
    let taken = peers.cluster().take(&names).await.map_err(text)?;
    let until = asked + LEASE - MARGIN;
    let mine = routers.into_iter().zip(taken).filter(|(_, mine)| *mine);
    let started = mine.map(async |(id, _)| start_session(app, peers, id, until).await);
    futures_util::future::join_all(started).await;
    Ok(())
}

async fn start_session(app: &App, peers: &Peers, id: RouterId, until: Instant) {
    let started = async {
        let token = app.store.next_fencing_token(id).await?;
        let router = app.store.router_by_id(id).await?;
        app.broker.start(&router, RouterLease::leased(token, until)).await;
        Ok::<_, StoreError>(())
    };
    if let Err(error) = started.await {
        complain("the router could not be taken over", Some(id), &error);
        let _runs_out = peers.cluster().release(&[id.to_string()]).await;
    }
}

struct LeaseManager {
    app: App,
    broker: Broker,
    peers: Peers,
    part: Part,
    work: Arc<dyn ForOwner>,
    /// Rung when a router was added or changed.
    nudge: Arc<Notify>,
    renewing: LogOnce,
    balancing: LogOnce,
}

/// Something that may fail again and again; it is told the first time.
#[derive(Default)]
struct LogOnce(AtomicBool);

impl LogOnce {
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

impl LeaseManager {
    /// Renews what this process holds. It waits for nothing else: neither for the store nor for sessions that
    /// start or end.
    async fn keep(&self) {
        let mut ticks = ticks();
        loop {
            ticks.tick().await;
            let done = async {
                if self.part.schedules {
                    self.take_leadership().await?;
                }
                self.renew().await
            };
            self.renewing.tell(done.await, "leases cannot be renewed; they run out");
        }
    }

    /// Ends sessions that have lost their lease, takes what is free, gives back what is too much.
    async fn settle(&self) {
        let mut ticks = ticks();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = self.nudge.notified() => {}
            }
            let ended = self.broker.ended();
            futures_util::future::join_all(ended.iter().map(|id| self.broker.stop(*id))).await;
            if self.part.works {
                self.balancing.tell(self.balance().await, "routers can be neither taken nor given back");
            }
        }
    }

    async fn take_leadership(&self) -> Result<(), String> {
        let asked = Instant::now();
        let mine = self.peers.cluster().take(&[SCHEDULER.to_owned()]).await.map_err(text)?;
        let here = mine == [true];
        self.app.leader.hold(here.then_some(asked + LEASE - MARGIN));
        Ok(())
    }

    async fn renew(&self) -> Result<(), String> {
        let leases = self.broker.leases();
        let names: Vec<_> = leases.iter().map(|(id, _)| id.to_string()).collect();
        let asked = Instant::now();
        let renewed = self.peers.cluster().renew(&names).await.map_err(text)?;
        for ((_, lease), renewed) in leases.into_iter().zip(renewed) {
            match renewed {
                true => lease.extend(asked + LEASE - MARGIN),
                // Somebody else may own it already.
                false => lease.end(),
            }
        }
        Ok(())
    }

    /// Takes what is free, or gives back what is too much.
    async fn balance(&self) -> Result<(), String> {
        let members = self.peers.cluster().beat().await.map_err(text)?.len().max(1);
        let tokens = self.app.store.fencing_tokens().await.map_err(text)?;
        self.give_back_superseded(&tokens).await?;
        let routers: Vec<_> = tokens.into_iter().map(|token| token.router).collect();
        let held = self.broker.leases();
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

    /// A session that was superseded can write nothing: it is started anew, here or elsewhere.
    async fn give_back_superseded(&self, newest: &[FencingToken]) -> Result<(), String> {
        let newest: HashMap<_, _> = newest.iter().map(|token| (token.router, token.number)).collect();
        let held = self.broker.leases().into_iter();
        let superseded =
            held.filter(|(id, lease)| newest.get(id).is_some_and(|number| lease.is_superseded(*number)));
        let superseded: Vec<_> = superseded.map(|(id, _)| id).collect();
        if superseded.is_empty() {
            return Ok(());
        }
        tracing::warn!(routers = superseded.len(), "others had begun to serve routers of this process");
        self.give_back(&superseded).await
    }

    async fn take_free(&self, wanted: &[RouterId], room: usize) -> Result<(), String> {
        let names: Vec<_> = wanted.iter().map(ToString::to_string).collect();
        let holders = self.peers.cluster().holders(&names).await.map_err(text)?;
        let free = wanted.iter().zip(holders).filter(|(_, holder)| holder.is_none()).map(|(id, _)| *id);
        let free: Vec<_> = free.take(room.min(MOST_AT_ONCE)).collect();
        let more = free.len() == MOST_AT_ONCE;
        take(&self.app, &self.peers, &free).await?;
        if more {
            self.nudge.notify_one();
        }
        Ok(())
    }

    async fn give_back(&self, surplus: &[RouterId]) -> Result<(), String> {
        // Nobody takes here what is half given back.
        let _alone = self.peers.acquiring().await;
        let held = self.broker.leases().into_iter().filter(|(id, _)| surplus.contains(id));
        let held: Vec<_> = held.map(|(_, lease)| lease).collect();
        futures_util::future::join_all(surplus.iter().map(|id| self.broker.stop(*id))).await;
        // Whoever still holds a copy may do nothing more.
        held.iter().for_each(RouterLease::end);
        let names: Vec<_> = surplus.iter().map(ToString::to_string).collect();
        self.peers.cluster().release(&names).await.map_err(text)
    }

    /// Ends every session in order: cancelled, closed, given back.
    async fn leave(&self) {
        let held: Vec<_> = self.broker.leases().into_iter().map(|(id, _)| id).collect();
        let given_back = self.give_back(&held).await;
        let leadership = self.app.leader.is_here().then(|| SCHEDULER.to_owned());
        let passed_on = self.peers.cluster().release(leadership.as_slice()).await;
        let retired = self.peers.cluster().retire().await;
        if given_back.is_err() || passed_on.is_err() || retired.is_err() {
            tracing::warn!("Redis was away at the end: the leases run out by themselves");
        }
    }

    /// Hears what other processes say.
    async fn listen(&self) {
        let mut inbox = self.peers.cluster().listen();
        loop {
            match inbox.next().await {
                Heard::Gap => {
                    self.peers.forget();
                    self.nudge.notify_one();
                }
                Heard::Mine(bytes) | Heard::All(bytes) => self.hear(PeerMessage::read(&bytes)).await,
            }
        }
    }

    async fn hear(&self, message: PeerMessage) {
        match message {
            PeerMessage::Notice(notice) => self.note(notice).await,
            PeerMessage::Request(caller, request) => self.serve(caller, request),
            PeerMessage::Answer(number, answer) => self.peers.take_answer(number, answer),
            PeerMessage::Unknown => {
                tracing::warn!("another process said something that this version does not know");
            }
        }
    }

    async fn note(&self, notice: PeerNotice) {
        match notice {
            PeerNotice::Ask { router, user } if self.broker.is_owner(router) => {
                self.broker.ask(router, &user)
            }
            PeerNotice::Ask { .. } => {}
            PeerNotice::Abandoned { number } => self.peers.abandon(number),
            PeerNotice::Changed { router } => self.changed(router).await,
        }
    }

    /// Does what another process asks for, beside everything else, and answers.
    fn serve(&self, caller: Caller, request: Option<PeerRequest>) {
        let (broker, peers, work) = (self.broker.clone(), self.peers.clone(), Arc::clone(&self.work));
        tokio::spawn(async move {
            let nothing = |()| Vec::new();
            let answer = match request {
                None => Err(other_version()),
                // What was said to a process that slept meanwhile is another owner's.
                Some(PeerRequest::Work { router, .. }) if !broker.is_owner(router) => Err(Trouble::Gone),
                Some(PeerRequest::Work { tenant, router, name }) => {
                    work.for_another(tenant, router, &name).await.map(nothing)
                }
                Some(PeerRequest::Sweep { router }) => broker.sweep_for_another(router).await.map(nothing),
                Some(PeerRequest::Look { router, user }) => {
                    broker.look_for_another(router, &user).await.map(nothing)
                }
                Some(PeerRequest::Read(read)) => match peers.serve(&caller) {
                    Ok(mut serving) => tokio::select! {
                        answer = broker.read_for_another(read) => answer,
                        () = serving.abandoned() => return,
                    },
                    Err(trouble) => Err(trouble),
                },
            };
            peers.answer(&caller, answer).await;
        });
    }

    /// A session is started anew with the router's settings of now; what nobody serves is taken at once.
    async fn changed(&self, id: RouterId) {
        self.app.webhook_tokens.forget();
        let lease = self.broker.leases().into_iter().find(|(held, _)| *held == id).map(|(_, lease)| lease);
        match (lease, self.app.store.router_by_id(id).await) {
            (Some(lease), Ok(router)) => self.broker.start(&router, lease).await,
            (Some(_), Err(StoreError::NotFound)) => {
                let _runs_out = self.give_back(&[id]).await;
            }
            (Some(_), Err(error)) => {
                complain("a router's settings could not be read", Some(id), &error);
            }
            (None, _) => self.nudge.notify_one(),
        }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
