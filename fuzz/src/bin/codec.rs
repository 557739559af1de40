//! Any bytes through the decoder of the wire format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use routeros::codec::{DecodeError, Decoder, Limits, encode_sentence};

/// Small, so that limits are reached.
const LIMITS: Limits = Limits { word: 300, words: 20, sentence: 1_000 };

/// The sentences in `wire`, each as its words, fed in pieces of `cut` bytes; and how it ended.
fn decode(wire: &[u8], cut: usize) -> (Vec<Vec<Vec<u8>>>, Result<(), DecodeError>) {
    let mut decoder = Decoder::new(LIMITS);
    let mut sentences = Vec::new();
    for piece in wire.chunks(cut) {
        decoder.feed(piece);
        loop {
            match decoder.next() {
                Ok(None) => break,
                Ok(Some(sentence)) => {
                    let words: Vec<_> = sentence.words().map(<[u8]>::to_vec).collect();
                    let mut again = Vec::new();
                    encode_sentence(&words, &mut again).expect("decoded words can be written");
                    assert_eq!(again.len(), sentence.wire_len());
                    let end = wire.windows(again.len()).any(|bytes| bytes == again);
                    assert!(end, "written again, a sentence is other bytes");
                    assert_eq!(sentence.head(), words[0]);
                    sentence.attrs().for_each(drop);
                    sentences.push(words);
                }
                Err(error) => return (sentences, Err(error)),
            }
        }
    }
    (sentences, Ok(()))
}

fuzz_target!(|input: &[u8]| {
    let Some((cut, wire)) = input.split_first() else { return };
    let (whole, ended) = decode(wire, wire.len().max(1));
    let (pieces, ended_in_pieces) = decode(wire, usize::from(*cut).max(1));
    assert_eq!(whole, pieces);
    assert_eq!(ended.is_err(), ended_in_pieces.is_err());
});
