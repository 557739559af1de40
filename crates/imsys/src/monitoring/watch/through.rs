//! Asking a device by its router.

use crate::routers::session::{RouterRead, Trouble};
use imsys_domain::device::Reason;
use routeros::client::{Client, Command, Error, TrapKind};
use routeros::menu::PingRow;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;

/// How long the requests and their answers may take.
const TIME: Duration = Duration::from_secs(10);

/// Three echo requests, sent by the router.
#[derive(Serialize, Deserialize)]
pub(crate) struct PingThrough {
    /// To whom.
    pub(crate) address: IpAddr,
}

/// What came of them.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Pinged {
    /// The round trip time of each in microseconds, `None` where it was not answered.
    Asked(Vec<Option<u32>>),
    /// The router could not send them, or may not.
    NotAsked(Reason),
}

impl RouterRead for PingThrough {
    type Answer = Pinged;
    const NAME: &'static str = "ping-through";

    async fn run(self, client: &Client) -> Result<Pinged, Trouble> {
        let command = Command::new("/tool/ping")
            .attr("address", self.address.to_string())
            .attr("count", "3")
            .attr("interval", "200ms");
        match client.print::<PingRow>(command, TIME).await {
            Ok(rows) => Ok(read(&rows.into_iter().collect::<Vec<_>>())),
            Err(Error::Trap(traps)) => {
                let barred = traps.iter().any(|trap| trap.kind() == TrapKind::NotPermitted);
                Ok(Pinged::NotAsked(if barred { Reason::NoPermission } else { Reason::NotSent }))
            }
            Err(Error::Closed(reason)) => Err(Trouble::Lost(reason)),
            Err(error) => Err(Trouble::Command(error)),
        }
    }
}

/// What the rows say, one for each request. An error of somebody on the way has a time too, and a `status`.
fn read(rows: &[PingRow]) -> Pinged {
    let is_none = rows.iter().filter_map(|row| row.received).max() == Some(0);
    let answer = |row: &PingRow| row.time.filter(|_| row.status.is_empty() && !is_none);
    let micros = |time: Duration| u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
    // Then nobody was asked: the router does not know where the address is.
    if rows.iter().all(|row| row.status.contains("no route")) {
        return Pinged::NotAsked(Reason::NotSent);
    }
    Pinged::Asked(rows.iter().map(|row| answer(row).map(micros)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(time: Option<u64>, status: &str, received: u32) -> PingRow {
        PingRow {
            time: time.map(Duration::from_micros),
            status: status.into(),
            received: Some(received),
            ..PingRow::default()
        }
    }

    #[test]
    fn an_answer_has_a_time_and_no_status() {
        let rows = [row(Some(1_500), "", 1), row(None, "timeout", 1), row(Some(900), "TTL exceeded", 1)];
        assert_eq!(read(&rows), Pinged::Asked(vec![Some(1_500), None, None]));
        assert_eq!(read(&[row(Some(9), "", 0)]), Pinged::Asked(vec![None]));
    }

    #[test]
    fn without_a_route_or_a_row_nobody_was_asked() {
        let no_route = [row(None, "no route to host", 0), row(None, "no route to host", 0)];
        assert_eq!(read(&no_route), Pinged::NotAsked(Reason::NotSent));
        assert_eq!(read(&[]), Pinged::NotAsked(Reason::NotSent));
    }
}
