import { describe, expect, it } from 'vitest';
import { pieces, plain } from './escape';

describe('text from the network', () => {
  it('passes ordinary text of any script through as one piece', () => {
    for (const text of ['', 'lake-047', 'Łódź', 'محمد', '山田', '🛰️', '<b>&amp;</b>']) {
      expect(pieces(text)).toEqual([{ text }]);
    }
  });

  it('shows control characters and bidirectional overrides as escapes with a name', () => {
    expect(pieces('a\u202eb')).toEqual([
      { text: 'a' },
      { text: '\\u{202e}', name: 'right-to-left override (U+202E)' },
      { text: 'b' },
    ]);
    expect(plain('x\r\ny\0')).toBe('x\\x0d\\x0ay\\x00');
    expect(plain('\x85\x9b')).toBe('\\x85\\x9b');
  });

  it('shows what takes no room: zero-width, tags, byte order marks, lone surrogates', () => {
    expect(plain('ad\u200bmin')).toBe('ad\\u{200b}min');
    expect(plain('\u{e0041}\ufeff\ud800')).toBe('\\u{e0041}\\u{feff}\\u{d800}');
  });
});
