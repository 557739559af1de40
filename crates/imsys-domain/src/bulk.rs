//! Acts on many services at once: what each comes to for one service, and how that is undone.

use crate::audit::Action;
use crate::edition::{self, Unchanged};
use crate::hindrance::Hindrance;
use crate::service::ServiceData;
use crate::{PlanId, RouterId, Timestamp};
use serde::{Deserialize, Serialize};

/// A bulk act: one change for many services.
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

/// The change that a bulk act, or its undo, makes to one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is set so.
    Change(ServiceData),
    /// It is archived; set so, where something is said.
    Archive(Option<ServiceData>),
    /// It comes back; set so, where something is said.
    Restore(Option<ServiceData>),
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

    /// The change that this act makes to a service with these settings; an error where it would change nothing.
    pub fn step(self, data: &ServiceData) -> Result<Step, Hindrance> {
        let change = |after: ServiceData| {
            if after == *data { Err(Hindrance::NothingToChange) } else { Ok(Step::Change(after)) }
        };
        match self {
            Self::Plan(plan) => change(ServiceData { plan, ..data.clone() }),
            Self::Router(router) => change(ServiceData { router, ..data.clone() }),
            Self::Archive => Ok(Step::Archive(None)),
            Self::Restore => Ok(Step::Restore(None)),
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
        /// As what it is archived, where that is something else than it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<ServiceData>,
    },
    /// It comes back.
    Restore {
        /// The edition that the step made.
        edition: i64,
        /// As what, where that is something else than it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<ServiceData>,
    },
}

impl Undo {
    /// Of a service that was added: it is archived.
    pub const ADDED: Self = Self::Archive { edition: 1, data: None };

    /// How a step is undone, and its name in the log: of a service that was set so before and after, was archived so
    /// before and after, and has this edition now.
    pub fn of(
        before: &ServiceData,
        after: &ServiceData,
        archived: (Option<Timestamp>, Option<Timestamp>),
        edition: i64,
    ) -> (Action, Self) {
        let other = || (before != after).then(|| before.clone());
        match archived {
            (None, Some(_)) => (Action::ServiceArchive, Self::Restore { edition, data: other() }),
            (Some(_), None) => (Action::ServiceRestore, Self::Archive { edition, data: other() }),
            _ => (Action::ServiceUpdate, Self::Change { edition, data: before.clone() }),
        }
    }

    /// The change that undoes the step, while the service still has the edition that the step made; `stored` is its
    /// edition now.
    pub fn step(self, stored: i64) -> Result<Step, Unchanged> {
        let (Self::Change { edition, .. } | Self::Archive { edition, .. } | Self::Restore { edition, .. }) =
            self;
        edition::next(stored, Some(edition))?;
        Ok(match self {
            Self::Change { data, .. } => Step::Change(data),
            Self::Archive { data, .. } => Step::Archive(data),
            Self::Restore { data, .. } => Step::Restore(data),
        })
    }
}

/// The most services that an undo sets back: as many as a sheet brings in. Nobody else writes meanwhile.
pub const UNDO_MOST: usize = 5_000;

/// Whether an act with so many steps that say how they are undone is undone as one.
pub const fn undo(steps: usize) -> Result<(), Hindrance> {
    match steps {
        0 => Err(Hindrance::NothingToUndo),
        1..=UNDO_MOST => Ok(()),
        _ => Err(Hindrance::TooManyToUndo),
    }
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
        assert_eq!(BulkAct::Archive.step(&data()), Ok(Step::Archive(None)));
    }

    #[test]
    fn a_step_is_undone_while_nobody_changed_the_service_since() {
        let (then, now) = (Some(Timestamp(1)), None);
        let other = ServiceData { suspended: true, ..data() };
        for (archived, after, action, step) in [
            ((now, then), data(), Action::ServiceArchive, Step::Restore(None)),
            ((then, now), data(), Action::ServiceRestore, Step::Archive(None)),
            ((then, now), other.clone(), Action::ServiceRestore, Step::Archive(Some(data()))),
            ((now, now), other, Action::ServiceUpdate, Step::Change(data())),
        ] {
            let (noted, undo) = Undo::of(&data(), &after, archived, 4);
            assert_eq!(noted, action);
            assert_eq!(undo.clone().step(4), Ok(step));
            assert_eq!(undo.step(5), Err(Unchanged::Stale));
        }
        assert_eq!((undo(0), undo(1)), (Err(Hindrance::NothingToUndo), Ok(())));
        assert_eq!(undo(UNDO_MOST + 1), Err(Hindrance::TooManyToUndo));
    }
}
