import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLeaderLock } from '../../src/adapters/db/leader-lock.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { cutConnections, recordingLogger, until } from './bus-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const lock = () =>
  createLeaderLock({ connectionString: db.url, logger: recordingLogger(), retryMilliseconds: 20 });

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

test('one of many leads at a time, and the next takes over when it ends', async () => {
  const terms: string[] = [];
  let leading = 0;
  let most = 0;
  const start = (name: string) => {
    const abort = new AbortController();
    const done = lock().lead('work', abort.signal, async (signal) => {
      terms.push(name);
      leading += 1;
      most = Math.max(most, leading);
      await untilAborted(signal);
      leading -= 1;
    });
    return { stop: () => (abort.abort(), done) };
  };
  const people = new Map(['a', 'b', 'c'].map((name) => [name, start(name)]));
  for (let term = 1; term <= 3; term += 1) {
    await until(() => terms.length === term && leading === 1);
    await people.get(terms[term - 1] ?? '')?.stop();
  }
  expect(terms.toSorted()).toEqual(['a', 'b', 'c']);
  expect(most).toBe(1);
});

test('locks of other names do not wait', async () => {
  const abort = new AbortController();
  let leading = 0;
  const work = async (signal: AbortSignal): Promise<void> => {
    leading += 1;
    await untilAborted(signal);
  };
  const both = Promise.all([lock().lead('x', abort.signal, work), lock().lead('y', abort.signal, work)]);
  await until(() => leading === 2);
  abort.abort();
  await both;
});

test('a leader whose connection is cut is told, and leads again later', async () => {
  const abort = new AbortController();
  const aborts: boolean[] = [];
  const done = lock().lead('cut', abort.signal, async (signal) => {
    aborts.push(false);
    await untilAborted(signal);
    aborts[aborts.length - 1] = true;
  });
  await until(() => aborts.length === 1);
  expect(await cutConnections(db, 'paybell-leader')).toBe(1);
  await until(() => aborts.length === 2);
  expect(aborts).toEqual([true, false]);
  abort.abort();
  await done;
});

test('a fault of the work is thrown after the lock was given back', async () => {
  const fault = new Error('broken work');
  await expect(lock().lead('fault', new AbortController().signal, () => Promise.reject(fault))).rejects.toBe(
    fault,
  );
  const result = await db.pool.query<{ free: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('fault', 0)) AS free`,
  );
  expect(result.rows[0]?.free).toBe(true);
});

test('one who waits for the lock stops when told', async () => {
  const holder = new AbortController();
  let leads = false;
  const held = lock().lead('waiting', holder.signal, async (signal) => {
    leads = true;
    await untilAborted(signal);
  });
  await until(() => leads);
  const waiter = new AbortController();
  const waiting = lock().lead('waiting', waiter.signal, () => Promise.reject(new Error('must not lead')));
  waiter.abort();
  await waiting;
  holder.abort();
  await held;
});
