import { expect, it } from 'vitest';
import { actionInWords, detailInWords } from './audit';

it('says an action in words, and one that it does not know by its name', () => {
  expect(actionInWords('service.archive')).toBe('Archived service');
  expect(actionInWords('toString')).toBe('toString');
});

it('says details in words, and leaves what it cannot read', () => {
  expect(detailInWords('{"name":"Office","suspended":true}')).toBe('name: Office, suspended: true');
  expect(detailInWords('{')).toBe('{');
});
