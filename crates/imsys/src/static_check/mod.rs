//! Static customers and those by DHCP do not log in, so their router is asked: one job a router, a print of its ARP table,
//! probes where that proves nothing. What is seen goes to `imsys_domain::presence::judge_check`.

use crate::app::App;
use crate::presence::announce;
use crate::routers::{Asked, Dialect, Question, Trouble};
use imsys_domain::{RouterId, ServiceId, TenantId, Timestamp};
use imsys_store::model::{CheckStored, JobDone, StaticLine, StaticLines};
use imsys_store::{StoreError, TenantStore};
use std::sync::Arc;
use std::time::Duration;

/// How long one job probes lines; what is left is another job's.
const SLICE: Duration = Duration::from_secs(20);
/// How long a single line's probe may wait for its turn.
const ONE: Duration = Duration::from_secs(5);
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
    // From the begin: what a home saw that is none any more is not written.
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
            // It began at another home: long enough for a round to end, short enough for the next to begin anew.
            None => at.minus_seconds(i64::from(store.settings().await?.static_check_seconds / 2)),
        },
    };
    let asking = Asking { tenant, router, at, probed_since, within: SLICE };
    let Some(left) = ask(app, &store, asking, |_| true, || Some(done())).await? else {
        return Ok(Checked::NoLines);
    };
    let again = match (left.left, left.doubtful) {
        (0, 0) => None,
        (0, _) => Some(SECOND_LOOK),
        _ => Some(Duration::ZERO),
    };
    Ok(Checked::Noted { again, due: left.due })
}

/// Checks one line now.
pub async fn check_one(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    id: ServiceId,
) -> Result<(), CheckError> {
    let at = app.now();
    let store = app.broker.store(tenant, router);
    let asking = Asking { tenant, router, at, probed_since: at, within: ONE };
    ask(app, &store, asking, |line| line.id == id, || None).await.map(|_| ())
}

#[derive(Clone, Copy)]
struct Asking {
    tenant: TenantId,
    router: RouterId,
    at: Timestamp,
    probed_since: Timestamp,
    within: Duration,
}

/// Asks the router about those of its lines that are `wanted`, and stores what it says; `None` when there is
/// none. A connection that breaks meanwhile, or is opened anew by us, is no answer: it is asked once more.
async fn ask(
    app: &App,
    store: &Arc<dyn TenantStore>,
    asking: Asking,
    wanted: impl Fn(&StaticLine) -> bool,
    done: impl FnOnce() -> Option<JobDone>,
) -> Result<Option<Left>, CheckError> {
    let Asking { tenant, router, at, .. } = asking;
    let Some(first) = question(store, asking, &wanted).await? else { return Ok(None) };
    let (mut at, mut asked) = (at, app.broker.ask_lines(router, first).await);
    if asked.as_ref().is_err_and(Trouble::is_break) && app.broker.is_home(router) {
        at = app.now();
        let again = question(store, Asking { at, ..asking }, &wanted).await?;
        let Some(again) = again else { return Ok(None) };
        asked = app.broker.ask_lines(router, again).await;
    }
    match asked {
        Ok(Asked { seen, left, doubtful }) => {
            app.metrics.static_checks.count("answered");
            let CheckStored { changes, due } = store.apply_checks(router, at, seen, done()).await?;
            announce(&app.live, tenant, &changes);
            Ok(Some(Left { left, doubtful, due }))
        }
        // Nothing was asked, so nothing is known anew.
        Err(trouble) if trouble.is_ours() => Err(trouble.into()),
        Err(trouble) => {
            app.metrics.static_checks.count("failed");
            let changes = store.checks_failed(router, at).await?;
            announce(&app.live, tenant, &changes);
            Err(trouble.into())
        }
    }
}

/// What the router is asked; `None` without such lines.
async fn question(
    store: &Arc<dyn TenantStore>,
    asking: Asking,
    wanted: impl Fn(&StaticLine) -> bool,
) -> Result<Option<Question>, StoreError> {
    let Asking { router, at, probed_since, within, .. } = asking;
    let StaticLines { version, mut lines } = store.static_lines(router).await?;
    let taken = lines.iter().filter_map(|line| line.address).collect();
    lines.retain(wanted);
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
