//! Devices: what is watched, and what reports make of it.

use super::town::{Must, Town, all, at, only};
use crate::model::{Change, DeviceChange};
use crate::page::Ask;
use crate::port::{DeviceFilter, DeviceSort, Reference, StoreError, Taken};
use imsys_domain::device::{
    Device, DeviceData, Finding, Health, Outage, Place, Reach, Reason, Report, Status,
};
use imsys_domain::hindrance::Hindrance;
use imsys_domain::{DeviceId, RouterId};

const UP: Finding = Finding::Up { latency_us: Some(1_500), loss: 33 };

/// A device that is asked by its router where it has one.
pub(super) fn at_address(name: &str, last: u8, router: Option<RouterId>) -> DeviceData {
    let reach = if router.is_some() { Reach::Router } else { Reach::Direct };
    DeviceData {
        name: name.into(),
        address: [192, 168, 1, last].into(),
        router,
        reach,
        watched: false,
        snmp: None,
    }
}

impl Town {
    /// A device of ours.
    pub(super) async fn device(&self, data: DeviceData) -> Device {
        let device = Device::new(DeviceId(self.fresh()), self.tenant, data, at(0));
        self.ours.create_device(device.clone()).await.must();
        device
    }

    /// Reports about a device, each with its second; how many of them are told.
    pub(super) async fn report(&self, device: &Device, findings: &[(i64, Finding)]) -> usize {
        let reports = findings.iter().map(|(second, finding)| report(device, *second, *finding));
        self.ours.device_reports(reports.collect()).await.must().len()
    }
}

fn report(device: &Device, second: i64, finding: Finding) -> Report {
    Report { device: device.id, place: device.data.place(), at: at(second), finding }
}

fn outage(began: i64, ended: Option<i64>) -> Outage {
    Outage { began: at(began), ended: ended.map(at), reason: Reason::NoAnswer }
}

pub(super) async fn a_device_is_kept_as_given_and_changed_only_by_who_read_it_last(town: Town) {
    let router = town.router("tower").await;
    let given = town.device(at_address("Roof \"1\"", 20, Some(router))).await;
    assert_eq!(town.ours.device(given.id).await.must(), given);
    let data = DeviceData { name: "Mast".into(), watched: true, ..given.data.clone() };
    let changed = town.ours.update_device(given.id, Some(1), data.clone()).await.must();
    assert_eq!((changed.edition, &changed.data, changed.health), (2, &data, given.health));
    assert_eq!(town.ours.device(given.id).await.must(), changed);
    assert_eq!(town.ours.update_device(given.id, Some(1), given.data.clone()).await, Err(StoreError::Stale));
    let nobody = DeviceId(town.fresh());
    assert_eq!(town.ours.update_device(nobody, None, data.clone()).await, Err(StoreError::NotFound));
    let elsewhere = DeviceData { router: Some(RouterId(town.fresh())), ..data };
    let dangling = Err(StoreError::Dangling(Reference::Router));
    assert_eq!(town.ours.update_device(given.id, None, elsewhere.clone()).await, dangling);
    let device = Device::new(DeviceId(town.fresh()), town.tenant, elsewhere, at(0));
    assert_eq!(town.ours.create_device(device).await, dangling.map(|_: Device| ()));
    assert_eq!(town.store.all_devices().await.must(), [changed]);
}

pub(super) async fn an_address_behind_a_router_belongs_to_one_device(town: Town) {
    let (hill, lake) = (town.router("hill").await, town.router("lake").await);
    let first = town.device(at_address("a", 20, Some(hill))).await;
    town.device(at_address("b", 20, Some(lake))).await;
    let direct = town.device(at_address("c", 20, None)).await;
    for data in [first.data.clone(), direct.data.clone()] {
        let second = Device::new(DeviceId(town.fresh()), town.tenant, data, at(0));
        assert_eq!(town.ours.create_device(second).await, Err(StoreError::Exists(Taken::DevicePlace)));
    }
    let onto = DeviceData { name: "c".into(), ..first.data.clone() };
    let taken = town.ours.update_device(direct.id, None, onto).await;
    assert_eq!(taken, Err(StoreError::Exists(Taken::DevicePlace)));
    let theirs = Device::new(DeviceId(town.fresh()), town.tenant, at_address("d", 20, None), at(0));
    town.theirs.create_device(theirs).await.must();
    town.ours.archive_device(direct.id).await.must();
    town.device(at_address("e", 20, None)).await;
    let back = town.ours.restore_device(direct.id).await;
    assert_eq!(back, Err(StoreError::Exists(Taken::DevicePlace)));
}

pub(super) async fn devices_are_listed_by_status_router_and_words(town: Town) {
    let router = town.router("tower").await;
    let mast = town.device(at_address("Mast", 1, Some(router))).await;
    let roof = town.device(at_address("Roof", 2, None)).await;
    let gone = town.device(at_address("Gone", 3, None)).await;
    town.ours.archive_device(gone.id).await.must();
    town.report(&roof, &[(10, UP)]).await;
    let found = async |filter: DeviceFilter, q: Option<&str>| {
        let ask = Ask { q: q.map(str::to_owned), ..all(DeviceSort::Name) };
        let items = only(town.ours.devices(filter, ask).await);
        items.into_iter().map(|device| device.id).collect::<Vec<_>>()
    };
    let every = DeviceFilter::default();
    assert_eq!(found(every, None).await, [mast.id, roof.id]);
    assert_eq!(found(DeviceFilter { status: Some(Status::Up), ..every }, None).await, [roof.id]);
    assert_eq!(found(DeviceFilter { router: Some(router), ..every }, None).await, [mast.id]);
    assert_eq!(found(DeviceFilter { archived: true, ..every }, None).await, [gone.id]);
    assert_eq!(found(every, Some("192.168.1.2")).await, [roof.id]);
    assert_eq!(found(every, Some("MAST")).await, [mast.id]);
    let mut ask = Ask { limit: 1, descending: true, ..Ask::first(DeviceSort::Since) };
    let first = town.ours.devices(every, ask.clone()).await.must();
    assert_eq!((first.items[0].id, first.total), (roof.id, 2));
    ask.cursor = first.next;
    assert_eq!(town.ours.devices(every, ask).await.must().items[0].id, mast.id);
}

pub(super) async fn reports_make_a_device_up_and_down_and_keep_its_outages(town: Town) {
    let device = town.device(at_address("Roof", 20, None)).await;
    let before = town.store.feed().await.must().head;
    let away = Finding::Unknown(Reason::RouterAway);
    let findings = [
        (10, UP),
        (20, UP),
        (30, Finding::Down),
        (40, Finding::Down),
        (50, UP),
        (60, Finding::Down),
        (70, away),
    ];
    assert_eq!(town.report(&device, &findings).await, 5, "what stays is not told");
    let now = town.ours.device(device.id).await.must();
    let unknown = Health {
        status: Status::Unknown,
        since: at(70),
        reason: Some(Reason::RouterAway),
        latency_us: None,
        loss: None,
        checked: Some(at(70)),
    };
    assert_eq!((now.health, now.edition), (unknown, 1));
    assert_eq!(now.rev, 1 + findings.len() as i64);
    let outages = [outage(60, Some(70)), outage(30, Some(50))];
    assert_eq!(town.ours.outages(device.id, 9).await.must(), outages);
    assert_eq!(town.ours.outages(device.id, 1).await.must(), outages[..1]);
    let changed = town.store.changes_after(before, 10).await.must().expect("it is kept");
    let told: Vec<_> = changed.into_iter().flat_map(|changed| changed.changes).collect();
    assert_eq!(told.len(), 5);
    assert_eq!(told.last(), Some(&Change::Device(DeviceChange::from(&now))));
    town.report(&device, &[(80, UP)]).await;
    let Health { status, latency_us, loss, .. } = town.ours.device(device.id).await.must().health;
    assert_eq!((status, latency_us, loss), (Status::Up, Some(1_500), Some(33)));
}

pub(super) async fn reports_about_another_place_or_of_long_ago_are_left_out(town: Town) {
    let device = town.device(at_address("Roof", 20, None)).await;
    town.report(&device, &[(10, UP)]).await;
    assert_eq!(town.report(&device, &[(5, Finding::Down)]).await, 0);
    let elsewhere = Place { address: [10, 9, 9, 9].into(), ..device.data.place() };
    let stray = Report { place: elsewhere, ..report(&device, 20, Finding::Down) };
    let nobody = Report { device: DeviceId(town.fresh()), ..report(&device, 20, Finding::Down) };
    assert_eq!(town.ours.device_reports(vec![stray, nobody]).await.must(), []);
    assert_eq!(town.theirs.device_reports(vec![report(&device, 20, Finding::Down)]).await.must(), []);
    assert_eq!(town.ours.device(device.id).await.must().health.status, Status::Up);
}

pub(super) async fn a_device_with_another_address_begins_unknown(town: Town) {
    let device = town.device(at_address("Roof", 20, None)).await;
    town.report(&device, &[(1, Finding::Down)]).await;
    let before = town.store.feed().await.must().head;
    let moved = town.ours_at(at(5)).update_device(device.id, None, at_address("Roof", 21, None)).await.must();
    assert_eq!(moved.health, Health::never_asked(at(5)));
    assert_eq!(town.ours.outages(device.id, 9).await.must(), [outage(1, Some(5))]);
    let changed = town.store.changes_after(before, 10).await.must().expect("it is kept");
    let told: Vec<_> = changed.into_iter().flat_map(|changed| changed.changes).collect();
    assert!(told.contains(&Change::Device(DeviceChange::from(&moved))), "{told:?}");
}

pub(super) async fn an_archived_device_is_not_asked_and_comes_back_unknown(town: Town) {
    let device = town.device(at_address("Roof", 20, None)).await;
    town.report(&device, &[(1, Finding::Down)]).await;
    town.ours_at(at(5)).archive_device(device.id).await.must();
    assert_eq!(town.ours.outages(device.id, 9).await.must(), [outage(1, Some(5))]);
    assert_eq!(town.store.all_devices().await.must(), []);
    assert_eq!(town.report(&device, &[(9, UP)]).await, 0);
    assert_eq!(town.ours.archive_device(device.id).await, Err(StoreError::Archived));
    let refused = town.ours.update_device(device.id, None, device.data.clone()).await;
    assert_eq!(refused, Err(StoreError::Archived));
    let back = town.ours_at(at(20)).restore_device(device.id).await.must();
    assert_eq!((back.archived, back.health), (None, Health::never_asked(at(20))));
    let again = town.ours.restore_device(device.id).await;
    assert_eq!(again, Err(StoreError::InUse(Hindrance::NotArchived)));
}

pub(super) async fn a_removed_router_takes_its_devices_along_and_brings_them_back(town: Town) {
    let router = town.router("tower").await;
    let device = town.device(at_address("Roof", 20, Some(router))).await;
    let other = town.device(at_address("Mast", 21, Some(router))).await;
    town.ours_at(at(1)).archive_device(other.id).await.must();
    town.ours_at(at(2)).archive_router(router).await.must();
    assert_eq!(town.ours.device(device.id).await.must().archived, Some(at(2)));
    let early = town.ours.restore_device(device.id).await;
    assert_eq!(early, Err(StoreError::InUse(Hindrance::RouterArchived)));
    town.ours_at(at(3)).restore_router(router, [5; 32]).await.must();
    assert_eq!(town.ours.device(device.id).await.must().archived, None);
    assert_eq!(town.ours.device(other.id).await.must().archived, Some(at(1)), "it was archived before");
}

pub(super) async fn outages_are_bounded_and_dropped_with_old_history(town: Town) {
    let device = town.device(at_address("Roof", 20, None)).await;
    let blinks: Vec<_> = (0..1_005).flat_map(|n| [(2 * n + 1, Finding::Down), (2 * n + 2, UP)]).collect();
    town.report(&device, &blinks).await;
    let kept = town.ours.outages(device.id, 5_000).await.must();
    assert_eq!((kept.len(), kept.last().map(|outage| outage.began)), (1_000, Some(at(11))));
    let years = 50 * 365 * 86_400;
    assert_eq!(town.store.prune_history(town.tenant, at(years)).await.must(), 1_000);
    assert_eq!(town.ours.outages(device.id, 9).await.must(), []);
}
