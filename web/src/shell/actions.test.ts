import { expect, it } from 'vitest';
import { nothingFound } from './actions';

it('says that a status does not exist', () => {
  expect(nothingFound('status:foo')).toBe('There is no status “foo”: online, offline, unknown.');
  expect(nothingFound('foo')).toBe('Nothing found for “foo”');
});
