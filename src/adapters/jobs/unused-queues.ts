import type { Pool } from 'pg';
import type { ExpiredRows } from '../../usecases/ports/expired-rows.ts';

/** Rather later than hold up those who add jobs behind a long transaction. */
const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '200ms'`;

/**
 * Nobody adds a job meanwhile: it would stand in a queue that is just being removed, and never run. That is what
 * graphile-worker's own clean-up does not see to.
 */
const LOCK = 'LOCK TABLE graphile_worker._private_job_queues IN SHARE ROW EXCLUSIVE MODE';

const REMOVE_QUEUES = `
  DELETE FROM graphile_worker._private_job_queues AS queue
  WHERE locked_at IS NULL
    AND NOT EXISTS (SELECT FROM graphile_worker._private_jobs AS job WHERE job.job_queue_id = queue.id)`;

/** Replaced while they ran, by a worker that then died: they never run again. */
const REMOVE_LEFT = `
  DELETE FROM graphile_worker._private_jobs WHERE key IS NULL AND attempts >= max_attempts AND locked_at IS NULL`;

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Queues without jobs. There is one for each chat that was ever written to, graphile-worker
 * keeps them, and locks the rows of all that are idle whenever it takes a job out of one.
 */
export const createUnusedQueues = (pool: Pool): ExpiredRows => ({
  async removeSome() {
    await pool.query(REMOVE_LEFT);
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(LOCK_TIMEOUT);
      await client.query(LOCK);
      await client.query(REMOVE_QUEUES);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if (!isTimeout(error)) throw error;
    } finally {
      client.release();
    }
    return false;
  },
});

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
