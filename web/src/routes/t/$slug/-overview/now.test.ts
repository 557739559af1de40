import { expect, it } from 'vitest';
import { onlineNow } from './now';

it('says unknown, and not that nobody is online, where nothing is known', () => {
  expect(onlineNow({ online: 0, unknown: 120, total: 120 })).toBe('120 unknown');
  expect(onlineNow({ online: 60, unknown: 0, total: 120 })).toBe('50 % online');
  expect(onlineNow({ online: 0, unknown: 20, total: 120 })).toBe('0 % online');
});
