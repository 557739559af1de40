//! `imsys admin`, `imsys backup` and `imsys export`: asks the running server, or else the store itself.

use super::{Output, block_on, print};
use crate::admin_socket::{self, Request};
use crate::clock::Clock;
use crate::config::Config;
use crate::wire::{self, WireError};
use imsys_domain::access::Role;
use serde_json::Value;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Tenants.
    #[command(subcommand)]
    Tenant(Tenant),
    /// API keys.
    #[command(subcommand)]
    ApiKey(ApiKey),
    /// People.
    #[command(subcommand)]
    Person(Person),
    /// Creates a link with which a person sets a new password.
    Reset {
        /// The person's e-mail address.
        #[arg(long)]
        email: String,
        #[command(flatten)]
        output: Output,
    },
    /// Says that the clock is right: deletion of what is old, which waits after a jump, goes on.
    ConfirmClock {
        #[command(flatten)]
        output: Output,
    },
    /// Seals every stored password with a new key; keeps the old keys.
    RotateKey {
        #[command(flatten)]
        output: Output,
    },
}

#[derive(clap::Subcommand)]
pub(super) enum Tenant {
    /// Creates a tenant, and the set-up link for its first admin.
    Create {
        /// The ISP's name.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        output: Output,
    },
    /// Creates another set-up link for an admin of a tenant; those before it stop working.
    Link {
        /// The tenant's id.
        #[arg(long)]
        tenant: Uuid,
        #[command(flatten)]
        output: Output,
    },
    /// Deletes a tenant and all its data, for good.
    Delete {
        /// The tenant's id.
        #[arg(long)]
        tenant: Uuid,
        /// Its name, to confirm; asked for when left out.
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(clap::Subcommand)]
pub(super) enum Person {
    /// Takes an e-mail address from the account that has it, for its true owner. The account loses its password and
    /// all its sign-ins.
    Release {
        /// The address.
        #[arg(long)]
        email: String,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(clap::Subcommand)]
pub(super) enum ApiKey {
    /// Creates an API key and shows it once.
    Create {
        /// The tenant's id.
        #[arg(long)]
        tenant: Uuid,
        /// admin, technician, support, cashier or read-only.
        #[arg(long, value_parser = role)]
        role: Role,
        /// A name for the key.
        #[arg(long, default_value = "command line")]
        name: String,
        #[command(flatten)]
        output: Output,
    },
}

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| format!("must be one of {}", Role::ALL.map(Role::name).join(", ")))
}

pub(super) fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let (request, output) = match command {
        Command::Tenant(Tenant::Create { name, output }) => (Request::TenantCreate { name }, output),
        Command::Tenant(Tenant::Delete { tenant, name, output }) => {
            (Request::TenantDelete { tenant, name: name.map_or_else(asked_name, Ok)? }, output)
        }
        Command::ApiKey(ApiKey::Create { tenant, role, name, output }) => {
            (Request::KeyCreate { tenant, role, name }, output)
        }
        Command::Tenant(Tenant::Link { tenant, output }) => (Request::TenantLink { tenant }, output),
        Command::Person(Person::Release { email, output }) => (Request::PersonRelease { email }, output),
        Command::Reset { email, output } => (Request::Reset { email }, output),
        Command::ConfirmClock { output } => (Request::ConfirmClock, output),
        Command::RotateKey { output } => (Request::RotateKey, output),
    };
    let answer = block_on(ask(config, request))?;
    show(&answer, output.json);
    Ok(())
}

pub(super) fn backup(config: Config, file: PathBuf) -> anyhow::Result<()> {
    // The server may run in another folder.
    let file = std::path::absolute(file)?;
    block_on(ask(config, Request::Backup { file })).map(|_| ())
}

pub(super) fn export(config: Config, file: PathBuf) -> anyhow::Result<()> {
    let file = std::path::absolute(file)?;
    let answer = block_on(ask(config, Request::Export { file }))?;
    show(&answer, false);
    Ok(())
}

/// Reads the tenant's name from the terminal.
fn asked_name() -> anyhow::Result<String> {
    let mut name = String::new();
    eprint!("This deletes the tenant and all its data, for good. Type its name to go on: ");
    std::io::stdin().read_line(&mut name)?;
    Ok(name.trim().to_owned())
}

async fn ask(config: Config, request: Request) -> anyhow::Result<Value> {
    if let Some(answer) = admin_socket::ask(&config.data.dir, &request).await? {
        return answer.map_err(anyhow::Error::msg);
    }
    // Nobody listens: without a server there is no address either, but for the one in the settings.
    let at = config.http.listen;
    let instance = match wire::open(config.bound(at), Clock::system()).await {
        Err(WireError::Taken(folder)) => {
            anyhow::bail!("{} is in use, but nobody answers at {}", folder.display(), admin_socket::SOCKET)
        }
        opened => opened?,
    };
    admin_socket::answer(&instance.app, request).await.map_err(anyhow::Error::msg)
}

/// One JSON object, or a line for each of its fields.
fn show(answer: &Value, json: bool) {
    if json {
        return print(&answer.to_string());
    }
    for (name, value) in answer.as_object().into_iter().flatten() {
        print(&format!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    }
}
