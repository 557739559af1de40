//! The room that a queue was last heard to have.
//!
//! Asking before each call would double its way to Redis. So while much room is free the answer holds
//! for a moment, less what was added here: the other half of the room is left to the other processes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer holds.
const HOLDS: Duration = Duration::from_millis(100);

/// What is known of each queue.
#[derive(Default)]
pub(super) struct Rooms(Mutex<HashMap<String, Room>>);

struct Room {
    left: usize,
    until: Instant,
}

impl Rooms {
    /// Takes room for some of `wanted` jobs; `None` when Redis must be asked.
    pub(super) fn take(&self, queue: &str, wanted: usize, now: Instant) -> Option<usize> {
        let mut rooms = self.lock();
        let room = rooms.get_mut(queue).filter(|room| room.left > 0 && now < room.until)?;
        let taken = room.left.min(wanted);
        room.left -= taken;
        Some(taken)
    }

    /// Notes that `queue` has room for so many jobs of `capacity`.
    pub(super) fn heard(&self, queue: &str, room: usize, capacity: usize, now: Instant) {
        let room = Room { left: room.saturating_sub(capacity.div_ceil(2)), until: now + HOLDS };
        self.lock().insert(queue.to_owned(), room);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_room_may_be_taken_without_asking_again() {
        let (rooms, now) = (Rooms::default(), Instant::now());
        rooms.heard("a", 8, 10, now);
        assert_eq!(
            ["a", "a", "a", "b"].map(|queue| rooms.take(queue, 2, now)),
            [Some(2), Some(1), None, None]
        );
    }

    #[test]
    fn an_answer_holds_for_a_moment() {
        let (rooms, now) = (Rooms::default(), Instant::now());
        rooms.heard("a", 10, 10, now);
        assert_eq!(rooms.take("a", 1, now + HOLDS / 2), Some(1));
        assert_eq!(rooms.take("a", 1, now + HOLDS), None);
    }

    #[test]
    fn a_queue_that_is_half_full_is_asked_each_time() {
        let (rooms, now) = (Rooms::default(), Instant::now());
        rooms.heard("a", 5, 10, now);
        assert_eq!(rooms.take("a", 1, now), None);
    }
}
