import { describe, expect, it } from 'vitest';
import { decoder } from './sse';

describe('the event stream decoder', () => {
  it('gives named events, joined data lines and comments', () => {
    const text = ': beat\n\nevent: hello\ndata: {"seq":1}\n\ndata:a\ndata: b\nid: 7\n\n';
    expect(decoder()(text)).toEqual([
      { kind: 'comment' },
      { kind: 'event', name: 'hello', data: '{"seq":1}' },
      { kind: 'event', name: 'message', data: 'a\nb' },
    ]);
  });

  it('gives the same frames however the text is cut', () => {
    const text = 'event: service\r\ndata: {"seq":2}\r\n\r\n: x\r\nevent: router\ndata: {}\n\n';
    const whole = decoder()(text);
    for (let size = 1; size < text.length; size += 1) {
      const decode = decoder();
      const frames = [];
      for (let at = 0; at < text.length; at += size) frames.push(...decode(text.slice(at, at + size)));
      expect(frames).toEqual(whole);
    }
  });

  it('gives nothing for an event without data', () => {
    expect(decoder()('event: hello\n\n')).toEqual([]);
  });
});
