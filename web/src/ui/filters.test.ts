import { describe, expect, it } from 'vitest';
import { type FilterField, labelOf, suggest } from './filters';

const FIELDS: FilterField[] = [
  {
    key: 'status',
    hint: 'online, offline or unknown',
    options: [
      { value: 'online', label: 'online' },
      { value: 'offline', label: 'offline' },
    ],
  },
  { key: 'router', hint: 'one router', options: [{ value: 'r-1', label: 'Lakeside' }] },
];

const ids = (text: string, filters = {}) => suggest(FIELDS, filters, text).items.map(({ id }) => id);

describe('the search box', () => {
  it('offers the filters that are not set yet', () => {
    expect(ids('')).toEqual(['status:', 'router:']);
    expect(ids('', { status: 'online' })).toEqual(['router:']);
  });

  it('offers the values of a filter in the making, and does not search for it', () => {
    expect(suggest(FIELDS, {}, 'Status:off')).toEqual({
      typing: true,
      items: [{ id: 'status:offline', key: 'status', label: 'offline', value: 'offline' }],
    });
  });

  it('offers filters and values that match plain text, and searches for it', () => {
    expect(ids('ro')).toEqual(['router:']);
    expect(ids('lake')).toEqual(['router:r-1']);
    expect(suggest(FIELDS, {}, 'lake').typing).toBe(false);
    expect(suggest(FIELDS, {}, 'AA:BB:CC').typing).toBe(false);
  });

  it('says that there is no such value', () => {
    expect(suggest(FIELDS, {}, 'status:foo')).toEqual({
      typing: true,
      items: [],
      none: 'There is no status “foo”: online, offline.',
    });
    expect(suggest(FIELDS, {}, 'status:off').none).toBeUndefined();
  });

  it('shows a chosen value by its label', () => {
    expect(labelOf(FIELDS, 'router', 'r-1')).toBe('Lakeside');
    expect(labelOf(FIELDS, 'router', 'r-9')).toBe('r-9');
  });
});
