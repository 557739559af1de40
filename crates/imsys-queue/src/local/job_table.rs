//! One queue as a value: jobs go in and out, time is told.

use crate::job::{Counts, FAILED_KEPT, Job, JobState, ListedJob, NewJob, Priority};
use imsys_domain::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// No room; so many wait.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full {
    pub(super) waiting: usize,
}

/// Now, by the clock that waits and by the one on the wall.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) instant: Instant,
    pub(super) at: Timestamp,
}

/// A job that a worker has taken and must bring back.
#[derive(Debug)]
pub(super) struct Taken {
    serial: u64,
    job: Job,
}

impl Taken {
    /// What the handler is to see.
    pub(super) fn job(&self) -> Job {
        self.job.clone()
    }
}

/// A job with its history, wherever it is.
struct Entry {
    job: NewJob,
    added: Timestamp,
    /// Attempts that are over.
    made: u32,
    /// Of the last of them.
    error: Vec<String>,
}

struct Waiting {
    entry: Entry,
    /// `None`: ready.
    due: Option<Instant>,
}

struct Active {
    entry: Entry,
    began: Timestamp,
}

struct Failed {
    serial: u64,
    entry: Entry,
    ended: Timestamp,
}

/// Who holds a deduplication id, and what comes after him.
struct Holder {
    serial: u64,
    next: Option<NewJob>,
}

/// A queue's jobs by state.
pub(super) struct JobTable {
    capacity: usize,
    last_serial: u64,
    waiting: HashMap<u64, Waiting>,
    ready: BTreeSet<(Priority, u64)>,
    delayed: BTreeSet<(Instant, u64)>,
    active: BTreeMap<u64, Active>,
    holders: HashMap<String, Holder>,
    failed: VecDeque<Failed>,
}

impl JobTable {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            last_serial: 0,
            waiting: HashMap::new(),
            ready: BTreeSet::new(),
            delayed: BTreeSet::new(),
            active: BTreeMap::new(),
            holders: HashMap::new(),
            failed: VecDeque::new(),
        }
    }

    pub(super) fn add(&mut self, job: NewJob, now: Moment) -> Result<(), Full> {
        if let Some(holder) = job.dedupe.as_ref().and_then(|id| self.holders.get_mut(id)) {
            match self.waiting.contains_key(&holder.serial) {
                true => {
                    let serial = holder.serial;
                    self.hurry(serial, &job, now.instant);
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
    pub(super) fn take(&mut self, now: Moment) -> Option<Taken> {
        while let Some((_, serial)) = self.delayed.first().copied().filter(|(due, _)| *due <= now.instant) {
            self.reschedule(serial, None);
        }
        let (_, serial) = self.ready.pop_first()?;
        let Waiting { entry, .. } = self.waiting.remove(&serial)?;
        let (name, data) = (entry.job.name.clone(), entry.job.data.clone());
        let job = Job { id: serial.to_string(), name, data, attempt: entry.made + 1 };
        self.active.insert(serial, Active { entry, began: now.at });
        Some(Taken { serial, job })
    }

    /// When the next delayed job becomes ready.
    pub(super) fn next_alarm(&self) -> Option<Instant> {
        self.delayed.first().map(|(due, _)| *due)
    }

    /// An attempt is over: the job is done, waits for the next attempt, or is given up.
    pub(super) fn finish(&mut self, taken: &Taken, verdict: Result<(), Vec<String>>, now: Moment) {
        let Some(Active { mut entry, .. }) = self.active.remove(&taken.serial) else { return };
        let Err(error) = verdict else { return self.release(&entry, now) };
        entry.made += 1;
        entry.error = error;
        if let Some(wait) = entry.job.retry_after(entry.made) {
            let due = Some(now.instant + wait);
            return self.put(taken.serial, Waiting { entry, due });
        }
        self.release(&entry, now);
        if self.failed.len() >= FAILED_KEPT {
            self.failed.pop_back();
        }
        self.failed.push_front(Failed { serial: taken.serial, entry, ended: now.at });
    }

    /// The worker stopped before the job was done: as if it had not been taken.
    pub(super) fn give_back(&mut self, taken: &Taken) {
        if let Some(Active { entry, .. }) = self.active.remove(&taken.serial) {
            self.put(taken.serial, Waiting { entry, due: None });
        }
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            waiting: self.ready.len(),
            delayed: self.delayed.len(),
            active: self.active.len(),
            failed: self.failed.len(),
        }
    }

    pub(super) fn jobs(&self, state: JobState, limit: usize, now: Moment) -> Vec<ListedJob> {
        let waiting = |serial: &u64| Some((*serial, &self.waiting.get(serial)?.entry));
        match state {
            JobState::Active => {
                let mut active: Vec<_> = self.active.iter().collect();
                active.sort_by_key(|(_, active)| active.began);
                let jobs = active.into_iter().take(limit).map(|(serial, Active { entry, began })| {
                    ListedJob { began: Some(*began), ..entry.listed(*serial, state) }
                });
                jobs.collect()
            }
            JobState::Waiting => {
                let ready = self.ready.iter().filter_map(|(_, serial)| waiting(serial));
                ready.take(limit).map(|(serial, entry)| entry.listed(serial, state)).collect()
            }
            JobState::Delayed => {
                let delayed = self.delayed.iter().filter_map(|(due, serial)| Some((due, waiting(serial)?)));
                let jobs = delayed.take(limit).map(|(due, (serial, entry))| ListedJob {
                    due: Some(now.shown(*due)),
                    ..entry.listed(serial, state)
                });
                jobs.collect()
            }
            JobState::Failed => {
                let jobs = self.failed.iter().take(limit).map(|Failed { serial, entry, ended }| ListedJob {
                    ended: Some(*ended),
                    ..entry.listed(*serial, state)
                });
                jobs.collect()
            }
        }
    }

    /// Whether there was such a job among those that were given up; it stays there when there is no room.
    pub(super) fn retry(&mut self, id: &str, now: Moment) -> Result<bool, Full> {
        let Some(index) = self.failed.iter().position(|failed| failed.serial.to_string() == id) else {
            return Ok(false);
        };
        let again = self.failed.get(index).map(|failed| NewJob {
            delay: Duration::ZERO,
            priority: Priority::Person,
            ..failed.entry.job.clone()
        });
        if let Some(job) = again {
            self.add(job, now)?;
            self.failed.remove(index);
        }
        Ok(true)
    }

    fn admit(&mut self, job: NewJob, now: Moment) {
        self.last_serial += 1;
        let serial = self.last_serial;
        if let Some(id) = job.dedupe.clone() {
            self.holders.insert(id, Holder { serial, next: None });
        }
        let due = (!job.delay.is_zero()).then(|| now.instant + job.delay);
        let entry = Entry { job, added: now.at, made: 0, error: Vec::new() };
        self.put(serial, Waiting { entry, due });
    }

    /// The job is over: its id is free, or the one put aside follows.
    fn release(&mut self, over: &Entry, now: Moment) {
        let holder = over.job.dedupe.as_ref().and_then(|id| self.holders.remove(id));
        if let Some(next) = holder.and_then(|holder| holder.next) {
            self.admit(next, now);
        }
    }

    fn put(&mut self, serial: u64, waiting: Waiting) {
        match waiting.due {
            Some(due) => self.delayed.insert((due, serial)),
            None => self.ready.insert((waiting.entry.job.priority, serial)),
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
            None => self.ready.remove(&(waiting.entry.job.priority, serial)),
        };
        Some(waiting)
    }

    /// When somebody waits for the same work, it is his too and not later than he wants it.
    fn hurry(&mut self, serial: u64, by: &NewJob, now: Instant) {
        if by.priority != Priority::Person {
            return;
        }
        let Some(mut waiting) = self.withdraw(serial) else { return };
        waiting.entry.job.priority = by.priority;
        waiting.due = waiting.due.min((!by.delay.is_zero()).then(|| now + by.delay));
        self.put(serial, waiting);
    }
}

impl Entry {
    /// What is the same in every state.
    fn listed(&self, serial: u64, state: JobState) -> ListedJob {
        ListedJob {
            id: serial.to_string(),
            name: self.job.name.clone(),
            data: self.job.data.clone(),
            state,
            attempts: self.made,
            priority: Some(self.job.priority),
            added: self.added,
            due: None,
            began: None,
            ended: None,
            error: self.error.clone(),
            unreadable: Vec::new(),
        }
    }
}

impl Moment {
    /// What the clock on the wall will show then.
    fn shown(&self, then: Instant) -> Timestamp {
        let ahead = then.saturating_duration_since(self.instant).as_millis();
        Timestamp(self.at.0.saturating_add(i64::try_from(ahead).unwrap_or(i64::MAX)))
    }
}
