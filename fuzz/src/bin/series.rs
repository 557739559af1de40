//! Any bytes as a chunk of points and as a row of summaries.
#![no_main]

use imsys_doctor::builtin::series::codec::{points, summaries};
use libfuzzer_sys::fuzz_target;

const START: u32 = 1_700_006_400;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = points::decode(START, 14_400, bytes) {
        let again = points::decode(START, 14_400, &points::encode(START, &read));
        assert_eq!(again.as_ref(), Ok(&read));
    }
    if let Ok(read) = summaries::decode(START, 300, 288, bytes) {
        let again = summaries::decode(START, 300, 288, &summaries::encode(START, 300, &read));
        let again = again.expect("what was written can be read");
        assert!(again.iter().zip(&read).all(|(a, b)| (a.at, a.count) == (b.at, b.count)));
        assert_eq!(again.len(), read.len());
    }
});
