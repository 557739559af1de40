import { describe, expect, it } from 'vitest';
import { csv } from './csv';

describe('a CSV', () => {
  it('quotes what would break it and nothing else', () => {
    expect(
      csv([
        ['a', null, 'b c'],
        ['x,y', 'say "hi"', 'two\nlines'],
      ]),
    ).toBe('a,,b c\n"x,y","say ""hi""","two\nlines"\n');
  });

  it('keeps a name that looks like another column', () => {
    expect(csv([['=1+1', ' spaced ']])).toBe('=1+1," spaced "\n');
  });
});
