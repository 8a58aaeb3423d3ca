import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../usecases/ports/logger.ts';

const RETRY_MILLISECONDS = 250;
const CONNECT_TIMEOUT_MILLISECONDS = 5000;
/** After a restart of PostgreSQL, or a cut, everybody gets so long to show that they live. */
const RETURN_MILLISECONDS = CONNECT_TIMEOUT_MILLISECONDS + 1000;
/** A machine that died without a word is noticed by the server within about eleven seconds. */
const KEEPALIVES =
  'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3';

const LOCK_KEY = `hashtextextended('job-worker ' || id, 0)`;

const HOLD = `SELECT pg_advisory_lock(${LOCK_KEY}) FROM unnest($1::text[]) AS id`;

/** Whoever listens looks for jobs at once, rather than at the next poll. */
const ANNOUNCE = `pg_notify('jobs:insert', '{"count":1000}')`;

/** Shared and for the statement only: two who ask at once do not take each other for the living owner. */
const GIVE_BACK = `
  WITH dead AS (
    SELECT array_agg(id) AS ids FROM unnest($1::text[]) AS id WHERE pg_try_advisory_xact_lock_shared(${LOCK_KEY})
  ), given_back AS (
    SELECT graphile_worker.force_unlock_workers(ids), ${ANNOUNCE} FROM dead WHERE ids IS NOT NULL
  )
  SELECT coalesce(ids, '{}') AS ids FROM dead, (SELECT count(*) FROM given_back) AS done`;

const GIVE_BACK_ALL = `SELECT graphile_worker.force_unlock_workers($1::text[]), ${ANNOUNCE}`;

const ABSENT = `
  SELECT locked_by AS id
  FROM (SELECT DISTINCT locked_by FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL) AS owners
  WHERE locked_by <> ALL ($1::text[])
    AND now() - pg_postmaster_start_time() > ${RETURN_MILLISECONDS} * interval '1 millisecond'
    AND pg_try_advisory_xact_lock_shared(hashtextextended('job-worker ' || locked_by, 0))`;

export interface Presence {
  /** Says that the owner of jobs lives, for as long as this process does. Resolves once that is known to the server. */
  hold(ownerId: string): Promise<void>;
  /** Owners of locked jobs who do not live, as far as can be seen now. */
  absentees(): Promise<readonly string[]>;
  /** Frees the jobs of those who still do not live; returns who these are. */
  giveBackJobsOf(ownerIds: readonly string[]): Promise<readonly string[]>;
  /** Frees the jobs that this process still runs. Only for a process that ends. */
  giveBackOwnJobs(): Promise<void>;
  /** Call it when the last job has ended. */
  close(): Promise<void>;
}

/**
 * Which owners of jobs live: each holds an advisory lock on a session of its process, which the server takes away the
 * moment the process dies, also by kill -9. graphile-worker itself waits four hours.
 *
 * When the connection is cut the locks are taken again on a new one. Until then the process looks dead, so who gives
 * jobs back asks twice, some time apart; should it still be wrong, a job runs twice, which jobs must bear anyway.
 */
export async function openPresence(connectionString: string, logger: Logger): Promise<Presence> {
  const closing = new AbortController();
  /** Each pool's workers ask for the same one. */
  const held = new Map<string, Promise<void>>();
  let session = await openSession(connectionString);
  let backAt = Number.NEGATIVE_INFINITY;
  let last: Promise<unknown> = Promise.resolve();

  /** One statement at a time on the one connection. */
  const query = <T extends pg.QueryResultRow>(
    text: string,
    ids: readonly string[],
  ): Promise<pg.QueryResult<T>> => {
    const result = last.then(() => session.client.query<T>(text, [ids]));
    last = result.catch(() => undefined);
    return result;
  };

  const keep = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await Promise.race([session.lost, aborted(closing.signal)]);
      await session.client.end().catch(() => undefined);
      if (closing.signal.aborted) return;
      logger.warn({}, 'the connection that shows this worker to be alive was cut');
      await reopen();
    }
  };
  const reopen = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        const next = await openSession(connectionString);
        await next.client.query(HOLD, [[...held.keys()]]);
        session = next;
        backAt = performance.now();
        return;
      } catch (err) {
        logger.warn({ err }, 'no connection to show this worker to be alive');
        await delay(RETRY_MILLISECONDS);
      }
    }
  };
  const keeping = keep();

  const hold = async (ownerId: string): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await query(HOLD, [ownerId]);
        return;
      } catch {
        // The connection was cut; it is asked for again on the next one.
        await delay(RETRY_MILLISECONDS);
      }
    }
  };

  return {
    hold: (ownerId) => {
      const holding = held.get(ownerId) ?? hold(ownerId);
      held.set(ownerId, holding);
      return holding;
    },
    absentees: async () => {
      const result = await query<{ id: string }>(ABSENT, [...held.keys()]);
      return performance.now() - backAt < RETURN_MILLISECONDS ? [] : result.rows.map((row) => row.id);
    },
    giveBackJobsOf: async (ownerIds) => {
      const result = await query<{ ids: string[] }>(GIVE_BACK, ownerIds);
      return result.rows[0]?.ids ?? [];
    },
    giveBackOwnJobs: async () => void (await query(GIVE_BACK_ALL, [...held.keys()])),
    close: async () => {
      closing.abort();
      await keeping;
    },
  };
}

interface Session {
  readonly client: pg.Client;
  readonly lost: Promise<void>;
}

async function openSession(connectionString: string): Promise<Session> {
  const client = new pg.Client({
    connectionString,
    application_name: 'paybell-job-presence',
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
  });
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  try {
    await client.connect();
    await client.query(KEEPALIVES);
    return { client, lost };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
