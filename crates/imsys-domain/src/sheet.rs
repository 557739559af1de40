//! A sheet of services that somebody wants to bring in: what becomes of each of its rows. Unless they ask for
//! the good rows alone, nothing of it is done while one of them cannot be.

use crate::RouterId;
use crate::service::Access;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is to become of a row whose service is here already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    /// It is a mistake.
    #[default]
    Refuse,
    /// It is left out.
    Skip,
    /// What the row says replaces what is stored; an empty cell leaves it as it is.
    Update,
}

/// One row, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its line in the file; the header is line 1.
    pub row: u64,
    /// On which router (its id and its name), and how the line is recognised there; `None` when that could
    /// not be read.
    pub place: Option<(RouterId, String, Access)>,
    /// What the row would change of the service that is at its place; `None` where there is none.
    pub here: Option<Vec<Change>>,
    /// The same of an archived service, where no other is at its place.
    pub archived: Option<Vec<Change>>,
    /// What is wrong with it, and what to do, each a sentence.
    pub problems: Vec<String>,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// A new service.
    Create,
    /// The service is here, and is changed as the row says.
    Update,
    /// The service is archived, and comes back as the row says.
    Restore,
    /// It is here already, and left out.
    Skip,
    /// It cannot be brought in.
    Refuse,
}

/// What a service has, as far as a row can change it; names as people read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How it is recognised.
    pub access: Access,
    /// Its customer's name.
    pub customer: Option<String>,
    /// Its plan's name.
    pub plan: Option<String>,
}

/// One value that a row changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The column: `mac`, `interface`, `customer` or `plan`.
    pub field: &'static str,
    /// What is stored.
    pub old: Option<String>,
    /// What the row says.
    pub new: Option<String>,
}

/// The access of a service at the same place, as the row has it; what the row leaves empty stays.
pub fn refined(stored: &Access, row: Access) -> Access {
    match (stored, row) {
        (
            Access::Static { mac: old_mac, interface: old_interface, .. },
            Access::Static { address, mac, interface, vrf },
        ) => Access::Static {
            address,
            mac: mac.or(*old_mac),
            interface: interface.or_else(|| old_interface.clone()),
            vrf,
        },
        (_, row) => row,
    }
}

/// What differs, column by column.
pub fn changes(stored: &Terms, row: &Terms) -> Vec<Change> {
    let (old_mac, old_interface) = wire(&stored.access);
    let (new_mac, new_interface) = wire(&row.access);
    let all = [
        ("mac", old_mac, new_mac),
        ("interface", old_interface, new_interface),
        ("customer", stored.customer.clone(), row.customer.clone()),
        ("plan", stored.plan.clone(), row.plan.clone()),
    ];
    all.into_iter()
        .filter(|(_, old, new)| old != new)
        .map(|(field, old, new)| Change { field, old, new })
        .collect()
}

fn wire(access: &Access) -> (Option<String>, Option<String>) {
    match access {
        Access::Static { mac, interface, .. } => (mac.map(|mac| mac.to_string()), interface.clone()),
        Access::Dhcp { mac } => (Some(mac.to_string()), None),
        Access::Pppoe { .. } => (None, None),
    }
}

/// Decides each row, in order; to every row what becomes of it, and why where nothing does.
pub fn decide(drafts: &[Draft], existing: Existing) -> Vec<(Fate, Option<String>)> {
    let mut first = HashMap::new();
    drafts.iter().map(|draft| decide_one(draft, existing, &mut first)).collect()
}

fn decide_one(
    draft: &Draft,
    existing: Existing,
    first: &mut HashMap<(RouterId, String), u64>,
) -> (Fate, Option<String>) {
    let mut problems = draft.problems.clone();
    if let Some((router, name, access)) = &draft.place {
        let place = (*router, access.key());
        if let Some(twin) = first.get(&place) {
            problems.push(format!("{} on {name} is in row {twin} too: remove one of them.", label(access)));
        } else if draft.here.is_some() && existing == Existing::Refuse {
            problems.push(format!(
                "{} is already registered on {name}: remove this row, or leave out or update services \
                 that exist already.",
                label(access)
            ));
        }
        first.entry(place).or_insert(draft.row);
    }
    match (&draft.here, existing) {
        _ if !problems.is_empty() => (Fate::Refuse, Some(problems.join(" "))),
        (None, Existing::Update) if draft.archived.is_some() => (Fate::Restore, None),
        (None, _) => (Fate::Create, draft.archived.as_ref().map(|_| BESIDE_ARCHIVED.to_owned())),
        (Some(changes), Existing::Update) if !changes.is_empty() => (Fate::Update, None),
        (Some(_), Existing::Update) => (Fate::Skip, Some("It exists already, just as in this row.".into())),
        (Some(_), _) => (Fate::Skip, Some("It exists already.".into())),
    }
}

const BESIDE_ARCHIVED: &str = "An archived service had this place. It stays archived, and a new one is made: to restore \
    it instead, update services that exist already.";

/// What a person calls the line.
fn label(access: &Access) -> String {
    match access {
        Access::Pppoe { username } => format!("The username {username}"),
        Access::Static { address, vrf: None, .. } => format!("The address {address}"),
        Access::Static { address, vrf: Some(vrf), .. } => format!("The address {address} in VRF {vrf}"),
        Access::Dhcp { mac } => format!("The MAC address {mac}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn draft(row: u64, router: u8, address: &str, vrf: Option<&str>) -> Draft {
        let access = Access::Static {
            address: address.parse().unwrap(),
            mac: None,
            interface: None,
            vrf: vrf.map(str::to_owned),
        };
        let id = RouterId::new(Timestamp(0), [router; 10]);
        let place = Some((id, format!("router {router}"), access));
        Draft { row, place, here: None, archived: None, problems: Vec::new() }
    }

    fn here(draft: &Draft, changes: &[Change]) -> Draft {
        Draft { here: Some(changes.to_vec()), ..draft.clone() }
    }

    fn fates(drafts: &[Draft], existing: Existing) -> Vec<Fate> {
        decide(drafts, existing).into_iter().map(|(fate, _)| fate).collect()
    }

    #[test]
    fn one_address_is_one_service_of_a_router_and_a_vrf() {
        let rows = [
            draft(2, 1, "10.0.0.2", None),
            draft(3, 2, "10.0.0.2", None),
            draft(4, 1, "10.0.0.2", Some("blue")),
            draft(5, 1, "10.0.0.2", None),
        ];
        assert_eq!(fates(&rows, Existing::Refuse), [Fate::Create, Fate::Create, Fate::Create, Fate::Refuse]);
        let said = decide(&rows, Existing::Refuse).pop().unwrap().1.unwrap();
        assert_eq!(said, "The address 10.0.0.2 on router 1 is in row 2 too: remove one of them.");
    }

    #[test]
    fn a_service_that_is_here_is_refused_left_out_or_updated_as_wanted() {
        let new = draft(3, 1, "10.0.0.3", None);
        let same = here(&draft(2, 1, "10.0.0.2", None), &[]);
        let plan = Change { field: "plan", old: Some("Home 10".into()), new: Some("Home 30".into()) };
        let other = here(&draft(4, 1, "10.0.0.4", None), &[plan]);
        let rows = [same.clone(), new, other.clone()];
        assert_eq!(fates(&rows, Existing::Refuse), [Fate::Refuse, Fate::Create, Fate::Refuse]);
        assert_eq!(fates(&rows, Existing::Skip), [Fate::Skip, Fate::Create, Fate::Skip]);
        assert_eq!(fates(&rows, Existing::Update), [Fate::Skip, Fate::Create, Fate::Update]);
        let twice = [other.clone(), Draft { row: 9, ..other }];
        assert_eq!(fates(&twice, Existing::Update), [Fate::Update, Fate::Refuse]);
        let twice = [same.clone(), Draft { row: 9, ..same }];
        assert_eq!(fates(&twice, Existing::Skip), [Fate::Skip, Fate::Refuse]);
    }

    #[test]
    fn what_is_archived_comes_back_where_rows_update_and_is_told_of_otherwise() {
        let gone = Draft { archived: Some(Vec::new()), ..draft(2, 1, "10.0.0.2", None) };
        assert_eq!(decide(std::slice::from_ref(&gone), Existing::Update), [(Fate::Restore, None)]);
        for existing in [Existing::Refuse, Existing::Skip] {
            let (fate, told) = decide(std::slice::from_ref(&gone), existing).remove(0);
            assert_eq!(fate, Fate::Create);
            assert!(told.unwrap().contains("archived"));
        }
        let again = here(&gone, &[]);
        assert_eq!(fates(&[again], Existing::Update), [Fate::Skip], "the living one counts");
        let twice = [gone.clone(), Draft { row: 9, ..gone }];
        assert_eq!(fates(&twice, Existing::Update), [Fate::Restore, Fate::Refuse]);
    }

    #[test]
    fn a_row_that_could_not_be_read_says_everything_that_is_wrong() {
        let problems = vec!["One.".into(), "Two.".into()];
        let bad = Draft { row: 2, place: None, here: None, archived: None, problems };
        assert_eq!(decide(&[bad], Existing::Skip), [(Fate::Refuse, Some("One. Two.".to_owned()))]);
    }

    #[test]
    fn an_empty_cell_leaves_what_is_stored() {
        let access = |mac: Option<&str>, interface: Option<&str>| Access::Static {
            address: "10.0.0.2".parse().unwrap(),
            mac: mac.map(|mac| mac.parse().unwrap()),
            interface: interface.map(str::to_owned),
            vrf: None,
        };
        let stored = access(Some("02:00:00:00:01:0A"), Some("ether2"));
        assert_eq!(refined(&stored, access(None, None)), stored);
        let row = refined(&stored, access(None, Some("ether3")));
        let terms = |access: &Access, plan: Option<&str>| Terms {
            access: access.clone(),
            customer: Some("Ana".into()),
            plan: plan.map(str::to_owned),
        };
        let told = changes(&terms(&stored, None), &terms(&row, Some("Home")));
        let told: Vec<_> = told.iter().map(|c| (c.field, c.old.as_deref(), c.new.as_deref())).collect();
        assert_eq!(told, [("interface", Some("ether2"), Some("ether3")), ("plan", None, Some("Home"))]);
    }
}
