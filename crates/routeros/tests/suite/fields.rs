//! The names we ask for against the names that routers have.

use routeros::{FromRow, menu};

use crate::recorded::{load, texts};

/// Names that 7.21 and 7.22 do not list: every row's id, and names of other versions.
const ELSEWHERE: [&str; 3] = [".id", "DHCP", "available-from"];

fn unknown<T: FromRow>(fixtures: &serde_json::Value) -> Vec<String> {
    let versions = &fixtures["readable_fields_by_version"]["menus"][&T::MENU[1..]];
    let known = [texts(versions, "7.21.4"), texts(versions, "7.22.3")].concat();
    let asked = T::PROPLIST.unwrap().split(',');
    let missing = asked.filter(|name| !known.contains(name) && !ELSEWHERE.contains(name));
    missing.map(|name| format!("{} {name}", T::MENU)).collect()
}

#[test]
fn every_name_that_is_asked_for_exists() {
    let Some(fixtures) = load("fixtures.json") else { return };
    let unknown = [
        unknown::<menu::Arp>(&fixtures),
        unknown::<menu::DhcpLease>(&fixtures),
        unknown::<menu::Identity>(&fixtures),
        unknown::<menu::Interface>(&fixtures),
        unknown::<menu::IpAddress>(&fixtures),
        unknown::<menu::IpService>(&fixtures),
        unknown::<menu::Neighbor>(&fixtures),
        unknown::<menu::PppActive>(&fixtures),
        unknown::<menu::PppProfile>(&fixtures),
        unknown::<menu::PppSecret>(&fixtures),
        unknown::<menu::Resource>(&fixtures),
        unknown::<menu::SimpleQueue>(&fixtures),
        unknown::<menu::User>(&fixtures),
        unknown::<menu::UserActive>(&fixtures),
        unknown::<menu::UserGroup>(&fixtures),
    ];
    assert_eq!(unknown.concat(), Vec::<String>::new());
}
