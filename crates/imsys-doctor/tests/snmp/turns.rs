//! One request at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use imsys_doctor::builtin::snmp::{Agent, Device, Oid, SnmpError, Value, Varbind};
use tokio::time::sleep;

use crate::helper::{deadline, oid, table};

/// Counts how many requests are under way.
#[derive(Default, Clone)]
struct Counting {
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Counting {
    async fn answer(&self, oid: &Oid) -> Varbind {
        let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(under_way, Ordering::SeqCst);
        sleep(Duration::from_millis(5)).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        Varbind { oid: oid.clone(), value: Value::EndOfView }
    }
}

#[async_trait]
impl Agent for Counting {
    fn knows_bulk(&self) -> bool {
        true
    }

    async fn get(&self, oids: &[Oid]) -> Result<Vec<Varbind>, SnmpError> {
        Ok(vec![self.answer(&oids[0]).await])
    }

    async fn get_next(&self, oid: &Oid) -> Result<Varbind, SnmpError> {
        Ok(self.answer(oid).await)
    }

    async fn get_bulk(&self, oid: &Oid, _repetitions: u32) -> Result<Vec<Varbind>, SnmpError> {
        Ok(vec![self.answer(oid).await])
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_is_asked_one_thing_at_a_time() {
    let counting = Counting::default();
    let device = Device::new(counting.clone(), true);
    let (table, name) = (table(), [oid("1.3.6.1.2.1.1.1.0")]);
    let (walk, get, has) = tokio::join!(
        device.walk(&table, deadline()),
        device.get(&name, deadline()),
        device.has(&table, deadline()),
    );
    assert!(walk.is_ok() && get.is_ok() && has.is_ok());
    assert_eq!(counting.most.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn one_who_waits_for_a_turn_keeps_the_deadline() {
    let counting = Counting::default();
    let device = Device::new(counting, true);
    let soon = tokio::time::Instant::now() + Duration::from_millis(1);
    let (table, name) = (table(), [oid("1.3.6.1.2.1.1.1.0")]);
    let (walk, get) = tokio::join!(device.walk(&table, deadline()), device.get(&name, soon));
    assert_eq!((walk, get), (Ok(Vec::new()), Err(SnmpError::Timeout)));
}
