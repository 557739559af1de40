//! The audit log: what each line says was done, and what was different before. Secrets never stand in it, and what a
//! customer may have erased neither: the log cannot forget.

use crate::access::Role;
use crate::customer::CustomerData;
use crate::device::{DeviceData, SnmpLoginData};
use crate::plan::PlanData;
use crate::router::RouterConfig;
use crate::search;
use crate::service::Access;
use crate::tenant::Settings;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The details of a line in the audit log: each name with its value, or with `[old, new]` where it changed.
pub type Detail = Map<String, Value>;

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal),+ $(,)?) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $action),+ }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$action),+];

            /// Its name in the log and the API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => $name),+ }
            }
        }
    };
}

actions! {
    /// A customer was added.
    CustomerCreate = "customer.create",
    /// A customer was changed.
    CustomerUpdate = "customer.update",
    /// A customer was archived.
    CustomerArchive = "customer.archive",
    /// A customer came back.
    CustomerRestore = "customer.restore",
    /// The history of a customer's services was erased.
    CustomerErase = "customer.erase",
    /// A plan was added.
    PlanCreate = "plan.create",
    /// A plan was changed.
    PlanUpdate = "plan.update",
    /// A plan was archived.
    PlanArchive = "plan.archive",
    /// A plan came back.
    PlanRestore = "plan.restore",
    /// A PPP profile stands for another plan.
    ProfilePlan = "profile.plan",
    /// A service was added.
    ServiceCreate = "service.create",
    /// A service was changed.
    ServiceUpdate = "service.update",
    /// A service was archived.
    ServiceArchive = "service.archive",
    /// A service came back.
    ServiceRestore = "service.restore",
    /// Many services came in at once.
    ServicesImport = "services.import",
    /// Many services got a plan.
    ServicesPlan = "services.plan",
    /// Many services moved to another router.
    ServicesMove = "services.move",
    /// Many services were archived.
    ServicesArchive = "services.archive",
    /// Many services came back.
    ServicesRestore = "services.restore",
    /// An act on many services was undone.
    ServicesUndo = "services.undo",
    /// A router was added.
    RouterCreate = "router.create",
    /// A router was changed.
    RouterUpdate = "router.update",
    /// A router was archived.
    RouterArchive = "router.archive",
    /// A router came back.
    RouterRestore = "router.restore",
    /// A router got another webhook token.
    RouterToken = "router.token",
    /// A device was added.
    DeviceCreate = "device.create",
    /// A device was changed.
    DeviceUpdate = "device.update",
    /// A device was archived.
    DeviceArchive = "device.archive",
    /// A device came back.
    DeviceRestore = "device.restore",
    /// A login for SNMP was added.
    SnmpLoginCreate = "snmp-login.create",
    /// A login for SNMP was changed.
    SnmpLoginUpdate = "snmp-login.update",
    /// A login for SNMP was deleted.
    SnmpLoginDelete = "snmp-login.delete",
    /// Somebody was invited.
    MemberAdd = "member.add",
    /// Somebody accepted, or was made a member.
    MemberJoin = "member.join",
    /// A role was changed.
    MemberRole = "member.role",
    /// A membership or an invitation ended.
    MemberRemove = "member.remove",
    /// A link was made with which somebody comes in or sets a password.
    MemberReset = "member.reset",
    /// A member set a password.
    MemberPassword = "member.password",
    /// The address of a member was taken from the account.
    MemberRelease = "member.release",
    /// An API key was made.
    KeyCreate = "key.create",
    /// An API key is called something else.
    KeyRename = "key.rename",
    /// An API key was revoked.
    KeyRevoke = "key.revoke",
    /// The first admin of a tenant came.
    TenantSetup = "tenant.setup",
    /// Another set-up link was made.
    TenantLink = "tenant.link",
    /// The name or the settings of a tenant were changed.
    TenantSettings = "tenant.settings",
}

/// The text that the search of the audit log looks at.
pub fn search_text(actor: &str, action: &str, object: &str, detail: &str) -> String {
    search::text([actor, action, object, detail])
}

/// Only names with their values.
fn named<const N: usize>(values: [(&str, Value); N]) -> Detail {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Each field that is another one after a change, as `[old, new]`.
fn changed(before: &impl Serialize, after: &impl Serialize) -> Detail {
    let (Ok(Value::Object(before)), Ok(Value::Object(after))) =
        (serde_json::to_value(before), serde_json::to_value(after))
    else {
        return Detail::new();
    };
    let old = |name: &String| before.get(name).cloned().unwrap_or_default();
    let changed =
        after.into_iter().map(|(name, new)| (old(&name), name, new)).filter(|(old, _, new)| old != new);
    changed.map(|(old, name, new)| (name, json!([old, new]))).collect()
}

/// A customer was changed: which fields, and not what stands in them.
pub fn customer_changed(before: &CustomerData, after: &CustomerData) -> Detail {
    let fields: Vec<String> = changed(before, after).into_iter().map(|(name, _)| name).collect();
    named([("changed", json!(fields.join(", ")))])
}

/// A customer came in with an import, a plan was added, or a key is called so.
pub fn called(name: &str) -> Detail {
    named([("name", json!(name))])
}

/// A plan was changed.
pub fn plan_changed(before: &PlanData, after: &PlanData) -> Detail {
    changed(before, after)
}

/// A PPP profile stands for another plan; plans by their names.
pub fn profile_changed(profile: &str, before: Option<&str>, after: Option<&str>) -> Detail {
    named([("profile", json!(profile)), ("plan", json!([before, after]))])
}

/// A router was added.
pub fn router_added(config: &RouterConfig) -> Detail {
    named([("name", json!(config.name)), ("address", json!(config.address.to_string()))])
}

/// A router was changed; of its credentials only that they are others.
pub fn router_changed(before: &RouterConfig, after: &RouterConfig) -> Detail {
    let mut detail = changed(before, after);
    detail.entry("password").and_modify(|both| *both = json!("changed"));
    detail
}

/// A device was added.
pub fn device_added(data: &DeviceData) -> Detail {
    named([("name", json!(data.name)), ("address", json!(data.address))])
}

/// A device was changed; of its login for SNMP only that it is another.
pub fn device_changed(before: &DeviceData, after: &DeviceData) -> Detail {
    let mut detail = changed(before, after);
    detail.entry("snmp").and_modify(|both| *both = json!("changed"));
    detail
}

/// A login for SNMP was added.
pub fn snmp_login_added(data: &SnmpLoginData) -> Detail {
    named([("name", json!(data.name)), ("version", json!(data.access.version))])
}

/// A login for SNMP was changed; of what is secret only that it is another.
pub fn snmp_login_changed(before: &SnmpLoginData, after: &SnmpLoginData) -> Detail {
    let mut detail = changed(before, after);
    detail.entry("access").and_modify(|both| *both = json!("changed"));
    detail
}

/// A tenant's name or settings were changed.
pub fn tenant_changed(before: (&str, &Settings), after: (&str, &Settings)) -> Detail {
    let mut detail = changed(before.1, after.1);
    if before.0 != after.0 {
        detail.insert("name".into(), json!([before.0, after.0]));
    }
    detail
}

/// Somebody was invited.
pub fn invited(email: &str, role: Role) -> Detail {
    named([("email", json!(email)), ("role", json!(role))])
}

/// Somebody has this role from now on.
pub fn role(role: Role) -> Detail {
    named([("role", json!(role))])
}

/// A key was made; `prefix` is what it is recognised by.
pub fn key_made(name: &str, role: Role, prefix: &str) -> Detail {
    named([("name", json!(name)), ("role", json!(role)), ("prefix", json!(prefix))])
}

/// The names that the audit log uses for a service and for what it refers to.
#[derive(Clone, Copy, Debug)]
pub struct ServiceNames<'a> {
    /// How it is recognised.
    pub access: &'a Access,
    /// Its customer's name.
    pub customer: Option<&'a str>,
    /// Its plan's name.
    pub plan: Option<&'a str>,
    /// Its router's name.
    pub router: &'a str,
    /// Suspended or not.
    pub suspended: bool,
}

/// A service came in with an import.
pub fn service_added(access: &Access) -> Detail {
    named([("service", json!(access.name()))])
}

/// A service was changed: what it is called now, and each name that is another now.
pub fn service_changed(before: &ServiceNames<'_>, after: &ServiceNames<'_>) -> Detail {
    let mut detail = service_added(after.access);
    let mut note = |name: &str, old: Option<&str>, new: Option<&str>| {
        if old != new {
            detail.insert(name.into(), json!([old, new]));
        }
    };
    let suspended = |service: &ServiceNames<'_>| Some(if service.suspended { "true" } else { "false" });
    note("access", Some(&before.access.name()), Some(&after.access.name()));
    note("customer", before.customer, after.customer);
    note("plan", before.plan, after.plan);
    note("router", Some(before.router), Some(after.router));
    note("suspended", suspended(before), suspended(after));
    detail
}

/// The plan that many services get, by its name.
pub fn to_plan(name: Option<&str>) -> Detail {
    named([("plan", json!(name))])
}

/// The router that many services move to, by its name.
pub fn to_router(name: &str) -> Detail {
    named([("router", json!(name))])
}

/// The act, by its id, that was undone, with how many customers left with it.
pub fn undid(act: &str, customers: usize) -> Detail {
    let mut detail = named([("undid", json!(act))]);
    detail.extend((customers > 0).then(|| ("customers".to_owned(), json!(customers))));
    detail
}

/// Adds to the details of a bulk act how many services it changed and how many it left unchanged.
pub fn counted(mut detail: Detail, changed: usize, left: usize) -> Detail {
    detail.insert("services".into(), json!(changed));
    if left > 0 {
        detail.insert("left".into(), json!(left));
    }
    detail
}

/// An import, from a router of this name or from a file, with how many of its rows did each of these.
pub fn imported(router: Option<&str>, count: impl Fn(Action) -> usize) -> Detail {
    let mut detail: Detail = router.map(|name| ("router".to_owned(), json!(name))).into_iter().collect();
    for (name, action) in [
        ("added", Action::ServiceCreate),
        ("updated", Action::ServiceUpdate),
        ("restored", Action::ServiceRestore),
        ("customers", Action::CustomerCreate),
        ("profiles", Action::ProfilePlan),
    ] {
        let many = count(action);
        detail.extend((many > 0).then(|| (name.to_owned(), json!(many))));
    }
    detail
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn text(detail: Detail) -> String {
        Value::Object(detail).to_string()
    }

    #[test]
    fn every_action_has_a_name_of_its_own() {
        let names: HashSet<_> = Action::ALL.iter().map(|action| action.name()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        assert!(names.iter().all(|name| name.split('.').count() == 2), "{names:?}");
    }

    #[test]
    fn of_a_customer_only_the_names_of_fields_are_noted() {
        let before = CustomerData { name: "Ana".into(), ..CustomerData::default() };
        let after = CustomerData { name: "Ben".into(), phone: Some("0712".into()), ..before.clone() };
        assert_eq!(text(customer_changed(&before, &after)), r#"{"changed":"name, phone"}"#);
    }

    #[test]
    fn of_a_router_no_credentials_are_noted() {
        let before = RouterConfig {
            name: "Tower".into(),
            address: [10, 0, 0, 1].into(),
            port: 8728,
            tls: None,
            legacy_login: false,
            routed: Vec::new(),
            username: "api".into(),
            password: "v1.a".into(),
            paused: false,
        };
        let after = RouterConfig { port: 8729, password: "v1.b".into(), ..before.clone() };
        assert_eq!(text(router_changed(&before, &after)), r#"{"password":"changed","port":[8728,8729]}"#);
        assert_eq!(text(router_changed(&after, &after)), "{}");
        assert_eq!(text(router_added(&before)), r#"{"address":"10.0.0.1","name":"Tower"}"#);
    }

    #[test]
    fn a_service_is_noted_in_names() {
        let (ana, ben) = (Access::Pppoe { username: "ana".into() }, Access::Pppoe { username: "ben".into() });
        let before = ServiceNames { access: &ana, customer: None, plan: None, router: "a", suspended: false };
        let after = ServiceNames { access: &ben, plan: Some("Home"), suspended: true, ..before };
        let told =
            r#"{"access":["ana","ben"],"plan":[null,"Home"],"service":"ben","suspended":["false","true"]}"#;
        assert_eq!(text(service_changed(&before, &after)), told);
        assert_eq!(text(service_changed(&before, &before)), r#"{"service":"ana"}"#);
    }

    #[test]
    fn settings_are_noted_by_field_with_the_name() {
        let (old, new) = (Settings::default(), Settings { sweep_seconds: 60, ..Settings::default() });
        let told = text(tenant_changed(("Lake", &old), ("Lake Net", &new)));
        assert_eq!(told, r#"{"name":["Lake","Lake Net"],"sweepSeconds":[300,60]}"#);
    }

    #[test]
    fn an_act_on_many_says_how_many_it_changed_and_left() {
        assert_eq!(text(counted(to_plan(None), 2, 0)), r#"{"plan":null,"services":2}"#);
        assert_eq!(text(counted(Detail::new(), 2, 1)), r#"{"left":1,"services":2}"#);
        let count = |action| if action == Action::ServiceCreate { 3 } else { 0 };
        assert_eq!(text(imported(Some("Tower"), count)), r#"{"added":3,"router":"Tower"}"#);
    }
}
