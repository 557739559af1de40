//! Reports of witnesses, which come by the hundred: those that wait are judged as one request of the
//! writer, in one savepoint. If one of them fails, each is judged again in a savepoint of its own, so that
//! nobody's failure undoes what another one reported. Where many wait they are [journaled](super::journal).

use super::db::{Answer, Db, Lane, WAITING};
use super::journal::Journal;
use super::observe::{Group, Recorded, Report, observe};
use super::unit::in_savepoint;
use crate::port::{Applied, Result, StoreError};
use rusqlite::Connection;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;

/// Most reports in one request.
const TOGETHER: usize = 512;

/// The reports that wait.
#[derive(Clone, Default)]
pub(super) struct Reports(Arc<Mutex<VecDeque<Report>>>);

impl Reports {
    /// Lets a report wait for the writer; [`StoreError::Busy`] when too many do.
    pub(super) fn submit(&self, db: &Db, report: Report) -> Result<()> {
        let mut waiting = self.lock();
        if waiting.len() >= WAITING {
            return Err(StoreError::Busy);
        }
        let is_first = waiting.len().is_multiple_of(TOGETHER);
        waiting.push_back(report);
        // Not held any longer: a request that finds no room lets its group go when it is dropped.
        drop(waiting);
        // The first of each group brings the request that will take the group.
        if !is_first {
            return Ok(());
        }
        let batch = Batch {
            reports: Some(self.clone()),
            journal: db.journal.clone(),
            runtime: Handle::try_current().ok(),
        };
        db.submit(Lane::Interactive, Box::new(move |conn| batch.run(conn)))
    }

    fn take(&self) -> Vec<Report> {
        let mut waiting = self.lock();
        let group = waiting.len().min(TOGETHER);
        waiting.drain(..group).collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Report>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer's batch at one group. Dropped before it came, it lets the group go: nobody waits for ever.
struct Batch {
    reports: Option<Reports>,
    journal: Journal,
    /// Where those who wait live: to wake them there takes one message to other threads, not hundreds.
    runtime: Option<Handle>,
}

impl Batch {
    fn run(mut self, conn: &Connection) -> Answer {
        let group = self.reports.take().map(|reports| reports.take()).unwrap_or_default();
        let journals = self.journal.wants(group.len());
        let judged = if journals {
            self.journal.append(conn, &group)
        } else {
            in_savepoint(conn, |conn| judge_all(conn, &group, self.journal.recorded()))
        };
        let judged = judged.unwrap_or_else(|_| self.one_by_one(conn, &group));
        let runtime = self.runtime.take();
        Box::new(move |committed| {
            let tell = move || {
                for (report, judged) in group.into_iter().zip(judged) {
                    let _gone = report.tell.send(committed.clone().and(judged));
                }
            };
            match runtime {
                Some(runtime) => drop(runtime.spawn(async { tell() })),
                None => tell(),
            }
        })
    }

    fn one_by_one(&self, conn: &Connection, group: &[Report]) -> Vec<Result<Applied>> {
        match self.journal.flush(conn) {
            Ok(()) => {
                let alone =
                    |report: &Report, conn: &Connection| report.judge_alone(conn, self.journal.recorded());
                group.iter().map(|report| in_savepoint(conn, |conn| alone(report, conn))).collect()
            }
            Err(error) => group.iter().map(|_| Err(error.clone())).collect(),
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if let Some(reports) = self.reports.take() {
            drop(reports.take());
        }
    }
}

fn judge_all(conn: &Connection, reports: &[Report], recorded: Recorded) -> Result<Vec<Result<Applied>>> {
    let mut group = Group::new(recorded);
    let judged =
        reports.iter().map(|report| report.judge(conn, &mut group).map(Ok)).collect::<Result<_>>()?;
    group.end(conn)?;
    Ok(judged)
}

impl Report {
    fn judge(&self, conn: &Connection, group: &mut Group) -> Result<Applied> {
        observe(conn, &self.tenant, self.router, &self.user, self.observation.clone(), group)
    }

    fn judge_alone(&self, conn: &Connection, recorded: Recorded) -> Result<Applied> {
        let mut group = Group::new(recorded);
        let judged = self.judge(conn, &mut group)?;
        group.end(conn)?;
        Ok(judged)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use super::*;
    use crate::suite::{Must, Town, at};
    use imsys_domain::presence::Observation;
    use imsys_domain::presence::{Endpoint, HookKey, Status};
    use std::sync::mpsc;
    use std::time::Duration;

    /// The writer is held up until the channel is dropped, and no more fits into its queue.
    fn hold_up(store: &SqliteStore) -> mpsc::Sender<()> {
        let (release, held) = mpsc::channel::<()>();
        let nothing = || -> Answer { Box::new(|_| {}) };
        let wait = Box::new(move |_: &Connection| {
            let _released = held.recv();
            nothing()
        });
        store.db.submit(Lane::Interactive, wait).must();
        while store.db.submit(Lane::Interactive, Box::new(move |_| nothing())).is_ok() {}
        release
    }

    async fn recorded(store: &SqliteStore, user: &'static str) -> u64 {
        let sql = "SELECT count(*) FROM presence_events WHERE username = ?1";
        store
            .db
            .write(Lane::Bulk, move |conn| Ok(conn.query_row(sql, [user], |row| row.get(0))?))
            .await
            .must()
    }

    #[tokio::test]
    async fn a_webhook_that_says_the_same_again_is_judged_and_counted_and_not_recorded_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("repeats.db");
        let store = Arc::new(SqliteStore::open(&file).unwrap());
        let town = Town::found(store.clone()).await;
        let router = town.router("tower").await;
        let ana = town.service(router, "ana").await.id;
        let key = || Some(HookKey("*F0".into()));
        let up = |second| Observation::HookUp { at: at(second), key: key(), endpoint: Endpoint::default() };
        let down = |second| Observation::HookDown { at: at(second), key: key() };
        let tell = async |user, told| town.ours.apply_presence(router, user, told).await;
        // By itself a report goes straight to the tables.
        for (told, events) in [(up(1), 1), (up(2), 1), (up(60), 1), (down(70), 2), (down(71), 2), (up(90), 3)]
        {
            tell("ana", told).await.must();
            assert_eq!(recorded(&store, "ana").await, events);
        }
        let presence = town.ours.presence(ana).await.must();
        assert_eq!((presence.status, presence.open.len()), (Status::Online, 1));
        // Together they are journaled.
        let mut together = tokio::task::JoinSet::new();
        for second in 0..200 {
            let (ours, user) = (town.ours.clone(), if second % 2 == 0 { "eve" } else { "ana" });
            let told = up(100 + second / 50);
            together.spawn(async move { ours.apply_presence(router, user, told).await.must() });
        }
        together.join_all().await;
        assert_eq!((recorded(&store, "ana").await, recorded(&store, "eve").await), (3, 1));
        assert_eq!(town.ours.hook_counts(router, at(0)).await.must().received, 206, "each is counted");
        let unknown = town.ours.unknown_users(None, 10).await.must();
        assert_eq!(unknown.iter().map(|user| user.count).collect::<Vec<_>>(), [100]);
        // After two hours it is worth a line again.
        for second in [7_300, 7_301] {
            tell("eve", up(second)).await.must();
            assert_eq!(recorded(&store, "eve").await, 2);
        }
        // What could not be written is written when it comes again.
        let conn = Connection::open(&file).unwrap();
        let refusal =
            "CREATE TRIGGER refusal BEFORE INSERT ON presence_events BEGIN SELECT RAISE(ABORT, 'no'); END";
        conn.execute_batch(refusal).unwrap();
        tell("bob", up(7_400)).await.expect_err("it cannot be written");
        conn.execute_batch("DROP TRIGGER refusal").unwrap();
        for _ in 0..2 {
            tell("bob", up(7_401)).await.must();
            assert_eq!(recorded(&store, "bob").await, 1);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn reports_that_find_no_room_are_refused_and_nobody_is_stuck() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("reports.db")).unwrap());
        let town = Town::found(store.clone()).await;
        let router = town.router("tower").await;
        town.service(router, "ana").await;
        let up = || Observation::HookUp { at: at(5), key: None, endpoint: Endpoint::default() };
        let release = hold_up(&store);
        let refused = async {
            for _ in 0..3 {
                let refused = town.ours.apply_presence(router, "ana", up()).await;
                assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
            }
        };
        tokio::time::timeout(Duration::from_secs(60), refused).await.expect("somebody is stuck");
        drop(release);
        let stored = async {
            while town.ours.apply_presence(router, "ana", up()).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), stored).await.expect("the writer is stuck");
    }
}
