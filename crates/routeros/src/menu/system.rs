use std::time::Duration;

use crate::{menu, value::Text};

menu! {
    /// The router's name.
    pub struct Identity in "/system/identity" {
        /// `MikroTik` unless somebody changed it.
        name: Text = "name",
    }
}

menu! {
    /// What the router is and how it is doing.
    pub struct Resource in "/system/resource" {
        /// Since the last start.
        uptime: Option<Duration> = "uptime",
        /// `7.4 (stable)`.
        version: Text = "version",
        /// The model: `CCR2004-16G-2S+`.
        board_name: Text = "board-name",
        /// `arm64`, `x86_64`, …
        architecture_name: Text = "architecture-name",
        /// Per cent.
        cpu_load: Option<u32> = "cpu-load",
        /// Bytes.
        free_memory: Option<u64> = "free-memory",
        /// Bytes.
        total_memory: Option<u64> = "total-memory",
    }
}

menu! {
    /// What the device allows at all; only somebody standing before it can change it. The menu
    /// exists from version 7.17 and 6.49.8 on.
    pub struct DeviceMode in "/system/device-mode", whole {
        /// `home`, `basic`, `advanced`, `rose`, …
        mode: Text = "mode",
        /// Whether `/tool/fetch` works; without it PPP scripts cannot call anybody.
        fetch: Option<bool> = "fetch",
        /// Whether scheduled scripts run.
        scheduler: Option<bool> = "scheduler",
        /// Whether the device found signs of an attack and locked itself.
        flagged: Option<bool> = "flagged",
    }
}
