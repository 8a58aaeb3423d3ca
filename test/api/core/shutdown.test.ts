import { expect, test } from 'vitest';
import { createShutdown } from '../../../src/server/shutdown.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

test('parts close once, last opened first', async () => {
  const closed: string[] = [];
  const shutdown = createShutdown(silent);
  for (const name of ['database', 'bus', 'http']) shutdown.add(name, async () => void closed.push(name));
  await Promise.all([shutdown.run(), shutdown.run()]);
  expect(closed).toEqual(['http', 'bus', 'database']);
});

test('a part that fails or hangs holds up no other', async () => {
  const closed: string[] = [];
  const warned: object[] = [];
  const shutdown = createShutdown({ ...silent, warn: (fields) => void warned.push(fields) }, 50);
  shutdown.add('database', async () => void closed.push('database'));
  shutdown.add('hanging', () => new Promise(() => {}));
  shutdown.add('failing', () => Promise.reject(new Error('broken')));
  await shutdown.run();
  expect(closed).toEqual(['database']);
  expect(warned).toEqual([
    { part: 'failing', reason: 'broken' },
    { part: 'hanging', reason: 'deadline passed' },
  ]);
});
