//! What reports about its services make of a replica.

use super::Replica;
use crate::model::{ServiceChange, SessionRecord, UnknownUser};
use crate::port::{Applied, Result, StoreError, SweepApplied};
use imsys_domain::presence::{
    Endpoint, Event, Forgotten, Observation, Outcome, SessionChange, Source, Sweep, forget, judge,
    judge_stranger,
};
use imsys_domain::router::Listening;
use imsys_domain::{RouterId, ServiceId, SessionId, Timestamp, edition};
use uuid::Uuid;

impl Replica {
    /// It is not watched any more as it was.
    pub(super) fn forget_presence(&mut self, id: ServiceId, at: Timestamp) -> Result<()> {
        let service = living!(self.services, id)?;
        let (router, user) = (service.data.router, service.data.access.name());
        let Forgotten { state, changes, .. } = forget(&service.presence, at);
        service.presence = state;
        changes.into_iter().for_each(|change| self.write_session(id, router, &user, change));
        Ok(())
    }

    /// The PPP names of a router's services.
    pub(super) fn users(&self, router: RouterId) -> Vec<String> {
        let here = self
            .services
            .values()
            .filter(|service| service.archived.is_none() && service.data.router == router);
        here.filter_map(|service| service.data.username().map(str::to_owned)).collect()
    }

    pub(in crate::suite) fn observe(
        &mut self,
        router: RouterId,
        told: Vec<(String, Observation)>,
    ) -> Result<Vec<Applied>> {
        living!(self.routers, router)?;
        Ok(told.into_iter().map(|(user, observation)| self.observe_one(router, &user, observation)).collect())
    }

    fn observe_one(&mut self, router: RouterId, user: &str, told: Observation) -> Applied {
        if told.is_hook() {
            *self.webhooks.entry(router).or_default() += 1;
        }
        if let Some(id) = self.find(router, &format!("ppp:{user}")) {
            return self.decide(id, user, told);
        }
        if let Some((at, source)) = judge_stranger(&told).listed {
            self.list_unknown(router, user, at, source);
        }
        Applied::UnknownUser
    }

    fn list_unknown(&mut self, router: RouterId, user: &str, at: Timestamp, source: Source) {
        let username = user.to_owned();
        let new = UnknownUser { router, username: username.clone(), first: at, last: at, count: 0, source };
        let listed = self.unknown.entry((router, username)).or_insert(new);
        (listed.last, listed.count, listed.source) = (at, listed.count + 1, source);
    }

    fn decide(&mut self, id: ServiceId, user: &str, told: Observation) -> Applied {
        let Some(service) = self.services.get_mut(&id) else { return Applied::UnknownUser };
        let router = service.data.router;
        let listening = self.routers.get(&router).is_some_and(|r| r.listening == Listening::On);
        let made = &mut self.made;
        let mut fresh = |_| {
            *made += 1;
            SessionId(Uuid::from_u128(u128::from(*made)))
        };
        let judged = judge(service.presence.clone(), told, listening, &mut fresh);
        if judged.keeps {
            service.presence = judged.state.clone();
        }
        if let Some(Event { at, source, status: Some(status), .. }) = judged.event {
            self.events.push((at, id, router, user.to_owned(), status, source));
        }
        for change in judged.changes {
            self.write_session(id, router, user, change);
        }
        let change = (judged.outcome == Outcome::Applied)
            .then(|| ServiceChange::new(id, 0, judged.before, &judged.state));
        Applied::Known { outcome: judged.outcome, change, ask: judged.ask }
    }

    fn write_session(&mut self, service: ServiceId, router: RouterId, user: &str, change: SessionChange) {
        match change {
            SessionChange::Put(open) => {
                let mac = open.endpoint.mac.map(|mac| mac.to_uppercase());
                let endpoint = Endpoint { mac, address: open.endpoint.address };
                let (username, started, by) = (user.to_owned(), open.started, open.by);
                let new = SessionRecord {
                    id: open.id,
                    service,
                    router,
                    username,
                    endpoint,
                    started,
                    ended: None,
                    cause: None,
                    by,
                };
                self.sessions.insert(open.id, new);
            }
            SessionChange::End { id, at, cause } => {
                if let Some(session) = self.sessions.get_mut(&id) {
                    (session.ended, session.cause) = (Some(at), Some(cause));
                }
            }
        }
    }

    pub(in crate::suite) fn sweep(&mut self, router: RouterId, sweep: &Sweep) -> Result<SweepApplied> {
        living!(self.routers, router)?.swept = Some(sweep.began);
        let users = self.users(router);
        let mut applied = SweepApplied::default();
        for user in &users {
            let Some(table) = sweep.of(user) else { continue };
            if let Applied::Known { change, ask, .. } = self.observe_one(router, user, table) {
                applied.changes.extend(change);
                applied.asks.extend(ask.map(|at| (user.clone(), at)));
            }
        }
        applied.asks.sort_unstable();
        for stranger in sweep.rows.keys().filter(|user| !users.contains(user)) {
            self.list_unknown(router, stranger, sweep.began, Source::Sweep);
            applied.unknown += 1;
        }
        Ok(applied)
    }

    pub(in crate::suite) fn forget_unknown(&mut self, router: RouterId, user: &str) -> Result<()> {
        self.unknown.remove(&(router, user.to_owned())).map(|_| ()).ok_or(StoreError::NotFound)
    }
}
