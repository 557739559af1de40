//! Our own ICMP pinger: many targets, paced, and no lie about loss.
//!
//! * [`Pinger`]: sends echo requests and tells the outcome of each, [`Round`] by round; [`Samples`] is their stream.
//! * [`Outcome`]: of one probe: answered, lost, or unknown and why.
//! * [`Stats`]: loss, round trip times and jitter of an interval's outcomes.
//! * [`Reach`]: decides from outcomes when a target is down and when it is up again.
//! * [`Uplink`]: tells targets that are down from a connection of our own that is gone.
//! * [`Permission`]: which kind of ICMP socket this process may have, and what to grant.
//!
//! A scheduler starts a round with all targets of a cadence once per interval and feeds each sample to the target's
//! [`Reach`]; targets for which it asks are looked at again in a round [`Round::CONFIRM`].
//!
//! One thread serves all rounds. At each tick it sends what is due, reads the replies that came, and gives up on what is
//! too old. The kernel stamps each reply on arrival, so the round trip time does not depend on when the thread wakes. A
//! sample is [`Unknown`], never lost, when the kernel dropped packets for us while it was outstanding. The time of
//! sending is kept here and not in the packet, so a device cannot improve its own round trip time.
//!
//! Packets (`packet`), matching and pacing (`round_state`), [`Stats`], [`Reach`] and [`Uplink`] do no IO and read no clock.

mod drops;
mod engine;
mod outcome;
mod packet;
mod permission;
mod pinger;
mod reach;
mod round;
mod round_state;
mod socket;
mod stats;
mod uplink;

pub use outcome::{Outcome, Sample, Unknown};
pub use permission::{Access, GRANT, Permission};
pub use pinger::{Options, Pinger, PingerError, Samples, StartError};
pub use reach::{Decision, Reach, State};
pub use round::Round;
pub use stats::{RoundTrip, Stats};
pub use uplink::{Uplink, Verdict};
