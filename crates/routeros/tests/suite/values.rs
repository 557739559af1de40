use std::{net::IpAddr, time::Duration};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use routeros::{
    menu::ArpStatus,
    value::{
        Cidr, DateTime, Id, Mac, Text, UpDown, Value, decode_text, format_bool, format_duration, parse,
        strip_padding,
    },
};

use crate::recorded::{load, texts};

fn duration(text: &str) -> Option<Duration> {
    parse(text.as_bytes()).ok()
}

#[test]
fn every_recorded_duration_is_read() {
    let Some(fixtures) = load("fixtures.json") else { return };
    for spelling in texts(&fixtures, "duration_spellings") {
        let read = parse::<Option<Duration>>(spelling.as_bytes()).unwrap();
        assert_eq!(read.is_none(), spelling == "never", "{spelling}");
    }
}

#[test]
fn durations_mean_what_they_say() {
    let s = Duration::from_secs;
    for (spelling, meaning) in [
        ("1w4d23h26m9s", s(604_800 + 4 * 86_400 + 23 * 3_600 + 26 * 60 + 9)),
        ("8w6d6h18m17s", s(8 * 604_800 + 6 * 86_400 + 6 * 3_600 + 18 * 60 + 17)),
        ("44m55s", s(2_695)),
        ("1y2w3d", s((365 + 17) * 86_400)),
        ("9ms445us", Duration::from_micros(9_445)),
        ("170ms", Duration::from_millis(170)),
        ("0ms", s(0)),
        ("14:40:26", s(52_826)),
        ("1d02:15:30", s(94_530)),
        ("01:22:53", s(4_973)),
        ("00:00:00", s(0)),
        ("1.5s", Duration::from_millis(1_500)),
        ("00:00:01.25", Duration::from_millis(1_250)),
    ] {
        assert_eq!(duration(spelling), Some(meaning), "{spelling}");
    }
}

#[test]
fn what_is_no_duration_is_refused() {
    for spelling in [
        "",
        "5",
        "s",
        "1s1s",
        "1s1m",
        "1h ",
        " 1h",
        "-1s",
        "1:2:3",
        "00:60:00",
        "00:00:60",
        "1.s",
        "1.5m",
        "1x",
        "never",
        "1d2:15",
        "99999999999999999999s",
        "18446744073709551615w",
        "1.1234567890s",
    ] {
        assert_eq!(duration(spelling), None, "{spelling}");
    }
}

#[test]
fn a_duration_that_is_written_reads_the_same() {
    let mut random = StdRng::seed_from_u64(2);
    for _ in 0..20_000 {
        let bits = random.random_range(0..64);
        let whole = random.random::<u64>() >> bits;
        let meaning = Duration::new(whole, random.random_range(0..1_000_000_000));
        assert_eq!(duration(&format_duration(meaning)), Some(meaning));
    }
    for meaning in [Duration::ZERO, Duration::MAX] {
        assert_eq!(duration(&format_duration(meaning)), Some(meaning));
    }
    assert_eq!(format_duration(Duration::from_secs(94_530)), "1d2h15m30s");
}

#[test]
fn both_spellings_of_a_date_are_read_and_written() {
    let old: DateTime = parse(b"nov/24/2016 21:07:05").unwrap();
    let new: DateTime = parse(b"2016-11-24 21:07:05").unwrap();
    assert_eq!(old, new);
    assert_eq!(new.to_string(), "2016-11-24 21:07:05");
    assert_eq!(new.format_old(), "nov/24/2016 21:07:05");
    assert!(parse::<DateTime>(b"Jul/19/2022 11:25:54").is_ok());
    assert_eq!(parse::<Option<DateTime>>(b"never"), Ok(None));
}

#[test]
fn every_recorded_date_is_read() {
    let Some(fixtures) = load("fixtures.json") else { return };
    let spellings = &fixtures["date_spellings"];
    for spelling in [texts(spellings, "<7.10"), texts(spellings, ">=7.10")].concat() {
        let spelling = spelling.split(" (").next().unwrap();
        assert!(parse::<DateTime>(spelling.as_bytes()).is_ok(), "{spelling}");
    }
}

#[test]
fn days_that_never_were_are_refused() {
    for text in [
        "2023-02-29 00:00:00",
        "2024-02-30 00:00:00",
        "1900-02-29 00:00:00",
        "2024-13-01 00:00:00",
        "2024-00-01 00:00:00",
        "2024-01-00 00:00:00",
        "2024-04-31 00:00:00",
        "2024-01-01 24:00:00",
        "2024-01-01 00:60:00",
        "2024-01-01 00:00:60",
        "2024-01-01",
        "2024-01-01 00:00:00 ",
        "foo/01/2024 00:00:00",
        "2024-1-01 00:00:00",
    ] {
        assert!(parse::<DateTime>(text.as_bytes()).is_err(), "{text}");
    }
    assert!(parse::<DateTime>(b"2000-02-29 23:59:59").is_ok());
}

#[test]
fn switches_are_read_in_both_words_and_written_as_yes_and_no() {
    for (word, meaning) in [("true", true), ("yes", true), ("false", false), ("no", false)] {
        assert_eq!(parse(word.as_bytes()), Ok(meaning));
        assert_eq!(parse(format_bool(meaning).as_bytes()), Ok(meaning));
    }
    let error = parse::<bool>(b"True").unwrap_err();
    assert_eq!((error.expected, error.found.as_str()), ("true or false", "True"));
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    assert_eq!(parse(b"65535"), Ok(u16::MAX));
    assert_eq!(parse(b"18446744073709551615"), Ok(u64::MAX));
    assert!(parse::<u16>(b"65536").is_err());
    assert!(parse::<u64>(b"18446744073709551616").is_err());
    for text in ["", "-1", "+1", "1 ", "0x1"] {
        assert!(parse::<u64>(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(parse::<Option<u64>>(b""), Ok(None));
}

#[test]
fn a_mac_address_is_read_in_either_case_and_written_in_capitals() {
    let mac: Mac = parse(b"08:00:27:ce:a3:7E").unwrap();
    assert_eq!(mac.to_string(), "08:00:27:CE:A3:7E");
    assert!(parse::<Mac>(b"00:00:00:00:00:00").unwrap().is_zero());
    for text in ["", "08:00:27:ce:a3", "08-00-27-ce-a3-7e", "08:00:27:ce:a3:7g", "08:00:27:ce:a3:7e:"] {
        assert!(parse::<Mac>(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn a_network_holds_the_addresses_that_share_its_prefix() {
    let holds = |network: &str, address: &str| {
        parse::<Cidr>(network.as_bytes()).unwrap().holds(address.parse().unwrap())
    };
    assert!(holds("192.168.88.1/24", "192.168.88.200") && !holds("192.168.88.1/24", "192.168.89.1"));
    assert!(holds("10.0.0.1/32", "10.0.0.1") && !holds("10.0.0.1/32", "10.0.0.2"));
    assert!(holds("0.0.0.0/0", "203.0.113.7") && !holds("0.0.0.0/0", "::1"));
    assert!(
        holds("::/0", "fe80::1") && holds("fd00::1/64", "fd00::2") && !holds("fd00::1/64", "fd00:0:0:1::2")
    );
}

#[test]
fn addresses_are_read_with_zone_and_prefix() {
    assert_eq!(parse(b"10.0.0.1"), Ok(IpAddr::from([10, 0, 0, 1])));
    assert_eq!(parse::<IpAddr>(b"fe80::1%ether1").unwrap().to_string(), "fe80::1");
    let network: Cidr = parse(b"192.168.88.1/24").unwrap();
    assert_eq!((network.prefix, network.to_string().as_str()), (24, "192.168.88.1/24"));
    assert_eq!(parse::<Cidr>(b"1.1.1.1").unwrap().prefix, 32);
    for text in ["", "10.0.0.1/33", "10.0.0.1/", "10.0.0/8", "::1/129", "10.0.0.256"] {
        assert!(parse::<Cidr>(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn pairs_of_amounts_are_read_as_numbers_and_as_rates() {
    assert_eq!(parse(b"1200/3400"), Ok(UpDown { up: 1_200, down: 3_400 }));
    assert_eq!(parse(b"1.5Mbps/512bps"), Ok(UpDown { up: 1_500_000, down: 512 }));
    assert_eq!(parse(b"10M/2k"), Ok(UpDown { up: 10_000_000, down: 2_000 }));
    for text in ["", "1", "1/", "/1", "1/2/3", "1x/2"] {
        assert!(parse::<UpDown>(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn text_is_utf8_or_windows_1252_and_loses_its_padding() {
    assert_eq!(decode_text("café".as_bytes()), "café");
    assert_eq!(decode_text(b"caf\xE9 \x80 \x93x\x94 \x81"), "café € “x” \u{81}");
    assert_eq!(Text::read(b"sw\0\0\0").unwrap(), "sw");
    assert_eq!(strip_padding(b"a\0b\0"), b"a\0b");
    assert_eq!(Id::read(b"*1F").unwrap().as_str(), "*1F");
}

#[test]
fn every_byte_is_one_character_of_windows_1252() {
    for byte in 0x80..=0xFF {
        assert_eq!(decode_text(&[byte]).chars().count(), 1);
    }
}

#[test]
fn a_word_of_a_later_version_is_kept() {
    assert_eq!(parse(b"stale"), Ok(ArpStatus::Stale));
    assert_eq!(parse(b"dreaming"), Ok(ArpStatus::Other("dreaming".into())));
    assert_eq!(ArpStatus::Stale.to_string(), "stale");
}

#[test]
fn an_error_shows_no_more_than_64_bytes() {
    assert_eq!(parse::<bool>(&[b'x'; 1000]).unwrap_err().found.len(), 64);
}
