import { expect, test } from 'vitest';
import { createLogger } from '../../../src/server/logging.ts';

function listen() {
  const lines: string[] = [];
  return { lines, log: createLogger('info', { write: (line: string) => void lines.push(line) }) };
}

const CANARY = 'canary-hunter2';

test.each([
  ['authorization', { headers: { authorization: CANARY } }],
  ['cookie', { request: { headers: { cookie: CANARY } } }],
  ['set-cookie', { headers: { 'set-cookie': CANARY } }],
  ['password', { input: { password: CANARY } }],
  ['token', { token: CANARY }],
  ['secret', { key: { secret: CANARY } }],
])('a field that may hold a secret is never written: %s', (_name, fields) => {
  const { lines, log } = listen();
  log.with({ part: 'api' }).warn(fields, 'odd');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain(CANARY);
  expect(lines[0]).toContain('[redacted]');
});

test('a line is JSON with time, level, bound fields and message', () => {
  const { lines, log } = listen();
  log.with({ requestId: 'r1' }).with({ part: 'api' }).info({ count: 2 }, 'done');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    requestId: 'r1',
    part: 'api',
    count: 2,
    msg: 'done',
  });
});

test('errors are written with their cause', () => {
  const { lines, log } = listen();
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  expect(lines[0]).toContain('inner');
});
