//! What a device is measured at, whoever made it.

use super::wander::{DAY, HOUR, MINUTE, busy, drawn, wander};
use super::{Device, Kind};

/// The hour of the day at [`Device::afternoon`].
const AFTERNOON: i64 = 14 * HOUR;
/// The noise floor of a quiet band, in dBm.
const QUIET: f64 = -96.0;
/// The steps of a radio's data rate as shares of its most, from modulation 0 up.
const STEPS: [f64; 10] = [0.08, 0.15, 0.23, 0.3, 0.45, 0.6, 0.68, 0.75, 0.9, 1.0];

/// A device at one moment. What a kind does not have stands here too and means nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Load of the processor, in percent.
    pub cpu: f64,
    /// Memory in use, in percent.
    pub memory: f64,
    /// Degrees Celsius.
    pub temperature: f64,
    /// Watts.
    pub power: f64,
    /// What its uplink port receives, in bit/s.
    pub bits_in: f64,
    /// What its uplink port sends, in bit/s.
    pub bits_out: f64,
    /// dBm, of the first station.
    pub signal: f64,
    /// dBm.
    pub noise: f64,
    /// Percent.
    pub ccq: f64,
    /// How busy the air is, in percent.
    pub airtime: f64,
    /// Modulation of sending, from 0.
    pub mcs_tx: usize,
    /// Modulation of receiving, from 0.
    pub mcs_rx: usize,
    /// Data rate of sending, in bit/s.
    pub rate_tx: f64,
    /// Data rate of receiving, in bit/s.
    pub rate_rx: f64,
}

impl Figures {
    /// Signal to noise, in dB.
    pub fn snr(&self) -> f64 {
        self.signal - self.noise
    }
}

impl Device {
    /// What it is measured at, at a time in milliseconds since 1970, as if it were up.
    pub fn figures(&self, at: i64) -> Figures {
        let drift = |salt: u64, period: i64| wander(self.seed ^ salt, at, period);
        let (hour, load) = (self.hour(at), self.load(at));
        let warm = ((hour - 9.0) / 24.0 * std::f64::consts::TAU).sin();
        let signal = self.base_signal() + self.fading(at);
        let noise = QUIET + 3.0 * (1.0 + drawn(self.seed, 5)) + 1.2 * drift(3, 40 * MINUTE);
        let most = self.most_rate();
        let step = |snr: f64| (((snr - 6.0) / 2.6) as usize).min(STEPS.len() - 1);
        let (mcs_tx, mcs_rx) =
            (step(signal - noise), step(signal - noise - 1.5 + 2.0 * drift(4, 9 * MINUTE)));
        let most_carried = self.most_carried();
        Figures {
            cpu: (6.0 + 38.0 * load + 5.0 * drift(5, 2 * MINUTE)).clamp(1.0, 100.0),
            memory: 41.0 + 9.0 * drawn(self.seed, 6) + 2.5 * drift(6, 3 * HOUR),
            temperature: 33.0 + 5.0 * drawn(self.seed, 7) + 8.0 * warm + 1.5 * drift(7, 2 * HOUR),
            power: 9.0 + 3.0 * load + 60.0 * f64::from(self.kind == Kind::NetonixSwitch),
            bits_in: most_carried * load,
            bits_out: most_carried * load * (0.13 + 0.03 * drift(8, 15 * MINUTE)),
            signal,
            noise,
            ccq: (97.0 - 9.0 * drift(9, 6 * MINUTE).abs() - 8.0 * load).clamp(40.0, 100.0),
            airtime: (75.0 * load + 4.0 * drift(10, 3 * MINUTE)).clamp(1.0, 99.0),
            mcs_tx,
            mcs_rx,
            rate_tx: most * STEPS[mcs_tx],
            rate_rx: most * STEPS[mcs_rx],
        }
    }

    /// How long a ping takes, in milliseconds.
    pub fn latency(&self, at: i64) -> f64 {
        let drift = wander(self.seed ^ 11, at, 3 * MINUTE);
        self.base_latency() * (1.0 + 0.5 * self.load(at) + 0.12 * drift)
    }

    /// The hour of its day.
    fn hour(&self, at: i64) -> f64 {
        (at - self.afternoon + AFTERNOON).rem_euclid(DAY) as f64 / HOUR as f64
    }

    /// What it carries, as a share of its most.
    fn load(&self, at: i64) -> f64 {
        let drift = |salt: u64, period: i64| wander(self.seed ^ salt, at, period);
        let turbulence = 1.0 + 0.18 * drift(1, 25 * MINUTE) + 0.1 * drift(2, 4 * MINUTE);
        (busy(self.hour(at)) * turbulence).clamp(0.02, 1.1)
    }

    /// The signal of a station of it in dBm, from 0.
    pub(crate) fn signal_of(&self, station: usize, at: i64) -> f64 {
        let seed = self.seed.wrapping_add(station as u64 * 0x1_0001);
        match station {
            0 => self.base_signal() + self.fading(at),
            _ => -64.0 + 9.0 * drawn(seed, 21) + 1.6 * wander(seed, at, 12 * MINUTE),
        }
    }

    /// Which share of a ping's requests gets lost.
    pub fn loss(&self) -> f64 {
        // One in ten is a bad link.
        if drawn(self.seed, 31) > 0.8 { 0.02 + 0.05 * drawn(self.seed, 32).abs() } else { 0.0 }
    }

    fn base_signal(&self) -> f64 {
        let mean = if self.is_backhaul() { -48.0 } else { -61.0 };
        mean + 5.0 * drawn(self.seed, 22)
    }

    /// Trees and weather, and people who walk through.
    fn fading(&self, at: i64) -> f64 {
        let drift = |salt: u64, period: i64| wander(self.seed ^ salt, at, period);
        let rain = (drift(12, 19 * HOUR) - 0.55).max(0.0) * 9.0;
        1.1 * drift(13, 50 * MINUTE) + 0.7 * drift(14, 3 * MINUTE) - rain
    }

    fn base_latency(&self) -> f64 {
        let mean = match self.kind {
            Kind::Af60Backhaul | Kind::NetonixSwitch | Kind::Ups => 0.9,
            Kind::MimosaBackhaul | Kind::Camera => 2.4,
            Kind::RouterosAp | Kind::AirosAp | Kind::EpmpAp => 4.5,
        };
        mean * (1.0 + 0.5 * drawn(self.seed, 23))
    }

    fn is_backhaul(&self) -> bool {
        matches!(self.kind, Kind::Af60Backhaul | Kind::MimosaBackhaul)
    }

    /// The highest data rate of its radio, in bit/s.
    fn most_rate(&self) -> f64 {
        match self.kind {
            Kind::Af60Backhaul => 1_950e6,
            Kind::MimosaBackhaul => 780e6,
            Kind::RouterosAp | Kind::AirosAp => 300e6,
            Kind::EpmpAp | Kind::NetonixSwitch | Kind::Camera | Kind::Ups => 220e6,
        }
    }

    /// What it carries in the busiest hour, in bit/s.
    fn most_carried(&self) -> f64 {
        let mean = match self.kind {
            Kind::Af60Backhaul => 420e6,
            Kind::MimosaBackhaul => 260e6,
            Kind::NetonixSwitch => 510e6,
            Kind::RouterosAp | Kind::AirosAp | Kind::EpmpAp => 85e6,
            Kind::Camera => 4e6,
            Kind::Ups => 1e3,
        };
        mean * (1.0 + 0.35 * drawn(self.seed, 24))
    }
}
