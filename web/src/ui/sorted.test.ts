import { describe, expect, it } from 'vitest';
import { sorted } from './sorted';

const FIELDS = { name: (row: Row) => row.name, size: (row: Row) => row.size };

interface Row {
  name: string;
  size: number | null;
}

const rows: Row[] = [
  { name: 'hill 10', size: null },
  { name: 'hill 9', size: 3 },
  { name: 'lake', size: 12 },
];

const names = (sort?: string) => sorted(rows, sort, FIELDS)?.map(({ name }) => name);

describe('sorting rows that are all here', () => {
  it('reads numbers in texts as numbers', () => {
    expect(names('name')).toEqual(['hill 9', 'hill 10', 'lake']);
    expect(names('-name')).toEqual(['lake', 'hill 10', 'hill 9']);
  });

  it('puts what is not known last, upwards and downwards', () => {
    expect(names('size')).toEqual(['hill 9', 'lake', 'hill 10']);
    expect(names('-size')).toEqual(['lake', 'hill 9', 'hill 10']);
  });

  it('leaves the order alone without a field that it knows', () => {
    expect(names()).toEqual(['hill 10', 'hill 9', 'lake']);
    expect(names('colour')).toEqual(['hill 10', 'hill 9', 'lake']);
  });
});
