//! "Test": what exactly is wrong with a router, and what mends it.

use crate::routers::session::connection::SMALL;
use crate::routers::session::problem::{Problem, forbidden};
use crate::routers::session::{RouterRead, Trouble};
use routeros::client::{Client, Command, Error, TrapKind};
use routeros::menu::{DeviceMode, IpService, PppActive, PppProfile, PppSecret, User, UserGroup};
use serde::{Deserialize, Serialize};

/// What is wrong with a router that lets us in.
#[derive(Serialize, Deserialize)]
pub(crate) struct Examine {
    /// As whom.
    pub(crate) username: String,
    /// A webhook of it has arrived.
    pub(crate) hook_seen: bool,
}

impl RouterRead for Examine {
    type Answer = Vec<Problem>;
    const NAME: &'static str = "examine";

    /// It fails when the router does not answer at all.
    async fn run(self, client: &Client) -> Result<Vec<Problem>, Trouble> {
        examine(client, &self.username, self.hook_seen).await
    }
}

async fn examine(client: &Client, username: &str, hook_seen: bool) -> Result<Vec<Problem>, Trouble> {
    let (active, secrets, profiles, services, users, groups, mode) = tokio::join!(
        client.print::<PppActive>(Command::new("/ppp/active/print").query("name", "*imsys-test"), SMALL),
        client.print::<PppSecret>(Command::new("/ppp/secret/print").query("name", "*imsys-test"), SMALL),
        client.print::<PppProfile>(Command::new("/ppp/profile/print"), SMALL),
        client.print::<IpService>(Command::new("/ip/service/print"), SMALL),
        client.print::<User>(Command::new("/user/print").query("name", username), SMALL),
        client.print::<UserGroup>(Command::new("/user/group/print"), SMALL),
        client.print::<DeviceMode>(Command::new("/system/device-mode/print"), SMALL),
    );
    match &active {
        Err(Error::Closed(reason)) => return Err(Trouble::Lost(reason.clone())),
        Err(Error::Deadline) => return Err(Trouble::Command(Error::Deadline)),
        _ => {}
    }
    let mut problems = Vec::new();
    problems.extend(active.err().map(|e| unreadable("/ppp/active", &e)));
    problems.extend(secrets.err().map(|e| unreadable("/ppp/secret", &e)));
    match profiles {
        Err(error) if is_denied(&error) => problems.push(unread("/ppp/profile")),
        Err(error) => problems.push(unreadable("/ppp/profile", &error)),
        Ok(_) if hook_seen => {}
        Ok(profiles) if profiles.iter().any(|profile| super::script::reports(&profile.on_up)) => {
            problems.push(silent_hooks());
        }
        Ok(_) => problems.push(no_hooks()),
    }
    let optional = [
        ("/system/device-mode", mode.as_ref().err()),
        ("/user", users.as_ref().err()),
        ("/user/group", groups.as_ref().err()),
        ("/ip/service", services.as_ref().err()),
    ];
    let denied = optional.into_iter().filter(|(_, error)| error.is_some_and(is_denied));
    problems.extend(denied.map(|(menu, _)| unread(menu)));
    if mode.is_ok_and(|mode| mode.iter().any(|row| row.fetch == Some(false))) {
        problems.push(no_fetch());
    }
    if let (Ok(users), Ok(groups)) = (users, groups) {
        problems.extend(policies(&users, &groups));
    }
    if let Ok(services) = services {
        problems.extend(services.iter().find(|s| s.name == "api").and_then(exposed));
    }
    Ok(problems)
}

fn is_denied(error: &Error) -> bool {
    matches!(error, Error::Trap(trap) if trap.kind() == TrapKind::NotPermitted)
}

/// What only tells more about the router.
fn unread(menu: &str) -> Problem {
    Problem::warning(
        "menu-refused",
        format!("The API user may not read {menu}: problems there stay unknown."),
        "Give the API user's group the policies read and api; presence works without them.",
    )
}

fn unreadable(menu: &str, error: &Error) -> Problem {
    if is_denied(error) {
        forbidden(format!("The API user may not read {menu}."))
    } else {
        Problem::error(
            "table-unreadable",
            format!("{menu} cannot be read: {error}"),
            "Check the router's log, and whether the ppp package is installed and enabled.",
        )
    }
}

fn no_hooks() -> Problem {
    Problem::warning(
        "no-hooks",
        "No PPP profile calls IMSys when a customer comes or goes.",
        "Paste the hooks part of the script. Until then changes are seen in the active sessions and by full sync.",
    )
}

fn silent_hooks() -> Problem {
    Problem::warning(
        "hooks-silent",
        "The hooks are installed, but no webhook has arrived yet.",
        "Check that the router reaches this server: /tool fetch url=<the URL in its script>/livez keep-result=no",
    )
}

fn no_fetch() -> Problem {
    Problem::warning(
        "device-mode-no-fetch",
        "Device-mode forbids fetch, so the hooks cannot call IMSys.",
        "Run /system/device-mode/update fetch=yes and press the router's button (or cut its power) within five minutes. \
         Until then changes are seen in the active sessions and by full sync.",
    )
}

/// What is to be said of a router that people allowed the old login for.
pub(crate) fn legacy_login() -> Problem {
    Problem::warning(
        "legacy-login",
        "The old login is allowed for this router: the password is sent in plain before the router asks for more.",
        "Reach the router through a tunnel or over TLS; upgrade it to RouterOS 6.49 or 7, then set legacyLogin = false.",
    )
}

fn policies(users: &[User], groups: &[UserGroup]) -> Option<Problem> {
    let group = groups.iter().find(|group| users.iter().any(|user| user.group == group.name))?;
    let missing: Vec<_> = ["read", "api"].into_iter().filter(|policy| !group.allows(policy)).collect();
    let wanted: Vec<_> = ["write", "test"].into_iter().filter(|policy| !group.allows(policy)).collect();
    let fix = format!("/user group set {} policy=read,write,api,test", group.name);
    if missing.is_empty() && wanted.is_empty() {
        None
    } else if missing.is_empty() {
        let message = format!("The group {} lacks the policies {}.", group.name, wanted.join(", "));
        Some(Problem::warning("missing-policy", message, fix))
    } else {
        let message = format!("The group {} lacks the policies {}.", group.name, missing.join(", "));
        Some(Problem::error("missing-policy", message, fix))
    }
}

fn exposed(api: &IpService) -> Option<Problem> {
    api.address.is_empty().then(|| {
        Problem::warning(
            "api-open",
            "The API service accepts connections from every address.",
            "/ip service set api address=<this server's tunnel address>/32, beside the addresses you need yourself.",
        )
    })
}
