import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { Overloaded } from '../../../src/domain/access/overloaded.ts';
import { maskError } from '../../../src/graphql/core/masking.ts';

test('what too many wait for is told as something to repeat, and is no fault for the log', () => {
  const logged: unknown[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (...line: unknown[]) => logged.push(line),
  };
  const located = new GraphQLError('inner', {
    path: ['sessionCreate'],
    originalError: new Overloaded('passwords to be checked'),
  });
  const masked = maskError(located, { requestId: 'r', log, hideSuggestions: false });
  expect(masked.toJSON()).toEqual({
    message: 'Too many ask for this at once; try again in a moment.',
    path: ['sessionCreate'],
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 },
  });
  expect(logged).toEqual([]);
});
