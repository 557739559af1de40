use bytes::BytesMut;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use routeros::codec::{
    DecodeError, Decoder, EncodeError, Kind, Limits, SentenceWriter, decode_length, encode_length,
    encode_sentence, encode_word,
};

use crate::recorded::{hex, list, load, text, texts};

fn decoder_with(wire: &[u8]) -> Decoder {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(wire);
    decoder
}

fn sentence(words: &[&[u8]]) -> Vec<u8> {
    let mut wire = Vec::new();
    encode_sentence(words, &mut wire).unwrap();
    wire
}

#[test]
fn every_recorded_length_is_written_and_read() {
    let Some(vectors) = load("vectors.json") else { return };
    for vector in list(&vectors, "length_encode_decode") {
        let length = u32::try_from(vector["length"].as_u64().unwrap()).unwrap();
        let bytes = hex(text(vector, "hex"));
        let mut written = Vec::new();
        encode_length(length, &mut written);
        assert_eq!(written, bytes, "{vector}");
        assert_eq!(decode_length(&bytes), Ok(Some((length, &[][..]))), "{vector}");
        for cut in 0..bytes.len() {
            assert_eq!(decode_length(&bytes[..cut]), Ok(None), "{vector}");
        }
    }
}

#[test]
fn every_length_that_others_refuse_or_dispute_is_refused() {
    let Some(vectors) = load("vectors.json") else { return };
    let invalid = list(&vectors, "length_invalid").iter();
    let disputed = list(&vectors, "length_disputed").iter();
    for bytes in invalid.chain(disputed).filter_map(|vector| vector["hex"].as_str()) {
        let bytes = hex(bytes.split("..").next().unwrap());
        let refused = DecodeError::ReservedLength { first: bytes[0] };
        assert_eq!(decode_length(&bytes), Err(refused));
        assert_eq!(decoder_with(&bytes).next(), Err(refused));
    }
}

#[test]
fn every_first_byte_from_f1_on_is_refused() {
    for first in 0xF1..=0xFF {
        assert_eq!(decode_length(&[first]), Err(DecodeError::ReservedLength { first }));
    }
}

#[test]
fn an_incomplete_length_needs_more() {
    let Some(vectors) = load("vectors.json") else { return };
    for vector in list(&vectors, "length_incomplete") {
        assert_eq!(decode_length(&hex(text(vector, "hex"))), Ok(None), "{vector}");
    }
}

#[test]
fn a_length_in_a_longer_form_than_it_needs_is_refused() {
    for (bytes, length) in
        [("8005", 5), ("c03fff", 0x3FFF), ("e01fffff", 0x1F_FFFF), ("f000000001", 1), ("8000", 0)]
    {
        let prefix = u8::try_from(bytes.len() / 2).unwrap();
        assert_eq!(decode_length(&hex(bytes)), Err(DecodeError::OverlongLength { length, prefix }));
    }
}

#[test]
fn lengths_survive_at_every_border() {
    for border in [0x80u32, 0x4000, 0x20_0000, 0x1000_0000, u32::MAX] {
        for length in [border - 1, border, border.saturating_add(1)] {
            let mut written = Vec::new();
            encode_length(length, &mut written);
            assert_eq!(decode_length(&written), Ok(Some((length, &[][..]))));
        }
    }
}

#[test]
fn every_recorded_framing_is_written_and_read() {
    let Some(vectors) = load("vectors.json") else { return };
    for vector in list(&vectors, "framing") {
        let words = match vector["word"].as_str() {
            Some(word) => vec![word],
            None => texts(vector, "words"),
        };
        if let Some(bytes) = vector["word_hex"].as_str() {
            let mut written = Vec::new();
            encode_word(words[0], &mut written).unwrap();
            assert_eq!(written, hex(bytes), "{vector}");
            continue;
        }
        let bytes = hex(text(vector, "sentence_hex"));
        let mut written = Vec::new();
        encode_sentence(&words, &mut written).unwrap();
        assert_eq!(written, bytes, "{vector}");
        let mut decoder = decoder_with(&bytes);
        let Some(read) = decoder.next().unwrap() else {
            assert!(words.is_empty(), "{vector}");
            continue;
        };
        assert!(read.words().eq(words.iter().map(|word| word.as_bytes())), "{vector}");
        for (name, value) in vector["expect_attrs"].as_object().into_iter().flatten() {
            assert_eq!(read.attr(name), Some(value.as_str().unwrap().as_bytes()), "{vector}");
        }
    }
}

#[test]
fn every_recorded_value_survives() {
    let Some(vectors) = load("vectors.json") else { return };
    for value in texts(&vectors["value_roundtrip"], "values") {
        let mut wire = BytesMut::new();
        SentenceWriter::new(&mut wire).word("!re").unwrap().attr("comment", value).unwrap().end();
        let mut decoder = decoder_with(&wire);
        let read = decoder.next().unwrap().unwrap();
        assert_eq!(read.attr("comment"), Some(value.as_bytes()));
        assert_eq!(read.attrs().count(), 1);
    }
}

#[test]
fn reply_words_have_kinds_and_commands_have_none() {
    for (word, kind) in [
        ("!re", Some(Kind::Row)),
        ("!done", Some(Kind::Done)),
        ("!trap", Some(Kind::Trap)),
        ("!fatal", Some(Kind::Fatal)),
        ("!empty", Some(Kind::Empty)),
        ("!new", None),
        ("/login", None),
    ] {
        let mut decoder = decoder_with(&sentence(&[word.as_bytes()]));
        assert_eq!(decoder.next().unwrap().unwrap().kind(), kind, "{word}");
    }
}

#[test]
fn a_tag_is_found_anywhere_but_not_inside_a_value() {
    for words in [
        &[&b"!re"[..], b".tag=9", b"=a=.tag=1", b"=.tag=2"][..],
        &[b"!re", b"=a=.tag=1", b"=.tag=2", b".tag=9"],
        &[b".tag=1", b".tag=9"],
    ] {
        let wire = sentence(words);
        for cut in 1..wire.len() {
            let mut decoder = Decoder::new(Limits::default());
            decoder.feed(&wire[..cut]);
            assert_eq!(decoder.next(), Ok(None));
            decoder.feed(&wire[cut..]);
            assert_eq!(decoder.next().unwrap().unwrap().tag(), Some(&b"9"[..]));
        }
    }
    assert_eq!(decoder_with(&sentence(&[b"!re"])).next().unwrap().unwrap().tag(), None);
}

#[test]
fn a_tag_does_not_leak_into_the_next_sentence() {
    let wire = [sentence(&[b"!re", b".tag=1"]), sentence(&[b"!fatal", b"x"])].concat();
    let mut decoder = decoder_with(&wire);
    assert_eq!(decoder.next().unwrap().unwrap().tag(), Some(&b"1"[..]));
    assert_eq!(decoder.next().unwrap().unwrap().tag(), None);
}

#[test]
fn a_server_sees_command_attributes_and_queries() {
    let mut decoder =
        decoder_with(&sentence(&[b"/ip/arp/print", b"=.proplist=address", b"?=a=b", b"?#|", b".tag=4"]));
    let command = decoder.next().unwrap().unwrap();
    assert_eq!(command.head(), b"/ip/arp/print");
    assert!(command.attrs().eq([(&b".proplist"[..], &b"address"[..])]));
    assert!(command.queries().eq([&b"=a=b"[..], b"#|"]));
}

#[test]
fn empty_sentences_are_ignored() {
    let wire = [&[0, 0][..], &sentence(&[b"!done"]), &[0, 0, 0]].concat();
    let mut decoder = decoder_with(&wire);
    assert!(decoder.next().unwrap().is_some());
    assert_eq!(decoder.next(), Ok(None));
    assert_eq!(decoder.pending(), 0);
}

#[test]
fn an_empty_word_is_not_written() {
    assert_eq!(encode_word("", &mut Vec::new()), Err(EncodeError::EmptyWord));
    assert_eq!(encode_sentence(["/a", ""], &mut Vec::new()), Err(EncodeError::EmptyWord));
}

#[test]
fn sentences_survive_any_cut() {
    let mut random = StdRng::seed_from_u64(1);
    for _ in 0..300 {
        let sentences: Vec<Vec<Vec<u8>>> =
            (0..random.random_range(1..20)).map(|_| words(&mut random)).collect();
        let mut wire = Vec::new();
        for words in &sentences {
            wire.resize(wire.len() + random.random_range(0..3), 0);
            encode_sentence(words, &mut wire).unwrap();
        }
        let mut decoder = Decoder::new(Limits::default());
        let mut read = Vec::new();
        let mut again = Vec::new();
        let mut rest = &wire[..];
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(random.random_range(1..=rest.len().min(200)));
            match random.random_range(0..4) {
                0 => decoder.feed(chunk),
                1 => decoder.read_buffer().extend_from_slice(chunk),
                2 => decoder.read_buffer_of(32 << 10).extend_from_slice(chunk),
                _ => decoder.idle_buffer().extend_from_slice(chunk),
            }
            while let Some(sentence) = decoder.next().unwrap() {
                encode_sentence(sentence.words(), &mut again).unwrap();
                read.push(sentence.words().map(<[u8]>::to_vec).collect::<Vec<_>>());
            }
            rest = after;
        }
        assert_eq!(read, sentences);
        assert_eq!(decoder.pending(), 0);
        assert_eq!(decoder_with(&again).next().is_ok(), !again.is_empty());
    }
}

/// 1 to 12 words, mostly short, some beyond every border of a length that is cheap to test.
fn words(random: &mut StdRng) -> Vec<Vec<u8>> {
    let count = random.random_range(1..12);
    let word = |_| {
        let longest = [4, 40, 130, 300, 20_000][random.random_range(0..5)];
        let mut word = vec![0; random.random_range(1..=longest)];
        random.fill_bytes(&mut word);
        word
    };
    (0..count).map(word).collect()
}
