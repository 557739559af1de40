//! `imsys check`: what `serve` would build, without serving.

use super::{block_on, print};
use crate::clock::Clock;
use crate::config::Config;
use crate::wire;
use imsys_doctor::builtin::icmp::{GRANT, Permission};
use imsys_store::Actor;

pub(super) fn run(config: Config) -> anyhow::Result<()> {
    block_on(async {
        let instance = wire::open(config, Clock::system()).await?;
        let now = instance.app.now();
        let store = &instance.app.store;
        let census = store.census().await?;
        for (tenant, _) in &census {
            let log = store.tenant(tenant.id, Actor::system(now));
            if let Some(seq) = log.audit_break().await? {
                anyhow::bail!(
                    "the audit log of {} does not fit from entry {seq} on: it was changed",
                    tenant.name
                );
            }
        }
        for warning in &instance.warnings {
            print(&format!("warning: {warning}"));
        }
        match Permission::probe() {
            Ok(permission) => {
                if permission.is_denied() {
                    print(&format!(
                        "warning: devices cannot be asked from this server without permission for ICMP: {GRANT}"
                    ));
                }
                print(&format!("ICMP: {permission}"));
            }
            Err(error) => {
                print(&format!("warning: whether this process may send ICMP is not known: {error}"))
            }
        }
        print(&format!(
            "settings, data folder, keys and the audit logs of {} tenants are in order",
            census.len()
        ));
        Ok(())
    })
}
