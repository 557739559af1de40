use routeros::codec::{DecodeError, Decoder, Limits, encode_length, encode_sentence};

const SMALL: Limits = Limits { word: 200, words: 4, sentence: 500 };

/// Feeds everything in pieces of `cut` and tells the first error.
fn first_error(wire: &[u8], cut: usize) -> Option<DecodeError> {
    let mut decoder = Decoder::new(SMALL);
    wire.chunks(cut).find_map(|chunk| {
        decoder.feed(chunk);
        loop {
            match decoder.next() {
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(error) => return Some(error),
            }
        }
    })
}

fn sentence(words: &[usize]) -> Vec<u8> {
    let mut wire = Vec::new();
    encode_sentence(words.iter().map(|length| vec![b'x'; *length]), &mut wire).unwrap();
    wire
}

#[test]
fn a_word_beyond_the_limit_is_refused_by_its_length_alone() {
    for length in [201, 5_000, 3_000_000, u32::MAX] {
        let mut wire = Vec::new();
        encode_length(length, &mut wire);
        assert_eq!(first_error(&wire, 1), Some(DecodeError::WordTooLong { length, limit: 200 }));
    }
}

#[test]
fn what_is_exactly_at_a_limit_passes() {
    for cut in [1, 7, 1000] {
        assert_eq!(first_error(&sentence(&[200]), cut), None);
        assert_eq!(first_error(&sentence(&[1, 1, 1, 1]), cut), None);
        assert_eq!(first_error(&sentence(&[198, 198, 98]), cut), None);
    }
}

#[test]
fn a_sentence_with_too_many_words_or_bytes_is_refused() {
    for cut in [1, 7, 1000] {
        assert_eq!(
            first_error(&sentence(&[1, 1, 1, 1, 1]), cut),
            Some(DecodeError::TooManyWords { limit: 4 })
        );
        let long = sentence(&[200, 200, 200]);
        assert_eq!(first_error(&long, cut), Some(DecodeError::SentenceTooLong { limit: 500 }));
    }
}

#[test]
fn a_decoder_that_failed_stays_failed() {
    let mut decoder = Decoder::new(SMALL);
    decoder.feed(&[0xFF]);
    let first = decoder.next().unwrap_err();
    decoder.feed(&sentence(&[1]));
    assert_eq!(decoder.next(), Err(first));
}

#[test]
fn new_limits_count_from_the_next_word_on() {
    let mut decoder = Decoder::new(Limits::BEFORE_LOGIN);
    decoder.feed(&sentence(&[60_000]));
    assert!(decoder.next().unwrap().is_some());
    decoder.set_limits(Limits::AFTER_LOGIN);
    decoder.feed(&sentence(&[4 << 20]));
    assert!(decoder.next().unwrap().is_some());
}

#[test]
fn a_quiet_decoder_lets_go_of_a_large_buffer() {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&sentence(&[3 << 20]));
    assert!(decoder.next().unwrap().is_some());
    for _ in 0..2 {
        decoder.read_buffer();
    }
    assert!(decoder.read_buffer().capacity() <= 64 << 10);
}

#[test]
fn an_idle_decoder_lets_go_at_once() {
    let mut decoder = Decoder::new(Limits::default());
    assert!(decoder.read_buffer_of(32 << 10).capacity() >= 32 << 10);
    decoder.feed(&sentence(&[30_000]));
    assert!(decoder.idle_buffer().capacity() >= 30_000, "a sentence waits to be read");
    assert!(decoder.next().unwrap().is_some());
    assert!(decoder.idle_buffer().capacity() <= 1 << 10);
}
