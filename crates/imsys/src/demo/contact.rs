//! How the customers of the demo can be reached.

use imsys_domain::customer::CustomerData;

/// How a customer can be reached; nothing of it leads to anybody.
pub(super) fn contact(number: usize, name: &str) -> CustomerData {
    const STREETS: [&str; 8] = [
        "Mill Lane",
        "Harbour Street",
        "Hill Road",
        "Orchard Close",
        "Bridge Street",
        "Lake View",
        "North Square",
        "Station Road",
    ];
    let mail = name.to_lowercase().replace(' ', ".");
    CustomerData {
        name: name.into(),
        email: Some(format!("{mail}@example.invalid")),
        phone: Some(format!("+999 55 {:03} {:04}", number % 1_000, number * 37 % 10_000)),
        address: Some(format!("{} {}, Simtown", number % 90 + 1, STREETS[number % STREETS.len()])),
        reference: Some(format!("C-{number:05}")),
        notes: None,
    }
}
