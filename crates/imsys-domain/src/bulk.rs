//! Acts on many services at once: what each comes to for one service, and how that is undone.

use crate::audit::Action;
use crate::edition::{self, Unchanged};
use crate::hindrance::Hindrance;
use crate::service::ServiceData;
use crate::{PlanId, RouterId, Timestamp};
use serde::{Deserialize, Serialize};

/// What is done to each of many services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// They get this plan, or none.
    Plan(Option<PlanId>),
    /// They move to this router.
    Router(RouterId),
    /// They are archived.
    Archive,
    /// They come back.
    Restore,
}

/// What an act, or the undo of one, comes to for one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is set so.
    Change(ServiceData),
    /// It is archived.
    Archive,
    /// It comes back.
    Restore,
}

impl BulkAct {
    /// Its name in the audit log.
    pub const fn action(self) -> Action {
        match self {
            Self::Plan(_) => Action::ServicesPlan,
            Self::Router(_) => Action::ServicesMove,
            Self::Archive => Action::ServicesArchive,
            Self::Restore => Action::ServicesRestore,
        }
    }

    /// What it comes to for a service that is set so.
    pub fn step(self, data: &ServiceData) -> Result<Step, Hindrance> {
        let change = |after: ServiceData| {
            if after == *data { Err(Hindrance::NothingToChange) } else { Ok(Step::Change(after)) }
        };
        match self {
            Self::Plan(plan) => change(ServiceData { plan, ..data.clone() }),
            Self::Router(router) => change(ServiceData { router, ..data.clone() }),
            Self::Archive => Ok(Step::Archive),
            Self::Restore => Ok(Step::Restore),
        }
    }
}

/// How the step of an act is undone, while the service still has this edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Undo {
    /// It is set as it was.
    Change {
        /// The edition that the step made.
        edition: i64,
        /// As it was set before.
        data: ServiceData,
    },
    /// It is archived again.
    Archive {
        /// The edition that the step made.
        edition: i64,
    },
    /// It comes back.
    Restore {
        /// The edition that the step made.
        edition: i64,
    },
}

impl Undo {
    /// How a step is undone, and its name in the log: of a service that was set so, was archived so before and after,
    /// and has this edition now.
    pub fn of(
        data: ServiceData,
        archived: (Option<Timestamp>, Option<Timestamp>),
        edition: i64,
    ) -> (Action, Self) {
        match archived {
            (None, Some(_)) => (Action::ServiceArchive, Self::Restore { edition }),
            (Some(_), None) => (Action::ServiceRestore, Self::Archive { edition }),
            _ => (Action::ServiceUpdate, Self::Change { edition, data }),
        }
    }

    /// What it comes to for the service, which has the edition `stored`.
    pub fn step(self, stored: i64) -> Result<Step, Unchanged> {
        let (Self::Change { edition, .. } | Self::Archive { edition } | Self::Restore { edition }) = self;
        edition::next(stored, Some(edition))?;
        Ok(match self {
            Self::Change { data, .. } => Step::Change(data),
            Self::Archive { .. } => Step::Archive,
            Self::Restore { .. } => Step::Restore,
        })
    }
}

/// Whether an act with so many steps that say how they are undone is undone as one: an import has none.
pub const fn undo(steps: usize) -> Result<(), Hindrance> {
    if steps == 0 { Err(Hindrance::ImportUndone) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{Access, EnforcementMode};
    use uuid::Uuid;

    fn data() -> ServiceData {
        let (router, access) = (RouterId(Uuid::from_u128(1)), Access::Pppoe { username: "ana".into() });
        let mode = EnforcementMode::Observe;
        ServiceData { router, access, customer: None, plan: None, suspended: false, mode }
    }

    #[test]
    fn what_an_act_would_not_change_is_left() {
        let home = Some(PlanId(Uuid::from_u128(2)));
        let changed = ServiceData { plan: home, ..data() };
        assert_eq!(BulkAct::Plan(home).step(&data()), Ok(Step::Change(changed.clone())));
        assert_eq!(BulkAct::Plan(home).step(&changed), Err(Hindrance::NothingToChange));
        assert_eq!(BulkAct::Router(data().router).step(&data()), Err(Hindrance::NothingToChange));
        assert_eq!(BulkAct::Archive.step(&data()), Ok(Step::Archive));
    }

    #[test]
    fn a_step_is_undone_while_nobody_changed_the_service_since() {
        let (then, now) = (Some(Timestamp(1)), None);
        for (archived, action, step) in [
            ((now, then), Action::ServiceArchive, Step::Restore),
            ((then, now), Action::ServiceRestore, Step::Archive),
            ((now, now), Action::ServiceUpdate, Step::Change(data())),
        ] {
            let (noted, undo) = Undo::of(data(), archived, 4);
            assert_eq!(noted, action);
            assert_eq!(undo.clone().step(4), Ok(step));
            assert_eq!(undo.step(5), Err(Unchanged::Stale));
        }
        assert_eq!((undo(0), undo(1)), (Err(Hindrance::ImportUndone), Ok(())));
    }
}
