//! Static customers and those by DHCP do not log in, so their router is asked: one job a router, a print of its ARP table,
//! probes where that proves nothing. What is seen goes to `imsys_domain::presence::judge_check`.

pub(crate) mod addresses;
pub mod http;
pub(crate) mod jobs;
pub(crate) mod lines;

use crate::app::App;
use crate::routers::session::{Lane, Trouble};
use imsys_domain::presence::{self, ProbeSeen, Seen};
use imsys_domain::{RouterId, ServiceId, TenantId, Timestamp};
use imsys_store::model::{CheckStored, JobDone, StaticLine, StaticLines};
use imsys_store::{StoreError, TenantStore};
use lines::{Asked, Dialect, Question};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long one job probes lines; what is left is another job's.
const SLICE: Duration = Duration::from_secs(20);
/// How long a single line's probe may wait for its turn.
const ONE: Duration = Duration::from_secs(5);
/// A question that fails sooner may be put again: both then fit into a job's time.
const SOON: Duration = Duration::from_secs(8);
/// A line that was silent once is asked again after this long: three seconds at least, and a little for
/// those whose radio was just busy.
const SECOND_LOOK: Duration = Duration::from_secs(5);

/// Why a check came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The router could not be asked.
    #[error("{0}")]
    Router(#[from] Trouble),
    /// What was seen could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which lines of a router a job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// All of them.
    Whole,
    /// Those that the job before had no time for, and those that were silent once.
    Rest,
    /// Those that it was never asked about since they are as they are, and of them those that were silent once.
    New,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The router has no static lines, and was not asked.
    NoLines,
    /// What was seen is stored, and with it that the job is done.
    Noted {
        /// After which time there is more to do.
        again: Option<Duration>,
        /// Whether other work is marked at the router.
        due: bool,
    },
}

/// Checks a router's static lines; `done` is noted with what was seen. Without an answer they are unknown.
pub async fn check(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    round: Round,
    done: &(dyn Fn() -> JobDone + Sync),
) -> Result<Checked, CheckError> {
    let at = app.now();
    // From the begin: what a former owner saw is not written.
    let store = app.broker.store(tenant, router);
    let probed_since = match round {
        Round::Whole => {
            app.broker.begin_round(router, at);
            at
        }
        // Where a round takes longer than until the next one begins, it goes on without a pause, with those
        // first whose turn was the longest ago.
        Round::Rest => match app.broker.round(router) {
            Some(began) => began,
            // It began at another owner: long enough for a round to end, short enough for the next to begin anew.
            None => at.minus_seconds(i64::from(store.info().await?.settings.static_check_seconds / 2)),
        },
        Round::New => at,
    };
    let about = if round == Round::New { About::New } else { About::All };
    let asking = Asking { router, about, at, probed_since, within: SLICE };
    let Some(left) = ask(app, &store, asking, || Some(done())).await? else { return Ok(Checked::NoLines) };
    let again = match (left.left, left.doubtful) {
        (0, 0) => None,
        (0, _) => Some(SECOND_LOOK),
        _ => Some(Duration::ZERO),
    };
    Ok(Checked::Noted { again, due: left.due })
}

/// Checks one line now. Without an answer it is unknown, and the others are as they were.
pub async fn check_one(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    id: ServiceId,
) -> Result<(), CheckError> {
    let at = app.now();
    let store = app.broker.store(tenant, router);
    let asking = Asking { router, about: About::One(id), at, probed_since: at, within: ONE };
    ask(app, &store, asking, || None).await.map(|_| ())
}

/// Which lines of a router are asked about.
#[derive(Clone, Copy)]
enum About {
    All,
    New,
    One(ServiceId),
}

impl About {
    /// Somebody waits for a single line's.
    const fn lane(self) -> Lane {
        match self {
            Self::One(_) => Lane::Urgent,
            Self::All | Self::New => Lane::Ordinary,
        }
    }

    fn wants(self, line: &StaticLine) -> bool {
        match self {
            Self::All => true,
            Self::New => line.checked.as_ref().is_none_or(presence::Checked::is_doubtful),
            Self::One(id) => line.id == id,
        }
    }
}

#[derive(Clone, Copy)]
struct Asking {
    router: RouterId,
    about: About,
    at: Timestamp,
    probed_since: Timestamp,
    within: Duration,
}

/// Asks the router, and stores what it says; `None` when it has no such lines.
async fn ask(
    app: &App,
    store: &Arc<dyn TenantStore>,
    asking: Asking,
    done: impl FnOnce() -> Option<JobDone>,
) -> Result<Option<Left>, CheckError> {
    let Asking { router, about, .. } = asking;
    let Some((at, answer)) = put(app, store, asking).await? else { return Ok(None) };
    match answer {
        Ok(Asked { seen, left, doubtful }) => {
            app.metrics.static_checks.count("answered");
            let CheckStored { due, .. } = store.apply_checks(router, at, seen, done()).await?;
            Ok(Some(Left { left, doubtful, due }))
        }
        // Nothing was asked, so nothing is known anew.
        Err(trouble) if trouble.is_ours() => Err(trouble.into()),
        Err(trouble) => {
            app.metrics.static_checks.count("failed");
            match about {
                About::All => drop(store.checks_failed(router, at).await?),
                // What was never asked about is unknown already; the others are another job's.
                About::New => {}
                About::One(id) => {
                    let unclear = Seen { probe: Some(ProbeSeen::Refused), ..Seen::default() };
                    store.apply_checks(router, at, vec![(id, unclear)], None).await?;
                }
            }
            Err(trouble.into())
        }
    }
}

/// Puts the question, and says when; `None` without such lines. A connection that breaks meanwhile, or is
/// opened anew by us, is no answer: where there is time it is asked once more, and where this is the router's
/// owner no longer nothing was asked.
async fn put(
    app: &App,
    store: &Arc<dyn TenantStore>,
    asking: Asking,
) -> Result<Option<(Timestamp, Result<Asked, Trouble>)>, StoreError> {
    let Asking { router, at, about, .. } = asking;
    let lane = about.lane();
    let Some(first) = question(store, asking).await? else { return Ok(None) };
    let began = Instant::now();
    let answer = lines::ask_router(&app.broker, router, lane, first).await;
    if !answer.as_ref().is_err_and(Trouble::is_break) {
        return Ok(Some((at, answer)));
    }
    if !app.broker.is_owner(router) {
        return Ok(Some((at, Err(Trouble::Gone))));
    }
    if began.elapsed() > SOON {
        return Ok(Some((at, answer)));
    }
    let at = app.now();
    let Some(again) = question(store, Asking { at, ..asking }).await? else { return Ok(None) };
    Ok(Some((at, lines::ask_router(&app.broker, router, lane, again).await)))
}

/// What the router is asked; `None` without such lines.
async fn question(store: &Arc<dyn TenantStore>, asking: Asking) -> Result<Option<Question>, StoreError> {
    let Asking { router, about, at, probed_since, within, .. } = asking;
    let StaticLines { version, mut lines } = store.static_lines(router).await?;
    let taken = lines.iter().filter_map(|line| line.address).collect();
    lines.retain(|line| about.wants(line));
    let dialect = Dialect::of(version.as_deref());
    let question = Question { lines, taken, at, probed_since, within, dialect };
    Ok((!question.lines.is_empty()).then_some(question))
}

/// What a job leaves to the next one.
struct Left {
    left: usize,
    doubtful: usize,
    due: bool,
}
