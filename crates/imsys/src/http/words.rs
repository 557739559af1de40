//! The enumerations of the domain as the API spells them, each a closed set in the contract.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mirrors a domain enum, variant by variant, with the API's spelling. The spelling is a `tt`: what another
/// kind of fragment matched is wrapped, and the contract's macro would not see it.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident ($style:tt) = $from:path { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = $style)]
        #[expect(missing_docs, reason = "the words of the domain, described there")]
        pub enum $name { $($variant),+ }

        impl From<$from> for $name {
            fn from(word: $from) -> Self {
                type From = $from;
                match word { $(From::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $from {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),+ }
            }
        }
    )+

    /// Each enumeration of this file by its name in the contract, with its words as they are written.
    #[cfg(test)]
    pub(crate) fn written() -> Vec<(String, Vec<serde_json::Value>)> {
        vec![$(($name::name().into_owned(), vec![$(serde_json::json!($name::$variant)),+])),+]
    }};
}

words! {
    /// Online, offline or unknown.
    StatusName ("lowercase") = imsys_domain::presence::Status { Online, Offline, Unknown }
    /// The source of a status.
    SourceName ("lowercase") = imsys_domain::presence::Source { Webhook, Listen, Sweep, Router, Arp, Probe, Queue, Lease }
    /// Why a session ended.
    EndCauseName ("lowercase") = imsys_domain::presence::EndCause { User, Kicked, Reboot, Superseded, Blind, Expired }
    /// Reachability of a router.
    RouterStateName ("lowercase") = imsys_domain::router::RouterState { New, Up, Down }
    /// How a device is doing.
    DeviceStatusName ("lowercase") = imsys_domain::device::Status { Up, Down, Unknown }
    /// Why a device is down (`no-answer`) or unknown (the others).
    DeviceReasonName ("kebab-case") = imsys_domain::device::Reason {
        NoAnswer,
        NeverAsked,
        RouterAway,
        NoPermission,
        NotSent,
        PacketsDropped,
        OwnUplink,
    }
    /// Whether a device answers SNMP.
    SnmpStateName ("kebab-case") = imsys_domain::device::SnmpState {
        Untried,
        Answers,
        Silent,
        Refused,
        NoRoute,
        NoLogin,
    }
    /// Who asks a device: this server or its router.
    ReachName ("lowercase") = imsys_domain::device::Reach { Direct, Router }
    /// How a service is recognised on its router.
    KindName ("lowercase") = imsys_domain::service::Kind { Pppoe, Static, Dhcp }
    /// Controls changes on the router for a service.
    ModeName ("lowercase") = imsys_domain::service::EnforcementMode { Observe, Manage }
    /// Where a service's bytes are counted: the interface of its session, or a queue.
    CounterSourceName ("lowercase") = imsys_domain::usage::CounterSource { Interface, Queue }
    /// The time that a trend shows.
    RangeName ("lowercase") = imsys_domain::trend::Range { Day, Month }
    /// How often a plan is charged.
    PeriodName ("lowercase") = imsys_domain::plan::Period { Day, Week, Month, Year }
    /// How an import treats a secret.
    ActionName ("lowercase") = imsys_domain::import::Action { Create, Update, Skip }
    /// The outcome of a row of a CSV file.
    FateName ("lowercase") = imsys_domain::sheet::Fate { Create, Update, Restore, Skip, Refuse }
    /// How to treat rows whose service exists already.
    ExistingName ("lowercase") = imsys_domain::sheet::Existing { Refuse, Skip, Update }
    /// The table of a router that showed an address.
    TableName ("lowercase") = imsys_domain::propose::Table { Arp, Lease, Queue }
    /// The weight of a piece of evidence.
    VerdictName ("lowercase") = imsys_domain::diagnosis::Verdict { Ok, Warn, Bad, Info }
    /// Where a job is.
    JobStateName ("lowercase") = imsys_queue::JobState { Active, Waiting, Delayed, Failed }
    /// Who waits for a job.
    PriorityName ("lowercase") = imsys_queue::Priority { Person, Clock }
    /// How a job ended.
    RunOutcomeName ("lowercase") = imsys_store::model::RunOutcome { Done, Failed }
    /// The purpose of a one-time link.
    SetupKind ("lowercase") = imsys_store::model::LinkKind { First, Invite, Reset, Demo }
    /// How much a router's problem matters.
    SeverityName ("lowercase") = imsys_domain::router::Severity { Error, Warning }
}
