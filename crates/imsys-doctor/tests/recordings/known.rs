//! Where we differ from the expectation on purpose.

/// A difference and why it is one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) recording: &'static str,
    /// Module, class and index of the expected rows; a word that ends with `*` stands for all that begin so.
    rows: &'static str,
    /// Shown when the difference is gone.
    reason: &'static str,
}

impl Known {
    pub(crate) fn covers(&self, key: &str) -> bool {
        let pairs = self.rows.splitn(3, ' ').zip(key.splitn(3, ' '));
        pairs.into_iter().all(|(wanted, word)| match wanted.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => word == wanted,
        })
    }
}

const fn known(recording: &'static str, rows: &'static str, reason: &'static str) -> Known {
    Known { recording, rows, reason }
}

pub(crate) const KNOWN: &[Known] = &[
    known(
        "airos-af",
        "ports ifOperStatus 3",
        "the agent says down, and the expectation up, without an object",
    ),
    known("ceraos", "ports ifInUcastPkts 268443713", NO_LONG_PACKETS),
    known("ceraos", "ports ifOutUcastPkts 268443713", NO_LONG_PACKETS),
    known("ceraos", "ports ifInUcastPkts 268562561", NO_LONG_PACKETS),
    known("ceraos", "ports ifOutUcastPkts 268562561", NO_LONG_PACKETS),
    known("ceraos", "wireless xpi 2684520*", "4294957397 is -98.99 without its sign: not measured"),
    known("ceraos", "wireless xpi 2684521*", "4294957397 is -98.99 without its sign: not measured"),
    known("ceraos", "wireless xpi 2684522*", "4294957397 is -98.99 without its sign: not measured"),
    known("cnmatrix", "ports ifAlias *", "the expectation takes the names of a table of the maker"),
    known("cnwave60", "mempools * 6", NO_CACHES),
    known("cnwave60", "mempools * 7", NO_CACHES),
    known("cnwave60", "mempools * 8", NO_CACHES),
    known("epmp", "ports ifSpeed 1", SPEED_IN_BITS),
    known("epmp_epmp-ap-connected-sta", "ports ifInUcastPkts *", NO_LONG_PACKETS),
    known("epmp_epmp-ap-connected-sta", "ports ifOutUcastPkts *", NO_LONG_PACKETS),
    known("pmp", "ports ifSpeed *", SPEED_IN_BITS),
    known("routeros", "wireless noise-floor *", "a virtual access point has none: 0 says so"),
    known("siklu", "wireless frequency 1", "we count MHz, the expectation GHz"),
    known("tachyon", "ports * 100*", "the expectation makes ports of the stations"),
    known("tachyon", "sensors frequency *", "we count MHz, the expectation Hz"),
    known("tachyon", "sensors runtime *", "we count seconds, the expectation minutes"),
    known("tachyon", "sensors state wirelessPeerAntennaKit.*", "a setting that does not change"),
    known("unifi", "wireless frequency *", "the agent gives the channel: we keep it as a channel"),
    known("unifi_nanohd", "wireless frequency *", "the agent gives the channel: we keep it as a channel"),
];

const NO_CACHES: &str = "buffers and caches are no memory of their own: physical memory is less by them";
const NO_LONG_PACKETS: &str =
    "the agent counts octets and packets differently long; the expectation drops one";
const SPEED_IN_BITS: &str = "ifHighSpeed counts bit/s on this agent, not Mbit/s";
