//! `imsys sim`: the simulated routers alone.

use std::io;
use std::net::SocketAddr;

use crate::town::{Addresses, Form, Town, TownConfig, Webhook};
use crate::version::Version;

/// The options of `imsys sim`.
#[derive(Debug, Clone)]
pub struct SimOptions {
    /// How many routers.
    pub routers: usize,
    /// Their RouterOS version.
    pub ros: Version,
    /// The port of the first one on 127.0.0.1; the others follow.
    pub first_port: u16,
    /// Where on-up and on-down call, with `user`, `status` and `router` added; nowhere when it is `None`.
    pub webhook: Option<String>,
}

impl Default for SimOptions {
    fn default() -> Self {
        Self { routers: 1, ros: Version::new(7, 18), first_port: 18_728, webhook: None }
    }
}

/// The simulated routers while they run; dropping it ends them.
pub struct Running {
    /// The town.
    pub town: Town,
    /// Where each router listens: user `api`, password `secret`.
    pub addresses: Vec<SocketAddr>,
}

/// Starts the routers. It prints nothing.
///
/// # Errors
/// A port is taken, or the webhook URL cannot stand in a script.
pub async fn cli_run(options: SimOptions) -> io::Result<Running> {
    let config = TownConfig {
        routers: options.routers,
        versions: vec![options.ros],
        addresses: Addresses::Ports { first: options.first_port },
        ..TownConfig::default()
    };
    let town = Town::start(config).await?;
    let routers = town.routers();
    if let Some(url) = options.webhook {
        if url.contains(['"', '$', '\\']) || !url.starts_with("http://") {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the webhook must be a plain http:// URL",
            ));
        }
        for (index, router) in routers.iter().enumerate() {
            let form = Form::Plain { router: router.name.clone() };
            let webhook = Webhook { url: url.clone(), token: None, form };
            town.install_webhook(index, &webhook).map_err(io::Error::other)?;
        }
    }
    Ok(Running { addresses: routers.iter().map(|router| router.address).collect(), town })
}
