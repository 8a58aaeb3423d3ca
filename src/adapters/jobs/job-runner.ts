import { run, type Runner, type Task, type TaskList } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from '../../usecases/ports/logger.ts';
import { giveBackDeadJobs } from './give-back.ts';
import { graphileLogger } from './graphile-logger.ts';
import { migrateJobs } from './job-migrations.ts';
import type { RunnableJob } from './job.ts';
import { makePatient } from './patient-pool.ts';
import { openPresence, type Presence } from './presence.ts';

/** A job of a dead process is given back at the second look. */
const LOOK_MILLISECONDS = 500;
/** New jobs announce themselves: by this the later attempts are found, and what waited for its queue. */
const POLL_MILLISECONDS = 1000;
/** What was taken and has no place is given back after as long. */
const TAKEN_MILLISECONDS = 1000;
/** Jobs are told to end after the first, and handed back, to be run again elsewhere, after the second. */
const ABORT_MILLISECONDS = 4000;
const GRACE_MILLISECONDS = 8000;

/** Jobs that share places: where those of one lane wait for slow servers, the others go on. */
export interface JobLane {
  readonly jobs: readonly RunnableJob[];
  /** Jobs at a time in this process. */
  readonly concurrency: number;
  /**
   * Connections by which jobs are taken and finished: as many as jobs unless said. Fewer do where jobs last long, since
   * none is held while one runs.
   */
  readonly connections?: number;
}

export interface JobRunnerOptions {
  readonly connectionString: string;
  readonly lanes: readonly JobLane[];
  readonly logger: Logger;
  /** Between two looks for the jobs of dead processes. */
  readonly lookMilliseconds?: number;
}

export interface JobRunner {
  /** Waits for the jobs that run, tells them to end after a while, and hands back what has not ended in 8 seconds. */
  stop(): Promise<void>;
  /** False when a lane has ended by itself, which is a fault: it was logged. */
  running(): boolean;
}

/**
 * Runs the queued jobs (graphile-worker). A job runs at least once: what it does must bear to be done twice.
 * Throws when PostgreSQL is not to be had.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { connectionString, lanes, logger, lookMilliseconds = LOOK_MILLISECONDS } = options;
  await migrateJobs(connectionString, logger);
  const presence = await openPresence(connectionString, logger);
  const stopping = new AbortController();
  const pool = openPool(options);
  const started = await Promise.allSettled(lanes.map((lane) => runLane(lane, pool, presence, logger)));
  const runners = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const fault = started.find((each) => each.status === 'rejected');
  if (fault) {
    await Promise.all(runners.map((runner) => runner.stop()));
    await Promise.all([pool.end(), presence.close()]);
    throw fault.reason;
  }
  const looking = giveBackDeadJobs(presence, lookMilliseconds, logger, stopping.signal);
  let running = true;
  const ended = Promise.all(
    runners.map((runner) =>
      runner.promise
        .catch((err: unknown) => logger.error({ err }, 'the job runner ended with a fault'))
        .finally(() => (running = false)),
    ),
  );

  return {
    running: () => running,
    stop: async () => {
      stopping.abort();
      if (await stopWithin(runners, GRACE_MILLISECONDS)) await ended;
      else
        logger.warn({ owners: await presence.giveBackOwnJobs() }, 'jobs that did not end were handed back');
      await looking;
      // graphile-worker does not wait for the statement that takes a finished job off the queue; the pool does.
      await pool.end();
      await presence.close();
    },
  };
}

function openPool({ connectionString, lanes, logger }: JobRunnerOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: 'paybell-jobs',
    // Each lane holds one more to listen, and has one to spare.
    max: lanes.reduce((sum, { concurrency, connections }) => sum + (connections ?? concurrency) + 2, 0),
  });
  const onFault = (err: Error): void => logger.warn({ err }, 'a connection of the job runner was cut');
  pool.on('error', onFault);
  pool.on('connect', (client) => client.on('error', onFault));
  makePatient(pool);
  return pool;
}

function runLane(
  { jobs, concurrency }: JobLane,
  pgPool: pg.Pool,
  presence: Presence,
  logger: Logger,
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
    preset: {
      plugins: [presencePlugin(presence)],
      worker: {
        // One look takes jobs for all places, and gives back what finds none soon. Where each place looks for itself, each
        // look locks all queues that are free, and the others find nothing meanwhile.
        localQueue: { size: concurrency, ttl: TAKEN_MILLISECONDS },
      },
    },
  });
}

/**
 * Jobs are locked in the name of the lane's pool. A first look may be a moment before that name is held, which is less
 * than the time between the two looks after which somebody counts as dead.
 */
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
 * hands the job back. A runner that ended by itself has nothing to stop.
 */
async function stopWithin(runners: readonly Runner[], graceMilliseconds: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), graceMilliseconds);
  try {
    const stopped = Promise.allSettled(runners.map((runner) => runner.stop()));
    return await Promise.race([stopped.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
