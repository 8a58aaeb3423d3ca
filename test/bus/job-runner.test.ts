import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import { startJobRunner, type JobRunner } from '../../src/adapters/jobs/job-runner.ts';
import { defineJob, type RunnableJob } from '../../src/adapters/jobs/job.ts';
import { createEmptyDatabase, type TestDatabase } from '../testkit/database.ts';
import { cutConnections, recordingLogger, until } from './bus-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createEmptyDatabase();
  // Two processes that start on a new database at once.
  await Promise.all([1, 2, 3].map(() => migrateJobs(db.url, recordingLogger())));
});
afterAll(() => db.drop());

const runner = (jobs: readonly RunnableJob[], lookMilliseconds = 100): Promise<JobRunner> =>
  startJobRunner({
    connectionString: db.url,
    lanes: [{ jobs, concurrency: 2 }],
    logger: recordingLogger(),
    lookMilliseconds,
  });
const schema = z.object({ n: z.number() });
const waiting = async (): Promise<{ task: string; attempts: number; locked: boolean }[]> => {
  const result = await db.pool.query<{ task: string; attempts: number; locked: boolean }>(
    `SELECT task_identifier AS task, attempts, locked_by IS NOT NULL AS locked FROM graphile_worker.jobs ORDER BY id`,
  );
  return result.rows;
};
const queue = ({ name }: RunnableJob, payload: object) =>
  db.pool.query('SELECT graphile_worker.add_job($1, $2::json)', [name, JSON.stringify(payload)]);
const clear = () => db.pool.query('DELETE FROM graphile_worker._private_jobs');

test('a job runs with its parsed payload, once', async () => {
  const seen: number[] = [];
  const add = defineJob({ name: 'add', schema, run: async ({ n }) => void seen.push(n) });
  await queue(add, { n: 2 });
  const running = await runner([add]);
  await until(async () => seen.length > 0 && (await waiting()).length === 0);
  expect(seen).toEqual([2]);
  expect(running.running()).toBe(true);
  await running.stop();
  expect(running.running()).toBe(false);
});

test('a payload that is not what the schema says is not run', async () => {
  let runs = 0;
  const strict = defineJob({ name: 'strict', schema, run: async () => void (runs += 1) });
  await queue(strict, { n: '1' });
  const running = await runner([strict]);
  await until(async () => (await waiting())[0]?.attempts === 1 && (await waiting())[0]?.locked === false);
  await running.stop();
  expect(runs).toBe(0);
  await clear();
});

test('stopping waits for the job that runs, and gives it a signal', async () => {
  let started = false;
  let ended = false;
  let release: () => void = () => undefined;
  const slow = defineJob({
    name: 'slow',
    schema,
    run: async () => {
      started = true;
      await new Promise<void>((resolve) => (release = resolve));
      ended = true;
    },
  });
  await queue(slow, { n: 1 });
  const running = await runner([slow]);
  await until(() => started);
  const stopped = running.stop();
  release();
  await stopped;
  expect(ended).toBe(true);
  expect(await waiting()).toEqual([]);
});

test('the job of a process killed by kill -9 runs elsewhere within seconds', async () => {
  const stuck = defineJob({ name: 'stuck', schema, run: async ({ n }) => void done.push(n) });
  const done: number[] = [];
  await queue(stuck, { n: 7 });
  const file = path.join(import.meta.dirname, 'job-worker-process.ts');
  const child = spawn(process.execPath, [file, db.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(await waiting()).toMatchObject([{ task: 'stuck', locked: true }]);

  const survivor = await runner([stuck]);
  const exited = once(child, 'exit');
  const killedAt = performance.now();
  child.kill('SIGKILL');
  await exited;
  await until(() => done.length === 1);
  expect(done).toEqual([7]);
  expect(performance.now() - killedAt).toBeLessThan(10_000);
  await until(async () => (await waiting()).length === 0);
  await survivor.stop();
});

test('the job of a living process stays its own, also when its connections are cut', async () => {
  let runs = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow = defineJob({
    name: 'slow',
    schema,
    run: async () => {
      runs += 1;
      await held;
    },
  });
  const owner = await runner([slow], 500);
  await queue(slow, { n: 1 });
  await until(() => runs === 1);
  const logger = recordingLogger();
  const other = await startJobRunner({
    connectionString: db.url,
    lanes: [{ jobs: [slow], concurrency: 1 }],
    logger,
    lookMilliseconds: 500,
  });
  expect(await cutConnections(db, 'paybell-job-presence')).toBe(2);
  // Both show themselves again, and then at least three looks find nobody dead.
  await until(async () => (await looks()) >= 3);
  release();
  await until(async () => (await waiting()).length === 0);
  expect(runs).toBe(1);
  expect(logger.lines.map((line) => line.message)).not.toContain('jobs of workers that died were given back');
  await owner.stop();
  await other.stop();

  /** Looks made so far by the sessions that live. */
  async function looks(): Promise<number> {
    const result = await db.pool.query<{ present: number; since: number }>(
      `SELECT count(*)::int AS present,
         coalesce(extract(epoch FROM min(now() - backend_start)) / 0.5, 0)::float AS since
       FROM pg_stat_activity WHERE application_name = 'paybell-job-presence' AND datname = current_database()`,
    );
    const row = result.rows[0];
    return row?.present === 2 ? row.since : 0;
  }
});

test('a database that goes away when a job ends ends neither the process nor its queue', async () => {
  let running = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const chat = defineJob({
    name: 'chat',
    schema,
    run: async () => {
      running += 1;
      await held;
    },
  });
  const add = () =>
    db.pool.query(`SELECT graphile_worker.add_job('chat', '{"n":1}', queue_name := 'chat-1')`);
  const worker = await runner([chat]);
  await add();
  await until(() => running === 1);
  await cutConnections(db, 'paybell-jobs');
  release();
  await add();
  await until(async () => running === 2 && (await waiting()).length === 0);
  expect(worker.running()).toBe(true);
  await worker.stop();
});
