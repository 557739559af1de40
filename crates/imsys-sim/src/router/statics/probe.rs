//! Who answers when the router asks: by ARP or by ICMP.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::StaticId;
use super::host::Host;
use crate::router::state::State;

/// The TTL of an answer from the next hop.
const TTL: u8 = 64;
/// Answers take this many microseconds, and up to the second number.
const RTT: (i64, i64) = (180, 2_900);

/// Whom to ask, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) address: IpAddr,
    pub(crate) interface: Option<Vec<u8>>,
    pub(crate) vrf: Vec<u8>,
    pub(crate) arp: bool,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The address that answered; by ARP its MAC address.
    pub(crate) host: String,
    /// ICMP has one, ARP has none.
    pub(crate) ttl: Option<u8>,
    pub(crate) time: Duration,
}

impl State {
    /// Asks once; `None` when nobody answers. What the router learns of it stands in `/ip/arp` afterwards.
    pub(crate) fn probe(&mut self, target: &Target) -> Option<Answer> {
        self.catch_up();
        let loss = self.conditions.ping_loss;
        if !self.running || loss > 0.0 && self.statics.dice.chance(loss) {
            return None;
        }
        if let (IpAddr::V4(address), false) = (target.address, target.arp)
            && let Some(time) = self.echo(address)
        {
            return Some(Answer { host: address.to_string(), ttl: Some(TTL), time });
        }
        let host = self.static_answer(target).or_else(|| self.other_answer(target))?;
        let time = self.statics.dice.between(RTT.0, RTT.1).unsigned_abs();
        let ttl = (!target.arp).then_some(TTL);
        Some(Answer { host, ttl, time: Duration::from_micros(time) })
    }

    fn static_answer(&mut self, target: &Target) -> Option<String> {
        let IpAddr::V4(address) = target.address else { return None };
        let asked: Vec<StaticId> = self.statics.at(address).to_vec();
        let asked =
            asked.into_iter().filter(|id| self.statics.hosts.get(id).is_some_and(|h| stands(h, target)));
        let mut host = None;
        for id in asked.collect::<Vec<_>>() {
            host = host.or(self.ask(id, target.arp));
        }
        host
    }

    /// Asks one customer, and notes what that does to his ARP entry.
    fn ask(&mut self, id: StaticId, arp: bool) -> Option<String> {
        let Host { customer, .. } = self.statics.hosts.get(&id)?;
        let (mac, address) = (customer.mac.clone(), customer.address.to_string());
        let (alive, echoes) = (customer.alive, customer.answers_ping);
        let hears = if arp { alive } else { self.statics.hosts.get(&id)?.hears_ip() };
        if hears {
            self.confirm(id, arp);
        } else if !arp {
            self.miss(id);
        }
        match arp {
            true => alive.then_some(mac),
            false => (hears && echoes).then_some(address),
        }
    }

    /// The router itself and the devices behind PPP sessions answer ICMP too.
    fn other_answer(&self, target: &Target) -> Option<String> {
        let text = target.address.to_string();
        let own = target.address == IpAddr::V4(Ipv4Addr::LOCALHOST) || self.owns(&text);
        let session = || self.ppp.sessions.values().any(|session| *session.address == *text.as_bytes());
        (!target.arp && (own || session())).then_some(text)
    }

    fn owns(&self, address: &str) -> bool {
        let Some(table) = self.at("ip/address") else { return false };
        table.rows().any(|row| {
            let own = row.text(table.menu, "address");
            own.split(|byte| *byte == b'/').next() == Some(address.as_bytes())
                && !row.is(table.menu, "disabled")
        })
    }
}

/// Whether he stands where the router asks: on that interface, or anywhere in that routing table.
fn stands(host: &Host, target: &Target) -> bool {
    match &target.interface {
        Some(interface) => host.customer.interface.as_bytes() == &**interface,
        None => host.customer.vrf.as_bytes() == &*target.vrf,
    }
}
