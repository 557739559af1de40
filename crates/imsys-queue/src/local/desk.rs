//! One queue as a value: jobs go in and out, time is told.

use crate::job::{Counts, FAILED_KEPT, FailedJob, Job, NewJob, Priority};
use imsys_domain::Timestamp;
use std::collections::{BTreeSet, HashMap, VecDeque};
use tokio::time::Instant;

/// No room; so many wait.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full {
    pub(super) waiting: usize,
}

/// A job that a worker has taken and must bring back.
#[derive(Debug)]
pub(super) struct Taken {
    serial: u64,
    job: NewJob,
    /// Attempts before this one.
    made: u32,
}

impl Taken {
    /// What the handler is to see.
    pub(super) fn job(&self) -> Job {
        let (name, data) = (self.job.name.clone(), self.job.data.clone());
        Job { id: self.serial.to_string(), name, data, attempt: self.made + 1 }
    }
}

struct Waiting {
    job: NewJob,
    made: u32,
    /// `None`: ready.
    due: Option<Instant>,
}

/// Who holds a deduplication id, and what comes after him.
struct Holder {
    serial: u64,
    next: Option<NewJob>,
}

/// A queue's jobs by state.
pub(super) struct Desk {
    capacity: usize,
    last_serial: u64,
    waiting: HashMap<u64, Waiting>,
    ready: BTreeSet<(Priority, u64)>,
    delayed: BTreeSet<(Instant, u64)>,
    active: usize,
    holders: HashMap<String, Holder>,
    failed: VecDeque<FailedJob>,
}

impl Desk {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            last_serial: 0,
            waiting: HashMap::new(),
            ready: BTreeSet::new(),
            delayed: BTreeSet::new(),
            active: 0,
            holders: HashMap::new(),
            failed: VecDeque::new(),
        }
    }

    pub(super) fn add(&mut self, job: NewJob, now: Instant) -> Result<(), Full> {
        if let Some(holder) = job.dedupe.as_ref().and_then(|id| self.holders.get_mut(id)) {
            match self.waiting.contains_key(&holder.serial) {
                true => {
                    let serial = holder.serial;
                    self.hurry(serial, &job, now);
                }
                false => holder.next = Some(job),
            }
            return Ok(());
        }
        if self.waiting.len() >= self.capacity {
            return Err(Full { waiting: self.waiting.len() });
        }
        self.admit(job, now);
        Ok(())
    }

    /// The first job that is ready.
    pub(super) fn take(&mut self, now: Instant) -> Option<Taken> {
        while let Some((_, serial)) = self.delayed.first().copied().filter(|(due, _)| *due <= now) {
            self.reschedule(serial, None);
        }
        let (_, serial) = self.ready.pop_first()?;
        let Waiting { job, made, .. } = self.waiting.remove(&serial)?;
        self.active += 1;
        Some(Taken { serial, job, made })
    }

    /// When the next delayed job becomes ready.
    pub(super) fn next_alarm(&self) -> Option<Instant> {
        self.delayed.first().map(|(due, _)| *due)
    }

    /// An attempt is over: the job is done, waits for the next attempt, or is given up.
    pub(super) fn finish(
        &mut self,
        taken: Taken,
        verdict: Result<(), Vec<String>>,
        now: Instant,
        at: Timestamp,
    ) {
        self.active -= 1;
        let made = taken.made + 1;
        let Err(error) = verdict else { return self.release(&taken, now) };
        if let Some(wait) = taken.job.retry_after(made) {
            let due = Some(now + wait);
            return self.put(taken.serial, Waiting { job: taken.job, made, due });
        }
        self.release(&taken, now);
        if self.failed.len() >= FAILED_KEPT {
            self.failed.pop_back();
        }
        let Taken { serial, job: NewJob { name, data, .. }, .. } = taken;
        self.failed.push_front(FailedJob { id: serial.to_string(), name, data, attempts: made, at, error });
    }

    /// The worker stopped before the job was done: as if it had not been taken.
    pub(super) fn give_back(&mut self, taken: Taken) {
        self.active -= 1;
        self.put(taken.serial, Waiting { job: taken.job, made: taken.made, due: None });
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            waiting: self.ready.len(),
            delayed: self.delayed.len(),
            active: self.active,
            failed: self.failed.len(),
        }
    }

    pub(super) fn failed(&self, limit: usize) -> Vec<FailedJob> {
        self.failed.iter().take(limit).cloned().collect()
    }

    fn admit(&mut self, job: NewJob, now: Instant) {
        self.last_serial += 1;
        let serial = self.last_serial;
        if let Some(id) = job.dedupe.clone() {
            self.holders.insert(id, Holder { serial, next: None });
        }
        let due = (!job.delay.is_zero()).then(|| now + job.delay);
        self.put(serial, Waiting { job, made: 0, due });
    }

    /// The job is over: its id is free, or the one put aside follows.
    fn release(&mut self, taken: &Taken, now: Instant) {
        let holder = taken.job.dedupe.as_ref().and_then(|id| self.holders.remove(id));
        if let Some(next) = holder.and_then(|holder| holder.next) {
            self.admit(next, now);
        }
    }

    fn put(&mut self, serial: u64, waiting: Waiting) {
        match waiting.due {
            Some(due) => self.delayed.insert((due, serial)),
            None => self.ready.insert((waiting.job.priority, serial)),
        };
        self.waiting.insert(serial, waiting);
    }

    fn reschedule(&mut self, serial: u64, due: Option<Instant>) {
        let Some(mut waiting) = self.withdraw(serial) else { return };
        waiting.due = due;
        self.put(serial, waiting);
    }

    fn withdraw(&mut self, serial: u64) -> Option<Waiting> {
        let waiting = self.waiting.remove(&serial)?;
        match waiting.due {
            Some(due) => self.delayed.remove(&(due, serial)),
            None => self.ready.remove(&(waiting.job.priority, serial)),
        };
        Some(waiting)
    }

    /// When somebody waits for the same work, it is his too and not later than he wants it.
    fn hurry(&mut self, serial: u64, by: &NewJob, now: Instant) {
        if by.priority != Priority::Person {
            return;
        }
        let Some(mut waiting) = self.withdraw(serial) else { return };
        waiting.job.priority = by.priority;
        waiting.due = waiting.due.min((!by.delay.is_zero()).then(|| now + by.delay));
        self.put(serial, waiting);
    }
}
