import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from '../../usecases/ports/logger.ts';
import { graphileLogger } from './graphile-logger.ts';

const LOCK = 'paybell-job-migrations';

/**
 * Locked jobs are few and all jobs may be many; without this the search for those of dead processes would read all of
 * them. graphile-worker's table is its own, so should one of its migrations drop the index, the search is only slow.
 */
const LOCKED_INDEX = `
  CREATE INDEX IF NOT EXISTS paybell_locked_jobs_idx ON graphile_worker._private_jobs (locked_by)
  WHERE locked_by IS NOT NULL`;

/** By which queues that no job waits in are found, while others are kept from adding jobs. */
const QUEUED_INDEX = `
  CREATE INDEX IF NOT EXISTS paybell_queued_jobs_idx ON graphile_worker._private_jobs (job_queue_id)
  WHERE job_queue_id IS NOT NULL`;

/**
 * Makes or updates graphile-worker's tables. Any number of processes may do so at once: one works, the others wait.
 * Throws when the tables are newer than this process knows and it could do harm.
 */
export async function migrateJobs(connectionString: string, logger: Logger): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: 'paybell-job-migrations' });
  // Each query reports a lost connection itself; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [LOCK]);
    await runMigrations({ connectionString, maxPoolSize: 1, logger: graphileLogger(logger) });
    await client.query(LOCKED_INDEX);
    await client.query(QUEUED_INDEX);
  } finally {
    // Gives the lock back too.
    await client.end();
  }
}
