//! What is on record about a service: sessions, timeline, diagnosis.

use crate::http::extract::Time;
use crate::http::words::{EndCauseName, SourceName, StatusName, VerdictName};
use imsys_domain::Timestamp;
use imsys_domain::diagnosis::{Diagnosis, Evidence};
use imsys_store::model::{SessionRecord, StatusEvent, Whose};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A PPP session, or the time in which a DHCP customer's device held an address.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionItem {
    id: Uuid,
    service_id: Uuid,
    /// Who has the service now.
    customer_id: Option<Uuid>,
    customer_name: Option<String>,
    router_id: Uuid,
    router_name: String,
    /// By DHCP the MAC address.
    username: String,
    mac: Option<String>,
    address: Option<String>,
    /// By DHCP, when a check first saw the address.
    started_at: Time,
    /// Null while it is open.
    ended_at: Option<Time>,
    cause: Option<EndCauseName>,
    /// The source that opened it.
    source: SourceName,
    /// How long it lasted, or has lasted.
    uptime_seconds: i64,
}

impl SessionItem {
    pub(super) fn new((session, whose): (SessionRecord, Whose), now: Timestamp) -> Self {
        let until = session.ended.unwrap_or(now);
        Self {
            id: session.id.0,
            service_id: session.service.0,
            customer_id: whose.customer.map(|id| id.0),
            customer_name: whose.customer_name,
            router_id: session.router.0,
            router_name: whose.router_name,
            username: session.username,
            mac: session.endpoint.mac,
            address: session.endpoint.address,
            started_at: Time(session.started),
            ended_at: session.ended.map(Time),
            cause: session.cause.map(EndCauseName::from),
            source: session.by.into(),
            uptime_seconds: until.since(session.started).max(0) / 1000,
        }
    }
}

/// A service's status over a span of time.
#[derive(Serialize, ToSchema)]
pub(super) struct Timeline {
    from: Time,
    to: Time,
    /// Without gaps, oldest first.
    segments: Vec<Segment>,
}

#[derive(Serialize, ToSchema)]
struct Segment {
    from: Time,
    to: Time,
    status: StatusName,
    /// The source of the change; null where the service was not watched yet.
    source: Option<SourceName>,
}

impl Timeline {
    /// From the changes of status: the last one before `from` and those up to `to`. From `archived` on nobody watches.
    pub(super) fn new(
        events: &[StatusEvent],
        archived: Option<Timestamp>,
        from: Timestamp,
        to: Timestamp,
    ) -> Self {
        let watched = archived.map_or(to, |at| at.min(to));
        let mut segments = Vec::new();
        let mut add = |begin: Timestamp, end: Timestamp, status, source| {
            let (begin, end) = (begin.max(from), end.min(to));
            if begin < end {
                segments.push(Segment { from: Time(begin), to: Time(end), status, source });
            }
        };
        let first = events.first().map_or(watched, |event| event.at.min(watched));
        add(from, first, StatusName::Unknown, None);
        for (index, event) in events.iter().enumerate() {
            let end = events.get(index + 1).map_or(watched, |next| next.at.min(watched));
            add(event.at, end, event.status.into(), Some(event.source.into()));
        }
        add(watched, to, StatusName::Unknown, None);
        Self { from: Time(from), to: Time(to), segments }
    }
}

/// The reasons for a service's status.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DiagnosisItem {
    status: StatusName,
    headline: String,
    since: Time,
    confirmed_at: Option<Time>,
    source: Option<SourceName>,
    evidence: Vec<EvidenceItem>,
    advice: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct EvidenceItem {
    at: Option<Time>,
    witness: String,
    text: String,
    verdict: VerdictName,
}

impl DiagnosisItem {
    pub(super) fn new(diagnosis: Diagnosis, service: &imsys_store::model::Service) -> Self {
        let evidence = |e: Evidence| EvidenceItem {
            at: e.at.map(Time),
            witness: e.witness.into(),
            text: e.text,
            verdict: e.verdict.into(),
        };
        Self {
            status: service.status.into(),
            headline: diagnosis.headline.into(),
            since: Time(service.since),
            confirmed_at: service.confirmed.map(Time),
            source: service.source.map(SourceName::from),
            evidence: diagnosis.evidence.into_iter().map(evidence).collect(),
            advice: diagnosis.advice.into_iter().map(str::to_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::presence::{Source, Status};
    use imsys_domain::{RouterId, ServiceId};

    fn event(at: i64, status: Status) -> StatusEvent {
        StatusEvent {
            at: Timestamp(at),
            service: ServiceId(Uuid::nil()),
            router: RouterId(Uuid::nil()),
            username: "a".into(),
            customer_name: None,
            router_name: "r".into(),
            status,
            source: Source::Webhook,
        }
    }

    #[test]
    fn a_timeline_has_no_gaps_and_begins_with_what_was_so_before() {
        let events = [event(50, Status::Online), event(150, Status::Offline)];
        let timeline = Timeline::new(&events, None, Timestamp(100), Timestamp(200));
        let spans: Vec<_> = timeline.segments.iter().map(|s| (s.from.0.0, s.to.0.0, s.status)).collect();
        assert_eq!(spans, [(100, 150, StatusName::Online), (150, 200, StatusName::Offline)]);
        let unwatched = Timeline::new(&[], None, Timestamp(0), Timestamp(9));
        assert_eq!(unwatched.segments.len(), 1);
    }

    #[test]
    fn nobody_says_how_a_service_is_after_it_was_archived() {
        let events = [event(50, Status::Online), event(150, Status::Offline)];
        let spans = |archived, from| {
            let timeline = Timeline::new(&events, Some(Timestamp(archived)), Timestamp(from), Timestamp(200));
            timeline.segments.iter().map(|s| (s.from.0.0, s.to.0.0, s.status)).collect::<Vec<_>>()
        };
        assert_eq!(spans(120, 100), [(100, 120, StatusName::Online), (120, 200, StatusName::Unknown)]);
        assert_eq!(spans(60, 100), [(100, 200, StatusName::Unknown)]);
        assert_eq!(spans(170, 160), [(160, 170, StatusName::Offline), (170, 200, StatusName::Unknown)]);
    }
}
