//! What is wrong with a router, and what to do about it, in words.

use super::connection::Trouble;
use imsys_domain::router::Severity;
use imsys_domain::text::shown;
use routeros::client::{CloseReason, Error, LoginError, TrapKind};
use routeros::connect::{ConnectError, TlsError};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::ErrorKind;

/// Most characters of a problem's text: a sentence of ours around words of the router.
const TEXT_MOST: usize = 600;

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
    pub(crate) fn error(code: &'static str, message: impl AsRef<str>, fix: impl AsRef<str>) -> Self {
        Self::new(code, Severity::Error, message.as_ref(), fix.as_ref())
    }

    pub(crate) fn warning(code: &'static str, message: impl AsRef<str>, fix: impl AsRef<str>) -> Self {
        Self::new(code, Severity::Warning, message.as_ref(), fix.as_ref())
    }

    /// Both texts may hold words of the router.
    fn new(code: &'static str, severity: Severity, message: &str, fix: &str) -> Self {
        let (message, fix) = (shown(message, TEXT_MOST), shown(fix, TEXT_MOST));
        Self { code: code.into(), severity, message, fix }
    }
}

/// The problem of a router that cannot be used at all.
pub(crate) fn explain(trouble: &Trouble) -> Problem {
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
        Trouble::Told { problem, .. } => problem.clone(),
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
        Trouble::Settings(reason) => Problem::error(
            "settings",
            format!("This router cannot be used as it is set up: {reason}."),
            "Correct its settings here, or those of IMSys, then test again.",
        ),
        Trouble::Failed(reason) => {
            Problem::error("failed", reason.clone(), "Check the log of the process that serves the router.")
        }
        Trouble::TooLarge => Problem::error(
            "too-large",
            "The router's tables are too large to be handed from the process that serves it to this one.",
            "Remove from the router what it no longer needs (old secrets, leases, queues), or serve it and the pages by one \
             process: `imsys serve` without `--role`.",
        ),
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

pub(crate) fn forbidden(message: String) -> Problem {
    let fix = "Give the API user's group the policies read and api: /user group set <group> policy=read,write,api,test";
    Problem::error("missing-policy", message, fix)
}
