//! Which profile a device has.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::schema::{Match, Profile};
use super::{Library, Walked};
use crate::builtin::snmp::{Device, Oid, SnmpError, Value};

/// What a device says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// sysDescr, safe to show; empty when the device has none.
    pub description: String,
    /// sysObjectID.
    pub object_id: Option<Oid>,
    /// sysName, safe to show.
    pub name: String,
    /// The family of its profile; `None` when no profile matches.
    pub family: Option<String>,
}

/// Asks a device who it is and finds its profile: of those that match the most specific one. sysObjectID
/// decides first; where no maker has it for itself, an object that only one family has; then sysDescr.
///
/// # Errors
/// See [`SnmpError`].
pub async fn identify(library: &Library, device: &Device, deadline: Instant) -> Result<Identity, SnmpError> {
    let [description, object_id, name] = SYSTEM.map(|last| Oid::from(&[1, 3, 6, 1, 2, 1, 1, last, 0][..]));
    let asked = [description.clone(), object_id.clone(), name.clone()];
    let system: Walked = device.get(&asked, deadline).await?.into_iter().collect();
    let text = |oid: &Oid| system.get(oid).and_then(Value::text).unwrap_or_default();
    let mut identity = Identity {
        description: text(&description),
        object_id: match system.get(&object_id) {
            Some(Value::Oid(oid)) => Some(oid.clone()),
            _ => None,
        },
        name: text(&name),
        family: None,
    };
    let mut asked = BTreeMap::new();
    for (rule, profile) in candidates(library, &identity) {
        if answers(device, rule, &mut asked, deadline).await? {
            identity.family = Some(profile.family.clone());
            break;
        }
    }
    Ok(identity)
}

/// sysDescr, sysObjectID and sysName.
const SYSTEM: [u32; 3] = [1, 2, 5];

/// The rules that hold as far as nothing needs to be asked, the most specific one first.
fn candidates<'a>(library: &'a Library, identity: &Identity) -> Vec<(&'a Match, &'a Profile)> {
    let rules = library.iter().flat_map(|profile| profile.matches.iter().map(move |rule| (rule, profile)));
    let mut found: Vec<_> = rules.filter(|(rule, _)| may_hold(rule, identity)).collect();
    found.sort_by_key(|(rule, _)| std::cmp::Reverse(weight(rule)));
    found
}

fn may_hold(rule: &Match, identity: &Identity) -> bool {
    let object_id_holds = rule
        .object_id
        .as_ref()
        .is_none_or(|wanted| identity.object_id.as_ref().is_some_and(|oid| oid.starts_with(wanted)));
    let description = identity.description.to_lowercase();
    let contains = |wanted: &String| description.contains(&wanted.to_lowercase());
    object_id_holds && rule.description.as_ref().is_none_or(contains)
}

fn weight(rule: &Match) -> (usize, usize, usize) {
    let arcs = |oid: &Option<Oid>| oid.as_ref().map_or(0, |oid| oid.arcs().len());
    (arcs(&rule.object_id), arcs(&rule.answers), rule.description.as_ref().map_or(0, String::len))
}

async fn answers(
    device: &Device,
    rule: &Match,
    asked: &mut BTreeMap<Oid, bool>,
    deadline: Instant,
) -> Result<bool, SnmpError> {
    let Some(root) = &rule.answers else { return Ok(true) };
    if let Some(known) = asked.get(root) {
        return Ok(*known);
    }
    let has = match device.has(root, deadline).await {
        // An agent that answers an error here does not have the object.
        Err(error) if error.is_about_objects() => false,
        other => other?,
    };
    asked.insert(root.clone(), has);
    Ok(has)
}
