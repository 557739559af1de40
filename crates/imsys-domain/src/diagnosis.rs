//! Why is this customer offline? The evidence in order, and what to do next.

mod check;

use crate::Timestamp;
use crate::presence::{EndCause, Endpoint, LeaseSeen, Presence, Source, Status};
use crate::router::{Router, RouterState};
use crate::service::{Kind, ServiceData};

/// How a piece of evidence bears on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Speaks for a working line.
    Ok,
    /// Deserves a look.
    Warn,
    /// Explains the trouble.
    Bad,
    /// Only told.
    Info,
}

/// One thing that is known, by whom, since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// When it was seen.
    pub at: Option<Timestamp>,
    /// Who says so: `router`, `session`, `account`, `webhook`, `lease`, `arp`, `queue`, `probe`.
    pub witness: &'static str,
    /// What is said.
    pub text: String,
    /// How it bears.
    pub verdict: Verdict,
}

/// What there is to look at.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The service.
    pub service: &'a ServiceData,
    /// What the judge remembers of it.
    pub presence: &'a Presence,
    /// Its router.
    pub router: &'a Router,
    /// When a webhook of this router last arrived.
    pub last_webhook: Option<Timestamp>,
    /// The last session that ended.
    pub last_end: Option<Ended>,
}

/// A session that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub cause: EndCause,
    /// What it had: address and MAC.
    pub endpoint: Endpoint,
}

impl Facts<'_> {
    fn has_no_lease(&self) -> bool {
        let checked = self.presence.checked.as_ref();
        checked.is_some_and(|checked| checked.seen.lease == Some(LeaseSeen::Missing))
    }

    fn has_wrong_mac(&self) -> bool {
        self.presence.checked.as_ref().is_some_and(|checked| checked.seen.wrong_mac.is_some())
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// One sentence.
    pub headline: &'static str,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// What to do next.
    pub advice: Vec<&'static str>,
}

/// Explains the status of a line.
pub fn explain(facts: &Facts<'_>) -> Diagnosis {
    match facts.service.access.kind() {
        Kind::Pppoe => explain_pppoe(facts),
        Kind::Static | Kind::Dhcp => explain_checked(facts),
    }
}

fn explain_checked(facts: &Facts<'_>) -> Diagnosis {
    let (headline, advice) = conclude_checked(facts);
    let mut evidence = vec![router_evidence(facts)];
    evidence.extend(facts.presence.checked.as_ref().map(check::evidence).unwrap_or_default());
    evidence.extend(suspended_evidence(facts));
    Diagnosis { headline, evidence, advice }
}

fn explain_pppoe(facts: &Facts<'_>) -> Diagnosis {
    let (headline, advice) = conclude(facts);
    let mut evidence = vec![router_evidence(facts)];
    evidence.extend(facts.presence.open.iter().map(|session| Evidence {
        at: Some(session.started),
        witness: "session",
        text: format!(
            "session open since then, first source: {}{}",
            source_name(session.by),
            session.row.as_ref().map_or(
                ", not yet seen in the router's active sessions",
                |_| ", in the router's active sessions"
            ),
        ),
        verdict: if session.row.is_some() { Verdict::Ok } else { Verdict::Warn },
    }));
    evidence.extend(facts.last_end.as_ref().map(|ended| last_session(ended, facts.presence.status)));
    evidence.extend(suspended_evidence(facts));
    evidence.push(match facts.last_webhook {
        Some(at) => Evidence {
            at: Some(at),
            witness: "webhook",
            text: "last webhook of this router".into(),
            verdict: Verdict::Ok,
        },
        None => Evidence {
            at: None,
            witness: "webhook",
            text: "no webhook of this router has ever arrived".into(),
            verdict: Verdict::Warn,
        },
    });
    Diagnosis { headline, evidence, advice }
}

fn conclude(facts: &Facts<'_>) -> (&'static str, Vec<&'static str>) {
    match (facts.presence.status, facts.router.state) {
        (Status::Online, _) => ("The service is online.", vec![]),
        (Status::Unknown, RouterState::Down) => (
            "Unknown: the router cannot be reached.",
            vec!["Check the router first; this customer may well be online."],
        ),
        (Status::Unknown, _) => (
            "Unknown yet: the router has not answered about this service.",
            vec!["Sync the router now, or wait for the next full sync."],
        ),
        (Status::Offline, _) if facts.service.suspended => {
            ("The account is suspended.", vec!["Check the customer's balance, then restore the account."])
        }
        (Status::Offline, _) => (
            facts
                .last_end
                .as_ref()
                .map_or("Offline: it has not been online yet.", |ended| offline(ended.cause)),
            vec![
                "Ask whether the customer's equipment has power and its WAN light is on.",
                "Check the router's log for failed logins of this name.",
            ],
        ),
    }
}

fn conclude_checked(facts: &Facts<'_>) -> (&'static str, Vec<&'static str>) {
    match (facts.presence.status, facts.router.state) {
        (Status::Online | Status::Offline, _)
            if facts.has_wrong_mac() && facts.service.access.kind() == Kind::Dhcp =>
        {
            (
                "Another device answers at the address where this one was seen.",
                vec!["Find the device with that MAC address: somebody may have set the address by hand."],
            )
        }
        (Status::Online | Status::Offline, _) if facts.has_wrong_mac() => (
            "The equipment at this address is not the registered one.",
            vec![
                "Ask whether the customer has a new router, and register its MAC address; otherwise two devices use one address.",
            ],
        ),
        (Status::Online, _) => ("The service is online.", vec![]),
        (Status::Unknown, RouterState::Down) => (
            "Unknown: the router cannot be reached.",
            vec!["Check the router first; this customer may well be online."],
        ),
        (Status::Unknown, _) => (
            "Unknown yet: the router has not been asked about this service.",
            vec!["Run a live check, or wait for the next check."],
        ),
        (Status::Offline, _) if facts.service.suspended => {
            ("The account is suspended.", vec!["Check the customer's balance, then restore the account."])
        }
        (Status::Offline, _) if facts.has_no_lease() => (
            "The router is fine, and this device holds no address from its DHCP server.",
            vec![
                "Ask whether the customer's equipment has power, its cable is in, and it asks for its address by DHCP.",
                "Ask whether the customer has a new router: then register its MAC address.",
            ],
        ),
        (Status::Offline, _) => (
            "The router is fine, and nobody answers at this address.",
            vec![
                "Ask whether the customer's equipment has power and its cable is in.",
                "Check whether the antenna or switch in between is up.",
            ],
        ),
    }
}

fn suspended_evidence(facts: &Facts<'_>) -> Option<Evidence> {
    facts.service.suspended.then(|| Evidence {
        at: None,
        witness: "account",
        text: "the account is suspended, or disabled on the router".into(),
        verdict: Verdict::Bad,
    })
}

fn router_evidence(facts: &Facts<'_>) -> Evidence {
    let (text, verdict) = match facts.router.state {
        RouterState::Up => ("the router answers".to_owned(), Verdict::Ok),
        RouterState::New => ("the router has not been connected yet".to_owned(), Verdict::Warn),
        RouterState::Down => (
            format!(
                "the router is out of reach: {}",
                facts.router.reason.as_deref().unwrap_or("no reason known")
            ),
            Verdict::Bad,
        ),
    };
    Evidence { at: Some(facts.router.since), witness: "router", text, verdict }
}

const fn source_name(source: Source) -> &'static str {
    match source {
        Source::Webhook => "webhook",
        Source::Listen => "active sessions",
        Source::Sweep => "full sync",
        Source::Router => "router state",
        Source::Arp => "ARP table",
        Source::Probe => "probe",
        Source::Queue => "traffic",
        Source::Lease => "DHCP lease",
    }
}

/// The last session with what it had. Why it ended is told here only while the headline tells something else.
fn last_session(ended: &Ended, status: Status) -> Evidence {
    let had = |what: &str, value: &Option<String>| value.as_ref().map(|value| format!("{what} {value}"));
    let had: Vec<String> = [had("address", &ended.endpoint.address), had("MAC", &ended.endpoint.mac)]
        .into_iter()
        .flatten()
        .collect();
    let end = if status == Status::Offline { "the last session ended" } else { end_text(ended.cause) };
    let text = if had.is_empty() { end.to_owned() } else { format!("{end}; it had {}", had.join(" and ")) };
    Evidence { at: Some(ended.at), witness: "session", text, verdict: Verdict::Info }
}

/// Why a service without a session is offline.
const fn offline(cause: EndCause) -> &'static str {
    match cause {
        EndCause::User => "Offline: disconnected by the client, or its link went down.",
        EndCause::Kicked => "Offline: disconnected by IMSys, and not back since.",
        EndCause::Reboot => "Offline: the router restarted, and it has not connected since.",
        EndCause::Expired => "Offline: its device holds no DHCP lease any more.",
        EndCause::Superseded => "Offline: its last session was replaced, and that one has ended too.",
        EndCause::Blind => "Offline: it ended while the router was out of reach, and is not back since.",
    }
}

const fn end_text(cause: EndCause) -> &'static str {
    match cause {
        EndCause::User => "the last session was disconnected by the client",
        EndCause::Kicked => "IMSys disconnected the last session",
        EndCause::Reboot => "the last session ended because the router restarted",
        EndCause::Expired => "the last DHCP lease ended",
        EndCause::Superseded => "the last session was replaced by another",
        EndCause::Blind => "the last session ended while the router was out of reach",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::{Listening, RouterConfig, RouterFacts};
    use crate::service::{Access, EnforcementMode};
    use crate::{RouterId, TenantId};
    use uuid::Uuid;

    fn service_and_router() -> (ServiceData, Router) {
        let router = Router {
            id: RouterId(Uuid::nil()),
            tenant: TenantId(Uuid::nil()),
            rev: 1,
            edition: 1,
            config: RouterConfig {
                name: "hill".into(),
                address: "10.8.0.1".parse().unwrap(),
                port: 8728,
                tls: None,
                legacy_login: false,
                routed: Vec::new(),
                username: "imsys".into(),
                password: String::new(),
                paused: false,
            },
            token: [0; 32],
            state: RouterState::Up,
            since: Timestamp(5),
            reason: None,
            listening: Listening::Off,
            swept: None,
            facts: RouterFacts::default(),
            created: Timestamp(0),
            archived: None,
        };
        let service = ServiceData {
            router: router.id,
            access: Access::Pppoe { username: "ana".into() },
            customer: None,
            plan: None,
            suspended: false,
            mode: EnforcementMode::Observe,
        };
        (service, router)
    }

    #[test]
    fn an_unreachable_router_never_makes_a_customer_offline_in_words() {
        let presence = Presence::unknown(Timestamp(0));
        let (service, mut router) = service_and_router();
        router.state = RouterState::Down;
        router.reason = Some("connection refused".into());
        let facts = Facts {
            service: &service,
            presence: &presence,
            router: &router,
            last_webhook: None,
            last_end: None,
        };
        let diagnosis = explain(&facts);
        assert_eq!(diagnosis.headline, "Unknown: the router cannot be reached.");
        assert_eq!(diagnosis.evidence[0].verdict, Verdict::Bad);
    }

    #[test]
    fn the_headline_says_once_why_a_service_is_offline_and_the_evidence_what_it_had_last() {
        let presence = Presence { status: Status::Offline, ..Presence::unknown(Timestamp(0)) };
        let endpoint =
            Endpoint { mac: Some("AA:BB:CC:00:11:22".into()), address: Some("100.64.0.10".into()) };
        let (service, router) = service_and_router();
        let mut facts = Facts {
            service: &service,
            presence: &presence,
            router: &router,
            last_webhook: None,
            last_end: Some(Ended { at: Timestamp(9), cause: EndCause::Reboot, endpoint }),
        };
        let diagnosis = explain(&facts);
        assert_eq!(diagnosis.headline, "Offline: the router restarted, and it has not connected since.");
        let session = diagnosis.evidence.iter().find(|evidence| evidence.witness == "session").unwrap();
        assert_eq!(
            session.text,
            "the last session ended; it had address 100.64.0.10 and MAC AA:BB:CC:00:11:22"
        );
        assert_eq!(session.at, Some(Timestamp(9)));
        facts.last_end = None;
        assert_eq!(explain(&facts).headline, "Offline: it has not been online yet.");
    }
}
