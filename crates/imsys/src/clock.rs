//! The time, as the system or a test tells it.

use imsys_domain::Timestamp;
use imsys_domain::aging::Reading;
use rustix::time::{ClockId, clock_gettime};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from: the system, or a test.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Reading + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let wall = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
            // It goes on while the machine sleeps, unlike the clock of `Instant`.
            let up = clock_gettime(ClockId::Boottime);
            Reading { wall, steady: up.tv_sec * 1000 + up.tv_nsec / 1_000_000 }
        }))
    }

    /// A clock that shows what `read` returns, and that nobody sets.
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(move || {
            let wall = read();
            Reading { wall, steady: wall.millis() }
        }))
    }

    /// A clock that is set beside one that is not, as `read` shows them.
    pub fn of_two(read: impl Fn() -> Reading + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.reading().wall
    }

    /// The time, and the clock that nobody sets.
    pub fn reading(&self) -> Reading {
        (self.0)()
    }
}
