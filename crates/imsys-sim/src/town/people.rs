//! Who lives in the town: plainly simulated names, their devices and secrets.

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
) -> io::Result<Vec<Customer>> {
    for (name, rate) in PLANS {
        router.add("ppp/profile", &[("name", name), ("rate-limit", rate)]).map_err(io::Error::other)?;
    }
    (first..first + count).map(|number| move_in(router, number + 1, dice)).collect()
}

fn move_in(router: &Router, number: usize, dice: &mut Dice) -> io::Result<Customer> {
    let user = format!("sim-{number:04}");
    let comment = format!("Simulated customer {number:04}");
    let password = format!("{:016x}", dice.next_u64());
    let fixed = format!("100.{}.{}.{}", 96 + (number >> 16 & 31), number >> 8 & 255, number & 255);
    let mut secret = vec![
        ("name", user.as_str()),
        ("service", "pppoe"),
        ("password", &password),
        ("profile", PLANS[dice.index(PLANS.len())].0),
        ("comment", &comment),
    ];
    if number.is_multiple_of(2) {
        secret.push(("remote-address", &fixed));
    }
    router.add("ppp/secret", &secret).map_err(io::Error::other)?;
    Ok(Customer { macs: [mac(number, 0), mac(number, 1)], user, session: None })
}

/// A locally administered address: no vendor's, no customer's.
fn mac(number: usize, device: usize) -> String {
    format!("02:5D:{device:02X}:{:02X}:{:02X}:{:02X}", number >> 16 & 255, number >> 8 & 255, number & 255)
}
