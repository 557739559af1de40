//! How a device is doing.

use imsys_domain::{Timestamp, device};

/// How a device is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// By ping alone.
    pub condition: Condition,
    /// By SNMP, which never changes what ping says; `None` where it is not asked by SNMP, or nothing is known yet.
    pub snmp: Option<SnmpState>,
    /// The round trip time of the latest ping, in microseconds; `None` where it did not answer.
    pub latency_us: Option<u32>,
    /// When it was asked last; `None` where it was not, or the doctor does not say it in a way that can be trusted.
    pub checked: Option<Timestamp>,
}

/// Whether it answers to ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It answers.
    Up,
    /// It was asked and does not answer.
    Down(DownBy),
    /// It could not be asked, or was not asked yet.
    Unknown(UnknownBy),
}

/// Why it is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownBy {
    /// It does not answer to ping.
    NoAnswer,
    /// The doctor does not say why.
    Unstated,
}

/// Why nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownBy {
    /// Nobody has asked it yet.
    NeverAsked,
    /// Somebody switched it off at the doctor.
    SwitchedOff,
    /// It could not be asked.
    NotAsked(device::Reason),
}

/// Whether it answers to SNMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnmpState {
    /// It answers.
    Answers,
    /// It answers to ping, and not to SNMP.
    Silent,
}
