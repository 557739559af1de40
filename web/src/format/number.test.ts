import { describe, expect, it } from 'vitest';
import { decimals, loss, millis, money, percent, plural, rate, volume } from './number';

describe('numbers', () => {
  it('shows money from minor units in the decimals of its currency', () => {
    expect(money({ minor: 250_000, currency: 'KES' })).toMatch(/KES\s?2,500\.00/);
    expect(money({ minor: 500, currency: 'JPY' })).toMatch(/JPY\s?500$/);
    expect(decimals('JPY')).toBe(0);
  });

  it('shows amounts of data in decimal units, as plans are sold', () => {
    expect([0, 999, 1000, 12_340_000_000, 999_970, 5e15].map(volume)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '12.3 GB',
      '1 MB',
      '5 PB',
    ]);
  });

  it('shows rates in the unit that customers know', () => {
    expect([rate(512), rate(20_000), rate(1_500_000), rate(null)]).toEqual([
      '512 kbit/s',
      '20 Mbit/s',
      '1.5 Gbit/s',
      '–',
    ]);
  });

  it('never rounds a share to all or nothing', () => {
    expect([percent(999, 1000), percent(1, 1000), percent(0, 10), percent(10, 10), percent(0, 0)]).toEqual([
      '99 %',
      '1 %',
      '0 %',
      '100 %',
      '–',
    ]);
  });

  it('shows latency in as many digits as say something, and a little loss as some', () => {
    expect([0.423, 9.876, 12.34, 140.4, null].map(millis)).toEqual([
      '0.42 ms',
      '9.88 ms',
      '12.3 ms',
      '140 ms',
      '–',
    ]);
    expect([0, 0.02, 0.44, 33.3, 100, null].map(loss)).toEqual([
      '0 %',
      'below 0.1 %',
      '0.4 %',
      '33.3 %',
      '100 %',
      '–',
    ]);
  });

  it('counts in words', () => {
    expect([plural(1, 'service'), plural(2, 'service'), plural(0, 'reply', 'replies')]).toEqual([
      '1 service',
      '2 services',
      '0 replies',
    ]);
  });
});
