import { describe, expect, it } from 'vitest';
import { texts, wordOf } from './-search';

describe('what stands in the address', () => {
  it('gives known names that are texts, and nothing else', () => {
    expect(texts({ q: 'lake', sort: '', evil: 'x', status: 3 }, ['q', 'sort', 'status'])).toEqual({
      q: 'lake',
    });
  });

  it('is a word of the contract, or none', () => {
    const words = { online: 1, offline: 2 };
    expect([wordOf('online', words), wordOf('toString', words), wordOf(undefined, words)]).toEqual([
      'online',
      undefined,
      undefined,
    ]);
  });
});
