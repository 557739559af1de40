//! What is asked of a router's session, and what the session needs for it.

use super::Sabotage;
use super::connection::{Connector, Trouble};
use super::logins::Logins;
use super::odd::OddFields;
use crate::clock::Clock;
use crate::metrics::Metrics;
use imsys_store::Store;
use routeros::client::Client;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Who waits for what is asked of a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lane {
    /// The clock.
    Ordinary,
    /// A person or a payment: it waits for no table that is being printed and for no probe.
    Urgent,
}

/// What is asked of a session.
pub(crate) enum Message {
    /// Ask the router about this user, soon and together with others.
    Ask(String),
    /// Read the whole table now; answer when what it says is stored.
    Sweep(oneshot::Sender<Result<(), Trouble>>),
    /// Ask the router about this user now, whatever else it is asked; answer when what it says is stored.
    Look(String, oneshot::Sender<Result<(), Trouble>>),
    /// Hand the connection out as soon as there is one.
    Connect(oneshot::Sender<Result<Client, Trouble>>),
}

impl Message {
    pub(super) fn refuse(self, trouble: &Trouble) {
        match self {
            Self::Ask(_) => {}
            Self::Sweep(tell) | Self::Look(_, tell) => {
                let _gone = tell.send(Err(trouble.clone()));
            }
            Self::Connect(tell) => {
                let _gone = tell.send(Err(trouble.clone()));
            }
        }
    }
}

/// What a session needs of the rest.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Clock,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) odd: OddFields,
    pub(crate) logins: Logins,
    pub(crate) connector: Connector,
    pub(crate) sabotage: Option<Sabotage>,
}
