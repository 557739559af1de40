//! `imsys profile`: trying a profile of SNMP devices against one of them.

use super::{Output, block_on, print};
use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use imsys_doctor::builtin::profiles::{
    Identity, Library, Link, Polled, Port, Reading, identify, poll, ports, readings,
};
use imsys_doctor::builtin::snmp::{AuthHash, Cipher, Credentials, Device, SnmpSocket};
use serde_json::{Value, json};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;

/// How long the device may take.
const WITHIN: Duration = Duration::from_secs(120);

#[derive(Subcommand)]
pub(super) enum Command {
    /// Reads a profile, and what a device says by it.
    Test(Test),
}

#[derive(Args)]
pub(super) struct Test {
    /// The profile (TOML). A profile of the same family that is compiled in counts no more.
    file: PathBuf,
    /// A device to ask: its address or name.
    #[arg(long, value_name = "HOST")]
    against: Option<String>,
    /// The port of its agent.
    #[arg(long, default_value_t = 161)]
    port: u16,
    /// The version of SNMP.
    #[arg(long, value_enum, default_value = "2c")]
    version: Version,
    /// The community of versions 1 and 2c: that of IMSYS_SNMP_COMMUNITY unless given, else `public`.
    #[arg(long)]
    community: Option<String>,
    /// The user of version 3. His passwords are in IMSYS_SNMP_AUTH and IMSYS_SNMP_PRIVACY: SHA-256 and AES-128.
    #[arg(long)]
    user: Option<String>,
    /// Uses the profile even where it is not for the device.
    #[arg(long)]
    anyway: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum Version {
    #[value(name = "1")]
    V1,
    #[value(name = "2c")]
    V2c,
    #[value(name = "3")]
    V3,
}

pub(super) fn run(command: Command) -> anyhow::Result<()> {
    let Command::Test(test) = command;
    let mut library = Library::compiled_in();
    let family = library.add_file(&test.file)?;
    let Some(host) = &test.against else {
        print(&format!("{}: the profile {family} can be read", test.file.display()));
        return Ok(());
    };
    let at = (host.as_str(), test.port).to_socket_addrs().with_context(|| host.clone())?.next();
    let at = at.with_context(|| format!("{host}: no such host"))?;
    let asked = block_on(ask(&library, &family, at, &test)).with_context(|| at.to_string())?;
    print(&if test.output.json { asked.json().to_string() } else { asked.text() });
    Ok(())
}

/// What a device said.
struct Asked {
    identity: Identity,
    incomplete: Option<String>,
    readings: Vec<Reading>,
    ports: Vec<Port>,
}

async fn ask(library: &Library, family: &str, at: SocketAddr, test: &Test) -> anyhow::Result<Asked> {
    let socket = SnmpSocket::bind().await?;
    let device = Device::new(socket.agent(at, &test.credentials()?).await?, true);
    let deadline = Instant::now() + WITHIN;
    let identity = identify(library, &device, deadline).await?;
    if identity.family.as_deref() != Some(family) && !test.anyway {
        anyhow::bail!(
            "this device is {}, not {family}: it says `{}` and sysObjectID {}. Change [[match]], or try it with --anyway",
            identity.family.as_deref().unwrap_or("of no family"),
            identity.description,
            identity.object_id.map_or_else(|| "none".to_owned(), |oid| oid.to_string()),
        );
    }
    let profile = library.get(family).context("the profile is in the library")?;
    let Polled { walked, incomplete } = poll(library, profile, &device, deadline).await?;
    Ok(Asked {
        identity,
        incomplete: incomplete.map(|why| why.to_string()),
        readings: readings(library, profile, &walked),
        ports: ports(profile, &walked),
    })
}

impl Test {
    fn credentials(&self) -> anyhow::Result<Credentials> {
        let variable = |name: &str| std::env::var(name).ok();
        let community = self.community.clone().or_else(|| variable("IMSYS_SNMP_COMMUNITY"));
        let community = community.unwrap_or_else(|| "public".to_owned());
        Ok(match self.version {
            Version::V1 => Credentials::V1(community),
            Version::V2c => Credentials::V2c(community),
            Version::V3 => Credentials::V3 {
                user: self.user.clone().context("--version 3 needs --user")?,
                auth: variable("IMSYS_SNMP_AUTH").map(|password| (AuthHash::Sha256, password)),
                privacy: variable("IMSYS_SNMP_PRIVACY").map(|password| (Cipher::Aes128, password)),
            },
        })
    }
}

impl Asked {
    fn text(&self) -> String {
        let mut lines = vec![format!("{} ({})", self.identity.name, self.identity.description)];
        lines.extend(self.readings.iter().map(|reading| {
            let name = format!("{}:{}", reading.class.name(), reading.index);
            let state = reading.state.as_ref().map_or_else(String::new, |state| format!(" ({state})"));
            format!("{name:<28} {:>14} {:<6}{state} {}", reading.value, reading.class.unit(), reading.name)
        }));
        lines.extend(self.ports.iter().map(|port| {
            let link = if port.link == Some(Link::Up) { "up" } else { "not up" };
            format!("port {:<23} {:>14} {:<6} {}", port.index, link, "", port.name)
        }));
        lines.push(format!("{} readings, {} ports", self.readings.len(), self.ports.len()));
        lines.extend(self.incomplete.iter().map(|why| format!("not all could be read: {why}")));
        lines.join("\n")
    }

    fn json(&self) -> Value {
        let reading = |reading: &Reading| {
            json!({
                "class": reading.class.name().as_ref(), "index": reading.index, "descr": reading.name,
                "value": reading.value, "unit": reading.class.unit(), "state": reading.state,
                "station": reading.station, "oid": reading.source.to_string(),
            })
        };
        let port = |port: &Port| json!({ "index": port.index, "name": port.name, "up": port.link == Some(Link::Up) });
        json!({
            "name": self.identity.name, "description": self.identity.description, "family": self.identity.family,
            "readings": self.readings.iter().map(reading).collect::<Vec<_>>(),
            "ports": self.ports.iter().map(port).collect::<Vec<_>>(), "incomplete": self.incomplete,
        })
    }
}
