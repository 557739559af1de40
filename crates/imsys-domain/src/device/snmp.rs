//! Which devices are asked by SNMP, with which login, and what a poll does to a device.

use super::{Device, Reach, refusal};
use crate::net::Net;
use crate::{RouterId, SnmpLoginId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::net::IpAddr;

/// Logins of the tenant that a device is tried with at most: an agent that does not know one is silent, and a community
/// that is sent to a stranger is given away.
const TRIED: usize = 4;
/// How long after an attempt without an answer the next one is made.
pub const TRY_AGAIN_MS: i64 = 7 * 86_400_000;

/// The version of SNMP. A later one is safer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SnmpVersion {
    /// SNMPv1.
    #[serde(rename = "1")]
    V1,
    /// SNMPv2c.
    #[serde(rename = "2c")]
    V2c,
    /// SNMPv3.
    #[serde(rename = "3")]
    V3,
}

/// How an agent is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnmpAccess {
    /// The version.
    pub version: SnmpVersion,
    /// 161 by rule.
    pub port: u16,
    /// The sealed login (`v1.…`): a community, or a user and his passwords.
    pub secret: String,
}

/// A login that a tenant's devices are tried with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnmpLogin {
    /// Its id.
    pub id: SnmpLoginId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Counts the changes by people; the ETag.
    pub edition: i64,
    /// What people set.
    pub data: SnmpLoginData,
    /// When it was added.
    pub created: Timestamp,
}

/// What people set about a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnmpLoginData {
    /// As people call it.
    pub name: String,
    /// How agents are asked with it.
    pub access: SnmpAccess,
    /// It is tried with devices behind these routers.
    pub routers: Vec<RouterId>,
    /// And with devices in these networks.
    pub networks: Vec<Net>,
}

/// Whether a device is asked by SNMP, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnmpState {
    /// Nobody has asked yet.
    Untried,
    /// It answers.
    Answers,
    /// It does not answer.
    Silent,
    /// It refuses the login.
    Refused,
    /// This server has no route to it, as far as people say.
    NoRoute,
    /// There is no login for it.
    NoLogin,
}

/// What is known of a device by SNMP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snmp {
    /// How it stands.
    pub state: SnmpState,
    /// Since when.
    pub since: Timestamp,
    /// When it was asked last.
    pub tried: Option<Timestamp>,
    /// When it answered last.
    pub polled: Option<Timestamp>,
    /// The login of the tenant that it knows; `None` where it has one of its own, or none fits.
    pub login: Option<SnmpLoginId>,
    /// Who it says it is; nothing before its first answer.
    pub identity: Option<SnmpIdentity>,
}

/// Who a device says it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnmpIdentity {
    /// The family of the profile that it is read by.
    pub family: String,
    /// What the family is called.
    pub os: String,
    /// sysName; may be empty.
    pub name: String,
    /// sysDescr; may be empty.
    pub description: String,
}

impl Snmp {
    /// Of a device that nobody has asked yet.
    pub const fn untried(at: Timestamp) -> Self {
        Self { state: SnmpState::Untried, since: at, tried: None, polled: None, login: None, identity: None }
    }
}

/// Why a device is not asked by SNMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSnmp {
    /// This server has no route to it, as far as people say.
    NoRoute,
    /// There is no login for it.
    NoLogin,
}

/// How a device is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// The login of the tenant; `None` is the device's own.
    pub login: Option<SnmpLoginId>,
    /// How.
    pub access: &'a SnmpAccess,
}

/// With which logins a device is asked, the best one first. SNMP goes from this server: a device that has a router is only
/// asked in the networks that are routed to it from here. Its own login is the only one where it has one.
pub fn attempts<'a>(
    device: &'a Device,
    routed: &[Net],
    logins: &'a [SnmpLogin],
    allow_loopback: bool,
) -> Result<Vec<Attempt<'a>>, NoSnmp> {
    let data = &device.data;
    let place = super::Place { through: None, address: data.address };
    let has_route = match data.router {
        None => data.reach == Reach::Direct,
        Some(_) => routed.iter().any(|net| net.contains(data.address)),
    };
    if !has_route || refusal(place, allow_loopback).is_some() {
        return Err(NoSnmp::NoRoute);
    }
    if let Some(access) = &data.snmp {
        return Ok(vec![Attempt { login: None, access }]);
    }
    let is_for = |login: &&SnmpLogin| is_for(&login.data, data.router, data.address);
    let mut fitting: Vec<_> =
        logins.iter().filter(|login| login.tenant == device.tenant).filter(is_for).collect();
    fitting.sort_by_key(|login| (Reverse(login.data.access.version), login.created));
    // The one that it knew last goes first.
    fitting.sort_by_key(|login| Some(login.id) != device.snmp.login);
    fitting.truncate(TRIED);
    if fitting.is_empty() {
        return Err(NoSnmp::NoLogin);
    }
    Ok(fitting
        .into_iter()
        .map(|login| Attempt { login: Some(login.id), access: &login.data.access })
        .collect())
}

fn is_for(login: &SnmpLoginData, router: Option<RouterId>, address: IpAddr) -> bool {
    router.is_some_and(|router| login.routers.contains(&router))
        || login.networks.iter().any(|net| net.contains(address))
}

/// What a poll came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollReport {
    /// Which device.
    pub device: crate::DeviceId,
    /// Where it was asked: of another address it says nothing.
    pub address: IpAddr,
    /// When it began.
    pub at: Timestamp,
    /// What was found.
    pub finding: PollFinding,
}

/// What a poll shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollFinding {
    /// It answers.
    Answers {
        /// To which login of the tenant; `None` is its own.
        login: Option<SnmpLoginId>,
        /// Who it is.
        identity: SnmpIdentity,
        /// Everything that it is measured at, where that is not what it was at the poll before.
        figures: Option<Figures>,
    },
    /// It does not answer.
    Silent,
    /// It refuses the login.
    Refused,
    /// It is not asked.
    NotAsked(NoSnmp),
}

/// What a device is measured at: names and places, but for values that move all the time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// In the order of the profile.
    pub readings: Vec<Figure>,
    /// In the order of their numbers.
    pub ports: Vec<PortFacts>,
}

impl Eq for Figures {}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What it is about, as `signal`.
    pub class: String,
    /// Which one of the class; may be empty.
    pub index: String,
    /// As it is called.
    pub name: String,
    /// The unit of its values.
    pub unit: String,
    /// The object that it is read from.
    pub oid: String,
    /// The name of its value, where that is a state.
    pub state: Option<String>,
    /// The MAC address of the station that it is about.
    pub station: Option<String>,
}

/// A port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PortFacts {
    /// ifIndex.
    pub index: u32,
    /// ifName.
    pub name: String,
    /// ifDescr.
    pub description: String,
    /// What the operator calls it; may be empty.
    pub alias: String,
    /// `aa:bb:cc:dd:ee:ff`.
    pub mac: Option<String>,
    /// In bit/s.
    pub speed: Option<f64>,
    /// Whether the operator wants it up.
    pub enabled: Option<bool>,
    /// As `up` or `down`.
    pub link: Option<String>,
}

/// What is known of a device after a poll. `None`: the report changes nothing, as it is about another address, older than
/// what is known, or about a device that is archived.
pub fn judge_poll(device: &Device, report: &PollReport) -> Option<Snmp> {
    let old = &device.snmp;
    let is_late = old.tried.is_some_and(|tried| report.at < tried) || report.at < old.since;
    if is_late || device.archived.is_some() || report.address != device.data.address {
        return None;
    }
    let state = match &report.finding {
        PollFinding::Answers { .. } => SnmpState::Answers,
        PollFinding::Silent => SnmpState::Silent,
        PollFinding::Refused => SnmpState::Refused,
        PollFinding::NotAsked(NoSnmp::NoRoute) => SnmpState::NoRoute,
        PollFinding::NotAsked(NoSnmp::NoLogin) => SnmpState::NoLogin,
    };
    let mut snmp = old.clone();
    if state != old.state {
        (snmp.state, snmp.since) = (state, report.at);
    }
    if !matches!(report.finding, PollFinding::NotAsked(_)) {
        snmp.tried = Some(report.at);
    }
    if let PollFinding::Answers { login, identity, .. } = &report.finding {
        (snmp.login, snmp.identity, snmp.polled) = (*login, Some(identity.clone()), Some(report.at));
    }
    Some(snmp)
}

#[cfg(test)]
mod tests {
    use super::super::DeviceData;
    use super::*;
    use crate::DeviceId;
    use uuid::Uuid;

    fn access(version: SnmpVersion) -> SnmpAccess {
        SnmpAccess { version, port: 161, secret: String::new() }
    }

    fn login(number: u128, version: SnmpVersion, networks: &[&str]) -> SnmpLogin {
        let data = SnmpLoginData {
            name: number.to_string(),
            access: access(version),
            routers: Vec::new(),
            networks: networks.iter().map(|net| net.parse().unwrap()).collect(),
        };
        let (id, created) = (SnmpLoginId(Uuid::from_u128(number)), Timestamp(number as i64));
        SnmpLogin { id, tenant: TenantId(Uuid::nil()), edition: 1, data, created }
    }

    fn device(router: Option<RouterId>) -> Device {
        let reach = if router.is_some() { Reach::Router } else { Reach::Direct };
        let data = DeviceData {
            name: "Roof".into(),
            address: [10, 0, 0, 9].into(),
            router,
            reach,
            watched: false,
            snmp: None,
        };
        Device::new(DeviceId(Uuid::nil()), TenantId(Uuid::nil()), data, Timestamp(0))
    }

    fn tried(device: &Device, routed: &[&str], logins: &[SnmpLogin]) -> Result<Vec<u128>, NoSnmp> {
        let routed: Vec<_> = routed.iter().map(|net| net.parse().unwrap()).collect();
        let attempts = attempts(device, &routed, logins, false)?;
        Ok(attempts.iter().map(|attempt| attempt.login.map_or(0, |id| id.0.as_u128())).collect())
    }

    #[test]
    fn a_device_behind_a_router_is_asked_only_where_its_network_is_routed_from_here() {
        let behind = device(Some(RouterId(Uuid::nil())));
        let logins = [login(1, SnmpVersion::V2c, &["10.0.0.0/8"])];
        assert_eq!(tried(&behind, &[], &logins), Err(NoSnmp::NoRoute));
        assert_eq!(tried(&behind, &["10.1.0.0/16"], &logins), Err(NoSnmp::NoRoute));
        assert_eq!(tried(&behind, &["10.0.0.0/24"], &logins), Ok(vec![1]));
        assert_eq!(tried(&device(None), &[], &logins), Ok(vec![1]));
    }

    #[test]
    fn a_login_goes_only_to_devices_that_it_is_bound_to_the_safest_first_and_at_most_four() {
        let here = ["10.0.0.0/24"];
        let mut logins = vec![login(1, SnmpVersion::V1, &here), login(2, SnmpVersion::V2c, &["10.9.0.0/16"])];
        logins.extend((3..9).map(|number| login(number, SnmpVersion::V2c, &here)));
        logins.push(login(9, SnmpVersion::V3, &here));
        let mut foreign = login(10, SnmpVersion::V3, &here);
        foreign.tenant = TenantId(Uuid::from_u128(7));
        logins.push(foreign);
        let mut device = device(None);
        assert_eq!(tried(&device, &[], &logins), Ok(vec![9, 3, 4, 5]));
        device.snmp.login = Some(SnmpLoginId(Uuid::from_u128(8)));
        assert_eq!(tried(&device, &[], &logins), Ok(vec![8, 9, 3, 4]), "the one it knew is first");
        assert_eq!(tried(&device, &[], &logins[1..2]), Err(NoSnmp::NoLogin));
        device.data.snmp = Some(access(SnmpVersion::V2c));
        assert_eq!(tried(&device, &[], &logins), Ok(vec![0]), "its own is the only one");
    }

    #[test]
    fn a_login_may_be_bound_to_a_router() {
        let router = RouterId(Uuid::from_u128(5));
        let mut one = login(1, SnmpVersion::V2c, &[]);
        one.data.routers = vec![router];
        assert_eq!(tried(&device(Some(router)), &["10.0.0.0/8"], &[one.clone()]), Ok(vec![1]));
        let other = RouterId(Uuid::from_u128(6));
        assert_eq!(tried(&device(Some(other)), &["10.0.0.0/8"], &[one]), Err(NoSnmp::NoLogin));
    }

    #[test]
    fn a_device_that_falls_silent_keeps_what_it_said_of_itself() {
        let mut device = device(None);
        let identity = SnmpIdentity {
            family: "airos".into(),
            os: "airOS".into(),
            name: "ap1".into(),
            description: "Linux".into(),
        };
        let login = Some(SnmpLoginId(Uuid::from_u128(1)));
        let answers = PollFinding::Answers { login, identity: identity.clone(), figures: None };
        let report = |at: i64, finding: &PollFinding| PollReport {
            device: device.id,
            address: [10, 0, 0, 9].into(),
            at: Timestamp(at),
            finding: finding.clone(),
        };
        let (first, silent) = (report(10, &answers), report(20, &PollFinding::Silent));
        let (late, elsewhere) = (report(5, &PollFinding::Silent), report(30, &answers));
        device.snmp = judge_poll(&device, &first).unwrap();
        assert_eq!((device.snmp.state, device.snmp.since), (SnmpState::Answers, Timestamp(10)));
        assert_eq!(judge_poll(&device, &late), None);
        device.snmp = judge_poll(&device, &silent).unwrap();
        let Snmp { state, since, tried, polled, login: known, identity: said } = device.snmp.clone();
        assert_eq!((state, since, tried), (SnmpState::Silent, Timestamp(20), Some(Timestamp(20))));
        assert_eq!((polled, known, said), (Some(Timestamp(10)), login, Some(identity)));
        let moved = PollReport { address: [10, 0, 0, 10].into(), ..elsewhere };
        assert_eq!(judge_poll(&device, &moved), None);
    }
}
