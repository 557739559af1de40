//! Any bytes through every value parser, and back where values are written.
#![no_main]

use std::{fmt::Debug, net::IpAddr, time::Duration};

use libfuzzer_sys::fuzz_target;
use routeros::{
    connect::Fingerprint,
    menu::{ArpStatus, LeaseStatus},
    value::{
        Cidr, DateTime, Id, Mac, Text, UpDown, Value, decode_text, format_bool, format_duration, parse,
        strip_padding,
    },
};

/// Reads, writes, and reads again.
fn round<T: Value + PartialEq + Debug>(input: &[u8], write: impl Fn(&T) -> String) {
    if let Ok(value) = parse::<T>(input) {
        assert_eq!(parse(write(&value).as_bytes()), Ok(value));
    }
}

fuzz_target!(|input: &[u8]| {
    round::<Duration>(input, |value| format_duration(*value));
    round::<DateTime>(input, DateTime::to_string);
    round::<DateTime>(input, |value| value.format_old());
    round::<bool>(input, |value| format_bool(*value).into());
    round::<u64>(input, u64::to_string);
    round::<u8>(input, u8::to_string);
    round::<Mac>(input, Mac::to_string);
    round::<IpAddr>(input, IpAddr::to_string);
    round::<Cidr>(input, Cidr::to_string);
    round::<UpDown>(input, |pair| format!("{}/{}", pair.up, pair.down));
    round::<ArpStatus>(input, ArpStatus::to_string);
    round::<LeaseStatus>(input, LeaseStatus::to_string);
    round::<Fingerprint>(input, Fingerprint::to_string);
    round::<Id>(input, Id::to_string);
    let text = Text::read(input).expect("every bytes are text");
    assert_eq!(text, *decode_text(strip_padding(input)));
    assert_eq!(
        parse::<Option<Duration>>(input).is_ok(),
        input.is_empty() || input == b"never" || parse::<Duration>(input).is_ok()
    );
});
