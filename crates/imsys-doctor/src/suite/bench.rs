//! Short ways to say things.

use super::{COMMUNITY, Host, World};
use crate::Credentials;
use crate::port::{Condition, Doctor, DownBy, GraphName, GraphQuery, Health, NewDevice, Picture, UnknownBy};
use imsys_domain::{DeviceId, Timestamp};
use std::sync::Arc;
use uuid::Uuid;

pub(super) const UP: Condition = Condition::Up;
pub(super) const SILENT: Condition = Condition::Down(DownBy::NoAnswer);
pub(super) const NEVER_ASKED: Condition = Condition::Unknown(UnknownBy::NeverAsked);

/// A world, its doctor, and devices by their number.
pub(super) struct Bench {
    pub(super) world: Arc<dyn World>,
    pub(super) doctor: Arc<dyn Doctor>,
}

impl Bench {
    pub(super) fn of(world: Arc<dyn World>) -> Self {
        Self { doctor: world.doctor(), world }
    }

    /// A device at the address of its number.
    pub(super) fn device(&self, number: usize) -> NewDevice {
        let address = *self.world.addresses().get(number).expect("the world has four addresses");
        NewDevice { id: id(number), name: format!("Device {number}"), address, place: None }
    }

    pub(super) async fn add(&self, number: usize) -> DeviceId {
        self.doctor.add(&self.device(number)).await.expect("it is added");
        id(number)
    }

    /// Puts something at the address of a number.
    pub(super) async fn put(&self, number: usize, host: Host) {
        self.world.put(self.device(number).address, host).await;
    }

    pub(super) async fn health(&self, device: DeviceId) -> Option<Health> {
        let all = self.doctor.health(&[device]).await.expect("the doctor answers");
        assert_eq!(all.len(), 1);
        all[0]
    }

    pub(super) async fn condition(&self, device: DeviceId) -> Condition {
        self.health(device).await.expect("it is there").condition
    }
}

/// The id of a number.
pub(super) fn id(number: usize) -> DeviceId {
    DeviceId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number as u128))
}

pub(super) fn credentials() -> Credentials {
    Credentials::V2c(COMMUNITY.into())
}

pub(super) fn query(name: &GraphName) -> GraphQuery {
    let (from, to) = (Timestamp(1_795_446_300_000), Timestamp(1_795_453_500_000));
    GraphQuery { name: name.clone(), from, to, width: 600, height: 200, picture: Picture::Png }
}
