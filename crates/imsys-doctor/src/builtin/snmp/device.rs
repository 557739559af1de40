//! One device, asked one request at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::walk::{self, Step};
use super::{Agent, AgentStatus, OddReply, Oid, SnmpError, Value, Varbind};

/// A walk of more rows than this is refused.
pub const MOST_ROWS: usize = 20_000;
/// A walk whose values take more memory than this is refused.
pub const MOST_BYTES: usize = 4 << 20;
/// Names in one GET: their answers fit one frame.
const NAMES_AT_ONCE: usize = 10;

/// Asks one device: never more than one request at a time, each call with a deadline, and with the
/// largest GETBULK that the device has been seen to bear.
pub struct Device {
    agent: Mutex<Box<dyn Agent>>,
    step: AtomicUsize,
}

impl Device {
    /// A device behind `agent`. `bulk` is false for families whose agents break on GETBULK.
    pub fn new(agent: impl Agent + 'static, bulk: bool) -> Self {
        let step = if bulk && agent.knows_bulk() { Step::FIRST } else { Step::GET_NEXT };
        Self { agent: Mutex::new(Box::new(agent)), step: AtomicUsize::new(step.0) }
    }

    /// Turns GETBULK off for good, once the device's family is known to break on it.
    pub fn avoid_bulk(&self) {
        self.remember(Step::GET_NEXT);
    }

    /// The values of `oids`; what the device does not have is left out.
    ///
    /// # Errors
    /// See [`SnmpError`]; [`SnmpError::Timeout`] also when `deadline` comes first.
    pub async fn get(&self, oids: &[Oid], deadline: Instant) -> Result<Vec<Varbind>, SnmpError> {
        let asking = async {
            let agent = self.agent.lock().await;
            let mut found = Vec::new();
            for names in oids.chunks(NAMES_AT_ONCE) {
                found.extend(get_some(agent.as_ref(), names).await?);
            }
            Ok(found)
        };
        timeout_at(deadline, asking).await.unwrap_or(Err(SnmpError::Timeout))
    }

    /// All objects below `root`, in order.
    ///
    /// # Errors
    /// See [`SnmpError`]; [`SnmpError::Timeout`] also when `deadline` comes first.
    pub async fn walk(&self, root: &Oid, deadline: Instant) -> Result<Vec<Varbind>, SnmpError> {
        let asking = async {
            let agent = self.agent.lock().await;
            let (mut found, mut bytes, mut last) = (Vec::new(), 0, root.clone());
            loop {
                let page = self.page(agent.as_ref(), &last).await?;
                let Some(end) = walk::take_page(root, &last, page, &mut found, &mut bytes)? else {
                    return Ok(found);
                };
                last = end;
            }
        };
        timeout_at(deadline, asking).await.unwrap_or(Err(SnmpError::Timeout))
    }

    /// True when the device has an object below `root`.
    ///
    /// # Errors
    /// See [`SnmpError`]; [`SnmpError::Timeout`] also when `deadline` comes first.
    pub async fn has(&self, root: &Oid, deadline: Instant) -> Result<bool, SnmpError> {
        let asking = async {
            let agent = self.agent.lock().await;
            let next = walk::next(agent.as_ref(), root).await?;
            Ok(next.oid.below(root).is_some() && next.value != Value::EndOfView)
        };
        timeout_at(deadline, asking).await.unwrap_or(Err(SnmpError::Timeout))
    }

    /// The next objects behind `last`. A GETBULK that fails is tried with fewer repetitions, at last as a
    /// GETNEXT, and what succeeds is remembered. When there was no answer at all the next try is a
    /// GETNEXT: a device that is silent to that too is gone, and costs two timeouts instead of five.
    async fn page(&self, agent: &dyn Agent, last: &Oid) -> Result<Vec<Varbind>, SnmpError> {
        let mut step = Step(self.step.load(Ordering::Relaxed));
        loop {
            let Some(repetitions) = step.repetitions() else {
                let next = walk::next(agent, last).await?;
                self.remember(step);
                return Ok(vec![next]);
            };
            match agent.get_bulk(last, repetitions).await.and_then(walk::not_empty) {
                Ok(page) => {
                    self.remember(step);
                    return Ok(page);
                }
                Err(SnmpError::Timeout) => {
                    let next = walk::next(agent, last).await?;
                    self.remember(step.lower());
                    return Ok(vec![next]);
                }
                Err(error) if error.is_about_objects() => step = step.lower(),
                Err(error) => return Err(error),
            }
        }
    }

    fn remember(&self, step: Step) {
        self.step.store(step.0, Ordering::Relaxed);
    }
}

/// One GET. An agent that refuses the whole request for one name, as v1 does for a missing one, is asked
/// again without that.
async fn get_some(agent: &dyn Agent, names: &[Oid]) -> Result<Vec<Varbind>, SnmpError> {
    let mut names = names.to_vec();
    while !names.is_empty() {
        match agent.get(&names).await {
            Ok(found) if found.iter().any(|varbind| !names.contains(&varbind.oid)) => {
                return Err(SnmpError::OddReply(OddReply::OtherObjects));
            }
            Ok(found) => {
                return Ok(found.into_iter().filter(|varbind| varbind.value != Value::Missing).collect());
            }
            Err(error) => {
                let refused = refused(&error).filter(|at| *at < names.len()).ok_or(error)?;
                names.remove(refused);
            }
        }
    }
    Ok(Vec::new())
}

/// Which name of a request an agent refuses, from 0.
fn refused(error: &SnmpError) -> Option<usize> {
    match error {
        SnmpError::Agent { status: AgentStatus::TooBig, .. } => None,
        SnmpError::Agent { index, .. } => (*index as usize).checked_sub(1),
        _ => None,
    }
}
