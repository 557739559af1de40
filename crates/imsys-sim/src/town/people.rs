//! Who lives in the town: made-up names, their devices and secrets.

use std::io;

use crate::dice::Dice;
use crate::router::Router;

/// Names of places; a router is `sim-north` and so on.
const PLACES: [&str; 12] = [
    "north", "harbour", "hill", "mill", "east", "lake", "bridge", "west", "field", "tower", "south", "grove",
];
/// Profiles that an ISP might have: name and rate limit.
const PLANS: [(&str, &str); 3] =
    [("sim-home-10M", "10M/10M"), ("sim-home-50M", "50M/50M"), ("sim-office", "100M/100M")];

/// Given names and surnames of people who do not exist; together more than two thousand.
const GIVEN: [&str; 40] = [
    "Ada", "Amir", "Ana", "Bela", "Carlos", "Chidi", "Clara", "Daniel", "Dina", "Elias", "Emma", "Farid",
    "Femi", "Greta", "Hana", "Hugo", "Ines", "Ivan", "Jonas", "Kamau", "Karim", "Lena", "Liam", "Lucia",
    "Mara", "Mateo", "Mina", "Nadia", "Nico", "Nora", "Omar", "Paula", "Rafael", "Rosa", "Samir", "Sofia",
    "Tariq", "Vera", "Wanjiru", "Yusuf",
];
const SURNAMES: [&str; 60] = [
    "Alderbrook",
    "Amberly",
    "Ashmoor",
    "Barleyfield",
    "Beckmere",
    "Birchall",
    "Bramblewood",
    "Brightwater",
    "Cedarholm",
    "Cloverdale",
    "Cobblestone",
    "Coldbrook",
    "Copperfield",
    "Cornhill",
    "Crowmarsh",
    "Dawnridge",
    "Dovecote",
    "Driftwood",
    "Eastlake",
    "Elderfen",
    "Fairmeadow",
    "Fennimore",
    "Fernhollow",
    "Foxglove",
    "Gladewater",
    "Goldcrest",
    "Greenhythe",
    "Harrowgate",
    "Hawkstone",
    "Hazelmere",
    "Heatherby",
    "Hollowell",
    "Ironbridge",
    "Juniper",
    "Kestrelby",
    "Kingsmoss",
    "Larkmoor",
    "Lindenau",
    "Longacre",
    "Marlowfen",
    "Millpond",
    "Mistral",
    "Moorland",
    "Nettlefold",
    "Northwind",
    "Oakhanger",
    "Orchardson",
    "Pebblewick",
    "Quillfeather",
    "Ravensbourne",
    "Reedham",
    "Rosewarne",
    "Saltmarsh",
    "Silverthorne",
    "Stonecrop",
    "Tillbrook",
    "Underhill",
    "Violetta",
    "Willowby",
    "Yarrow",
];

/// The name of person number `number` of any town, `Ada Alderbrook` and so on: another one for each of the first
/// 2400, then numbered.
pub fn name_of(number: usize) -> String {
    let (place, row) = (number % GIVEN.len(), number / GIVEN.len());
    let name = format!("{} {}", GIVEN[place], SURNAMES[(place + row * 7) % SURNAMES.len()]);
    match row / SURNAMES.len() {
        0 => name,
        round => format!("{name} {}", round + 1),
    }
}

/// A PPPoE customer, as an office would know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// Counts through the town, from 1.
    pub number: usize,
    /// The PPP name.
    pub user: String,
    /// Also the comment of the secret.
    pub name: String,
    /// The device that usually dials.
    pub mac: String,
    /// The address that every session gets; `None`: one of the pool.
    pub address: Option<String>,
    /// The PPP profile.
    pub profile: &'static str,
}

/// A customer.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) user: String,
    /// His device, and a second one that now and then dials too.
    pub(super) macs: [String; 2],
    /// His session, if he has one.
    pub(super) session: Option<u32>,
}

/// `sim-north`, `sim-harbour`, … and `sim-north-2` when the places run out.
pub(super) fn identity(router: usize) -> String {
    let place = PLACES[router % PLACES.len()];
    match router / PLACES.len() {
        0 => format!("sim-{place}"),
        round => format!("sim-{place}-{}", round + 1),
    }
}

/// Writes profiles and secrets into a router and gives its customers. `first` numbers them through the town.
///
/// # Errors
/// A name is taken, which would be a fault of this function.
pub(super) fn settle(
    router: &Router,
    first: usize,
    count: usize,
    dice: &mut Dice,
) -> io::Result<Vec<(Customer, Resident)>> {
    for (name, rate) in PLANS {
        router.add("ppp/profile", &[("name", name), ("rate-limit", rate)]).map_err(io::Error::other)?;
    }
    (first..first + count).map(|number| move_in(router, number + 1, dice)).collect()
}

fn move_in(router: &Router, number: usize, dice: &mut Dice) -> io::Result<(Customer, Resident)> {
    let user = format!("sim-{number:04}");
    let name = name_of(number);
    let password = format!("{:016x}", dice.next_u64());
    let fixed = format!("100.{}.{}.{}", 96 + (number >> 16 & 31), number >> 8 & 255, number & 255);
    let address = number.is_multiple_of(2).then_some(fixed);
    let profile = PLANS[dice.index(PLANS.len())].0;
    let mut secret = vec![
        ("name", user.as_str()),
        ("service", "pppoe"),
        ("password", &password),
        ("profile", profile),
        ("comment", &name),
    ];
    secret.extend(address.as_deref().map(|address| ("remote-address", address)));
    router.add("ppp/secret", &secret).map_err(io::Error::other)?;
    let macs = [mac(number, 0), mac(number, 1)];
    let resident = Resident { number, user: user.clone(), name, mac: macs[0].clone(), address, profile };
    Ok((Customer { macs, user, session: None }, resident))
}

/// A locally administered address: no vendor's, no customer's.
fn mac(number: usize, device: usize) -> String {
    format!("02:5D:{device:02X}:{:02X}:{:02X}:{:02X}", number >> 16 & 255, number >> 8 & 255, number & 255)
}

#[cfg(test)]
mod tests {
    use super::name_of;
    use std::collections::HashSet;

    #[test]
    fn no_two_people_of_a_large_town_have_one_name() {
        assert_eq!((1..=5_000).map(name_of).collect::<HashSet<_>>().len(), 5_000);
    }
}
