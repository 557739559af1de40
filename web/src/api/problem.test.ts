import { describe, expect, it } from 'vitest';
import { problemOf } from './problem';

describe('a refusal', () => {
  it('keeps code, words and the message of each field', () => {
    const problem = problemOf(422, {
      code: 'invalid',
      title: 'Not accepted',
      detail: 'Two fields are wrong.',
      errors: [{ field: 'name', message: 'is missing' }],
    });
    expect(problem).toMatchObject({ status: 422, code: 'invalid', message: 'Two fields are wrong.' });
    expect(problem.fields).toEqual({ name: 'is missing' });
  });

  it('has words for an answer that says nothing', () => {
    expect(problemOf(503, '<html>').message).toBe('The server is busy. Try again in a moment.');
    expect(problemOf(418, undefined).message).toBe('The server answered 418.');
  });
});
