//! From the router's PPP secrets to services: what an import would do, decided before it does it.

use crate::service::{ServiceData, check_username};
use crate::text;
use crate::{PlanId, ServiceId};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What matters of a row of `/ppp/secret`. The password is never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The PPP name.
    pub name: String,
    /// The profile's name.
    pub profile: Option<String>,
    /// The comment, by custom the customer's name.
    pub comment: Option<String>,
    /// `any`, `pppoe`, `l2tp` …
    pub service: Option<String>,
    /// Disabled on the router as found.
    pub disabled: bool,
}

/// A service that already stands for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// Its id.
    pub id: ServiceId,
    /// Whether it is archived.
    pub archived: bool,
    /// What people set.
    pub data: &'a ServiceData,
}

/// What becomes of one secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// A new service.
    Create,
    /// The service exists; what was found on the router is recorded.
    Update,
    /// Nothing to do, or not to be imported.
    Skip,
}

/// One line of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The PPP name, as on the router.
    pub username: String,
    /// A customer's name from the comment, when it holds one.
    pub customer: Option<String>,
    /// The profile's name.
    pub profile: Option<String>,
    /// The plan that the service gets.
    pub plan: Option<PlanId>,
    /// Whether the secret is disabled, which is recorded as suspended *as found*.
    pub disabled: bool,
    /// What to do.
    pub action: Action,
    /// Why, for a person to read.
    pub reason: &'static str,
    /// The service it is about, when there is one already.
    pub service: Option<ServiceId>,
}

/// What the person who starts an import has chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// A service without a customer gets one named by the comment.
    pub customers: bool,
    /// The plans that profiles stand for: a service without a plan gets that of its profile.
    pub plans: HashMap<String, PlanId>,
    /// The names to import; all of them where nobody chose.
    pub chosen: Option<HashSet<String>>,
}

/// Plans the import of `secrets` where `known` stands already. Each has its line in the plan, but of those with
/// one name only one becomes a service: the one for PPPoE, else the first for any.
pub fn plan(secrets: Vec<Secret>, known: &HashMap<String, Known<'_>>, wish: &Wish) -> Vec<Step> {
    let own = |secret: &Secret| secret.service.as_deref() == Some("pppoe");
    let pppoe: HashSet<String> = secrets.iter().filter(|s| own(s)).map(|s| s.name.clone()).collect();
    let mut names = HashSet::new();
    let step = |secret: Secret| {
        // The name is taken by the row for PPPoE, wherever that stands.
        let is_twice = is_pppoe(&secret)
            && (!own(&secret) && pppoe.contains(&secret.name) || !names.insert(secret.name.clone()));
        step(secret, known, wish, is_twice)
    };
    secrets.into_iter().map(step).collect()
}

/// Whether the secret lets somebody in by PPPoE.
fn is_pppoe(secret: &Secret) -> bool {
    matches!(secret.service.as_deref(), None | Some("" | "any" | "pppoe"))
}

fn step(secret: Secret, known: &HashMap<String, Known<'_>>, wish: &Wish, is_twice: bool) -> Step {
    let customer = secret.comment.as_deref().and_then(|c| text::line(c, 200).ok());
    let existing = known.get(&secret.name).filter(|_| is_pppoe(&secret));
    let plan = secret.profile.as_ref().and_then(|profile| wish.plans.get(profile).copied());
    let plan = plan.filter(|_| existing.is_none_or(|known| known.data.plan.is_none()));
    let (action, reason) = if check_username(&secret.name).is_err() {
        (Action::Skip, "the name is empty, too long or holds control characters")
    } else if !is_pppoe(&secret) {
        (Action::Skip, "not a PPPoE account")
    } else if is_twice {
        (Action::Skip, "the name appears twice on the router: another account of it is the service")
    } else {
        decide(existing, &secret, wish.customers && customer.is_some(), plan.is_some())
    };
    let is_left = wish.chosen.as_ref().is_some_and(|chosen| !chosen.contains(&secret.name));
    let (action, reason) = match action {
        Action::Create | Action::Update if is_left => (Action::Skip, "not chosen"),
        action => (action, reason),
    };
    Step {
        username: secret.name,
        customer,
        profile: secret.profile,
        plan,
        disabled: secret.disabled,
        action,
        reason,
        service: existing.map(|k| k.id),
    }
}

fn decide(
    existing: Option<&Known<'_>>,
    secret: &Secret,
    gets_customer: bool,
    gets_plan: bool,
) -> (Action, &'static str) {
    let gets_customer = gets_customer && existing.is_none_or(|known| known.data.customer.is_none());
    match existing {
        None if secret.disabled => (Action::Create, "new, disabled on the router: recorded as suspended"),
        None => (Action::Create, "new"),
        Some(known) if known.archived => (Action::Skip, "its service is archived: restore that one"),
        Some(known) if known.data.suspended != secret.disabled => {
            (Action::Update, "enabled or disabled on the router since")
        }
        Some(_) if gets_customer && gets_plan => (Action::Update, "gets its customer and its plan"),
        Some(_) if gets_customer => (Action::Update, "gets its customer"),
        Some(_) if gets_plan => (Action::Update, "gets its plan"),
        Some(_) => (Action::Skip, "already here"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{Access, EnforcementMode};
    use crate::{CustomerId, RouterId};

    fn secret(name: &str) -> Secret {
        Secret {
            name: name.into(),
            profile: None,
            comment: Some("Ana".into()),
            service: None,
            disabled: false,
        }
    }

    /// A service with a customer.
    fn data(plan: Option<PlanId>) -> ServiceData {
        ServiceData {
            router: RouterId::new(crate::Timestamp(0), [2; 10]),
            access: Access::Pppoe { username: "a".into() },
            customer: Some(CustomerId::new(crate::Timestamp(0), [3; 10])),
            plan,
            suspended: false,
            mode: EnforcementMode::Observe,
        }
    }

    #[test]
    fn a_second_import_changes_nothing() {
        let id = ServiceId::new(crate::Timestamp(0), [0; 10]);
        let data = data(None);
        let known = HashMap::from([("a".to_owned(), Known { id, archived: false, data: &data })]);
        let steps = plan(vec![secret("a"), secret("b"), secret("b")], &known, &customers());
        let actions: Vec<_> = steps.iter().map(|s| s.action).collect();
        assert_eq!(actions, [Action::Skip, Action::Create, Action::Skip]);
    }

    #[test]
    fn of_accounts_with_one_name_the_one_for_pppoe_is_imported_and_the_others_are_named() {
        let of = |service: &str| Secret { service: Some(service.into()), ..secret("a") };
        for services in
            [["l2tp", "pppoe"], ["pppoe", "l2tp"], ["any", "pppoe"], ["pppoe", "any"], ["sstp", "any"]]
        {
            let steps = plan(services.map(of).into(), &HashMap::new(), &Wish::default());
            let made =
                services.map(|service| service == "pppoe" || service == "any" && services[0] == "sstp");
            let expected = made.map(|made| if made { Action::Create } else { Action::Skip });
            assert_eq!(steps.iter().map(|s| s.action).collect::<Vec<_>>(), expected, "{services:?}");
            assert!(steps.iter().all(|s| s.username == "a" && s.service.is_none()));
        }
        let id = ServiceId::new(crate::Timestamp(0), [0; 10]);
        let data = data(None);
        let known = HashMap::from([("a".to_owned(), Known { id, archived: false, data: &data })]);
        let steps = plan(vec![of("l2tp"), of("pppoe")], &known, &Wish::default());
        assert_eq!(steps.iter().map(|s| s.service).collect::<Vec<_>>(), [None, Some(id)]);
        assert_eq!((steps[0].reason, steps[1].reason), ("not a PPPoE account", "already here"));
    }

    fn customers() -> Wish {
        Wish { customers: true, ..Wish::default() }
    }

    #[test]
    fn a_profile_stands_for_a_plan_where_the_service_has_none() {
        let of = |name: &str, profile: &str| Secret { profile: Some(profile.into()), ..secret(name) };
        let (id, home) =
            (ServiceId::new(crate::Timestamp(0), [0; 10]), PlanId::new(crate::Timestamp(0), [1; 10]));
        let (without, with) = (data(None), data(Some(home)));
        let here = |data| Known { id, archived: false, data };
        let known = HashMap::from([("b".to_owned(), here(&without)), ("c".to_owned(), here(&with))]);
        let wish = Wish { plans: HashMap::from([("10M".to_owned(), home)]), ..Wish::default() };
        let secrets = vec![of("a", "10M"), of("b", "10M"), of("c", "10M"), of("d", "default")];
        let steps = plan(secrets, &known, &wish);
        let said: Vec<_> = steps.iter().map(|step| (step.action, step.plan)).collect();
        let expected = [
            (Action::Create, Some(home)),
            (Action::Update, Some(home)),
            (Action::Skip, None),
            (Action::Create, None),
        ];
        assert_eq!(said, expected, "{steps:?}");
    }

    #[test]
    fn only_what_was_chosen_is_imported() {
        let wish = Wish { chosen: Some(HashSet::from(["b".to_owned()])), ..Wish::default() };
        let steps = plan(vec![secret("a"), secret("b")], &HashMap::new(), &wish);
        let said: Vec<_> = steps.iter().map(|step| (step.action, step.reason)).collect();
        assert_eq!(said, [(Action::Skip, "not chosen"), (Action::Create, "new")]);
    }

    #[test]
    fn what_was_archived_is_not_made_again() {
        let id = ServiceId::new(crate::Timestamp(0), [0; 10]);
        let data = ServiceData { suspended: true, customer: None, ..data(None) };
        let gone = Known { id, archived: true, data: &data };
        let steps = plan(vec![secret("a")], &HashMap::from([("a".to_owned(), gone)]), &customers());
        assert_eq!((steps[0].action, steps[0].service), (Action::Skip, Some(id)));
        assert!(steps[0].reason.contains("archived"), "{}", steps[0].reason);
    }

    #[test]
    fn a_disabled_secret_becomes_a_suspended_service() {
        let disabled = Secret { disabled: true, ..secret("a") };
        let steps = plan(vec![disabled], &HashMap::new(), &Wish::default());
        assert_eq!((steps[0].action, steps[0].disabled), (Action::Create, true));
    }

    #[test]
    fn other_protocols_and_hostile_names_are_skipped_with_a_reason() {
        let l2tp = Secret { service: Some("l2tp".into()), ..secret("a") };
        let steps = plan(vec![l2tp, secret("x\ny")], &HashMap::new(), &Wish::default());
        assert!(steps.iter().all(|s| s.action == Action::Skip));
    }
}
