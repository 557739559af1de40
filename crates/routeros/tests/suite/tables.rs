//! Recorded tables as typed rows.

use std::fmt::Debug;

use routeros::{
    AnyRow, FieldError, FieldOrder, FromRow,
    codec::{Decoder, Limits, SentenceWriter},
    menu::{
        Arp, ArpStatus, DeviceMode, DhcpLease, Identity, Interface, LeaseStatus, Neighbor, PingRow,
        PppActive, PppProfile, PppSecret, Resource,
    },
    value::UpDown,
};
use serde_json::Value;

use crate::recorded::{list, load, text};

/// Attributes in the router's words: a recording may hold what a program made of them.
fn attributes(row: &Value) -> Vec<(&str, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    row.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), text(value))).collect()
}

fn read<T: FromRow>(attributes: &[(&str, String)]) -> Result<T, FieldError> {
    let mut wire = Vec::new();
    let writer = SentenceWriter::new(&mut wire).word("!re").unwrap();
    let writer = attributes.iter().fold(writer, |writer, (name, value)| writer.attr(name, value).unwrap());
    writer.end();
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&wire);
    let mut odd = Ok(());
    let row = decoder.next().unwrap().unwrap();
    let row = T::read_row(row, &mut FieldOrder::default(), |error| odd = Err(error.clone()));
    odd.map(|()| row)
}

/// Reads a row as a whole, and checks field by field that what the row says arrives somewhere.
fn check<T: FromRow + Default + PartialEq + Debug>(row: &Value) -> Result<(), FieldError> {
    let attributes = attributes(row);
    read::<T>(&attributes)?;
    let asked: Vec<&str> = T::PROPLIST.unwrap_or_default().split(',').collect();
    for (name, value) in attributes {
        let says_nothing = ["", "false", "no", "never"].contains(&value.as_str());
        if asked.contains(&name) && !says_nothing {
            assert_ne!(read::<T>(&[(name, value)])?, T::default(), "{name} of {row}");
        }
    }
    Ok(())
}

fn check_menu(menu: &str, row: &Value) -> Result<(), FieldError> {
    match menu.split(" (").next().unwrap() {
        "/ip/arp/print" => check::<Arp>(row),
        "/ip/neighbor/print" | "/ip/neighbor/lldp/print" => check::<Neighbor>(row),
        "/ppp/active/print" => check::<PppActive>(row),
        "/ppp/secret/print detail" => check::<PppSecret>(row),
        "/ppp/profile/print" => check::<PppProfile>(row),
        "/system/resource/print" => check::<Resource>(row),
        "/system/identity/print" => check::<Identity>(row),
        "/system/device-mode/print" => check::<DeviceMode>(row),
        "/interface/print" => check::<Interface>(row),
        "/ip/dhcp-server/lease/print" => check::<DhcpLease>(row),
        "/ping" => check::<PingRow>(row),
        _ => Ok(()),
    }
}

#[test]
fn every_recorded_row_is_read() {
    let Some(fixtures) = load("fixtures.json") else { return };
    for fixture in list(&fixtures, "fixtures") {
        for row in fixture["rows"].as_array().into_iter().flatten() {
            let AnyRow(fields) = read(&attributes(row)).unwrap();
            assert!(fields.iter().map(|(n, v)| (n.as_str(), v.to_string())).eq(attributes(row)));
            if row["address"] == "A" {
                let error = check_menu(text(fixture, "menu"), row).unwrap_err();
                assert_eq!((error.field, error.error.found.as_str()), ("address", "A"));
            } else {
                check_menu(text(fixture, "menu"), row).unwrap_or_else(|error| panic!("{error} in {row}"));
            }
        }
    }
}

/// The `n`th row of the fixture for `menu` and `version`.
fn recorded<T: FromRow>(menu: &str, version: &str, n: usize) -> Option<T> {
    let fixtures = load("fixtures.json")?;
    let fixture = list(&fixtures, "fixtures")
        .iter()
        .find(|fixture| fixture["menu"] == menu && text(fixture, "ros").starts_with(version))
        .unwrap();
    Some(read(&attributes(&list(fixture, "rows")[n])).unwrap())
}

#[test]
fn arp_entries_differ_between_versions_and_are_read_alike() {
    let Some(old) = recorded::<Arp>("/ip/arp/print", "6.x (2016", 0) else { return };
    assert_eq!((old.complete, old.status, old.dynamic), (None, None, true));
    let unresolved: Arp = recorded("/ip/arp/print", "6.x (2016", 2).unwrap();
    assert_eq!((unresolved.complete, unresolved.mac_address), (Some(false), None));
    let failed: Arp = recorded("/ip/arp/print", "7.x (REST", 2).unwrap();
    assert_eq!(failed.status, Some(ArpStatus::Failed));
    assert!(failed.mac_address.unwrap().is_zero());
    let incomplete: Arp = recorded("/ip/arp/print", "7.x CLI", 0).unwrap();
    assert_eq!((incomplete.status, incomplete.mac_address.is_some()), (Some(ArpStatus::Incomplete), true));
}

#[test]
fn names_are_compared_without_case() {
    let upper: Arp = read(&[("DHCP", "true".into())]).unwrap();
    let lower: Arp = read(&[("dhcp", "true".into())]).unwrap();
    let mixed: Arp = read(&[("Dhcp", "true".into())]).unwrap();
    assert!(upper.dhcp);
    assert_eq!((&upper, &upper), (&lower, &mixed));
}

#[test]
fn a_lease_may_spell_its_times_in_two_ways() {
    let Some(lease) = recorded::<DhcpLease>("/ip/dhcp-server/lease/print", "v5/v6", 0) else { return };
    assert_eq!(lease.expires_after.unwrap().as_secs(), 14 * 3_600 + 40 * 60 + 26);
    assert_eq!(lease.last_seen.unwrap().as_secs(), 8 * 3_600 + 19 * 60 + 34);
    let absent: DhcpLease = read(&[("last-seen", "never".into()), ("status", "waiting".into())]).unwrap();
    assert_eq!((absent.last_seen, absent.status), (None, Some(LeaseStatus::Waiting)));
}

#[test]
fn a_probe_without_an_answer_has_a_status_and_no_time() {
    let Some(probe) = recorded::<PingRow>("/ping (timeout, CLI)", "7.x", 0) else { return };
    assert_eq!((probe.status.as_str(), probe.time, probe.seq), ("timeout", None, Some(0)));
    let answered: PingRow = recorded("/ping", "7.x", 0).unwrap();
    assert_eq!(answered.time.unwrap().as_micros(), 9_445);
}

#[test]
fn values_that_no_table_records_are_read_too() {
    use routeros::menu::{IpAddress, IpService, SimpleQueue, User, UserActive, UserGroup};
    let field = |name, value: &str| [(name, value.to_owned())];
    let queue: SimpleQueue = read(&field("bytes", "10/20")).unwrap();
    assert_eq!(queue.bytes, Some(UpDown { up: 10, down: 20 }));
    let address: IpAddress = read(&field("address", "192.168.88.1/24")).unwrap();
    assert_eq!(address.address.unwrap().prefix, 24);
    let service: IpService = read(&field("available-from", "10.0.0.0/8")).unwrap();
    assert_eq!(service.address, "10.0.0.0/8");
    let group: UserGroup = read(&field("policy", "read,api,!ftp,!write")).unwrap();
    assert!(group.allows("api") && !group.allows("write") && !group.allows("test"));
    let user: User = read(&field("address", "10.255.0.1/32")).unwrap();
    assert_eq!(user.address, "10.255.0.1/32");
    let active: UserActive = read(&field("when", "2026-11-23 10:00:00")).unwrap();
    assert_eq!(active.when.unwrap().year, 2026);
    let neighbor: Neighbor = read(&field("identity", "sw\0\0")).unwrap();
    assert_eq!(neighbor.identity, "sw");
}

#[test]
fn no_struct_asks_for_a_password() {
    for proplist in [PppSecret::PROPLIST, routeros::menu::User::PROPLIST] {
        assert!(!proplist.unwrap().contains("password"));
    }
}
