import type { Pool, PoolClient } from 'pg';
import type { Job } from './job.ts';

export interface QueueOptions {
  /** Not before; default now. */
  readonly runAt?: Date;
  /** A waiting job with the same key is replaced; default none. */
  readonly key?: string;
}

export interface JobQueue {
  /** Throws when the payload is not what the job's schema says. With a client it joins that client's transaction. */
  add<T>(job: Job<T>, payload: T, options?: QueueOptions, client?: PoolClient): Promise<void>;
}

/** Queues jobs; graphile-worker's tables must be there. */
export function createJobQueue(pool: Pool): JobQueue {
  return {
    add: async (job, payload, options = {}, client) => {
      await (client ?? pool).query({
        name: 'job_queue_add',
        text: 'SELECT graphile_worker.add_job($1, $2::json, run_at => $3::timestamptz, job_key => $4)',
        values: [job.name, JSON.stringify(job.parse(payload)), options.runAt ?? null, options.key ?? null],
      });
    },
  };
}
