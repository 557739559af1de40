import { describe, expect, it } from 'vitest';
import { problemOf } from '../api/problem';
import { placed } from './serverErrors';

const invalid = (...errors: { field: string; message: string }[]) =>
  problemOf(422, { code: 'invalid', detail: 'Some fields do not fit.', errors });

describe('a refusal of the server', () => {
  it('is said beside the fields that it names', () => {
    const error = invalid(
      { field: 'name', message: 'must not be empty' },
      { field: 'email', message: 'must be an e-mail address' },
    );
    expect(placed(error, ['name', 'email'])).toEqual({
      fields: { name: 'Must not be empty', email: 'Must be an e-mail address' },
    });
  });

  it('is said beside the field of the form that stands for the one of the server', () => {
    const error = invalid(
      { field: 'price.minor', message: 'must be a whole number' },
      { field: 'downKbps', message: 'must be a whole number that is not too large' },
    );
    const places = { 'price.minor': 'amount', downKbps: 'down' } as const;
    expect(placed(error, ['amount', 'down'], places).fields).toEqual({
      amount: 'Must be a whole number',
      down: 'Must be a whole number that is not too large',
    });
  });

  it('of a whole kind is said beside the field that it is about', () => {
    const error = problemOf(409, { code: 'exists', detail: 'Another plan has this name.' });
    expect(placed(error, ['name'], { exists: 'name' })).toEqual({
      fields: { name: 'Another plan has this name.' },
    });
    expect(placed(error, ['name'])).toEqual({ fields: {}, rest: 'Another plan has this name.' });
  });

  it('that names a field which the form does not have is said all the same', () => {
    const error = invalid({ field: 'name', message: 'is needed' }, { field: 'token', message: 'is too old' });
    expect(placed(error, ['name'])).toEqual({ fields: { name: 'Is needed' }, rest: 'Token is too old' });
  });
});
