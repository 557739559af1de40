//! SNMP: logins, and what polls make of devices.

use super::devices::at_address;
use super::town::{Must, Town, at};
use crate::model::{Change, DeviceChange, Holder, Sealed};
use crate::port::{Reference, StoreError};
use imsys_domain::device::{
    Device, DeviceData, Figure, Figures, NoSnmp, PollFinding, PollReport, Snmp, SnmpAccess, SnmpIdentity,
    SnmpLogin, SnmpLoginData, SnmpState, SnmpVersion,
};
use imsys_domain::{DeviceId, RouterId, SnmpLoginId};

pub(super) fn access(secret: &str) -> SnmpAccess {
    SnmpAccess { version: SnmpVersion::V2c, port: 161, secret: secret.into() }
}

pub(super) fn login(town: &Town, name: &str, routers: Vec<RouterId>) -> SnmpLogin {
    let networks = vec!["10.0.0.0/8".parse().expect("it is one")];
    let data = SnmpLoginData { name: name.into(), access: access("v1.a.b.login"), routers, networks };
    SnmpLogin { id: SnmpLoginId(town.fresh()), tenant: town.tenant, edition: 1, data, created: at(0) }
}

fn identity(name: &str) -> SnmpIdentity {
    let text = str::to_owned;
    SnmpIdentity {
        family: text("airos"),
        os: text("Ubiquiti airOS"),
        name: text(name),
        description: text("Linux"),
    }
}

fn figures() -> Figures {
    let figure = Figure {
        class: "signal".into(),
        index: "1".into(),
        name: "Signal \"wlan\"".into(),
        unit: "dBm".into(),
        oid: "1.3.6.1".into(),
        state: None,
        station: Some("02:00:5e:00:53:01".into()),
    };
    Figures { readings: vec![figure], ports: Vec::new() }
}

fn report(device: &Device, second: i64, finding: PollFinding) -> PollReport {
    PollReport { device: device.id, address: device.data.address, at: at(second), finding }
}

fn answers(name: &str, figures: Option<Figures>) -> PollFinding {
    PollFinding::Answers { login: None, identity: identity(name), figures }
}

pub(super) async fn a_device_that_answers_snmp_is_told_once_and_keeps_what_it_said(town: Town) {
    let device = town.device(at_address("Roof", 20, None)).await;
    assert_eq!(town.ours.figures(device.id).await.must(), Figures::default());
    let before = town.store.feed().await.must().head;
    let polls = vec![
        report(&device, 5, PollFinding::NotAsked(NoSnmp::NoLogin)),
        report(&device, 10, answers("ap", Some(figures()))),
        report(&device, 20, answers("ap", None)),
        report(&device, 15, PollFinding::Silent),
    ];
    let told = town.ours.device_polls(polls).await.must();
    assert_eq!(told.len(), 2, "{told:?}");
    let now = town.ours.device(device.id).await.must();
    let expected = Snmp {
        state: SnmpState::Answers,
        since: at(10),
        tried: Some(at(20)),
        polled: Some(at(20)),
        login: None,
        identity: Some(identity("ap")),
    };
    assert_eq!((&now.snmp, now.health, now.rev), (&expected, device.health, device.rev + 2));
    assert_eq!(town.ours.figures(device.id).await.must(), figures());
    let changes = town.store.changes_after(before, 10).await.must().expect("it is kept");
    let changes: Vec<_> = changes.into_iter().flat_map(|changed| changed.changes).collect();
    assert_eq!(changes.last(), Some(&Change::Device(DeviceChange::from(&now))));
    town.ours.device_polls(vec![report(&device, 30, PollFinding::Silent)]).await.must();
    let silent = town.ours.device(device.id).await.must();
    assert_eq!((silent.snmp.state, silent.snmp.identity), (SnmpState::Silent, Some(identity("ap"))));
    assert_eq!(town.ours.figures(device.id).await.must(), figures(), "they stay");
}

pub(super) async fn a_device_at_another_address_or_with_another_login_begins_anew(town: Town) {
    let device = town.device(at_address("Roof", 20, None)).await;
    for data in [
        DeviceData { address: [192, 168, 1, 21].into(), ..device.data.clone() },
        DeviceData { snmp: Some(access("v1.a.b.own")), ..device.data.clone() },
    ] {
        let device = town.ours.update_device(device.id, None, device.data.clone()).await.must();
        town.ours.device_polls(vec![report(&device, 10, answers("ap", Some(figures())))]).await.must();
        assert_eq!(town.ours.figures(device.id).await.must(), figures());
        let changed = town.ours.update_device(device.id, None, data.clone()).await.must();
        assert_eq!((changed.snmp.state, changed.snmp.identity.clone()), (SnmpState::Untried, None));
        assert_eq!(town.ours.device(device.id).await.must(), changed);
        assert_eq!(town.ours.figures(device.id).await.must(), Figures::default());
        let late = report(&device, -5, answers("ap", Some(figures())));
        let gone = PollReport { device: DeviceId(town.fresh()), ..late.clone() };
        assert_eq!(town.ours.device_polls(vec![late, gone]).await.must(), []);
    }
}

pub(super) async fn a_login_is_kept_as_given_changed_by_who_read_it_last_and_deleted(town: Town) {
    let router = town.router("tower").await;
    let given = login(&town, "Radios", vec![router]);
    town.ours.create_snmp_login(given.clone()).await.must();
    assert_eq!(town.ours.snmp_login(given.id).await.must(), given);
    let data = SnmpLoginData { name: "APs".into(), routers: vec![], ..given.data.clone() };
    let changed = town.ours.update_snmp_login(given.id, Some(1), data.clone()).await.must();
    assert_eq!((changed.edition, &changed.data), (2, &data));
    assert_eq!(town.ours.update_snmp_login(given.id, Some(1), data).await, Err(StoreError::Stale));
    let nowhere = SnmpLoginData { routers: vec![RouterId(town.fresh())], ..given.data.clone() };
    let dangling = Err(StoreError::Dangling(Reference::Router));
    assert_eq!(town.ours.update_snmp_login(given.id, None, nowhere.clone()).await, dangling);
    let spy = SnmpLogin { id: SnmpLoginId(town.fresh()), data: nowhere, ..given.clone() };
    assert_eq!(town.ours.create_snmp_login(spy).await, dangling.map(|_: SnmpLogin| ()));
    assert_eq!(town.ours.snmp_logins().await.must(), std::slice::from_ref(&changed));
    assert_eq!(town.store.all_snmp_logins().await.must(), [changed]);
    town.ours.delete_snmp_login(given.id).await.must();
    assert_eq!(town.ours.snmp_login(given.id).await, Err(StoreError::NotFound));
    assert_eq!(town.ours.delete_snmp_login(given.id).await, Err(StoreError::NotFound));
}

pub(super) async fn sealed_logins_are_listed_and_replaced_where_they_still_stand(town: Town) {
    let own = DeviceData { snmp: Some(access("v1.a.b.own")), ..at_address("Roof", 20, None) };
    let (device, login) = (town.device(own).await, login(&town, "Radios", vec![]));
    town.ours.create_snmp_login(login.clone()).await.must();
    let sealed = |holder, value: &str| Sealed { tenant: town.tenant, holder, value: value.into() };
    let (of_device, of_login) = (Holder::Device(device.id), Holder::SnmpLogin(login.id));
    let all = [sealed(of_device, "v1.a.b.own"), sealed(of_login, "v1.a.b.login")];
    assert_eq!(town.store.sealed().await.must(), all);
    for (holder, before) in [(of_device, "v1.a.b.own"), (of_login, "v1.a.b.login")] {
        assert!(
            !town.store.reseal(sealed(holder, "v1.c.d.new"), "v1.x").await.must(),
            "something else stands there"
        );
        assert!(town.store.reseal(sealed(holder, "v1.c.d.new"), before).await.must());
    }
    let kept = town.ours.device(device.id).await.must().data.snmp.map(|access| access.secret);
    assert_eq!(kept.as_deref(), Some("v1.c.d.new"));
    assert_eq!(town.ours.snmp_login(login.id).await.must().data.access, access("v1.c.d.new"));
}
