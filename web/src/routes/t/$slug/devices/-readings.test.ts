import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../../api/types';
import { facts, groups, quantity, stationColumns, stations } from './-readings';

const reading = (kind: string, index: string, some: Partial<Reading> = {}): Reading => ({
  class: kind,
  index,
  descr: '',
  oid: '1.3.6.1',
  value: 1,
  unit: '',
  state: null,
  station: null,
  at: '2026-03-01T00:00:00Z',
  ...some,
});

describe('readings', () => {
  it('are drawn by kind, in an order of their own', () => {
    const found = groups([
      reading('cpu', '1', { unit: '%' }),
      reading('rate-rx', '1', { unit: 'bit/s' }),
      reading('signal', '2', { unit: 'dBm', descr: 'Chain 1' }),
      reading('weather', '1'),
      reading('rate-tx', '1', { unit: 'bit/s' }),
      reading('signal', '1', { unit: 'dBm', descr: 'Chain 1' }),
      reading('uptime', '1', { unit: 's' }),
      reading('temperature', '1', { value: null, at: null }),
      reading('cpu', '2', { unit: '%', value: null }),
    ]);
    expect(found.map(({ title, lines }) => [title, lines.map(({ series, name }) => [series, name])])).toEqual(
      [
        [
          'Signal',
          [
            ['signal:2', 'Chain 1'],
            ['signal:1', 'Chain 1 1'],
          ],
        ],
        [
          'Data rate',
          [
            ['rate-tx:1', 'sent'],
            ['rate-rx:1', 'received'],
          ],
        ],
        [
          'CPU',
          [
            ['cpu:1', '1'],
            ['cpu:2', '2'],
          ],
        ],
        ['Weather', [['weather:1', '1']]],
      ],
    );
    expect(found[2]).toMatchObject({ low: 0, high: 100, unit: '%' });
  });

  it('of different units are never in one graph, nor more than can be told apart', () => {
    const many = Array.from({ length: 9 }, (_, index) => reading('voltage', `${index}`, { unit: 'V' }));
    const found = groups([...many, reading('voltage', 'x', { unit: 'mV' })]);
    expect(found.map(({ unit, lines }) => [unit, lines.length])).toEqual([
      ['V', 6],
      ['mV', 1],
    ]);
  });

  it('that are not drawn are told', () => {
    expect(
      facts([
        reading('uptime', '1', { value: 90_000, unit: 's' }),
        reading('state', '1', { descr: 'Power supply', value: 2, state: 'ok' }),
        reading('frequency', '1', { value: 5180, unit: 'MHz', descr: 'Radio 1' }),
        reading('cpu', '1'),
      ]),
    ).toEqual([
      ['Uptime', '1 d 1 h'],
      ['Power supply', 'ok'],
      ['Frequency, Radio 1', '5180 MHz'],
    ]);
  });

  it('of stations stand together', () => {
    const [one, other] = [{ station: 'aa:bb:cc:00:00:01' }, { station: 'aa:bb:cc:00:00:02' }];
    const all = [
      reading('rate-tx', '1', one),
      reading('signal', '1', one),
      reading('signal', '2', other),
      reading('signal', 'ap'),
    ];
    expect(stations(all).map(({ station, readings }) => [station, readings.length])).toEqual([
      [one.station, 2],
      [other.station, 1],
    ]);
    expect(stationColumns(all).map(({ title }) => title)).toEqual(['Signal', 'Data rate, sent']);
  });

  it('have the units that people know', () => {
    const all = [
      [54_000_000, 'bit/s'],
      [268_435_456, 'B'],
      [12.04, 'V'],
      [-61, 'dBm'],
      [3, ''],
    ] as const;
    expect(all.map(([value, unit]) => quantity(value, unit))).toEqual([
      '54 Mbit/s',
      '256 MiB',
      '12 V',
      '-61 dBm',
      '3',
    ]);
  });
});
