//! Any sentence as a row of every menu, and any value in each of its fields.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use routeros::{
    AnyRow, FieldOrder, FromRow,
    codec::{Decoder, Limits, Sentence, encode_sentence},
    menu,
};

/// Reads a row, and how many of its fields could not be read.
fn row<T: FromRow>(sentence: Sentence<'_>, order: &mut FieldOrder) -> (T, usize) {
    let mut odd = 0;
    (T::read_row(sentence, order, |_| odd += 1), odd)
}

/// The same from words.
fn row_of<T: FromRow>(words: &[&[u8]]) -> (T, usize) {
    let mut wire = Vec::new();
    encode_sentence(words, &mut wire).expect("the words are short");
    let mut decoder = Decoder::new(Limits::BEFORE_LOGIN);
    decoder.feed(&wire);
    let sentence = decoder.next().expect("it was encoded").expect("it is whole");
    row(sentence, &mut FieldOrder::default())
}

/// Gives each field the value between two others: it is read, or it is as if it were not there.
fn odd<T: FromRow + PartialEq + Debug>(value: &[u8]) {
    for field in T::PROPLIST.unwrap_or_default().split(',') {
        let word = [b"=", field.as_bytes(), b"=", value].concat();
        let (read, odd) = row_of::<T>(&[b"!re", b"=.id=*1", &word, b"=comment=kept"]);
        if odd > 0 {
            assert_eq!((read, odd), (row_of(&[b"!re", b"=.id=*1", b"=comment=kept"]).0, 1));
        }
    }
}

/// Reads `wire` with what was learnt from the row before and without: both must agree.
fn read<T: FromRow + PartialEq + Debug>(wire: &[u8]) {
    let mut decoder = Decoder::new(Limits::BEFORE_LOGIN);
    decoder.feed(wire);
    let mut learnt = FieldOrder::default();
    while let Ok(Some(sentence)) = decoder.next() {
        let fresh = row::<T>(sentence, &mut FieldOrder::default());
        assert_eq!(row(sentence, &mut learnt), fresh);
        assert_eq!(row(sentence, &mut learnt), fresh);
    }
    odd::<T>(wire.get(..64).unwrap_or(wire));
}

fuzz_target!(|wire: &[u8]| {
    read::<AnyRow>(wire);
    read::<menu::Arp>(wire);
    read::<menu::DeviceMode>(wire);
    read::<menu::DhcpLease>(wire);
    read::<menu::DhcpServer>(wire);
    read::<menu::Identity>(wire);
    read::<menu::Interface>(wire);
    read::<menu::IpAddress>(wire);
    read::<menu::IpService>(wire);
    read::<menu::Neighbor>(wire);
    read::<menu::PingRow>(wire);
    read::<menu::PppActive>(wire);
    read::<menu::PppProfile>(wire);
    read::<menu::PppSecret>(wire);
    read::<menu::Resource>(wire);
    read::<menu::SimpleQueue>(wire);
    read::<menu::User>(wire);
    read::<menu::UserActive>(wire);
    read::<menu::UserGroup>(wire);
});
