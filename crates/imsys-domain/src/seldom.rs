//! What is met again and again is told seldom.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long the same cause is not told again.
const SAID_FOR: Duration = Duration::from_secs(60);
/// Causes that are remembered: their texts are few.
const MOST: usize = 64;

/// Tells each cause once a minute.
#[derive(Default)]
pub struct Seldom {
    /// By cause: when it was told last, and how often it was met since.
    told: HashMap<String, (Instant, u64)>,
}

impl Seldom {
    /// How often a cause was met since it was told last, this time included, if it is to be told `now`.
    pub fn due(&mut self, cause: String, now: Instant) -> Option<u64> {
        match self.told.get_mut(&cause) {
            Some((last, times)) if now.saturating_duration_since(*last) < SAID_FOR => {
                *times += 1;
                None
            }
            Some(known) => Some(std::mem::replace(known, (now, 0)).1 + 1),
            None => {
                if self.told.len() >= MOST {
                    self.told.clear();
                }
                self.told.insert(cause, (now, 0));
                Some(1)
            }
        }
    }
}
