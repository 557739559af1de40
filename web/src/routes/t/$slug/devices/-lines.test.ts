import { describe, expect, it } from 'vitest';
import { canonical, entries } from './-lines';

const read = (text: string) => entries(text).map(({ address, name }) => (name ? [address, name] : [address]));
const problems = (text: string) => entries(text).map(({ line, problem }) => [line, problem]);

describe('addresses that are pasted', () => {
  it('stand one a line, or several on one', () => {
    const expected = [['192.168.1.20'], ['192.168.1.21'], ['192.168.1.22']];
    expect(read('192.168.1.20\n192.168.1.21\r\n\n 192.168.1.22 ')).toEqual(expected);
    expect(read('192.168.1.20, 192.168.1.21;192.168.1.22')).toEqual(expected);
    expect(read('192.168.1.20\t192.168.1.21 192.168.1.22')).toEqual(expected);
  });

  it('may have a name after them', () => {
    expect(read('192.168.1.20 Roof north\n192.168.1.21,Mast, east\n192.168.1.22\t"Barn"')).toEqual([
      ['192.168.1.20', 'Roof north'],
      ['192.168.1.21', 'Mast, east'],
      ['192.168.1.22', 'Barn'],
    ]);
    expect(read('192.168.1.20 Roof, 192.168.1.21 Mast')).toEqual([
      ['192.168.1.20', 'Roof'],
      ['192.168.1.21', 'Mast'],
    ]);
  });

  it('may be a CSV, whatever the order of its columns', () => {
    const expected = [['192.168.1.20', 'Roof, north'], ['192.168.1.21']];
    expect(read('Address,Name\n192.168.1.20,"Roof, north"\n192.168.1.21,')).toEqual(expected);
    expect(read('name;model;ip\nRoof, north;X1;192.168.1.20\n;X2;192.168.1.21')).toEqual(expected);
    expect(read('ip\tname\n192.168.1.20\tRoof, north\n192.168.1.21')).toEqual(expected);
  });

  it('that are none are named by their line', () => {
    const text = '192.168.1.20\n192.168.1.300 Roof\nRoof 192.168.1.21\n10.0.0.0/8\n192.168.1.22:80';
    const wrong = 'Not an IP address';
    expect(problems(text)).toEqual([
      [1, undefined],
      [2, wrong],
      [3, wrong],
      [4, wrong],
      [5, wrong],
    ]);
    expect(problems('address,name\n,Roof')).toEqual([[2, 'There is no address']]);
  });

  it('that stand there twice are refused the second time, however they are written', () => {
    expect(problems('192.168.1.20 A\n192.168.1.21\n::ffff:192.168.1.20 B')).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'Already on line 1'],
    ]);
    expect(problems('192.168.1.20, 192.168.1.20')[1]).toEqual([1, 'Twice on this line']);
    expect(problems('2001:DB8::1\n2001:db8:0:0::1')[1]).toEqual([2, 'Already on line 1']);
  });

  it('are not swallowed by a name', () => {
    expect(problems('192.168.1.20 Roof 192.168.1.21')).toEqual([
      [1, 'Two addresses with names: give each a line of its own'],
    ]);
  });

  it('can be written again as they were read', () => {
    const text = 'address,name\n192.168.1.20,Roof north\nroof,Mast';
    const again = entries(text).map((entry) => entry.text);
    expect(again).toEqual(['192.168.1.20 Roof north', 'roof Mast']);
    expect(read(again.join('\n'))).toEqual([
      ['192.168.1.20', 'Roof north'],
      ['roof', 'Mast'],
    ]);
  });
});

it('an address has one form', () => {
  expect(canonical('192.0.2.1')).toBe('192.0.2.1');
  expect(canonical('::FFFF:192.0.2.1')).toBe('192.0.2.1');
  expect(canonical('fe80:0::0:1')).toBe('fe80::1');
  for (const none of ['192.0.2', '192.0.2.01', '192.0.2.256', '::g', '1:2', 'fe80::1%eth0', '', 'a.b']) {
    expect(canonical(none)).toBeUndefined();
  }
});
