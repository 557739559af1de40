//! The text that an administrator pastes into his router, in parts, each with its undo. A second
//! paste changes nothing; the lines of the administrator's own scripts stay byte for byte.

use routeros::script::quote;
use std::net::IpAddr;

/// The marks around our lines inside a script that may hold others.
const BEGIN: &str = "# imsys begin";
const END: &str = "# imsys end";
/// Where a router reports connects and disconnects.
const WEBHOOK: &str = "/api/v1/webhooks/ppp";
/// What the API user and its group are called.
const NAME: &str = "imsys";

/// One part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The API group and user.
    User,
    /// The firewall rule.
    Firewall,
    /// The hooks in the PPP profiles.
    Hooks,
}

impl Part {
    /// All parts, in the order of pasting.
    pub(crate) const ALL: [Self; 3] = [Self::User, Self::Firewall, Self::Hooks];

    /// The part of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "firewall" => Some(Self::Firewall),
            "hooks" => Some(Self::Hooks),
            _ => None,
        }
    }
}

/// What the text must say.
pub(crate) struct Order<'a> {
    /// The server's address as the router sees it.
    pub(crate) server: Option<IpAddr>,
    /// The API port of the router.
    pub(crate) port: u16,
    /// The API user's name and password.
    pub(crate) login: (&'a str, &'a str),
    /// The URL at which the router reaches this server, without a slash at the end, where that is known.
    pub(crate) url: Option<&'a str>,
    /// The webhook token.
    pub(crate) token: &'a str,
    /// The PPP profiles that get the hooks.
    pub(crate) profiles: &'a [String],
}

/// The text of one part.
pub(crate) fn write(part: Part, order: &Order<'_>) -> String {
    match part {
        Part::User => user(order),
        Part::Firewall => firewall(order),
        Part::Hooks => match order.url {
            Some(url) => hooks(order.profiles, Some((order, url))),
            None => "# Set the URL at which routers reach this server first: Settings, General.\n".into(),
        },
    }
}

/// The text that takes one part back.
pub(crate) fn undo(part: Part, order: &Order<'_>) -> String {
    match part {
        Part::User => format!(
            "/user\nremove [find name={user} comment=\"{NAME}\"]\n/user group\nremove [find name=\"{NAME}\"]\n",
            user = quote(order.login.0)
        ),
        Part::Firewall => format!("{}\nremove [find comment=\"{NAME}-api\"]\n", filter(order.server)),
        Part::Hooks => hooks(order.profiles, None),
    }
}

fn user(order: &Order<'_>) -> String {
    let (name, password) = (quote(order.login.0), quote(order.login.1));
    let address = order.server.map(|ip| format!(" address={}", host(ip))).unwrap_or_default();
    format!(
        "/user group\n\
         :if ([:len [find name=\"{NAME}\"]]=0) do={{add name=\"{NAME}\" policy=read,write,api,test}}\n\
         /user\n\
         :if ([:len [find name={name}]]=0) do={{add name={name} group=\"{NAME}\" password={password}{address} comment=\"{NAME}\"}}\n"
    )
}

fn firewall(order: &Order<'_>) -> String {
    let Some(server) = order.server else {
        return "# Set the address under which routers see this server first: Settings, General.\n".into();
    };
    let rule = format!(
        "add chain=input action=accept src-address={server} protocol=tcp dst-port={} comment=\"{NAME}-api\"",
        order.port
    );
    format!(
        "# Accepts this server on the API port. It blocks nobody: that is for the rules you have.\n\
         {}\n\
         :if ([:len [find comment=\"{NAME}-api\"]]=0) do={{:do {{{rule} place-before=0}} on-error={{{rule}}}}}\n",
        filter(order.server)
    )
}

/// Where the rules for packets from this address stand.
fn filter(server: Option<IpAddr>) -> &'static str {
    if server.is_some_and(|ip| ip.is_ipv6()) { "/ipv6 firewall filter" } else { "/ip firewall filter" }
}

fn host(ip: IpAddr) -> String {
    format!("{ip}/{}", if ip.is_ipv4() { 32 } else { 128 })
}

/// Puts our lines into the on-up and on-down scripts of the profiles, or (without an order) takes
/// them out.
fn hooks(profiles: &[String], order: Option<(&Order<'_>, &str)>) -> String {
    let mut text = String::from("/ppp profile\n");
    for profile in profiles {
        for (event, status) in [("on-up", "up"), ("on-down", "down")] {
            text.push_str(&rewrite(profile, event, order.map(|(order, url)| block(order, url, status))));
        }
    }
    text
}

/// Our lines in one script: they call the webhook and can never stop the lines after them.
fn block(order: &Order<'_>, url: &str, status: &str) -> String {
    let url = quote(&format!("{url}{WEBHOOK}"));
    let header = quote(&format!("X-IMSys-Token:{}", order.token));
    format!(
        "{BEGIN}\n\
         :do {{/tool fetch url={url} http-method=post keep-result=no duration=5s http-header-field={header} \
         http-data=(\"{status}\\n\".$user.\"\\n\".$\"caller-id\".\"\\n\".$\"remote-address\".\"\\n\".$interface)}} on-error={{}}\n\
         {END}\n"
    )
}

/// RouterOS text that replaces what stands between our marks in one script of one profile, or puts it
/// first. What stands before and after is kept as it is. WinBox ends lines with CR LF, so the line end
/// after our end mark is looked at, not assumed.
fn rewrite(profile: &str, event: &str, block: Option<String>) -> String {
    let profile = quote(profile);
    let block = quote(&block.unwrap_or_default());
    let (begin, end, end_length) = (quote(BEGIN), quote(END), END.len());
    format!(
        ":foreach p in=[find name={profile}] do={{\n\
         :local old [get $p {event}]\n\
         :local begin [:find $old {begin}]\n\
         :local end [:find $old {end}]\n\
         :local from 0\n\
         :local rest 0\n\
         :if ([:typeof $begin]=\"num\" && [:typeof $end]=\"num\") do={{:if ($end>$begin) do={{:set from $begin; :set rest ($end+{end_length}); :if ([:pick $old $rest]=\"\\r\") do={{:set rest ($rest+1)}}; :set rest ($rest+1)}}}}\n\
         :local new ([:pick $old 0 $from].{block}.[:pick $old $rest [:len $old]])\n\
         :if ($new!=$old) do={{set $p {event}=$new}}\n\
         }}\n"
    )
}

/// Whether a profile's script calls us.
pub(crate) fn is_hooked(script: &str) -> bool {
    script.contains(BEGIN) && script.contains(END)
}

/// Whether a profile's script calls us, in our lines or in others.
pub(crate) fn reports(script: &str) -> bool {
    is_hooked(script) || has_own_hook(script)
}

/// Whether a profile's script holds lines that are not ours.
pub(crate) fn has_own_lines(script: &str) -> bool {
    own_lines(script).iter().any(|part| !part.trim().is_empty())
}

/// Whether lines that are not ours call us.
pub(crate) fn has_own_hook(script: &str) -> bool {
    own_lines(script).iter().any(|part| part.contains(WEBHOOK))
}

/// What stands before and after our lines.
fn own_lines(script: &str) -> [&str; 2] {
    match (script.find(BEGIN), script.find(END)) {
        (Some(from), Some(to)) if from < to => {
            [script.get(..from).unwrap_or_default(), script.get(to + END.len()..).unwrap_or_default()]
        }
        _ => [script, ""],
    }
}
