import { expect, it } from 'vitest';
import { actionInWords, bulkCount, bulkName, detailInWords, isBulk } from './audit';

it('says an action in words, and one that it does not know by its name', () => {
  expect(actionInWords('service.archive')).toBe('Archived service');
  expect(actionInWords('toString')).toBe('toString');
});

it('says details in words, and leaves what it cannot read', () => {
  expect(detailInWords('{"name":"Office","suspended":true}')).toBe('name: Office, suspended: true');
  expect(detailInWords('{')).toBe('{');
});

it('says a price as people read it', () => {
  const price = (minor: number) => `{"minor":${minor},"currency":"KES"}`;
  expect(detailInWords(`{"price":[${price(250_000)},${price(300_000)}]}`)).toMatch(
    /2,500\.00 → KES.3,000\.00/,
  );
});

it('says what became of a value, and nothing that is for programs', () => {
  const detail = '{"plan":[null,"Home"],"rows":"ab12","service":"ana"}';
  expect(detailInWords(detail)).toBe('plan: none → Home');
  expect(bulkName(detail)).toBe('ana');
});

it('counts what a line about many services is about', () => {
  expect(bulkCount('{"services":12,"left":1}')).toBe(12);
  expect(bulkCount('{"added":2,"updated":3,"restored":1,"customers":9}')).toBe(6);
  expect([isBulk('services.import'), isBulk('service.update')]).toEqual([true, false]);
});
