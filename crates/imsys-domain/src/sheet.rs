//! A sheet of services that somebody wants to bring in: what becomes of each of its rows. Nothing of it is
//! done unless all of it can be.

use crate::RouterId;
use crate::service::Access;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What is to become of a row whose service is here already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    /// It is a mistake.
    #[default]
    Refuse,
    /// It is left out.
    Skip,
}

/// One row, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its line in the file; the header is line 1.
    pub row: u64,
    /// On which router (its id and its name), and how the line is recognised there; `None` when that could
    /// not be read.
    pub place: Option<(RouterId, String, Access)>,
    /// What is wrong with it, and what to do, each a sentence.
    pub problems: Vec<String>,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// A new service.
    Create,
    /// It is here already, and left out.
    Skip,
    /// It cannot be brought in; so nothing is.
    Refuse,
}

/// Decides each row, in order; to every row what becomes of it, and why where it is not created.
///
/// `taken` are the places (router and [`Access::key`]) of services that are here.
pub fn decide(
    drafts: &[Draft],
    taken: &HashSet<(RouterId, String)>,
    existing: Existing,
) -> Vec<(Fate, Option<String>)> {
    let mut first = HashMap::new();
    drafts.iter().map(|draft| decide_one(draft, taken, existing, &mut first)).collect()
}

fn decide_one(
    draft: &Draft,
    taken: &HashSet<(RouterId, String)>,
    existing: Existing,
    first: &mut HashMap<(RouterId, String), u64>,
) -> (Fate, Option<String>) {
    let mut problems = draft.problems.clone();
    let mut is_here = false;
    if let Some((router, name, access)) = &draft.place {
        let place = (*router, access.key());
        is_here = taken.contains(&place);
        let twin = first.get(&place).copied();
        if let Some(twin) = twin {
            problems.push(format!("{} on {name} is in row {twin} too: remove one of them.", label(access)));
        } else if is_here && existing == Existing::Refuse {
            problems.push(format!(
                "{} is already registered on {name}: remove this row, or leave out rows that exist already.",
                label(access)
            ));
        }
        first.entry(place).or_insert(draft.row);
    }
    match problems.is_empty() {
        false => (Fate::Refuse, Some(problems.join(" "))),
        true if is_here => (Fate::Skip, Some("It exists already.".into())),
        true => (Fate::Create, None),
    }
}

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
        Draft { row, place: Some((id, format!("router {router}"), access)), problems: Vec::new() }
    }

    fn fates(drafts: &[Draft], taken: &[&Draft], existing: Existing) -> Vec<Fate> {
        let place = |draft: &&Draft| draft.place.clone().map(|(router, _, access)| (router, access.key()));
        let taken = taken.iter().filter_map(place).collect();
        decide(drafts, &taken, existing).into_iter().map(|(fate, _)| fate).collect()
    }

    #[test]
    fn one_address_is_one_service_of_a_router_and_a_vrf() {
        let rows = [
            draft(2, 1, "10.0.0.2", None),
            draft(3, 2, "10.0.0.2", None),
            draft(4, 1, "10.0.0.2", Some("blue")),
            draft(5, 1, "10.0.0.2", None),
        ];
        assert_eq!(
            fates(&rows, &[], Existing::Refuse),
            [Fate::Create, Fate::Create, Fate::Create, Fate::Refuse]
        );
        let said = decide(&rows, &HashSet::new(), Existing::Refuse).pop().unwrap().1.unwrap();
        assert_eq!(said, "The address 10.0.0.2 on router 1 is in row 2 too: remove one of them.");
    }

    #[test]
    fn a_service_that_is_here_is_refused_or_left_out_as_wanted() {
        let rows = [draft(2, 1, "10.0.0.2", None), draft(3, 1, "10.0.0.3", None)];
        assert_eq!(fates(&rows, &[&rows[0]], Existing::Refuse), [Fate::Refuse, Fate::Create]);
        assert_eq!(fates(&rows, &[&rows[0]], Existing::Skip), [Fate::Skip, Fate::Create]);
        let twice = [rows[0].clone(), Draft { row: 9, ..rows[0].clone() }];
        assert_eq!(fates(&twice, &[&rows[0]], Existing::Skip), [Fate::Skip, Fate::Refuse]);
    }

    #[test]
    fn a_row_that_could_not_be_read_says_everything_that_is_wrong() {
        let bad = Draft { row: 2, place: None, problems: vec!["One.".into(), "Two.".into()] };
        assert_eq!(
            decide(&[bad], &HashSet::new(), Existing::Skip),
            [(Fate::Refuse, Some("One. Two.".to_owned()))]
        );
    }
}
