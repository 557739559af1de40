import { expect, it } from 'vitest';
import { insidePath } from './travel';

it('leads to a path of this site and nowhere else', () => {
  expect(insidePath('/t/lake/services?q=a#b')).toBe('/t/lake/services?q=a#b');
  const elsewhere = [
    '//host',
    '/\\host',
    '/\t/host/',
    '/\n/host/',
    '/\r\n//host',
    'https://host/',
    'javascript:alert(1)',
    '',
  ];
  for (const path of elsewhere) expect(insidePath(path), JSON.stringify(path)).toBe('/');
  expect(insidePath('/.//host')).toBe('/');
});
