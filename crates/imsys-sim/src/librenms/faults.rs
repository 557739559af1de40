//! What goes wrong on the way.

use std::time::Duration;

/// The faults of a server; [`Default`] is a server without any.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Waits before each answer.
    pub delay: Duration,
    /// How long an add takes between looking whether there is such a device and putting it in: adds within this time race.
    pub add_takes: Duration,
    /// Answers everything with this status and body instead of doing it.
    pub status: Option<(u16, String)>,
    /// Does what is asked with this method, and closes the connection without an answer.
    pub hangs_up_at: Option<&'static str>,
    /// Redirects everything to this URL.
    pub redirect: Option<String>,
    /// Makes each answer longer by this many spaces.
    pub padding: usize,
    /// As before 26.6: no `/wireless-sensors`, and single devices in the shape of the list.
    pub is_old: bool,
    /// Forgets what PATCH sets, and says that it is set.
    pub forgets_changes: bool,
}
