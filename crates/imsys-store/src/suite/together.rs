//! Many tasks on one service at once.

use super::town::{Must, Town, all, at, only};
use crate::port::{Applied, SessionFilter, StoreError};
use imsys_domain::presence::{HookKey, Outcome, Status};
use imsys_domain::service::ServiceData;
use imsys_domain::{RouterId, ServiceId};
use std::collections::{BTreeSet, HashSet};

/// Tasks of each kind: the judge keeps at most 16 sessions of one user open.
const TASKS: i64 = 16;
const ROUNDS: i64 = 12;

/// The revisions that were answered to one task, in its order.
type Revisions = Vec<i64>;

/// Session after session, each reported twice at once; every fourth task leaves its last one open.
async fn dial(town: Town, router: RouterId, task: i64) -> Revisions {
    let mut revisions = Vec::new();
    for round in 0..ROUNDS {
        let (key, second) = (format!("*{task}-{round}"), 1000 * round + task);
        let doubled =
            tokio::join!(town.up(router, "ana", &key, second), town.up(router, "ana", &key, second));
        revisions.extend(revision_of_one(doubled));
        if round + 1 == ROUNDS && task % 4 == 0 {
            break;
        }
        let doubled = tokio::join!(
            town.down(router, "ana", &key, second + 60),
            town.down(router, "ana", &key, second + 60)
        );
        revisions.extend(revision_of_one(doubled));
    }
    revisions
}

/// Of two equal reports exactly one is applied.
fn revision_of_one((one, two): (Applied, Applied)) -> Option<i64> {
    let mut applied = [one, two].into_iter().filter_map(|applied| match applied {
        Applied::Known { outcome: Outcome::Applied, change, .. } => change.map(|c| c.rev),
        _ => None,
    });
    let (first, second) = (applied.next(), applied.next());
    assert!(first.is_some() && second.is_none(), "{first:?} and {second:?} were applied");
    first
}

/// Reads, turns `suspended` round, writes if nobody was faster; until it worked so often.
async fn edit(town: Town, service: ServiceId) -> Revisions {
    let mut revisions = Vec::new();
    while revisions.len() < ROUNDS as usize {
        let read = town.ours.service(service).await.must();
        let data = ServiceData { suspended: !read.data.suspended, ..read.data };
        match town.ours.update_service(service, Some(read.edition), data).await {
            Ok(written) => {
                assert_eq!(written.edition, read.edition + 1);
                revisions.push(written.rev);
            }
            Err(error) => assert_eq!(error, StoreError::Stale),
        }
    }
    revisions
}

pub(super) async fn nothing_is_lost_when_many_write_at_once(town: Town) {
    let router = town.router("tower").await;
    let ana = town.service(router, "ana").await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..TASKS {
        tasks.spawn(dial(town.clone(), router, task));
        tasks.spawn(edit(town.clone(), ana.id));
    }
    let mut revisions = BTreeSet::new();
    while let Some(done) = tasks.join_next().await {
        let answered = done.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
        assert!(answered.is_sorted_by(|a, b| a < b), "a revision went back: {answered:?}");
        for revision in answered {
            assert!(revisions.insert(revision), "two writes have revision {revision}");
        }
    }
    let now = town.ours.service(ana.id).await.must();
    assert_eq!(now.edition, 1 + TASKS * ROUNDS, "an edit was lost");
    assert_eq!(now.data.suspended, TASKS * ROUNDS % 2 == 1);
    assert!(revisions.last().is_some_and(|last| *last <= now.rev));

    let state = town.ours.presence(ana.id).await.must();
    let open: HashSet<_> = state.open.iter().filter_map(|s| s.hook.clone()).collect();
    let left: HashSet<_> =
        (0..TASKS).step_by(4).map(|task| HookKey(format!("*{task}-{}", ROUNDS - 1))).collect();
    assert_eq!((now.status, open), (Status::Online, left));
    let sessions = only(town.ours.sessions(SessionFilter::default(), all(())).await);
    assert_eq!(sessions.len() as i64, TASKS * ROUNDS, "a session was lost or doubled");
    let began: BTreeSet<_> = sessions.iter().map(|s| s.started).collect();
    let expected = (0..TASKS).flat_map(|task| (0..ROUNDS).map(move |round| at(1000 * round + task)));
    assert_eq!(began, expected.collect());
    let ended = sessions.iter().filter(|s| s.ended == Some(s.started.plus_seconds(60))).count() as i64;
    assert_eq!(ended, TASKS * ROUNDS - TASKS / 4);
    let counted = town.ours.hook_counts(router, at(0)).await.must().received as i64;
    assert_eq!(counted, 2 * (2 * TASKS * ROUNDS - TASKS / 4), "a webhook was not counted");
}
