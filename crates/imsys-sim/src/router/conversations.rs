//! What each connection has said, for tests of who keeps silent.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// The latest connections that are remembered.
const KEPT: usize = 256;
/// The latest commands that are remembered.
const COMMANDS_KEPT: usize = 4096;

/// One API connection, now or before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Counts from the router's first connection.
    pub number: u64,
    /// Bytes that the client has sent.
    pub heard: u64,
    /// It stands.
    pub open: bool,
}

/// The latest commands of all connections.
#[derive(Debug, Default)]
pub(crate) struct Said(Mutex<VecDeque<String>>);

impl Said {
    pub(crate) fn hear(&self, command: String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= COMMANDS_KEPT {
            all.pop_front();
        }
        all.push_back(command);
    }

    pub(crate) fn read(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// The latest connections.
#[derive(Debug, Default)]
pub(crate) struct Conversations(Mutex<Vec<Conversation>>);

impl Conversations {
    pub(crate) fn heard(&self, number: u64, bytes: usize) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = bytes as u64;
        match all.iter_mut().find(|known| known.number == number) {
            Some(known) => known.heard += bytes,
            None => all.push(Conversation { number, heard: bytes, open: true }),
        }
        if all.len() > KEPT {
            all.remove(0);
        }
    }

    pub(crate) fn over(&self, number: u64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter_mut().filter(|known| known.number == number).for_each(|known| known.open = false);
    }

    pub(crate) fn read(&self) -> Vec<Conversation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
