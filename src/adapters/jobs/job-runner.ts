import { run, type Runner, type Task, type TaskList } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from '../../usecases/ports/logger.ts';
import { giveBackDeadJobs } from './give-back.ts';
import { graphileLogger } from './graphile-logger.ts';
import { migrateJobs } from './job-migrations.ts';
import type { RunnableJob } from './job.ts';
import { openPresence, type Presence } from './presence.ts';

/** A job of a dead process is given back within about two looks and one poll. */
const LOOK_MILLISECONDS = 2000;
const POLL_MILLISECONDS = 1000;
/** Jobs are told to end after the first, and handed back, to be run again elsewhere, after the second. */
const ABORT_MILLISECONDS = 4000;
const GRACE_MILLISECONDS = 8000;

export interface JobRunnerOptions {
  readonly connectionString: string;
  readonly jobs: readonly RunnableJob[];
  /** Jobs at a time in this process. */
  readonly concurrency: number;
  readonly logger: Logger;
  /** Between two looks for the jobs of dead processes. */
  readonly lookMilliseconds?: number;
}

export interface JobRunner {
  /** Waits for the jobs that run, tells them to end after a while, and hands back what has not ended in 8 seconds. */
  stop(): Promise<void>;
  /** False when it has ended by itself, which is a fault: it was logged. */
  running(): boolean;
}

/**
 * Runs the queued jobs (graphile-worker). A job runs at least once: what it does must bear to be done twice.
 * Throws when PostgreSQL is not to be had.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { connectionString, logger, lookMilliseconds = LOOK_MILLISECONDS } = options;
  await migrateJobs(connectionString, logger);
  const presence = await openPresence(connectionString, logger);
  const stopping = new AbortController();
  const pool = openPool(options);
  const runner = await runGraphile(options, pool, presence).catch(async (fault: unknown) => {
    await Promise.all([pool.end(), presence.close()]);
    throw fault;
  });
  const looking = giveBackDeadJobs(presence, lookMilliseconds, logger, stopping.signal);
  let running = true;
  const ended = runner.promise
    .catch((err: unknown) => logger.error({ err }, 'the job runner ended with a fault'))
    .finally(() => (running = false));

  return {
    running: () => running,
    stop: async () => {
      stopping.abort();
      if (!running || (await stopsWithin(runner, GRACE_MILLISECONDS))) await ended;
      else
        logger.warn({ owners: await presence.giveBackOwnJobs() }, 'jobs that did not end were handed back');
      await looking;
      // graphile-worker does not wait for the statement that takes a finished job off the queue; the pool does.
      await pool.end();
      await presence.close();
    },
  };
}

function openPool({ connectionString, concurrency, logger }: JobRunnerOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: 'paybell-jobs',
    // One more to listen and one to spare.
    max: concurrency + 2,
  });
  const onFault = (err: Error): void => logger.warn({ err }, 'a connection of the job runner was cut');
  pool.on('error', onFault);
  pool.on('connect', (client) => client.on('error', onFault));
  return pool;
}

function runGraphile(
  { jobs, concurrency, logger }: JobRunnerOptions,
  pgPool: pg.Pool,
  presence: Presence,
): Promise<Runner> {
  return run({
    pgPool,
    concurrency,
    taskList: taskList(jobs),
    pollInterval: POLL_MILLISECONDS,
    gracefulShutdownAbortTimeout: ABORT_MILLISECONDS,
    // The process decides what a signal means.
    noHandleSignals: true,
    logger: graphileLogger(logger),
    preset: { plugins: [presencePlugin(presence)] },
  });
}

/** Jobs are locked in the name of the pool, and none before its workers have started. */
const presencePlugin = (presence: Presence): GraphileConfig.Plugin => ({
  name: 'PaybellPresencePlugin',
  version: '1.0.0',
  worker: {
    hooks: { startWorker: (_context, { worker }) => presence.hold(worker.workerPool.id) },
  },
});

const taskList = (jobs: readonly RunnableJob[]): TaskList =>
  Object.fromEntries(
    jobs.map((job): [string, Task] => [
      job.name,
      (payload, { abortSignal, job: { attempts } }) =>
        job.run(payload, { signal: abortSignal, attempt: attempts }),
    ]),
  );

/**
 * False when a job has not ended by then. The runner's own `kill` does nothing once `stop` was called, so the caller
 * hands the job back.
 */
async function stopsWithin(runner: Runner, graceMilliseconds: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), graceMilliseconds);
  try {
    return await Promise.race([runner.stop().then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
