//! The wire format through its public interface.
use routeros::codec::*;

#[test]
fn sentences_survive_any_cut() {
    let mut wire = vec![0, 0];
    SentenceWriter::new(&mut wire)
        .word("!re")
        .unwrap()
        .attr("name", "a=b\0")
        .unwrap()
        .tag("7")
        .unwrap()
        .end();
    SentenceWriter::new(&mut wire).word("!done").unwrap().attr("ret", vec![b'x'; 70000]).unwrap().end();
    for cut in [1, 2, 3, 5, 7, 1000, 100_000] {
        let mut decoder = Decoder::new(Limits::default());
        let mut seen = 0;
        for chunk in wire.chunks(cut) {
            decoder.feed(chunk);
            while let Some(s) = decoder.next().unwrap() {
                seen += 1;
                if s.kind() == Some(Kind::Row) {
                    assert_eq!(s.tag(), Some(&b"7"[..]));
                    assert_eq!(s.attr("name"), Some(&b"a=b\0"[..]));
                } else {
                    assert_eq!(s.attr("ret").unwrap().len(), 70000);
                }
            }
        }
        assert_eq!(seen, 2);
        assert_eq!(decoder.pending(), 0);
    }
}
