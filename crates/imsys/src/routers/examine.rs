//! "Test": what exactly is wrong with a router, and what mends it.

use super::connection::{SMALL, Trouble};
use imsys_domain::text::shown;
use routeros::client::{Client, CloseReason, Command, Error, LoginError, TrapKind};
use routeros::connect::{ConnectError, TlsError};
use routeros::menu::{DeviceMode, IpService, PppActive, PppProfile, PppSecret, User, UserGroup};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::ErrorKind;

/// Most characters of a problem's text: a sentence of ours around words of the router.
const TEXT_MOST: usize = 600;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// The main job cannot be done.
    Error,
    /// Something is missing, the main job goes on.
    Warning,
}

/// One problem and its cure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable word for programs.
    pub code: Cow<'static, str>,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
}

impl Problem {
    fn error(code: &'static str, message: impl AsRef<str>, fix: impl AsRef<str>) -> Self {
        Self::new(code, Severity::Error, message.as_ref(), fix.as_ref())
    }

    fn warning(code: &'static str, message: impl AsRef<str>, fix: impl AsRef<str>) -> Self {
        Self::new(code, Severity::Warning, message.as_ref(), fix.as_ref())
    }

    /// Both texts may hold words of the router.
    fn new(code: &'static str, severity: Severity, message: &str, fix: &str) -> Self {
        let (message, fix) = (shown(message, TEXT_MOST), shown(fix, TEXT_MOST));
        Self { code: code.into(), severity, message, fix }
    }
}

/// What is found on a router that lets us in. It fails when the router does not answer at all.
pub(super) async fn examine(
    client: &Client,
    username: &str,
    hook_seen: bool,
) -> Result<Vec<Problem>, Trouble> {
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
        Ok(profiles) if !profiles.iter().any(|p| super::script::is_hooked(&p.on_up)) => {
            problems.push(no_hooks())
        }
        Ok(_) if !hook_seen => problems.push(silent_hooks()),
        Ok(_) => {}
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

fn forbidden(message: String) -> Problem {
    let fix = "Give the API user's group the policies read and api: /user group set <group> policy=read,write,api,test";
    Problem::error("missing-policy", message, fix)
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
pub(super) fn legacy_login() -> Problem {
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

/// The problem of a router that cannot be used at all.
pub(super) fn explain(trouble: &Trouble) -> Problem {
    match trouble {
        Trouble::Connect(error) => explain_connect(error),
        Trouble::Login(Error::Trap(trap)) if trap.kind() == TrapKind::BadLogin => Problem::error(
            "wrong-password",
            "The router refuses the user name or the password.",
            "Check both under /user on the router. RouterOS says the same of a user who is disabled, who is limited to other \
             addresses (/user print detail), or whose group lacks the policy api (/user group print).",
        ),
        Trouble::Login(Error::Trap(trap)) if trap.kind() == TrapKind::NotPermitted => Problem::error(
            "missing-policy",
            format!("The login is refused: {trap}"),
            "Give the user's group the policy api: /user group set <group> policy=read,write,api,test",
        ),
        Trouble::Login(Error::Login(LoginError::ChallengeWanted)) => Problem::error(
            "old-login",
            "RouterOS before 6.43 has only the old login, which has exposed the password by now.",
            "Upgrade RouterOS to 6.49 or 7, then change the API user's password. Where that cannot be, allow the \
             old login for this router (legacyLogin): each login then shows the password on the way.",
        ),
        Trouble::Login(Error::Deadline) | Trouble::Command(Error::Deadline) | Trouble::Deadline => {
            Problem::error(
                "hangs",
                "The router accepts the connection but does not answer.",
                "Its API may be stuck or overloaded: check /system resource, or disable and enable /ip service api.",
            )
        }
        Trouble::Login(Error::Closed(CloseReason::Io(ErrorKind::InvalidData))) => Problem::error(
            "tls-port",
            "This port expects TLS (it is that of api-ssl), and the router is set to plain.",
            "Set the port of the plain API (8728), or give the router's settings the fingerprint of its certificate.",
        ),
        Trouble::Login(Error::Closed(reason)) => Problem::error(
            "address-restriction",
            format!("The router closes the connection before the login: {reason}."),
            "/ip service api address= does not include this server, or max-sessions is reached: append this server's \
             address. Or this is the port of api-ssl (8729 by default), which expects TLS: set 8728, or the fingerprint \
             of its certificate.",
        ),
        Trouble::Login(error) => Problem::error(
            "login-failed",
            format!("The login fails: {error}"),
            "Check the router's log for the reason.",
        ),
        Trouble::Told(problem) => problem.clone(),
        Trouble::TooOften => Problem::error(
            "too-many-logins",
            "Too many logins at this address were refused lately, by this or another entry for it.",
            "Wait for a minute, then test again with the right user name and password (/user on the router).",
        ),
        Trouble::NoAddress(name) => Problem::error(
            "name-unresolved",
            format!("The host name {name} has no address, or no name server tells it."),
            "Compare the name (on the router: /ip cloud print), and see that this server can resolve it (getent hosts <name>).",
        ),
        Trouble::Failed(reason) => {
            Problem::error("failed", reason.clone(), "Check the log of the process that serves the router.")
        }
        Trouble::Unserved => Problem::error(
            "no-worker",
            "No process serves this router.",
            "Start `imsys serve`, or one with `--role worker`, and see that it reaches Redis.",
        ),
        Trouble::Lost(CloseReason::KeepAlive) => explain(&Trouble::Deadline),
        trouble if trouble.is_forbidden() => forbidden("The API user may not read /system/identity.".into()),
        other => Problem::error("unusable", other.reason(), "Check the router's log, then test again."),
    }
}

fn explain_connect(error: &ConnectError) -> Problem {
    match error {
        ConnectError::Refused => Problem::error(
            "service-off",
            "Nothing listens at this address and port.",
            "Enable the API: /ip service enable api (port 8728, or api-ssl on 8729), and compare the port.",
        ),
        ConnectError::TimedOut | ConnectError::Unreachable => Problem::error(
            "unreachable",
            "Nothing answers at this address.",
            "Check the tunnel (/interface wireguard peers: last-handshake) and that the firewall's input chain accepts this server on the API port.",
        ),
        ConnectError::Reset => Problem::error(
            "address-restriction",
            "The router resets the connection.",
            "/ip service api address= does not include this server: append its address.",
        ),
        ConnectError::Tls(TlsError::OtherCertificate { seen }) => Problem::error(
            "other-certificate",
            format!("The router shows another certificate: {seen}."),
            "If you changed the certificate, write this fingerprint into the router's settings; if not, somebody intercepts the connection.",
        ),
        ConnectError::Tls(error @ (TlsError::NotTls | TlsError::Silent)) => Problem::error(
            "plain-port",
            format!("No TLS connection: {error}. This is the port of the plain API, or the router hangs."),
            "Compare the port with that of api-ssl (8729 by default, /ip service print), or remove the fingerprint to use \
             the plain API inside the tunnel. If the port is right, check the router's load (/system resource).",
        ),
        ConnectError::Tls(TlsError::Other(error)) => Problem::error(
            "tls",
            format!("No TLS connection: {error}."),
            "Check the certificate of api-ssl (/ip service print detail), or use the plain API inside the tunnel.",
        ),
        ConnectError::Tls(error) => Problem::error(
            "tls",
            format!(
                "No TLS connection: {error}. It has no cipher in common with this server, or does not let its address in."
            ),
            "Without a certificate api-ssl offers anonymous key exchange only: give it one (/ip service set api-ssl \
             certificate=…). With one it may offer DHE only: upgrade RouterOS, or use the plain API inside the tunnel. And \
             append this server's address to /ip service api-ssl address=, where that is set.",
        ),
        ConnectError::Io(kind) => {
            Problem::error("unreachable", format!("No connection: {kind}."), "Check the address.")
        }
    }
}
