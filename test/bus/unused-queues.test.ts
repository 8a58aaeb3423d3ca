import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import { createUnusedQueues } from '../../src/adapters/jobs/unused-queues.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { recordingLogger, until } from './bus-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await migrateJobs(db.url, recordingLogger());
});
afterAll(() => db.drop());
beforeEach(() =>
  db.pool.query('TRUNCATE graphile_worker._private_jobs, graphile_worker._private_job_queues'),
);

const addJob = (queue: string) =>
  db.pool.query(`SELECT graphile_worker.add_job('chat_send', '{}', $1::text)`, [queue]);
const queues = async (): Promise<string[]> => {
  const { rows } = await db.pool.query<{ name: string }>(
    'SELECT queue_name AS name FROM graphile_worker._private_job_queues ORDER BY 1',
  );
  return rows.map(({ name }) => name);
};
const remove = () => createUnusedQueues(db.pool).removeSome(new Date());

test('a queue goes when it has no job, and no job is running in it', async () => {
  for (const name of ['empty', 'running', 'waiting']) await addJob(name);
  await db.pool.query(
    `DELETE FROM graphile_worker._private_jobs WHERE job_queue_id <> (
       SELECT id FROM graphile_worker._private_job_queues WHERE queue_name = 'waiting')`,
  );
  await db.pool.query(
    `UPDATE graphile_worker._private_job_queues SET locked_at = now(), locked_by = 'me' WHERE queue_name = 'running'`,
  );
  await remove();
  expect(await queues()).toEqual(['running', 'waiting']);
});

test('what was replaced under a worker that died goes; what is to be tried again stays', async () => {
  await db.pool.query(
    `INSERT INTO graphile_worker._private_tasks (identifier) VALUES ('chat_send') ON CONFLICT DO NOTHING`,
  );
  await db.pool.query(
    `INSERT INTO graphile_worker._private_jobs (task_id, key, attempts, max_attempts, locked_at)
     SELECT id, key, attempts, 25, locked_at FROM graphile_worker._private_tasks, (VALUES
       (NULL, 25, NULL), ('exhausted', 25, NULL), ('waiting', 3, NULL), (NULL, 25, now())
     ) AS job (key, attempts, locked_at) WHERE identifier = 'chat_send'`,
  );
  await remove();
  const { rows } = await db.pool.query(
    `SELECT coalesce(key, 'running') AS job FROM graphile_worker._private_jobs ORDER BY 1`,
  );
  expect(rows).toEqual([{ job: 'exhausted' }, { job: 'running' }, { job: 'waiting' }]);
});

test('a queue that is being given a job stays, and who gives it is not held up for long', async () => {
  await addJob('chat');
  await db.pool.query('DELETE FROM graphile_worker._private_jobs');
  const adding = await db.pool.connect();
  await adding.query('BEGIN');
  await adding.query(`SELECT graphile_worker.add_job('chat_send', '{}', 'chat')`);
  const removing = remove();
  await until(async () => {
    const { rows } = await db.pool.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows.length > 0;
  });
  // It gives up and looks again later.
  await removing;
  await adding.query('COMMIT');
  adding.release();
  await remove();
  expect(await queues()).toEqual(['chat']);
  const { rows } = await db.pool.query('SELECT queue_name FROM graphile_worker.jobs');
  expect(rows).toEqual([{ queue_name: 'chat' }]);
});
