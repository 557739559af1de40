//! Any sentence as a row of every menu.
#![no_main]

use libfuzzer_sys::fuzz_target;
use routeros::{
    AnyRow, FieldOrder, FromRow,
    codec::{Decoder, Limits},
    menu,
};

/// Reads `wire` with what was learnt from the row before and without: both must agree.
fn read<T: FromRow + PartialEq + std::fmt::Debug>(wire: &[u8]) {
    let mut decoder = Decoder::new(Limits::BEFORE_LOGIN);
    decoder.feed(wire);
    let mut learnt = FieldOrder::default();
    while let Ok(Some(row)) = decoder.next() {
        let fresh = T::read_row(row, &mut FieldOrder::default());
        assert_eq!(T::read_row(row, &mut learnt), fresh);
        assert_eq!(T::read_row(row, &mut learnt), fresh);
    }
}

fuzz_target!(|wire: &[u8]| {
    read::<AnyRow>(wire);
    read::<menu::Arp>(wire);
    read::<menu::DeviceMode>(wire);
    read::<menu::DhcpLease>(wire);
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
