//! How each route is asked, and what it answers to who may ask it.

use super::world::{Refs, STRANGER, Thing};
use serde_json::{Value, json};

/// One way to ask a route.
pub(super) struct Sample {
    /// Method and path, as in the list of routes.
    pub(super) route: &'static str,
    /// Tells apart several ways to ask one route.
    pub(super) note: &'static str,
    /// What `{id}` names.
    pub(super) thing: Thing,
    /// The query string, with its `?`.
    pub(super) query: fn(&Refs) -> String,
    /// The body.
    pub(super) body: fn(&Refs) -> Option<Value>,
    /// What is answered about things of one's own.
    pub(super) ok: &'static [u16],
    /// What is answered about another tenant's things and about what does not exist: always the same.
    pub(super) strange: &'static [u16],
    /// `{id}` is always one's own; what the body names is asked in turn.
    pub(super) mixed: bool,
    /// The route is there to show a router's password, to who may change it.
    pub(super) shows_secret: bool,
}

/// A route whose answer does not depend on what it names.
const fn plain(route: &'static str, status: &'static [u16]) -> Sample {
    Sample {
        route,
        note: "",
        thing: Thing::Nothing,
        query: |_| String::new(),
        body: |_| None,
        ok: status,
        strange: status,
        mixed: false,
        shows_secret: false,
    }
}

/// A route about one thing: of one's own it answers `ok`, else 404.
const fn about(route: &'static str, thing: Thing, ok: &'static [u16]) -> Sample {
    Sample { thing, strange: &[404], ..plain(route, ok) }
}

impl Sample {
    const fn with(mut self, body: fn(&Refs) -> Option<Value>) -> Self {
        self.body = body;
        self
    }

    const fn asking(mut self, query: fn(&Refs) -> String) -> Self {
        self.query = query;
        self
    }

    const fn strangely(mut self, status: &'static [u16]) -> Self {
        self.strange = status;
        self
    }

    const fn noted(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }
}

/// Nobody serves the routers of the walk, so what needs one answers 502.
const NO_ROUTER: &[u16] = &[502];

pub(super) fn samples() -> Vec<Sample> {
    [operation(), people(), tenants(), presence(), routers(), devices(), jobs(), services(), instance()]
        .into_iter()
        .flatten()
        .collect()
}

fn operation() -> Vec<Sample> {
    vec![
        plain("GET /livez", &[200]),
        plain("GET /readyz", &[200]),
        plain("GET /metrics", &[200]),
        plain("GET /openapi.json", &[200]),
        plain("GET /docs", &[200]),
        plain("GET /api/v1/live", &[200]),
    ]
}

fn people() -> Vec<Sample> {
    use Thing::{Key, Member};
    vec![
        plain("GET /api/v1/session", &[200]),
        plain("POST /api/v1/session", &[401]).with(|refs| Some(json!({ "token": refs.word }))),
        plain("DELETE /api/v1/session", &[204]),
        plain("POST /api/v1/session/tenant", &[200])
            .with(|refs| Some(json!({ "tenantId": refs.tenant })))
            .strangely(&[404]),
        plain("GET /api/v1/setup", &[404]),
        plain("POST /api/v1/setup", &[404])
            .with(|refs| Some(json!({ "token": refs.word, "password": "long enough to pass" }))),
        plain("POST /api/v1/setup/accept", &[404]).with(|refs| Some(json!({ "token": refs.word }))),
        // The people of the walk have no password that fits.
        plain("POST /api/v1/account/password", &[422])
            .with(|refs| Some(json!({ "current": refs.word, "password": "long enough to pass" }))),
        plain("GET /api/v1/account/sign-ins", &[200]),
        plain("DELETE /api/v1/account/sign-ins", &[204]),
        about("DELETE /api/v1/account/sign-ins/{id}", Member, &[404]),
        // Nobody of the walk is a member there: who left a tenant could not go on.
        about("DELETE /api/v1/account/memberships/{id}", Thing::Elsewhere, &[404]),
        plain("GET /api/v1/members", &[200]),
        plain("POST /api/v1/members", &[201])
            .with(|refs| Some(json!({ "email": format!("{}@new.example", refs.word), "name": "New", "role": "support" })))
            .strangely(&[201, 409]),
        about("GET /api/v1/members/{id}", Member, &[200]),
        about("PATCH /api/v1/members/{id}", Member, &[200]).with(|_| Some(json!({ "role": "cashier" }))),
        about("DELETE /api/v1/members/{id}", Member, &[204]),
        about("POST /api/v1/members/{id}/reset", Member, &[200]),
        plain("GET /api/v1/api-keys", &[200]),
        plain("POST /api/v1/api-keys", &[201]).with(|_| Some(json!({ "name": "new", "role": "support" }))),
        about("GET /api/v1/api-keys/{id}", Key, &[200]),
        about("PATCH /api/v1/api-keys/{id}", Key, &[200]).with(|_| Some(json!({ "name": "renamed" }))),
        about("DELETE /api/v1/api-keys/{id}", Key, &[204]),
        plain("GET /api/v1/audit", &[200]),
        about("GET /api/v1/audit/bulk/{id}", Thing::Bulk, &[200]),
        plain("GET /api/v1/settings", &[200]),
        plain("PATCH /api/v1/settings", &[200]).with(|_| Some(json!({ "sweepSeconds": 120 }))),
    ]
}

fn tenants() -> Vec<Sample> {
    use Thing::{Elsewhere, Tenant};
    vec![
        plain("GET /api/v1/tenants", &[200]).asking(|_| "?limit=1000".into()),
        plain("POST /api/v1/tenants", &[201]).with(|_| Some(json!({ "name": "Another" }))),
        about("GET /api/v1/tenants/{id}", Tenant, &[200]),
        about("PATCH /api/v1/tenants/{id}", Elsewhere, &[200]).with(|_| Some(json!({ "name": "Renamed" }))),
        // The second who joins the same one is a member already.
        about("POST /api/v1/tenants/{id}/membership", Elsewhere, &[201, 409]),
        about("POST /api/v1/tenants/{id}/setup-link", Elsewhere, &[200]),
        // The other one was renamed above, and a tenant is deleted by its name alone.
        about("DELETE /api/v1/tenants/{id}", Elsewhere, &[204, 422]).asking(|_| "?name=Elsewhere".into()),
    ]
}

fn presence() -> Vec<Sample> {
    let named = |refs: &Refs| format!("?user=a&status=up&router={}", refs.router);
    vec![
        // Without a token, from an address that is no router's.
        plain("GET /api/v1/webhooks/ppp", &[401]).asking(named),
        plain("POST /api/v1/webhooks/ppp", &[401]).asking(named),
        plain("GET /api/v1/overview", &[200]),
        plain("GET /api/v1/overview/trend", &[200]).asking(|_| "?range=month".into()),
    ]
}

fn routers() -> Vec<Sample> {
    use Thing::Router;
    let new = |refs: &Refs| {
        let (name, password) = (&refs.word, "an api password");
        let port = 1024 + refs.word.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 60_000);
        Some(
            json!({ "name": name, "address": "127.0.0.1", "port": port, "username": "api", "password": password }),
        )
    };
    vec![
        plain("GET /api/v1/routers", &[200]),
        plain("POST /api/v1/routers", &[201]).with(new).strangely(&[201, 409]),
        about("GET /api/v1/routers/{id}", Router, &[200]),
        about("PATCH /api/v1/routers/{id}", Router, &[200]).with(|_| Some(json!({ "name": "renamed" }))),
        about("DELETE /api/v1/routers/{id}", Router, &[204]),
        // It is not archived.
        about("POST /api/v1/routers/{id}/restore", Router, &[409]),
        about("POST /api/v1/routers/{id}/test", Router, &[200]),
        about("POST /api/v1/routers/{id}/sweep", Router, &[202]),
        about("POST /api/v1/routers/{id}/check", Router, &[202]),
        plain("POST /api/v1/routers/check", &[202]),
        about("POST /api/v1/routers/{id}/import", Router, NO_ROUTER),
        about("GET /api/v1/routers/{id}/proposals", Router, NO_ROUTER),
        about("GET /api/v1/routers/{id}/profiles", Router, NO_ROUTER),
        Sample { shows_secret: true, ..about("GET /api/v1/routers/{id}/script", Router, &[200]) },
        about("GET /api/v1/routers/{id}/way-back", Router, &[200]),
        about("POST /api/v1/routers/{id}/rotate-token", Router, &[200]),
        about("GET /api/v1/routers/{id}/absences", Router, &[200]),
        about("GET /api/v1/routers/{id}/unknown-users", Router, &[200]),
        about("POST /api/v1/routers/{id}/unknown-users/forget", Router, &[204])
            .with(|_| Some(json!({ "username": STRANGER }))),
    ]
}

fn devices() -> Vec<Sample> {
    use Thing::{Device, Login};
    let login = |refs: &Refs| {
        let snmp = json!({ "version": "2c", "community": "sesame" });
        Some(json!({ "name": refs.word, "snmp": snmp, "networks": ["198.51.100.0/24"] }))
    };
    // On this machine, so that nobody else is asked.
    let new = |refs: &Refs| {
        let last = refs.word.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 60_000);
        Some(json!({ "address": std::net::Ipv4Addr::from(0x7F01_0000 + last) }))
    };
    let behind = |refs: &Refs| {
        let last = refs.word.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 60_000);
        Some(json!({ "address": std::net::Ipv4Addr::from(0x0A63_0000 + last), "routerId": refs.router }))
    };
    vec![
        plain("GET /api/v1/devices", &[200]),
        plain("GET /api/v1/devices", &[200])
            .asking(|refs| format!("?routerId={}", refs.router))
            .noted("of a router"),
        plain("POST /api/v1/devices", &[201, 409]).with(new),
        plain("POST /api/v1/devices", &[201, 409]).with(behind).strangely(&[422]).noted("behind a router"),
        about("GET /api/v1/devices/{id}", Device, &[200]),
        about("PATCH /api/v1/devices/{id}", Device, &[200]).with(|_| Some(json!({ "name": "renamed" }))),
        Sample { mixed: true, ..about("PATCH /api/v1/devices/{id}", Device, &[200]) }
            .with(|refs| Some(json!({ "routerId": refs.router })))
            .strangely(&[422])
            .noted("to a router"),
        about("DELETE /api/v1/devices/{id}", Device, &[204]),
        // It is not archived.
        about("POST /api/v1/devices/{id}/restore", Device, &[409]),
        about("GET /api/v1/devices/{id}/outages", Device, &[200]),
        about("GET /api/v1/devices/{id}/readings", Device, &[200]),
        about("GET /api/v1/devices/{id}/ports", Device, &[200]),
        about("GET /api/v1/devices/{id}/metrics", Device, &[200]).asking(|_| "?series=ping:median".into()),
        plain("GET /api/v1/snmp-logins", &[200]),
        plain("POST /api/v1/snmp-logins", &[201]).with(login),
        plain("POST /api/v1/snmp-logins", &[201])
            .with(|refs| {
                let snmp = json!({ "version": "2c", "community": "sesame" });
                Some(json!({ "name": refs.word, "snmp": snmp, "routerIds": [refs.router] }))
            })
            .strangely(&[422])
            .noted("for a router"),
        about("GET /api/v1/snmp-logins/{id}", Login, &[200]),
        about("PATCH /api/v1/snmp-logins/{id}", Login, &[200])
            .with(|refs| Some(json!({ "name": refs.word }))),
        Sample { mixed: true, ..about("PATCH /api/v1/snmp-logins/{id}", Login, &[200]) }
            .with(|refs| Some(json!({ "routerIds": [refs.router] })))
            .strangely(&[422])
            .noted("to a router"),
        about("DELETE /api/v1/snmp-logins/{id}", Login, &[204]),
    ]
}

fn jobs() -> Vec<Sample> {
    vec![
        plain("GET /api/v1/jobs", &[200]),
        plain("GET /api/v1/jobs", &[200])
            .asking(|refs| format!("?state=delayed&routerId={}", refs.router))
            .noted("filtered"),
        plain("GET /api/v1/jobs/runs", &[200]),
        plain("GET /api/v1/jobs/tenant-runs", &[200]),
        about("POST /api/v1/routers/{id}/run", Thing::Router, &[202])
            .with(|_| Some(json!({ "kind": "SWEEP_PPP" }))),
        about("POST /api/v1/jobs/{id}/retry", Thing::Job, &[202]),
    ]
}

fn services() -> Vec<Sample> {
    use Thing::Service;
    let new = |refs: &Refs| {
        Some(json!({ "kind": "pppoe", "username": refs.word, "routerId": refs.router,
            "customerId": refs.customer, "planId": refs.plan }))
    };
    // A text is sent as CSV.
    let sheet = |refs: &Refs| {
        let Refs { word, router, customer, plan, .. } = refs;
        Some(json!(format!("username,router,customer,plan\n{word}-row,{router},{customer},{plan}\n")))
    };
    vec![
        plain("GET /api/v1/services", &[200]),
        plain("GET /api/v1/services", &[200])
            .asking(|refs| format!("?routerId={}&customerId={}", refs.router, refs.customer))
            .noted("filtered"),
        plain("POST /api/v1/services", &[201]).with(new).strangely(&[422]),
        plain("GET /api/v1/services/export", &[200]),
        plain("POST /api/v1/services/import", &[200]).with(sheet).strangely(&[422]),
        plain("POST /api/v1/services/import", &[200])
            .asking(|_| "?dryRun=true".into())
            .with(sheet)
            .noted("dry run"),
        // Services that are not one's own are left, like those that do not exist.
        Sample { thing: Service, ..plain("POST /api/v1/services/bulk", &[200]) }
            .with(|refs| Some(json!({ "ids": [refs.service], "action": "archive" })))
            .noted("archiving"),
        Sample { thing: Service, ..plain("POST /api/v1/services/bulk", &[200]) }
            .with(|refs| Some(json!({ "ids": [refs.service], "action": "plan", "planId": refs.plan })))
            .strangely(&[422])
            .noted("putting them on a plan"),
        Sample { thing: Service, ..plain("POST /api/v1/services/bulk", &[200]) }
            .with(|refs| Some(json!({ "ids": [refs.service], "action": "move", "routerId": refs.router })))
            .strangely(&[422])
            .noted("moving them to a router"),
        about("POST /api/v1/services/bulk/{id}/undo", Thing::Bulk, &[200]),
        about("GET /api/v1/services/{id}", Service, &[200]),
        about("PATCH /api/v1/services/{id}", Service, &[200]).with(|_| Some(json!({ "suspended": true }))),
        Sample { mixed: true, ..about("PATCH /api/v1/services/{id}", Service, &[200]) }
            .with(|refs| Some(json!({ "customerId": refs.customer })))
            .strangely(&[422])
            .noted("giving it to a customer"),
        Sample { mixed: true, ..about("PATCH /api/v1/services/{id}", Service, &[200]) }
            .with(|refs| Some(json!({ "planId": refs.plan })))
            .strangely(&[422])
            .noted("putting it on a plan"),
        Sample { mixed: true, ..about("PATCH /api/v1/services/{id}", Service, &[200]) }
            .with(|refs| Some(json!({ "routerId": refs.router })))
            .strangely(&[422])
            .noted("moving it to a router"),
        about("POST /api/v1/services/{id}/live-check", Service, &[200]),
        about("DELETE /api/v1/services/{id}", Service, &[204]),
        about("POST /api/v1/services/{id}/restore", Service, &[409]),
        about("GET /api/v1/services/{id}/sessions", Service, &[200]),
        about("GET /api/v1/services/{id}/timeline", Service, &[200]),
        about("GET /api/v1/services/{id}/usage", Service, &[200]),
        about("GET /api/v1/services/{id}/diagnosis", Service, &[200]),
        plain("GET /api/v1/sessions", &[200]),
        plain("GET /api/v1/sessions", &[200])
            .asking(|refs| format!("?serviceId={}&routerId={}", refs.service, refs.router))
            .noted("filtered"),
        plain("GET /api/v1/sessions/export", &[200]),
    ]
}

fn instance() -> Vec<Sample> {
    use Thing::{Customer, Plan};
    let plan = |refs: &Refs| {
        Some(json!({ "name": refs.word, "price": { "minor": 1, "currency": "KES" }, "period": "month" }))
    };
    vec![
        plain("GET /api/v1/customers", &[200]),
        plain("POST /api/v1/customers", &[201]).with(|_| Some(json!({ "name": "New" }))),
        plain("GET /api/v1/customers/export", &[200]),
        plain("GET /api/v1/plans/export", &[200]),
        about("GET /api/v1/customers/{id}", Customer, &[200]),
        about("PATCH /api/v1/customers/{id}", Customer, &[200]).with(|_| Some(json!({ "name": "Renamed" }))),
        about("DELETE /api/v1/customers/{id}", Customer, &[204]),
        about("POST /api/v1/customers/{id}/restore", Customer, &[409]),
        about("POST /api/v1/customers/{id}/erase-history", Customer, &[200, 204]),
        plain("GET /api/v1/plans", &[200]),
        plain("POST /api/v1/plans", &[201]).with(plan).strangely(&[201, 409]),
        about("GET /api/v1/plans/{id}", Plan, &[200]),
        about("PATCH /api/v1/plans/{id}", Plan, &[200])
            .with(|refs| Some(json!({ "name": format!("{} again", refs.word) })))
            .strangely(&[404]),
        about("DELETE /api/v1/plans/{id}", Plan, &[204]),
        about("POST /api/v1/plans/{id}/restore", Plan, &[409]),
    ]
}
