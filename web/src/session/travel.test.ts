import { describe, expect, it } from 'vitest';
import { insidePath } from './travel';

describe('the way back after a sign-in', () => {
  it('stays inside this site', () => {
    expect(insidePath('/t/lake/services?q=a')).toBe('/t/lake/services?q=a');
    for (const outside of [
      undefined,
      '',
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example/',
      '/\n/evil.example/',
      '/.//evil.example',
      'javascript:alert(1)',
    ]) {
      expect(insidePath(outside)).toBe('/');
    }
  });
});
