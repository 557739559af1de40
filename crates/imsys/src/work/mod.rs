//! The work of all slices: which kinds of jobs there are, when the clock asks for them, and who does them.
//!
//! * [`KINDS`]: the one list of them. [`scheduler`]: clock to queue. [`worker`]: does what is on the queues.
//! * `board`: what runs, waits and failed, as one tenant may see it; [`http`]: its routes.

mod board;
pub mod http;
pub mod scheduler;
pub mod worker;

use crate::jobs::{AtRouter, Every, JobKind, OLD_MARKS, OLD_MARKS_LABEL, Scope};
use crate::presence::jobs::{COUNT_SERVICES, SWEEP_PPP};
use crate::static_check::jobs::{CHECK_STATIC_NEW, CHECK_STATIC_REST, CHECK_STATIC_USERS};
use crate::tenants::jobs::{PRUNE_EXPIRED, PRUNE_HISTORY};
use crate::usage::jobs::READ_USAGE;

/// Every kind of job, in the order in which people see them; of those at routers the first is done first.
pub static KINDS: [JobKind; 8] = [
    SWEEP_PPP,
    CHECK_STATIC_USERS,
    CHECK_STATIC_REST,
    CHECK_STATIC_NEW,
    READ_USAGE,
    COUNT_SERVICES,
    PRUNE_EXPIRED,
    PRUNE_HISTORY,
];

/// The kind with this name.
pub fn kind(name: &str) -> Option<&'static JobKind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// What people know jobs of this name by; `None` for one that nobody here knows.
fn label(name: &str) -> Option<&'static str> {
    if name == OLD_MARKS { Some(OLD_MARKS_LABEL) } else { kind(name).map(|kind| kind.label) }
}

/// The kinds of work at routers, each with how it is done.
fn at_routers() -> impl Iterator<Item = (&'static JobKind, AtRouter)> {
    KINDS.iter().filter_map(|kind| match kind.scope {
        Scope::Router(run) => Some((kind, run)),
        Scope::Tenant(_) | Scope::Installation(_) => None,
    })
}

/// Those of them that the clock asks for, each with how often.
fn rounds() -> impl Iterator<Item = (&'static JobKind, Every)> {
    at_routers().filter_map(|(kind, _)| kind.every.map(|every| (kind, every)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        let names: HashSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), KINDS.len());
    }

    #[test]
    fn a_part_belongs_to_a_kind_that_stands_alone_at_routers() {
        for part in KINDS.iter().filter(|kind| kind.part_of.is_some()) {
            let whole = part.part_of.and_then(kind).unwrap();
            assert!(whole.part_of.is_none(), "{}", part.name);
            let both_at_routers = [part, whole].iter().all(|kind| matches!(kind.scope, Scope::Router(_)));
            assert!(both_at_routers, "{}", part.name);
        }
    }
}
