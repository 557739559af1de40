//! The PPP profiles of a router, and which of them call this server.

use super::script::{has_own_hook, has_own_lines, is_hooked};
use crate::routers::session::{RouterRead, Trouble, lease};
use imsys_domain::text::cut;
use routeros::client::{Client, Command};
use routeros::menu::{PppProfile, PppSecret};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long each table may take.
const PRINT: Duration = lease::PRINT;

/// All of a router's profiles.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReadProfiles;

/// One of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) name: String,
    /// Its scripts call this server.
    pub(crate) hooked: bool,
    /// Its scripts contain other commands too.
    pub(crate) has_own_script: bool,
    /// They call the webhook by commands of their own.
    pub(crate) has_own_hook: bool,
    /// How many secrets use it.
    pub(crate) secrets: usize,
}

impl RouterRead for ReadProfiles {
    type Answer = Vec<Profile>;
    const NAME: &'static str = "profiles";

    async fn run(self, client: &Client) -> Result<Vec<Profile>, Trouble> {
        let profiles = client.print::<PppProfile>(Command::new("/ppp/profile/print"), PRINT);
        let secrets = client.print::<PppSecret>(Command::new("/ppp/secret/print"), PRINT);
        let (profiles, secrets) = tokio::try_join!(profiles, secrets).map_err(Trouble::Command)?;
        let profile = |row: PppProfile| Profile {
            hooked: is_hooked(&row.on_up) && is_hooked(&row.on_down),
            has_own_hook: has_own_hook(&row.on_up) && has_own_hook(&row.on_down),
            has_own_script: has_own_lines(&row.on_up) || has_own_lines(&row.on_down),
            secrets: secrets.iter().filter(|secret| secret.profile == row.name).count(),
            name: cut(&row.name).to_owned(),
        };
        Ok(profiles.into_iter().map(profile).collect())
    }
}
