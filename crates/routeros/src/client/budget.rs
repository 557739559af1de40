//! What the replies on many connections may cost together.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// A reply beyond this many bytes is a large one.
const LARGE: usize = 2 << 20;

/// Memory for the replies on all connections that share it, from their first row until they are dropped. A reply
/// that finds none is refused with [`Error::Crowded`](super::Error::Crowded). Large replies (beyond 2 MiB) have one
/// half of it among them: however many and large they are, there is room for others.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: usize,
    small: AtomicUsize,
    large: AtomicUsize,
}

impl Budget {
    /// So many bytes.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Inner { most, small: AtomicUsize::new(0), large: AtomicUsize::new(0) }))
    }

    /// Bytes that are taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.0.small.load(Ordering::Relaxed) + self.0.large.load(Ordering::Relaxed)
    }

    pub(super) fn share(&self) -> Share {
        Share { budget: self.clone(), bytes: 0 }
    }

    fn pool(&self, bytes: usize) -> &AtomicUsize {
        if bytes > LARGE { &self.0.large } else { &self.0.small }
    }
}

/// What one reply has taken; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Share {
    budget: Budget,
    bytes: usize,
}

impl Share {
    /// Takes more; `false`, and nothing is taken, when there is not so much left.
    pub(super) fn grow(&mut self, more: usize) -> bool {
        let (old, new) = (self.bytes, self.bytes + more);
        let (from, into) = (self.budget.pool(old), self.budget.pool(new));
        let adds = if std::ptr::eq(from, into) { more } else { new };
        let most = self.budget.0.most / 2;
        let fits = |taken: usize| Some(taken + adds).filter(|sum| *sum <= most);
        if into.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_err() {
            return false;
        }
        if !std::ptr::eq(from, into) {
            from.fetch_sub(old, Ordering::Relaxed);
        }
        self.bytes = new;
        true
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.pool(self.bytes).fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_replies_leave_room_for_small_ones() {
        let budget = Budget::new(20 * LARGE);
        let mut large = budget.share();
        assert!(large.grow(LARGE) && large.grow(LARGE) && large.grow(8 * LARGE));
        assert_eq!(budget.taken(), 10 * LARGE);
        let mut second = budget.share();
        assert!(second.grow(LARGE), "as long as it is small");
        assert!(!second.grow(1), "it would be the second large one");
        assert_eq!(budget.taken(), 11 * LARGE);
        drop(large);
        assert!(second.grow(1));
        assert_eq!(budget.taken(), LARGE + 1);
        drop(second);
        assert_eq!(budget.taken(), 0);
    }

    #[test]
    fn small_replies_have_a_bound_too() {
        let budget = Budget::new(4 * LARGE);
        let mut shares: Vec<Share> = (0..3).map(|_| budget.share()).collect();
        let grown: Vec<bool> = shares.iter_mut().map(|share| share.grow(LARGE)).collect();
        assert_eq!(grown, [true, true, false]);
    }
}
